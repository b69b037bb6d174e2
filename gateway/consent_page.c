#include "gateway/consent_page.h"

#include "actor/daemon.h"
#include "base/arena.h"
#include "base/clock.h"
#include "base/str.h"
#include "gateway/consent_change.h"
#include "gateway/consent_store.h"
#include "model/patient.h"
#include "wire/json.h"
#include "wire/query_string.h"

#define ID_MAX 256

/* ---- JSON ---- */

static const char *model_of(const struct community *c)
{
    return consent_model_name(c->consent);
}

static void part_write(struct json_writer *w, const struct consent *consent, const char *id, const char *name)
{
    jw_object(w, NULL);
    jw_text(w, strchr(id, '^') != NULL ? "physician" : "facility", id);
    if (name != NULL)
        jw_text(w, "name", name);
    jw_text(w, "state", consent_state_name(consent_of_part(consent, id)));
    jw_end_object(w);
}

static const struct facility *facility_of(const struct community *c, const char *oid)
{
    const struct facility *f = c->facilities;

    while (f != NULL && !text_equal(f->oid, oid))
        f = f->next;
    return f;
}

/* Every facility of the community, and whatever else was named. */
static void parts_write(struct json_writer *w, const struct community *c, const struct consent *consent)
{
    jw_list(w, "parts");
    for (const struct facility *f = consent_has_parts(c) ? c->facilities : NULL; f != NULL; f = f->next)
        part_write(w, consent, f->oid, f->name);
    for (const struct consent_part *p = consent->parts; p != NULL; p = p->next) {
        if (facility_of(c, p->id) == NULL)
            part_write(w, consent, p->id, NULL);
    }
    jw_end_list(w);
}

static void consent_write(struct arena *a, struct json_writer *w, const struct community *c,
                          const struct consent *consent)
{
    enum consent_policy policy = consent_policy_of(consent);
    char changed[CLOCK_ISO_LEN];

    clock_iso((time_t)consent->changed, changed);
    jw_text(w, "patient", consent->patient);
    jw_text(w, "state", consent_state_name(consent->state));
    jw_text(w, "covers", consent->state == CONSENT_WITHDRAWN ? "nothing" : consent->is_named ? "named" : "all");
    jw_bool(w, "recorded", consent->is_recorded);
    jw_text(w, "changed", consent->is_recorded ? changed : NULL);
    jw_text(w, "policy", consent_policy_oid(a, c, (int)policy));
    jw_text(w, "en", consent_policy_row(policy)->en);
    jw_text(w, "ja", consent_policy_row(policy)->ja);
    jw_text(w, "document", consent->document);
    parts_write(w, c, consent);
}

static void json_reply(struct http_request *http, struct buf *text)
{
    buf_add_char(text, '\n');
    const struct http_piece piece = HTTP_PIECE_BYTES(buf_str(text));
    http_reply(http, &(struct http_reply){
                         .status = 200, .content_type = "application/json", .pieces = &piece, .piece_count = 1 });
}

static struct buf *json_open(struct http_request *http, struct json_writer *w, const struct community *c)
{
    struct buf *text = buf_new(http->arena, BUF_MAX_DEFAULT);

    jw_init(w, text, true);
    jw_object(w, NULL);
    jw_text(w, "community", c->key);
    jw_text(w, "model", model_of(c));
    return text;
}

void consent_reply(struct http_request *http, const struct community *c, const struct consent *consent)
{
    struct json_writer w;
    struct buf *text = json_open(http, &w, c);

    consent_write(http->arena, &w, c, consent);
    jw_end_object(&w);
    json_reply(http, text);
}

static void list_reply(struct http_request *http, const struct community *c, const struct consent *list)
{
    struct json_writer w;
    struct buf *text = json_open(http, &w, c);

    jw_list(&w, "consents");
    for (; list != NULL; list = list->next) {
        jw_object(&w, NULL);
        consent_write(http->arena, &w, c, list);
        jw_end_object(&w);
    }
    jw_end_list(&w);
    jw_end_object(&w);
    json_reply(http, text);
}

/* ---- what is asked ---- */

/* "R0001" or "R0001^^^&2.999.392.2.35&ISO" → "R0001"; NULL with *why. */
static const char *patient_read(struct arena *a, const struct community *c, const char *text, const char **why)
{
    struct patient_id id = { .root = c->patient_id_domain, .extension = text };

    if (strchr(text, '^') != NULL && patient_id_parse(a, text, &id) != OK)
        id.extension = NULL;
    if (!text_absent(id.extension) && strlen(id.extension) <= ID_MAX && text_equal(id.root, c->patient_id_domain))
        return id.extension;
    *why = arena_printf(a, "patient: %.80s is no regional id of %s: ID, or ID^^^&%s&ISO", text, c->name,
                        c->patient_id_domain);
    return NULL;
}

static struct text_list *parts_read(struct arena *a, const char *text)
{
    struct text_list *list = NULL, **end = &list;

    while (!text_absent(text)) {
        size_t n = strcspn(text, ",");
        if (n > 0) {
            *end = ARENA_NEW(a, struct text_list);
            (*end)->text = arena_strndup(a, text, n);
            end = &(*end)->next;
        }
        text += n + (text[n] == ',');
    }
    return list;
}

static void show(struct service *s, struct http_request *http, const struct community *c, const char *patient)
{
    struct consent consent, *list;
    enum rc rc = patient != NULL ? consent_store_get(http->arena, s->db, c, patient, &consent)
                                 : consent_store_list(http->arena, s->db, c, &list);

    if (rc != OK)
        http_reply_text(http, 500, "the consents cannot be read; the log says why");
    else if (patient != NULL)
        consent_reply(http, c, &consent);
    else
        list_reply(http, c, list);
}

static void change(struct service *s, struct http_request *http, const struct community *c, const char *patient,
                   const struct query_pair *query)
{
    struct consent_wish wish = { .community = c, .patient = patient };

    if (patient == NULL)
        http_reply_text(http, 400, "patient: whose consent is changed?");
    else if (!consent_act_find(query_pair(query, "do"), &wish.act))
        http_reply_text(http, 400, "do: give, withdraw or add is expected");
    else {
        wish.parts = parts_read(http->arena, query_pair(query, "parts"));
        consent_change_begin(s, http, &wish);
    }
}

void consent_page(struct service *s, struct http_request *http)
{
    const char *key = http->head.path + strlen(CONSENT_PATH), *patient = NULL, *why = NULL;
    const struct query_pair *query = query_string_parse(http->arena, http->head.query);
    const struct community *c = key[0] == '/' ? world_find(s->daemon->world, key + 1) : NULL;
    const char *named = query_pair(query, "patient");

    if (c != NULL && named != NULL)
        patient = patient_read(http->arena, c, named, &why);
    if (c == NULL)
        http_reply_text(http, 404, CONSENT_PATH "/COMMUNITY: name a community that lives here");
    else if (why != NULL)
        http_reply_text(http, 400, why);
    else if (strcmp(http->head.method, "PUT") == 0)
        change(s, http, c, patient, query);
    else if (strcmp(http->head.method, "DELETE") == 0)
        http_reply_text(http, 405, "a consent is given or withdrawn, never deleted");
    else
        show(s, http, c, patient);
}
