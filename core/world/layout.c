/* Survey sheet → community. The tables are the rules; the functions below them only apply them. */
#include "world/layout.h"

#include "base/arena.h"
#include "base/str.h"
#include "wire/json.h"

#include <limits.h>
#include <string.h>

/* ---- rules ---- */

/* One facility stands for all of a kind, where any are counted; hospitals have a rule of their own. */
static const struct {
    const char *kind, *name;
} other_kinds[] = { { "clinic", "医科診療所 1" },
                    { "dental", "歯科診療所 1" },
                    { "pharmacy", "薬局 1" },
                    { "care", "介護施設 1" },
                    { "other", "その他の施設 1" } };

/* Named hospitals come in this order, a name once. */
static const char *const hospital_classes[] = { "advanced", "regionalSupport", "psychiatric" };

/* A label of the sheet's 共有項目 is this, or this and an explanation in brackets. */
static const struct {
    const char *label;
    enum shared_item item;
} shared_labels[] = {
    { "患者基本情報", SHARED_BASIC },
    { "病名情報", SHARED_DISEASE },
    { "診療情報提供書", SHARED_REFERRAL },
    { "医師記録", SHARED_PROGRESS_NOTE },
    { "サマリ", SHARED_SUMMARY },
    { "手術記録", SHARED_OPERATION },
    { "看護記録", SHARED_NURSING },
    { "その他文書", SHARED_OTHER_DOCUMENT },
    { "処方オーダー", SHARED_PRESCRIPTION },
    { "注射オーダー", SHARED_INJECTION },
    { "検体検査オーダー", SHARED_LAB_ORDER },
    { "放射線検査オーダー", SHARED_RADIOLOGY_ORDER },
    { "内視鏡検査オーダー", SHARED_ENDOSCOPY_ORDER },
    { "生理検査オーダー", SHARED_PHYSIOLOGY_ORDER },
    { "食事オーダー", SHARED_DIET },
    { "検体検査結果", SHARED_LAB_RESULT },
    { "生理検査結果", SHARED_PHYSIOLOGY_RESULT },
    { "画像", SHARED_IMAGE },
    { "調剤結果", SHARED_DISPENSE },
    { "その他", SHARED_OTHER },
};

/* The first row that the sheet has in operation: the strictest comes first. */
static const struct {
    const char *label;
    enum consent_model model;
} consent_labels[] = {
    { "連携をするすべての医師毎", CONSENT_PHYSICIAN },
    { "すべての施設毎", CONSENT_FACILITY },
    { "施設毎に", CONSENT_FACILITY },
    { "参加施設すべて", CONSENT_NETWORK },
};

static const struct {
    const char *label, *product;
} common_ids[] = {
    { "ID-LINK", "ID-LINK" }, { "HumanBridge", "HumanBridge" },          { "独自開発", "own" },
    { "その他", "other" },    { "(光)タイムライン", "Hikari Timeline" }, { "HARMONYsuite", "HARMONYsuite" },
    { "STELLAR", "STELLAR" }, { "プライムアーチ", "PrimeArch" }
};

/* Whose counts are followed: the first row that has any, and of its observations the latest. */
static const struct {
    const char *source;
    enum { ACTUAL, PLANNED } state;
} count_sources[] = { { "JMARI2016", ACTUAL }, { "MIC2020", ACTUAL }, { "MHLW", ACTUAL }, { "JMARI2016", PLANNED } };

/* ---- reading a sheet ---- */

enum mark layout_mark(const char *text)
{
    return text_equal(text, "○") ? MARK_OPERATING : text_equal(text, "△") ? MARK_PLANNED : MARK_NOT_STATED;
}

enum profile layout_profile(const char *label)
{
    for (int p = PROFILE_NONE + 1; p < PROFILE_COUNT; p++) {
        if (text_equal(profile_name((enum profile)p), label))
            return (enum profile)p;
    }
    return PROFILE_NONE;
}

bool layout_is_count(const struct json *value)
{
    return value != NULL && value->type == JSON_T_NUMBER && value->number >= 0 && value->number <= INT_MAX &&
           value->number == (double)(long)value->number;
}

static const struct json *first_of(const struct json *list)
{
    return list == NULL || list->type != JSON_T_LIST ? NULL : list->first;
}

/* Is there an item whose label begins so, with this mark? */
static bool list_has(const struct json *list, const char *label, enum mark mark)
{
    for (const struct json *item = first_of(list); item != NULL; item = item->next) {
        const char *text = json_text(item, "label");
        if (text != NULL && text_starts(text, label) && layout_mark(json_text(item, "mark")) == mark)
            return true;
    }
    return false;
}

static long count_of(const struct json *counts, const char *kind)
{
    const struct json *value = json_get(counts, kind);

    return layout_is_count(value) ? (long)value->number : 0;
}

/* Care and other facilities are one figure where the source counts them so. */
static long kind_count(const struct json *counts, const char *kind)
{
    const struct json *own = json_get(counts, kind);

    if (own == NULL && strcmp(kind, "care") == 0)
        return count_of(counts, "careAndOther");
    return count_of(counts, kind);
}

static bool has_counts(const struct json *counts)
{
    long sum = count_of(counts, "hospital");

    for (size_t i = 0; i < ARRAY_LEN(other_kinds); i++)
        sum += kind_count(counts, other_kinds[i].kind);
    return sum > 0;
}

static bool has_flag(const struct json *survey, const char *flag)
{
    for (const struct json *f = first_of(json_get(survey, "flags")); f != NULL; f = f->next) {
        if (text_equal(f->text, flag))
            return true;
    }
    return false;
}

/* Figures that were printed one row high stand under "planned" and are what there is. */
static const struct json *counts_from(const struct json *survey, const char *source, bool planned)
{
    bool shifted = has_flag(survey, "label_shift_suspected");
    const struct json *latest = NULL;

    for (const struct json *row = first_of(json_get(survey, "facilities")); row != NULL; row = row->next) {
        bool is_planned = text_equal(json_text(row, "state"), "planned");
        if (text_equal(json_text(row, "source"), source) && (is_planned == planned || shifted) && has_counts(row))
            latest = row;
    }
    return latest;
}

static const struct json *counts_find(const struct json *survey)
{
    for (size_t i = 0; i < ARRAY_LEN(count_sources); i++) {
        const struct json *found = counts_from(survey, count_sources[i].source, count_sources[i].state == PLANNED);
        if (found != NULL)
            return found;
    }
    return NULL;
}

/* ---- facilities ---- */

struct plan {
    struct arena *arena;
    struct community *c;
    struct facility **end;
    int hospitals, count;
};

static void facility_add(struct plan *p, const char *name, const char *kind, bool is_viewing_only)
{
    struct facility *f = ARENA_NEW(p->arena, struct facility);

    *f = (struct facility){ .name = name, .kind = kind, .is_viewing_only = is_viewing_only };
    f->oid = arena_printf(p->arena, "2.999.392.3.%d.%d", p->c->number, ++p->count);
    *p->end = f;
    p->end = &f->next;
}

static bool is_laid_out(const struct community *c, const char *name)
{
    for (const struct facility *f = c->facilities; f != NULL; f = f->next) {
        if (text_equal(f->name, name))
            return true;
    }
    return false;
}

static void named_hospitals_add(struct plan *p, const struct json *hospitals)
{
    for (size_t i = 0; i < ARRAY_LEN(hospital_classes); i++) {
        const struct json *class = json_get(hospitals, hospital_classes[i]);
        for (const struct json *n = first_of(json_get(class, "names")); n != NULL; n = n->next) {
            if (p->count < LAYOUT_HOSPITALS && n->text != NULL && !is_laid_out(p->c, n->text))
                facility_add(p, arena_strdup(p->arena, n->text), "hospital", false);
        }
    }
}

/* Those that the sheet names, then numbered ones up to the number that disclose; one where nothing is counted. */
static void hospitals_add(struct plan *p, const struct json *survey, const struct json *counts)
{
    long disclosing = count_of(json_get(counts, "twoWay"), "hospital");
    long wanted = disclosing > 0 ? disclosing : count_of(counts, "hospital");

    named_hospitals_add(p, json_get(survey, "hospitals"));
    while (p->count < LAYOUT_HOSPITALS && p->count < MAX(wanted, 1))
        facility_add(p, arena_printf(p->arena, "病院 %d", p->count + 1), "hospital", false);
    p->hospitals = p->count;
}

/* Others than hospitals submit where all sharing is two-way, or where the source counts some of the kind that do. */
static void others_add(struct plan *p, const struct json *survey, const struct json *counts)
{
    const struct json *sharing = json_get(survey, "sharingForm");
    bool two_way = list_has(sharing, "双方向", MARK_OPERATING) && !list_has(sharing, "参照のみ", MARK_OPERATING);

    for (size_t i = 0; i < ARRAY_LEN(other_kinds); i++) {
        const char *kind = other_kinds[i].kind;
        if (kind_count(counts, kind) > 0)
            facility_add(p, other_kinds[i].name, kind, !two_way && kind_count(json_get(counts, "twoWay"), kind) == 0);
    }
}

/* ---- repositories ---- */

static void repository_add(struct plan *p, struct repository ***end, int number, const char *name)
{
    struct repository *r = ARENA_NEW(p->arena, struct repository);

    r->number = number;
    r->unique_id = arena_printf(p->arena, "2.999.392.4.%d.%d", p->c->number, number);
    r->name = name;
    **end = r;
    *end = &r->next;
}

/* Cloud or central: one at the data centre; distributed alone: one a disclosing hospital; not stated: one. */
static void repositories_add(struct plan *p, const struct json *mode)
{
    static const char *const at_centre[] = { "クラウド型", "集中型" };
    struct repository **end = &p->c->repositories;
    int number = 0;

    for (enum mark mark = MARK_OPERATING; mark > MARK_NOT_STATED; mark--) { /* what is planned counts only alone */
        if (list_has(mode, at_centre[0], mark) || list_has(mode, at_centre[1], mark)) {
            repository_add(p, &end, 1, arena_printf(p->arena, "%s データセンター", p->c->name));
            return;
        }
        if (!list_has(mode, "分散型", mark))
            continue;
        for (struct facility *f = p->c->facilities; number < p->hospitals; f = f->next)
            repository_add(p, &end, ++number, f->name);
        return;
    }
    repository_add(p, &end, 1, arena_printf(p->arena, "%s リポジトリ", p->c->name));
}

/* ---- what is shared, by whose consent, under which id ---- */

/* "画像(放射線検査、内視鏡検査等)" is 画像; その他文書 is not その他. */
static unsigned shared_bit(const char *text)
{
    for (size_t i = 0; text != NULL && i < ARRAY_LEN(shared_labels); i++) {
        size_t n = strlen(shared_labels[i].label);
        if (strncmp(text, shared_labels[i].label, n) == 0 && (text[n] == '\0' || text[n] == '('))
            return 1u << shared_labels[i].item;
    }
    return 0;
}

static unsigned shared_marked(const struct json *list, enum mark mark)
{
    unsigned found = 0;

    for (const struct json *item = first_of(list); item != NULL; item = item->next) {
        if (layout_mark(json_text(item, "mark")) == mark)
            found |= shared_bit(json_text(item, "label"));
    }
    return found;
}

/* What is shared; where nothing is yet, what is planned; where nothing is stated, the least that can be exchanged. */
static unsigned shared_items(const struct json *list)
{
    unsigned found = shared_marked(list, MARK_OPERATING);

    if (found == 0)
        found = shared_marked(list, MARK_PLANNED);
    return found == 0 ? LAYOUT_SHARED_DEFAULT : found;
}

static enum consent_model consent_of(const struct json *consent)
{
    const struct json *patients = json_get(consent, "patients"), *new_patient = json_get(consent, "newPatient");

    for (size_t i = 0; i < ARRAY_LEN(consent_labels); i++) {
        if (list_has(patients, consent_labels[i].label, MARK_OPERATING))
            return consent_labels[i].model;
    }
    if (list_has(new_patient, "掲示板", MARK_NOT_STATED) && !list_has(new_patient, "同意による", MARK_NOT_STATED))
        return CONSENT_IMPLIED;
    return CONSENT_NOT_STATED;
}

static const char *common_id_of(struct arena *a, const struct json *list)
{
    const char *all = NULL;

    for (size_t i = 0; i < ARRAY_LEN(common_ids); i++) {
        if (list_has(list, common_ids[i].label, MARK_OPERATING))
            all = all == NULL ? common_ids[i].product : arena_printf(a, "%s, %s", all, common_ids[i].product);
    }
    return all;
}

static void profiles_set(const struct json *list, enum mark *profiles)
{
    for (const struct json *item = first_of(list); item != NULL; item = item->next)
        profiles[layout_profile(json_text(item, "label"))] = layout_mark(json_text(item, "mark"));
    profiles[PROFILE_NONE] = MARK_NOT_STATED;
}

/* The sheet's figure; where it is blank, the latest of the other surveys. */
static long registered_of(const struct json *patients)
{
    long latest = -1;

    for (const struct json *row = first_of(patients); row != NULL; row = row->next) {
        const struct json *count = json_get(row, "registered");
        if (!layout_is_count(count))
            continue;
        latest = (long)count->number;
        if (text_equal(json_text(row, "source"), "JMARI2016"))
            break;
    }
    return latest;
}

void layout_make(struct arena *a, const struct json *survey, struct community *c)
{
    const struct json *counts = counts_find(survey);
    struct plan p = { .arena = a, .c = c, .end = &c->facilities };

    c->facilities = NULL;
    hospitals_add(&p, survey, counts);
    others_add(&p, survey, counts);
    c->repositories = NULL;
    repositories_add(&p, json_get(survey, "linkMode"));
    c->shared_items = shared_items(json_get(survey, "sharedItems"));
    c->consent = consent_of(json_get(survey, "consent"));
    c->common_id = common_id_of(a, json_get(survey, "commonId"));
    memset(c->profiles, 0, sizeof(c->profiles));
    profiles_set(json_get(survey, "profiles"), c->profiles);
    c->registered = registered_of(json_get(survey, "patients"));
}

/* ---- writing it down ---- */

static void write_facilities(const struct community *c, struct json_writer *w)
{
    jw_list(w, "facilities");
    for (const struct facility *f = c->facilities; f != NULL; f = f->next) {
        jw_object(w, NULL);
        jw_text(w, "name", f->name);
        jw_text(w, "kind", f->kind);
        jw_text(w, "oid", f->oid);
        if (f->is_viewing_only)
            jw_bool(w, "viewingOnly", true);
        jw_end_object(w);
    }
    jw_end_list(w);
}

static void write_repositories(const struct community *c, struct json_writer *w)
{
    jw_list(w, "repositories");
    for (const struct repository *r = c->repositories; r != NULL; r = r->next) {
        jw_object(w, NULL);
        jw_text(w, "uniqueId", r->unique_id);
        jw_text(w, "name", r->name);
        jw_end_object(w);
    }
    jw_end_list(w);
}

static void write_sheet(const struct community *c, struct json_writer *w)
{
    jw_list(w, "sharedItems");
    for (int i = 0; i < SHARED_COUNT; i++) {
        if (c->shared_items & 1u << i)
            jw_text(w, NULL, shared_item_name((enum shared_item)i));
    }
    jw_end_list(w);
    jw_text(w, "consent", consent_model_name(c->consent));
    jw_text(w, "commonId", c->common_id);
    jw_object(w, "profiles");
    for (int p = PROFILE_NONE + 1; p < PROFILE_COUNT; p++) {
        if (c->profiles[p] != MARK_NOT_STATED)
            jw_text(w, profile_name((enum profile)p), mark_text(c->profiles[p]));
    }
    jw_end_object(w);
    if (c->registered < 0)
        jw_text(w, "registered", NULL);
    else
        jw_integer(w, "registered", c->registered);
}

void layout_write(const struct community *c, struct json_writer *w)
{
    jw_object(w, NULL);
    jw_integer(w, "number", c->number);
    jw_text(w, "homeCommunityId", c->home_community_id);
    jw_text(w, "patientIdDomain", c->patient_id_domain);
    jw_text(w, "locate", locate_word(c->locate));
    if (c->locate_at != NULL)
        jw_text(w, locate_member(c->locate), c->locate_at);
    write_facilities(c, w);
    write_repositories(c, w);
    write_sheet(c, w);
    jw_end_object(w);
}
