#pragma once
/* The query of a URL: "date=ge2026-04-01&_count=10" (WHATWG URL 5.1; FHIR R4 3.1.1.4 names what it may say). */

#include <stddef.h>

struct arena;
struct buf;

struct query_pair {
    const char *name, *value; /* decoded; never NULL */
    struct query_pair *next;
};

/* In order; NULL for none. What is no percent-encoding stays as it is; control characters become '?'. */
struct query_pair *query_string_parse(struct arena *a, const char *query);
/* The first value of a name; NULL if there is none. */
const char *query_pair(const struct query_pair *pairs, const char *name);

/* n bytes of a name or a value, percent-encoded where they are not unreserved (RFC 3986: 2.3). */
void query_string_encode(struct buf *out, const char *text, size_t n);
/* "&name=value" encoded, or "?name=value" when out has no '?' yet. NULL adds nothing. */
void query_string_add(struct buf *out, const char *name, const char *value);
