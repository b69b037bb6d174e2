/*
 * One lock makes keeping, releasing and sweeping agree: a blob is placed and pinned in one step, and removed in one
 * step with the finding that nobody pinned it and no committed row refers to it. Whoever keeps octets unpins them only
 * after its row is committed, so between the two there is no moment at which a wanted blob looks unwanted.
 */
#include "store/vault.h"

#include "base/arena.h"
#include "base/digest.h"
#include "base/log.h"
#include "store/blobs.h"
#include "store/db.h"
#include "store/disk.h"
#include "store/verdicts.h"

#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define PIN_SLOTS  256
#define CHECK_STEP ((size_t)256 * 1024) /* read at once; then others have their turn */

struct pin {
    char sha256[SHA256_HEX_LEN];
    int count;
    struct pin *next;
};

struct vault {
    char *folder; /* of the blobs */
    struct blob_store *blobs;
    struct verdicts *verdicts;
    struct disk *disk;
    atomic_bool is_sweeping;
    pthread_mutex_t lock; /* of all below, and of removing */
    struct pin *pins[PIN_SLOTS];
    struct db *db; /* NULL: nobody owns it, nothing is removed */
    const char *references;
};

static void *must_alloc(size_t size)
{
    void *p = calloc(1, size);

    if (p == NULL)
        die("out of memory (vault)");
    return p;
}

/* ---- pins ---- */

static struct pin **pin_place(struct vault *v, const char *sha256)
{
    char digits[3] = { sha256[0], sha256[1], '\0' };
    struct pin **p = &v->pins[strtoul(digits, NULL, 16) % PIN_SLOTS];

    while (*p != NULL && strcmp((*p)->sha256, sha256) != 0)
        p = &(*p)->next;
    return p;
}

static void pin_add(struct vault *v, const char *sha256)
{
    struct pin **p = pin_place(v, sha256);

    if (*p == NULL) {
        *p = must_alloc(sizeof(**p));
        memcpy((*p)->sha256, sha256, SHA256_HEX_LEN);
    }
    (*p)->count++;
}

static void pin_drop(struct vault *v, const char *sha256)
{
    struct pin **p = pin_place(v, sha256), *gone = *p;

    if (gone == NULL)
        die("vault: %s is unpinned more often than pinned", sha256);
    if (--gone->count > 0)
        return;
    *p = gone->next;
    free(gone);
}

void vault_unpin(struct vault *v, const char *sha256)
{
    pthread_mutex_lock(&v->lock);
    pin_drop(v, sha256);
    pthread_mutex_unlock(&v->lock);
}

/* ---- keeping ---- */

static enum verdict verdict_of(struct vault *v, const char *sha256)
{
    enum verdict verdict = VERDICT_UNKNOWN;
    struct stat st;
    int fd;

    if (v->blobs->open(v->blobs, sha256, &fd) != OK)
        return VERDICT_UNKNOWN;
    if (fstat(fd, &st) == 0)
        verdict = verdicts_find(v->verdicts, sha256, &st);
    close(fd);
    return verdict;
}

/* What was hashed while it was written needs no second look. */
static void verdict_learn(struct vault *v, const char *sha256)
{
    struct stat st;
    int fd;

    if (v->blobs->open(v->blobs, sha256, &fd) != OK)
        return;
    if (fstat(fd, &st) == 0)
        verdicts_set(v->verdicts, sha256, &st, VERDICT_SOUND);
    close(fd);
}

/* A blob that nobody has looked at since it came is replaced by its fresh copy: it may be damaged. */
static enum rc blob_place(struct vault *v, const char *tmp, const char *sha256)
{
    if (verdict_of(v, sha256) == VERDICT_SOUND) {
        if (unlink(tmp) != 0)
            log_warn("cannot remove %s: %s", tmp, strerror(errno));
        return OK;
    }
    TRY(v->blobs->place(v->blobs, tmp, sha256));
    verdict_learn(v, sha256);
    return OK;
}

enum rc vault_place(struct vault *v, const char *tmp, const char *sha256)
{
    pthread_mutex_lock(&v->lock);
    enum rc rc = blob_place(v, tmp, sha256);
    if (rc == OK)
        pin_add(v, sha256);
    pthread_mutex_unlock(&v->lock);
    return rc;
}

/* Also when the blob was there: who put it there may not have come to that yet. */
enum rc vault_settle(struct vault *v, const char *sha256)
{
    enum rc rc = v->blobs->settle(v->blobs, sha256);

    if (rc != OK)
        vault_unpin(v, sha256);
    return rc;
}

/* ---- removing ---- */

/* What the database cannot tell is taken for wanted. */
static bool is_referred_to(struct vault *v, const char *sha256)
{
    struct db_stmt *s = db_stmt(v->db, v->references);
    bool row;

    db_bind_text(s, 1, sha256);
    if (db_step(s, &row) != OK)
        return true;
    if (row)
        db_reset(s);
    return row;
}

/* True when it went. */
static bool release(struct vault *v, const char *sha256)
{
    pthread_mutex_lock(&v->lock);
    bool goes = v->db != NULL && *pin_place(v, sha256) == NULL && !is_referred_to(v, sha256) &&
                v->blobs->remove(v->blobs, sha256) == OK;
    pthread_mutex_unlock(&v->lock);
    return goes;
}

struct release_work {
    struct disk_work work;
    struct vault *vault;
    char sha256[SHA256_HEX_LEN];
};

static void release_run(struct disk_work *w)
{
    struct release_work *r = (struct release_work *)w;

    release(r->vault, r->sha256);
    free(r);
}

void vault_release(struct vault *v, const char *sha256)
{
    struct release_work *r = must_alloc(sizeof(*r));

    if (!blob_is_name(sha256))
        die("vault: \"%s\" is no name of a blob", sha256);
    r->work.run = release_run;
    r->vault = v;
    memcpy(r->sha256, sha256, SHA256_HEX_LEN);
    disk_queue(v->disk, &r->work);
}

/* ---- sweeping: a shard at a time, so that documents in between do not wait ---- */

struct sweep_work {
    struct disk_work work;
    struct vault *vault;
    int64_t start;
    int shard;
    size_t removed;
};

static void sweep_visit(void *arg, const char *sha256, int64_t since)
{
    struct sweep_work *s = arg;

    if (since < s->start && release(s->vault, sha256))
        s->removed++;
}

static void sweep_run(struct disk_work *w)
{
    struct sweep_work *s = (struct sweep_work *)w;
    struct blob_store *blobs = s->vault->blobs;

    (void)!blobs->each(blobs, s->shard, sweep_visit, s);
    if (++s->shard < BLOB_SHARDS && atomic_load(&s->vault->is_sweeping)) {
        disk_queue(s->vault->disk, w);
        return;
    }
    if (s->removed > 0)
        log_info("%zu blobs that nothing refers to were removed", s->removed);
    free(s);
}

enum rc vault_own(struct vault *v, const char *database, const char *references)
{
    struct sweep_work *s;
    struct db *db;

    TRY(db_open(database, DB_READ, NULL, &db));
    v->db = db;
    v->references = references;
    s = must_alloc(sizeof(*s));
    s->work.run = sweep_run;
    s->vault = v;
    s->start = (int64_t)time(NULL); /* the file system's time, not the world's */
    atomic_store(&v->is_sweeping, true);
    disk_queue(v->disk, &s->work);
    return OK;
}

/* ---- all at once ---- */

struct linking {
    struct blob_store *from;
    const char *folder;
    enum rc rc;
};

static void link_visit(void *arg, const char *sha256, int64_t since UNUSED)
{
    struct linking *l = arg;

    if (l->rc == OK)
        l->rc = l->from->link(l->from, sha256, l->folder);
}

static enum rc link_all(struct blob_store *from, const char *folder)
{
    struct linking l = { .from = from, .folder = folder };

    for (int shard = 0; shard < BLOB_SHARDS; shard++)
        TRY(from->each(from, shard, link_visit, &l));
    return l.rc;
}

enum rc vault_save(struct vault *v, const char *folder)
{
    return link_all(v->blobs, folder);
}

static void first_visit(void *arg, const char *sha256, int64_t since UNUSED)
{
    char *first = arg;

    if (first[0] == '\0')
        memcpy(first, sha256, SHA256_HEX_LEN);
}

/* A folder's entries are durable together. */
static enum rc shards_settle(struct vault *v, struct blob_store *from)
{
    for (int shard = 0; shard < BLOB_SHARDS; shard++) {
        char first[SHA256_HEX_LEN] = "";
        TRY(from->each(from, shard, first_visit, first));
        if (first[0] != '\0')
            TRY(v->blobs->settle(v->blobs, first));
    }
    return OK;
}

enum rc vault_load(struct vault *v, const char *folder)
{
    struct blob_store *from;

    TRY(blobs_folder_new(folder, &from));
    enum rc rc = link_all(from, v->folder);
    if (rc == OK)
        rc = shards_settle(v, from);
    from->free(from);
    return rc;
}

static void purge_visit(void *arg, const char *sha256, int64_t since UNUSED)
{
    release(arg, sha256);
}

enum rc vault_purge(struct vault *v)
{
    for (int shard = 0; shard < BLOB_SHARDS; shard++)
        TRY(v->blobs->each(v->blobs, shard, purge_visit, v));
    return OK;
}

void vault_stop_sweeping(struct vault *v)
{
    atomic_store(&v->is_sweeping, false);
}

/* ---- reading ---- */

static enum rc damaged(const char *sha256, const char *how)
{
    log_warn("blob %s is damaged: %s", sha256, how);
    return E_IO;
}

static enum rc opened_judge(struct vault *v, const char *sha256, uint64_t size, int fd)
{
    struct stat st;

    if (fstat(fd, &st) != 0)
        return damaged(sha256, strerror(errno));
    if ((uint64_t)st.st_size != size)
        return damaged(sha256, "its size is another");
    switch (verdicts_find(v->verdicts, sha256, &st)) {
    case VERDICT_SOUND:
        return OK;
    case VERDICT_DAMAGED:
        return damaged(sha256, "its octets are others");
    case VERDICT_UNKNOWN:
        break;
    }
    return LATER;
}

enum rc vault_open(struct vault *v, const char *sha256, uint64_t size, int *fd)
{
    int opened;

    TRY(v->blobs->open(v->blobs, sha256, &opened));
    enum rc rc = opened_judge(v, sha256, size, opened);
    if (rc == OK || rc == LATER)
        *fd = opened;
    else
        close(opened);
    return rc;
}

struct check_work {
    struct disk_work work;
    struct vault *vault;
    char sha256[SHA256_HEX_LEN];
    int fd;
    uint64_t at;
    struct stat before;
    struct digest *digest;
    void (*done)(void *arg, enum rc rc);
    void *arg;
    char bytes[CHECK_STEP];
};

static bool is_unchanged(const struct stat *a, const struct stat *b)
{
    return a->st_size == b->st_size && a->st_mtim.tv_sec == b->st_mtim.tv_sec &&
           a->st_mtim.tv_nsec == b->st_mtim.tv_nsec && a->st_ctim.tv_sec == b->st_ctim.tv_sec &&
           a->st_ctim.tv_nsec == b->st_ctim.tv_nsec;
}

static enum rc check_judge(struct check_work *c)
{
    char sha256[SHA256_HEX_LEN];
    struct stat after;

    digest_hex(c->digest, sha256);
    bool is_sound = strcmp(sha256, c->sha256) == 0;
    if (fstat(c->fd, &after) == 0 && is_unchanged(&c->before, &after))
        verdicts_set(c->vault->verdicts, c->sha256, &after, is_sound ? VERDICT_SOUND : VERDICT_DAMAGED);
    return is_sound ? OK : damaged(c->sha256, "its octets are others");
}

static void check_end(struct check_work *c, enum rc rc)
{
    digest_free(c->digest);
    c->done(c->arg, rc);
    free(c);
}

static void check_run(struct disk_work *w)
{
    struct check_work *c = (struct check_work *)w;
    ssize_t n = pread(c->fd, c->bytes, sizeof(c->bytes), (off_t)c->at);

    if (n < 0 && errno != EINTR) {
        check_end(c, damaged(c->sha256, strerror(errno)));
        return;
    }
    if (n == 0) {
        check_end(c, check_judge(c));
        return;
    }
    if (n > 0) {
        digest_add(c->digest, c->bytes, (size_t)n);
        c->at += (uint64_t)n;
    }
    disk_queue(c->vault->disk, w);
}

void vault_check(struct vault *v, const char *sha256, int fd, void (*done)(void *arg, enum rc rc), void *arg)
{
    struct check_work *c = must_alloc(sizeof(*c));

    c->work.run = check_run;
    c->vault = v;
    memcpy(c->sha256, sha256, SHA256_HEX_LEN);
    c->fd = fd;
    c->digest = digest_new(DIGEST_SHA256);
    c->done = done;
    c->arg = arg;
    if (fstat(fd, &c->before) != 0)
        memset(&c->before, 0, sizeof(c->before));
    disk_queue(v->disk, &c->work);
}

/* ---- its life ---- */

enum rc vault_new(const char *folder, struct disk *disk, struct vault **out)
{
    struct arena *a = arena_new();
    char *own = strdup(arena_printf(a, "%s/blobs", folder));
    struct blob_store *blobs;

    arena_free(a);
    if (own == NULL)
        die("out of memory (vault)");
    enum rc rc = blobs_folder_new(own, &blobs);
    if (rc != OK) {
        free(own);
        return rc;
    }
    struct vault *v = must_alloc(sizeof(*v));
    v->folder = own;
    v->blobs = blobs;
    v->verdicts = verdicts_new();
    v->disk = disk;
    pthread_mutex_init(&v->lock, NULL);
    *out = v;
    return OK;
}

void vault_free(struct vault *v)
{
    for (size_t i = 0; i < PIN_SLOTS; i++) {
        for (struct pin *p = v->pins[i], *next; p != NULL; p = next) {
            next = p->next;
            free(p);
        }
    }
    db_close(v->db);
    verdicts_free(v->verdicts);
    v->blobs->free(v->blobs);
    free(v->folder);
    pthread_mutex_destroy(&v->lock);
    free(v);
}
