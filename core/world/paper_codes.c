#include "world/paper_codes.h"

#include "base/arena.h"
#include "base/file.h"
#include "base/log.h"
#include "base/str.h"
#include "wire/json.h"

struct paper_codes {
    struct arena *arena;
    const char *path;
    const struct json *root;
};

enum rc paper_codes_load(struct arena *a, const char *path, struct paper_codes **out)
{
    struct paper_codes *c = ARENA_NEW(a, struct paper_codes);
    const char *why;
    struct str file;
    struct json *root;

    if (file_read(a, path, (size_t)1024 * 1024, &file) != OK) {
        log_error("%s cannot be read", path);
        return E_CONFIG;
    }
    if (json_parse(a, file, &root, &why) != OK) {
        log_error("%s: %s", path, why);
        return E_CONFIG;
    }
    *c = (struct paper_codes){ .arena = a, .path = path, .root = root };
    *out = c;
    return OK;
}

enum rc paper_code_get(const struct paper_codes *c, const char *attribute, const char *code, struct code **out)
{
    const struct json *set = json_get(c->root, attribute);

    for (const struct json *row = set ? set->first : NULL; row != NULL; row = row->next) {
        if (!text_equal(json_text(row, "code"), code))
            continue;
        struct code *found = ARENA_NEW(c->arena, struct code);
        *found =
            (struct code){ .code = code, .scheme = json_text(row, "scheme"), .display = json_text(row, "display") };
        if (text_absent(found->scheme) || text_absent(found->display))
            break;
        *out = found;
        return OK;
    }
    log_error("%s: %s has no code %s with scheme and display, which documents are registered under", c->path, attribute,
              code);
    return E_CONFIG;
}

enum rc paper_mime_check(const struct paper_codes *c, const char *mime_type)
{
    const struct json *set = json_get(c->root, "mimeType");

    for (const struct json *row = set ? set->first : NULL; row != NULL; row = row->next) {
        if (text_equal(row->text, mime_type))
            return OK;
    }
    log_error("%s: mimeType lacks %s, which documents are registered under", c->path, mime_type);
    return E_CONFIG;
}
