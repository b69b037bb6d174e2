#include "cli/rewrite.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/clock.h"
#include "base/ids.h"
#include "msg/stored_query.h"

#include <ctype.h>

struct pair {
    const char *from, *to;
    struct pair *next;
};

struct rewrite {
    struct arena *arena;
    struct pair *pairs; /* longest first */
};

struct rewrite *rewrite_new(struct arena *a)
{
    struct rewrite *r = ARENA_NEW(a, struct rewrite);

    r->arena = a;
    return r;
}

void rewrite_map(struct rewrite *r, const char *from, const char *to)
{
    struct pair **link = &r->pairs;

    if (text_absent(from) || to == NULL)
        return;
    for (; *link != NULL && strlen((*link)->from) >= strlen(from); link = &(*link)->next) {
        if (strcmp((*link)->from, from) == 0)
            return;
    }
    struct pair *p = ARENA_NEW(r->arena, struct pair);
    *p = (struct pair){ arena_strdup(r->arena, from), arena_strdup(r->arena, to), *link };
    *link = p;
}

/* ---- finding ---- */

/* From `at`, the text behind `opening` up to `end`; NULL when there is none. *at moves behind it. */
static const char *between(struct arena *a, const char **at, const char *opening, char end)
{
    const char *from = strstr(*at, opening);
    const char *to = from != NULL ? strchr(from + strlen(opening), end) : NULL;

    if (to == NULL)
        return NULL;
    from += strlen(opening);
    *at = to;
    return arena_strndup(a, from, (size_t)(to - from));
}

static void learn_message_id(struct rewrite *r, const char *text)
{
    const char *at = strstr(text, "MessageID"), *id = at != NULL ? between(r->arena, &at, ">", '<') : NULL;

    if (id != NULL)
        rewrite_map(r, id, ids_urn(r->arena));
}

static void learn_objects(struct rewrite *r, const char *text)
{
    const char *at = text, *id;

    while ((id = between(r->arena, &at, " id=\"", '"')) != NULL) {
        if (text_starts(id, "urn:uuid:") && stored_query_find(id) == NULL)
            rewrite_map(r, id, ids_urn(r->arena));
    }
}

/* The identification schemes of the three uniqueIds (ITI TF-3: 4.2.5.2). */
static const char *const unique_id_schemes[] = {
    "urn:uuid:2e82c1f6-a085-4c72-9da3-8640a32e42ab",
    "urn:uuid:96fdda7c-d067-4183-912e-bf5ee74998a8",
    "urn:uuid:75df8f67-9973-4fbe-a900-df66cefecc5a",
};

/* @value of the tag that names the scheme, wherever in the tag it stands. */
static void learn_unique_ids(struct rewrite *r, const char *text, const char *scheme)
{
    for (const char *at = text; (at = strstr(at, scheme)) != NULL; at++) {
        const char *tag = at;
        while (tag > text && *tag != '<')
            tag--;
        const char *end = strchr(at, '>');
        if (end == NULL)
            return;
        const char *inside = arena_strndup(r->arena, tag, (size_t)(end - tag));
        rewrite_map(r, between(r->arena, &inside, " value=\"", '"'), ids_oid(r->arena));
    }
}

/* The first id of an HL7 v3 message is its own; what tells two of them apart is the extension, or else the root. */
static void learn_hl7(struct rewrite *r, const char *text)
{
    const char *at = strstr(text, "ITSVersion="), *tag;
    char now[CLOCK_DTM_LEN];

    if (at == NULL || (tag = between(r->arena, &at, "<id ", '>')) == NULL)
        return;
    const char *inside = tag, *extension = between(r->arena, &inside, "extension=\"", '"');
    inside = tag;
    const char *root = between(r->arena, &inside, "root=\"", '"');
    char uuid[IDS_UUID_LEN];
    ids_uuid(uuid);
    rewrite_map(r, extension != NULL ? extension : root, uuid);
    clock_dtm(clock_now(), now);
    rewrite_map(r, between(r->arena, &at, "<creationTime value=\"", '"'), now);
}

static void learn_submission_time(struct rewrite *r, const char *text)
{
    const char *at = strstr(text, "\"submissionTime\""), *value;
    char now[CLOCK_DTM_LEN];

    if (at == NULL || (value = between(r->arena, &at, "Value>", '<')) == NULL || strlen(value) < 8)
        return;
    clock_dtm(clock_now(), now);
    rewrite_map(r, value, now);
}

void rewrite_learn(struct rewrite *r, struct str message)
{
    const char *text = arena_strndup(r->arena, message.data, message.len);

    learn_message_id(r, text);
    learn_objects(r, text);
    for (size_t i = 0; i < ARRAY_LEN(unique_id_schemes); i++)
        learn_unique_ids(r, text, unique_id_schemes[i]);
    learn_hl7(r, text);
    learn_submission_time(r, text);
}

/* ---- replacing ---- */

/* 2.999.1 does not stand in 2.999.12: what goes on with a letter, a digit or a further arc is something else. */
static bool is_whole(struct str message, size_t at, size_t n)
{
    bool before = at > 0 && (isalnum((unsigned char)message.data[at - 1]) || message.data[at - 1] == '.');
    const char *end = message.data + at + n, *last = message.data + message.len;
    bool arc = end + 1 < last && *end == '.' && isdigit((unsigned char)end[1]);

    return !before && !arc && (end == last || !isalnum((unsigned char)*end));
}

static const struct pair *pair_at(const struct rewrite *r, struct str message, size_t at)
{
    for (const struct pair *p = r->pairs; p != NULL; p = p->next) {
        size_t n = strlen(p->from);
        if (n <= message.len - at && memcmp(message.data + at, p->from, n) == 0 && is_whole(message, at, n))
            return p;
    }
    return NULL;
}

struct str rewrite_apply(const struct rewrite *r, struct str message)
{
    struct buf *out = buf_new(r->arena, BUF_MAX_DEFAULT);

    for (size_t i = 0; i < message.len;) {
        const struct pair *p = isalnum((unsigned char)message.data[i]) ? pair_at(r, message, i) : NULL;
        if (p != NULL) {
            buf_add_text(out, p->to);
            i += strlen(p->from);
        } else {
            buf_add_char(out, message.data[i++]);
        }
    }
    return buf_str(out);
}
