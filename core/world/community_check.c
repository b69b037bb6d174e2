/* The survey part of a file, member by member: the tables say of what form each is. */
#include "world/community_check.h"

#include "base/arena.h"
#include "base/str.h"
#include "wire/json.h"
#include "world/community_file.h"
#include "world/layout.h"
#include "world/world.h"

#include <string.h>

struct checker {
    struct arena *arena;
    const char *path;
    enum rc rc;
};

typedef void check_fn(struct checker *k, const struct json *value, const char *place);

#define fault(k, ...) ((k)->rc = community_file_complain((k)->path, __VA_ARGS__))

/* ---- forms ---- */

static void check_text(struct checker *k, const struct json *v, const char *place)
{
    if (v->type != JSON_T_TEXT)
        fault(k, place, "a text or null is needed here");
}

static void check_count(struct checker *k, const struct json *v, const char *place)
{
    if (!layout_is_count(v))
        fault(k, place, "a count is a whole number from 0, or null where the survey is silent");
}

static void check_object(struct checker *k, const struct json *v, const char *place)
{
    if (v->type != JSON_T_OBJECT)
        fault(k, place, "an object or null is needed here");
}

static void check_marked(struct checker *k, const struct json *item, const char *place)
{
    const struct json *mark = json_get(item, "mark");

    if (text_absent(json_text(item, "label")))
        fault(k, place, "an item has a label as printed, and a mark");
    if (mark == NULL || (mark->type != JSON_T_NULL && layout_mark(mark->text) == MARK_NOT_STATED))
        fault(k, arena_printf(k->arena, "%s.mark", place), "a mark is ○, △ or null");
}

static void each_item(struct checker *k, const struct json *list, const char *place, check_fn *check)
{
    int n = 0;

    if (list->type != JSON_T_LIST)
        fault(k, place, "a list or null is needed here");
    for (const struct json *item = list->type == JSON_T_LIST ? list->first : NULL; item != NULL; item = item->next)
        check(k, item, arena_printf(k->arena, "%s[%d]", place, n++));
}

static void check_marks(struct checker *k, const struct json *list, const char *place)
{
    each_item(k, list, place, check_marked);
}

static void check_texts(struct checker *k, const struct json *list, const char *place)
{
    each_item(k, list, place, check_text);
}

static void check_profile(struct checker *k, const struct json *item, const char *place)
{
    check_marked(k, item, place);
    if (layout_profile(json_text(item, "label")) == PROFILE_NONE)
        fault(k, place, "\"%s\" is no profile of the survey", json_text(item, "label"));
}

static void check_profiles(struct checker *k, const struct json *list, const char *place)
{
    each_item(k, list, place, check_profile);
}

/* An object of lists of marks: transport, login, consent. */
static void check_groups(struct checker *k, const struct json *object, const char *place)
{
    check_object(k, object, place);
    for (const struct json *m = object->first; m != NULL; m = m->next) {
        if (m->type != JSON_T_NULL)
            check_marks(k, m, arena_printf(k->arena, "%s.%s", place, m->key ? m->key : ""));
    }
}

/* ---- figures ---- */

static const char *const kinds[] = { "hospital", "clinic", "dental", "pharmacy", "care", "other", "careAndOther" };

static void check_kinds(struct checker *k, const struct json *row, const char *place)
{
    const struct json *total = json_get(row, "total");
    double sum = 0;

    for (size_t i = 0; i < ARRAY_LEN(kinds); i++) {
        const struct json *count = json_get(row, kinds[i]);
        if (count == NULL || count->type == JSON_T_NULL)
            continue;
        check_count(k, count, arena_printf(k->arena, "%s.%s", place, kinds[i]));
        sum += count->number;
    }
    if (total != NULL && total->type != JSON_T_NULL && !(total->number >= sum && total->number <= sum))
        fault(k, arena_printf(k->arena, "%s.total", place), "the kinds make %.0f, not %.0f", sum, total->number);
}

static void check_source(struct checker *k, const struct json *row, const char *place)
{
    if (text_absent(json_text(row, "source")) || json_get(row, "asOf") == NULL)
        fault(k, place, "a figure has a source, and asOf: when it held, or null");
}

static void check_facility_row(struct checker *k, const struct json *row, const char *place)
{
    const char *state = json_text(row, "state");
    const struct json *two_way = json_get(row, "twoWay");

    check_source(k, row, place);
    if (!text_equal(state, "actual") && !text_equal(state, "planned"))
        fault(k, arena_printf(k->arena, "%s.state", place), "a state is actual or planned");
    check_kinds(k, row, place);
    if (two_way != NULL)
        check_kinds(k, two_way, arena_printf(k->arena, "%s.twoWay", place));
}

static void check_facilities(struct checker *k, const struct json *list, const char *place)
{
    each_item(k, list, place, check_facility_row);
}

static void check_patient_row(struct checker *k, const struct json *row, const char *place)
{
    static const char *const counts[] = { "registered", "shared" };

    check_source(k, row, place);
    for (size_t i = 0; i < ARRAY_LEN(counts); i++) {
        const struct json *count = json_get(row, counts[i]);
        if (count != NULL && count->type != JSON_T_NULL)
            check_count(k, count, arena_printf(k->arena, "%s.%s", place, counts[i]));
    }
}

static void check_patients(struct checker *k, const struct json *list, const char *place)
{
    each_item(k, list, place, check_patient_row);
}

/* ---- the survey ---- */

static const struct {
    const char *member;
    check_fn *check;
} members[] = {
    { "sources", NULL }, /* below: it may not be null */
    { "title", check_text },
    { "nickname", check_text },
    { "operator", check_text },
    { "operatorType", check_text },
    { "respondentPrefecture", check_text },
    { "startYear", check_count },
    { "status", check_text },
    { "scope", check_text },
    { "municipality", check_text },
    { "purposes", check_texts },
    { "vendors", check_texts },
    { "linkMode", check_marks },
    { "sharingForm", check_marks },
    { "commonId", check_marks },
    { "storage", check_marks },
    { "backup", check_marks },
    { "profiles", check_profiles },
    { "standards", check_marks },
    { "services", check_marks },
    { "sharedItems", check_marks },
    { "sourceSystems", check_marks },
    { "diseases", check_marks },
    { "transport", check_groups },
    { "login", check_groups },
    { "consent", check_groups },
    { "rules", check_marks },
    { "safety", check_marks },
    { "fees", check_object },
    { "usage", check_object },
    { "hospitals", check_object },
    { "facilities", check_facilities },
    { "patients", check_patients },
    { "project", check_object },
    { "costs", NULL },
    { "links", NULL },
    { "flags", check_texts },
};

static bool is_member(const char *key)
{
    for (size_t i = 0; i < ARRAY_LEN(members); i++) {
        if (text_equal(members[i].member, key))
            return true;
    }
    return false;
}

static void check_survey(struct checker *k, const struct json *survey)
{
    const struct json *sources = json_get(survey, "sources");

    if (sources == NULL || sources->type != JSON_T_LIST || sources->count == 0)
        fault(k, "survey.sources", "a survey names its sources");
    for (size_t i = 0; i < ARRAY_LEN(members); i++) {
        const struct json *value = json_get(survey, members[i].member);
        if (value != NULL && value->type != JSON_T_NULL && members[i].check != NULL)
            members[i].check(k, value, arena_printf(k->arena, "survey.%s", members[i].member));
    }
    for (const struct json *m = survey->first; m != NULL; m = m->next) {
        if (!is_member(m->key))
            fault(k, arena_printf(k->arena, "survey.%s", m->key), "there is no such member (docs/community-files.md)");
    }
}

/* ---- files ---- */

static enum rc file_check(struct arena *a, const char *path, struct community *out)
{
    const char *slash = strrchr(path, '/');
    const char *folder = slash == NULL ? "." : arena_strndup(a, path, (size_t)(slash - path));
    struct checker k = { a, path, OK };
    const struct json *survey;

    enum rc rc = community_file_read_whole(a, folder, slash == NULL ? path : slash + 1, out, &survey);
    if (survey != NULL)
        check_survey(&k, survey);
    return rc != OK ? rc : k.rc;
}

static bool is_replaced(const struct community *files, size_t count, const struct community *c)
{
    for (size_t i = 0; i < count; i++) {
        if (text_equal(files[i].key, c->key))
            return true;
    }
    return false;
}

/* Those of `known` that stay come first: what collides is the checked files' fault. */
static void join(struct arena *a, const struct world *known, const struct world *files, char *const *paths,
                 struct world *all, const char **all_paths)
{
    for (size_t i = 0; i < known->count; i++) {
        const struct community *c = &known->communities[i];
        if (is_replaced(files->communities, files->count, c))
            continue;
        all_paths[all->count] = arena_printf(a, "%s.json", c->key);
        all->communities[all->count++] = *c;
    }
    for (size_t i = 0; i < files->count; i++) {
        all_paths[all->count] = paths[i];
        all->communities[all->count++] = files->communities[i];
    }
}

enum rc community_check(struct arena *a, char *const *paths, size_t count, const struct world *known)
{
    size_t room = MAX(count + known->count, 1);
    struct world files = { .communities = ARENA_ARRAY(a, struct community, room) };
    struct world all = { .communities = ARENA_ARRAY(a, struct community, room) };
    const char **all_paths = ARENA_ARRAY(a, const char *, room);
    enum rc rc = OK;

    for (; files.count < count; files.count++) {
        if (file_check(a, paths[files.count], &files.communities[files.count]) != OK)
            rc = E_CONFIG;
    }
    TRY(rc); /* what could not be read cannot be compared */
    join(a, known, &files, paths, &all, all_paths);
    return world_check(a, &all, all_paths);
}
