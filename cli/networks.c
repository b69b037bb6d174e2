/* What is known of each community, in the order a reader asks: who, where, how large, what works. */
#include "cli/networks.h"

#include "cli/endpoints.h"
#include "cli/language.h"
#include "cli/table.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/str.h"
#include "world/linkage.h"

/* ---- single facts as text ---- */

static const char *joined(struct arena *a, const char *list, const char *text)
{
    return list[0] == '\0' ? text : arena_printf(a, "%s, %s", list, text);
}

/* "PIX/PDQ, XDS.b": the profiles with this mark. The sheet's own name of the first box is long. */
static const char *profiles_with(struct arena *a, const struct community *c, enum mark mark)
{
    const char *all = "";

    for (int p = PROFILE_NONE + 1; p < PROFILE_COUNT; p++) {
        if (c->profiles[p] == mark)
            all = joined(a, all, p == PROFILE_PIX ? "PIX/PDQ" : profile_name((enum profile)p));
    }
    return all;
}

static const char *profiles_text(struct arena *a, const struct community *c)
{
    const char *operating = profiles_with(a, c, MARK_OPERATING), *planned = profiles_with(a, c, MARK_PLANNED);

    return arena_printf(a, "%s%s%s%s%s", operating[0] ? "○ " : "", operating, operating[0] && planned[0] ? "; " : "",
                        planned[0] ? "△ " : "", planned);
}

static const char *shared_text(struct arena *a, const struct community *c)
{
    const char *all = "";

    for (int i = 0; i < SHARED_COUNT; i++) {
        if (c->shared_items & 1u << i)
            all = joined(a, all, shared_item_name((enum shared_item)i));
    }
    return all;
}

static int facility_count(const struct community *c, bool viewing_only)
{
    int n = 0;

    for (const struct facility *f = c->facilities; f != NULL; f = f->next)
        n += f->is_viewing_only == viewing_only;
    return n;
}

static int repository_count(const struct community *c)
{
    int n = 0;

    for (const struct repository *r = c->repositories; r != NULL; r = r->next)
        n++;
    return n;
}

static const char *registered_text(struct arena *a, const struct community *c)
{
    return c->registered < 0 ? "" : arena_printf(a, "%ld", c->registered);
}

static const char *locate_text(struct arena *a, const struct community *c)
{
    static const char *const words[] = { [LOCATE_XCPD] = "XCPD", [LOCATE_PIX] = "PIX", [LOCATE_PLQ] = "PLQ" };

    if (c->is_backbone)
        return "";
    return c->locate_at == NULL ? words[c->locate] : arena_printf(a, "%s at %s", words[c->locate], c->locate_at);
}

static const char *linked_text(struct arena *a, const struct community *c)
{
    const char *all = "";

    for (const struct community **l = c->linked; l != NULL && *l != NULL; l++)
        all = joined(a, all, (*l)->slug);
    return all;
}

/* What answers under a lens, whatever the world's own is. */
static const char *answers_under(struct arena *a, const struct world *w, const struct community *c, enum lens lens)
{
    const struct world other = { .communities = w->communities, .count = w->count, .lens = lens };

    return endpoints_transactions(a, &other, c);
}

/* ---- for a terminal ---- */

void networks_print(struct arena *a, const struct world *w, struct buf *out)
{
    struct table *t = table_new(a, "KEY", language_pick("SLUG", "スラグ"), language_pick("NETWORK", "ネットワーク"),
                                language_pick("AREA", "地域"), language_pick("PATIENTS", "登録患者数"),
                                language_pick("PROFILES", "プロファイル"), NULL);

    for (size_t i = 0; i < w->count; i++) {
        const struct community *c = &w->communities[i];
        table_row(t, c->key, c->slug, c->name, c->prefecture, registered_text(a, c), profiles_text(a, c));
    }
    table_print(t, out);
}

static void facilities_print(struct arena *a, const struct community *c, struct buf *out)
{
    struct table *t = table_new(a, language_pick("FACILITY", "施設"), language_pick("KIND", "種別"),
                                language_pick("PATIENT IDS", "患者 ID の発番域"), "", NULL);

    for (const struct facility *f = c->facilities; f != NULL; f = f->next)
        table_row(t, f->name, f->kind, f->oid, f->is_viewing_only ? language_pick("views only", "参照のみ") : "");
    table_print(t, out);
}

static void repositories_print(struct arena *a, const struct community *c, struct buf *out)
{
    struct table *t = table_new(a, language_pick("REPOSITORY", "リポジトリ"), "repositoryUniqueId", NULL);

    for (const struct repository *r = c->repositories; r != NULL; r = r->next)
        table_row(t, r->name, r->unique_id);
    table_print(t, out);
}

static bool is_party(const struct linkage *l, const struct community *c)
{
    for (const struct linkage_party *p = l->parties; p != NULL; p = p->next) {
        if (text_equal(p->community, c->key))
            return true;
    }
    return false;
}

static const char *parties_text(struct arena *a, const struct linkage *l)
{
    const char *all = "";

    for (const struct linkage_party *p = l->parties; p != NULL; p = p->next) {
        const char *who = p->community ? p->community : p->name;
        all = joined(a, all, p->part ? arena_printf(a, "%s (%s)", who, p->part) : who);
    }
    return all;
}

static void linkages_print(struct arena *a, const struct community *c, const struct linkage *linkages, struct buf *out)
{
    struct table *t = table_new(a, language_pick("LINKAGE", "連携"), language_pick("PARTIES", "当事者"),
                                language_pick("STANDARDS STATED", "明記された規格"), language_pick("STATE", "状態"),
                                NULL);
    int n = 0;

    for (const struct linkage *l = linkages; l != NULL; l = l->next) {
        if (!is_party(l, c))
            continue;
        table_row(t, l->code, parties_text(a, l), l->standards, l->state);
        n++;
    }
    if (n > 0) {
        buf_add_char(out, '\n');
        table_print(t, out);
    }
}

void networks_print_one(struct arena *a, const struct world *w, const struct community *c,
                        const struct linkage *linkages, struct buf *out)
{
    struct table *t = table_new(a, c->key, c->name, NULL);

    table_row(t, language_pick("slug", "スラグ"), c->slug);
    table_row(t, language_pick("read", "読み"), c->name_romaji);
    table_row(t, language_pick("in English", "英語名"), c->name_en);
    table_row(t, language_pick("area", "地域"), c->prefecture);
    table_row(t, "homeCommunityId", c->home_community_id);
    table_row(t, language_pick("patient ids", "患者 ID の発番域"), c->patient_id_domain);
    table_row(t, language_pick("patients surveyed", "登録患者数"), registered_text(a, c));
    table_row(t, language_pick("shared items", "共有項目"), shared_text(a, c));
    table_row(t, language_pick("consent", "同意"), consent_model_name(c->consent));
    table_row(t, language_pick("common id", "共通 ID"), c->common_id);
    table_row(t, language_pick("assertions of users", "利用者のアサーション"), xua_mode_name(c->xua));
    table_row(t, language_pick("profiles", "プロファイル"), profiles_text(a, c));
    table_row(t, language_pick("finds patients by", "患者の探し方"), locate_text(a, c));
    table_row(t, language_pick("asks first", "先に照会する相手"), linked_text(a, c));
    table_row(t, arena_printf(a, language_pick("answers (%s)", "応答 (%s)"), lens_name(w->lens)),
              endpoints_transactions(a, w, c));
    table_print(t, out);
    buf_add_char(out, '\n');
    facilities_print(a, c, out);
    buf_add_char(out, '\n');
    repositories_print(a, c, out);
    linkages_print(a, c, linkages, out);
}

/* ---- docs/communities.md ---- */

static const char head[] =
    "# Communities\n\n"
    "Every community that lives here, from its file in `fixtures/networks` ([community-files.md](community-files.md) "
    "has the format and the rules). This page is generated; a test holds it to the files (`KK_ACCEPT=1` writes "
    "it).\n\n";

static const char lenses[] =
    "`--profiles planned` and `--profiles surveyed` leave only what a network's sheet marks ○ or △, or ○ alone; the "
    "last column says what that is. An empty cell: the survey does not say; of such a network, basic data and "
    "referrals are simulated. `tests/system/14-every-community-answers.sh` asks each of them ITI-45, 18, 43, 55, 38 "
    "and 39 for one of its people.\n\n";

static void lens_text(struct arena *a, const struct world *w, struct buf *out)
{
    buf_printf(out, "Under `--profiles all`, the default, every community answers %s. ",
               answers_under(a, w, &w->communities[0], LENS_ALL));
    buf_add_text(out, lenses);
}

static void profile_rows(const struct world *w, struct buf *out)
{
    buf_add_text(out, "| profile | ○ in operation | △ planned |\n|---|---|---|\n");
    for (int p = PROFILE_NONE + 1; p < PROFILE_COUNT; p++) {
        int marks[MARK_OPERATING + 1] = { 0 };
        for (size_t i = 0; i < w->count; i++)
            marks[w->communities[i].profiles[p]]++;
        buf_printf(out, "| %s | %d | %d |\n", profile_name((enum profile)p), marks[MARK_OPERATING],
                   marks[MARK_PLANNED]);
    }
}

static void network_row(struct arena *a, const struct world *w, const struct community *c, struct buf *out)
{
    const char *surveyed = c->is_backbone ? "everything" : answers_under(a, w, c, LENS_SURVEYED);

    buf_printf(out, "| %s | %s | %s", c->key, c->slug, c->name);
    if (c->name_romaji != NULL && !text_equal(c->name, c->name_romaji))
        buf_printf(out, " (%s)", c->name_romaji);
    buf_printf(out, " | %s | %s | %s | %d + %d | %d | %s | %s | %s | %s | %s | %s | %s |\n", c->name_en,
               c->prefecture ? c->prefecture : "", registered_text(a, c), facility_count(c, false),
               facility_count(c, true), repository_count(c), shared_text(a, c),
               c->consent == CONSENT_NOT_STATED ? "" : consent_model_name(c->consent), c->common_id ? c->common_id : "",
               locate_text(a, c), linked_text(a, c), profiles_text(a, c), surveyed);
}

static void linkage_rows(struct arena *a, const struct linkage *linkages, struct buf *out)
{
    buf_add_text(out,
                 "\n## Linkages\n\nEvery link that the survey's documents state, from `fixtures/linkages.json`.\n\n"
                 "| code | kind | parties | standards stated | state |\n|---|---|---|---|---|\n");
    for (const struct linkage *l = linkages; l != NULL; l = l->next)
        buf_printf(out, "| %s | %s | %s | %s | %s |\n", l->code, l->kind, parties_text(a, l), l->standards, l->state);
}

void networks_markdown(struct arena *a, const struct world *w, const struct linkage *linkages, struct buf *out)
{
    buf_add_text(out, head);
    lens_text(a, w, out);
    profile_rows(w, out);
    buf_add_text(out, "\n## Communities\n\n"
                      "| key | slug | name | English | area | patients surveyed | facilities: submit + view | "
                      "repositories | shared items | consent | common id | finds patients by | asks first | profiles | "
                      "answers under `surveyed` |\n"
                      "|---|---|---|---|---|---|---|---|---|---|---|---|---|---|---|\n");
    for (size_t i = 0; i < w->count; i++)
        network_row(a, w, &w->communities[i], out);
    linkage_rows(a, linkages, out);
}
