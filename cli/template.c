#include "cli/template.h"

#include "cli/vars.h"

#include "base/arena.h"
#include "base/buf.h"
#include "wire/xml.h"

static void value_add(struct buf *out, const char *value, enum template_kind kind)
{
    if (kind == TEMPLATE_XML)
        xml_escape(out, value);
    else
        buf_add_text(out, value);
}

enum rc template_fill(struct str text, const struct vars *vars, enum template_kind kind, struct buf *out,
                      const char **missing)
{
    for (const char *open; (open = memmem(text.data, text.len, "{{", 2)) != NULL;) {
        size_t before = (size_t)(open - text.data);
        struct str rest = { open + 2, text.len - before - 2 };
        const char *close = memmem(rest.data, rest.len, "}}", 2);

        if (close == NULL)
            return E_SYNTAX;
        struct str inside = { rest.data, (size_t)(close - rest.data) };
        const char *name = str_dup(vars->arena, str_trim(inside));
        const char *value = vars_get(vars, name);
        if (value == NULL) {
            *missing = name;
            return E_NOT_FOUND;
        }
        buf_add(out, text.data, before);
        value_add(out, value, kind);
        text = (struct str){ close + 2, rest.len - inside.len - 2 };
    }
    buf_add_str(out, text);
    return OK;
}
