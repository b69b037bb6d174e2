/*
 * ITI-41 Provide and Register Document Set-b (XDR Document Source -> Document Recipient). ITI TF-2: 3.41.4.1.3.1. What
 * was acknowledged is in the inbox, octets and metadata, whatever happens next.
 */
#include "base/clock.h"
#include "msg/registry_response.h"
#include "repository/deposit.h"
#include "repository/recipient.h"
#include "repository/repository.h"
#include "repository/store.h"
#include "wire/xml.h"

struct reception {
    struct provide message;
    struct deposit *deposits;
    struct inbox_submission submission;
};

/* ---- what the inbox keeps of it ---- */

static const char *lines_of(struct arena *a, const struct text_list *texts)
{
    const char *lines = NULL;

    for (; texts != NULL; texts = texts->next)
        lines = lines != NULL ? arena_printf(a, "%s\n%s", lines, texts->text) : texts->text;
    return lines;
}

static struct inbox_document *documents_of(struct arena *a, const struct deposit *deposits)
{
    struct inbox_document *first = NULL, **tail = &first;

    for (const struct deposit *d = deposits; d != NULL; d = d->next) {
        struct stored_document *stored = ARENA_NEW(a, struct stored_document);
        *stored = deposit_document(d);
        *tail = ARENA_NEW(a, struct inbox_document);
        **tail = (struct inbox_document){ .stored = stored, .title = d->entry->title };
        tail = &(*tail)->next;
    }
    return first;
}

static enum rc submission_fill(struct request *rq, struct reception *r)
{
    const struct submission_set *set = r->message.submit.submission.sets;
    struct buf *metadata = buf_new(rq->arena, BUF_MAX_DEFAULT);
    char *now = arena_alloc(rq->arena, CLOCK_DTM_LEN);

    clock_dtm(clock_now(), now);
    xml_write_node(metadata, r->message.submit.request);
    r->submission = (struct inbox_submission){ .community = rq->community->key,
                                               .received = now,
                                               .unique_id = set->unique_id,
                                               .source_id = set->source_id,
                                               .patient_id = set->patient_id,
                                               .title = set->title,
                                               .recipients = lines_of(rq->arena, set->intended_recipients),
                                               .is_limited = set->is_limited,
                                               .metadata = buf_str(metadata) };
    if (!metadata->overflowed)
        return OK;
    return rq_refuse(rq, ISSUE_XDS_REPOSITORY_OUT_OF_RESOURCES, NULL,
                     "the metadata of this submission is more than the inbox takes at once");
}

/* ---- keeping ---- */

static enum rc reception_write(struct db *db, struct request *rq)
{
    const struct reception *r = rq->state;

    return store_inbox_add(db, &r->submission);
}

static void on_written(struct request *rq, enum rc rc)
{
    const struct reception *r = rq->state;
    struct registry_response response = { .status = REGISTRY_SUCCESS, .issues = rq->issues };

    if (rc == OK) {
        deposits_settle(r->deposits);
        registry_response_encode(&response, rq->reply);
    }
    rq_done(rq, rc);
}

static enum rc reception_keep(struct request *rq)
{
    struct reception *r = rq->state;

    r->submission.documents = documents_of(rq->arena, r->deposits);
    return rq_write(rq, reception_write, on_written);
}

static void on_kept(struct request *rq, enum rc rc)
{
    rq_done(rq, rc == OK ? reception_keep(rq) : rc);
}

enum rc iti41_document_recipient(struct request *rq)
{
    struct reception *r = ARENA_NEW(rq->arena, struct reception);
    const struct submission *s = &r->message.submit.submission;

    TRY(provide_decode(rq->arena, rq->body, &r->message, &rq->issues));
    recipient_check(rq, s);
    TRY(deposits_check(rq, &r->message, &r->deposits));
    recipient_warn(rq, s);
    TRY(submission_fill(rq, r));
    rq->state = r;
    TRY(deposits_keep(rq, r->deposits, on_kept));
    return reception_keep(rq); /* metadata alone */
}
