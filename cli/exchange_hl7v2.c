/*
 * ITI-8, 9, 21, 22, 30: the patient identity feeds and the queries of HL7 v2 as their client (ITI
 * TF-2: 3.8, 3.9, 3.21, 3.22, 3.30). The answer's PIDs become rows. `--charset` is MSH-18, such as "~ISO IR87"; without
 * it, UTF-8.
 */
#include "cli/exchange.h"

#include "base/arena.h"
#include "base/clock.h"
#include "base/ids.h"
#include "base/str.h"
#include "msg/hl7v2_person.h"
#include "wire/hl7v2.h"
#include "wire/hl7v2_charset.h"

#include <string.h>

#define CHARSET    "UNICODE UTF-8"
#define CONTROL_ID 12 /* characters of MSH-10: the last of a UUID */

static const char *param(const struct exchange *x, const char *name, const char *otherwise)
{
    const char *value = vars_get(&x->params, name);

    return text_absent(value) ? otherwise : value;
}

static const char *fresh_id(struct exchange *x)
{
    char uuid[IDS_UUID_LEN];

    ids_uuid(uuid);
    return arena_strndup(x->arena, uuid + (IDS_UUID_LEN - 1 - CONTROL_ID), CONTROL_ID);
}

static const char *now(struct exchange *x)
{
    char dtm[CLOCK_DTM_LEN];

    clock_dtm(clock_now(), dtm);
    return arena_printf(x->arena, "%s+0000", dtm);
}

/* MSH; the caller goes on. */
static void message_open(struct exchange *x, struct hl7v2_writer *w, const char *type, const char *event,
                         const char *structure)
{
    const struct {
        int field, component;
        const char *text;
    } fields[] = {
        { 3, 1, "KAKEHASHI" },  { 4, 1, x->from == NULL ? "USER" : x->from->key },
        { 5, 1, x->actor },     { 6, 1, x->to->key },
        { 7, 1, now(x) },       { 9, 1, type },
        { 9, 2, event },        { 9, 3, structure },
        { 10, 1, fresh_id(x) }, { 11, 1, "P" },
        { 12, 1, "2.5" },
    };

    hl7v2_writer_init(w, x->body, &hl7v2_usual_delimiters);
    hl7v2_open(w, "MSH");
    for (size_t i = 0; i < ARRAY_LEN(fields); i++)
        hl7v2_put_text(w, fields[i].field, fields[i].component, fields[i].text);
    hl7v2_put_field(w, 18, str_from(param(x, "charset", CHARSET)));
}

/* In the sets that --charset names. */
enum rc exchange_hl7v2_bytes(struct exchange *x, struct str *out)
{
    struct buf *bytes = buf_new(x->arena, BUF_MAX_DEFAULT);
    char *rest = arena_strdup(x->arena, param(x, "charset", CHARSET));
    struct hl7v2_fault fault;
    unsigned sets = 0;

    for (char *name; (name = strsep(&rest, "~")) != NULL;) {
        if (charset_declare(str_from(name), &sets) != OK)
            return exchange_fail(x, E_CONFIG, "\"%s\" is no character set spoken here; these are: %s", name,
                                 charset_names(x->arena));
    }
    if (hl7v2_encode(x->arena, sets, &hl7v2_usual_delimiters, buf_str(x->body), bytes, &fault) != OK)
        return exchange_fail(x, E_CONFIG, "%s at %s", fault.text, fault.place);
    *out = buf_str(bytes);
    return OK;
}

/* ---- ITI-8 ---- */

static struct person_name *names_of(struct exchange *x)
{
    static const struct {
        const char *use, *family, *given;
    } parts[] = { { "IDE", "family", "given" }, { "SYL", "family-kana", "given-kana" } };
    struct person_name *list = NULL, **end = &list;

    for (size_t i = 0; i < ARRAY_LEN(parts); i++) {
        if (param(x, parts[i].family, NULL) == NULL)
            continue;
        *end = ARENA_NEW(x->arena, struct person_name);
        **end = (struct person_name){ .use = parts[i].use,
                                      .family = param(x, parts[i].family, NULL),
                                      .given = param(x, parts[i].given, NULL) };
        end = &(*end)->next;
    }
    return list;
}

static enum rc ids_of(struct exchange *x, const char *name, struct patient_id **out)
{
    for (const struct var *p = vars_first(&x->params, name); p != NULL; p = vars_next(p), out = &(*out)->next) {
        *out = ARENA_NEW(x->arena, struct patient_id);
        TRY(exchange_id(x, p->value, x->to->patient_id_domain, *out));
    }
    return OK;
}

/* The patient, and behind them a visit that is none, or whoever else it is about: "MRG", "PID". */
static enum rc adt_write(struct exchange *x, const char *event, const char *other, const struct patient_id *others)
{
    struct patient p = { .names = names_of(x),
                         .gender = param(x, "gender", NULL),
                         .birth_time = param(x, "birth", NULL) };
    struct hl7v2_writer w;

    TRY(ids_of(x, "id", &p.ids));
    message_open(x, &w, "ADT", event, NULL);
    hl7v2_open(&w, "EVN");
    hl7v2_put_text(&w, 2, 1, now(x));
    hl7v2_open(&w, "PID");
    hl7v2_ids_write(&w, 3, p.ids);
    hl7v2_person_write(&w, &p);
    hl7v2_open(&w, others != NULL ? other : "PV1");
    if (others != NULL)
        hl7v2_ids_write(&w, strcmp(other, "PID") == 0 ? 3 : 1, others);
    else
        hl7v2_put_text(&w, 2, 1, "N");
    hl7v2_close(&w);
    return OK;
}

enum rc exchange_adt_encode(struct exchange *x)
{
    struct patient_id *subsumed = NULL;

    TRY(ids_of(x, "subsumes", &subsumed));
    return adt_write(x, subsumed != NULL ? "A40" : param(x, "event", "A04"), "MRG", subsumed);
}

/* ---- ITI-30 ---- */

enum rc exchange_identity_encode(struct exchange *x)
{
    struct patient_id *was = NULL, *with = NULL;

    TRY(ids_of(x, "was", &was));
    TRY(ids_of(x, "with", &with));
    if (was != NULL)
        return adt_write(x, "A47", "MRG", was);
    return adt_write(x, param(x, "event", with != NULL ? "A24" : "A28"), "PID", with);
}

/* ---- ITI-9, ITI-21 ---- */

static void query_open(struct exchange *x, struct hl7v2_writer *w, const char *event, const char *name)
{
    message_open(x, w, "QBP", event, "QBP_Q21");
    hl7v2_open(w, "QPD");
    hl7v2_put_text(w, 1, 1, name);
    hl7v2_put_text(w, 2, 1, param(x, "tag", fresh_id(x)));
}

static void domains_write(struct exchange *x, struct hl7v2_writer *w, int field)
{
    int n = 1;

    for (const struct var *p = vars_first(&x->params, "domain"); p != NULL; p = vars_next(p), n++) {
        hl7v2_put(w, field, n, 4, 2, p->value);
        hl7v2_put(w, field, n, 4, 3, "ISO");
    }
}

/* RCP with a quantity, and DSC with a pointer, where they are asked for. */
static void query_close(struct exchange *x, struct hl7v2_writer *w)
{
    const char *quantity = param(x, "quantity", NULL), *pointer = param(x, "pointer", NULL);

    hl7v2_open(w, "RCP");
    hl7v2_put_text(w, 1, 1, "I");
    hl7v2_put_text(w, 2, 1, quantity);
    hl7v2_put_text(w, 2, 2, quantity == NULL ? NULL : "RD");
    if (pointer != NULL) {
        hl7v2_open(w, "DSC");
        hl7v2_put_text(w, 1, 1, pointer);
        hl7v2_put_text(w, 2, 1, "I");
    }
    hl7v2_close(w);
}

enum rc exchange_qbp_pix_encode(struct exchange *x)
{
    struct patient_id id;
    struct hl7v2_writer w;

    TRY(exchange_id(x, param(x, "patient", ""), x->to->patient_id_domain, &id));
    query_open(x, &w, "Q23", "IHE PIX Query");
    hl7v2_ids_write(&w, 3, &(struct patient_id){ .root = id.root, .extension = id.extension });
    domains_write(x, &w, 4);
    query_close(x, &w);
    return OK;
}

static void parameter_write(struct hl7v2_writer *w, int *n, const char *name, const char *value)
{
    if (text_absent(value))
        return;
    hl7v2_put(w, 3, ++*n, 1, 1, name);
    hl7v2_put(w, 3, *n, 2, 1, value);
}

enum rc exchange_qbp_find_encode(struct exchange *x)
{
    static const struct {
        const char *field, *param;
    } parameters[] = { { "@PID.5.1", "family" }, { "@PID.5.2", "given" }, { "@PID.7", "birth" },
                       { "@PID.8", "gender" },   { "@PID.11.3", "city" }, { "@PID.13", "phone" },
                       { "@PID.18", "account" }, { "@PV1.2", "class" },   { "@PV1.3.1", "ward" },
                       { "@PV1.7.1", "doctor" }, { "@PV1.19", "visit" } };
    bool is_of_visits = strcmp(x->row->id, "ITI-22") == 0;
    const char *text = param(x, "id", NULL);
    struct patient_id id = { 0 };
    struct hl7v2_writer w;
    int n = 0;

    if (text != NULL)
        TRY(exchange_id(x, text, x->to->patient_id_domain, &id));
    query_open(x, &w, is_of_visits ? "ZV1" : "Q22", is_of_visits ? "IHE PDVQ Query" : "IHE PDQ Query");
    for (size_t i = 0; i < ARRAY_LEN(parameters); i++)
        parameter_write(&w, &n, parameters[i].field, param(x, parameters[i].param, NULL));
    parameter_write(&w, &n, "@PID.3.1", id.extension);
    parameter_write(&w, &n, "@PID.3.4.2", id.root);
    domains_write(x, &w, 8);
    query_close(x, &w);
    return OK;
}

/* ---- QCN^J01 ---- */

enum rc exchange_qcn_encode(struct exchange *x)
{
    struct hl7v2_writer w;

    message_open(x, &w, "QCN", "J01", "QCN_J01");
    hl7v2_open(&w, "QID");
    hl7v2_put_text(&w, 1, 1, param(x, "tag", NULL));
    hl7v2_put_text(&w, 2, 1, "IHE PDQ Query");
    hl7v2_close(&w);
    return OK;
}

/* ---- answers ---- */

static const char *errors_of(struct exchange *x)
{
    const struct hl7v2 *m = x->hl7v2;
    const char *all = NULL;

    for (const struct hl7v2_segment *e = hl7v2_segment(m, "ERR"); e != NULL; e = hl7v2_next(e)) {
        struct str place = hl7v2_field(m, e, 2);
        const char *text = hl7v2_text(m, e, 8, 1), *code = hl7v2_text(m, e, 3, 1);
        all = arena_printf(x->arena, "%s%s%s: %s at %.*s", all == NULL ? "" : all, all == NULL ? "" : "; ",
                           code == NULL ? "" : code, text == NULL ? "" : text, (int)place.len, place.data);
    }
    return all;
}

/* AA, or E_REFUSED with what MSA and the ERRs say. */
static enum rc msa_check(struct exchange *x, const char **code)
{
    const struct hl7v2_segment *msa = hl7v2_segment(x->hl7v2, "MSA");
    const char *text = hl7v2_text(x->hl7v2, msa, 3, 1), *errors = errors_of(x);

    *code = hl7v2_text(x->hl7v2, msa, 1, 1);
    if (*code == NULL)
        return E_SYNTAX;
    if (strcmp(*code, "AA") == 0 || strcmp(*code, "CA") == 0)
        return OK;
    return exchange_fail(x, E_REFUSED, "%s %s", *code, errors != NULL ? errors : text != NULL ? text : "");
}

enum rc exchange_ack_decode(struct exchange *x)
{
    const char *code;

    TRY(msa_check(x, &code));
    struct exchange_item *item = exchange_item_add(x);
    item->cells[0] = code;
    item->cells[1] = hl7v2_text(x->hl7v2, hl7v2_segment(x->hl7v2, "MSA"), 2, 1);
    return OK;
}

static enum rc patient_read(struct exchange *x, const struct hl7v2_segment *pid, struct patient *out)
{
    struct issue_list issues = { 0 };

    *out = (struct patient){ 0 };
    if (hl7v2_ids_read(x->arena, x->hl7v2, pid, 3, &out->ids, &issues) != OK ||
        hl7v2_person_read(x->arena, x->hl7v2, pid, out, &issues) != OK)
        return E_SYNTAX;
    return OK;
}

enum rc exchange_rsp_pix_decode(struct exchange *x)
{
    const struct hl7v2_segment *pid = hl7v2_segment(x->hl7v2, "PID");
    struct patient p = { 0 };
    const char *code;

    TRY(msa_check(x, &code));
    if (pid != NULL)
        TRY(patient_read(x, pid, &p));
    for (const struct patient_id *id = p.ids; id != NULL; id = id->next) {
        struct exchange_item *item = exchange_item_add(x);
        item->cells[0] = id->extension;
        item->cells[1] = id->root;
        item->cells[2] = id->authority;
    }
    return OK;
}

static const char *name_text(struct exchange *x, const struct person_name *name)
{
    if (name == NULL)
        return NULL;
    return arena_printf(x->arena, "%s %s", name->family == NULL ? "" : name->family,
                        name->given == NULL ? "" : name->given);
}

static void patient_item_add(struct exchange *x, const struct patient *p, const char *visit)
{
    const struct person_name *kana = patient_name(p, "SYL");
    struct exchange_item *item = exchange_item_add(x);

    item->cells[0] = p->ids->extension;
    item->cells[1] = p->ids->root;
    item->cells[2] = name_text(x, p->names);
    item->cells[3] = kana != NULL && text_equal(kana->use, "SYL") ? name_text(x, kana) : NULL;
    item->cells[4] = p->gender;
    item->cells[5] = p->birth_time;
    item->cells[7] = visit;
}

/* With the pointer to the next page on the last of them. */
enum rc exchange_rsp_find_decode(struct exchange *x)
{
    const char *code, *pointer = hl7v2_text(x->hl7v2, hl7v2_segment(x->hl7v2, "DSC"), 1, 1);
    const struct hl7v2_segment *pv1 = hl7v2_segment(x->hl7v2, "PV1"); /* of ITI-22, one behind each PID */

    TRY(msa_check(x, &code));
    for (const struct hl7v2_segment *pid = hl7v2_segment(x->hl7v2, "PID"); pid != NULL; pid = hl7v2_next(pid)) {
        struct patient p;
        TRY(patient_read(x, pid, &p));
        patient_item_add(x, &p, hl7v2_text(x->hl7v2, pv1, 19, 1));
        pv1 = pv1 == NULL ? NULL : hl7v2_next(pv1);
    }
    struct exchange_item *last = x->items;
    while (last != NULL && last->next != NULL)
        last = last->next;
    if (last != NULL)
        last->cells[6] = pointer;
    return OK;
}
