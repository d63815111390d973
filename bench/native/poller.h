/* Which sockets are ready: epoll on Linux, plain poll elsewhere. One loop per process. */

#ifndef METACLAW_BENCH_POLLER_H
#define METACLAW_BENCH_POLLER_H

#include <stdbool.h>

#define POLLER_MAX 4096

struct ready {
    int fd;
    bool readable;
    bool writable;
};

void poller_open(void);
void poller_add(int fd);
void poller_remove(int fd);
/* Writability is only asked for while something waits to be sent. */
void poller_want_write(int fd, bool wanted);
/* Waits up to `milliseconds` (-1: for ever); fills `found`, answers with how many. */
int poller_wait(struct ready *found, int most, int milliseconds);

#endif
