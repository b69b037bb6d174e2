/*
 * Documents on their way. A file belongs to one of a few disk threads for its whole life, so its blocks are written and
 * hashed, and it is finished, kept and forgotten, in the order in which that was asked for. What waits together is
 * synced together.
 */
#include "store/spool.h"

#include "base/arena.h"
#include "base/file.h"
#include "base/log.h"
#include "store/disk.h"
#include "store/vault.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#define DISKS        4
#define BLOCK_SIZE   ((size_t)64 * 1024) /* one write(2) and one trip through the queue for each */
#define WAITING_HIGH ((size_t)512 * 1024)
#define WAITING_LOW  ((size_t)128 * 1024)
#define FOLDER_MODE  0700
#define FILE_MODE    0600

struct spool {
    char *folder; /* FOLDER/spool */
    int lock_fd;
    struct vault *vault;
    struct disk *disks[DISKS], *vault_disk;
    atomic_uint_fast64_t files; /* made so far: the next one's number */
};

struct spool_file {
    struct spool *spool;
    struct disk *disk;
    char *path;
    struct block *block; /* being filled by the adding thread */

    void (*drained)(void *);
    void *drained_arg;
    pthread_mutex_t lock; /* of the next four */
    pthread_cond_t called;
    bool was_full, is_calling, is_dropped;
    atomic_size_t waiting; /* bytes queued; changed together with was_full, read by anybody */

    /* The disk thread's, and everybody's once finished. */
    int fd;
    enum rc rc; /* the first failure stays */
    bool is_durable, is_kept;
    uint64_t size;
    struct digest *sha1, *sha256;
    char sha1_hex[SHA1_HEX_LEN], sha256_hex[SHA256_HEX_LEN];
};

/* What a disk thread is given: bytes, or a step in the file's life. */
struct block {
    struct disk_work work;
    struct spool_file *file;
    size_t len;
    char bytes[BLOCK_SIZE];
};

struct step {
    struct disk_work work;
    struct spool_file *file;
    bool durable;
    void (*done)(void *arg, enum rc rc);
    void *arg;
};

static void *must_alloc(size_t size)
{
    void *p = malloc(size);

    if (p == NULL)
        die("out of memory (spool)");
    return p;
}

static bool is_dropped(struct spool_file *f)
{
    pthread_mutex_lock(&f->lock);
    bool dropped = f->is_dropped;
    pthread_mutex_unlock(&f->lock);
    return dropped;
}

/* False when the file is dropped: nobody may be called for it. Otherwise spool_drop waits until call_end. */
static bool call_begin(struct spool_file *f)
{
    pthread_mutex_lock(&f->lock);
    f->is_calling = !f->is_dropped;
    bool may = f->is_calling;
    pthread_mutex_unlock(&f->lock);
    return may;
}

static void call_end(struct spool_file *f)
{
    pthread_mutex_lock(&f->lock);
    f->is_calling = false;
    pthread_cond_signal(&f->called);
    pthread_mutex_unlock(&f->lock);
}

static enum rc file_open(struct spool_file *f)
{
    if (f->fd >= 0)
        return OK;
    f->fd = open(f->path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, FILE_MODE);
    return f->fd >= 0 ? OK : file_error("create", f->path);
}

static enum rc file_add(struct spool_file *f, const char *bytes, size_t len)
{
    TRY(file_open(f));
    while (len > 0) {
        ssize_t n = write(f->fd, bytes, len);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return file_error("write", f->path);
        bytes += n;
        len -= (size_t)n;
    }
    return OK;
}

/* len bytes are off the queue: tells, once for each time it was full, that the peer may go on. */
static void file_drain(struct spool_file *f, size_t len)
{
    pthread_mutex_lock(&f->lock);
    f->waiting -= len;
    bool tell = f->was_full && f->waiting < WAITING_LOW;
    if (tell)
        f->was_full = false;
    pthread_mutex_unlock(&f->lock);

    if (tell && f->drained != NULL && call_begin(f)) {
        f->drained(f->drained_arg);
        call_end(f);
    }
}

static void block_run(struct disk_work *w)
{
    struct block *b = (struct block *)w;
    struct spool_file *f = b->file;

    if (f->rc == OK && !is_dropped(f)) {
        f->rc = file_add(f, b->bytes, b->len);
        digest_add(f->sha1, b->bytes, b->len);
        digest_add(f->sha256, b->bytes, b->len);
        f->size += b->len;
    }
    file_drain(f, b->len);
    free(b);
}

/* done(rc) unless the file is dropped; the step is over. True when it was told. */
static bool step_end(struct step *s, enum rc rc)
{
    bool may = call_begin(s->file);

    if (may) {
        s->done(s->arg, rc);
        call_end(s->file);
    }
    free(s);
    return may;
}

/* What a disk thread does with all that came together, one after the other (disk_defer). */
enum phase { PHASE_SYNC, PHASE_PLACE, PHASE_SETTLE, PHASE_DROP };

static void finish_end(struct disk_work *w)
{
    struct step *s = (struct step *)w;
    struct spool_file *f = s->file;

    if (f->rc == OK && s->durable && !is_dropped(f)) {
        f->is_durable = fdatasync(f->fd) == 0;
        f->rc = f->is_durable ? OK : file_error("sync", f->path);
    }
    digest_hex(f->sha1, f->sha1_hex);
    digest_hex(f->sha256, f->sha256_hex);
    step_end(s, f->rc);
}

/* The disk gets to work on it while others are still being written. */
static void finish_run(struct disk_work *w)
{
    struct step *s = (struct step *)w;
    struct spool_file *f = s->file;

    if (f->rc == OK)
        f->rc = file_open(f); /* a file of no bytes is a file */
    if (f->rc == OK && s->durable && !is_dropped(f))
        sync_file_range(f->fd, 0, 0, SYNC_FILE_RANGE_WRITE); /* a hint: fdatasync tells of failures */
    w->run = finish_end;
    disk_defer(f->disk, w, PHASE_SYNC);
}

static void keep_settle(struct disk_work *w)
{
    struct step *s = (struct step *)w;
    struct spool_file *f = s->file;
    struct vault *vault = f->spool->vault;
    enum rc rc = vault_settle(vault, f->sha256_hex);

    if (!step_end(s, rc) && rc == OK) /* nobody will unpin it */
        vault_unpin(vault, f->sha256_hex);
}

static enum rc file_place(struct spool_file *f)
{
    TRY(f->rc);
    if (!f->is_durable)
        die("spool: only what was finished durably can be kept");
    TRY(vault_place(f->spool->vault, f->path, f->sha256_hex));
    f->is_kept = true;
    return OK;
}

static void keep_place(struct disk_work *w)
{
    struct step *s = (struct step *)w;
    enum rc rc = is_dropped(s->file) ? E_CANCELLED : file_place(s->file);

    if (rc != OK) {
        step_end(s, rc);
        return;
    }
    w->run = keep_settle;
    disk_defer(s->file->disk, w, PHASE_SETTLE);
}

static void keep_run(struct disk_work *w)
{
    w->run = keep_place;
    disk_defer(((struct step *)w)->file->disk, w, PHASE_PLACE);
}

static void file_free(struct disk_work *w)
{
    struct spool_file *f = ((struct step *)w)->file;

    if (f->fd >= 0)
        close(f->fd);
    if (f->fd >= 0 && !f->is_kept && unlink(f->path) != 0 && errno != ENOENT) /* a keep that failed half-way moved it */
        file_error("remove", f->path);
    digest_free(f->sha1);
    digest_free(f->sha256);
    pthread_cond_destroy(&f->called);
    pthread_mutex_destroy(&f->lock);
    free(f->path);
    free(f);
    free(w);
}

static void drop_run(struct disk_work *w)
{
    w->run = file_free;
    disk_defer(((struct step *)w)->file->disk, w, PHASE_DROP);
}

static void step_queue(struct spool_file *f, const struct step *step)
{
    struct step *s = must_alloc(sizeof(*s));

    *s = *step;
    s->file = f;
    disk_queue(f->disk, &s->work);
}

static enum rc folder_empty(struct arena *a, const char *folder)
{
    char **names;
    size_t count;

    TRY(file_list(a, folder, ".tmp", &names, &count));
    for (size_t i = 0; i < count; i++) {
        const char *path = arena_printf(a, "%s/%s", folder, names[i]);
        if (unlink(path) != 0)
            return file_error("remove", path);
    }
    return OK;
}

enum rc spool_lock(const char *folder, int *fd)
{
    struct arena *a = arena_new();
    const char *path = arena_printf(a, "%s/spool", folder);
    enum rc rc = file_mkdirs(path, FOLDER_MODE);

    if (rc == OK) {
        *fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
        if (*fd < 0) {
            rc = file_error("open folder", path);
        } else if (flock(*fd, LOCK_EX | LOCK_NB) != 0) {
            rc = errno == EWOULDBLOCK ? E_EXISTS : file_error("lock", path);
            close(*fd);
        }
    }
    arena_free(a);
    return rc;
}

/* What was made must be found again after a power cut. */
static enum rc folders_sync(struct arena *a, const char *folder)
{
    TRY(folder_empty(a, arena_printf(a, "%s/spool", folder)));
    TRY(file_sync_folder(folder));
    return file_sync_folder(arena_printf(a, "%s/..", folder));
}

static enum rc folder_open(struct spool *s, const char *folder)
{
    struct arena *a = arena_new();
    enum rc rc = spool_lock(folder, &s->lock_fd);

    if (rc == E_EXISTS)
        log_error("%s is in use by another process", folder);
    else if (rc == OK)
        rc = vault_new(folder, s->vault_disk, &s->vault);
    if (rc == OK)
        rc = folders_sync(a, folder);
    arena_free(a);
    return rc;
}

enum rc spool_start(const char *folder, struct spool **out)
{
    struct spool *s = calloc(1, sizeof(*s));

    if (s == NULL || asprintf(&s->folder, "%s/spool", folder) < 0)
        die("out of memory (spool)");
    s->lock_fd = -1;
    s->vault_disk = disk_start();
    for (int i = 0; i < DISKS; i++)
        s->disks[i] = disk_start();
    enum rc rc = folder_open(s, folder);
    if (rc == OK)
        *out = s;
    else
        spool_stop(s);
    return rc;
}

void spool_stop(struct spool *s)
{
    if (s == NULL)
        return;
    if (s->vault != NULL)
        vault_stop_sweeping(s->vault);
    for (int i = 0; i < DISKS; i++)
        disk_stop(s->disks[i]);
    disk_stop(s->vault_disk);
    if (s->vault != NULL)
        vault_free(s->vault);
    if (s->lock_fd >= 0)
        close(s->lock_fd);
    free(s->folder);
    free(s);
}

struct spool_file *spool_create(struct spool *s, void (*drained)(void *), void *arg)
{
    struct spool_file *f = calloc(1, sizeof(*f));
    uint64_t number = atomic_fetch_add(&s->files, 1);

    if (f == NULL || asprintf(&f->path, "%s/%llu.tmp", s->folder, (unsigned long long)number) < 0)
        die("out of memory (spool)");
    f->spool = s;
    f->disk = s->disks[number % DISKS];
    f->drained = drained;
    f->drained_arg = arg;
    pthread_mutex_init(&f->lock, NULL);
    pthread_cond_init(&f->called, NULL);
    f->fd = -1;
    f->sha1 = digest_new(DIGEST_SHA1);
    f->sha256 = digest_new(DIGEST_SHA256);
    return f;
}

static void block_new(struct spool_file *f)
{
    f->block = must_alloc(sizeof(*f->block));
    f->block->work.run = block_run;
    f->block->file = f;
    f->block->len = 0;
}

static void block_flush(struct spool_file *f)
{
    if (f->block == NULL)
        return;
    pthread_mutex_lock(&f->lock);
    f->waiting += f->block->len;
    f->was_full = f->was_full || f->waiting > WAITING_HIGH;
    pthread_mutex_unlock(&f->lock);
    disk_queue(f->disk, &f->block->work);
    f->block = NULL;
}

void spool_add(struct spool_file *f, struct str bytes)
{
    while (bytes.len > 0) {
        if (f->block == NULL)
            block_new(f);
        size_t n = MIN(bytes.len, BLOCK_SIZE - f->block->len);
        memcpy(f->block->bytes + f->block->len, bytes.data, n);
        f->block->len += n;
        bytes.data += n;
        bytes.len -= n;
        if (f->block->len == BLOCK_SIZE)
            block_flush(f);
    }
}

bool spool_is_full(const struct spool_file *f)
{
    return atomic_load(&f->waiting) > WAITING_HIGH;
}

void spool_finish(struct spool_file *f, bool durable, void (*done)(void *arg, enum rc rc), void *arg)
{
    block_flush(f);
    step_queue(f, &(struct step){ .work.run = finish_run, .durable = durable, .done = done, .arg = arg });
}

void spool_keep(struct spool_file *f, void (*done)(void *arg, enum rc rc), void *arg)
{
    step_queue(f, &(struct step){ .work.run = keep_run, .done = done, .arg = arg });
}

void spool_drop(struct spool_file *f)
{
    if (f == NULL)
        return;
    free(f->block);
    pthread_mutex_lock(&f->lock);
    f->is_dropped = true;
    while (f->is_calling && !disk_is_current(f->disk))
        pthread_cond_wait(&f->called, &f->lock);
    pthread_mutex_unlock(&f->lock);
    step_queue(f, &(struct step){ .work.run = drop_run });
}

uint64_t spool_size(const struct spool_file *f)
{
    return f->size;
}

const char *spool_sha1(const struct spool_file *f)
{
    return f->sha1_hex;
}

const char *spool_sha256(const struct spool_file *f)
{
    return f->sha256_hex;
}

int spool_fd(const struct spool_file *f)
{
    return f->fd;
}

struct vault *spool_vault(const struct spool *s)
{
    return s->vault;
}
