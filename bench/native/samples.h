/* A growing list of durations and its percentiles. */

#ifndef METACLAW_BENCH_SAMPLES_H
#define METACLAW_BENCH_SAMPLES_H

#include <stddef.h>
#include <stdint.h>

struct samples {
    double *milliseconds;
    size_t count, room;
};

void samples_add(struct samples *samples, uint64_t nanoseconds);
/* Prints `"name": {percentiles}, `, the values in milliseconds. Sorts the list. */
void samples_print(const char *name, struct samples *samples);

#endif
