#include "actor/checking.h"

#include "actor/checking_answer.h"

#include "actor/daemon.h"
#include "actor/dispatch.h"
#include "actor/flaw.h"
#include "actor/door_mllp.h"
#include "wire/hl7v2.h"
#include "wire/json.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LINE_MAX_BYTES 2048

struct weighing {
    enum rule rule;
    enum rule_weight weight;
};

struct checking {
    struct service *service;
    const struct weighing *weighings;
    size_t weighing_count;
};

/* One message. */
struct checked {
    struct checking *checking;
    struct request *rq;
    const char *community, *actor, *door, *content_type;
    int number;
    struct str bytes;
    struct soap_fault fault; /* reason NULL: there is none */
    bool is_answer;          /* it is known to be one */
    bool is_taken, is_over;
};

/* ---- its judgement ---- */

static void on_answer(struct request *rq, enum rc rc)
{
    struct checked *c = rq->door;

    c->is_over = rc != LATER;
}

/* Who is asked, when nobody says: the first that is a region. */
static const struct community *community_first(const struct world *w)
{
    for (size_t i = 0; i < w->count; i++) {
        if (!w->communities[i].is_backbone)
            return &w->communities[i];
    }
    return w->communities;
}

/* Every community with what the command line says of single rules; nobody else uses this world. */
static void communities_weigh(struct checking *k)
{
    struct daemon *d = k->service->daemon;
    struct community *communities = (struct community *)d->world->communities;

    for (size_t i = 0; k->weighing_count > 0 && i < d->world->count; i++) {
        struct rule_weights *weights = ARENA_NEW(d->arena, struct rule_weights);
        rule_weights_init(weights, false);
        if (communities[i].weights != NULL)
            *weights = *communities[i].weights;
        for (size_t n = 0; n < k->weighing_count; n++) {
            const struct weighing *w = &k->weighings[n];
            if (!rule_row(w->rule)->is_firm) /* a firm one stops the transaction whatever is told of it */
                weights->weight[w->rule] = (unsigned char)w->weight;
        }
        communities[i].weights = weights;
    }
}

static void on_whole(void *user, enum rc rc)
{
    struct checked *c = user;

    c->is_over = rc == OK;
}

/* E_REFUSED with c->fault when the package cannot be read. */
static enum rc unpack(struct checked *c, struct inbound **out)
{
    const struct inbound_spec spec = { .loop = c->rq->service->loop,
                                       .content_type = c->content_type,
                                       .max_message = BUF_MAX_DEFAULT };
    int status;

    TRY(inbound_new(c->rq->arena, &spec, out, &c->fault, &status));
    enum rc rc = inbound_feed(*out, c->bytes);
    if (rc == OK) {
        inbound_end(*out, on_whole, c);
        rc = c->is_over ? OK : E_REFUSED;
    }
    if (rc != OK)
        c->fault = *inbound_fault(*out, &status);
    return rc == OK ? OK : E_REFUSED;
}

static bool actor_is_ours(const struct checked *c)
{
    const struct daemon_spec *spec = c->rq->service->daemon->spec;

    for (size_t i = 0; i < spec->transaction_count; i++) {
        if (spec->transactions[i].door == DOOR_SOAP && strcmp(spec->transactions[i].actor, c->actor) == 0)
            return true;
    }
    return false;
}

/* An endpoint by the message's own action; NULL when this daemon knows none. */
static const char *actor_by_action(struct checked *c, struct str envelope)
{
    struct soap_fault ignored;
    struct soap soap;

    if (soap_parse_response(c->rq->arena, envelope, &soap, &ignored) != OK || soap.action == NULL)
        return NULL;
    return dispatch_actor(c->rq->service->daemon->spec, soap.action);
}

/* What nobody said to be an answer, and no endpoint takes as a request. */
static enum rc orphan_check(struct checked *c, struct str envelope)
{
    struct soap ignored;

    c->is_taken = answer_take(c->rq, envelope, c->is_answer, &c->fault);
    if (c->is_taken && c->fault.reason == NULL)
        answer_check(c->rq);
    else if (!c->is_taken && !c->is_answer && c->rq->soap.action == NULL)
        c->is_taken = soap_parse_request(c->rq->arena, envelope, true, &ignored, &c->fault) != OK;
    return c->is_taken ? OK : E_NOT_FOUND;
}

static enum rc soap_check(struct checked *c)
{
    struct request *rq = c->rq;
    struct inbound *in;

    if (c->actor != NULL && !actor_is_ours(c))
        return E_NOT_FOUND;
    c->is_taken = true; /* a package that cannot be read is anybody's */
    TRY(unpack(c, &in));
    rq->is_mtom = inbound_is_mtom(in);
    rq->parts = inbound_parts(in);
    if (!c->is_answer)
        rq->actor = c->actor != NULL ? c->actor : actor_by_action(c, inbound_root(in));
    return rq->actor != NULL ? dispatch(rq, inbound_root(in), &c->fault) : orphan_check(c, inbound_root(in));
}

static enum rc mllp_check(struct checked *c)
{
    struct mllp_message message = { .arena = c->rq->arena, .bytes = c->bytes };
    enum rc rc = door_mllp_receive(c->rq, &message);

    c->is_taken = c->rq->transaction != NULL || strcmp(c->rq->stage, "envelope") == 0; /* it could not be read */
    if (!answer_is_hl7v2(c->rq))
        return rc;
    c->is_taken = true;
    c->rq->issues = (struct issue_list){ 0 }; /* as a request it is none */
    answer_check_hl7v2(c->rq);
    return OK;
}

static void message_judge(struct checked *c)
{
    struct request *rq = c->rq;
    const struct world *w = rq->service->daemon->world;
    const struct community *named = c->community != NULL ? world_find(w, c->community) : NULL;

    rq->is_rehearsed = true;
    rq->number = c->number;
    rq->community = named != NULL ? named : community_first(w);
    enum rc rc = strcmp(c->door, "mllp") == 0 ? mllp_check(c) : soap_check(c);
    if (rc != LATER && rc != OK && rc != E_REFUSED && rc != E_NOT_FOUND)
        rq_debug(rq, "judged as far as the store: %s", rc_text(rc));
    for (int i = 0; rq->waiting > 0 && i < 1000; i++) /* attachments on their way to the disk */
        loop_turn(rq->service->loop, 10);
}

/* ---- what is said of it ---- */

/* What the command line says of a rule, or what it weighs already. */
static enum rule_weight weight_told(const struct checking *k, enum rule rule, bool is_warning)
{
    for (size_t i = k->weighing_count; i-- > 0;) {
        if (k->weighings[i].rule == rule)
            return k->weighings[i].weight;
    }
    return is_warning ? RULE_WARN : RULE_ERROR;
}

struct finding {
    enum rule rule;
    bool is_warning;
    const char *code, *place, *text;
    enum issue_code issue; /* what it means, when it is no rule's */
};

/* What a rule's refusal says behind its text is told apart here. */
static const char *text_alone(struct arena *a, const struct finding *f)
{
    const struct rule_row *row = rule_row(f->rule);
    const char *tail = f->rule == RULE_NONE ? "" : arena_printf(a, " (%s, %s)", row->id, row->section);
    size_t n = strlen(f->text), t = strlen(tail);

    return t > 0 && n > t && strcmp(f->text + n - t, tail) == 0 ? arena_strndup(a, f->text, n - t) : f->text;
}

static void finding_write(const struct checked *c, struct json_writer *w, const struct finding *f)
{
    const struct rule_row *row = f->rule == RULE_NONE ? NULL : rule_row(f->rule);
    enum rule_weight weight = weight_told(c->checking, f->rule, f->is_warning);

    if (weight == RULE_OFF)
        return;
    jw_object(w, NULL);
    jw_text(w, "rule", row != NULL ? row->id : NULL);
    jw_text(w, "section", row != NULL ? row->section : NULL);
    jw_text(w, "code", f->code);
    jw_text(w, "severity", weight == RULE_WARN ? "warning" : "error");
    jw_text(w, "place", f->place);
    jw_text(w, "text", text_alone(c->rq->arena, f));
    jw_text(w, "en", row != NULL ? row->en : issue_row(f->issue)->en);
    jw_text(w, "ja", row != NULL ? row->ja : issue_row(f->issue)->ja);
    jw_end_object(w);
}

static const char *code_of(const struct checked *c, const struct issue *i)
{
    const struct issue_row *row = issue_row(i->code);

    if (c->rq->hl7v2 != NULL && row->hl7v2 != 0)
        return arena_printf(c->rq->arena, "HL7 %d", row->hl7v2);
    return i->ebrs != NULL ? i->ebrs : row->hl7;
}

static void findings_write(const struct checked *c, struct json_writer *w)
{
    const struct soap_fault *f = &c->fault;

    if (f->reason != NULL)
        finding_write(c, w,
                      &(struct finding){ .rule = flaw_rule(f),
                                         .code = f->subcode != NULL ? f->subcode : soap_code_text(f->code),
                                         .place = f->place,
                                         .text = f->reason,
                                         .issue = ISSUE_TOLD });
    for (const struct issue *i = c->rq->issues.first; i != NULL; i = i->next)
        finding_write(c, w,
                      &(struct finding){ .rule = (enum rule)i->rule,
                                         .is_warning = i->is_warning,
                                         .code = code_of(c, i),
                                         .place = i->place,
                                         .text = i->text,
                                         .issue = i->code });
}

static void judgement_write(const struct checked *c)
{
    const struct request *rq = c->rq;
    struct buf *out = buf_new(rq->arena, BUF_MAX_DEFAULT);
    struct json_writer w;

    jw_init(&w, out, false);
    jw_object(&w, NULL);
    jw_bool(&w, "taken", c->is_taken);
    jw_text(&w, "transaction", rq->transaction != NULL ? rq->transaction->id : NULL);
    jw_text(&w, "name", rq->transaction != NULL ? rq->transaction->name : NULL);
    jw_text(&w, "community", rq->community != NULL ? rq->community->key : NULL);
    jw_bool(&w, "needsStore", strcmp(rq->stage, "store") == 0 || strcmp(rq->stage, "encode") == 0);
    jw_list(&w, "findings");
    findings_write(c, &w);
    jw_end_list(&w);
    jw_end_object(&w);
    fwrite(out->data, 1, out->len, stdout);
    fputc('\n', stdout);
    fflush(stdout);
}

/* ---- one after the other ---- */

static char *word_take(char **line)
{
    char *word = *line, *end = word + strcspn(word, " ");

    *line = *end == '\0' ? end : end + 1;
    *end = '\0';
    return strcmp(word, "-") == 0 ? NULL : word;
}

/* False at the end, or when what comes is no frame. */
static bool message_read(struct arena *a, struct checked *c)
{
    char *line = arena_alloc(a, LINE_MAX_BYTES);

    if (fgets(line, LINE_MAX_BYTES, stdin) == NULL)
        return false;
    line[strcspn(line, "\n")] = '\0';
    const char *length = word_take(&line);
    c->community = word_take(&line);
    c->actor = word_take(&line);
    const char *number = word_take(&line);
    c->door = word_take(&line);
    c->content_type = line;
    c->is_answer = c->door != NULL && strcmp(c->door, "answer") == 0;
    c->number = number != NULL ? (int)strtol(number, NULL, 10) : 1;
    size_t n = length != NULL ? strtoul(length, NULL, 10) : 0;
    if (c->door == NULL || n > BUF_MAX_DEFAULT)
        return false;
    char *bytes = arena_alloc(a, n + 1);
    c->bytes = (struct str){ bytes, n };
    return fread(bytes, 1, n, stdin) == n;
}

static bool message_check(struct checking *k)
{
    struct checked c = { .checking = k };

    c.rq = rq_new(k->service, on_answer, &c);
    bool is_read = message_read(c.rq->arena, &c);
    if (is_read) {
        message_judge(&c);
        judgement_write(&c);
    }
    rq_leave(c.rq);
    return is_read;
}

/* The command has read them before: what is no weighing is not ours to explain. */
static size_t weighings_read(char *const *words, struct weighing *out)
{
    size_t n = 0;

    for (; *words != NULL; words++) {
        if (rule_weighing_parse(*words, &out[n].rule, &out[n].weight))
            n++;
    }
    return n;
}

int checking_main(struct daemon *d, char *const *words)
{
    struct weighing weighings[RULE_COUNT];
    size_t count = 0;

    while (words[count] != NULL)
        count++;
    if (count > RULE_COUNT)
        return EXIT_FAILURE;
    struct checking k = { .service = &d->services[0], .weighings = weighings };
    k.weighing_count = weighings_read(words, weighings);
    communities_weigh(&k);
    while (message_check(&k))
        continue;
    return EXIT_SUCCESS;
}
