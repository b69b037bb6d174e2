/*
 * `kakehashi pix review list [COMMUNITY]`, `… accept NUMBER`, `… reject NUMBER`: potential duplicates of the managers
 * of --data, running or not. `kakehashi pix same|apart|merged COMMUNITY ID ID`: what two ids are to each other.
 */
#include "pixmgr/review_main.h"

#include "base/arena.h"
#include "base/config.h"
#include "base/log.h"
#include "pixmgr/decision.h"
#include "pixmgr/review_write.h"
#include "pixmgr/store.h"
#include "pixmgr/tool.h"
#include "wire/json.h"
#include "world/world.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define SHOWN 50 /* pairs; --json shows as many */

static enum rc data_check(struct tool *t)
{
    if (access(tool_database(t), R_OK) == 0)
        return OK;
    fprintf(stderr, "kakehashi: there is no PIX manager in %s: %s\n", config_text(t->config, CONFIG_DATA),
            strerror(errno));
    return E_NOT_FOUND;
}

/* ---- list ---- */

static void duplicate_print(struct tool *t, const struct world *w, const struct duplicate *d)
{
    buf_printf(t->out, "%lld  %s  score %d\n", (long long)d->number, review_community(w, d), d->score);
    tool_patient_print(t, &d->patients[0]);
    tool_patient_print(t, &d->patients[1]);
}

static void duplicates_print(struct tool *t, const struct world *world, const struct duplicate *first)
{
    struct json_writer w;

    jw_init(&w, t->out, true);
    jw_list(&w, NULL);
    for (const struct duplicate *d = first; d != NULL; d = d->next)
        review_write(&w, world, d);
    jw_end_list(&w);
    buf_add_text(t->out, "\n");
}

static enum rc community_of(struct tool *t, const struct world *w, int *out)
{
    const char *name = tool_word(t);

    *out = 0;
    if (name == NULL)
        return OK;
    const struct community *c = world_find(w, name);
    if (c == NULL) {
        fprintf(stderr, "kakehashi: there is no community \"%s\"; `kakehashi communities` lists them\n", name);
        return E_CONFIG;
    }
    *out = c->number;
    return OK;
}

static enum rc list(struct tool *t)
{
    struct duplicate *first;
    struct world *w;
    struct db *db;
    int total, community;

    TRY(world_load(t->arena, t->config, &w));
    TRY(community_of(t, w, &community));
    TRY(tool_end(t, "review list takes a community and --json"));
    TRY(data_check(t));
    TRY(db_open(tool_database(t), DB_READ, NULL, &db));
    enum rc rc = store_review_list(t->arena, db, community, SHOWN, &first, &total);
    db_close(db);
    TRY(rc);
    if (t->as_json) {
        duplicates_print(t, w, first);
        return OK;
    }
    for (const struct duplicate *d = first; d != NULL; d = d->next)
        duplicate_print(t, w, d);
    buf_printf(t->out, "%d wait for a reviewer%s\n", total, total > SHOWN ? "; the likeliest are shown" : "");
    return OK;
}

/* ---- decisions ---- */

static enum rc decide_in(struct arena *a, struct db *db, const struct decision *d, const char **why)
{
    TRY(db_run(db_stmt(db, "BEGIN IMMEDIATE")));
    enum rc rc = decision_make(a, db, d, why);
    if (rc == OK)
        return db_run(db_stmt(db, "COMMIT"));
    enum rc undone = db_run(db_stmt(db, "ROLLBACK"));
    return undone != OK ? undone : rc;
}

static enum rc decide(struct tool *t, const struct decision *d)
{
    const char *why = NULL;
    struct db *db;

    TRY(data_check(t));
    TRY(db_open(tool_database(t), DB_WRITE, NULL, &db));
    enum rc rc = decide_in(t->arena, db, d, &why);
    db_close(db);
    if (why != NULL && rc != OK)
        fprintf(stderr, "kakehashi: %s\n", why);
    if (rc == OK)
        buf_printf(t->out, "%s\n", decision_told(d));
    return rc;
}

static enum rc pair_decide(struct tool *t, enum decision_kind kind)
{
    const char *word = tool_word(t);
    char *end = NULL;

    TRY(tool_end(t, "review accept and reject take the number of a pair"));
    struct decision d = { .kind = kind, .number = word != NULL ? strtoll(word, &end, 10) : 0 };
    if (d.number <= 0 || *end != '\0') {
        fprintf(stderr, "kakehashi: which pair? `kakehashi pix review list` numbers them\n");
        return E_CONFIG;
    }
    return decide(t, &d);
}

static enum rc accept_pair(struct tool *t)
{
    return pair_decide(t, DECISION_ACCEPT);
}

static enum rc reject_pair(struct tool *t)
{
    return pair_decide(t, DECISION_REJECT);
}

static const struct {
    const char *word;
    enum rc (*run)(struct tool *t);
} words[] = { { "list", list }, { "accept", accept_pair }, { "reject", reject_pair } };

int review_main(int argc, char **argv)
{
    struct tool t;

    if (tool_open(&t, argc, argv) != OK)
        return EXIT_FAILURE;
    const char *word = tool_word(&t);
    for (size_t i = 0; word != NULL && i < ARRAY_LEN(words); i++) {
        if (strcmp(words[i].word, word) == 0)
            return tool_close(&t, words[i].run(&t));
    }
    fprintf(stderr, "kakehashi: pix review wants list, accept NUMBER or reject NUMBER\n");
    return tool_close(&t, E_CONFIG);
}

/* ---- `pix same`, `pix apart`, `pix merged`: two ids of a community ---- */

static enum rc ids_read(struct tool *t, struct decision *d)
{
    const char *key = tool_word(t), *one = tool_word(t), *other = tool_word(t);
    struct world *w;

    TRY(tool_end(t, "same, apart and merged take a community and two ids"));
    TRY(world_load(t->arena, t->config, &w));
    const struct community *c = key != NULL ? world_find(w, key) : NULL;
    if (c == NULL) {
        fprintf(stderr, "kakehashi: there is no community \"%s\"; `kakehashi communities` lists them\n",
                key == NULL ? "" : key);
        return E_CONFIG;
    }
    d->community = c->number;
    if (decision_id_parse(t->arena, one, c->patient_id_domain, &d->one) == OK &&
        decision_id_parse(t->arena, other, c->patient_id_domain, &d->other) == OK)
        return OK;
    fprintf(stderr, "kakehashi: an id is VALUE^^^&DOMAIN&ISO, or the value of a regional id\n");
    return E_CONFIG;
}

int decision_main(int argc, char **argv)
{
    struct decision d = { 0 };
    struct tool t;

    if (tool_open(&t, argc, argv) != OK)
        return EXIT_FAILURE;
    if (!decision_kind_find(argv[1], &d.kind))
        die("pixmgr: %s is no decision", argv[1]);
    enum rc rc = ids_read(&t, &d);
    return tool_close(&t, rc == OK ? decide(&t, &d) : rc);
}
