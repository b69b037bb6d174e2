#include "cli/faults.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/file.h"
#include "fault/fault.h"

#include <stdio.h>

#define FAULTS_MAX ((size_t)1 << 20)

static const char *file_of(struct arena *a, const struct backbone *b)
{
    return arena_printf(a, "%s/faults.json", b->data);
}

enum rc faults_read(struct arena *a, const struct backbone *b, struct str *out)
{
    enum rc rc = file_read(a, file_of(a, b), FAULTS_MAX, out);

    if (rc == E_NOT_FOUND) {
        *out = STR("{\"faults\": []}");
        return OK;
    }
    return rc;
}

/* What the daemons would say, said before anything is changed. */
static enum rc check(struct arena *a, struct str text)
{
    struct fault_set *set = fault_set_new(1);
    struct json *j;
    const char *why = NULL;

    enum rc rc = json_parse(a, text, &j, &why);
    if (rc == OK)
        rc = fault_set_replace(set, a, j, &why);
    fault_set_free(set);
    if (rc == OK)
        return OK;
    fprintf(stderr, "kakehashi: %s\n", why);
    return E_REFUSED;
}

enum rc faults_set(struct arena *a, const struct backbone *b, struct str json)
{
    enum rc all = OK;

    TRY(check(a, json));
    TRY(file_write(file_of(a, b), json, 0600));
    for (const char **base = backbone_daemons(a, b); *base != NULL; base++) {
        const char *url = arena_printf(a, "%s/faults", *base);
        struct str answer;
        int status = 0;
        enum rc rc = backbone_put(a, b->data, url, json, &status, &answer);
        if (rc == OK && status == 200)
            continue;
        fprintf(stderr, "kakehashi: %s: %s\n", url, rc == OK ? answer.data : "does not answer");
        all = E_PEER;
    }
    return all;
}

static struct json *find(const struct json *list, const char *id)
{
    struct json *j = list != NULL ? list->first : NULL;

    while (j != NULL && !text_equal(json_text(j, "id"), id))
        j = j->next;
    return j;
}

static void add_count(struct json *to, const struct json *from, const char *key)
{
    struct json *sum = (struct json *)json_get(to, key);

    if (sum != NULL)
        sum->number += json_number(from, key, 0);
}

static void add_counts(struct json *to, const struct json *from)
{
    const struct json *list = json_get(to, "faults"), *more = json_get(from, "faults");

    for (const struct json *j = more != NULL ? more->first : NULL; j != NULL; j = j->next) {
        struct json *same = find(list, json_text(j, "id"));
        if (same == NULL)
            continue;
        add_count(same, j, "matched");
        add_count(same, j, "injected");
    }
}

enum rc faults_counted(struct arena *a, const struct backbone *b, struct json **out)
{
    *out = NULL;
    for (const char **base = backbone_daemons(a, b); *base != NULL; base++) {
        struct json *j;
        struct str answer;
        int status = 0;
        if (backbone_ask(a, b->data, arena_printf(a, "%s/faults", *base), &status, &answer) != OK || status != 200 ||
            json_parse(a, answer, &j, NULL) != OK)
            continue;
        if (*out == NULL)
            *out = j;
        else
            add_counts(*out, j);
    }
    if (*out != NULL)
        return OK;
    fprintf(stderr, "kakehashi: no daemon of %s answers\n", b->data);
    return E_PEER;
}
