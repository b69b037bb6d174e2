#include "actor/state.h"

#include "actor/audit.h"
#include "actor/daemon.h"
#include "base/buf.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/log.h"
#include "store/vault.h"
#include "wire/json.h"

#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define NAME_MAX_LENGTH 64
#define SEEDED_MAX      ((off_t)1 << 30) /* bytes; the copy of a larger one would cost more than it is worth */

/* ---- files ---- */

static const char *seeded_file(struct arena *a, const struct daemon *d)
{
    return arena_printf(a, "%s/%s/seeded.db", config_text(d->config, CONFIG_DATA), d->spec->name);
}

const char *state_seeded(struct daemon *d)
{
    const char *file = seeded_file(d->arena, d);

    return access(file, F_OK) == 0 ? file : NULL;
}

static bool is_too_large(const struct daemon *d)
{
    struct stat st;

    if (stat(d->database, &st) != 0 || st.st_size <= SEEDED_MAX)
        return false;
    log_warn("%s is larger than 1 GiB: its seeded state is not kept, and there will be no reset", d->database);
    return true;
}

bool state_is_name(const char *text)
{
    size_t n = strlen(text);

    return n > 0 && n <= NAME_MAX_LENGTH && text[0] != '.' &&
           strspn(text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.") == n;
}

/* ---- what can be done, on the writer's thread ---- */

struct change {
    struct daemon *daemon;
    struct arena *arena;
    const char *folder; /* of the snapshot; NULL: none */
    enum rc (*run)(struct db *db, struct change *c);
};

static struct vault *vault_of(const struct change *c)
{
    const struct daemon *d = c->daemon;

    return d->spool != NULL && d->spec->blob_references != NULL ? spool_vault(d->spool) : NULL;
}

static const char *saved_file(const struct change *c)
{
    return arena_printf(c->arena, "%s/%s.db", c->folder, c->daemon->spec->name);
}

static const char *saved_blobs(const struct change *c)
{
    return arena_printf(c->arena, "%s/%s-blobs", c->folder, c->daemon->spec->name);
}

/* file NULL: the database is what it should be. */
static enum rc put_in_place(struct db *db, struct change *c, const char *file)
{
    const struct daemon *d = c->daemon;

    audit_forget(d->audit, false); /* begins meanwhile */
    if (file != NULL)
        TRY(db_load(db, file));
    atomic_fetch_add(&c->daemon->worlds, 1);
    audit_forget(d->audit, true);
    if (d->spec->forget != NULL)
        d->spec->forget(c->daemon);
    return vault_of(c) != NULL ? vault_purge(vault_of(c)) : OK;
}

/* The database is the seeded one from now on, until its mark is another. */
static enum rc seeded_mark(struct db *db, struct daemon *d)
{
    d->is_marked = false;
    TRY(db_mark(db, &d->seeded));
    d->is_marked = true;
    return OK;
}

static bool is_still_seeded(struct db *db, const struct daemon *d)
{
    struct db_mark now;

    return d->is_marked && db_mark(db, &now) == OK && now.own == d->seeded.own && now.others == d->seeded.others;
}

static enum rc reset(struct db *db, struct change *c)
{
    struct daemon *d = c->daemon;

    if (is_still_seeded(db, d))
        return put_in_place(db, c, NULL);
    TRY(put_in_place(db, c, seeded_file(c->arena, d)));
    return seeded_mark(db, d);
}

static enum rc save(struct db *db, struct change *c)
{
    TRY(file_mkdirs(c->folder, 0700));
    if (vault_of(c) != NULL) {
        TRY(file_mkdirs(saved_blobs(c), 0700));
        TRY(vault_save(vault_of(c), saved_blobs(c)));
    }
    return db_save(db, saved_file(c));
}

static enum rc restore(struct db *db, struct change *c)
{
    if (access(saved_file(c), F_OK) != 0)
        return E_NOT_FOUND;
    if (vault_of(c) != NULL)
        TRY(vault_load(vault_of(c), saved_blobs(c)));
    c->daemon->is_marked = false;
    return put_in_place(db, c, saved_file(c));
}

static const struct verb {
    const char *word;
    bool is_named; /* it is about a snapshot */
    enum rc (*run)(struct db *db, struct change *c);
} verbs[] = {
    { "reset", false, reset },
    { "save", true, save },
    { "restore", true, restore },
};

static enum rc change_run(struct db *db, struct write_job *job)
{
    struct change *c = job->user;

    return c->run(db, c);
}

static enum rc seeded_copy(struct db *db, struct write_job *job)
{
    struct daemon *d = job->user;

    TRY(db_save(db, seeded_file(d->arena, d)));
    return seeded_mark(db, d);
}

enum rc state_seeded_keep(struct daemon *d)
{
    return state_seeded(d) != NULL || is_too_large(d) ? OK : writer_run_alone(d->writer, seeded_copy, d);
}

/* A daemon that keeps nothing on disk only forgets. */
static enum rc change_make(struct change *c)
{
    struct daemon *d = c->daemon;

    if (d->writer != NULL)
        return writer_run_alone(d->writer, change_run, c);
    if (c->run == save)
        return OK;
    audit_forget(d->audit, true);
    if (d->spec->forget != NULL)
        d->spec->forget(d);
    return OK;
}

static enum rc change_settle(const struct change *c)
{
    struct daemon *d = c->daemon;

    return c->run == save || d->spec->settle == NULL ? OK : d->spec->settle(d);
}

/* ---- the page ---- */

static const struct verb *verb_find(const char *word)
{
    for (size_t i = 0; word != NULL && i < ARRAY_LEN(verbs); i++) {
        if (strcmp(verbs[i].word, word) == 0)
            return &verbs[i];
    }
    return NULL;
}

/* NULL when *why says what is wrong with the body. */
static const struct verb *body_read(struct service *s, struct arena *a, struct str body, struct change *out,
                                    const char **why)
{
    struct json *j;

    if (json_parse(a, body, &j, why) != OK)
        return NULL;
    const struct verb *verb = verb_find(json_text(j, "do"));
    const char *name = json_text(j, "snapshot");
    *why = verb == NULL ? "do: reset, save or restore is expected" : "snapshot: the name is missing, or none";
    if (verb == NULL || (verb->is_named && (name == NULL || !state_is_name(name))))
        return NULL;
    *out = (struct change){ .daemon = s->daemon, .arena = a, .run = verb->run };
    if (verb->is_named)
        out->folder = arena_printf(a, "%s/snapshots/%s", config_text(s->daemon->config, CONFIG_DATA), name);
    return verb;
}

static void done_reply(struct service *s, struct http_request *http, const struct verb *verb, uint64_t begun)
{
    struct buf *text = buf_new(http->arena, BUF_MAX_DEFAULT);
    struct json_writer w;

    jw_init(&w, text, false);
    jw_object(&w, NULL);
    jw_text(&w, "daemon", s->daemon->spec->name);
    jw_text(&w, "did", verb->word);
    jw_number(&w, "tookMs", (double)((clock_ticks() - begun) / 1000) / 1000);
    jw_end_object(&w);
    const struct http_piece piece = HTTP_PIECE_BYTES(buf_str(text));
    http_reply(http, &(struct http_reply){
                         .status = 200, .content_type = "application/json", .pieces = &piece, .piece_count = 1 });
}

void state_post(struct service *s, struct http_request *http, struct str body)
{
    uint64_t begun = clock_ticks();
    const char *why = NULL;
    struct change change;
    const struct verb *verb = body_read(s, http->arena, body, &change, &why);

    if (verb == NULL) {
        http_reply_text(http, 400, why);
        return;
    }
    enum rc rc = change_make(&change);
    if (rc == OK)
        rc = change_settle(&change);
    if (rc == OK)
        done_reply(s, http, verb, begun);
    else if (rc == E_NOT_FOUND)
        http_reply_text(http, 404,
                        verb->is_named ? "there is no such snapshot of this daemon\n"
                                       : "the seeded state was not kept: it is larger than 1 GiB\n");
    else
        http_reply_text(http, 500, "it could not be done; the log says why\n");
}
