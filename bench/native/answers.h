/* Reading one HTTP answer from the pieces in which it comes, and comparing it with another. */

#ifndef METACLAW_BENCH_ANSWERS_H
#define METACLAW_BENCH_ANSWERS_H

#include <stdbool.h>
#include <stddef.h>

#define HEAD_BYTES 16384
#define TAIL_BYTES 32

enum answer_state { READING_HEAD, READING_BODY, READING_CHUNK_SIZE, READING_CHUNK,
                    READING_CHUNK_END, READING_TRAILER, COMPLETE, BROKEN };

struct answer {
    enum answer_state state;
    char head[HEAD_BYTES];
    size_t head_size;
    int status;
    size_t body_size;          /* bytes of the body so far, without chunk sizes */
    size_t left;               /* of the body, or of the chunk */
    bool is_different;         /* from what was expected */
    char tail[TAIL_BYTES];     /* the last bytes of the body */
    size_t tail_size;
    char line[32];             /* of a chunk size */
    size_t line_size;
};

/* What every body has to be, byte for byte; NULL: anything. */
struct expectation {
    const char *body;
    size_t size;
};

void answer_reset(struct answer *answer);
void answer_feed(struct answer *answer, const char *bytes, size_t size,
                 const struct expectation *expected);
bool answer_ends_in(const struct answer *answer, const char *ending);

#endif
