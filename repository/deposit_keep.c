/*
 * Octets go to rest on the spool's disk threads, all documents of a submission side by side; each one's end is posted
 * to the request's loop, which counts.
 */
#include "actor/daemon.h"
#include "base/digest.h"
#include "repository/deposit.h"
#include "store/vault.h"

struct keeping {
    struct request *rq;
    struct deposit *deposits;
    int under_way;
    enum rc rc; /* the first failure stays */
    void (*then)(struct request *rq, enum rc rc);
};

/* One file on its way; several deposits may share an attachment. */
struct resting {
    struct keeping *keeping;
    struct deposit *deposit;
    struct spool_file *file; /* NULL once dropped */
    enum rc rc;
    bool is_pinned;
};

static void resting_drop(void *arg)
{
    struct resting *r = arg;

    spool_drop(r->file);
    r->file = NULL;
}

static void resting_unpin(void *arg)
{
    struct resting *r = arg;
    struct vault *vault = spool_vault(rq_spool(r->keeping->rq));

    if (!r->is_pinned)
        return;
    vault_unpin(vault, r->deposit->sha256);
    if (!r->deposit->is_settled)
        vault_release(vault, r->deposit->sha256);
}

static void deposits_name(struct keeping *k, const struct deposit *kept, const char *sha256)
{
    for (struct deposit *d = k->deposits; d != NULL; d = d->next)
        if (d == kept || (d->part != NULL && d->part == kept->part))
            d->sha256 = sha256;
}

static void rested(void *arg)
{
    struct resting *r = arg;
    struct keeping *k = r->keeping;

    r->is_pinned = r->rc == OK;
    if (r->is_pinned)
        deposits_name(k, r->deposit, arena_strdup(k->rq->arena, spool_sha256(r->file)));
    else
        k->rc = r->rc;
    if (!rq_release(k->rq))
        return;
    resting_drop(r);
    if (--k->under_way == 0)
        k->then(k->rq, k->rc);
}

/* On the disk thread; rq is held, so it is there. */
static void on_kept(void *arg, enum rc rc)
{
    struct resting *r = arg;

    r->rc = rc;
    loop_post(r->keeping->rq->service->loop, rested, r);
}

/* What went wrong here comes back from spool_keep. */
static void on_finished(void *arg UNUSED, enum rc rc UNUSED)
{
}

/* The attachment's own file, now ours, or a new one for octets in memory. */
static struct spool_file *file_of(struct request *rq, struct deposit *d)
{
    struct spool_file *file;

    if (d->part != NULL && d->part->file != NULL) {
        file = d->part->file;
        d->part->file = NULL;
        return file;
    }
    file = spool_create(rq_spool(rq), NULL, NULL);
    spool_add(file, d->bytes);
    spool_finish(file, true, on_finished, NULL);
    return file;
}

static bool is_shared_with_earlier(const struct deposit *first, const struct deposit *d)
{
    for (; first != d; first = first->next)
        if (d->part != NULL && first->part == d->part)
            return true;
    return false;
}

static void deposit_rest(struct keeping *k, struct deposit *d)
{
    struct resting *r = ARENA_NEW(k->rq->arena, struct resting);

    *r = (struct resting){ .keeping = k, .deposit = d, .file = file_of(k->rq, d) };
    arena_defer(k->rq->arena, resting_unpin, r);
    arena_defer(k->rq->arena, resting_drop, r);
    k->under_way++;
    rq_hold(k->rq);
    spool_keep(r->file, on_kept, r);
}

/* What is in memory and small needs no file. */
static void deposit_name(struct request *rq, struct deposit *d)
{
    char *sha256;

    d->is_small = (d->part == NULL || d->part->file == NULL) && d->size <= STORE_SMALL_MAX;
    if (!d->is_small)
        return;
    sha256 = arena_alloc(rq->arena, SHA256_HEX_LEN);
    sha256_hex(d->bytes, sha256);
    d->sha256 = sha256;
}

enum rc deposits_keep(struct request *rq, struct deposit *deposits, void (*then)(struct request *rq, enum rc rc))
{
    struct keeping *k = ARENA_NEW(rq->arena, struct keeping);

    *k = (struct keeping){ .rq = rq, .deposits = deposits, .then = then };
    for (struct deposit *d = deposits; d != NULL; d = d->next) {
        deposit_name(rq, d);
        if (!d->is_small && !is_shared_with_earlier(deposits, d))
            deposit_rest(k, d);
    }
    return k->under_way > 0 ? LATER : OK;
}

void deposits_settle(struct deposit *deposits)
{
    for (struct deposit *d = deposits; d != NULL; d = d->next)
        d->is_settled = true;
}

struct stored_document deposit_document(const struct deposit *d)
{
    return (struct stored_document){ .unique_id = d->entry->unique_id,
                                     .mime_type = d->entry->mime_type,
                                     .sha1 = d->sha1,
                                     .sha256 = d->sha256,
                                     .size = d->size,
                                     .octets = d->is_small ? d->bytes : (struct str){ NULL, 0 } };
}
