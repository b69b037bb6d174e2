#pragma once
/*
 * Results. Every fallible function returns enum rc and is MUST_CHECK; results come by out-pointer, written only on OK.
 * Three kinds of failure, three treatments (docs/conventions.md): the peer's (E_REFUSED, E_SYNTAX, E_LIMIT), the
 * world's (E_IO, E_PEER, …, logged once where known), ours (die()).
 */

enum rc {
    OK = 0,
    LATER,       /* not an error: a continuation answers */
    E_REFUSED,   /* the peer's message was refused; the request's issues say why */
    E_SYNTAX,    /* bytes that are not what they should be */
    E_LIMIT,     /* larger, deeper or more than we accept */
    E_NOT_FOUND, /* the thing asked for does not exist */
    E_EXISTS,    /* the thing to be made exists */
    E_BUSY,      /* a bounded queue is full */
    E_IO,        /* disk or database */
    E_FULL,      /* no room left there */
    E_PEER,      /* a peer did not answer, or answered what nobody can use */
    E_TIMEOUT,   /* a peer did not answer in time */
    E_CANCELLED, /* nobody waits for this any more */
    E_CONFIG,    /* what the user configured cannot work */
    RC_COUNT
};

#define MUST_CHECK             __attribute__((warn_unused_result))
#define PRINTF_LIKE(fmt, args) __attribute__((format(printf, fmt, args)))
#define UNUSED                 __attribute__((unused))

/* Propagate: the only macro that returns. LATER passes through it unchanged. */
#define TRY(expr)                                                                                                      \
    do {                                                                                                               \
        enum rc try_rc_ = (expr);                                                                                      \
        if (try_rc_ != OK)                                                                                             \
            return try_rc_;                                                                                            \
    } while (0)

#define ARRAY_LEN(a) (sizeof(a) / sizeof((a)[0]))
#define MIN(a, b)    ((a) < (b) ? (a) : (b))
#define MAX(a, b)    ((a) > (b) ? (a) : (b))

/* A word for logs: "OK", "E_IO" … */
const char *rc_text(enum rc rc);

/* Our own fault: says so and aborts. */
_Noreturn void die(const char *fmt, ...) PRINTF_LIKE(1, 2);
