#include "cli/bench_client.h"

#include "cli/bench.h"
#include "cli/bench_backbone.h"

#include "actor/pki_files.h"
#include "base/arena.h"
#include "base/config.h"
#include "base/ids.h"
#include "base/log.h"
#include "wire/mime.h"
#include "wire/soap.h"

#define MTOM_ROOT "root@kakehashi"

static const struct {
    const char *name, *value;
} person[] = {
    { "id", BENCH_PATIENT },       { "patient", BENCH_PATIENT }, { "family", "鳥取" }, { "given", "花子" },
    { "family-kana", "トットリ" }, { "given-kana", "ハナコ" },   { "gender", "F" },    { "birth", "19520314" },
};

struct exchange bench_exchange(const struct bench_client *c, const char *transaction, const char *actor)
{
    struct arena *a = c->bench->arena;
    struct exchange x = { .arena = a,
                          .client = c->client,
                          .row = exchange_find(transaction),
                          .from = c->community,
                          .to = c->community,
                          .actor = actor,
                          .params.arena = a };

    for (size_t i = 0; i < ARRAY_LEN(person); i++)
        vars_set(&x.params, person[i].name, person[i].value);
    return x;
}

enum rc bench_exchange_run(struct exchange *x)
{
    enum rc rc = exchange_run(x);

    if (rc != OK)
        log_error("%s for the bench: %s", x->row->id, x->why);
    return rc;
}

enum rc bench_client_start(struct bench *b, const struct bench_backbone *bb, struct bench_client *out)
{
    struct bench_client c = { .bench = b };

    c.identity = pki_user(b->arena, config_text(bb->config, CONFIG_DATA));
    TRY(client_new(b->arena, bb->config, false, &c.client));
    c.community = directory_find(client_directory(c.client), BENCH_COMMUNITY);
    if (c.community == NULL)
        return E_CONFIG;
    struct exchange x = bench_exchange(&c, "ITI-44", "registry");
    TRY(bench_exchange_run(&x));
    *out = c;
    return OK;
}

struct str bench_exchange_bytes(const struct exchange *x, const char *url, const char **content_type)
{
    const char *action = x->row->action;
    struct soap_headers headers = {
        .action = action, .message_id = ids_urn(x->arena), .to = url, .reply_to = WSA_ANONYMOUS
    };
    struct buf *out = buf_new(x->arena, BUF_MAX_DEFAULT);
    char boundary[IDS_UUID_LEN];

    ids_uuid(boundary);
    if (x->row->mtom)
        mime_write_root(out, boundary, MTOM_ROOT, action);
    soap_write_head(out, &headers);
    buf_add_str(out, buf_str(x->body));
    soap_write_tail(out);
    if (x->row->mtom)
        mime_write_end(out, boundary);
    *content_type = x->row->mtom ? mime_mtom_type(x->arena, boundary, MTOM_ROOT, action)
                                 : arena_printf(x->arena, SOAP_MEDIA_TYPE "; charset=UTF-8; action=\"%s\"", action);
    return buf_str(out);
}
