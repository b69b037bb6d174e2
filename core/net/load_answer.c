/* What the load generator has to understand of answers, and of their times. Bytes and numbers only: no sockets here. */
#include "net/load.h"

#include "net/http.h"

#include <stdlib.h>
#include <string.h>

static bool name_is(struct str line, const char *name)
{
    size_t n = strlen(name);
    return line.len > n && line.data[n] == ':' && str_is_nocase((struct str){ line.data, n }, name);
}

static enum rc length_parse(struct str value, uint64_t *length)
{
    uint64_t sum = 0;

    value = str_trim(value);
    if (value.len == 0 || value.len > 18)
        return E_PEER;
    for (size_t i = 0; i < value.len; i++) {
        if (value.data[i] < '0' || value.data[i] > '9')
            return E_PEER;
        sum = sum * 10 + (uint64_t)(value.data[i] - '0');
    }
    *length = sum;
    return OK;
}

/* 200, 201, 204; 0 for any other. */
static int status_of(struct str bytes)
{
    static const char *const good[] = { "HTTP/1.1 200 ", "HTTP/1.1 201 ", "HTTP/1.1 204 " };

    for (size_t i = 0; i < ARRAY_LEN(good); i++)
        if (bytes.len >= strlen(good[i]) && memcmp(bytes.data, good[i], strlen(good[i])) == 0)
            return atoi(good[i] + strlen("HTTP/1.1 "));
    return 0;
}

enum rc load_head_read(struct str bytes, size_t *end, uint64_t *length)
{
    static const char name[] = "Content-Length";
    size_t len = http_head_end(bytes);

    if (len == 0)
        return LATER;
    int status = status_of(bytes);
    if (status == 0)
        return E_PEER;
    *length = 0;
    for (const char *at = bytes.data, *over = at + len, *eol; (eol = memchr(at, '\n', (size_t)(over - at))) != NULL;
         at = eol + 1) {
        struct str line = { at, (size_t)(eol - at) };
        if (!name_is(line, name))
            continue;
        TRY(length_parse((struct str){ at + sizeof(name), line.len - sizeof(name) }, length));
        *end = len;
        return OK;
    }
    *end = len;
    return status == 204 ? OK : E_PEER;
}

static int value_compare(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

    return (x > y) - (x < y);
}

uint64_t load_percentile(uint64_t *values, size_t n, unsigned per_mille)
{
    size_t rank = (n * per_mille + 999) / 1000;

    qsort(values, n, sizeof(*values), value_compare);
    return values[MIN(MAX(rank, 1), n) - 1];
}
