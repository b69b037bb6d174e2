/*
 * The members that the daemons need are read here; `survey`, nine tenths of a file, is for the people who look at it
 * and for the rules of layout.c, and is left out before parsing: 280 files are read at every start.
 */
#include "world/community_file.h"

#include "base/arena.h"
#include "base/file.h"
#include "base/str.h"
#include "model/oid.h"
#include "wire/json.h"
#include "world/layout.h"

#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define FILE_MAX ((size_t)1 << 20)

struct reader {
    struct arena *arena;   /* what is read */
    struct arena *scratch; /* what reading needs */
    const char *path;      /* of the file being read */
    enum rc rc;            /* E_CONFIG after the first complaint */
};

static const char *const facility_kinds[] = { "hospital", "clinic", "dental", "pharmacy", "care", "other" };

static void complain_at(const char *path, const char *place, const char *fmt, va_list ap)
{
    fprintf(stderr, "kakehashi: %s: %s%s", path, place, place[0] == '\0' ? "" : ": ");
    vfprintf(stderr, fmt, ap);
    fputc('\n', stderr);
}

enum rc community_file_complain(const char *path, const char *place, const char *fmt, ...)
{
    va_list ap;

    va_start(ap, fmt);
    complain_at(path, place, fmt, ap);
    va_end(ap);
    return E_CONFIG;
}

static void complain(struct reader *r, const char *place, const char *fmt, ...) PRINTF_LIKE(3, 4);

static void complain(struct reader *r, const char *place, const char *fmt, ...)
{
    va_list ap;

    va_start(ap, fmt);
    complain_at(r->path, place, fmt, ap);
    va_end(ap);
    r->rc = E_CONFIG;
}

/* "simulation" and "number" → "simulation.number"; the outermost object has the place "". */
static const char *place_of(const struct reader *r, const char *outer, const char *member)
{
    return outer[0] == '\0' ? member : arena_printf(r->scratch, "%s.%s", outer, member);
}

static const char *text_read(struct reader *r, const struct json *object, const char *outer, const char *member)
{
    const char *text = json_text(object, member);

    if (text_absent(text)) {
        complain(r, place_of(r, outer, member), "a text is needed here");
        return "";
    }
    return arena_strdup(r->arena, text);
}

static const char *oid_read(struct reader *r, const struct json *object, const char *outer, const char *member)
{
    const char *oid = text_read(r, object, outer, member);

    if (oid[0] != '\0' && !is_oid(oid))
        complain(r, place_of(r, outer, member), "\"%s\" is not an OID", oid);
    return oid;
}

/* The first item of a list; NULL when it is empty, or after a complaint. */
static const struct json *list_read(struct reader *r, const struct json *object, const char *outer, const char *member)
{
    const struct json *list = json_get(object, member);

    if (list != NULL && list->type == JSON_T_LIST)
        return list->first;
    complain(r, place_of(r, outer, member), "a list is needed here");
    return NULL;
}

static bool is_kind(const char *kind)
{
    for (size_t i = 0; i < ARRAY_LEN(facility_kinds); i++) {
        if (text_equal(kind, facility_kinds[i]))
            return true;
    }
    return false;
}

static struct facility *facility_read(struct reader *r, const struct json *item, const char *place)
{
    struct facility *f = ARENA_NEW(r->arena, struct facility);

    f->name = text_read(r, item, place, "name");
    f->kind = text_read(r, item, place, "kind");
    if (f->kind[0] != '\0' && !is_kind(f->kind))
        complain(r, place_of(r, place, "kind"), "\"%s\" is none of hospital, clinic, dental, pharmacy, care, other",
                 f->kind);
    f->oid = oid_read(r, item, place, "oid");
    f->is_viewing_only = json_bool(item, "viewingOnly", false);
    return f;
}

static void facilities_read(struct reader *r, const struct json *simulation, struct community *c)
{
    struct facility **end = &c->facilities;
    int i = 0;

    for (const struct json *item = list_read(r, simulation, "simulation", "facilities"); item != NULL;
         item = item->next, end = &(*end)->next)
        *end = facility_read(r, item, arena_printf(r->scratch, "simulation.facilities[%d]", i++));
    if (c->facilities != NULL && c->facilities->is_viewing_only)
        complain(r, "simulation.facilities[0].viewingOnly", "the first facility submits: put one that does first");
}

static struct repository *repository_read(struct reader *r, const struct json *item, const char *place, int number)
{
    struct repository *p = ARENA_NEW(r->arena, struct repository);

    p->number = number;
    p->unique_id = oid_read(r, item, place, "uniqueId");
    p->name = text_read(r, item, place, "name");
    return p;
}

static void repositories_read(struct reader *r, const struct json *simulation, struct community *c)
{
    struct repository **end = &c->repositories;
    int i = 0;

    for (const struct json *item = list_read(r, simulation, "simulation", "repositories"); item != NULL;
         item = item->next, end = &(*end)->next, i++)
        *end = repository_read(r, item, arena_printf(r->scratch, "simulation.repositories[%d]", i), i + 1);
}

static void locate_read(struct reader *r, const struct json *simulation, struct community *c)
{
    const char *word = json_text(simulation, "locate");

    c->locate = LOCATE_XCPD;
    if (word == NULL)
        return;
    if (!locate_find(word, &c->locate))
        complain(r, "simulation.locate", "\"%s\" is none of xcpd, pix, plq", word);
    else if (locate_member(c->locate) != NULL)
        c->locate_at = text_read(r, simulation, "simulation", locate_member(c->locate));
}

#define DEADLINE_MAX 3600000

static void deadline_read(struct reader *r, const struct json *simulation, struct community *c)
{
    double ms = json_number(simulation, "deadline", 0);

    if (ms != (double)(int)ms || ms < 0 || ms > DEADLINE_MAX)
        complain(r, "simulation.deadline", "milliseconds are needed here, at most %d", DEADLINE_MAX);
    else
        c->deadline_ms = (int)ms;
}

/* ---- how strict it is (docs/rules.md) ---- */

static void checks_read(struct reader *r, const struct json *simulation, struct community *c)
{
    c->checks = arena_strdup(r->arena, json_text(simulation, "checks"));
    c->codes_named = arena_strdup(r->arena, json_text(simulation, "codes"));
    if (c->checks != NULL && !text_equal(c->checks, "strict") && !text_equal(c->checks, "lenient"))
        complain(r, "simulation.checks", "\"%s\" is neither strict nor lenient", c->checks);
}

static struct rule_choice *rule_read(struct reader *r, const struct json *item)
{
    const char *place = arena_printf(r->scratch, "simulation.rules.%s", item->key);
    struct rule_choice *choice = ARENA_NEW(r->arena, struct rule_choice);

    choice->rule = rule_find(item->key);
    if (choice->rule == RULE_NONE)
        complain(r, place, "there is no such rule (docs/rules.md)");
    else if (!rule_weight_parse(item->text, &choice->weight))
        complain(r, place, "off, warn or error is needed here");
    else if (rule_row(choice->rule)->is_firm && choice->weight != RULE_ERROR)
        complain(r, place, "what breaks this rule cannot be registered, so it is always an error");
    return choice;
}

static void rules_read(struct reader *r, const struct json *simulation, struct community *c)
{
    const struct json *rules = json_get(simulation, "rules");
    struct rule_choice **end = &c->rule_choices;

    if (rules == NULL)
        return;
    if (rules->type != JSON_T_OBJECT) {
        complain(r, "simulation.rules", "an object is needed here, such as {\"XDS-DE-002\": \"warn\"}");
        return;
    }
    for (const struct json *item = rules->first; item != NULL; item = item->next, end = &(*end)->next)
        *end = rule_read(r, item);
}

/* ---- what the sheet says, as the rules read it: all of it may be left out ---- */

static int shared_item_find(const char *word)
{
    for (int i = 0; i < SHARED_COUNT; i++) {
        if (text_equal(shared_item_name((enum shared_item)i), word))
            return i;
    }
    return -1;
}

static void shared_items_read(struct reader *r, const struct json *simulation, struct community *c)
{
    const struct json *list = json_get(simulation, "sharedItems");
    int n = 0;

    for (const struct json *item = list ? list->first : NULL; item != NULL; item = item->next, n++) {
        int found = shared_item_find(item->text);
        if (found < 0)
            complain(r, arena_printf(r->scratch, "simulation.sharedItems[%d]", n),
                     "\"%s\" is none of the shared items (docs/community-files.md)", item->text ? item->text : "");
        else
            c->shared_items |= 1u << found;
    }
    if (c->shared_items == 0 && !c->is_backbone)
        c->shared_items = LAYOUT_SHARED_DEFAULT;
}

/* Whoever shares prescriptions has medication lists unless the file says otherwise. */
static void on_demand_read(struct reader *r, const struct json *simulation, struct community *c)
{
    static const char *const words[] = {
        [ON_DEMAND_NONE] = "none", [ON_DEMAND_FRESH] = "fresh", [ON_DEMAND_PERSISTED] = "persisted"
    };
    const char *word = json_text(simulation, "onDemand");

    if (word == NULL && c->shared_items & 1u << SHARED_PRESCRIPTION)
        c->on_demand = ON_DEMAND_FRESH;
    for (size_t i = 0; word != NULL && i < ARRAY_LEN(words); i++) {
        if (text_equal(words[i], word)) {
            c->on_demand = (enum on_demand)i;
            return;
        }
    }
    if (word != NULL)
        complain(r, "simulation.onDemand", "\"%s\" is none of none, fresh, persisted", word);
}

static void consent_read(struct reader *r, const struct json *simulation, struct community *c)
{
    const char *word = json_text(simulation, "consent");

    if (word == NULL)
        return;
    for (int i = CONSENT_NOT_STATED + 1; i <= CONSENT_PHYSICIAN; i++) {
        if (text_equal(consent_model_name((enum consent_model)i), word))
            c->consent = (enum consent_model)i;
    }
    if (c->consent == CONSENT_NOT_STATED)
        complain(r, "simulation.consent", "\"%s\" is none of implied, network, facility, physician", word);
}

static void profile_read(struct reader *r, const struct json *member, struct community *c)
{
    const char *place = arena_printf(r->scratch, "simulation.profiles.%s", member->key);
    enum profile p = layout_profile(member->key);
    enum mark mark = layout_mark(member->text);

    if (p == PROFILE_NONE)
        complain(r, place, "there is no such profile; the survey has %s … %s", profile_name(PROFILE_PIX),
                 profile_name(PROFILE_CT));
    else if (mark == MARK_NOT_STATED)
        complain(r, place, "a profile is marked ○ (in operation) or △ (planned), or left out");
    else
        c->profiles[p] = mark;
}

static void registered_read(struct reader *r, const struct json *simulation, struct community *c)
{
    const struct json *count = json_get(simulation, "registered");

    c->registered = -1;
    if (count == NULL || count->type == JSON_T_NULL)
        return;
    if (!layout_is_count(count))
        complain(r, "simulation.registered", "a count is a whole number from 0, or null where the survey is silent");
    else
        c->registered = (long)count->number;
}

static void sheet_read(struct reader *r, const struct json *simulation, struct community *c)
{
    const struct json *profiles = json_get(simulation, "profiles");

    shared_items_read(r, simulation, c);
    on_demand_read(r, simulation, c);
    consent_read(r, simulation, c);
    c->common_id = arena_strdup(r->arena, json_text(simulation, "commonId"));
    for (const struct json *m = profiles ? profiles->first : NULL; m != NULL; m = m->next)
        profile_read(r, m, c);
    registered_read(r, simulation, c);
}

/* ---- the file ---- */

static void number_read(struct reader *r, const struct json *simulation, struct community *c)
{
    double number = json_number(simulation, "number", 0);

    if (number < 1 || number > INT_MAX || number != (double)(int)number)
        complain(r, "simulation.number", "a whole number from 1 is needed here");
    else
        c->number = (int)number;
}

static void simulation_read(struct reader *r, const struct json *simulation, struct community *c)
{
    number_read(r, simulation, c);
    c->home_community_id = text_read(r, simulation, "simulation", "homeCommunityId");
    if (c->home_community_id[0] != '\0' && !is_oid_urn(c->home_community_id))
        complain(r, "simulation.homeCommunityId", "\"%s\" is not urn:oid: and an OID", c->home_community_id);
    c->patient_id_domain = oid_read(r, simulation, "simulation", "patientIdDomain");
    locate_read(r, simulation, c);
    deadline_read(r, simulation, c);
    c->is_backbone = json_bool(simulation, "isBackbone", false);
    checks_read(r, simulation, c);
    rules_read(r, simulation, c);
    facilities_read(r, simulation, c);
    repositories_read(r, simulation, c);
    sheet_read(r, simulation, c);
}

/* The key is a path segment and a file name, the slug an alias for it: both are plain words. */
static bool is_word(const char *text)
{
    return strspn(text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_") == strlen(text);
}

static const char *word_read(struct reader *r, const struct json *file, const char *member)
{
    const char *word = text_read(r, file, "", member);

    if (!is_word(word))
        complain(r, member, "\"%s\" has other characters than letters, digits, - and _", word);
    return word;
}

static void community_read(struct reader *r, const struct json *file, const char *name, struct community *c)
{
    c->key = word_read(r, file, "key");
    if (c->key[0] != '\0' && !text_equal(name, arena_printf(r->scratch, "%s.json", c->key)))
        complain(r, "key", "the file of \"%s\" is named %s.json", c->key, c->key);
    c->slug = word_read(r, file, "slug");
    c->name = text_read(r, file, "", "name");
    c->name_en = text_read(r, file, "", "nameEn");
    c->name_romaji = arena_strdup(r->arena, json_text(file, "nameRomaji"));
    c->prefecture = arena_strdup(r->arena, json_text(file, "prefecture"));
    c->region = arena_strdup(r->arena, json_text(file, "region"));
    simulation_read(r, json_get(file, "simulation"), c);
}

/* Its tree, in the scratch arena; NULL after a complaint. */
static struct json *tree_read(struct reader *r, bool whole)
{
    struct str bytes;
    struct json *file;
    const char *why = "";
    enum rc rc = file_read(r->scratch, r->path, FILE_MAX, &bytes);

    if (rc != OK)
        complain(r, "", rc == E_LIMIT ? "the file is larger than a megabyte" : "the file cannot be read");
    else if (json_parse(r->scratch, whole ? bytes : json_without(r->scratch, bytes, "survey"), &file, &why) == OK)
        return file;
    else
        complain(r, "", "%s", why);
    return NULL;
}

enum rc community_file_read(struct arena *a, const char *folder, const char *name, struct community *out)
{
    struct arena *scratch = arena_new();
    struct reader r = { a, scratch, arena_printf(scratch, "%s/%s", folder, name), OK };
    const struct json *file = tree_read(&r, false);

    if (file != NULL)
        community_read(&r, file, name, out);
    arena_free(scratch);
    return r.rc;
}

enum rc community_file_read_whole(struct arena *a, const char *folder, const char *name, struct community *out,
                                  const struct json **survey)
{
    struct reader r = { a, a, arena_printf(a, "%s/%s", folder, name), OK };
    const struct json *file = tree_read(&r, true);

    *survey = json_get(file, "survey");
    if (*survey != NULL && (*survey)->type == JSON_T_NULL)
        *survey = NULL;
    if (file != NULL)
        community_read(&r, file, name, out);
    return r.rc;
}

enum rc community_file_outline(struct arena *a, const char *folder, const char *name, struct community *out,
                               const struct json **survey)
{
    struct reader r = { a, a, arena_printf(a, "%s/%s", folder, name), OK };
    const struct json *file = tree_read(&r, true), *simulation = json_get(file, "simulation");

    *survey = json_get(file, "survey");
    if (file == NULL)
        return r.rc;
    if (*survey == NULL || (*survey)->type != JSON_T_OBJECT)
        complain(&r, "survey", "there is no survey to lay out");
    out->name = text_read(&r, file, "", "name");
    number_read(&r, simulation, out);
    locate_read(&r, simulation, out);
    out->home_community_id = arena_printf(a, "urn:oid:2.999.392.1.%d", out->number);
    out->patient_id_domain = arena_printf(a, "2.999.392.2.%d", out->number);
    return r.rc;
}
