/* The faults of all daemons. What each does with them is core/actor/misbehave.h's. */
#include "fault/fault.h"

#include "base/arena.h"
#include "base/file.h"
#include "console/ask.h"
#include "console/daemons.h"
#include "console/faults.h"

/* ---- kinds ---- */

static void parameters_write(struct json_writer *w, const struct fault_kind *kind)
{
    jw_list(w, "parameters");
    for (int i = 0; i < FAULT_PARAMETERS && kind->parameters[i].name != NULL; i++) {
        const struct fault_parameter *p = &kind->parameters[i];
        jw_object(w, NULL);
        jw_text(w, "name", p->name);
        if (p->choices != NULL)
            jw_text(w, "choices", p->choices);
        if (p->type == FAULT_NUMBER) {
            jw_number(w, "min", p->min);
            jw_number(w, "max", p->max);
        }
        if (p->otherwise != NULL)
            jw_text(w, "otherwise", p->otherwise);
        jw_end_object(w);
    }
    jw_end_list(w);
}

bool faults_kinds(struct ask *ask)
{
    struct json_writer *w = ask_json(ask);

    jw_object(w, NULL);
    jw_list(w, "kinds");
    for (size_t i = 0; i < fault_kind_count(); i++) {
        const struct fault_kind *kind = fault_kind_at(i);
        jw_object(w, NULL);
        jw_text(w, "kind", kind->name);
        jw_text(w, "family", fault_family_name(kind->family));
        jw_text(w, "en", kind->en);
        jw_text(w, "ja", kind->ja);
        parameters_write(w, kind);
        jw_end_object(w);
    }
    jw_end_list(w);
    jw_end_object(w);
    ask_json_reply(ask, 200, w);
    return true;
}

/* ---- what is set ---- */

/* "registry": and what it said, or why it said nothing */
static void page_write(struct ask *ask, struct buf *out, const struct daemon_page *page)
{
    struct json *root;
    struct json_writer w;

    buf_printf(out, "\"%s\": ", page->daemon);
    if (page->rc == OK && page->status == 200 && json_parse(ask->arena, buf_str(page->body), &root, NULL) == OK) {
        json_write(out, root);
        return;
    }
    jw_init(&w, out, false);
    jw_object(&w, NULL);
    jw_text(&w, "error", page->why != NULL ? page->why : "its answer cannot be read");
    jw_end_object(&w);
}

bool faults_list(struct ask *ask)
{
    struct daemon_page *pages = ask->state;

    if (pages == NULL)
        pages = ask->state = daemons_ask(ask, NULL, "GET", "/faults", (struct str){ 0 });
    if (!daemons_over(pages))
        return false;
    struct buf *out = buf_new(ask->arena, BUF_MAX_DEFAULT);
    buf_add_text(out, "{\"daemons\": {");
    for (const struct daemon_page *page = pages; page != NULL; page = page->next) {
        page_write(ask, out, page);
        buf_add_text(out, page->next != NULL ? ", " : "");
    }
    buf_add_text(out, "}}\n");
    ask_reply(ask, 200, "application/json", buf_str(out));
    return true;
}

/* Said before any daemon is told. */
static bool set_fits(struct ask *ask)
{
    struct fault_set *set = fault_set_new(1);
    const char *why = NULL;

    enum rc rc = fault_set_replace(set, ask->arena, ask->json, &why);
    fault_set_free(set);
    if (rc != OK)
        ask_refuse(ask, 400, "faults", NULL, "%s", why != NULL ? why : "no list of faults");
    return rc == OK;
}

/* The first daemon that did not take them; NULL: all did. */
static const struct daemon_page *refusal_of(const struct daemon_page *page)
{
    while (page != NULL && page->rc == OK && page->status == 200)
        page = page->next;
    return page;
}

/* The file is for daemons that start later. */
static void faults_keep(struct ask *ask)
{
    const char *file = arena_printf(ask->arena, "%s/faults.json", ask->console->data);

    if (file_write(file, buf_str(ask->body), 0600) == OK)
        ask_reply(ask, 200, "application/json", buf_str(ask->body));
    else
        ask_refuse(ask, 500, NULL, NULL, "the faults are set, but cannot be kept for daemons that start later");
}

bool faults_put(struct ask *ask)
{
    if (ask->state == NULL) {
        if (!set_fits(ask))
            return true;
        ask->state = daemons_ask(ask, NULL, "PUT", "/faults", buf_str(ask->body));
    }
    const struct daemon_page *pages = ask->state;
    if (pages == NULL) {
        ask_refuse(ask, 503, NULL, NULL, "no daemon runs here yet; GET /status has those that do");
        return true;
    }
    if (!daemons_over(pages))
        return false;
    if (refusal_of(pages) != NULL)
        daemon_page_reply(ask, refusal_of(pages));
    else
        faults_keep(ask);
    return true;
}
