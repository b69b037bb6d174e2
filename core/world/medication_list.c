/* The document is fixtures/documents/cda-medication-list.xml; here is what only it says. */
#include "world/medication_list.h"

#include "world/paper.h"

#include "base/arena.h"
#include "base/digest.h"
#include "base/ids.h"
#include "base/str.h"
#include "model/oid.h"
#include "msg/hl7v2_person.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define HOT9_OID "1.2.392.200119.4.403.1"
#define PID_LAST 30

struct medication_list {
    const struct community *community;
    const struct medicine_order **orders; /* each medicine once, the one ordered last first */
    const struct document_entry **unread; /* prescriptions that say nothing to us */
    unsigned order_count, unread_count;
    const char *as_of; /* creationTime of the newest prescription; NULL: there is none */
};

/* ---- what the prescriptions come to ---- */

static const char *time_of(const struct prescription *p)
{
    return p->entry->creation_time != NULL ? p->entry->creation_time : "";
}

/* The newest first; of equal times by uniqueId, so that the order of the answer that named them does not matter. */
static int by_time(const void *a, const void *b)
{
    const struct prescription *one = *(const struct prescription *const *)a;
    const struct prescription *other = *(const struct prescription *const *)b;
    int order = strcmp(time_of(other), time_of(one));

    return order != 0 ? order : strcmp(one->entry->unique_id, other->entry->unique_id);
}

static const struct prescription **sorted(struct arena *a, const struct prescription *first, size_t *count)
{
    size_t n = 0;

    for (const struct prescription *p = first; p != NULL; p = p->next)
        n++;
    const struct prescription **all = ARENA_ARRAY(a, const struct prescription *, n + 1);
    *count = n;
    for (n = 0; first != NULL; first = first->next)
        all[n++] = first;
    qsort(all, n, sizeof(*all), by_time);
    return all;
}

/* By its code; what has none, by its name. */
static bool is_same(const struct medicine_order *one, const struct medicine_order *other)
{
    if (one->code != NULL && other->code != NULL)
        return text_equal(one->code, other->code) && text_equal(one->system, other->system);
    return one->code == other->code && text_equal(one->name, other->name);
}

static bool has_order(const struct medication_list *l, const struct medicine_order *o)
{
    for (unsigned i = 0; i < l->order_count; i++) {
        if (is_same(l->orders[i], o))
            return true;
    }
    return false;
}

static void prescription_add(struct arena *a, struct medication_list *l, const struct prescription *p)
{
    struct medicine_order *first;

    if (prescription_read(a, p, &first) != OK) {
        l->unread[l->unread_count++] = p->entry;
        return;
    }
    for (struct medicine_order *o = first; o != NULL && l->order_count < PRESCRIPTION_ORDERS_MAX; o = o->next) {
        if (has_order(l, o))
            continue;
        if (o->from == NULL && p->entry->creation_time != NULL)
            o->from = arena_strndup(a, p->entry->creation_time, 8);
        l->orders[l->order_count++] = o;
    }
}

static void list_build(struct arena *a, const struct prescription *first, struct medication_list *l)
{
    size_t count;
    const struct prescription **all = sorted(a, first, &count);

    l->orders = ARENA_ARRAY(a, const struct medicine_order *, PRESCRIPTION_ORDERS_MAX);
    l->unread = ARENA_ARRAY(a, const struct document_entry *, count + 1);
    l->as_of = count > 0 ? all[0]->entry->creation_time : NULL;
    for (size_t i = 0; i < count; i++)
        prescription_add(a, l, all[i]);
}

/* ---- whose it is: sourcePatientInfo is a PID segment in pieces (ITI TF-3: 4.2.3.2.23) ---- */

static const char *pid_line(struct arena *a, const struct document_entry *entry)
{
    const char *fields[PID_LAST + 1] = { [3] = entry->patient_id };
    struct buf *line = buf_new(a, BUF_MAX_DEFAULT);

    for (const struct text_list *t = entry->source_patient_info; t != NULL; t = t->next) {
        const char *bar = strchr(t->text, '|');
        unsigned long n = text_starts(t->text, "PID-") ? strtoul(t->text + 4, NULL, 10) : 0;
        if (bar != NULL && n > 3 && n <= PID_LAST && strpbrk(bar, "\r\n") == NULL && strchr(bar + 1, '|') == NULL)
            fields[n] = bar + 1;
    }
    buf_add_text(line, "PID");
    for (size_t i = 1; i <= PID_LAST; i++)
        buf_printf(line, "|%s", fields[i] != NULL ? fields[i] : "");
    return buf_text(line);
}

/* A patient of whom nothing more is known has an id all the same. */
static void person_read(struct arena *a, const struct community *c, const struct document_entry *entry,
                        struct person *out)
{
    const char *text = arena_printf(a, "MSH|^~\\&||||||||||2.5||||||UNICODE UTF-8\r%s\r", pid_line(a, entry));
    struct issue_list issues = { 0 };
    struct hl7v2_fault fault;
    struct hl7v2 message;

    *out = (struct person){ .patient.match = -1 };
    if (hl7v2_parse(a, str_from(text), &message, &fault) == OK)
        (void)!hl7v2_person_read(a, &message, hl7v2_segment(&message, "PID"), &out->patient, &issues);
    struct patient_id *id = ARENA_NEW(a, struct patient_id);
    if (patient_id_parse(a, entry->patient_id, id) != OK)
        *id = (struct patient_id){ .root = c->patient_id_domain, .extension = entry->patient_id };
    out->patient.ids = id;
}

/* ---- the document ---- */

enum rc medication_list_form(struct arena *a, const char *fixtures, struct paper_form **out)
{
    const char *path = arena_printf(a, "%s/documents/cda-medication-list.xml", fixtures);

    return paper_form_load(a, NULL, path, PAPER_XML, out);
}

void medication_list_write(struct arena *a, const struct paper_form *form, const struct community *c,
                           const struct document_entry *entry, const char *unique_id,
                           const struct prescription *prescriptions, struct buf *out)
{
    struct medication_list list = { .community = c };
    struct patient_id source;
    struct person person;

    list_build(a, prescriptions, &list);
    person_read(a, c, entry, &person);
    if (entry->source_patient_id == NULL || patient_id_parse(a, entry->source_patient_id, &source) != OK)
        source = *person.patient.ids;
    struct paper paper = {
        .community = c, .person = &person, .patient_id = source.extension, .patient_domain = source.root, .list = &list
    };
    size_t length = MIN(strlen(unique_id), sizeof(paper.unique_id) - 1);
    memcpy(paper.unique_id, unique_id, length);
    paper_form_fill(form, &paper, out);
}

const char *medication_list_id(struct arena *a, const struct paper_form *form, const struct community *c,
                               const struct document_entry *entry, const struct prescription *prescriptions)
{
    struct buf *content = buf_new(a, BUF_MAX_DEFAULT);
    char name[SHA1_HEX_LEN];

    medication_list_write(a, form, c, entry, entry->unique_id, prescriptions, content);
    sha1_hex(buf_str(content), name);
    ids_follow(name);
    const char *id = ids_oid(a);
    ids_follow(NULL);
    return id;
}

/* ---- rows ---- */

unsigned paper_list_rows(const struct paper *p)
{
    return p->list->order_count;
}

unsigned paper_list_empty_rows(const struct paper *p)
{
    return p->list->order_count == 0;
}

unsigned paper_list_unread_rows(const struct paper *p)
{
    return p->list->unread_count;
}

/* ---- fields ---- */

/* XML attributes as a whole: what is not known has no empty ones. */
static void pen_attribute(struct pen *pen, const char *name, const char *value)
{
    buf_printf(pen->out, " %s=\"", name);
    pen_text(pen, value);
    buf_add_char(pen->out, '"');
}

static void pen_value(struct pen *pen, const char *value, const char *null_flavor)
{
    pen_attribute(pen, value != NULL ? "value" : "nullFlavor", value != NULL ? value : null_flavor);
}

static void community_oid(struct pen *pen, const struct paper *p, unsigned row UNUSED)
{
    pen_text(pen, oid_of_urn(p->community->home_community_id));
}

static void community_name(struct pen *pen, const struct paper *p, unsigned row UNUSED)
{
    pen_text(pen, p->community->name);
}

/* creationTime is UTC, of any precision. */
static void list_time(struct pen *pen, const struct paper *p, unsigned row UNUSED)
{
    const char *t = p->list->as_of;

    buf_add_text(pen->out, t != NULL ? " value=\"" : " nullFlavor=\"NA\"");
    if (t == NULL)
        return;
    pen_text(pen, t);
    buf_add_text(pen->out, strlen(t) >= 10 ? "+0000\"" : "\"");
}

static void list_birth(struct pen *pen, const struct paper *p, unsigned row UNUSED)
{
    pen_value(pen, p->person->patient.birth_time, "UNK");
}

static void list_gender(struct pen *pen, const struct paper *p, unsigned row UNUSED)
{
    const char *gender = p->person->patient.gender;

    pen_attribute(pen, "code", gender != NULL ? gender : "UN");
}

static const struct medicine_order *order_at(const struct paper *p, unsigned row)
{
    return p->list->orders[row];
}

static void list_name(struct pen *pen, const struct paper *p, unsigned row)
{
    const struct medicine_order *o = order_at(p, row);

    pen_text(pen, o->name != NULL ? o->name : o->code);
}

/* HOT9 has an OID; what is coded otherwise is named. */
static void list_code(struct pen *pen, const struct paper *p, unsigned row)
{
    const struct medicine_order *o = order_at(p, row);

    if (o->code != NULL && text_equal(o->system, "HOT9")) {
        pen_attribute(pen, "code", o->code);
        pen_attribute(pen, "codeSystem", HOT9_OID);
        pen_attribute(pen, "codeSystemName", "HOT9");
    } else {
        pen_attribute(pen, "nullFlavor", "OTH");
    }
    pen_attribute(pen, "displayName", o->name != NULL ? o->name : o->code);
}

static bool is_decimal(const char *text)
{
    return text != NULL && text[0] >= '0' && text[0] <= '9' && strspn(text, "0123456789.") == strlen(text) &&
           strchr(text, '.') == strrchr(text, '.') && text[strlen(text) - 1] != '.';
}

static void list_dose(struct pen *pen, const struct paper *p, unsigned row)
{
    const struct medicine_order *o = order_at(p, row);

    pen_text(pen, o->dose);
    pen_text(pen, o->unit);
}

static void list_dose_value(struct pen *pen, const struct paper *p, unsigned row)
{
    const char *dose = order_at(p, row)->dose;

    pen_value(pen, is_decimal(dose) ? dose : NULL, "UNK");
}

static void list_usage(struct pen *pen, const struct paper *p, unsigned row)
{
    pen_text(pen, order_at(p, row)->usage);
}

static void list_days(struct pen *pen, const struct paper *p, unsigned row)
{
    if (order_at(p, row)->days > 0)
        pen_number(pen, order_at(p, row)->days, 1);
}

static void list_place(struct pen *pen, const struct paper *p, unsigned row)
{
    pen_text(pen, order_at(p, row)->place);
}

/* "2026-04-01" */
static void pen_day(struct pen *pen, const char *day)
{
    if (day != NULL)
        buf_printf(pen->out, "%.4s-%.2s-%.2s", day, day + 4, day + 6);
}

/* The last day it was ordered for; NULL when that is not said. */
static const char *until(const struct medicine_order *o, char out[9])
{
    struct paper_time t;
    long day = o->from != NULL ? strtol(o->from, NULL, 10) : 0;
    int month = (int)(day / 100 % 100);

    if (o->days == 0 || month < 1 || month > 12)
        return NULL;
    paper_date_of(paper_days_of((int)(day / 10000), month, (int)(day % 100)) + (long)o->days - 1, &t);
    snprintf(out, 9, "%04u%02u%02u", (unsigned)t.year % 10000, (unsigned)t.month % 100, (unsigned)t.day % 100);
    return out;
}

static void list_from(struct pen *pen, const struct paper *p, unsigned row)
{
    pen_day(pen, order_at(p, row)->from);
}

static void list_until(struct pen *pen, const struct paper *p, unsigned row)
{
    char day[9];

    pen_day(pen, until(order_at(p, row), day));
}

static void list_low(struct pen *pen, const struct paper *p, unsigned row)
{
    pen_value(pen, order_at(p, row)->from, "UNK");
}

static void list_high(struct pen *pen, const struct paper *p, unsigned row)
{
    char day[9];

    pen_value(pen, until(order_at(p, row), day), "UNK");
}

static void unread_title(struct pen *pen, const struct paper *p, unsigned row)
{
    pen_text(pen, p->list->unread[row]->title);
}

static void unread_id(struct pen *pen, const struct paper *p, unsigned row)
{
    pen_text(pen, p->list->unread[row]->unique_id);
}

const struct paper_field paper_list_fields[] = {
    { "community.oid", community_oid },
    { "community.name", community_name },
    { "list.time-attributes", list_time },
    { "list.birth-attributes", list_birth },
    { "list.gender-attributes", list_gender },
    { "list.name", list_name },
    { "list.code-attributes", list_code },
    { "list.dose", list_dose },
    { "list.dose-attributes", list_dose_value },
    { "list.usage", list_usage },
    { "list.days", list_days },
    { "list.place", list_place },
    { "list.from", list_from },
    { "list.until", list_until },
    { "list.low-attributes", list_low },
    { "list.high-attributes", list_high },
    { "unread.title", unread_title },
    { "unread.id", unread_id },
    { NULL, NULL },
};
