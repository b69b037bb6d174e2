/*
 * kakehashi replay: the requests of a recorded conversation (`kakehashi journal export FILE.har`), sent again in their
 * order to a community, with ids and times of their own (rewrite.h), and how each was answered then and now.
 */
#include "cli/args.h"
#include "cli/backbone.h"
#include "cli/command.h"
#include "cli/language.h"
#include "cli/rewrite.h"
#include "cli/table.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/digest.h"
#include "base/file.h"
#include "world/world.h"

#include <stdio.h>
#include <string.h>

#define TIMEOUT_MS 60000

struct replay {
    struct arena *arena;
    struct backbone backbone;
    const char *tree; /* "endpoints" or "plain" */
    const char *to;   /* NULL: each to the community it was for */
    const struct json *entries;
    const struct world *world; /* for OIDs that endpoints.json does not tell */
    struct rewrite *rewrite;
    struct table *table;
    int failed;
};

/* What came from outside: requests that no call of the recording caused. */
static bool is_root(const struct replay *r, const struct json *entry)
{
    const char *parent = json_text(entry, "_parent");

    if (!text_equal(json_text(entry, "_direction"), "received"))
        return false;
    for (const struct json *e = r->entries->first; e != NULL && !text_absent(parent); e = e->next) {
        if (text_equal(json_text(e, "_span"), parent))
            return false;
    }
    return true;
}

static struct str content_of(struct replay *r, const struct json *entry)
{
    const struct json *post = json_get(json_get(entry, "request"), "postData");
    struct str text = str_from(json_text(post, "text")), bytes;

    if (!text_equal(json_text(post, "encoding"), "base64"))
        return text;
    return base64_decode(r->arena, text, &bytes) == OK ? bytes : (struct str){ 0 };
}

static const char *community_of(const struct replay *r, const struct json *entry)
{
    return r->to != NULL ? r->to : json_text(entry, "_community");
}

/* The endpoint of the transaction whose path has the recorded actor's word. */
static const char *url_of(const struct replay *r, const struct json *entry)
{
    const struct json *community = backbone_community(&r->backbone, community_of(r, entry));
    const struct json *actors = json_get(community, r->tree);
    const char *word = arena_printf(r->arena, "/%s", json_text(entry, "_actor"));

    for (const struct json *a = actors != NULL ? actors->first : NULL; a != NULL; a = a->next) {
        const char *url = json_text(a, json_text(entry, "_transaction"));
        const char *at = url != NULL ? strstr(url, word) : NULL;
        if (at != NULL && (at[strlen(word)] == '\0' || at[strlen(word)] == '/'))
            return url;
    }
    return NULL;
}

/*
 * The OIDs of the community a message was for become those of the one it goes to. That may have fewer facilities and
 * repositories: the last then stands for all that are left.
 */
static void learn_community(struct replay *r, const char *from_key)
{
    const struct community *from = from_key != NULL ? world_find(r->world, from_key) : NULL;
    const struct community *to = world_find(r->world, r->to);

    if (from == NULL || to == NULL || from == to)
        return;
    rewrite_map(r->rewrite, from->home_community_id, to->home_community_id);
    rewrite_map(r->rewrite, from->home_community_id + strlen("urn:oid:"), to->home_community_id + strlen("urn:oid:"));
    rewrite_map(r->rewrite, from->patient_id_domain, to->patient_id_domain);
    const struct repository *repository = to->repositories;
    for (const struct repository *old = from->repositories; old != NULL && repository != NULL; old = old->next) {
        rewrite_map(r->rewrite, old->unique_id, repository->unique_id);
        repository = repository->next != NULL ? repository->next : repository;
    }
    const struct facility *facility = to->facilities;
    for (const struct facility *old = from->facilities; old != NULL && facility != NULL; old = old->next) {
        rewrite_map(r->rewrite, old->oid, facility->oid);
        facility = facility->next != NULL ? facility->next : facility;
    }
}

/* "200 Success", "200 AA", "400": the status, and what the answer says of itself. */
static const char *verdict(struct replay *r, int status, struct str answer)
{
    static const char *const openings[] = { "ResponseStatusType:", "acknowledgement><typeCode code=\"" };
    const char *text = arena_strndup(r->arena, answer.data != NULL ? answer.data : "", answer.len);

    for (size_t i = 0; i < ARRAY_LEN(openings); i++) {
        const char *at = strstr(text, openings[i]);
        if (at != NULL) {
            at += strlen(openings[i]);
            return arena_printf(r->arena, "%d %.*s", status, (int)strcspn(at, "\"'<"), at);
        }
    }
    return arena_printf(r->arena, "%d", status);
}

static void entry_send(struct replay *r, const struct json *entry)
{
    const struct json *post = json_get(json_get(entry, "request"), "postData");
    const struct json *response = json_get(entry, "response");
    const char *then = verdict(r, (int)json_number(response, "status", 0),
                               str_from(json_text(json_get(response, "content"), "text")));
    const char *url = url_of(r, entry), *now = language_pick("no endpoint", "接続先なし");
    struct str answer;
    int status = 0;

    if (url != NULL) {
        const struct backbone_call call = { .method = "POST",
                                            .url = url,
                                            .content_type = json_text(post, "mimeType"),
                                            .body = rewrite_apply(r->rewrite, content_of(r, entry)),
                                            .timeout_ms = TIMEOUT_MS };
        enum rc rc = backbone_request(r->arena, r->backbone.data, &call, &status, &answer);
        now = rc == OK ? verdict(r, status, answer) : language_pick("no answer", "応答なし");
    }
    bool same = strcmp(then, now) == 0;
    r->failed += !same;
    table_row(r->table, json_text(entry, "_transaction"), community_of(r, entry), url, then, now, same ? "✓" : "✗");
}

static int replay_all(struct replay *r)
{
    struct buf *out = buf_new(r->arena, BUF_MAX_DEFAULT);
    int count = 0;

    for (const struct json *e = r->entries->first; e != NULL; e = e->next) {
        rewrite_learn(r->rewrite, content_of(r, e));
        if (r->to != NULL && is_root(r, e))
            learn_community(r, json_text(e, "_community"));
    }
    r->table = table_new(r->arena, language_pick("TRANSACTION", "取引"), language_pick("COMMUNITY", "地域"), "URL",
                         language_pick("THEN", "記録時"), language_pick("NOW", "今回"), "", NULL);
    for (const struct json *e = r->entries->first; e != NULL; e = e->next) {
        if (!is_root(r, e))
            continue;
        entry_send(r, e);
        count++;
    }
    table_print(r->table, out);
    fwrite(out->data, 1, out->len, stdout);
    if (count == 0)
        fputs(language_pick("kakehashi: nothing in this recording came from outside\n",
                            "kakehashi: この記録には外部からの要求がありません\n"),
              stderr);
    return r->failed == 0 && count > 0 ? EXIT_OK : EXIT_FAILED;
}

static enum rc recording_read(struct replay *r, const char *file)
{
    const char *why = "it is no HAR";
    struct json *root = NULL;
    struct str text;

    enum rc rc = file_read(r->arena, file, (size_t)1 << 30, &text);
    if (rc == E_NOT_FOUND)
        why = "there is no such file";
    if (rc == OK)
        rc = json_parse(r->arena, text, &root, &why);
    r->entries = rc == OK ? json_get(json_get(root, "log"), "entries") : NULL;
    if (r->entries != NULL && r->entries->type == JSON_T_LIST)
        return OK;
    fprintf(stderr, "kakehashi: %s: %s\n", file, why);
    return E_SYNTAX;
}

int cmd_replay(struct args *args)
{
    struct replay r = { .arena = args->arena, .rewrite = rewrite_new(args->arena) };

    r.tree = args_flag(args, "--no-tls") ? "plain" : "endpoints";
    r.to = args_option(args, "--to");
    const char *file = args_word(args);
    if (args_end(args) != OK)
        return EXIT_USAGE;
    if (file == NULL) {
        fputs(language_pick("kakehashi: replay: name the recording, FILE.har\n",
                            "kakehashi: replay: 記録ファイル (FILE.har) を指定してください\n"),
              stderr);
        return EXIT_USAGE;
    }
    if (backbone_find(args->arena, args->config, &r.backbone) != OK)
        return EXIT_FAILED;
    if (r.to != NULL && backbone_community(&r.backbone, r.to) == NULL) {
        fprintf(stderr,
                language_pick("kakehashi: the community \"%s\" does not live here\n",
                              "kakehashi: 地域 \"%s\" はここにはありません\n"),
                r.to);
        return EXIT_USAGE;
    }
    struct world *world;
    if (world_everyone(args->arena, world_fixtures(args->arena, args->config), &world) != OK)
        return EXIT_FAILED;
    r.world = world;
    return recording_read(&r, file) == OK ? replay_all(&r) : EXIT_USAGE;
}
