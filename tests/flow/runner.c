/*
 * Bytes in, exact reply out. A case is a folder tests/flow/ACTOR/ITI-NN/what_happens/ with numbered steps:
 *   1.request, 2.request …   "POST /0035/registry", headers, an empty line, the body: what is sent
 *                            or "MLLP", an empty line, an HL7 v2 message whose segments end with LF here, CR on the
 *                            wire; or "MLLP bytes", an empty line, what goes over the wire without a frame of ours,
 *                            LF here for CR. All of a case go over one connection, whatever is refused.
 *   1.reply, 2.reply …       "HTTP 200", Content-Type, an empty line, the body: what must come back, byte for byte
 *                            (of MLLP: as the request)
 *   peer-1.reply …           what the daemon's peers answer, in the order they are asked (same form);
 *                            who is asked when none is left gets no answer;
 *                            an empty file hangs up
 *   peer-1.request …         what they must have been asked
 *   audit                    the audit records that the daemon must tell meanwhile (only where the file is there), a
 *                            line for each element, "SEVERITY" before each record
 *   config                   settings that differ from the usual ones, a line "key = value" each
 * Every case has a daemon of its own with an empty store, a clock that stands at
 * 2026-04-01T00:00:00Z and ids from a fixed seed, so nothing is masked but the peers' port, which reads as PORT
 * (":PORT/" in a request or in config is theirs, so that an answer can be asked for there). `runner --accept FOLDER`
 * writes the replies anew, for review as a diff.
 */
#include "actor/audit.h"
#include "actor/daemon.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/ids.h"
#include "base/log.h"
#include "support/exchange.h"
#include "support/scratch.h"
#include "wire/mllp.h"

#include <dirent.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

extern const struct daemon_spec FLOW_SPEC; /* by CMake: registry_spec, … */

#define FILE_MAX  ((size_t)16 << 20)
#define STEPS_MAX 32

struct flow {
    struct arena *arena;
    const char *folder;
    bool accept;
    struct daemon *daemon;
    struct scripted_peer *peer;
    int peer_port;
    int mllp; /* the connection of this case; -1 until the first step that needs it */
    int failures;
    struct buf *records; /* audit */
};

static bool read_step(struct flow *f, const char *name, struct str *out)
{
    return file_read(f->arena, arena_printf(f->arena, "%s/%s", f->folder, name), FILE_MAX, out) == OK;
}

static struct str after_head(struct str text)
{
    const char *end = memmem(text.data, text.len, "\n\n", 2);

    if (end == NULL)
        return (struct str){ text.data + text.len, 0 };
    return (struct str){ end + 2, text.len - (size_t)(end + 2 - text.data) };
}

static struct str swapped(struct flow *f, struct str text, const char *from, const char *to)
{
    struct buf *out = buf_new(f->arena, FILE_MAX * 2);

    for (const char *at; text.len > 0 && (at = memmem(text.data, text.len, from, strlen(from))) != NULL;) {
        buf_add(out, text.data, (size_t)(at - text.data));
        buf_add_text(out, to);
        text.len -= (size_t)(at - text.data) + strlen(from);
        text.data = at + strlen(from);
    }
    buf_add_str(out, text);
    return buf_str(out);
}

/* "POST /x\nContent-Type: …\n\nbody" → an HTTP request. */
static struct str as_request(struct flow *f, struct str file)
{
    struct str text = swapped(f, file, ":PORT/", arena_printf(f->arena, ":%d/", f->peer_port));
    struct str body = after_head(text);
    struct buf *http = buf_new(f->arena, FILE_MAX * 2);
    size_t head = text.len - body.len, line = 0;

    for (size_t i = 0; i + 1 < head; i++) {
        if (text.data[i] != '\n')
            continue;
        buf_add(http, text.data + line, i - line);
        buf_add_text(http, line == 0 ? " HTTP/1.1\r\nHost: flow\r\nConnection: close\r\n" : "\r\n");
        line = i + 1;
    }
    buf_printf(http, "Content-Length: %zu\r\n\r\n", body.len);
    buf_add_str(http, body);
    return buf_str(http);
}

/* "HTTP 200\nContent-Type: …\n\nbody" → an HTTP response. */
static struct str as_response(struct flow *f, struct str text)
{
    struct str body = after_head(text);
    struct buf *http = buf_new(f->arena, FILE_MAX * 2);
    const char *type = memmem(text.data, text.len - body.len, "\n", 1);

    if (text.len == 0)
        return text;
    buf_printf(http, "HTTP/1.1 %d X\r\n", (int)strtol(text.data + 5, NULL, 10));
    if (type != NULL)
        buf_printf(http, "%.*s\r\n", (int)strcspn(type + 1, "\n"), type + 1);
    buf_printf(http, "Content-Length: %zu\r\nConnection: close\r\n\r\n", body.len);
    buf_add_str(http, body);
    return buf_str(http);
}

/* What came over the wire, in the form of the files, with the peers' port made constant. */
static struct str as_file(struct flow *f, const char *first_line, const char *content_type, struct str body)
{
    struct buf *out = buf_new(f->arena, FILE_MAX * 2);
    const char *port = arena_printf(f->arena, ":%d/", f->peer_port);
    const char *hung_up = arena_printf(f->arena, "127.0.0.1:%d:", f->peer_port);

    buf_printf(out, "%s\nContent-Type: %s\n\n", first_line, content_type);
    if (f->peer_port != 0)
        body = swapped(f, swapped(f, body, port, ":PORT/"), hung_up, "127.0.0.1:PORT:");
    buf_add_str(out, body);
    return buf_str(out);
}

static void compare(struct flow *f, const char *name, struct str got)
{
    const char *path = arena_printf(f->arena, "%s/%s", f->folder, name);
    struct str want = { "", 0 };

    if (f->accept) {
        if (file_write(path, got, 0644) != OK)
            f->failures++;
        return;
    }
    if (!read_step(f, name, &want) || want.len != got.len || memcmp(want.data, got.data, got.len) != 0) {
        printf("  %s differs.\n--- expected\n%.*s\n--- got\n%.*s\n---\n", path, (int)want.len, want.data, (int)got.len,
               got.data);
        f->failures++;
    }
}

static void start_peer(struct flow *f, struct config *c)
{
    static const enum config_key places[] = { CONFIG_REGISTRY_AT, CONFIG_REPOSITORY_AT, CONFIG_PIXMGR_AT,
                                              CONFIG_GATEWAY_AT };
    struct str *answers = ARENA_ARRAY(f->arena, struct str, STEPS_MAX), text;
    size_t n = 0;

    while (n < STEPS_MAX && read_step(f, arena_printf(f->arena, "peer-%zu.reply", n + 1), &text))
        answers[n++] = as_response(f, text);
    if (n > 0)
        f->peer = scripted_peer_start(answers, n, &f->peer_port);
    for (size_t i = 0; i < ARRAY_LEN(places); i++) {
        if (config_set(c, places[i], arena_printf(f->arena, "http://127.0.0.1:%d", n > 0 ? f->peer_port : 1)) != OK)
            die("flow: configuration");
    }
}

static void check_peer(struct flow *f)
{
    size_t count;

    if (f->peer == NULL)
        return;
    const struct buf *requests = scripted_peer_requests(f->peer, &count);
    for (size_t i = 0; i < count; i++) {
        struct str all = buf_str(&requests[i]);
        struct reply r = reply_parse(f->arena, all);
        const char *line = arena_strndup(f->arena, all.data, strcspn(all.data, "\r"));
        char *version = strstr(line, " HTTP/1.1");
        if (version != NULL)
            *version = '\0';
        compare(f, arena_printf(f->arena, "peer-%zu.request", i + 1), as_file(f, line, r.content_type, r.body));
    }
    scripted_peer_free(f->peer);
}

static struct str replaced(struct flow *f, struct str text, char from, char to)
{
    char *copy = arena_strndup(f->arena, text.data, text.len);

    for (size_t i = 0; i < text.len; i++)
        copy[i] = copy[i] == from ? to : copy[i];
    return (struct str){ copy, text.len };
}

/* False when the daemon does not answer. */
static bool mllp_step(struct flow *f, struct str text, struct buf *wire, struct str *got)
{
    struct buf *file = buf_new(f->arena, FILE_MAX), *bytes = buf_new(f->arena, FILE_MAX);
    struct str message = replaced(f, after_head(text), '\n', '\r');

    if (text_starts(text.data, "MLLP bytes\n"))
        buf_add_str(bytes, message);
    else
        mllp_write(bytes, message);
    if (f->mllp < 0)
        f->mllp = mllp_connect(f->daemon->mllp_plain_port);
    if (f->mllp < 0 || !mllp_exchange(f->mllp, buf_str(bytes), wire))
        return false;
    buf_add_text(file, "MLLP\n\n");
    buf_add_str(file, replaced(f, buf_str(wire), '\r', '\n'));
    *got = buf_str(file);
    return true;
}

static bool http_step(struct flow *f, struct str text, struct buf *wire, struct str *got)
{
    if (!exchange(f->daemon->plain_port, as_request(f, text), wire))
        return false;
    struct reply r = reply_parse(f->arena, buf_str(wire));
    *got = as_file(f, arena_printf(f->arena, "HTTP %d", r.status), r.content_type, r.body);
    return true;
}

static void run_steps(struct flow *f)
{
    struct str text, got;

    for (int i = 1; read_step(f, arena_printf(f->arena, "%d.request", i), &text); i++) {
        struct buf *wire = buf_new(f->arena, FILE_MAX * 2);
        bool is_mllp = text.len > 5 && memcmp(text.data, "MLLP", 4) == 0;
        if (!(is_mllp ? mllp_step : http_step)(f, text, wire, &got)) {
            printf("  %s: the daemon does not answer\n", f->folder);
            f->failures++;
            return;
        }
        compare(f, arena_printf(f->arena, "%d.reply", i), got);
    }
}

/* On the daemon's only loop; read when it has stopped. */
static void keep_record(void *user, struct str head, struct str text)
{
    struct flow *f = user;

    buf_printf(f->records, "%.*s\n", (int)strcspn(head.data, ">") + 1, head.data);
    for (size_t i = 0; i < text.len; i++) {
        buf_add_char(f->records, text.data[i]);
        if (text.data[i] == '>' && (i + 1 == text.len || text.data[i + 1] == '<'))
            buf_add_char(f->records, '\n');
    }
}

static void check_records(struct flow *f)
{
    struct str wanted;

    if (read_step(f, "audit", &wanted))
        compare(f, "audit", swapped(f, buf_str(f->records), arena_printf(f->arena, ":%d/", f->peer_port), ":PORT/"));
}

static struct config *flow_config(struct flow *f, const char *data)
{
    static const struct {
        enum config_key key;
        const char *value;
    } settings[] = {
        { CONFIG_FIXTURES, "fixtures" },  { CONFIG_PLAIN_PORT, "-1" },       { CONFIG_LOOPS, "1" },
        { CONFIG_CALL_TIMEOUT, "10000" }, { CONFIG_MAX_MESSAGE, "1048576" }, { CONFIG_COMMUNITIES, "0026,0035" },
        { CONFIG_POPULATION, "0" },       { CONFIG_MLLP_PLAIN_PORT, "-1" },
    };
    struct config *c = config_default(f->arena);

    for (size_t i = 0; i < ARRAY_LEN(settings); i++) {
        if (config_set(c, settings[i].key, settings[i].value) != OK)
            die("flow: configuration");
    }
    if (config_set(c, CONFIG_DATA, data) != OK)
        die("flow: configuration");
    return c;
}

static enum config_key config_find(const char *key, size_t length)
{
    for (int i = 0; i < CONFIG_COUNT; i++) {
        const char *name = config_row((enum config_key)i)->key;
        if (strlen(name) == length && memcmp(name, key, length) == 0)
            return (enum config_key)i;
    }
    die("flow: there is no key %.*s", (int)length, key);
}

static void case_config(struct flow *f, struct config *c)
{
    struct str text;

    if (!read_step(f, "config", &text))
        return;
    for (const char *line = text.data, *end; line < text.data + text.len; line = end + 1) {
        const char *equals = strstr(line, " = ");
        end = memchr(line, '\n', text.len - (size_t)(line - text.data));
        if (end == NULL || equals == NULL || equals > end)
            die("flow: %s/config: a line is no \"key = value\"", f->folder);
        struct str written = { equals + 3, (size_t)(end - equals) - 3 };
        struct str value = swapped(f, written, ":PORT/", arena_printf(f->arena, ":%d/", f->peer_port));
        if (config_set(c, config_find(line, (size_t)(equals - line)), str_dup(f->arena, value)) != OK)
            die("flow: %s/config", f->folder);
    }
}

static int run_case(const char *folder, bool accept)
{
    struct flow f = { .arena = arena_new(), .folder = folder, .accept = accept, .mllp = -1 };
    const char *data = scratch_make(f.arena);
    struct config *c = flow_config(&f, data);

    ids_pin(42);
    start_peer(&f, c);
    case_config(&f, c);
    if (daemon_start(f.arena, &FLOW_SPEC, c, &f.daemon) != OK)
        die("flow: the daemon does not start");
    f.records = buf_new(f.arena, FILE_MAX);
    audit_start_with(f.daemon, keep_record, &f);
    daemon_run(f.daemon);
    run_steps(&f);
    if (f.mllp >= 0)
        close(f.mllp);
    check_peer(&f);
    daemon_stop(f.daemon);
    check_records(&f);
    scratch_remove(data);
    printf("%s %s\n", f.failures == 0 ? "ok  " : "FAIL", folder);
    arena_free(f.arena);
    return f.failures;
}

/* Every folder below that has a first request. */
static void run_below(const char *folder, bool accept, int *cases, int *failed)
{
    struct arena *a = arena_new();
    struct dirent **entries;
    struct stat st;

    if (stat(arena_printf(a, "%s/1.request", folder), &st) == 0) {
        (*cases)++;
        *failed += run_case(folder, accept) != 0;
    } else {
        int n = scandir(folder, &entries, NULL, alphasort);
        for (int i = 0; i < n; i++) {
            const char *path = arena_printf(a, "%s/%s", folder, entries[i]->d_name);
            if (entries[i]->d_name[0] != '.' && stat(path, &st) == 0 && S_ISDIR(st.st_mode))
                run_below(path, accept, cases, failed);
            free(entries[i]);
        }
        if (n >= 0)
            free(entries);
    }
    arena_free(a);
}

int main(int argc, char **argv)
{
    bool accept = argc == 3 && strcmp(argv[1], "--accept") == 0;
    int cases = 0, failed = 0;

    if (argc != 2 && !accept) {
        fprintf(stderr, "usage: %s [--accept] FOLDER\n", argv[0]);
        return 2;
    }
    net_init();
    log_open("flow", LOG_LEVEL_ERROR);
    if (clock_pin("2026-04-01T00:00:00Z") != OK)
        return 2;
    run_below(argv[argc - 1], accept, &cases, &failed);
    printf("%d cases, %d failed\n", cases, failed);
    return cases == 0 || failed > 0;
}
