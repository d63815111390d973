#include "samples.h"

#include "system.h"

#include <stdio.h>
#include <stdlib.h>

void samples_add(struct samples *samples, uint64_t nanoseconds)
{
    if (samples->count == samples->room) {
        samples->room = samples->room ? samples->room * 2 : 4096;
        samples->milliseconds =
            realloc(samples->milliseconds, samples->room * sizeof *samples->milliseconds);
        if (samples->milliseconds == NULL)
            die("out of memory");
    }
    samples->milliseconds[samples->count++] = (double)nanoseconds / 1e6;
}

static int by_size(const void *left, const void *right)
{
    double a = *(const double *)left, b = *(const double *)right;
    return a < b ? -1 : a > b;
}

/* The smallest value that `share` of all values do not exceed. */
static double percentile(const struct samples *samples, double share)
{
    if (samples->count == 0)
        return 0;
    size_t rank = (size_t)(share * (double)samples->count + 0.999999);
    return samples->milliseconds[rank == 0 ? 0 : rank - 1];
}

void samples_print(const char *name, struct samples *samples)
{
    if (samples->count > 0)
        qsort(samples->milliseconds, samples->count, sizeof *samples->milliseconds, by_size);
    printf("\"%s\": {\"p50\": %.4f, \"p90\": %.4f, \"p99\": %.4f, \"most\": %.4f}, ", name,
           percentile(samples, 0.5), percentile(samples, 0.9), percentile(samples, 0.99),
           percentile(samples, 1));
}
