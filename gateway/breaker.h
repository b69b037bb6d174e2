#pragma once
/*
 * A community that keeps failing is not asked for a while: one circuit breaker for each, closed at first. After so many
 * failures in a row it opens for a pause; then one question is let through every pause, and an answer closes it. Of
 * clock_ticks and of nothing else; whoever shares one between loops locks it.
 */

#include <stdbool.h>
#include <stdint.h>

#define BREAKER_WHY_MAX 240

struct breaker_rule {
    int failures; /* so many in a row; 0: it never opens */
    uint64_t pause_ns;
};

struct breaker {
    int failures;              /* in a row */
    uint64_t until;            /* of the pause */
    char why[BREAKER_WHY_MAX]; /* the latest failure */
};

bool breaker_is_open(const struct breaker *b, const struct breaker_rule *rule);
/* May it be asked now? When the pause is over, the next pause begins with this question. */
bool breaker_asks(struct breaker *b, const struct breaker_rule *rule, uint64_t now);
/* How a question went. why: a sentence; of a failure. */
void breaker_tell(struct breaker *b, const struct breaker_rule *rule, bool has_answered, const char *why, uint64_t now);
