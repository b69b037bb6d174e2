#include "repository/fsck.h"

#include "base/arena.h"
#include "base/config.h"
#include "base/digest.h"
#include "base/log.h"
#include "repository/store.h"
#include "store/blobs.h"
#include "store/spool.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define READ_SIZE ((size_t)256 * 1024)

/* Octets as they are. */
struct octets {
    char name[SHA256_HEX_LEN]; /* "" before the first */
    enum rc rc;                /* E_NOT_FOUND, E_IO: what follows says nothing */
    uint64_t size;
    char sha1[SHA1_HEX_LEN], sha256[SHA256_HEX_LEN];
};

/* Names of blobs whose rows are to be forgotten. */
struct lost {
    const char *sha256;
    struct lost *next;
};

struct checking {
    struct fsck *report;
    struct db *db;
    struct blob_store *blobs;
    struct octets octets;
    struct lost *lost;
    struct lost *orphans;
};

/* ---- a blob ---- */

static enum rc fd_hash(int fd, struct octets *o)
{
    struct digest *sha1 = digest_new(DIGEST_SHA1), *sha256 = digest_new(DIGEST_SHA256);
    char *bytes = malloc(READ_SIZE);
    ssize_t n = 0;

    if (bytes == NULL)
        die("out of memory (fsck)");
    for (o->size = 0; (n = read(fd, bytes, READ_SIZE)) > 0; o->size += (uint64_t)n) {
        digest_add(sha1, bytes, (size_t)n);
        digest_add(sha256, bytes, (size_t)n);
    }
    digest_hex(sha1, o->sha1);
    digest_hex(sha256, o->sha256);
    digest_free(sha1);
    digest_free(sha256);
    free(bytes);
    return n < 0 ? E_IO : OK;
}

/* Those of a small document, which are a row. False: there is none of that name. */
static bool row_hash(struct checking *c, const char *sha256, struct octets *o)
{
    struct db_stmt *s = db_stmt(c->db, "SELECT bytes FROM octets WHERE sha256 = ?");
    struct arena *a;
    bool is_row;

    db_bind_text(s, 1, sha256);
    o->rc = db_step(s, &is_row);
    if (o->rc != OK || !is_row)
        return o->rc != OK;
    a = arena_new();
    struct str bytes = db_blob(a, s, 0);
    db_reset(s);
    o->size = bytes.len;
    sha1_hex(bytes, o->sha1);
    sha256_hex(bytes, o->sha256);
    c->report->bytes += o->size;
    arena_free(a);
    return true;
}

static void octets_read(struct checking *c, const char *sha256)
{
    struct octets *o = &c->octets;
    int fd;

    snprintf(o->name, sizeof(o->name), "%s", sha256);
    if (row_hash(c, sha256, o))
        return;
    o->rc = c->blobs->open(c->blobs, sha256, &fd);
    if (o->rc != OK)
        return;
    o->rc = fd_hash(fd, o);
    close(fd);
    c->report->bytes += o->size;
}

/* ---- a row ---- */

struct row {
    const char *sha256, *sha1, *table, *owner, *unique_id;
    uint64_t size;
};

/* NULL when its octets are as it says. */
static const char *row_judge(struct checking *c, const struct row *row)
{
    const struct octets *o = &c->octets;

    if (o->rc == E_NOT_FOUND)
        return "are gone";
    if (o->rc != OK)
        return "cannot be read";
    if (o->size != row->size)
        return arena_printf(c->report->arena, "are %" PRIu64 " bytes and should be %" PRIu64, o->size, row->size);
    if (strcmp(o->sha256, row->sha256) != 0)
        return "are not those that were stored: their SHA-256 is another";
    return strcmp(o->sha1, row->sha1) == 0 ? NULL : "have not the SHA-1 that was registered";
}

static void row_check(struct checking *c, const struct row *row)
{
    struct fsck *f = c->report;

    f->rows++;
    if (strcmp(c->octets.name, row->sha256) != 0)
        octets_read(c, row->sha256);
    const char *wrong = row_judge(c, row);
    if (wrong == NULL)
        return;
    f->lost++;
    printf("document %s of %s (%s): its octets %s (blob %s)\n", row->unique_id, row->owner, row->table, wrong,
           row->sha256);
    struct lost *l = ARENA_NEW(f->arena, struct lost);
    *l = (struct lost){ .sha256 = row->sha256, .next = c->lost };
    c->lost = l;
}

/* In the order of the blobs, so that each is read once. */
static enum rc rows_check(struct checking *c)
{
    struct db_stmt *s = db_stmt(c->db, "SELECT sha256, sha1, size, 'document', repository, unique_id FROM document"
                                       " UNION ALL SELECT sha256, sha1, size, 'pending', repository, unique_id"
                                       " FROM pending"
                                       " UNION ALL SELECT d.sha256, d.sha1, d.size, 'inbox', i.community, d.unique_id"
                                       " FROM inbox_document d JOIN inbox i ON i.id = d.inbox ORDER BY 1");
    struct arena *a = c->report->arena;
    bool is_row;

    for (;;) {
        TRY(db_step(s, &is_row));
        if (!is_row)
            return OK;
        struct row row = { .sha256 = db_text(a, s, 0),
                           .sha1 = db_text(a, s, 1),
                           .size = (uint64_t)db_int(s, 2),
                           .table = db_text(a, s, 3),
                           .owner = db_text(a, s, 4),
                           .unique_id = db_text(a, s, 5) };
        row_check(c, &row);
    }
}

/* ---- blobs of nobody ---- */

static void orphan_check(struct checking *c, const char *sha256)
{
    struct fsck *f = c->report;
    struct db_stmt *s = db_stmt(c->db, store_blob_references);
    bool is_row = true;

    f->blobs++;
    db_bind_text(s, 1, sha256);
    if (db_step(s, &is_row) != OK || is_row) {
        db_reset(s);
        return;
    }
    f->orphans++;
    printf("blob %s: no document refers to it\n", sha256);
    struct lost *l = ARENA_NEW(f->arena, struct lost);
    *l = (struct lost){ .sha256 = arena_strdup(f->arena, sha256), .next = c->orphans };
    c->orphans = l;
}

static void blob_visit(void *arg, const char *sha256, int64_t since UNUSED)
{
    orphan_check(arg, sha256);
}

/* Small ones, which are rows. */
static enum rc octets_check(struct checking *c)
{
    struct db_stmt *s = db_stmt(c->db, "SELECT sha256 FROM octets");
    bool is_row;

    for (;;) {
        TRY(db_step(s, &is_row));
        if (!is_row)
            return OK;
        orphan_check(c, db_text(c->report->arena, s, 0));
    }
}

static enum rc blobs_check(struct checking *c)
{
    TRY(octets_check(c));
    for (int shard = 0; shard < BLOB_SHARDS; shard++)
        TRY(c->blobs->each(c->blobs, shard, blob_visit, c));
    return OK;
}

/* ---- the database itself ---- */

static enum rc database_check(struct checking *c)
{
    struct db_stmt *s = db_stmt(c->db, "PRAGMA integrity_check(1)");
    bool is_row;

    TRY(db_step(s, &is_row));
    const char *verdict = is_row ? db_text(c->report->arena, s, 0) : NULL;
    db_reset(s);
    if (verdict != NULL && strcmp(verdict, "ok") == 0)
        return OK;
    log_error("the database is damaged: %s", verdict != NULL ? verdict : "it does not say how");
    return E_IO;
}

/* ---- repairing ---- */

static enum rc blob_forget(struct checking *c, const char *sha256)
{
    static const char *const forgets[] = { "DELETE FROM document WHERE sha256 = ?",
                                           "DELETE FROM pending WHERE sha256 = ?",
                                           "DELETE FROM inbox_document WHERE sha256 = ?",
                                           "DELETE FROM octets WHERE sha256 = ?" };

    for (size_t i = 0; i < ARRAY_LEN(forgets); i++) {
        struct db_stmt *s = db_stmt(c->db, forgets[i]);
        db_bind_text(s, 1, sha256);
        TRY(db_run(s));
    }
    return OK;
}

static enum rc blob_remove(struct checking *c, const char *sha256)
{
    enum rc rc = c->blobs->remove(c->blobs, sha256);

    return rc == E_NOT_FOUND ? OK : rc;
}

/* Rows first: a row without its octets is worse than octets without a row. */
static enum rc repair(struct checking *c)
{
    for (const struct lost *l = c->lost; l != NULL; l = l->next) {
        TRY(blob_forget(c, l->sha256));
        TRY(blob_remove(c, l->sha256));
    }
    for (const struct lost *l = c->orphans; l != NULL; l = l->next) {
        TRY(blob_forget(c, l->sha256));
        TRY(blob_remove(c, l->sha256));
    }
    return OK;
}

/* ---- all of it ---- */

static enum rc check(struct checking *c)
{
    TRY(database_check(c));
    TRY(rows_check(c));
    TRY(blobs_check(c));
    return c->report->repairs ? repair(c) : OK;
}

static enum rc open_and_check(struct fsck *f, const char *database)
{
    struct checking c = { .report = f };

    TRY(blobs_folder_new(arena_printf(f->arena, "%s/blobs", f->folder), &c.blobs));
    enum rc rc = db_open(database, DB_WRITE, store_schema, &c.db);
    if (rc == OK)
        rc = check(&c);
    db_close(c.db);
    c.blobs->free(c.blobs);
    return rc;
}

enum rc fsck_run(struct fsck *f)
{
    const char *database = arena_printf(f->arena, "%s/repository.db", f->folder);
    int lock;

    if (access(database, F_OK) != 0)
        return E_NOT_FOUND;
    TRY(spool_lock(f->folder, &lock));
    enum rc rc = open_and_check(f, database);
    close(lock);
    return rc;
}

/* ---- the program ---- */

static int tell(const struct fsck *f, enum rc rc)
{
    switch (rc) {
    case OK:
        break;
    case E_EXISTS:
        fprintf(stderr, "kakehashi: the repository of %s is running; `kakehashi down` first\n", f->folder);
        return EXIT_FAILURE;
    case E_NOT_FOUND:
        fprintf(stderr, "kakehashi: there is no repository in %s\n", f->folder);
        return EXIT_FAILURE;
    default:
        fprintf(stderr, "kakehashi: %s could not be checked (%s)\n", f->folder, rc_text(rc));
        return EXIT_FAILURE;
    }
    printf("%zu documents in %zu blobs, %" PRIu64 " bytes: %zu lost, %zu blobs of nobody%s\n", f->rows, f->blobs,
           f->bytes, f->lost, f->orphans,
           f->lost + f->orphans == 0 ? ""
           : f->repairs              ? "; repaired: the lost are forgotten, the others removed"
                                     : "; --repair forgets the lost and removes the others");
    return f->lost + f->orphans == 0 || f->repairs ? EXIT_SUCCESS : EXIT_FAILURE;
}

static bool word_take(int *argc, char **argv, const char *word)
{
    for (int i = 1; i < *argc; i++) {
        if (strcmp(argv[i], word) != 0)
            continue;
        memmove(argv + i, argv + i + 1, (size_t)(*argc - i) * sizeof(*argv));
        (*argc)--;
        return true;
    }
    return false;
}

int fsck_main(int argc, char **argv)
{
    struct fsck f = { .arena = arena_new() };
    struct config *config;
    int code = EXIT_FAILURE;

    log_open("kakehashi-repository", LOG_LEVEL_INFO);
    if (config_load(f.arena, &argc, argv, &config) == OK) {
        word_take(&argc, argv, "fsck");
        f.repairs = word_take(&argc, argv, "--repair");
        f.folder = arena_printf(f.arena, "%s/repository", config_text(config, CONFIG_DATA));
        if (argc > 1)
            fprintf(stderr, "kakehashi: repository fsck has no \"%s\"; it takes --repair and --data\n", argv[1]);
        else
            code = tell(&f, fsck_run(&f));
    }
    arena_free(f.arena);
    return code;
}
