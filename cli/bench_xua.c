/*
 * xua: how many messages' assertions one core checks a second: the header read, the signature verified, the values
 * judged; beside the command xmlsec1, which verifies the same assertion again and again in one process.
 */
#include "cli/bench.h"
#include "cli/certificate.h"
#include "cli/process.h"

#include "actor/xua.h"
#include "actor/xua_variant.h"
#include "base/arena.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/log.h"
#include "msg/saml.h"
#include "wire/saml_signature.h"
#include "wire/soap.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define SECONDS    3
#define REPEATS    3000
#define TARGET     2000
#define NS_PER_S   1000000000ull
#define BENCH_HOME "urn:oid:2.999.392.1.35"
#define ELEMENT    "urn:oasis:names:tc:SAML:2.0:assertion:Assertion"

static enum rc issuer_make(struct bench *b, struct str *cert, const char **key_file)
{
    const struct certificate_spec spec = { .name = "issuer", .usage = "1.3.6.1.5.5.7.3.36" };
    struct certificate ca, pair;

    certificate_issue(b->arena, authority_new(b->arena, &ca), &spec, &pair);
    *key_file = arena_printf(b->arena, "%s/xua.key", b->folder);
    *cert = pair.cert;
    TRY(file_write(arena_printf(b->arena, "%s/xua.pem", b->folder), pair.cert, 0600));
    return file_write(*key_file, pair.key, 0600);
}

/* A FindDocuments of a user's. */
static enum rc message_make(struct bench *b, const char *key_file, struct str *message)
{
    struct saml_text home = { BENCH_HOME, NULL };
    const struct xua_order order = { .key = key_file,
                                     .audiences = &home,
                                     .data = b->folder,
                                     .organization = "bench",
                                     .home = BENCH_HOME,
                                     .now = clock_now() };
    struct soap_headers headers = { .action = "urn:ihe:iti:2007:RegistryStoredQuery", .message_id = "urn:uuid:1" };
    struct buf *text = buf_new(b->arena, BUF_MAX_DEFAULT);
    struct xua_made made;
    const char *why;

    TRY(xua_make(b->arena, xua_variant_find("good"), &order, &made, &why));
    TRY(file_write(arena_printf(b->arena, "%s/assertion.xml", b->folder), made.token, 0600));
    headers.more = xua_headers_of(b->arena, &made);
    soap_write_head(text, &headers);
    buf_add_literal(text, "<x/>");
    soap_write_tail(text);
    *message = buf_str(text);
    return OK;
}

static enum rc check_one(struct str message, const struct saml_key *keys)
{
    static const char *const audiences[] = { BENCH_HOME, NULL };
    const struct saml_service at = {
        .now_ms = clock_now_ms(), .skew_ms = 60000, .audiences = audiences, .recipient = ""
    };
    struct arena *a = arena_new();
    struct saml_refusal why;
    struct saml_token *token;
    struct xml_node *tree;
    struct saml s;
    enum rc rc = saml_token_find(a, message, &token, &why);

    if (rc == OK)
        rc = saml_token_verify(a, token, keys, &tree, &why);
    if (rc == OK) {
        saml_decode(a, tree, &s);
        rc = saml_check(a, &s, &at, &why);
    }
    if (rc != OK)
        log_error("bench: %s", why.text);
    arena_free(a);
    return rc;
}

/* Of this thread, for xmlsec1 tells of its processor time, too: both stay what they are on a busy machine. */
static uint64_t processor_ns(void)
{
    struct timespec t;

    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return (uint64_t)t.tv_sec * NS_PER_S + (uint64_t)t.tv_nsec;
}

static enum rc ours(struct str message, const struct saml_key *keys, double *per_second)
{
    uint64_t began, now;
    size_t n = 0;

    arena_blocks_keep(true);
    began = now = processor_ns();
    for (; now - began < SECONDS * NS_PER_S && !bench_stop; now = processor_ns()) {
        for (int i = 0; i < 50; i++, n++)
            TRY(check_one(message, keys));
    }
    arena_blocks_keep(false);
    *per_second = (double)n * 1e9 / (double)(now - began);
    return OK;
}

/* 0 when it did not say how long it took: "Executed 3000 tests in 900 msec". */
static double rate_read(const struct bench *b, const char *log)
{
    struct str text;

    if (file_read(b->arena, log, 1 << 20, &text) != OK)
        return 0;
    const char *at = strstr(text.data, " tests in ");
    double ms = at != NULL ? strtod(at + 10, NULL) : 0;
    return ms > 0 ? REPEATS * 1000.0 / ms : 0;
}

/* 0 where xmlsec1 is not installed. */
static double theirs(const struct bench *b)
{
    const char *log = arena_printf(b->arena, "%s/xmlsec1.log", b->folder);
    const char *const argv[] = { "xmlsec1",
                                 "--verify",
                                 "--repeat",
                                 arena_printf(b->arena, "%d", REPEATS),
                                 "--id-attr:ID",
                                 ELEMENT,
                                 "--pubkey-cert-pem",
                                 arena_printf(b->arena, "%s/xua.pem", b->folder),
                                 arena_printf(b->arena, "%s/assertion.xml", b->folder),
                                 NULL };
    const struct process_spec spec = { .program = "/usr/bin/xmlsec1", .argv = argv, .out_fd = -1, .log = log };
    const struct timespec pause = { .tv_nsec = 20000000 };
    pid_t pid;

    if (access(spec.program, X_OK) != 0 || process_start(&spec, &pid) != OK)
        return 0;
    while (!process_is_over(pid))
        nanosleep(&pause, NULL);
    return rate_read(b, log);
}

enum rc bench_xua(struct bench *b)
{
    const struct saml_key *keys;
    const char *key_file, *why;
    struct str cert, message;
    double per_second;

    TRY(issuer_make(b, &cert, &key_file));
    TRY(message_make(b, key_file, &message));
    TRY(saml_keys_read(b->arena, cert, &keys, &why));
    TRY(ours(message, keys, &per_second));
    bench_add(b, &(struct bench_line){ .key = "checks",
                                       .what = "assertions checked by one core",
                                       .unit = "assertions/s",
                                       .figure = per_second,
                                       .other = "xmlsec1 --repeat",
                                       .comparator = theirs(b),
                                       .kind = TARGET_FIGURE_MIN,
                                       .target = TARGET });
    return bench_stop ? E_CANCELLED : OK;
}
