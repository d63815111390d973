/* Time, memory and sockets. */

#ifndef METACLAW_BENCH_SYSTEM_H
#define METACLAW_BENCH_SYSTEM_H

#include <stddef.h>
#include <stdint.h>

/* Monotonic time in nanoseconds. */
uint64_t now_ns(void);
/* Prints the message and ends the program. */
void die(const char *message);
void *allocate(size_t size);
void make_nonblocking(int fd);
/* Every send becomes a packet of its own, as a model's tokens do. */
void send_at_once(int fd);

#endif
