#include "cli/language.h"

#include "base/rc.h"
#include "base/str.h"

#include <stdlib.h>

bool language_is_japanese(void)
{
    static const char *const variables[] = { "LC_ALL", "LC_MESSAGES", "LANG" };

    for (size_t i = 0; i < ARRAY_LEN(variables); i++) {
        const char *value = getenv(variables[i]);
        if (!text_absent(value))
            return text_starts(value, "ja");
    }
    return false;
}

const char *language_pick(const char *en, const char *ja)
{
    return language_is_japanese() ? ja : en;
}
