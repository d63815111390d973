/*
 * A closed-loop load generator: every client sends its next request when it has its answer.
 *
 *     load --url http://127.0.0.1:PORT/PATH --body FILE [--clients N] [--seconds S]
 *          [--requests N] [--expect FILE] [--ending TEXT] [--header "name: value"]...
 *          [--sessions N] [--repeat N] [--within S] [--spread S]
 *
 * Stops sending after S seconds or N requests, whichever comes first, waits for what is under
 * way (no longer than --within) and prints one JSON object. An answer that is not a 200, or
 * not exactly the bytes of --expect, or does not end in --ending, counts as an error.
 * Where the body says "number 0000000000", each request has a number of its own. --sessions N
 * sends "x-session-id: bench-I" with I going round; with --repeat N a session keeps its number
 * for N requests, as an agent repeats the user's message with every tool result. --spread S lets
 * the clients begin one after the other within S seconds instead of all at once.
 */

#include "answers.h"
#include "http_text.h"
#include "poller.h"
#include "samples.h"
#include "system.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#ifndef MSG_NOSIGNAL
#define MSG_NOSIGNAL 0
#endif

#define READ_BYTES (128 * 1024)
#define ZEROS "0000000000"
#define NUMBER_MARK "number " ZEROS
#define SAMPLES_MAX 4000000

struct client {
    int fd;
    size_t sent;
    char *request;
    uint64_t started, first_byte;
    struct answer answer;
};

static struct {
    struct sockaddr_in address;
    char host[64], path[512], headers[4096];
    char *body;
    size_t body_size, request_size;
    size_t session_at, number_at;
    unsigned long first_number;
    int clients, sessions, repeat;
    double seconds, within, spread;
    size_t requests;
    const char *ending;
    struct expectation expected;
} plan = {.clients = 1, .seconds = 2, .within = 20, .requests = SAMPLES_MAX};

static struct client *clients;
static int client_of[POLLER_MAX];
static struct samples latencies, first_bytes;
static size_t started, completed, in_window, errors;
static uint64_t began, stops_at;
static char last_error[200] = "";

static void blame(const char *reason, int status)
{
    errors++;
    snprintf(last_error, sizeof last_error, "%s (status %d)", reason, status);
}

static void connect_client(int index)
{
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    if (fd < 0 || fd >= POLLER_MAX)
        die("no more sockets");
    if (connect(fd, (struct sockaddr *)&plan.address, sizeof plan.address) < 0)
        die("nothing listens there");
    make_nonblocking(fd);
    send_at_once(fd);
    clients[index].fd = fd;
    client_of[fd] = index;
    poller_add(fd);
}

static void send_on(struct client *client)
{
    while (client->sent < plan.request_size) {
        ssize_t count = send(client->fd, client->request + client->sent,
                             plan.request_size - client->sent, MSG_NOSIGNAL);
        if (count < 0) {
            /* A broken connection shows when it is read. */
            poller_want_write(client->fd, true);
            return;
        }
        client->sent += (size_t)count;
    }
}

static void write_number(char *place, size_t number)
{
    char digits[32];
    snprintf(digits, sizeof digits, "%010zu", number % 10000000000u);
    memcpy(place, digits, strlen(ZEROS));
}

/* Which user's message the request carries: a new one, or its session's last. */
static size_t number_of(size_t request)
{
    if (plan.sessions < 1 || plan.repeat < 2)
        return request;
    size_t sessions = (size_t)plan.sessions;
    return request % sessions + sessions * (request / (sessions * (size_t)plan.repeat));
}

static void start(struct client *client)
{
    if (plan.sessions > 0)
        write_number(client->request + plan.session_at, started % (size_t)plan.sessions);
    if (plan.number_at > 0)
        write_number(client->request + plan.number_at, plan.first_number + number_of(started));
    started++;
    answer_reset(&client->answer);
    client->sent = 0;
    client->first_byte = 0;
    client->started = now_ns();
    send_on(client);
}

static bool may_start(void) { return started < plan.requests && now_ns() < stops_at; }

static void reconnect(struct client *client)
{
    poller_remove(client->fd);
    close(client->fd);
    connect_client((int)(client - clients));
}

static void finish(struct client *client)
{
    struct answer *answer = &client->answer;
    uint64_t now = now_ns();
    if (answer->status != 200)
        blame("not a 200", answer->status);
    else if (answer->is_different)
        blame("other bytes than expected", answer->status);
    else if (plan.ending != NULL && !answer_ends_in(answer, plan.ending))
        blame("no end mark", answer->status);
    samples_add(&latencies, now - client->started);
    samples_add(&first_bytes, (client->first_byte ? client->first_byte : now) - client->started);
    completed++;
    in_window += now <= stops_at;
}

static void read_on(struct client *client)
{
    static char buffer[READ_BYTES];
    ssize_t count = recv(client->fd, buffer, sizeof buffer, 0);
    if (count < 0 && (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR))
        return;
    struct answer *answer = &client->answer;
    if (count > 0) {
        answer_feed(answer, buffer, (size_t)count, &plan.expected);
        if (client->first_byte == 0 && answer->body_size > 0)
            client->first_byte = now_ns();
    } else {
        answer->state = BROKEN;
    }
    if (answer->state == COMPLETE) {
        finish(client);
    } else if (answer->state == BROKEN) {
        blame("the connection broke off", answer->status);
        completed++;
        reconnect(client);
    } else {
        return;
    }
    client->started = 0;
    if (may_start() && errors < 1000)
        start(client);
}

/* When a client sends its first request. */
static uint64_t begins_at(int index)
{
    return began + (uint64_t)(plan.spread * 1e9 * index / plan.clients);
}

static void run(void)
{
    static struct ready found[POLLER_MAX];
    began = now_ns();
    stops_at = began + (uint64_t)(plan.seconds * 1e9);
    uint64_t gives_up_at = stops_at + (uint64_t)(plan.within * 1e9);
    int begun = 0;
    while (now_ns() < gives_up_at) {
        while (begun < plan.clients && now_ns() >= begins_at(begun) && may_start())
            start(&clients[begun++]);
        bool are_all_begun = begun == plan.clients || !may_start();
        if (are_all_begun && completed == started)
            break;
        int ready = poller_wait(found, POLLER_MAX, are_all_begun ? 100 : 1);
        for (int i = 0; i < ready; i++) {
            struct client *client = &clients[client_of[found[i].fd]];
            if (client->started == 0)
                continue;
            if (found[i].writable) {
                poller_want_write(client->fd, false);
                send_on(client);
            }
            if (found[i].readable)
                read_on(client);
        }
    }
}

static void report(void)
{
    uint64_t end = now_ns();
    double window = (double)((end < stops_at ? end : stops_at) - began) / 1e9;
    struct rusage used;
    getrusage(RUSAGE_SELF, &used);
    double cpu = (double)used.ru_utime.tv_sec + (double)used.ru_stime.tv_sec +
                 (double)(used.ru_utime.tv_usec + used.ru_stime.tv_usec) / 1e6;
    printf("{");
    samples_print("latency_ms", &latencies);
    samples_print("first_byte_ms", &first_bytes);
    printf("\"started\": %zu, \"completed\": %zu, \"errors\": %zu, \"unfinished\": %zu, "
           "\"seconds\": %.6f, \"requests_per_second\": %.2f, \"cpu_seconds\": %.4f, "
           "\"last_error\": \"%s\"}\n",
           started, completed, errors, started - completed, window,
           (double)in_window / window, cpu, last_error);
}

static char *read_file(const char *path, size_t *size)
{
    FILE *file = fopen(path, "rb");
    if (file == NULL)
        die("a file cannot be read");
    char *content = allocate(1 << 20);
    *size = fread(content, 1, 1 << 20, file);
    fclose(file);
    return content;
}

static void read_url(const char *url)
{
    int port = 80;
    if (sscanf(url, "http://%63[^:/]:%d%511s", plan.host, &port, plan.path) != 3)
        die("--url has to be http://ADDRESS:PORT/PATH");
    plan.address.sin_family = AF_INET;
    plan.address.sin_port = htons((uint16_t)port);
    if (inet_pton(AF_INET, plan.host, &plan.address.sin_addr) != 1)
        die("--url has to hold an IPv4 address");
}

static void read_option(const char *name, const char *value)
{
    if (strcmp(name, "--url") == 0)
        read_url(value);
    else if (strcmp(name, "--body") == 0)
        plan.body = read_file(value, &plan.body_size);
    else if (strcmp(name, "--expect") == 0)
        plan.expected.body = read_file(value, &plan.expected.size);
    else if (strcmp(name, "--clients") == 0)
        plan.clients = atoi(value);
    else if (strcmp(name, "--seconds") == 0)
        plan.seconds = atof(value);
    else if (strcmp(name, "--within") == 0)
        plan.within = atof(value);
    else if (strcmp(name, "--spread") == 0)
        plan.spread = atof(value);
    else if (strcmp(name, "--requests") == 0)
        plan.requests = strtoul(value, NULL, 10);
    else if (strcmp(name, "--sessions") == 0)
        plan.sessions = atoi(value);
    else if (strcmp(name, "--repeat") == 0)
        plan.repeat = atoi(value);
    else if (strcmp(name, "--ending") == 0)
        plan.ending = value;
    else if (strcmp(name, "--header") == 0 && strlen(plan.headers) + strlen(value) + 3 < 4096)
        strcat(strcat(plan.headers, value), "\r\n");
    else
        die("unknown option, or too many headers");
}

static void prepare_clients(void)
{
    clients = allocate((size_t)plan.clients * sizeof *clients);
    for (int index = 0; index < plan.clients; index++) {
        struct client *client = &clients[index];
        client->request = allocate(plan.body_size + 8192);
        int head = snprintf(client->request, 8192,
                            "POST %s HTTP/1.1\r\nhost: %s\r\ncontent-type: application/json\r\n"
                            "content-length: %zu\r\n%s%s\r\n",
                            plan.path, plan.host, plan.body_size, plan.headers,
                            plan.sessions > 0 ? "x-session-id: bench-" ZEROS "\r\n" : "");
        memcpy(client->request + head, plan.body, plan.body_size);
        plan.request_size = (size_t)head + plan.body_size;
        plan.session_at = (size_t)head - strlen(ZEROS "\r\n\r\n");
        const char *mark = find(client->request + head, plan.body_size, NUMBER_MARK);
        if (mark != NULL)
            plan.number_at = (size_t)(mark - client->request) + strlen("number ");
        connect_client(index);
    }
}

int main(int count, char **arguments)
{
    for (int i = 1; i + 1 < count; i += 2)
        read_option(arguments[i], arguments[i + 1]);
    if (plan.body == NULL || plan.path[0] == '\0' || plan.clients < 1 ||
        plan.clients > POLLER_MAX / 2)
        die("needs --url and --body, and 1 to 2048 --clients");
    /* Another start for every run, so that no two requests of a benchmark are the same. */
    plan.first_number = (unsigned long)(now_ns() / 1000u);
    poller_open();
    prepare_clients();
    run();
    report();
    return 0;
}
