/*
 * Walks every community of a running backbone (--data) as an outside client would, asking ITI-45, 18, 43, 55, 38 and 39
 * for one of its people, and compares the answers with what the generator says of --seed and --population. A line per
 * fault; the last one counts. Exit code 0 when all communities answered all six. Where communities meet in one PIX
 * manager, ITI-45 is asked there for each of their people, and compared with who they truly are.
 */
#include "base/arena.h"
#include "base/digest.h"
#include "base/log.h"
#include "base/str.h"
#include "cli/client.h"
#include "cli/exchange.h"
#include "world/papers.h"
#include "world/world.h"

#include <stdio.h>
#include <string.h>

struct walk {
    const struct config *config;
    struct world *world;
    struct people *people;
    struct papers *papers;
    struct client *client;
    unsigned asked, faults;
    unsigned met; /* answers about one person's id in another community, where they meet */
};

/* One community, and the first of its people who has documents. */
struct stop {
    struct walk *walk;
    struct arena *arena;
    const struct community *community;
    const struct peer *peer;
    struct person person;
    const char *id;
    unsigned papers;
    struct document_entry entry; /* of the last document */
    struct buf *bytes;
};

static void fault(struct stop *s, const char *transaction, const char *why)
{
    s->walk->faults++;
    printf("%s %s: %s\n", s->community->key, transaction, why);
}

static struct exchange *exchange_new(struct stop *s, const char *transaction, const char *actor)
{
    struct exchange *x = ARENA_NEW(s->arena, struct exchange);

    *x = (struct exchange){ .arena = s->arena,
                            .client = s->walk->client,
                            .row = exchange_find(transaction),
                            .to = s->peer,
                            .actor = actor,
                            .params = { .arena = s->arena } };
    return x;
}

static bool is_answered(struct stop *s, struct exchange *x)
{
    s->walk->asked++;
    if (exchange_run(x) == OK)
        return true;
    fault(s, x->row->id, x->why);
    return false;
}

static const struct exchange_item *item_with(const struct exchange *x, const char *column, const char *value)
{
    for (const struct exchange_item *i = x->items; i != NULL; i = i->next) {
        if (text_equal(exchange_cell(x, i, column), value))
            return i;
    }
    return NULL;
}

/* ITI-45: every other id of the person, and none besides. */
static void ask_ids(struct stop *s)
{
    struct exchange *x = exchange_new(s, "ITI-45", NULL);
    size_t count = 0;

    vars_set(&x->params, "patient", s->id);
    if (!is_answered(s, x))
        return;
    for (const struct patient_id *id = s->person.patient.ids->next; id != NULL; id = id->next, count++) {
        if (item_with(x, "id", id->extension) == NULL)
            fault(s, "ITI-45", "an id is missing");
    }
    if (x->item_count != count)
        fault(s, "ITI-45", "an id too many");
}

/* ITI-18, ITI-38: all documents, with hash and size. */
static void ask_documents(struct stop *s, const char *transaction, const char *actor)
{
    struct exchange *x = exchange_new(s, transaction, actor);

    vars_set(&x->params, "patient", s->id);
    if (!is_answered(s, x))
        return;
    const struct exchange_item *i = item_with(x, "document", s->entry.unique_id);
    if (x->item_count != s->papers || i == NULL)
        fault(s, transaction, "other documents than the generator's");
    else if (!text_equal(exchange_cell(x, i, "sha1"), s->entry.hash) ||
             !text_equal(exchange_cell(x, i, "size"), s->entry.size) ||
             !text_equal(exchange_cell(x, i, "repository"), s->entry.repository_unique_id))
        fault(s, transaction, "hash, size or repository differ");
}

/* ITI-43, ITI-39: the very bytes. */
static void ask_bytes(struct stop *s, const char *transaction, const char *actor)
{
    struct exchange *x = exchange_new(s, transaction, actor);

    vars_set(&x->params, "document", s->entry.unique_id);
    vars_set(&x->params, "repository", s->entry.repository_unique_id);
    if (!is_answered(s, x))
        return;
    if (x->document.len != s->bytes->len || memcmp(x->document.data, s->bytes->data, s->bytes->len) != 0)
        fault(s, transaction, "other bytes than the generator's");
}

/* Some other community, which asks: only communities discover. */
static const struct peer *neighbour(const struct stop *s)
{
    const struct community *all = s->walk->world->communities;
    const struct community *other = s->community == &all[0] ? &all[1] : &all[0];

    return directory_find(client_directory(s->walk->client), other->key);
}

/* ITI-55: the regional id, by demographics. */
static void ask_person(struct stop *s)
{
    struct exchange *x = exchange_new(s, "ITI-55", NULL);
    const struct person_name *kanji = patient_name(&s->person.patient, "IDE");

    x->from = neighbour(s);
    vars_set(&x->params, "family", kanji->family);
    vars_set(&x->params, "given", kanji->given);
    vars_set(&x->params, "gender", s->person.patient.gender);
    vars_set(&x->params, "birth", s->person.patient.birth_time);
    if (is_answered(s, x) && item_with(x, "id", s->id) == NULL)
        fault(s, "ITI-55", "the person was not found");
}

/* ---- where communities meet ---- */

static bool meets(const struct community *c, const struct community *other)
{
    return other->locate == LOCATE_PIX && other != c && text_equal(other->locate_at, c->locate_at);
}

static bool same_names(const struct person *x, const struct person *y)
{
    static const char *const uses[] = { "IDE", "SYL" };

    for (size_t i = 0; i < ARRAY_LEN(uses); i++) {
        const struct person_name *a = patient_name(&x->patient, uses[i]), *b = patient_name(&y->patient, uses[i]);
        if (!text_equal(a->family, b->family) || !text_equal(a->given, b->given))
            return false;
    }
    return true;
}

/* Whoever it truly is must be among the answers if their names are the same; nobody else may be. */
static void met_judge(struct stop *s, const struct exchange *x, const struct community *other)
{
    const struct walk *w = s->walk;

    for (uint64_t n = 0; n < people_count(w->people, other); n++) {
        struct person who;
        people_get(s->arena, w->people, other, n, &who);
        bool is_found = x->items != NULL && item_with(x, "id", who.patient.ids->extension) != NULL;
        if (is_found && who.truth != s->person.truth)
            fault(s, "ITI-45 where they meet", "somebody else is taken for the person");
        if (!is_found && who.truth == s->person.truth && same_names(&who, &s->person))
            fault(s, "ITI-45 where they meet", "the person's other id is missing");
        s->walk->met += is_found;
    }
}

static void person_meet(struct stop *s, const struct peer *manager)
{
    const struct world *world = s->walk->world;
    struct exchange *x = exchange_new(s, "ITI-45", NULL);

    x->to = manager;
    vars_set(&x->params, "patient",
             arena_printf(s->arena, "%s^^^&%s&ISO", s->person.patient.ids->extension, s->community->patient_id_domain));
    if (!is_answered(s, x))
        return;
    for (size_t i = 0; i < world->count; i++) {
        if (meets(s->community, &world->communities[i]))
            met_judge(s, x, &world->communities[i]);
    }
}

static void community_meet(struct walk *w, const struct community *c)
{
    const struct peer *manager = c->locate_at == NULL ? NULL : directory_find(client_directory(w->client), c->locate_at);
    struct stop s = { .walk = w, .community = c };

    if (c->locate != LOCATE_PIX || manager == NULL)
        return;
    for (uint64_t n = 0; n < people_count(w->people, c); n++) {
        s.arena = arena_new();
        people_get(s.arena, w->people, c, n, &s.person);
        person_meet(&s, manager);
        arena_free(s.arena);
    }
}

/* ---- from community to community ---- */

static bool person_choose(struct stop *s)
{
    const struct walk *w = s->walk;
    uint64_t count = people_count(w->people, s->community);

    for (uint64_t n = 0; n < count; n++) {
        people_get(s->arena, w->people, s->community, n, &s->person);
        s->papers = papers_count(w->papers, s->community, &s->person);
        if (s->papers > 0)
            return true;
    }
    fault(s, "people", "nobody has a document");
    return false;
}

static void paper_choose(struct stop *s)
{
    const struct walk *w = s->walk;
    char *hash = arena_alloc(s->arena, SHA1_HEX_LEN);

    s->id = s->person.patient.ids->extension;
    s->bytes = buf_new(s->arena, BUF_MAX_DEFAULT);
    papers_entry(s->arena, w->papers, s->community, &s->person, s->papers - 1, &s->entry);
    papers_bytes(s->arena, w->papers, s->community, &s->person, s->papers - 1, s->bytes);
    sha1_hex(buf_str(s->bytes), hash);
    s->entry.hash = hash;
    s->entry.size = arena_printf(s->arena, "%zu", s->bytes->len);
}

/* "repository", "repository/2" … as endpoints.json calls them. */
static const char *repository_actor(const struct stop *s)
{
    for (const struct repository *r = s->community->repositories; r != NULL; r = r->next) {
        if (r->number > 1 && text_equal(r->unique_id, s->entry.repository_unique_id))
            return arena_printf(s->arena, "repository/%d", r->number);
    }
    return "repository";
}

static void community_walk(struct walk *w, const struct community *c)
{
    struct stop s = { .walk = w, .arena = arena_new(), .community = c };

    s.peer = directory_find(client_directory(w->client), c->key);
    if (s.peer == NULL) {
        fault(&s, "endpoints", "does not live here");
    } else if (person_choose(&s)) {
        paper_choose(&s);
        ask_ids(&s);
        ask_documents(&s, "ITI-18", "registry");
        ask_bytes(&s, "ITI-43", repository_actor(&s));
        ask_person(&s);
        ask_documents(&s, "ITI-38", NULL);
        ask_bytes(&s, "ITI-39", NULL);
    }
    arena_free(s.arena);
}

static enum rc walk_open(struct arena *a, int argc, char **argv, struct walk *w)
{
    struct population population;
    struct world *everyone;
    struct config *c;

    TRY(config_load(a, &argc, argv, &c));
    uint64_t seed = (uint64_t)config_number(c, CONFIG_SEED);
    TRY(population_parse(config_text(c, CONFIG_POPULATION), &population));
    TRY(world_load(a, c, &w->world));
    TRY(world_everyone(a, world_fixtures(a, c), &everyone));
    TRY(people_new(a, world_fixtures(a, c), everyone, seed, &population, &w->people));
    TRY(papers_new(a, world_fixtures(a, c), seed, &w->papers));
    w->config = c;
    return client_new(a, c, false, &w->client);
}

int main(int argc, char **argv)
{
    struct arena *a = arena_new();
    struct walk w = { 0 };
    unsigned communities = 0;

    log_open("walk", LOG_LEVEL_WARN);
    if (walk_open(a, argc, argv, &w) != OK) {
        arena_free(a);
        return 2;
    }
    for (size_t i = 0; i < w.world->count; i++) {
        if (w.world->communities[i].is_backbone)
            continue;
        community_walk(&w, &w.world->communities[i]);
        communities++;
    }
    printf("%u communities, %u transactions, %u faults\n", communities, w.asked, w.faults);
    for (size_t i = 0; i < w.world->count; i++)
        community_meet(&w, &w.world->communities[i]);
    printf("%u people of several communities, %u faults\n", w.met, w.faults);
    arena_free(a);
    return w.faults > 0 || communities == 0;
}
