#include "cli/endpoints.h"

#include "cli/language.h"
#include "cli/table.h"

#include "actor/clock_choice.h"
#include "actor/pki_files.h"
#include "base/arena.h"
#include "base/buf.h"
#include "base/str.h"
#include "model/community.h"

#include <stdio.h>
#include <string.h>

#define TRANSACTIONS      12
#define MLLP_TRANSACTIONS 4

struct actor_row {
    const char *name; /* in endpoints.json */
    enum fleet_member daemon;
    const char *path; /* path word of its URL */
    bool at_backbone; /* the community that owns the nationwide PIX domain has this one, too */
    bool per_repository;
    struct {
        const char *id;
        enum profile profile; /* as in the daemon's transactions.c: what --profiles takes away is not listed */
    } transactions[TRANSACTIONS];
    struct {
        const char *id;
        enum profile profile;
    } mllp[MLLP_TRANSACTIONS]; /* of HL7 v2, whose URL has no path: MSH-6 says which community */
};

static const struct actor_row actors[] = {
    { "registry",
      FLEET_REGISTRY,
      "registry",
      false,
      false,
      { { "ITI-18", PROFILE_XDS_B },
        { "ITI-42", PROFILE_XDS_B },
        { "ITI-44", PROFILE_XDS_B },
        { "ITI-51", PROFILE_XDS_B },
        { "ITI-57", PROFILE_XDS_B },
        { "ITI-61", PROFILE_XDS_B },
        { "ITI-62", PROFILE_XDS_B },
        { "ITI-92", PROFILE_XDS_B } },
      { { "ITI-8", PROFILE_XDS_B } } },
    { "repository",
      FLEET_REPOSITORY,
      "repository",
      false,
      true,
      { { "ITI-41", PROFILE_XDS_B }, { "ITI-43", PROFILE_XDS_B }, { "ITI-86", PROFILE_XDS_B } } },
    { "imaging-source", FLEET_REPOSITORY, "imaging", false, true, { { "RAD-69", PROFILE_XDS_I_B } } },
    { "document-recipient", FLEET_REPOSITORY, "recipient", false, false, { { "ITI-41", PROFILE_XDR } } },
    { "pix-manager",
      FLEET_PIXMGR,
      "pixmgr",
      true,
      false,
      { { "ITI-44", PROFILE_PIX }, { "ITI-45", PROFILE_PIX } },
      { { "ITI-8", PROFILE_PIX }, { "ITI-9", PROFILE_PIX }, { "ITI-30", PROFILE_PIX } } },
    { "demographics-supplier",
      FLEET_PIXMGR,
      "pixmgr",
      true,
      false,
      { { "ITI-47", PROFILE_PIX } },
      { { "ITI-21", PROFILE_PIX }, { "ITI-22", PROFILE_PIX } } },
    { "initiating-gateway",
      FLEET_GATEWAY,
      "initiating",
      false,
      false,
      { { "ITI-18", PROFILE_XCA },
        { "ITI-41", PROFILE_XDR },
        { "ITI-43", PROFILE_XCA },
        { "ITI-55", PROFILE_XCPD },
        { "RAD-69", PROFILE_XCA_I } } },
    { "responding-gateway",
      FLEET_GATEWAY,
      "responding",
      false,
      false,
      { { "ITI-38", PROFILE_XCA },
        { "ITI-39", PROFILE_XCA },
        { "ITI-55", PROFILE_XCPD },
        { "ITI-56", PROFILE_XCPD },
        { "ITI-63", PROFILE_XCA },
        { "ITI-80", PROFILE_XDR },
        { "ITI-92", PROFILE_XCA },
        { "RAD-75", PROFILE_XCA_I } } },
};

/* "ITI-18" stands in "ITI-18 ITI-42": ids are words of equal form, so that none is part of another. */
static bool is_listed(const char *list, const char *id)
{
    size_t n = strlen(id);

    for (const char *at = list; (at = strstr(at, id)) != NULL; at += n) {
        if (at[n] == ' ' || at[n] == '\0')
            return true;
    }
    return false;
}

const char *endpoints_transactions(struct arena *a, const struct world *w, const struct community *c)
{
    const char *all = "";

    for (size_t i = 0; i < ARRAY_LEN(actors); i++) {
        const struct actor_row *row = &actors[i];
        for (size_t t = 0; t < TRANSACTIONS && row->transactions[t].id != NULL; t++) {
            const char *id = row->transactions[t].id;
            if ((!c->is_backbone || row->at_backbone) && community_has(w, c, row->transactions[t].profile) &&
                !is_listed(all, id))
                all = arena_printf(a, "%s%s%s", all, all[0] ? " " : "", id);
        }
        for (size_t t = 0; t < MLLP_TRANSACTIONS && row->mllp[t].id != NULL; t++) {
            const char *id = row->mllp[t].id;
            if ((!c->is_backbone || row->at_backbone) && community_has(w, c, row->mllp[t].profile) &&
                !is_listed(all, id))
                all = arena_printf(a, "%s%s%s", all, all[0] ? " " : "", id);
        }
    }
    return all;
}

/* ---- the file ---- */

/* Where daemons listen: the TLS tree's, or the plain one's. */
struct bases {
    const char *const *http, *const *mllp;
};

struct actor_write {
    struct arena *arena;
    struct json_writer *w;
    const struct world *world;
    const struct community *community;
};

static bool is_there(const struct actor_write *x, const struct actor_row *row)
{
    for (size_t i = 0; i < TRANSACTIONS && row->transactions[i].id != NULL; i++) {
        if (community_has(x->world, x->community, row->transactions[i].profile))
            return true;
    }
    return false;
}

static void write_actor(const struct actor_write *x, const struct actor_row *row, const struct bases *bases, int number)
{
    struct arena *a = x->arena;
    const char *suffix = number > 1 ? arena_printf(a, "/%d", number) : "";
    const char *url = arena_printf(a, "%s/%s/%s%s", bases->http[row->daemon], x->community->key, row->path, suffix);

    const char *mllp = bases->mllp[row->daemon];

    if (!is_there(x, row))
        return;
    jw_object(x->w, arena_printf(a, "%s%s", row->name, suffix));
    for (size_t i = 0; i < TRANSACTIONS && row->transactions[i].id != NULL; i++) {
        if (community_has(x->world, x->community, row->transactions[i].profile))
            jw_text(x->w, row->transactions[i].id, url);
    }
    for (size_t i = 0; i < MLLP_TRANSACTIONS && row->mllp[i].id != NULL && mllp != NULL; i++) {
        if (community_has(x->world, x->community, row->mllp[i].profile))
            jw_text(x->w, row->mllp[i].id, mllp);
    }
    jw_end_object(x->w);
}

/* A second and further repository is an actor of its own: "repository/2". */
static void write_actors(const struct actor_write *x, const struct bases *bases)
{
    const struct community *c = x->community;

    for (size_t i = 0; i < ARRAY_LEN(actors); i++) {
        const struct actor_row *row = &actors[i];
        if (bases->http[row->daemon] == NULL || (c->is_backbone && !row->at_backbone))
            continue;
        if (!row->per_repository)
            write_actor(x, row, bases, 1);
        for (const struct repository *r = c->repositories; row->per_repository && r != NULL; r = r->next)
            write_actor(x, row, bases, r->number);
    }
}

/* Syslog has no path, and time no name: of all communities it is the same door, but for clocks that are wrong. */
static void write_nodes(const struct actor_write *x, const char *http, const char *records, const char *ntp)
{
    if (community_has(x->world, x->community, PROFILE_ATNA) && http != NULL) {
        jw_object(x->w, "audit");
        if (records != NULL)
            jw_text(x->w, "ITI-20", records);
        jw_text(x->w, "ITI-81", arena_printf(x->arena, "%s/audit/%s/AuditEvent", http, x->community->key));
        jw_end_object(x->w);
    }
    if (community_has(x->world, x->community, PROFILE_CT) && ntp != NULL) {
        jw_object(x->w, "time");
        jw_text(x->w, "ITI-1", ntp);
        jw_end_object(x->w);
    }
}

static const char *ntp_url(struct arena *a, const struct endpoints_spec *spec, const struct community *c)
{
    for (const struct clock_choice *choice = spec->clocks; choice != NULL; choice = choice->next) {
        if (choice->community == c)
            return arena_printf(a, "ntp://%s:%d", clock_choice_address(a, c), spec->ntp_port);
    }
    return spec->ntp;
}

static void write_community(struct arena *a, struct json_writer *w, const struct endpoints_spec *spec,
                            const struct community *c)
{
    const struct actor_write x = { a, w, spec->world, c };

    jw_object(w, c->key);
    jw_text(w, "name", c->name);
    jw_text(w, "nameEn", c->name_en);
    jw_text(w, "slug", c->slug);
    jw_text(w, "homeCommunityId", c->home_community_id);
    jw_text(w, "patientIdDomain", c->patient_id_domain);
    jw_list(w, "repositories");
    for (const struct repository *r = c->repositories; r != NULL; r = r->next)
        jw_text(w, NULL, r->unique_id);
    jw_end_list(w);
    jw_object(w, "endpoints");
    write_actors(&x, &(struct bases){ spec->tls, spec->mllp_tls });
    write_nodes(&x, spec->tls[FLEET_AUDIT], spec->records_tls, ntp_url(a, spec, c));
    jw_end_object(w);
    jw_object(w, "plain");
    write_actors(&x, &(struct bases){ spec->plain, spec->mllp_plain });
    write_nodes(&x, spec->plain[FLEET_AUDIT], spec->records_plain, NULL);
    jw_end_object(w);
    jw_end_object(w);
}

static void write_pki(struct arena *a, struct json_writer *w, const char *data)
{
    struct tls_files user = pki_user(a, data);

    jw_object(w, "pki");
    jw_text(w, "ca", user.ca);
    jw_text(w, "cert", user.cert);
    jw_text(w, "key", user.key);
    jw_text(w, "p12", pki_user_p12(a, data));
    jw_end_object(w);
}

void endpoints_write(struct arena *a, const struct endpoints_spec *spec, struct buf *out)
{
    struct json_writer w;

    jw_init(&w, out, true);
    jw_object(&w, NULL);
    jw_text(&w, "version", KK_VERSION);
    jw_text(&w, "control", spec->control);
    write_pki(a, &w, spec->data);
    jw_object(&w, "communities");
    for (size_t i = 0; i < spec->world->count; i++)
        write_community(a, &w, spec, &spec->world->communities[i]);
    jw_end_object(&w);
    jw_end_object(&w);
    buf_add_char(out, '\n');
}

/* ---- for people ---- */

/* A URL with the community's key replaced by a pattern when there is one. */
static const char *url_shown(struct arena *a, const char *url, const char *key, const char *pattern)
{
    const char *segment = arena_printf(a, "/%s/", key);
    const char *at = url ? strstr(url, segment) : NULL;

    if (pattern == NULL || at == NULL)
        return url;
    return arena_printf(a, "%.*s/%s/%s", (int)(at - url), url, pattern, at + strlen(segment));
}

/* The transactions of an actor that have a URL in common, which is that of first; NULL when an earlier one had it. */
static const char *transactions_at(struct arena *a, const struct json *actor, const struct json *first)
{
    const char *all = first->key;

    for (const struct json *t = actor->first; t != first; t = t->next) {
        if (text_equal(t->text, first->text))
            return NULL;
    }
    for (const struct json *t = first->next; t != NULL; t = t->next) {
        if (text_equal(t->text, first->text))
            all = arena_printf(a, "%s %s", all, t->key);
    }
    return all;
}

struct shown {
    struct arena *arena;
    const char *key, *pattern;
    const char *more; /* behind a pattern's URL */
};

static const char *url_of(const struct shown *s, const char *url)
{
    const char *text = url_shown(s->arena, url, s->key, s->pattern);

    return text != NULL && s->more != NULL ? arena_printf(s->arena, "%s%s", text, s->more) : text;
}

static void print_actor(const struct shown *s, const struct json *actor, const struct json *plain, struct table *t)
{
    for (const struct json *one = actor->first; one != NULL; one = one->next) {
        const char *transactions = transactions_at(s->arena, actor, one);
        if (transactions != NULL)
            table_row(t, actor->key, transactions, url_of(s, one->text), url_of(s, json_text(plain, one->key)));
    }
}

/* "[/N]" when there are several of an actor. */
static const char *more_of(struct arena *a, const struct json *endpoints, const struct json *actor)
{
    return json_get(endpoints, arena_printf(a, "%s/2", actor->key)) != NULL ? "[/N]" : NULL;
}

static void print_actors(struct arena *a, const struct json *community, const char *pattern, struct buf *out)
{
    const struct json *plain = json_get(community, "plain"), *endpoints = json_get(community, "endpoints");
    struct shown s = { .arena = a, .key = community->key, .pattern = pattern };
    struct table *t = table_new(
        a, language_pick("ACTOR", "アクタ"), language_pick("TRANSACTIONS", "トランザクション"), "TLS",
        language_pick(plain && plain->first ? "PLAIN" : "", plain && plain->first ? "平文" : ""), NULL);

    for (const struct json *e = endpoints->first; e != NULL; e = e->next) {
        if (pattern != NULL && strchr(e->key, '/') != NULL)
            continue; /* the pattern of the first says it */
        s.more = pattern != NULL ? more_of(a, endpoints, e) : NULL;
        print_actor(&s, e, json_get(plain, e->key), t);
    }
    table_print(t, out);
}

/* Readers of English get both names: signs, charts and the networks' own pages say the Japanese one. */
static const char *community_name(struct arena *a, const struct json *c)
{
    const char *name = json_text(c, "name"), *en = json_text(c, "nameEn");

    if (language_is_japanese() || text_absent(en) || text_equal(name, en))
        return name;
    return arena_printf(a, "%s %s", name, en);
}

static void print_communities(struct arena *a, const struct json *communities, struct buf *out)
{
    struct table *t = table_new(a, "KEY", language_pick("SLUG", "スラグ"), language_pick("NETWORK", "ネットワーク"),
                                "homeCommunityId", language_pick("PATIENT IDS", "患者 ID の発番域"), NULL);

    for (const struct json *c = communities->first; c != NULL; c = c->next)
        table_row(t, c->key, json_text(c, "slug"), community_name(a, c), json_text(c, "homeCommunityId"),
                  json_text(c, "patientIdDomain"));
    table_print(t, out);
}

#define LISTED_MAX 24

/* The list of all of them is a command of its own. */
static void print_count(const struct json *communities, struct buf *out)
{
    buf_printf(out,
               language_pick("  %zu communities live here: `kakehashi communities` lists them\n",
                             "  %zu の地域が動いています。一覧は `kakehashi communities`\n"),
               communities->count);
}

static void print_pki(struct arena *a, const struct json *root, struct buf *out)
{
    const struct json *pki = json_get(root, "pki");
    struct table *t = table_new(a, language_pick("TO CONNECT", "接続に使うもの"), "", NULL);

    table_row(t, "--cacert", json_text(pki, "ca"));
    table_row(t, "--cert", json_text(pki, "cert"));
    table_row(t, "--key", json_text(pki, "key"));
    table_row(t, "PKCS#12", json_text(pki, "p12"));
    table_row(t, language_pick("control", "制御"), json_text(root, "control"));
    table_print(t, out);
}

static const struct json *community_find(const struct json *communities, const char *key_or_slug)
{
    for (const struct json *c = communities->first; c != NULL; c = c->next) {
        if (text_equal(c->key, key_or_slug) || text_equal(json_text(c, "slug"), key_or_slug))
            return c;
    }
    return NULL;
}

/* The pattern is shown of the community that has most: every other one has the same, or less. */
static const struct json *richest(const struct json *communities)
{
    const struct json *best = NULL;

    for (const struct json *c = communities->first; c != NULL; c = c->next) {
        if (best == NULL || json_get(c, "endpoints")->count > json_get(best, "endpoints")->count)
            best = c;
    }
    return best;
}

enum rc endpoints_print(struct arena *a, const struct json *root, const char *community, struct buf *out)
{
    const struct json *communities = json_get(root, "communities");
    const struct json *shown = community ? community_find(communities, community) : richest(communities);

    if (shown == NULL) {
        fprintf(stderr,
                language_pick("kakehashi: the community \"%s\" does not live here\n",
                              "kakehashi: 地域 \"%s\" はここにはありません\n"),
                community ? community : "");
        return E_NOT_FOUND;
    }
    print_actors(a, shown, community ? NULL : "KEY", out);
    buf_add_char(out, '\n');
    if (community == NULL) {
        if (communities->count > LISTED_MAX)
            print_count(communities, out);
        else
            print_communities(a, communities, out);
        buf_add_char(out, '\n');
    }
    print_pki(a, root, out);
    return OK;
}
