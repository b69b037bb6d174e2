#include "gateway/breaker.h"

#include <stdio.h>

bool breaker_is_open(const struct breaker *b, const struct breaker_rule *rule)
{
    return rule->failures > 0 && b->failures >= rule->failures;
}

bool breaker_asks(struct breaker *b, const struct breaker_rule *rule, uint64_t now)
{
    if (!breaker_is_open(b, rule))
        return true;
    if (now < b->until)
        return false;
    b->until = now + rule->pause_ns;
    return true;
}

void breaker_tell(struct breaker *b, const struct breaker_rule *rule, bool has_answered, const char *why, uint64_t now)
{
    if (has_answered) {
        *b = (struct breaker){ 0 };
        return;
    }
    b->failures++;
    b->until = now + rule->pause_ns;
    snprintf(b->why, sizeof(b->why), "%s", why);
}
