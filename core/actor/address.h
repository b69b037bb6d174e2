#pragma once
/* The address of an endpoint: /COMMUNITY/ACTOR[/N], the path of its URL. */

struct arena;
struct community;
struct daemon;

struct endpoint_address {
    const struct community *community; /* NULL when it does not live here */
    const char *actor;                 /* path word, of the daemon's rows */
    int number;                        /* repository/3 → 3; 1 when not said */
};

/* 0; or the HTTP status to answer with, and *why. Also then *out holds what could be read. */
int address_parse(struct arena *a, const struct daemon *d, const char *path, struct endpoint_address *out,
                  const char **why);
