#include "base/rc.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

static const char *const rc_names[RC_COUNT] = {
    [OK] = "OK",
    [LATER] = "LATER",
    [E_REFUSED] = "E_REFUSED",
    [E_SYNTAX] = "E_SYNTAX",
    [E_LIMIT] = "E_LIMIT",
    [E_NOT_FOUND] = "E_NOT_FOUND",
    [E_EXISTS] = "E_EXISTS",
    [E_BUSY] = "E_BUSY",
    [E_IO] = "E_IO",
    [E_FULL] = "E_FULL",
    [E_PEER] = "E_PEER",
    [E_TIMEOUT] = "E_TIMEOUT",
    [E_CANCELLED] = "E_CANCELLED",
    [E_CONFIG] = "E_CONFIG",
};

const char *rc_text(enum rc rc)
{
    return (unsigned)rc < RC_COUNT ? rc_names[rc] : "E_?";
}

void die(const char *fmt, ...)
{
    va_list ap;

    fputs("kakehashi: bug: ", stderr);
    va_start(ap, fmt);
    vfprintf(stderr, fmt, ap);
    va_end(ap);
    fputc('\n', stderr);
    abort();
}
