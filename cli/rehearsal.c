#include "cli/rehearsal.h"

#include "cli/fleet.h"
#include "cli/process.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/config.h"
#include "base/file.h"
#include "base/log.h"
#include "wire/json.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define JUDGED_MAX   ((size_t)512 << 20)
#define CONTENT_TYPE "application/soap+xml"

static const enum fleet_member judges[] = { FLEET_REGISTRY, FLEET_REPOSITORY, FLEET_PIXMGR, FLEET_GATEWAY };

struct rehearsing {
    const struct rehearsal *spec;
    const char *folder;
    const struct specimen *specimens;
    struct verdict *verdicts;
    size_t count;
    size_t *sent; /* which specimens the daemon that runs was sent, in their order */
    size_t sent_count;
};

/* ---- what a daemon is told ---- */

static bool is_for(const struct rehearsing *r, const struct specimen *s, enum fleet_member judge)
{
    const char *actor = r->spec->actor;

    if (s->kind == SPECIMEN_SOAP)
        return true;
    if (s->kind != SPECIMEN_HL7V2)
        return false;
    return actor == NULL || strcmp(actor, fleet[judge].name) == 0;
}

static void frame_add(const struct rehearsing *r, const struct specimen *s, struct buf *out)
{
    const char *community = s->community != NULL ? s->community : r->spec->community;
    const char *actor = s->actor != NULL || s->is_answer ? s->actor : r->spec->actor;
    const char *door = s->kind == SPECIMEN_HL7V2 ? "mllp" : s->is_answer ? "answer" : "http";

    buf_printf(out, "%zu %.64s %.64s %d %s %.1000s\n", s->bytes.len, community != NULL ? community : "-",
               actor != NULL && s->kind == SPECIMEN_SOAP ? actor : "-", s->number, door,
               s->content_type != NULL ? s->content_type : "");
    buf_add_str(out, s->bytes);
}

static enum rc messages_write(struct rehearsing *r, enum fleet_member judge, const char *path)
{
    struct buf *out = buf_new(r->spec->arena, JUDGED_MAX);

    r->sent_count = 0;
    for (size_t i = 0; i < r->count; i++) {
        if (r->verdicts[i].what != NULL || !is_for(r, &r->specimens[i], judge))
            continue;
        frame_add(r, &r->specimens[i], out);
        r->sent[r->sent_count++] = i;
    }
    return file_replace(path, buf_str(out), 0600);
}

/* ---- running one ---- */

/* Its configuration, where it matters to a judgement, and the rules weighed otherwise. */
static enum rc argv_make(const struct rehearsing *r, enum fleet_member judge, const char *const **out)
{
    static const enum config_key keys[] = { CONFIG_COMMUNITIES, CONFIG_PROFILES,    CONFIG_CODES,
                                            CONFIG_CHECKS,      CONFIG_MAX_MESSAGE, CONFIG_FIXTURES,
                                            CONFIG_CLOCK,       CONFIG_ASSERTIONS,  CONFIG_ASSERTION_ISSUERS };
    struct arena *a = r->spec->arena;
    const char **argv, *program;
    size_t n = 0, weighs = 0;

    while (r->spec->weighs[weighs] != NULL)
        weighs++;
    argv = ARENA_ARRAY(a, const char *, ARRAY_LEN(keys) + weighs + 4);
    TRY(fleet_program(a, arena_printf(a, "kakehashi-%s", fleet[judge].name), &program));
    argv[n++] = program;
    argv[n++] = arena_printf(a, "--data=%s", r->folder);
    for (size_t i = 0; i < ARRAY_LEN(keys); i++)
        argv[n++] = arena_printf(a, "--%s=%s", config_row(keys[i])->key, config_text(r->spec->config, keys[i]));
    argv[n++] = "--check-stdin";
    for (size_t i = 0; i < weighs; i++)
        argv[n++] = r->spec->weighs[i];
    *out = argv;
    return OK;
}

static enum rc program_run(const struct rehearsing *r, enum fleet_member judge, const char *messages,
                           const char *findings)
{
    const char *const *argv;
    pid_t pid;

    TRY(argv_make(r, judge, &argv));
    int in = open(messages, O_RDONLY | O_CLOEXEC);
    int out = open(findings, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    struct process_spec spec = { .program = argv[0],
                                 .argv = argv,
                                 .in_fd = in,
                                 .out_fd = out,
                                 .log = arena_printf(r->spec->arena, "%s/log", r->folder) };
    enum rc rc = in < 0 || out < 0 ? file_error("open", in < 0 ? messages : findings) : process_start(&spec, &pid);
    if (rc == OK)
        rc = process_wait(pid) == EXIT_SUCCESS ? OK : E_IO;
    if (in >= 0)
        close(in);
    if (out >= 0)
        close(out);
    return rc;
}

/* ---- what it found ---- */

static void finding_read(struct arena *a, const struct json *j, struct verdict *v)
{
    verdict_add(a, v,
                &(struct finding){ .rule = json_text(j, "rule"),
                                   .section = json_text(j, "section"),
                                   .code = json_text(j, "code"),
                                   .is_warning = text_equal(json_text(j, "severity"), "warning"),
                                   .place = json_text(j, "place"),
                                   .text = json_text(j, "text"),
                                   .en = json_text(j, "en"),
                                   .ja = json_text(j, "ja") });
}

static void judgement_read(struct arena *a, const struct json *j, const struct specimen *s, struct verdict *v)
{
    const struct json *findings = json_get(j, "findings");
    const char *id = json_text(j, "transaction"), *name = json_text(j, "name");
    bool is_told = v->first != NULL;

    if (!json_bool(j, "taken", false)) {
        for (const struct json *f = findings != NULL ? findings->first : NULL; f != NULL && !is_told; f = f->next)
            finding_read(a, f, v);
        return;
    }
    verdict_clear(v); /* others knew it less well */
    v->what = id != NULL ? arena_printf(a, "%s %s", id, name) : s->kind == SPECIMEN_HL7V2 ? "HL7 v2" : "SOAP";
    v->needs_store = json_bool(j, "needsStore", false);
    for (const struct json *f = findings != NULL ? findings->first : NULL; f != NULL; f = f->next)
        finding_read(a, f, v);
}

static enum rc findings_read(const struct rehearsing *r, const char *path)
{
    struct arena *a = r->spec->arena;
    struct str text, line;
    struct json *j;
    size_t n = 0;

    TRY(file_read(a, path, JUDGED_MAX, &text));
    for (; text.len > 0 && n < r->sent_count; n++) {
        const char *end = memchr(text.data, '\n', text.len);
        line = (struct str){ text.data, end != NULL ? (size_t)(end - text.data) : text.len };
        if (json_parse(a, line, &j, NULL) != OK)
            break;
        judgement_read(a, j, &r->specimens[r->sent[n]], &r->verdicts[r->sent[n]]);
        text.data += line.len + 1;
        text.len -= MIN(text.len, line.len + 1);
    }
    return n == r->sent_count ? OK : E_IO;
}

static enum rc judge_run(struct rehearsing *r, enum fleet_member judge)
{
    struct arena *a = r->spec->arena;
    const char *messages = arena_printf(a, "%s/messages", r->folder);
    const char *findings = arena_printf(a, "%s/findings", r->folder);

    TRY(messages_write(r, judge, messages));
    if (r->sent_count == 0)
        return OK;
    enum rc rc = program_run(r, judge, messages, findings);
    if (rc == OK)
        rc = findings_read(r, findings);
    if (rc != OK) {
        struct str log = { "", 0 };
        if (file_read(a, arena_printf(a, "%s/log", r->folder), 1 << 16, &log) != OK)
            log.len = 0;
        log_error("kakehashi-%s did not judge: %.*s", fleet[judge].name, (int)log.len, log.data);
    }
    return rc;
}

enum rc rehearse(const struct rehearsal *spec, const struct specimen *specimens, struct verdict *verdicts, size_t count)
{
    struct arena *a = spec->arena;
    const char *parent = getenv("TMPDIR");
    char *folder = arena_printf(a, "%s/kakehashi-validate-XXXXXX", text_absent(parent) ? "/tmp" : parent);
    enum rc rc = OK;

    if (mkdtemp(folder) == NULL)
        return file_error("mkdtemp", folder);
    struct rehearsing r = { spec, folder, specimens, verdicts, count, ARENA_ARRAY(a, size_t, count), 0 };
    for (size_t i = 0; rc == OK && i < ARRAY_LEN(judges); i++)
        rc = judge_run(&r, judges[i]);
    (void)!file_remove_all(folder);
    return rc;
}
