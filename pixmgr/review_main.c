/*
 * `kakehashi pix review list [COMMUNITY]`, `… accept NUMBER`, `… reject NUMBER`: potential duplicates of the managers
 * of
 * --data, running or not.
 */
#include "pixmgr/review_main.h"

#include "base/arena.h"
#include "base/config.h"
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

static const char *key_of(const struct world *w, int number)
{
    for (size_t i = 0; i < w->count; i++) {
        if (w->communities[i].number == number)
            return w->communities[i].key;
    }
    return "?";
}

static void duplicate_print(struct tool *t, const struct world *w, const struct duplicate *d)
{
    buf_printf(t->out, "%lld  %s  score %d\n", (long long)d->number, key_of(w, d->community), d->score);
    tool_patient_print(t, &d->patients[0]);
    tool_patient_print(t, &d->patients[1]);
}

static void patient_write(struct json_writer *w, const struct patient *p)
{
    jw_object(w, NULL);
    jw_list(w, "ids");
    for (const struct patient_id *id = p->ids; id != NULL; id = id->next) {
        jw_object(w, NULL);
        jw_text(w, "domain", id->root);
        jw_text(w, "id", id->extension);
        jw_end_object(w);
    }
    jw_end_list(w);
    jw_list(w, "names");
    for (const struct person_name *n = p->names; n != NULL; n = n->next) {
        jw_object(w, NULL);
        jw_text(w, "use", n->use);
        jw_text(w, "family", n->family);
        jw_text(w, "given", n->given);
        jw_end_object(w);
    }
    jw_end_list(w);
    jw_text(w, "birthDate", p->birth_time);
    jw_text(w, "gender", p->gender);
    jw_end_object(w);
}

static void duplicates_write(struct tool *t, const struct world *world, const struct duplicate *first)
{
    struct json_writer w;

    jw_init(&w, t->out, true);
    jw_list(&w, NULL);
    for (const struct duplicate *d = first; d != NULL; d = d->next) {
        jw_object(&w, NULL);
        jw_integer(&w, "number", d->number);
        jw_text(&w, "community", key_of(world, d->community));
        jw_integer(&w, "score", d->score);
        jw_list(&w, "patients");
        patient_write(&w, &d->patients[0]);
        patient_write(&w, &d->patients[1]);
        jw_end_list(&w);
        jw_end_object(&w);
    }
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
        duplicates_write(t, w, first);
        return OK;
    }
    for (const struct duplicate *d = first; d != NULL; d = d->next)
        duplicate_print(t, w, d);
    buf_printf(t->out, "%d wait for a reviewer%s\n", total, total > SHOWN ? "; the likeliest are shown" : "");
    return OK;
}

/* ---- accept, reject ---- */

static enum rc decide_in(struct arena *a, struct db *db, long long number, bool accept)
{
    TRY(db_run(db_stmt(db, "BEGIN IMMEDIATE")));
    enum rc rc = store_review_decide(a, db, number, accept, NULL);
    if (rc == OK)
        return db_run(db_stmt(db, "COMMIT"));
    enum rc undone = db_run(db_stmt(db, "ROLLBACK"));
    return undone != OK ? undone : rc;
}

static enum rc decide(struct tool *t, bool accept)
{
    const char *word = tool_word(t);
    char *end = NULL;
    struct db *db;

    TRY(tool_end(t, "review accept and reject take the number of a pair"));
    long long number = word != NULL ? strtoll(word, &end, 10) : 0;
    if (number <= 0 || *end != '\0') {
        fprintf(stderr, "kakehashi: which pair? `kakehashi pix review list` numbers them\n");
        return E_CONFIG;
    }
    TRY(data_check(t));
    TRY(db_open(tool_database(t), DB_WRITE, NULL, &db));
    enum rc rc = decide_in(t->arena, db, number, accept);
    db_close(db);
    if (rc == E_NOT_FOUND)
        fprintf(stderr, "kakehashi: no pair %lld waits for a reviewer\n", number);
    if (rc == E_REFUSED)
        fprintf(stderr, "kakehashi: pair %lld cannot become one person: ids of theirs were told apart\n", number);
    if (rc == OK)
        buf_printf(t->out, "%lld: %s\n", number, accept ? "one person from now on" : "two persons, whatever is fed");
    return rc;
}

static enum rc accept_pair(struct tool *t)
{
    return decide(t, true);
}

static enum rc reject_pair(struct tool *t)
{
    return decide(t, false);
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
