/* Media types with parameters (RFC 2045: 5.1), and Content-IDs as URLs (RFC 2392). */
#include "wire/mime.h"

#include "base/arena.h"
#include "wire/mime_decode.h"

#include <string.h>
#include <strings.h>

static bool is_token_char(char c)
{
    return c > ' ' && c < 0x7F && strchr("()<>@,;:\\\"/[]?=", c) == NULL;
}

static bool is_token(struct str s)
{
    for (size_t i = 0; i < s.len; i++)
        if (!is_token_char(s.data[i]))
            return false;
    return s.len > 0;
}

static const char *lower_dup(struct arena *a, struct str s)
{
    char *text = str_dup(a, s);

    for (char *p = text; *p != '\0'; p++)
        if (*p >= 'A' && *p <= 'Z')
            *p = (char)(*p - 'A' + 'a');
    return text;
}

/* What stands before the first c, or all; *s goes behind it. */
static struct str cut(struct str *s, char c)
{
    const char *at = memchr(s->data, c, s->len);
    struct str head = { s->data, at == NULL ? s->len : (size_t)(at - s->data) };
    size_t used = head.len + (at != NULL);

    s->data += used;
    s->len -= used;
    return head;
}

/* A quoted string, unescaped and unfolded; *s, which begins with the quote, goes behind it. */
static enum rc quoted_read(struct arena *a, struct str *s, const char **out)
{
    char *text = arena_alloc(a, s->len);
    size_t n = 0;

    for (size_t i = 1; i < s->len; i++) {
        char c = s->data[i];
        if (c == '"') {
            *s = (struct str){ s->data + i + 1, s->len - i - 1 };
            *out = text;
            return OK;
        }
        if (c == '\\' && i + 1 < s->len)
            c = s->data[++i];
        if (c != '\r' && c != '\n')
            text[n++] = c;
    }
    return E_SYNTAX;
}

/* A bare value runs to the next ";": boundaries and types are sent unquoted though they hold "=" and "/". */
static enum rc value_read(struct arena *a, struct str *s, const char **out)
{
    *s = str_trim(*s);
    if (s->len == 0 || s->data[0] != '"') {
        *out = str_dup(a, str_trim(cut(s, ';')));
        return OK;
    }
    TRY(quoted_read(a, s, out));
    return str_trim(cut(s, ';')).len == 0 ? OK : E_SYNTAX;
}

static enum rc param_read(struct arena *a, struct str *s, struct mime_param **out)
{
    struct mime_param *p = ARENA_NEW(a, struct mime_param);

    if (memchr(s->data, '=', s->len) == NULL)
        return E_SYNTAX;
    struct str name = str_trim(cut(s, '='));
    if (!is_token(name))
        return E_SYNTAX;
    p->name = lower_dup(a, name);
    TRY(value_read(a, s, &p->value));
    *out = p;
    return OK;
}

static bool has_control(struct str s)
{
    for (size_t i = 0; i < s.len; i++)
        if (((unsigned char)s.data[i] < ' ' && strchr("\t\r\n", s.data[i]) == NULL) || s.data[i] == '\0' ||
            s.data[i] == 0x7F)
            return true;
    return false;
}

enum rc mime_type_parse(struct arena *a, struct str value, struct mime_type *out)
{
    struct mime_type t = { 0 };
    struct mime_param **end = &t.params;

    if (value.len == 0 || has_control(value))
        return E_SYNTAX;
    struct str subtype = str_trim(cut(&value, ';'));
    t.type = lower_dup(a, subtype);
    if (memchr(subtype.data, '/', subtype.len) == NULL || !is_token(cut(&subtype, '/')) || !is_token(subtype))
        return E_SYNTAX;
    while ((value = str_trim(value)).len > 0) {
        if (value.data[0] == ';') {
            cut(&value, ';');
            continue;
        }
        TRY(param_read(a, &value, end));
        end = &(*end)->next;
    }
    *out = t;
    return OK;
}

const char *mime_param(const struct mime_type *t, const char *name)
{
    for (const struct mime_param *p = t->params; p != NULL; p = p->next)
        if (strcmp(p->name, name) == 0)
            return p->value;
    return NULL;
}

/* ---- Content-ID ---- */

/* The next character, decoded when decode is set; "%" that encodes nothing stands for itself. */
static char next_char(const char **p, bool decode)
{
    const char *at = *p;

    if (decode && at[0] == '%' && mime_hex(at[1]) >= 0 && mime_hex(at[2]) >= 0) {
        *p += 3;
        return (char)(mime_hex(at[1]) << 4 | mime_hex(at[2]));
    }
    ++*p;
    return at[0];
}

/* The href is decoded, the id when decode_id is set. */
static bool id_equals(const char *href, const char *id, bool decode_id)
{
    while (*href != '\0' && *id != '\0')
        if (next_char(&href, true) != next_char(&id, decode_id))
            return false;
    return *href == *id;
}

/* Some peers encode the Content-ID as they encode the href, some do not, and some do it in another way. */
bool mime_cid_matches(const char *href, const char *content_id)
{
    if (href == NULL || content_id == NULL || strncasecmp(href, "cid:", 4) != 0)
        return false;
    return id_equals(href + 4, content_id, false) || id_equals(href + 4, content_id, true);
}
