/*
 * What `kakehashi up` used to say itself, and says through files of the data folder now: endpoints.json, and
 * status.json with the daemons it watches (cli/supervisor.h).
 */
#include "console/pages.h"

#include "base/arena.h"
#include "base/clock.h"
#include "base/file.h"
#include "console/ask.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define FILE_MAX ((size_t)64 << 20)

bool page_healthz(struct ask *ask)
{
    ask_reply(ask, 200, "text/plain; charset=utf-8", STR("ok\n"));
    return true;
}

/* A JSON file of the data folder; NULL when there is none. */
static struct json *data_read(struct ask *ask, const char *name)
{
    struct json *root;
    struct str text;

    if (file_read(ask->arena, arena_printf(ask->arena, "%s/%s", ask->console->data, name), FILE_MAX, &text) != OK ||
        json_parse(ask->arena, text, &root, NULL) != OK)
        return NULL;
    return root;
}

struct json *status_read(struct ask *ask)
{
    return data_read(ask, "status.json");
}

const struct json *endpoints_read(struct ask *ask)
{
    return data_read(ask, "endpoints.json");
}

bool page_readyz(struct ask *ask)
{
    const struct json *status = status_read(ask);
    uint64_t wait_ns = (uint64_t)ask_number(ask, "waitMs", 0) * 1000000u;

    if (status == NULL)
        ask_reply(ask, 200, "text/plain; charset=utf-8", STR("ready: console; nobody supervises the daemons here\n"));
    else if (json_bool(status, "ready", false))
        ask_reply(ask, 200, "text/plain; charset=utf-8", STR("ready\n"));
    else if (clock_ticks() - ask->begun < wait_ns)
        return false;
    else
        ask_reply(ask, 503, "text/plain; charset=utf-8", STR("not every daemon answers; /status tells which\n"));
    return true;
}

/* Resident memory; 0 when there is no such process here. */
static long memory_kib(long pid)
{
    char path[64], line[256];
    long kib = 0;

    snprintf(path, sizeof(path), "/proc/%ld/status", pid);
    FILE *f = pid > 0 ? fopen(path, "re") : NULL;
    if (f == NULL)
        return 0;
    while (fgets(line, sizeof(line), f) != NULL) {
        if (text_starts(line, "VmRSS:"))
            kib = strtol(line + 6, NULL, 10);
    }
    fclose(f);
    return kib;
}

static void daemon_write(struct json_writer *w, const struct json *d)
{
    static const char *const numbers[] = { "pid", "port", "plainPort", "restarts" };
    long pid = (long)json_number(d, "pid", 0);
    double started_us = json_number(d, "startedUs", 0);

    jw_object(w, NULL);
    jw_text(w, "name", json_text(d, "name"));
    jw_text(w, "state", json_text(d, "state"));
    for (size_t i = 0; i < ARRAY_LEN(numbers); i++)
        jw_integer(w, numbers[i], (long long)json_number(d, numbers[i], 0));
    jw_integer(w, "memoryKiB", memory_kib(pid));
    jw_integer(w, "uptimeSeconds", pid != 0 ? (long long)(((double)clock_wall_us() - started_us) / 1e6) : 0);
    jw_end_object(w);
}

bool page_status(struct ask *ask)
{
    const struct json *status = status_read(ask), *daemons = json_get(status, "daemons");
    struct json_writer *w = ask_json(ask);

    jw_object(w, NULL);
    jw_text(w, "version", KK_VERSION);
    jw_text(w, "data", ask->console->data);
    jw_integer(w, "pid", (long long)json_number(status, "pid", 0));
    jw_bool(w, "supervised", status != NULL);
    jw_bool(w, "ready", json_bool(status, "ready", false));
    jw_list(w, "daemons");
    for (const struct json *d = daemons != NULL ? daemons->first : NULL; d != NULL; d = d->next)
        daemon_write(w, d);
    jw_end_list(w);
    jw_end_object(w);
    ask_json_reply(ask, 200, w);
    return true;
}

bool page_endpoints(struct ask *ask)
{
    struct str text;

    if (file_read(ask->arena, arena_printf(ask->arena, "%s/endpoints.json", ask->console->data), FILE_MAX, &text) == OK)
        ask_reply(ask, 200, "application/json", text);
    else
        ask_refuse(ask, 503, NULL, NULL, "endpoints.json is not there yet: not every daemon answers");
    return true;
}

bool page_metrics(struct ask *ask)
{
    const char *text = arena_printf(ask->arena,
                                    "# TYPE kakehashi_console_records gauge\nkakehashi_console_records %zu\n"
                                    "# TYPE process_resident_memory_bytes gauge\nprocess_resident_memory_bytes %lld\n",
                                    index_count(ask->console->index), (long long)memory_kib(getpid()) * 1024);

    ask_reply(ask, 200, "text/plain; version=0.0.4; charset=utf-8", str_from(text));
    return true;
}
