#include "audit/place.h"

#include "base/str.h"

#include <stdio.h>
#include <string.h>

#define WORD_MAX 128

static const struct community *by_word(const struct world *w, const char *word)
{
    const struct community *c = world_find(w, word);

    if (c == NULL)
        c = world_find_home(w, word);
    return c != NULL ? c : world_find_domain(w, text_starts(word, "urn:oid:") ? word + 8 : word);
}

/* "0035", "0035/registry", "urn:oid:2.999.392.1.35". */
static const struct community *by_name(const struct world *w, const char *name)
{
    char word[WORD_MAX];
    size_t n = name != NULL ? strcspn(name, "/") : 0;

    if (n == 0 || n >= sizeof(word))
        return NULL;
    snprintf(word, sizeof(word), "%.*s", (int)n, name);
    return by_word(w, word);
}

/* "CN=0035,O=…", or "O=…,CN=0035" (RFC 2253 lets either stand first). */
static const struct community *by_subject(const struct world *w, const char *subject)
{
    char word[WORD_MAX];
    const char *at = subject != NULL ? strstr(subject, "CN=") : NULL;

    if (at == NULL)
        return NULL;
    size_t n = strcspn(at + 3, ",+");
    if (n == 0 || n >= sizeof(word))
        return NULL;
    snprintf(word, sizeof(word), "%.*s", (int)n, at + 3);
    return by_word(w, word);
}

const struct community *place_of(const struct world *w, const struct audit_message *m, const char *subject)
{
    const struct community *c = by_name(w, m->site_id);

    if (c == NULL)
        c = by_name(w, m->source_id);
    return c != NULL ? c : by_subject(w, subject);
}
