#include "actor/checking.h"

#include "actor/daemon.h"
#include "actor/dispatch.h"
#include "actor/flaw.h"
#include "actor/door_mllp.h"
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

/* The community with what the command line says of single rules. */
static const struct community *community_weighed(struct checked *c, const struct community *from)
{
    struct community *own = arena_memdup(c->rq->arena, from, sizeof(*from));
    struct rule_weights *weights = ARENA_NEW(c->rq->arena, struct rule_weights);

    rule_weights_init(weights, false);
    if (from->weights != NULL)
        *weights = *from->weights;
    for (size_t i = 0; i < c->checking->weighing_count; i++)
        weights->weight[c->checking->weighings[i].rule] = (unsigned char)c->checking->weighings[i].weight;
    own->weights = weights;
    return own;
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

/* An endpoint by the message's own action; NULL when this daemon knows none. */
static const char *actor_by_action(struct checked *c, struct str envelope)
{
    struct soap_fault ignored;
    struct soap soap;

    if (soap_parse_response(c->rq->arena, envelope, &soap, &ignored) != OK || soap.action == NULL)
        return NULL;
    return dispatch_actor(c->rq->service->daemon->spec, soap.action);
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

static enum rc soap_check(struct checked *c)
{
    struct request *rq = c->rq;
    struct inbound *in;

    c->is_taken = c->actor != NULL && actor_is_ours(c);
    if (c->actor != NULL && !c->is_taken)
        return E_NOT_FOUND;
    TRY(unpack(c, &in));
    rq->is_mtom = inbound_is_mtom(in);
    rq->parts = inbound_parts(in);
    rq->actor = c->is_taken ? c->actor : actor_by_action(c, inbound_root(in));
    c->is_taken = rq->actor != NULL;
    return c->is_taken ? dispatch(rq, inbound_root(in), &c->fault) : E_NOT_FOUND;
}

static enum rc mllp_check(struct checked *c)
{
    struct mllp_message message = { .arena = c->rq->arena, .bytes = c->bytes };
    enum rc rc = door_mllp_receive(c->rq, &message);

    c->is_taken = c->rq->transaction != NULL;
    return rc;
}

static void message_judge(struct checked *c)
{
    struct request *rq = c->rq;
    const struct world *w = rq->service->daemon->world;
    const struct community *named = c->community != NULL ? world_find(w, c->community) : NULL;

    rq->is_rehearsed = true;
    rq->number = c->number;
    rq->community = community_weighed(c, named != NULL ? named : community_first(w));
    enum rc rc = strcmp(c->door, "mllp") == 0 ? mllp_check(c) : soap_check(c);
    if (rc != LATER && rc != OK && rc != E_REFUSED && rc != E_NOT_FOUND)
        rq_debug(rq, "judged as far as the store: %s", rc_text(rc));
    for (int i = 0; rq->waiting > 0 && i < 1000; i++) /* attachments on their way to the disk */
        loop_turn(rq->service->loop, 10);
}

/* ---- what is said of it ---- */

static void fault_write(struct json_writer *w, const struct soap_fault *f)
{
    jw_object(w, NULL);
    jw_text(w, "rule", rule_row(flaw_rule(f))->id);
    jw_text(w, "code", f->subcode != NULL ? f->subcode : soap_code_text(f->code));
    jw_text(w, "severity", "error");
    jw_text(w, "place", f->place);
    jw_text(w, "text", f->reason);
    jw_end_object(w);
}

static const char *code_of(struct arena *a, const struct issue *i, bool is_v2)
{
    const struct issue_row *row = issue_row(i->code);

    if (is_v2 && row->hl7v2 != 0)
        return arena_printf(a, "HL7 %d", row->hl7v2);
    return i->ebrs != NULL ? i->ebrs : row->hl7;
}

static void issue_write(struct arena *a, struct json_writer *w, const struct issue *i, bool is_v2)
{
    jw_object(w, NULL);
    jw_text(w, "rule", i->rule != RULE_NONE ? rule_row((enum rule)i->rule)->id : NULL);
    jw_text(w, "code", code_of(a, i, is_v2));
    jw_text(w, "severity", i->is_warning ? "warning" : "error");
    jw_text(w, "place", i->place);
    jw_text(w, "text", i->text);
    jw_text(w, "en", issue_row(i->code)->en);
    jw_text(w, "ja", issue_row(i->code)->ja);
    jw_end_object(w);
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
    if (c->fault.reason != NULL)
        fault_write(&w, &c->fault);
    for (const struct issue *i = rq->issues.first; i != NULL; i = i->next)
        issue_write(rq->arena, &w, i, rq->hl7v2 != NULL);
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
    while (message_check(&k))
        continue;
    return EXIT_SUCCESS;
}
