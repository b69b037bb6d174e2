/* The members that the daemons need are read here; `survey` is for the people who look at it. */
#include "actor/community_file.h"

#include "base/arena.h"
#include "base/file.h"
#include "base/str.h"
#include "model/oid.h"
#include "wire/json.h"

#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define FILE_MAX ((size_t)1 << 20)

struct reader {
    struct arena *arena;
    const char *path; /* of the file being read */
};

static const char *const facility_kinds[] = { "hospital", "clinic", "dental", "pharmacy", "care", "other" };

enum rc community_file_complain(const char *path, const char *place, const char *fmt, ...)
{
    va_list ap;

    fprintf(stderr, "kakehashi: %s: %s%s", path, place, place[0] == '\0' ? "" : ": ");
    va_start(ap, fmt);
    vfprintf(stderr, fmt, ap);
    va_end(ap);
    fputc('\n', stderr);
    return E_CONFIG;
}

#define complain(r, ...) community_file_complain((r)->path, __VA_ARGS__)

/* "simulation" and "number" → "simulation.number"; the outermost object has the place "". */
static const char *place_of(const struct reader *r, const char *outer, const char *member)
{
    return outer[0] == '\0' ? member : arena_printf(r->arena, "%s.%s", outer, member);
}

static enum rc text_read(const struct reader *r, const struct json *object, const char *outer, const char *member,
                         const char **out)
{
    const char *text = json_text(object, member);

    if (text_absent(text))
        return complain(r, place_of(r, outer, member), "a text is needed here");
    *out = text;
    return OK;
}

static enum rc oid_read(const struct reader *r, const struct json *object, const char *outer, const char *member,
                        const char **out)
{
    TRY(text_read(r, object, outer, member, out));
    if (!is_oid(*out))
        return complain(r, place_of(r, outer, member), "\"%s\" is not an OID", *out);
    return OK;
}

static enum rc list_read(const struct reader *r, const struct json *object, const char *outer, const char *member,
                         const struct json **out)
{
    const struct json *list = json_get(object, member);

    if (list == NULL || list->type != JSON_T_LIST)
        return complain(r, place_of(r, outer, member), "a list is needed here");
    *out = list;
    return OK;
}

static bool is_kind(const char *kind)
{
    for (size_t i = 0; i < ARRAY_LEN(facility_kinds); i++) {
        if (text_equal(kind, facility_kinds[i]))
            return true;
    }
    return false;
}

static enum rc facility_read(const struct reader *r, const struct json *item, const char *place, struct facility **out)
{
    struct facility *f = ARENA_NEW(r->arena, struct facility);

    TRY(text_read(r, item, place, "name", &f->name));
    TRY(text_read(r, item, place, "kind", &f->kind));
    if (!is_kind(f->kind))
        return complain(r, place_of(r, place, "kind"),
                        "\"%s\" is none of hospital, clinic, dental, pharmacy, care, other", f->kind);
    TRY(oid_read(r, item, place, "oid", &f->oid));
    *out = f;
    return OK;
}

static enum rc facilities_read(const struct reader *r, const struct json *simulation, struct community *c)
{
    const struct json *list = NULL;
    struct facility **end = &c->facilities;
    int i = 0;

    TRY(list_read(r, simulation, "simulation", "facilities", &list));
    for (const struct json *item = list->first; item != NULL; item = item->next, end = &(*end)->next)
        TRY(facility_read(r, item, arena_printf(r->arena, "simulation.facilities[%d]", i++), end));
    return OK;
}

static enum rc repository_read(const struct reader *r, const struct json *item, const char *place, int number,
                               struct repository **out)
{
    struct repository *p = ARENA_NEW(r->arena, struct repository);

    p->number = number;
    TRY(oid_read(r, item, place, "uniqueId", &p->unique_id));
    TRY(text_read(r, item, place, "name", &p->name));
    *out = p;
    return OK;
}

static enum rc repositories_read(const struct reader *r, const struct json *simulation, struct community *c)
{
    const struct json *list = NULL;
    struct repository **end = &c->repositories;
    int i = 0;

    TRY(list_read(r, simulation, "simulation", "repositories", &list));
    for (const struct json *item = list->first; item != NULL; item = item->next, end = &(*end)->next, i++)
        TRY(repository_read(r, item, arena_printf(r->arena, "simulation.repositories[%d]", i), i + 1, end));
    return OK;
}

static enum rc locate_read(const struct reader *r, const struct json *simulation, struct community *c)
{
    const char *word = json_text(simulation, "locate");

    if (word == NULL || strcmp(word, "xcpd") == 0) {
        c->locate = LOCATE_XCPD;
        return OK;
    }
    if (strcmp(word, "pix") != 0)
        return complain(r, "simulation.locate", "\"%s\" is neither xcpd nor pix", word);
    c->locate = LOCATE_PIX;
    return text_read(r, simulation, "simulation", "pixAt", &c->pix_at);
}

static enum rc checks_read(const struct reader *r, const struct json *simulation, struct community *c)
{
    c->checks = json_text(simulation, "checks");
    c->codes_named = json_text(simulation, "codes");
    if (c->checks != NULL && !text_equal(c->checks, "strict") && !text_equal(c->checks, "lenient"))
        return complain(r, "simulation.checks", "\"%s\" is neither strict nor lenient", c->checks);
    return OK;
}

static enum rc rule_read(const struct reader *r, const struct json *item, struct rule_choice **out)
{
    const char *place = arena_printf(r->arena, "simulation.rules.%s", item->key);
    struct rule_choice *choice = ARENA_NEW(r->arena, struct rule_choice);

    choice->rule = rule_find(item->key);
    if (choice->rule == RULE_NONE)
        return complain(r, place, "there is no such rule (docs/rules.md)");
    if (!rule_weight_parse(item->text, &choice->weight))
        return complain(r, place, "off, warn or error is needed here");
    if (rule_row(choice->rule)->is_firm && choice->weight != RULE_ERROR)
        return complain(r, place, "what breaks this rule cannot be registered, so it is always an error");
    *out = choice;
    return OK;
}

static enum rc rules_read(const struct reader *r, const struct json *simulation, struct community *c)
{
    const struct json *rules = json_get(simulation, "rules");
    struct rule_choice **end = &c->rule_choices;

    if (rules == NULL)
        return OK;
    if (rules->type != JSON_T_OBJECT)
        return complain(r, "simulation.rules", "an object is needed here, such as {\"XDS-DE-002\": \"warn\"}");
    for (const struct json *item = rules->first; item != NULL; item = item->next, end = &(*end)->next)
        TRY(rule_read(r, item, end));
    return OK;
}

static enum rc simulation_read(const struct reader *r, const struct json *simulation, struct community *c)
{
    double number = json_number(simulation, "number", 0);

    if (number < 1 || number > INT_MAX || number != (double)(int)number)
        return complain(r, "simulation.number", "a whole number from 1 is needed here");
    c->number = (int)number;
    TRY(text_read(r, simulation, "simulation", "homeCommunityId", &c->home_community_id));
    if (!is_oid_urn(c->home_community_id))
        return complain(r, "simulation.homeCommunityId", "\"%s\" is not urn:oid: and an OID", c->home_community_id);
    TRY(oid_read(r, simulation, "simulation", "patientIdDomain", &c->patient_id_domain));
    TRY(locate_read(r, simulation, c));
    c->is_backbone = json_bool(simulation, "isBackbone", false);
    TRY(checks_read(r, simulation, c));
    TRY(rules_read(r, simulation, c));
    TRY(facilities_read(r, simulation, c));
    return repositories_read(r, simulation, c);
}

/* The key is a path segment and a file name, the slug an alias for it: both are plain words. */
static bool is_word(const char *text)
{
    return strspn(text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_") == strlen(text);
}

static enum rc word_read(const struct reader *r, const struct json *file, const char *member, const char **out)
{
    TRY(text_read(r, file, "", member, out));
    if (!is_word(*out))
        return complain(r, member, "\"%s\" has other characters than letters, digits, - and _", *out);
    return OK;
}

static enum rc community_read(const struct reader *r, const struct json *file, const char *name, struct community *c)
{
    TRY(word_read(r, file, "key", &c->key));
    if (strncmp(c->key, name, strlen(c->key)) != 0 || strcmp(name + strlen(c->key), ".json") != 0)
        return complain(r, "key", "the file of \"%s\" is named %s.json", c->key, c->key);
    TRY(word_read(r, file, "slug", &c->slug));
    TRY(text_read(r, file, "", "name", &c->name));
    TRY(text_read(r, file, "", "nameEn", &c->name_en));
    c->prefecture = json_text(file, "prefecture");
    c->region = json_text(file, "region");
    return simulation_read(r, json_get(file, "simulation"), c);
}

enum rc community_file_read(struct arena *a, const char *folder, const char *name, struct community *out)
{
    struct reader r = { a, arena_printf(a, "%s/%s", folder, name) };
    struct str bytes;
    struct json *file;
    const char *why = "";
    enum rc rc = file_read(a, r.path, FILE_MAX, &bytes);

    if (rc != OK)
        return complain(&r, "", rc == E_LIMIT ? "the file is larger than a megabyte" : "the file cannot be read");
    if (json_parse(a, bytes, &file, &why) != OK)
        return complain(&r, "", "%s", why);
    return community_read(&r, file, name, out);
}
