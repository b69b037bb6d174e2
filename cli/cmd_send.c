/* kakehashi send: one transaction as its client, with what came back as a table or as the bytes. */
#include "cli/args.h"
#include "cli/breaking.h"
#include "cli/command.h"
#include "cli/exchange.h"
#include "cli/language.h"
#include "cli/table.h"
#include "cli/xua_attach.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/file.h"
#include "base/str.h"

#include <stdio.h>
#include <string.h>

#define DOCUMENT_MAX ((size_t)1 << 30)

struct send {
    struct exchange x;
    const char *from, *to, *xua;
    const char *rule; /* --break; NULL: the message stays good */
    bool raw, plain;
};

static const char *join(struct arena *a, const char *const *words, size_t n)
{
    const char *text = "";

    for (size_t i = 0; i < n && words[i] != NULL; i++)
        text = arena_printf(a, "%s%s%s", text, i == 0 ? "" : " ", words[i]);
    return text;
}

/* The rows, for who asks without knowing. */
static int print_rows(struct arena *a)
{
    struct buf *out = buf_new(a, BUF_MAX_DEFAULT);
    struct table *t = table_new(a, language_pick("TRANSACTION", "トランザクション"), language_pick("NAME", "名称"),
                                language_pick("AT", "送り先"), language_pick("NEEDS", "必須"),
                                language_pick("TAKES", "任意"), NULL);
    size_t count;
    const struct exchange_row *rows = exchange_rows(&count);

    for (size_t i = 0; i < count; i++)
        table_row(t, rows[i].id, rows[i].name, join(a, rows[i].actors, EXCHANGE_ACTORS), rows[i].needs, rows[i].takes);
    table_print(t, out);
    fwrite(out->data, 1, out->len, stderr);
    return EXIT_USAGE;
}

static void params_take(struct args *args, const char *names, struct vars *params)
{
    char *rest = arena_strdup(args->arena, names);

    for (char *name; (name = strsep(&rest, " ")) != NULL;) {
        const char *flag = arena_printf(args->arena, "--%s", name), *value;
        while ((value = args_option(args, flag)) != NULL)
            vars_add(params, name, value);
    }
}

static enum rc words_take(struct args *args, struct send *s)
{
    struct exchange *x = &s->x;

    x->arena = x->params.arena = args->arena;
    s->from = args_option(args, "--from");
    s->to = args_option(args, "--to");
    x->actor = args_option(args, "--at");
    s->xua = args_option(args, "--xua");
    s->raw = args_flag(args, "--raw");
    s->plain = args_flag(args, "--no-tls");
    s->rule = args_option(args, "--break");
    params_take(args, x->row->needs ? x->row->needs : "", &x->params);
    params_take(args, x->row->takes ? x->row->takes : "", &x->params);
    if (s->rule != NULL) /* what must be registered before */
        params_take(args, "patient content file", &x->params);
    TRY(args_end(args));
    if (s->to != NULL)
        return OK;
    fprintf(stderr, "kakehashi: send %s: %s\n", x->row->id,
            language_pick("--to names the community it goes to", "--to で送り先の地域を指定してください"));
    return E_CONFIG;
}

static enum rc peers_find(struct args *args, struct send *s)
{
    struct exchange *x = &s->x;

    TRY(client_new(args->arena, args->config, s->plain, &x->client));
    struct directory *d = client_directory(x->client);
    if ((x->to = directory_find(d, s->to)) == NULL)
        return E_CONFIG;
    if (s->from != NULL && (x->from = directory_find(d, s->from)) == NULL)
        return E_CONFIG;
    return OK;
}

static enum rc content_read(struct send *s)
{
    const char *path = vars_get(&s->x.params, "file");

    if (path == NULL || file_read(s->x.arena, path, DOCUMENT_MAX, &s->x.content) == OK)
        return OK;
    fprintf(stderr, "kakehashi: %s: %s\n", path, language_pick("cannot be read", "読めません"));
    return E_CONFIG;
}

/* ---- what came back ---- */

static void print_items(const struct exchange *x)
{
    struct buf *out = buf_new(x->arena, BUF_MAX_DEFAULT);
    struct table *t = table_new(x->arena, "#", language_pick("FIELD", "項目"), language_pick("VALUE", "値"), NULL);
    int n = 0;

    for (const struct exchange_item *item = x->items; item != NULL; item = item->next) {
        const char *number = arena_printf(x->arena, "%d", ++n);
        for (size_t i = 0; i < EXCHANGE_COLUMNS && x->row->columns[i] != NULL; i++) {
            if (item->cells[i] == NULL)
                continue;
            table_row(t, number, x->row->columns[i], item->cells[i]);
            number = NULL;
        }
    }
    table_print(t, out);
    fwrite(out->data, 1, out->len, stdout);
}

static void print_answer(const struct exchange *x, enum rc rc)
{
    double ms = x->call == NULL ? 0 : (double)x->call->ticks / 1e6;

    printf("%s  %s → %s %s  %.1f ms  %s\n", x->row->id, x->from ? peer_name(x->from) : language_pick("user", "利用者"),
           peer_name(x->to), x->actor ? exchange_actor_name(x->actor) : "", ms, rc == OK ? "✓" : "✗");
    if (x->item_count > 0)
        print_items(x);
    else if (rc == OK)
        printf("  %s\n", language_pick("nothing found", "該当なし"));
}

/* The envelope as it came, and nothing else. */
static void print_raw(const struct exchange *x)
{
    if (x->call == NULL || x->call->response_xml.len == 0)
        return;
    fwrite(x->call->response_xml.data, 1, x->call->response_xml.len, stdout);
    fputc('\n', stdout);
}

static int document_save(const struct send *s)
{
    const char *path = vars_get(&s->x.params, "save");

    if (path == NULL || s->x.item_count == 0)
        return EXIT_OK;
    return file_write(path, s->x.document, 0644) == OK ? EXIT_OK : EXIT_FAILED;
}

static int send_run(struct send *s)
{
    enum rc rc = exchange_run(&s->x);

    if (s->raw)
        print_raw(&s->x);
    else if (rc != E_CONFIG)
        print_answer(&s->x, rc);
    if (rc == OK)
        return document_save(s);
    fprintf(stderr, "kakehashi: %s\n", s->x.why);
    return rc == E_CONFIG ? EXIT_USAGE : EXIT_FAILED;
}

int cmd_send(struct args *args)
{
    const char *id = args_word(args);
    struct send s = { .x.row = id == NULL ? NULL : exchange_find(id) };

    if (id == NULL && args_flag(args, "--breaks"))
        return args_end(args) == OK ? break_list(args->arena) : EXIT_USAGE;
    if (id != NULL && s.x.row == NULL)
        fprintf(stderr, "kakehashi: send %s: %s\n", id,
                language_pick("no such transaction; these can be sent",
                              "そのトランザクションは送れません。送れるのは次のものです"));
    if (s.x.row == NULL)
        return print_rows(args->arena);
    if (words_take(args, &s) != OK || content_read(&s) != OK)
        return EXIT_USAGE;
    if (peers_find(args, &s) != OK)
        return EXIT_FAILED;
    if (s.xua != NULL && xua_attach(&s.x, s.xua) != OK)
        return EXIT_USAGE;
    return s.rule != NULL ? break_command(&s.x, s.rule, s.raw) : send_run(&s);
}
