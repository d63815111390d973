#include "answers.h"

#include "http_text.h"

#include <stdlib.h>
#include <string.h>

void answer_reset(struct answer *answer)
{
    answer->state = READING_HEAD;
    answer->head_size = 0;
    answer->status = 0;
    answer->body_size = 0;
    answer->left = 0;
    answer->is_different = false;
    answer->tail_size = 0;
    answer->line_size = 0;
}

bool answer_ends_in(const struct answer *answer, const char *ending)
{
    size_t length = strlen(ending);
    return length <= answer->tail_size &&
           memcmp(answer->tail + answer->tail_size - length, ending, length) == 0;
}

static void keep_tail(struct answer *answer, const char *bytes, size_t size)
{
    if (size >= TAIL_BYTES) {
        memcpy(answer->tail, bytes + size - TAIL_BYTES, TAIL_BYTES);
        answer->tail_size = TAIL_BYTES;
        return;
    }
    size_t over = answer->tail_size + size > TAIL_BYTES ? answer->tail_size + size - TAIL_BYTES : 0;
    memmove(answer->tail, answer->tail + over, answer->tail_size - over);
    memcpy(answer->tail + answer->tail_size - over, bytes, size);
    answer->tail_size += size - over;
}

static void take_body(struct answer *answer, const char *bytes, size_t size,
                      const struct expectation *expected)
{
    if (expected->body != NULL) {
        bool fits = answer->body_size + size <= expected->size;
        if (!fits || memcmp(expected->body + answer->body_size, bytes, size) != 0)
            answer->is_different = true;
    }
    keep_tail(answer, bytes, size);
    answer->body_size += size;
}

/* Answers with how many bytes of `bytes` belonged to the head. */
static size_t read_head(struct answer *answer, const char *bytes, size_t size)
{
    size_t room = HEAD_BYTES - answer->head_size, taken = size < room ? size : room;
    size_t before = answer->head_size;
    memcpy(answer->head + before, bytes, taken);
    answer->head_size += taken;
    size_t end = head_end(answer->head, answer->head_size);
    if (end == 0) {
        if (answer->head_size == HEAD_BYTES)
            answer->state = BROKEN;
        return taken;
    }
    answer->head_size = end;
    answer->status = strncmp(answer->head, "HTTP/1.1 ", 9) == 0 ? atoi(answer->head + 9) : 0;
    long length = header_number(answer->head, end, "content-length:");
    if (length > 0) {
        answer->left = (size_t)length;
        answer->state = READING_BODY;
    } else if (length == 0) {
        answer->state = COMPLETE;
    } else {
        /* Without a length it has to be chunked: nothing else keeps a connection open. */
        answer->state = READING_CHUNK_SIZE;
    }
    return end - before;
}

static void end_line(struct answer *answer)
{
    answer->line[answer->line_size] = '\0';
    if (answer->state == READING_CHUNK_SIZE) {
        char *end;
        answer->left = strtoul(answer->line, &end, 16);
        if (end == answer->line)
            answer->state = BROKEN;
        else
            answer->state = answer->left == 0 ? READING_TRAILER : READING_CHUNK;
    } else if (answer->state == READING_CHUNK_END) {
        answer->state = READING_CHUNK_SIZE;
    } else if (answer->line_size == 0) {
        answer->state = COMPLETE;
    }
    answer->line_size = 0;
}

static void read_line(struct answer *answer, char byte)
{
    if (byte == '\n')
        end_line(answer);
    else if (byte != '\r' && answer->line_size < sizeof answer->line - 1)
        answer->line[answer->line_size++] = byte;
}

void answer_feed(struct answer *answer, const char *bytes, size_t size,
                 const struct expectation *expected)
{
    while (size > 0 && answer->state != BROKEN) {
        size_t taken = 1;
        if (answer->state == READING_HEAD) {
            taken = read_head(answer, bytes, size);
        } else if (answer->state == READING_BODY || answer->state == READING_CHUNK) {
            taken = size < answer->left ? size : answer->left;
            take_body(answer, bytes, taken, expected);
            answer->left -= taken;
            if (answer->left == 0)
                answer->state =
                    answer->state == READING_BODY ? COMPLETE : READING_CHUNK_END;
        } else if (answer->state == COMPLETE) {
            /* More than was asked for. */
            answer->state = BROKEN;
        } else {
            read_line(answer, *bytes);
        }
        bytes += taken;
        size -= taken;
    }
    if (answer->state == COMPLETE && expected->body != NULL && answer->body_size != expected->size)
        answer->is_different = true;
}
