#include "cli/inbox.h"

#include "cli/args.h"
#include "cli/backbone.h"
#include "cli/command.h"
#include "cli/language.h"
#include "cli/table.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/file.h"
#include "base/str.h"

#include <stdio.h>
#include <string.h>

/* https://localhost:18103/0035/recipient → https://localhost:18103/inbox/0035; NULL when it has no recipient. */
static const char *inbox_url(struct arena *a, const struct backbone *b, const char *community)
{
    const char *url = backbone_url(b, "endpoints", community, "document-recipient", "ITI-41");
    const char *host = url != NULL ? strstr(url, "://") : NULL;

    if (host == NULL)
        return NULL;
    size_t base = (size_t)(host + 3 - url) + strcspn(host + 3, "/");
    return arena_printf(a, "%.*s/inbox/%s", (int)base, url, community);
}

static void print_documents(struct arena *a, struct table *t, const struct json *submission)
{
    const char *number = arena_printf(a, "%.0f", json_number(submission, "number", 0));
    const char *received = json_text(submission, "received"), *source = json_text(submission, "sourceId");
    const struct json *documents = json_get(submission, "documents");

    if (documents == NULL || documents->first == NULL)
        table_row(t, number, received, source, json_text(submission, "patientId"), NULL, json_text(submission, "title"),
                  NULL, NULL);
    for (const struct json *d = documents != NULL ? documents->first : NULL; d != NULL; d = d->next) {
        table_row(t, number, received, source, json_text(submission, "patientId"), json_text(d, "uniqueId"),
                  json_text(d, "title"), json_text(d, "mimeType"), arena_printf(a, "%.0f", json_number(d, "size", 0)));
        number = received = source = NULL;
    }
}

static void print_inbox(struct arena *a, const struct json *root)
{
    struct buf *out = buf_new(a, BUF_MAX_DEFAULT);
    struct table *t = table_new(a, "#", language_pick("RECEIVED", "受信時刻"), language_pick("SOURCE", "送信元"),
                                language_pick("PATIENT", "患者"), language_pick("DOCUMENT", "文書"),
                                language_pick("TITLE", "表題"), language_pick("TYPE", "形式"),
                                language_pick("SIZE", "バイト数"), NULL);
    const struct json *submissions = json_get(root, "submissions");

    for (const struct json *s = submissions != NULL ? submissions->first : NULL; s != NULL; s = s->next)
        print_documents(a, t, s);
    table_print(t, out);
    fwrite(out->data, 1, out->len, stdout);
}

/* DIR/NUMBER-K.xml: no name of a message's becomes a file's. */
static enum rc document_save(struct arena *a, const struct backbone *b, const char *url, const char *save,
                             const struct json *submission, const struct json *document, int k)
{
    double number = json_number(submission, "number", 0);
    const char *file = arena_printf(a, "%s/%.0f-%d.%s", save, number, k,
                                    mime_extension(json_text(document, "mimeType")));
    struct str bytes;
    int status;

    if (backbone_ask(a, b->data, arena_printf(a, "%s/%.0f/%d", url, number, k), &status, &bytes) != OK ||
        status != 200) {
        fprintf(stderr, "kakehashi: %s: %s\n", file, language_pick("cannot be fetched", "取得できません"));
        return E_PEER;
    }
    return file_write(file, bytes, 0644);
}

static enum rc save_all(struct arena *a, const struct backbone *b, const char *url, const char *save,
                        const struct json *root)
{
    const struct json *submissions = json_get(root, "submissions");

    TRY(file_mkdirs(save, 0755));
    for (const struct json *s = submissions != NULL ? submissions->first : NULL; s != NULL; s = s->next) {
        const struct json *documents = json_get(s, "documents");
        int k = 0;
        for (const struct json *d = documents != NULL ? documents->first : NULL; d != NULL; d = d->next)
            TRY(document_save(a, b, url, save, s, d, ++k));
    }
    return OK;
}

static int ask_and_print(struct arena *a, const struct backbone *b, const char *url, const char *save, bool as_json)
{
    struct json *root;
    struct str body;
    int status;

    if (backbone_ask(a, b->data, url, &status, &body) != OK || status != 200 ||
        json_parse(a, body, &root, NULL) != OK) {
        fprintf(stderr, "kakehashi: %s: %s\n", url, language_pick("does not answer", "応答がありません"));
        return EXIT_FAILED;
    }
    if (as_json)
        fwrite(body.data, 1, body.len, stdout);
    else
        print_inbox(a, root);
    return save == NULL || save_all(a, b, url, save, root) == OK ? EXIT_OK : EXIT_FAILED;
}

int inbox_show(struct args *args, const char *community, const char *save, bool as_json)
{
    struct backbone b;

    if (backbone_find(args->arena, args->config, &b) != OK)
        return EXIT_FAILED;
    const char *url = inbox_url(args->arena, &b, community);
    if (url == NULL) {
        fprintf(stderr,
                language_pick("kakehashi: \"%s\" is no community with a Document Recipient here\n",
                              "kakehashi: \"%s\" という文書受信アクタをもつ地域はここにはありません\n"),
                community);
        return EXIT_FAILED;
    }
    return ask_and_print(args->arena, &b, url, save, as_json);
}
