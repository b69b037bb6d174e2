#include "world/code_file.h"

#include "world/community_file.h"
#include "base/arena.h"
#include "base/file.h"
#include "base/str.h"
#include "wire/json.h"
#include "wire/xml.h"

#include <string.h>

#define FILE_MAX ((size_t)16 << 20)

struct reader {
    struct arena *arena;
    const char *path;
    struct code_set *set;
};

static void code_add(struct code_list *list, const char *code, const char *scheme, const char *display)
{
    list->codes[list->count++] = (struct code){ .code = code, .scheme = scheme, .display = display };
}

/* ---- JSON ---- */

static enum rc code_read(const struct reader *r, enum code_attribute attribute, int i, const struct json *item)
{
    const char *place = arena_printf(r->arena, "%s[%d]", code_attribute_name(attribute), i);
    const char *code = json_text(item, "code"), *scheme = json_text(item, "scheme");

    if (attribute == CODES_MIME_TYPE) {
        if (text_absent(item->text))
            return community_file_complain(r->path, place, "a text such as \"text/xml\" is needed here");
        code_add(&r->set->lists[attribute], item->text, NULL, NULL);
        return OK;
    }
    if (text_absent(code) || text_absent(scheme))
        return community_file_complain(r->path, place, "an object with code and scheme is needed here");
    code_add(&r->set->lists[attribute], code, scheme, json_text(item, "display"));
    return OK;
}

static enum rc list_read(const struct reader *r, enum code_attribute attribute, const struct json *list)
{
    struct code_list *out = &r->set->lists[attribute];
    int i = 0;

    if (list->type != JSON_T_LIST)
        return community_file_complain(r->path, code_attribute_name(attribute), "a list is needed here");
    out->is_given = true;
    out->codes = ARENA_ARRAY(r->arena, struct code, list->count + 1);
    for (const struct json *item = list->first; item != NULL; item = item->next)
        TRY(code_read(r, attribute, i++, item));
    return OK;
}

static bool attribute_find(const char *name, enum code_attribute *out)
{
    for (int i = 0; i < CODES_COUNT; i++) {
        if (text_equal(code_attribute_name((enum code_attribute)i), name)) {
            *out = (enum code_attribute)i;
            return true;
        }
    }
    return false;
}

static enum rc json_read(const struct reader *r, struct str bytes)
{
    struct json *file;
    const char *why = "";
    enum code_attribute attribute;

    if (json_parse(r->arena, bytes, &file, &why) != OK)
        return community_file_complain(r->path, "", "%s", why);
    r->set->title = json_text(file, "title");
    for (const struct json *m = file->first; m != NULL; m = m->next) {
        if (attribute_find(m->key, &attribute))
            TRY(list_read(r, attribute, m));
        else if (!text_equal(m->key, "title"))
            return community_file_complain(r->path, m->key != NULL ? m->key : "",
                                           "this is neither title nor a coded attribute (docs/codes.md)");
    }
    return OK;
}

/* ---- NIST's codes.xml ---- */

/* Its folders' codes have a name of their own. */
static bool nist_attribute_find(const char *name, enum code_attribute *out)
{
    return attribute_find(text_equal(name, "folderCodeList") ? "codeList" : name, out);
}

static void nist_list_read(const struct reader *r, enum code_attribute attribute, const struct xml_node *type)
{
    struct code_list *out = &r->set->lists[attribute];

    out->is_given = true;
    out->codes = ARENA_ARRAY(r->arena, struct code, xml_count(type, NULL, "Code") + 1);
    for (const struct xml_node *c = xml_child(type, NULL, "Code"); c != NULL; c = xml_next(c)) {
        const char *scheme = attribute == CODES_MIME_TYPE ? NULL : xml_attr(c, "codingScheme");
        if (xml_attr(c, "code") != NULL && (scheme != NULL || attribute == CODES_MIME_TYPE))
            code_add(out, xml_attr(c, "code"), scheme, xml_attr(c, "display"));
    }
}

static enum rc nist_read(const struct reader *r, struct str bytes)
{
    struct xml_node *root;
    struct xml_error error = { .text = "" };
    enum code_attribute attribute;

    if (xml_parse(r->arena, bytes, NULL, &root, &error) != OK)
        return community_file_complain(r->path, "", "line %d: %s", error.line, error.text);
    for (const struct xml_node *type = xml_child(root, NULL, "CodeType"); type != NULL; type = xml_next(type)) {
        if (nist_attribute_find(xml_attr(type, "name"), &attribute))
            nist_list_read(r, attribute, type);
    }
    return OK;
}

enum rc code_file_read(struct arena *a, const char *path, struct code_set **out)
{
    struct reader r = { a, path, ARENA_NEW(a, struct code_set) };
    struct str bytes;
    enum rc rc = file_read(a, path, FILE_MAX, &bytes);

    if (rc != OK)
        return community_file_complain(path, "", "the file of codes cannot be read");
    TRY(str_trim(bytes).len > 0 && str_trim(bytes).data[0] == '<' ? nist_read(&r, bytes) : json_read(&r, bytes));
    code_set_settle(r.set);
    *out = r.set;
    return OK;
}

/* ---- what holds where ---- */

struct named_set {
    const char *path;
    const struct code_set *set;
    struct named_set *next;
};

struct settling {
    struct arena *arena;
    const char *fixtures;
    struct named_set *sets; /* a file is read once */
};

/* "survey" and plain names are files of the fixtures; anything with a slash is a path. */
static const char *path_of(const struct settling *s, const char *name)
{
    if (strchr(name, '/') != NULL)
        return name;
    return arena_printf(s->arena, "%s/codes/%s%s", s->fixtures, name, strchr(name, '.') != NULL ? "" : ".json");
}

static enum rc codes_get(struct settling *s, const char *name, const struct code_set **out)
{
    const char *path = path_of(s, name);
    struct named_set *n;
    struct code_set *set;

    if (text_equal(name, "any"))
        return OK;
    for (n = s->sets; n != NULL; n = n->next) {
        if (text_equal(n->path, path)) {
            *out = n->set;
            return OK;
        }
    }
    TRY(code_file_read(s->arena, path, &set));
    n = ARENA_NEW(s->arena, struct named_set);
    *n = (struct named_set){ path, set, s->sets };
    s->sets = n;
    *out = set;
    return OK;
}

static const struct rule_weights *weights_of(struct arena *a, const struct community *c, const char *checks)
{
    struct rule_weights *w = ARENA_NEW(a, struct rule_weights);

    rule_weights_init(w, text_equal(c->checks != NULL ? c->checks : checks, "lenient"));
    for (const struct rule_choice *choice = c->rule_choices; choice != NULL; choice = choice->next)
        w->weight[choice->rule] = (unsigned char)choice->weight;
    return w;
}

enum rc community_checks_settle(struct arena *a, const struct config *c, const char *fixtures, struct world *world)
{
    struct settling s = { .arena = a, .fixtures = fixtures };

    for (size_t i = 0; i < world->count; i++) {
        struct community *one = &world->communities[i];
        const char *codes = one->codes_named != NULL ? one->codes_named : config_text(c, CONFIG_CODES);
        if (one->xua == XUA_NOT_STATED)
            one->xua = xua_mode_find(config_text(c, CONFIG_ASSERTIONS));
        one->weights = weights_of(a, one, config_text(c, CONFIG_CHECKS));
        TRY(codes_get(&s, codes, &one->codes));
    }
    return OK;
}
