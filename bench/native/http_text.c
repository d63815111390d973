#include "http_text.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

const char *find(const char *hay, size_t size, const char *needle)
{
    size_t length = strlen(needle);
    const char *end = hay + size;
    while ((size_t)(end - hay) >= length) {
        hay = memchr(hay, needle[0], (size_t)(end - hay) - length + 1);
        if (hay == NULL || memcmp(hay, needle, length) == 0)
            return hay;
        hay++;
    }
    return NULL;
}

long header_number(const char *head, size_t size, const char *name)
{
    size_t length = strlen(name);
    for (const char *line = head; line != NULL && line + length < head + size;) {
        size_t same = 0;
        while (same < length && tolower((unsigned char)line[same]) == name[same])
            same++;
        if (same == length)
            return strtol(line + length, NULL, 10);
        line = memchr(line, '\n', (size_t)(head + size - line));
        line = line == NULL ? NULL : line + 1;
    }
    return -1;
}

size_t head_end(const char *text, size_t size)
{
    const char *blank = find(text, size, "\r\n\r\n");
    return blank == NULL ? 0 : (size_t)(blank - text) + 4;
}
