/*
 * kakehashi patients: who a community knows, and which records of all communities are one person. Works without a
 * running backbone: people follow from --seed, --population and the fixtures (docs/people.md).
 */
#include "cli/args.h"
#include "cli/command.h"
#include "cli/language.h"
#include "cli/table.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/config.h"
#include "base/str.h"
#include "wire/json.h"
#include "world/people.h"
#include "world/world.h"

#include <stdio.h>
#include <string.h>

#define ROWS_MAX 200  /* of a table */
#define BATCH    1000 /* persons in memory at a time */

struct listing {
    const struct people *people;
    const struct world *world;
    const char *wanted; /* what --search looks for; NULL: everybody */
    struct buf *out;
    struct json_writer *json; /* NULL: for people */
    struct table *table;
    struct arena *rows; /* where the table's texts live */
    uint64_t shown, matching;
};

static void out_flush(struct buf *out)
{
    if (out->len > 0)
        fwrite(out->data, 1, out->len, stdout);
    buf_reset(out);
}

/* Calls for every person of a community; memory stays the same however many there are. */
static void each_person(struct listing *l, const struct community *c,
                        void (*see)(struct listing *, struct arena *, const struct community *, const struct person *))
{
    uint64_t count = people_count(l->people, c);

    for (uint64_t n = 0; n < count;) {
        struct arena *a = arena_new();
        for (uint64_t end = MIN(n + BATCH, count); n < end; n++) {
            struct person who;
            people_get(a, l->people, c, n, &who);
            see(l, a, c, &who);
        }
        out_flush(l->out);
        arena_free(a);
    }
}

/* ---- who it really is ---- */

static void see_truth(struct listing *l, struct arena *a, const struct community *c, const struct person *who)
{
    const char *id = who->patient.ids->extension;

    if (l->json == NULL) {
        buf_printf(l->out, "%-10s  %-16s  %llu\n", c->key, id, (unsigned long long)who->truth);
        return;
    }
    (void)a;
    jw_object(l->json, NULL);
    jw_text(l->json, "community", c->key);
    jw_text(l->json, "id", id);
    jw_integer(l->json, "truth", (long long)who->truth);
    jw_end_object(l->json);
}

static void truth_print(struct listing *l)
{
    if (l->json != NULL)
        jw_list(l->json, NULL);
    else
        buf_printf(l->out, "%-10s  %-16s  %s\n", "COMMUNITY", "ID", "TRUTH");
    for (size_t i = 0; i < l->world->count; i++)
        each_person(l, &l->world->communities[i], see_truth);
    if (l->json != NULL)
        jw_end_list(l->json);
}

/* ---- people of a community ---- */

static bool has_word(const struct person *who, const char *word)
{
    const struct patient *p = &who->patient;
    const char *texts[] = { who->city_kana,       who->city_romaji, p->addresses->city,
                            p->addresses->street, p->birth_time,    who->household };

    for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
        if (strcasestr(texts[i], word) != NULL)
            return true;
    }
    for (const struct person_name *n = p->names; n != NULL; n = n->next) {
        if (strcasestr(n->family, word) != NULL || strcasestr(n->given, word) != NULL)
            return true;
    }
    for (const struct patient_id *id = p->ids; id != NULL; id = id->next) {
        if (strcasestr(id->extension, word) != NULL)
            return true;
    }
    return false;
}

/* Every word of what is looked for, anywhere in the person. */
static bool is_wanted(struct arena *a, const struct person *who, const char *wanted)
{
    char *rest = arena_strdup(a, wanted);

    for (char *word; (word = strsep(&rest, " ")) != NULL;) {
        if (word[0] != '\0' && !has_word(who, word))
            return false;
    }
    return true;
}

static void ids_write(struct json_writer *w, const struct patient_id *ids)
{
    jw_list(w, "ids");
    for (const struct patient_id *id = ids; id != NULL; id = id->next) {
        jw_object(w, NULL);
        jw_text(w, "domain", id->root);
        jw_text(w, "id", id->extension);
        jw_end_object(w);
    }
    jw_end_list(w);
}

static void names_write(struct json_writer *w, const struct person_name *names)
{
    jw_list(w, "names");
    for (const struct person_name *n = names; n != NULL; n = n->next) {
        jw_object(w, NULL);
        jw_text(w, "use", n->use);
        jw_text(w, "family", n->family);
        jw_text(w, "given", n->given);
        jw_end_object(w);
    }
    jw_end_list(w);
}

static void address_write(struct json_writer *w, const struct person *who)
{
    const struct address *d = who->patient.addresses;

    jw_object(w, "address");
    jw_text(w, "postalCode", d->postal_code);
    jw_text(w, "prefecture", d->state);
    jw_text(w, "city", d->city);
    jw_text(w, "cityKana", who->city_kana);
    jw_text(w, "cityRomaji", who->city_romaji);
    jw_text(w, "street", d->street);
    jw_end_object(w);
}

static void person_write(struct json_writer *w, const struct person *who)
{
    jw_object(w, NULL);
    jw_text(w, "id", who->patient.ids->extension);
    jw_integer(w, "truth", (long long)who->truth);
    names_write(w, who->patient.names);
    jw_text(w, "gender", who->patient.gender);
    jw_text(w, "birthDate", who->patient.birth_time);
    address_write(w, who);
    jw_list(w, "telephones");
    for (const struct telecom *t = who->patient.telecoms; t != NULL; t = t->next)
        jw_text(w, NULL, t->value);
    jw_end_list(w);
    ids_write(w, who->patient.ids);
    jw_text(w, "household", who->household);
    jw_text(w, "insurer", who->insurer);
    jw_text(w, "insured", who->insured);
    jw_text(w, "branch", who->branch);
    jw_text(w, "homeFacility", who->home_facility ? who->home_facility->name : NULL);
    jw_end_object(w);
}

static const char *full_name(struct arena *a, const struct person *who, const char *use)
{
    const struct person_name *n = patient_name(&who->patient, use);

    return arena_printf(a, "%s %s", n->family, n->given);
}

static void row_add(struct listing *l, const struct person *who)
{
    struct arena *a = l->rows;
    const struct patient *p = &who->patient;
    bool japanese = language_is_japanese();

    l->shown++;
    table_row(l->table, arena_strdup(a, p->ids->extension), full_name(a, who, "IDE"),
              full_name(a, who, japanese ? "SYL" : "ABC"),
              strcmp(p->gender, "F") == 0 ? language_pick("F", "女") : language_pick("M", "男"),
              arena_strdup(a, p->birth_time), japanese ? p->addresses->city : who->city_romaji,
              arena_strdup(a, who->household), who->home_facility ? who->home_facility->name : "");
}

static void see_person(struct listing *l, struct arena *a, const struct community *c, const struct person *who)
{
    (void)c;
    if (l->wanted != NULL && !is_wanted(a, who, l->wanted))
        return;
    l->matching++;
    if (l->json != NULL)
        person_write(l->json, who);
    else if (l->shown < ROWS_MAX)
        row_add(l, who);
}

static void people_print(struct listing *l, const struct community *c)
{
    if (l->json != NULL)
        jw_list(l->json, NULL);
    else
        l->table = table_new(l->rows, "ID", language_pick("NAME", "氏名"), language_pick("READING", "読み"),
                             language_pick("SEX", "性別"), language_pick("BORN", "生年月日"),
                             language_pick("LIVES IN", "住所"), language_pick("HOUSEHOLD", "世帯"),
                             language_pick("FACILITY", "施設"), NULL);
    each_person(l, c, see_person);
    if (l->json != NULL) {
        jw_end_list(l->json);
        return;
    }
    table_print(l->table, l->out);
    if (l->shown < l->matching)
        buf_printf(l->out,
                   language_pick("%llu of %llu; --search narrows, --json lists all\n",
                                 "%llu / %llu 人。--search で絞り込み、--json で全員を表示\n"),
                   (unsigned long long)l->shown, (unsigned long long)l->matching);
}

/* ---- the command ---- */

static enum rc listing_open(struct args *args, struct listing *l)
{
    struct arena *a = args->arena;
    const struct config *c = args->config;
    struct population population;
    struct people *people;
    struct world *world, *everyone;

    TRY(population_parse(config_text(c, CONFIG_POPULATION), &population));
    TRY(world_load(a, c, &world));
    TRY(world_everyone(a, world_fixtures(a, c), &everyone));
    TRY(people_new(a, world_fixtures(a, c), everyone, (uint64_t)config_number(c, CONFIG_SEED), &population, &people));
    TRY(people_mistype(people, config_number(c, CONFIG_TYPING_ERRORS)));
    l->world = world;
    l->people = people;
    return OK;
}

static int usage(void)
{
    fprintf(stderr, language_pick("kakehashi: patients wants a community, or --truth for all\n",
                                  "kakehashi: patients には地域を、または --truth を指定してください\n"));
    return EXIT_USAGE;
}

static int unknown(const char *name)
{
    fprintf(stderr,
            language_pick("kakehashi: there is no community \"%s\"; `kakehashi communities` lists them\n",
                          "kakehashi: 地域 \"%s\" はありません。`kakehashi communities` で一覧できます\n"),
            name);
    return EXIT_USAGE;
}

int cmd_patients(struct args *args)
{
    bool truth = args_flag(args, "--truth"), as_json = args_flag(args, "--json");
    struct listing l = { .wanted = args_option(args, "--search"), .rows = args->arena };
    const char *name = args_word(args);
    const struct community *c = NULL;
    struct json_writer json;

    if (args_end(args) != OK)
        return EXIT_USAGE;
    if (truth ? name != NULL || l.wanted != NULL : name == NULL)
        return usage();
    if (listing_open(args, &l) != OK)
        return EXIT_USAGE;
    if (!truth && (c = world_find(l.world, name)) == NULL)
        return unknown(name);
    l.out = buf_new(args->arena, BUF_MAX_DEFAULT);
    if (as_json) {
        jw_init(&json, l.out, false);
        l.json = &json;
    }
    truth ? truth_print(&l) : people_print(&l, c);
    if (as_json)
        buf_add_char(l.out, '\n');
    out_flush(l.out);
    return EXIT_OK;
}
