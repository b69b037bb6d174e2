#include "cli/control.h"

#include "cli/args.h"
#include "cli/language.h"

#include "base/arena.h"
#include "base/buf.h"
#include "wire/query_string.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

enum rc control_find(struct arena *a, const struct config *c, struct control *out)
{
    struct control control = { .arena = a, .config = c };

    TRY(backbone_find(a, c, &control.backbone));
    if (control.backbone.control == NULL) {
        fprintf(stderr,
                language_pick("kakehashi: the backbone of %s has no console\n",
                              "kakehashi: %s の基盤にはコンソールがありません\n"),
                control.backbone.data);
        return E_NOT_FOUND;
    }
    *out = control;
    return OK;
}

#define ALLOWED_SHOWN 40

/* {"error": {"field", "message", "allowed"}} */
static void refusal_print(struct arena *a, int status, struct str body)
{
    struct json *root = NULL;
    const struct json *error = json_parse(a, body, &root, NULL) == OK ? json_get(root, "error") : NULL;
    const struct json *allowed = json_get(error, "allowed");
    int shown = 0;

    if (error == NULL) {
        fprintf(stderr, "kakehashi: HTTP %d: %.*s\n", status, (int)MIN(body.len, (size_t)500), body.data);
        return;
    }
    fprintf(stderr, "kakehashi: %s\n", json_text(error, "message"));
    if (allowed == NULL)
        return;
    fputs(language_pick("  allowed:", "  使えるもの:"), stderr);
    for (const struct json *v = allowed->first; v != NULL && shown++ < ALLOWED_SHOWN; v = v->next)
        fprintf(stderr, " %s", v->text);
    fputs(allowed->count > ALLOWED_SHOWN ? " …\n" : "\n", stderr);
}

static enum rc request(const struct control *c, struct backbone_call *call, int *status, struct str *body)
{
    call->token = config_text(c->config, CONFIG_CONTROL_TOKEN);
    call->url = arena_printf(c->arena, "%s%s", c->backbone.control, call->url);
    return backbone_request(c->arena, c->backbone.data, call, status, body);
}

enum rc control_ask(const struct control *c, struct backbone_call call, struct str *body)
{
    int status;
    enum rc rc = request(c, &call, &status, body);

    if (rc != OK) {
        if (rc != E_CANCELLED)
            fprintf(stderr, language_pick("kakehashi: %s does not answer\n", "kakehashi: %s から応答がありません\n"),
                    call.url);
        return rc;
    }
    if (status == 200)
        return OK;
    refusal_print(c->arena, status, *body);
    return E_REFUSED;
}

enum rc control_try(const struct control *c, struct backbone_call call, struct str *body, const char **why)
{
    struct json *root = NULL;
    int status;
    enum rc rc = request(c, &call, &status, body);

    if (rc != OK) {
        *why = arena_printf(c->arena, "%s: %s", call.url, rc_text(rc));
        return rc;
    }
    if (status == 200)
        return OK;
    *why = json_parse(c->arena, *body, &root, NULL) == OK ? json_text(json_get(root, "error"), "message") : NULL;
    if (*why == NULL)
        *why = arena_printf(c->arena, "HTTP %d", status);
    return E_REFUSED;
}

enum rc control_json(const struct control *c, const char *path, struct json **out)
{
    struct str body;

    TRY(control_ask(c, (struct backbone_call){ .url = path, .max = BUF_MAX_DEFAULT }, &body));
    return json_parse(c->arena, body, out, NULL);
}

/* ---- the query ---- */

/* "message-id" → "messageId" */
static void name_add(struct buf *out, const char *name, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        bool is_dash = name[i] == '-' && i + 1 < n;
        i += is_dash;
        buf_add_char(out, is_dash ? (char)toupper((unsigned char)name[i]) : name[i]);
    }
}

const char *control_query(struct args *args)
{
    struct buf *out = buf_new(args->arena, BUF_MAX_DEFAULT);
    int kept = 0;

    for (int i = 0; i < args->count; i++) {
        const char *word = args->words[i], *name = word + 2;
        size_t n = strcspn(name, "=");
        bool is_joined = text_starts(word, "--") && name[n] == '=';
        if (!text_starts(word, "--") || (!is_joined && i + 1 == args->count)) {
            args->words[kept++] = args->words[i];
            continue;
        }
        const char *value = is_joined ? name + n + 1 : args->words[++i];
        if (out->len > 0)
            buf_add_char(out, '&');
        name_add(out, name, n);
        buf_add_char(out, '=');
        query_string_encode(out, value, strlen(value));
    }
    args->count = kept;
    args->words[kept] = NULL;
    return buf_text(out);
}
