/* `kakehashi pix score`: precision and recall of the links, for people and as JSON. */
#include "pixmgr/score.h"

#include "base/arena.h"
#include "base/config.h"
#include "base/log.h"
#include "pixmgr/tool.h"
#include "wire/json.h"
#include "world/people.h"
#include "world/world.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct telling {
    struct tool *tool;
    const struct world *world;
    struct people *people;
    const struct score *score;
    long show; /* pairs of each kind to print; for people alone */
};

/* ---- examples ---- */

static void record_print(struct telling *t, const struct scored *r)
{
    struct arena *a = t->tool->arena;
    const struct community *c = &t->world->communities[r->community];
    struct person who;

    people_get(a, t->people, c, r->n, &who);
    tool_patient_print(t->tool, &who.patient);
}

static void pair_print(struct telling *t, const struct scored *x, const struct scored *y)
{
    record_print(t, x);
    record_print(t, y);
    buf_add_text(t->tool->out, "\n");
}

/* all is by truth: neighbours of one truth and two persons were missed. */
static void missed_print(struct telling *t)
{
    const struct scored *all = t->score->all;
    long left = t->show;

    for (size_t i = 1; i < t->score->records && left > 0; i++) {
        if (all[i].truth != all[i - 1].truth || all[i].person == all[i - 1].person)
            continue;
        if (left-- == t->show)
            buf_add_text(t->tool->out, "\none person, not linked\n");
        pair_print(t, &all[i - 1], &all[i]);
    }
}

static int by_person_and_truth(const void *x, const void *y)
{
    const struct scored *a = x, *b = y;

    if (a->person != b->person)
        return a->person < b->person ? -1 : 1;
    return (a->truth > b->truth) - (a->truth < b->truth);
}

static void wrong_print(struct telling *t)
{
    size_t count = t->score->records;
    struct scored *all = ARENA_ARRAY(t->tool->arena, struct scored, count + 1);
    long left = t->show;

    memcpy(all, t->score->all, count * sizeof(*all));
    qsort(all, count, sizeof(*all), by_person_and_truth);
    for (size_t i = 1; i < count && left > 0; i++) {
        if (all[i].person != all[i - 1].person || all[i].truth == all[i - 1].truth)
            continue;
        if (left-- == t->show)
            buf_add_text(t->tool->out, "\nlinked, two persons\n");
        pair_print(t, &all[i - 1], &all[i]);
    }
}

/* ---- the figures ---- */

static void score_print(struct telling *t)
{
    const struct score *s = t->score;
    struct buf *out = t->tool->out;

    buf_printf(out, "  records                  %10zu\n", s->records);
    buf_printf(out, "  pairs that are one       %10llu\n", (unsigned long long)s->true_pairs);
    buf_printf(out, "  pairs that were linked   %10llu\n", (unsigned long long)s->linked_pairs);
    buf_printf(out, "  linked rightly           %10llu\n", (unsigned long long)s->right_pairs);
    buf_printf(out, "  kept for review          %10llu  of which %llu are one\n", (unsigned long long)s->review_pairs,
               (unsigned long long)s->review_right);
    buf_printf(out, "  precision                %10.5f\n", score_precision(s));
    buf_printf(out, "  recall                   %10.5f\n", score_recall(s));
    if (s->milliseconds > 0)
        buf_printf(out, "  fed and compared in      %10.1f s\n", (double)s->milliseconds / 1000);
}

static void score_write(struct telling *t)
{
    const struct score *s = t->score;
    struct json_writer w;

    jw_init(&w, t->tool->out, true);
    jw_object(&w, NULL);
    jw_integer(&w, "records", (long long)s->records);
    jw_integer(&w, "truePairs", (long long)s->true_pairs);
    jw_integer(&w, "linkedPairs", (long long)s->linked_pairs);
    jw_integer(&w, "rightPairs", (long long)s->right_pairs);
    jw_integer(&w, "reviewPairs", (long long)s->review_pairs);
    jw_integer(&w, "reviewRight", (long long)s->review_right);
    jw_number(&w, "precision", score_precision(s));
    jw_number(&w, "recall", score_recall(s));
    jw_integer(&w, "milliseconds", (long long)s->milliseconds);
    jw_end_object(&w);
    buf_add_text(t->tool->out, "\n");
}

static void score_tell(struct telling *t)
{
    if (t->tool->as_json) {
        score_write(t);
        return;
    }
    score_print(t);
    wrong_print(t);
    missed_print(t);
}

/* ---- the command ---- */

static enum rc folder_make(struct arena *a, const char **out)
{
    const char *parent = getenv("TMPDIR");
    char *folder = arena_printf(a, "%s/kakehashi-score-XXXXXX", parent != NULL && parent[0] ? parent : "/var/tmp");

    if (mkdtemp(folder) == NULL) {
        fprintf(stderr, "kakehashi: cannot make a folder like %s\n", folder);
        return E_IO;
    }
    *out = folder;
    return OK;
}

static enum rc score_here(struct tool *t, const struct world *w, struct score *out)
{
    const char *folder;

    TRY(folder_make(t->arena, &folder));
    enum rc rc = score_world(t->arena, t->config, w, folder, out);
    rmdir(folder);
    return rc;
}

static enum rc people_make(struct telling *t)
{
    struct arena *a = t->tool->arena;
    const struct config *c = t->tool->config;
    const struct population everybody = { POPULATION_COUNT, PEOPLE_MAX };
    struct world *everyone;

    TRY(world_everyone(a, world_fixtures(a, c), &everyone));
    TRY(people_new(a, world_fixtures(a, c), everyone, (uint64_t)config_number(c, CONFIG_SEED), &everybody, &t->people));
    return people_mistype(t->people, config_number(c, CONFIG_TYPING_ERRORS));
}

static enum rc score_run(struct tool *t, bool kept, long show)
{
    struct score score;
    struct telling telling = { .tool = t, .score = &score, .show = show };
    struct world *w;

    TRY(world_load(t->arena, t->config, &w));
    telling.world = w;
    if (show > 0)
        TRY(people_make(&telling));
    enum rc rc = kept ? score_kept(t->arena, t->config, w, tool_database(t), &score) : score_here(t, w, &score);
    if (rc == E_NOT_FOUND)
        fprintf(stderr, "kakehashi: nobody has met at the backbone of %s; seed communities that locate by PIX\n",
                config_text(t->config, CONFIG_DATA));
    TRY(rc);
    score_tell(&telling);
    return OK;
}

int score_main(int argc, char **argv)
{
    struct tool t;

    if (tool_open(&t, argc, argv) != OK)
        return EXIT_FAILURE;
    bool kept = tool_flag(&t, "--kept");
    const char *show = tool_option(&t, "--show");
    enum rc rc = tool_end(&t, "score takes --kept, --show N and --json");
    if (rc == OK)
        rc = score_run(&t, kept, show != NULL ? strtol(show, NULL, 10) : 0);
    return tool_close(&t, rc);
}
