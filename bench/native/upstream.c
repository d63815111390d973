/*
 * A model provider that costs next to nothing: one thread, fixed answers, loopback only.
 *
 *     upstream [--port N] [--pace-ms N]
 *
 * Answers every POST with a chat completion of about 1 KB, or, when the body asks for a stream,
 * with 50 server-sent events, each in a send of its own, back to back or one per N milliseconds.
 * A whole answer comes after N milliseconds too.
 * Prints "listening PORT" once it accepts connections.
 */

#include "http_text.h"
#include "poller.h"
#include "system.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#ifndef MSG_NOSIGNAL
#define MSG_NOSIGNAL 0
#endif

#define EVENTS 50
#define REQUEST_BYTES (256 * 1024)
#define WORDS 6

/* One HTTP chunk per event: the head first, the end mark last. */
struct piece {
    char bytes[512];
    size_t size;
};

struct connection {
    bool is_open;
    bool is_answering;
    bool is_blocked;
    bool is_stream;
    int piece;        /* next piece of a stream */
    size_t sent;      /* bytes of the current piece or answer */
    uint64_t due;     /* when the next piece may go, in paced mode */
    size_t size;      /* bytes of the request so far */
    char *request;
};

static struct connection connections[POLLER_MAX];
static struct piece pieces[EVENTS + 2];
static int piece_count;
static char answer[4096];
static size_t answer_size;
static uint64_t pace_ns;

static void add_piece(const char *data)
{
    struct piece *piece = &pieces[piece_count++];
    piece->size = (size_t)snprintf(
        piece->bytes, sizeof piece->bytes, "%zx\r\n%s\r\n", strlen(data), data);
}

static void prepare_stream(void)
{
    static const char head[] = "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n"
                               "cache-control: no-cache\r\ntransfer-encoding: chunked\r\n\r\n";
    static const char *words[WORDS] = {"The ", "retry ", "waits ", "a ", "little ", "longer. "};
    struct piece *first = &pieces[piece_count++];
    memcpy(first->bytes, head, sizeof head - 1);
    first->size = sizeof head - 1;
    char data[400];
    for (int number = 0; number < EVENTS - 1; number++) {
        snprintf(data, sizeof data,
                 "data: {\"id\":\"chatcmpl-bench\",\"object\":\"chat.completion.chunk\","
                 "\"created\":1700000000,\"model\":\"bench-1\",\"choices\":[{\"index\":0,"
                 "\"delta\":{\"content\":\"%s\"},\"finish_reason\":%s}]}\n\n",
                 words[number % WORDS], number == EVENTS - 2 ? "\"stop\"" : "null");
        add_piece(data);
    }
    add_piece("data: [DONE]\n\n");
    /* The end of the answer goes with its last event, as servers do it. */
    struct piece *last = &pieces[piece_count - 1];
    memcpy(last->bytes + last->size, "0\r\n\r\n", 6);
    last->size += 5;
}

static void prepare_answer(void)
{
    char text[800] = "", body[2048];
    while (strlen(text) < 640)
        strcat(text, "Wait a little longer after each failed try. ");
    int length = snprintf(
        body, sizeof body,
        "{\"id\":\"chatcmpl-bench\",\"object\":\"chat.completion\",\"created\":1700000000,"
        "\"model\":\"bench-1\",\"choices\":[{\"index\":0,\"message\":{\"role\":\"assistant\","
        "\"content\":\"%s\"},\"finish_reason\":\"stop\"}],\"usage\":{\"prompt_tokens\":250,"
        "\"completion_tokens\":150,\"total_tokens\":400},\"system_fingerprint\":\"bench\"}",
        text);
    answer_size = (size_t)snprintf(
        answer, sizeof answer,
        "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: %d\r\n\r\n%s",
        length, body);
}

static void hang_up(int fd)
{
    poller_remove(fd);
    close(fd);
    connections[fd].is_open = false;
    connections[fd].is_answering = false;
}

/* Sends on; true when all of it is out. Broken connections are closed. */
static bool send_on(int fd, const char *bytes, size_t size)
{
    struct connection *connection = &connections[fd];
    while (connection->sent < size) {
        ssize_t count = send(fd, bytes + connection->sent, size - connection->sent, MSG_NOSIGNAL);
        if (count < 0 && errno == EINTR)
            continue;
        if (count < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) {
            connection->is_blocked = true;
            poller_want_write(fd, true);
            return false;
        }
        if (count < 0) {
            hang_up(fd);
            return false;
        }
        connection->sent += (size_t)count;
    }
    connection->sent = 0;
    return true;
}

static void answer_on(int fd)
{
    struct connection *connection = &connections[fd];
    if (!connection->is_stream) {
        if (pace_ns != 0 && now_ns() < connection->due)
            return;
        if (send_on(fd, answer, answer_size))
            connection->is_answering = false;
        return;
    }
    while (connection->piece < piece_count) {
        if (pace_ns != 0 && connection->piece > 0 && now_ns() < connection->due)
            return;
        struct piece *piece = &pieces[connection->piece];
        if (!send_on(fd, piece->bytes, piece->size))
            return;
        connection->due += connection->piece > 0 ? pace_ns : 0;
        connection->piece++;
    }
    connection->is_answering = false;
}

/* Starts the answer if the whole request is there. */
static void consider(int fd)
{
    struct connection *connection = &connections[fd];
    size_t body_at = head_end(connection->request, connection->size);
    if (connection->is_answering || body_at == 0)
        return;
    long length = header_number(connection->request, body_at, "content-length:");
    size_t whole = body_at + (size_t)(length < 0 ? 0 : length);
    if (whole > REQUEST_BYTES) {
        hang_up(fd);
        return;
    }
    if (connection->size < whole)
        return;
    const char *body = connection->request + body_at;
    size_t size = whole - body_at;
    connection->is_stream = find(body, size, "\"stream\":true") != NULL ||
                            find(body, size, "\"stream\": true") != NULL;
    connection->is_answering = true;
    connection->piece = 0;
    connection->sent = 0;
    connection->due = now_ns() + pace_ns;
    memmove(connection->request, connection->request + whole, connection->size - whole);
    connection->size -= whole;
    answer_on(fd);
}

static void read_on(int fd)
{
    struct connection *connection = &connections[fd];
    ssize_t count = recv(
        fd, connection->request + connection->size, REQUEST_BYTES - connection->size, 0);
    if (count > 0) {
        connection->size += (size_t)count;
        consider(fd);
    } else if (count == 0 || (errno != EAGAIN && errno != EWOULDBLOCK && errno != EINTR)) {
        hang_up(fd);
    }
}

static void welcome(int listener)
{
    int fd;
    while ((fd = accept(listener, NULL, NULL)) >= 0) {
        if (fd >= POLLER_MAX) {
            close(fd);
            continue;
        }
        make_nonblocking(fd);
        send_at_once(fd);
        char *request = connections[fd].request;
        connections[fd] = (struct connection){
            .is_open = true, .request = request ? request : allocate(REQUEST_BYTES)};
        poller_add(fd);
    }
}

static int listen_on(int port)
{
    int listener = socket(AF_INET, SOCK_STREAM, 0), yes = 1;
    struct sockaddr_in address = {
        .sin_family = AF_INET, .sin_port = htons((uint16_t)port),
        .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof address;
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    if (bind(listener, (struct sockaddr *)&address, size) < 0 || listen(listener, 1024) < 0)
        die("the port cannot be used");
    make_nonblocking(listener);
    getsockname(listener, (struct sockaddr *)&address, &size);
    printf("listening %d\n", ntohs(address.sin_port));
    fflush(stdout);
    return listener;
}

/* Sends what is due; answers with the milliseconds until the next piece is, or -1. */
static int keep_pace(void)
{
    uint64_t now = now_ns(), next = UINT64_MAX;
    for (int fd = 0; fd < POLLER_MAX; fd++) {
        struct connection *connection = &connections[fd];
        if (!connection->is_open || !connection->is_answering)
            continue;
        if (connection->due <= now && !connection->is_blocked)
            answer_on(fd);
        if (connection->is_answering && !connection->is_blocked && connection->due < next)
            next = connection->due;
    }
    if (next == UINT64_MAX)
        return -1;
    return next <= now ? 0 : (int)((next - now) / 1000000u) + 1;
}

int main(int count, char **arguments)
{
    int port = 0;
    for (int i = 1; i + 1 < count; i += 2) {
        if (strcmp(arguments[i], "--port") == 0)
            port = atoi(arguments[i + 1]);
        else if (strcmp(arguments[i], "--pace-ms") == 0)
            pace_ns = (uint64_t)atoi(arguments[i + 1]) * 1000000u;
        else
            die("usage: upstream [--port N] [--pace-ms N]");
    }
    prepare_answer();
    prepare_stream();
    poller_open();
    int listener = listen_on(port);
    poller_add(listener);
    static struct ready found[POLLER_MAX];
    for (;;) {
        int ready = poller_wait(found, POLLER_MAX, pace_ns != 0 ? keep_pace() : -1);
        for (int i = 0; i < ready; i++) {
            int fd = found[i].fd;
            if (fd == listener) {
                welcome(listener);
                continue;
            }
            if (found[i].writable && connections[fd].is_open) {
                connections[fd].is_blocked = false;
                poller_want_write(fd, false);
                answer_on(fd);
            }
            if (found[i].readable && connections[fd].is_open)
                read_on(fd);
        }
    }
}
