/* Reading the text of HTTP messages. */

#ifndef METACLAW_BENCH_HTTP_TEXT_H
#define METACLAW_BENCH_HTTP_TEXT_H

#include <stddef.h>

/* Where `needle` stands in `hay`, or NULL. */
const char *find(const char *hay, size_t size, const char *needle);
/* The number in the header `name` (in lower case, with its colon), or -1. */
long header_number(const char *head, size_t size, const char *name);
/* The position behind the blank line that ends a head, or 0. */
size_t head_end(const char *text, size_t size);

#endif
