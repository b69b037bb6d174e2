/*
 * frame → envelope → dispatch → encode → send, for HL7 v2. Whatever is wrong is answered by an ACK, or by the
 * transaction's own response, that names each place (ITI TF-2: C.2.3).
 */
#include "actor/door_mllp.h"

#include "actor/consistent_time.h"
#include "actor/daemon.h"
#include "actor/flaw.h"
#include "actor/misbehave.h"
#include "base/clock.h"
#include "msg/hl7v2_ack.h"
#include "wire/hl7v2.h"

#include <string.h>

/* ---- sending ---- */

void door_mllp_refuse(struct request *rq)
{
    hl7v2_ack_encode(rq->arena, rq->hl7v2, &rq->issues, rq->reply);
}

/* One line per transaction, and the count for /metrics. */
static void account(struct request *rq)
{
    const struct issue *first = rq->issues.first;

    if (rq->issues.errors > 0)
        rq->service->refused++;
    rq_info(rq, "%s %s%s%.1f ms", hl7v2_ack_code(&rq->issues), first != NULL ? first->text : "",
            first != NULL ? " " : "", (double)(clock_ticks() - rq->started) / 1e6);
}

static void write_refusal(struct request *rq)
{
    buf_reset(rq->reply);
    if (rq->transaction != NULL)
        rq->transaction->refuse(rq);
    else
        door_mllp_refuse(rq);
}

/* In the sender's character sets. A reply that they cannot hold becomes a refusal that says which field it is about. */
static enum rc encode(struct request *rq, struct str text, struct buf *bytes)
{
    const struct hl7v2 *m = rq->hl7v2;
    struct hl7v2_fault fault;

    if (hl7v2_encode(rq->arena, m->charsets, &m->delimiters, text, bytes, &fault) == OK)
        return OK;
    rq_refuse(rq, hl7v2_issue_code(fault.code), fault.place, "the answer cannot be written: %s", fault.text);
    write_refusal(rq);
    buf_reset(bytes);
    return hl7v2_encode(rq->arena, m->charsets, &m->delimiters, buf_str(rq->reply), bytes, &fault);
}

struct sending {
    struct str bytes;
    const struct mllp_misdelivery *bad; /* NULL: as it should be */
};

static void deliver(struct request *rq, void *sending)
{
    const struct sending *s = sending;

    if (s->bad != NULL)
        mllp_reply_badly(rq->door, s->bytes, s->bad);
    else
        mllp_reply(rq->door, s->bytes);
}

static void deliver_badly(struct request *rq, struct str bytes, const struct delivery *d)
{
    struct sending *s = ARENA_NEW(rq->arena, struct sending);

    *s = (struct sending){ bytes, misbehave_mllp(rq->arena, d) };
    if (d->delay_ms > 0 && !d->is_hanging)
        misbehave_later(rq, d->delay_ms, deliver, s);
    else if (!d->is_hanging)
        deliver(rq, s);
}

static struct outgoing *misbehave_answer(struct request *rq)
{
    const struct mllp_message *m = rq->door;
    const struct str run = buf_str(rq->reply);

    return misbehave(rq, &(struct behaviour){ .runs = &run, .run_count = 1, .answered = m->bytes });
}

static void send_reply(struct request *rq)
{
    struct buf *bytes = buf_new(rq->arena, BUF_MAX_DEFAULT);
    struct outgoing *bad = misbehave_answer(rq);

    enum rc rc = encode(rq, bad != NULL ? bad->text : buf_str(rq->reply), bytes);
    account(rq);
    rq_stage(rq, "send");
    if (rc != OK || bytes->overflowed) {
        rq_error(rq, "no answer could be written in the sender's character sets");
        mllp_hang_up(rq->door);
        return;
    }
    struct str run = buf_str(bytes);
    hooks_answered(rq, &(struct hook_message){ .content_type = "application/hl7-v2",
                                               .runs = &run,
                                               .run_count = 1,
                                               .rc = rq->issues.errors > 0 ? E_REFUSED : OK,
                                               .why = rq->issues.errors > 0 ? rq->issues.first->text : NULL,
                                               .injected = bad != NULL ? bad->injected : NULL });
    if (bad != NULL)
        deliver_badly(rq, run, &bad->delivery);
    else
        deliver(rq, &(struct sending){ .bytes = run });
}

/* Our own trouble is never named as if the message were at fault. */
static void refuse_internal(struct request *rq, enum rc rc)
{
    rq->service->failed++;
    rq_error(rq, "failed with %s", rc_text(rc));
    rq_refuse(rq, rc == E_BUSY ? ISSUE_HL7_BUSY : ISSUE_HL7_INTERNAL, NULL, "%s",
              rc == E_BUSY ? "too much is waiting to be stored; try again"
              : rc == E_IO ? "the store failed; nothing of this message was kept"
                           : "an internal error; the log has the details");
}

static void answer(struct request *rq, enum rc rc)
{
    rq_stage(rq, "encode");
    if (rc == OK && rq->reply->overflowed)
        rc = E_LIMIT;
    if (rc != OK && rc != E_REFUSED)
        refuse_internal(rq, rc);
    if (rc != OK)
        write_refusal(rq);
    send_reply(rq);
}

/* ---- whose message it is, and which ---- */

static const char *msh(const struct request *rq, int field, int component)
{
    return hl7v2_text(rq->hl7v2, rq->hl7v2->segments, field, component);
}

static const struct community *community_of_oid(const struct world *w, const char *oid)
{
    const struct community *c = world_find_home(w, oid);

    return c != NULL ? c : world_find_domain(w, oid);
}

/* Where a message names a domain when its MSH-6 is not the sender's to set: the id that it is about, or asks about. */
static const struct community *community_of_patient(const struct request *rq)
{
    static const struct {
        const char *segment;
        int field;
    } places[] = { { "PID", 3 }, { "QPD", 3 }, { "QPD", 8 } };
    const struct world *w = rq->service->daemon->world;

    for (size_t i = 0; i < ARRAY_LEN(places); i++) {
        const struct hl7v2_segment *s = hl7v2_segment(rq->hl7v2, places[i].segment);
        const char *oid = hl7v2_part(rq->hl7v2, s, places[i].field, 1, 4, 2);
        const struct community *c = text_absent(oid) ? NULL : world_find_domain(w, oid);
        if (c != NULL)
            return c;
    }
    return NULL;
}

/* A key, slug or OID in MSH-6; or in MSH-5, by which a query chooses its patient information source (3.21.4.1.2.1). */
static const struct community *community_of_receiver(const struct request *rq)
{
    static const int fields[] = { 6, 5 };
    const struct world *w = rq->service->daemon->world;

    for (size_t i = 0; i < ARRAY_LEN(fields); i++) {
        const char *name = msh(rq, fields[i], 1), *oid = msh(rq, fields[i], 2);
        const struct community *c = text_absent(name) ? NULL : world_find(w, name);
        if (c == NULL && !text_absent(oid))
            c = community_of_oid(w, oid);
        if (c != NULL)
            return c;
    }
    return NULL;
}

/* Before anything is judged: how strictly that is done is the community's choice. */
static void find_community(struct request *rq)
{
    rq->community = community_of_receiver(rq);
    if (rq->community == NULL)
        rq->community = community_of_patient(rq);
}

static void check_community(struct request *rq)
{
    const char *name = msh(rq, 6, 1);

    if (rq->community == NULL)
        rq_rule(rq, RULE_V2_RECEIVER, "MSH^1^6^1^1",
                "MSH-6 \"%.40s\" names no community that lives here; it takes a key such as 0035, a slug or an OID of "
                "one (`kakehashi communities` lists them)",
                name != NULL ? name : "");
}

/* --profiles plays the networks as the survey found them: what a sheet does not tick is not there. */
static void check_profile(struct request *rq)
{
    const struct world *w = rq->service->daemon->world;
    const struct transaction *t = rq->transaction;

    if (t == NULL || rq->community == NULL || community_has(w, rq->community, t->profile))
        return;
    rq_rule(rq, RULE_V2_TYPE_KNOWN, "MSH^1^9^1^1",
            "%s belongs to the profile %s, which the sheet of %s does not tick for --profiles %s", t->id,
            profile_name(t->profile), rq->community->key, lens_name(w->lens));
}

/* "ADT^A01" of a row: the type alone, or both. */
static bool action_is(const char *action, const char *type, const char *event)
{
    size_t n = strlen(type);

    return strncmp(action, type, n) == 0 && action[n] == '^' && (event == NULL || strcmp(action + n + 1, event) == 0);
}

/* The row of a type and event; an event of NULL is any. *index says which of the row's actions. */
static const struct transaction *row_find(const struct daemon_spec *spec, const char *type, const char *event,
                                          size_t *index)
{
    for (size_t i = 0; i < spec->transaction_count; i++) {
        const struct transaction *t = &spec->transactions[i];
        for (*index = 0; t->door == DOOR_MLLP && *index < TRANSACTION_ACTIONS && t->actions[*index] != NULL; ++*index) {
            if (action_is(t->actions[*index], type, event))
                return t;
        }
    }
    return NULL;
}

/* "ADT^A01, ADT^A04 …": a refusal that teaches. */
static const char *offers(struct request *rq)
{
    const struct daemon_spec *spec = rq->service->daemon->spec;
    struct buf *text = buf_new(rq->arena, 4096);

    for (size_t i = 0; i < spec->transaction_count; i++) {
        const struct transaction *t = &spec->transactions[i];
        for (size_t k = 0; t->door == DOOR_MLLP && k < TRANSACTION_ACTIONS && t->actions[k] != NULL; k++)
            buf_printf(text, "%s%s", text->len > 0 ? ", " : "", t->actions[k]);
    }
    return buf_text(text);
}

static void check_structure(struct request *rq, const char *expected)
{
    const char *structure = msh(rq, 9, 3);

    if (rq_is_strict(rq) && !text_absent(structure) && expected != NULL && strcmp(structure, expected) != 0)
        rq_rule(rq, RULE_V2_STRUCTURE, "MSH^1^9^1^3", "the structure of %s^%s is %s, not \"%.40s\"", msh(rq, 9, 1),
                msh(rq, 9, 2), expected, structure);
}

static void find_row(struct request *rq)
{
    const struct daemon_spec *spec = rq->service->daemon->spec;
    const char *type = msh(rq, 9, 1), *event = msh(rq, 9, 2);
    size_t index;

    if (text_absent(type) || text_absent(event)) {
        rq_rule(rq, RULE_V2_TYPE_AND_EVENT, text_absent(type) ? "MSH^1^9^1^1" : "MSH^1^9^1^2",
                "MSH-9 must say type and event; here are taken: %s", offers(rq));
        return;
    }
    rq->transaction = row_find(spec, type, event, &index);
    if (rq->transaction != NULL) {
        rq->actor = rq->transaction->actor;
        check_structure(rq, rq->transaction->bodies[index]);
        return;
    }
    bool is_type_known = row_find(spec, type, NULL, &index) != NULL;
    rq_rule(rq, is_type_known ? RULE_V2_EVENT_KNOWN : RULE_V2_TYPE_KNOWN, is_type_known ? "MSH^1^9^1^2" : "MSH^1^9^1^1",
            "%.40s^%.40s is not taken here; these are: %s", type, event, offers(rq));
}

/* ---- the rest of MSH ---- */

static void check_version(struct request *rq)
{
    const char *version = msh(rq, 12, 1);
    const struct transaction *t = rq->transaction;

    if (text_absent(version)) {
        rq_rule(rq, RULE_V2_VERSION, "MSH^1^12", "MSH-12 must say the version of HL7, such as 2.5");
        return;
    }
    for (size_t i = 0; t != NULL && i < TRANSACTION_VERSIONS && t->versions[i] != NULL; i++) {
        if (strcmp(t->versions[i], version) == 0)
            return;
    }
    if (t != NULL && rq_is_strict(rq))
        rq_rule(rq, RULE_V2_VERSION_KNOWN, "MSH^1^12^1^1",
                "%s is a transaction of HL7 %s; this message is of \"%.20s\"", t->id, t->versions[0], version);
}

static void check_control(struct request *rq)
{
    const char *processing = msh(rq, 11, 1);

    if (text_absent(msh(rq, 10, 1)))
        rq_rule(rq, RULE_V2_CONTROL_ID, "MSH^1^10", "MSH-10 must hold a control id, which the answer repeats");
    if (text_absent(processing))
        rq_rule(rq, RULE_V2_PROCESSING, "MSH^1^11", "MSH-11 must be P, T or D");
    else if (strlen(processing) != 1 || strchr("PTD", processing[0]) == NULL)
        rq_rule(rq, RULE_V2_PROCESSING_KNOWN, "MSH^1^11^1^1", "MSH-11 must be P, T or D, not \"%.20s\"", processing);
}

/* ---- receiving ---- */

static enum rc read_message(struct request *rq, const struct mllp_message *mllp)
{
    struct hl7v2_fault fault = { 0 };

    rq->hl7v2 = ARENA_NEW(rq->arena, struct hl7v2);
    enum rc rc = hl7v2_parse(rq->arena, mllp->bytes, rq->hl7v2, &fault);
    if (mllp->is_cut)
        return rq_refuse(rq, ISSUE_HL7_BAD_VALUE, NULL, "the message is longer than the %lld bytes that are taken here",
                         config_number(rq->service->daemon->config, CONFIG_MAX_MESSAGE));
    if (rc != OK)
        return rq_rule(rq, flaw_rule_hl7v2(&fault), fault.place, "%s", fault.text);
    return OK;
}

/* Every fault of the header is named, not only the first. */
enum rc door_mllp_receive(struct request *rq, const struct mllp_message *mllp)
{
    rq_stage(rq, "envelope");
    TRY(read_message(rq, mllp));
    rq_stage(rq, "dispatch");
    find_community(rq);
    find_row(rq);
    check_version(rq);
    check_control(rq);
    check_community(rq);
    check_profile(rq);
    if (rq->issues.errors > 0)
        return E_REFUSED;
    TRY(consistent_time_check(rq));
    rq_stage(rq, "serve");
    return rq->transaction->serve(rq);
}

static void on_message(struct mllp_message *mllp)
{
    struct service *s = mllp->user;
    struct request *rq = rq_new(s, answer, mllp);

    mllp->user = rq;
    rq->peer = mllp->peer;
    rq->peer_subject = mllp->peer_subject;
    hooks_received(
        rq, &(struct hook_message){ .content_type = "application/hl7-v2", .runs = &mllp->bytes, .run_count = 1 });
    rq_done(rq, door_mllp_receive(rq, mllp));
}

static void on_gone(struct mllp_message *mllp, bool sent UNUSED)
{
    rq_leave(mllp->user);
}

static void on_stranger(void *user, const char *peer, const char *reason)
{
    hooks_stranger(user, &(struct hook_stranger){ "mllps", peer, reason });
}

const struct mllp_service door_mllp = { .on_message = on_message, .on_gone = on_gone, .on_stranger = on_stranger };
