/* Coverage as JSON and as a page, and the route that asks for it. */
#include "console/coverage.h"

#include "base/arena.h"
#include "console/ask.h"
#include "console/pages.h"
#include "model/community.h"
#include "wire/xml.h"

static bool has_community(const struct coverage *c, size_t community)
{
    for (int kind = 0; kind < COVERAGE_KINDS; kind++) {
        if (coverage_exercised_by(c, (enum coverage_kind)kind, community) > 0)
            return true;
    }
    return false;
}

/* ---- JSON ---- */

static void item_write(const struct coverage *c, struct json_writer *w, const struct coverage_item *item)
{
    int communities = 0;

    for (size_t i = 0; i < c->world->count; i++)
        communities += item->counts[i] > 0;
    jw_object(w, NULL);
    jw_text(w, "name", item->name);
    if (item->place != NULL)
        jw_text(w, "of", item->place);
    if (item->about != NULL)
        jw_text(w, "about", item->about);
    jw_integer(w, "count", (long long)coverage_count(c, item));
    jw_integer(w, "communities", communities);
    jw_end_object(w);
}

static void list_write(const struct coverage *c, struct json_writer *w, enum coverage_kind kind)
{
    const struct coverage_list *list = &c->lists[kind];

    jw_object(w, list->key);
    jw_integer(w, "exercised", (long long)coverage_exercised(c, kind));
    jw_integer(w, "of", (long long)list->count);
    jw_list(w, "items");
    for (size_t i = 0; i < list->count; i++)
        item_write(c, w, &list->items[i]);
    jw_end_list(w);
    jw_end_object(w);
}

static void community_write(const struct coverage *c, struct json_writer *w, size_t i)
{
    const struct community *community = &c->world->communities[i];

    jw_object(w, community->key);
    jw_text(w, "name", community->name);
    for (int k = 0; k < COVERAGE_KINDS; k++) {
        enum coverage_kind kind = (enum coverage_kind)k;
        jw_object(w, c->lists[kind].key);
        jw_integer(w, "exercised", (long long)coverage_exercised_by(c, kind, i));
        jw_integer(w, "of", (long long)coverage_of(c, kind, i));
        jw_end_object(w);
    }
    jw_end_object(w);
}

void coverage_write(const struct coverage *c, struct json_writer *w)
{
    jw_object(w, NULL);
    jw_integer(w, "records", (long long)c->records);
    for (int kind = 0; kind < COVERAGE_KINDS; kind++)
        list_write(c, w, (enum coverage_kind)kind);
    jw_object(w, "communities");
    for (size_t i = 0; i < c->world->count; i++) {
        if (has_community(c, i))
            community_write(c, w, i);
    }
    jw_end_object(w);
    jw_end_object(w);
}

/* ---- HTML ---- */

static void text_html(struct buf *out, const char *text)
{
    if (text != NULL)
        xml_escape(out, text);
}

static void summary_html(const struct coverage *c, struct buf *out)
{
    buf_add_text(out, "<table><tr><th></th><th>exercised</th><th>of</th><th></th></tr>\n");
    for (int k = 0; k < COVERAGE_KINDS; k++) {
        const struct coverage_list *list = &c->lists[k];
        size_t n = coverage_exercised(c, (enum coverage_kind)k);
        buf_printf(out,
                   "<tr><td><a href=\"#%s\">%s</a> <small>%s</small></td><td class=n>%zu</td><td class=n>%zu</td>"
                   "<td><meter max=\"%zu\" value=\"%zu\"></meter></td></tr>\n",
                   list->key, list->en, list->ja, n, list->count, list->count, n);
    }
    buf_add_text(out, "</table>\n");
}

static void communities_html(const struct coverage *c, struct buf *out)
{
    buf_add_text(out, "<h2>Communities <small>地域</small></h2>\n<table><tr><th></th>");
    for (int k = 0; k < COVERAGE_KINDS; k++)
        buf_printf(out, "<th>%s<br><small>%s</small></th>", c->lists[k].en, c->lists[k].ja);
    buf_add_text(out, "</tr>\n");
    for (size_t i = 0; i < c->world->count; i++) {
        if (!has_community(c, i))
            continue;
        buf_printf(out, "<tr><td>%s ", c->world->communities[i].key);
        text_html(out, c->world->communities[i].name);
        buf_add_text(out, "</td>");
        for (int k = 0; k < COVERAGE_KINDS; k++) {
            enum coverage_kind kind = (enum coverage_kind)k;
            buf_printf(out, "<td class=n>%zu / %zu</td>", coverage_exercised_by(c, kind, i), coverage_of(c, kind, i));
        }
        buf_add_text(out, "</tr>\n");
    }
    buf_add_text(out, "</table>\n");
}

static void list_html(const struct coverage *c, struct buf *out, const struct coverage_list *list)
{
    buf_printf(out, "<h2 id=\"%s\">%s <small>%s</small></h2>\n<table>\n", list->key, list->en, list->ja);
    for (size_t i = 0; i < list->count; i++) {
        const struct coverage_item *item = &list->items[i];
        uint64_t n = coverage_count(c, item);
        buf_printf(out, "<tr class=%s><td class=n>%llu</td><td>", n > 0 ? "yes" : "no", (unsigned long long)n);
        text_html(out, item->name);
        buf_add_text(out, "</td><td>");
        text_html(out, item->place);
        buf_add_text(out, "</td><td>");
        text_html(out, item->about);
        buf_add_text(out, "</td></tr>\n");
    }
    buf_add_text(out, "</table>\n");
}

void coverage_html(const struct coverage *c, struct buf *out)
{
    buf_add_text(out,
                 "<!DOCTYPE html>\n<html lang=en><head><meta charset=utf-8><title>Kakehashi: coverage</title><style>\n"
                 "body{font:15px/1.5 system-ui,sans-serif;margin:2em auto;max-width:70em;padding:0 1em;"
                 "color:#222;background:#fff}\n"
                 "table{border-collapse:collapse}td,th{padding:.15em .7em;text-align:left;vertical-align:top}\n"
                 "td.n{text-align:right;font-variant-numeric:tabular-nums}small{color:#666}\n"
                 "tr.yes td:first-child{color:#06703c;font-weight:600}tr.no{color:#777}meter{width:14em}\n"
                 "@media(prefers-color-scheme:dark){body{color:#ddd;background:#181818}a{color:#8bf}"
                 "tr.yes td:first-child{color:#5c9}small{color:#999}tr.no{color:#888}}\n"
                 "</style></head><body>\n<h1>Coverage <small>網羅状況</small></h1>\n");
    buf_printf(out, "<p>%zu messages of the journal. <small>記録された電文 %zu 件。</small></p>\n", c->records,
               c->records);
    summary_html(c, out);
    communities_html(c, out);
    for (int kind = 0; kind < COVERAGE_KINDS; kind++)
        list_html(c, out, &c->lists[kind]);
    buf_add_text(out, "</body></html>\n");
}

/* ---- the route ---- */

bool page_coverage(struct ask *ask)
{
    struct coverage *c = coverage_new(ask->arena, ask->console->daemon->world, endpoints_read(ask));
    const struct index *ix = ask->console->index;

    for (size_t i = 0; i < index_count(ix); i++) {
        struct view v = view_of(ask->arena, index_at(ix, i));
        if (filters_match(&ask->filters, &v))
            coverage_add(c, &v);
    }
    if (text_equal(ask_param(ask, "format"), "html")) {
        struct buf *out = buf_new(ask->arena, BUF_MAX_DEFAULT);
        coverage_html(c, out);
        ask_reply(ask, 200, "text/html; charset=utf-8", buf_str(out));
        return true;
    }
    struct json_writer *w = ask_json(ask);
    coverage_write(c, w);
    ask_json_reply(ask, 200, w);
    return true;
}
