#include "pixmgr/fill.h"

#include "base/arena.h"
#include "base/clock.h"
#include "base/config.h"
#include "base/digest.h"
#include "base/file.h"
#include "pixmgr/match.h"
#include "pixmgr/store.h"
#include "pixmgr/tool.h"
#include "wire/json.h"
#include "world/people.h"
#include "world/world.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <unistd.h>

#define CHUNK       64    /* persons whose memory is given back together */
#define BATCH       65536 /* persons of a transaction: they touch nearly every page there is */
#define FIGURES_MAX 4096

struct fill {
    struct tool *tool;
    const struct community *community;
    struct people *people;
    struct linking how;
    struct db *db;
    uint64_t count, milliseconds;
};

/* ---- was it done before? ---- */

/* What the database depends on: the tables, the matching, how many. */
static const char *fingerprint(struct fill *f)
{
    struct arena *a = f->tool->arena;
    struct buf *text = buf_new(a, BUF_MAX_DEFAULT);
    char *hash = arena_alloc(a, SHA1_HEX_LEN);

    buf_add_text(text, store_schema);
    match_markdown(text);
    buf_printf(text, "%s %llu", f->community->key, (unsigned long long)f->count);
    sha1_hex(buf_str(text), hash);
    return hash;
}

static const char *figures_path(struct fill *f)
{
    return arena_printf(f->tool->arena, "%s/pixmgr/filled.json", config_text(f->tool->config, CONFIG_DATA));
}

static bool is_filled(struct fill *f)
{
    struct json *figures;
    struct str text;

    if (access(figures_path(f), R_OK) != 0 || file_read(f->tool->arena, figures_path(f), FIGURES_MAX, &text) != OK ||
        json_parse(f->tool->arena, text, &figures, NULL) != OK ||
        !text_equal(json_text(figures, "fingerprint"), fingerprint(f)))
        return false;
    buf_add(f->tool->out, text.data, text.len);
    return true;
}

static long long milliseconds_of(const struct timeval *t)
{
    return (long long)t->tv_sec * 1000 + t->tv_usec / 1000;
}

static enum rc figures_write(struct fill *f)
{
    struct json_writer w;
    struct rusage usage;

    getrusage(RUSAGE_SELF, &usage);
    jw_init(&w, f->tool->out, true);
    jw_object(&w, NULL);
    jw_text(&w, "fingerprint", fingerprint(f));
    jw_integer(&w, "patients", (long long)f->count);
    jw_integer(&w, "milliseconds", (long long)f->milliseconds);
    jw_integer(&w, "cpuMilliseconds", milliseconds_of(&usage.ru_utime) + milliseconds_of(&usage.ru_stime));
    jw_integer(&w, "peakKiB", usage.ru_maxrss);
    jw_end_object(&w);
    buf_add_text(f->tool->out, "\n");
    return file_write(figures_path(f), buf_str(f->tool->out), 0600);
}

/* ---- filling ---- */

static enum rc person_feed(struct fill *f, struct arena *a, uint64_t n)
{
    char *serial = arena_printf(a, "%llu", (unsigned long long)(FILL_FIRST + n));
    struct person who;

    people_get(a, f->people, f->community, n, &who);
    struct patient_id regional = { .root = who.patient.ids->root, .extension = who.patient.ids->extension };
    struct patient_id local = { .root = f->community->facilities->oid, .extension = serial, .next = &regional };
    who.patient.ids = &local;
    return store_patient_feed(a, f->db, &f->how, &who.patient, NULL);
}

static enum rc batch_feed(struct fill *f, uint64_t from, uint64_t to)
{
    TRY(db_run(db_stmt(f->db, "BEGIN IMMEDIATE")));
    for (uint64_t n = from; n < to;) {
        struct arena *a = arena_new();
        enum rc rc = OK;
        for (uint64_t end = MIN(n + CHUNK, to); n < end && rc == OK; n++)
            rc = person_feed(f, a, n);
        arena_free(a);
        TRY(rc);
    }
    TRY(db_run(db_stmt(f->db, "COMMIT")));
    return db_checkpoint(f->db);
}

static enum rc all_feed(struct fill *f)
{
    uint64_t start = clock_ticks();

    TRY(db_bulk(f->db));
    for (uint64_t n = 0; n < f->count; n += BATCH)
        TRY(batch_feed(f, n, MIN(n + BATCH, f->count)));
    f->milliseconds = (clock_ticks() - start) / 1000000;
    return OK;
}

static enum rc fill_run(struct fill *f)
{
    struct arena *a = f->tool->arena;
    const char *database = tool_database(f->tool);

    TRY(file_mkdirs(arena_printf(a, "%s/pixmgr", config_text(f->tool->config, CONFIG_DATA)), 0700));
    unlink(figures_path(f)); /* first: a fill that is interrupted must not pass for one that ended */
    unlink(database);
    unlink(arena_printf(a, "%s-wal", database));
    unlink(arena_printf(a, "%s-shm", database));
    TRY(db_open(database, DB_WRITE, store_schema, &f->db));
    enum rc rc = all_feed(f);
    db_close(f->db);
    return rc != OK ? rc : figures_write(f);
}

/* ---- the command ---- */

static enum rc words_read(struct fill *f)
{
    struct tool *t = f->tool;
    const struct population everybody = { POPULATION_COUNT, PEOPLE_MAX };
    const char *key = tool_word(t), *count = tool_word(t);
    struct world *w;

    TRY(tool_end(t, "fill takes a community and a number of people"));
    TRY(world_everyone(t->arena, world_fixtures(t->arena, t->config), &w));
    f->community = key != NULL ? world_find(w, key) : NULL;
    f->count = count != NULL ? strtoull(count, NULL, 10) : 0;
    if (f->community == NULL || f->community->facilities == NULL || f->count < 1 || f->count > PEOPLE_MAX) {
        fprintf(stderr, "kakehashi: fill wants a community that has facilities, and 1 to %u people\n", PEOPLE_MAX);
        return E_CONFIG;
    }
    f->how = linking_of(t->arena, t->config, f->community);
    return people_new(t->arena, world_fixtures(t->arena, t->config), w, 1, &everybody, &f->people);
}

int fill_main(int argc, char **argv)
{
    struct tool t;
    struct fill f = { .tool = &t };

    if (tool_open(&t, argc, argv) != OK)
        return EXIT_FAILURE;
    enum rc rc = words_read(&f);
    if (rc == OK && !is_filled(&f))
        rc = fill_run(&f);
    return tool_close(&t, rc);
}
