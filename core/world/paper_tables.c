/* Reads fixtures/documents/clinical.json: a list of objects becomes an array of structs, a row each. */
#include "world/paper_tables.h"

#include "base/arena.h"
#include "base/file.h"
#include "base/log.h"
#include "base/str.h"
#include "wire/json.h"

struct reader {
    struct arena *arena;
    const char *path;
    const struct json *root;
    struct paper_tables *out;
    const char *list; /* being read */
    unsigned row;
    enum rc rc;
};

static void complain(struct reader *r, const char *what, const char *name)
{
    if (r->rc == OK)
        log_error("%s: %s[%u].%s %s", r->path, r->list, r->row, name, what);
    r->rc = E_CONFIG;
}

static const char *text(struct reader *r, const struct json *row, const char *name)
{
    const char *value = json_text(row, name);

    if (text_absent(value))
        complain(r, "is missing or empty", name);
    return value;
}

static unsigned number(struct reader *r, const struct json *row, const char *name)
{
    double value = json_number(row, name, -1);

    if (value < 0 || value > 1e6)
        complain(r, "is no number from 0 to 1000000", name);
    return value < 0 ? 0 : (unsigned)value;
}

/* ---- rows ---- */

static void read_department(struct reader *r, const struct json *row)
{
    r->out->departments[r->row] = (struct paper_department){ .code = text(r, row, "code"),
                                                             .name = text(r, row, "name"),
                                                             .setting = text(r, row, "setting") };
}

static void read_medicine(struct reader *r, const struct json *row)
{
    r->out->medicines[r->row] = (struct paper_medicine){
        .code = text(r, row, "code"),
        .name = text(r, row, "name"),
        .unit = text(r, row, "unit"),
        .unit_name = text(r, row, "unitName"),
        .usage = text(r, row, "usage"),
        .usage_name = text(r, row, "usageName"),
        .dose = number(r, row, "dose"),
        .times = number(r, row, "times"),
        .days = number(r, row, "days"),
    };
}

static const struct paper_department *department_of(struct reader *r, const struct json *row)
{
    const char *code = text(r, row, "department");

    for (unsigned i = 0; i < r->out->department_count; i++) {
        if (text_equal(r->out->departments[i].code, code))
            return &r->out->departments[i];
    }
    complain(r, "is no code of departments", "department");
    return NULL;
}

static const struct paper_medicine *medicine_of(struct reader *r, const char *code)
{
    for (unsigned i = 0; i < r->out->medicine_count; i++) {
        if (text_equal(r->out->medicines[i].code, code))
            return &r->out->medicines[i];
    }
    complain(r, "names no code of medicines", "medicines");
    return NULL;
}

static void read_disease(struct reader *r, const struct json *row)
{
    struct paper_disease *d = &r->out->diseases[r->row];
    const struct json *medicines = json_get(row, "medicines");
    size_t n = 0;

    *d = (struct paper_disease){ .icd = text(r, row, "icd"),
                                 .name = text(r, row, "name"),
                                 .sex = json_text(row, "sex"),
                                 .from = number(r, row, "from"),
                                 .to = number(r, row, "to"),
                                 .department = department_of(r, row) };
    for (const struct json *m = medicines ? medicines->first : NULL; m != NULL; m = m->next) {
        if (n == PAPER_DISEASE_MEDICINES)
            return complain(r, "are too many", "medicines");
        d->medicines[n++] = medicine_of(r, m->text);
    }
}

static void read_infusion(struct reader *r, const struct json *row)
{
    r->out->infusions[r->row] = (struct paper_infusion){ .code = text(r, row, "code"),
                                                         .name = text(r, row, "name"),
                                                         .unit = text(r, row, "unit"),
                                                         .unit_name = text(r, row, "unitName"),
                                                         .role = text(r, row, "role") };
}

static void read_test(struct reader *r, const struct json *row)
{
    struct paper_test *t = &r->out->tests[r->row];

    *t = (struct paper_test){ .code = text(r, row, "code"),
                              .name = text(r, row, "name"),
                              .unit = text(r, row, "unit"),
                              .low = (int)number(r, row, "low"),
                              .high = (int)number(r, row, "high"),
                              .spread = (int)number(r, row, "spread"),
                              .decimals = number(r, row, "decimals"),
                              .is_blood = json_bool(row, "blood", false) };
    if (t->is_blood && r->row != r->out->blood_test_count)
        complain(r, "of whole blood must stand before the others", "code");
    r->out->blood_test_count += t->is_blood;
}

static void read_study(struct reader *r, const struct json *row)
{
    r->out->studies[r->row] = (struct paper_study){ .modality = text(r, row, "modality"),
                                                    .name = text(r, row, "name"),
                                                    .body = text(r, row, "body"),
                                                    .finding = text(r, row, "finding") };
}

static struct paper_name name_of(struct reader *r, const struct json *row)
{
    return (struct paper_name){ .kanji = text(r, row, "kanji"),
                                .kana = text(r, row, "kana"),
                                .romaji = text(r, row, "romaji") };
}

static void read_family(struct reader *r, const struct json *row)
{
    r->out->families[r->row] = name_of(r, row);
}

static void read_given(struct reader *r, const struct json *row)
{
    r->out->givens[r->row] = name_of(r, row);
}

/* ---- lists: in this order, because diseases name departments and medicines ---- */

#define LIST(name, member, counter, type, read)                                                                        \
    {                                                                                                                  \
        name, offsetof(struct paper_tables, member), offsetof(struct paper_tables, counter), sizeof(struct type), read \
    }

static const struct {
    const char *name;
    size_t array, count, size;
    void (*read)(struct reader *r, const struct json *row);
} lists[] = {
    LIST("departments", departments, department_count, paper_department, read_department),
    LIST("medicines", medicines, medicine_count, paper_medicine, read_medicine),
    LIST("diseases", diseases, disease_count, paper_disease, read_disease),
    LIST("infusions", infusions, infusion_count, paper_infusion, read_infusion),
    LIST("tests", tests, test_count, paper_test, read_test),
    LIST("studies", studies, study_count, paper_study, read_study),
    LIST("families", families, family_count, paper_name, read_family),
    LIST("givens", givens, given_count, paper_name, read_given),
};

static void read_list(struct reader *r, size_t i)
{
    const struct json *list = json_get(r->root, lists[i].name);
    size_t count = list == NULL ? 0 : list->count;
    char *base = (char *)r->out;

    r->list = lists[i].name;
    r->row = 0;
    if (count == 0)
        return complain(r, "has no rows", "");
    *(void **)(base + lists[i].array) = arena_alloc_array(r->arena, lists[i].size, count);
    *(unsigned *)(base + lists[i].count) = (unsigned)count;
    for (const struct json *row = list->first; row != NULL; row = row->next, r->row++)
        lists[i].read(r, row);
}

static const char *const phrase_names[PHRASE_COUNT] = {
    [PHRASE_PURPOSE] = "purpose",       [PHRASE_HISTORY] = "history",     [PHRASE_COURSE] = "course",
    [PHRASE_HOSPITAL] = "hospital",     [PHRASE_DISCHARGE] = "discharge", [PHRASE_PLAN] = "plan",
    [PHRASE_SUBJECTIVE] = "subjective", [PHRASE_OBJECTIVE] = "objective", [PHRASE_OPERATION] = "operation",
    [PHRASE_NURSING] = "nursing",       [PHRASE_DIET] = "diet",           [PHRASE_EXPLANATION] = "explanation",
    [PHRASE_PHYSIOLOGY] = "physiology", [PHRASE_ENDOSCOPY] = "endoscopy", [PHRASE_RADIOLOGY] = "radiology",
};

static void read_phrases(struct reader *r, enum paper_phrase which)
{
    const struct json *list = json_get(json_get(r->root, "phrases"), phrase_names[which]);
    struct paper_phrases *p = &r->out->phrases[which];

    r->list = "phrases";
    r->row = 0;
    if (list == NULL || list->count == 0)
        return complain(r, "has no phrases", phrase_names[which]);
    p->texts = ARENA_ARRAY(r->arena, const char *, list->count);
    for (const struct json *t = list->first; t != NULL; t = t->next, r->row++) {
        if (text_absent(t->text))
            return complain(r, "is no text", phrase_names[which]);
        p->texts[p->count++] = t->text;
    }
}

enum rc paper_tables_load(struct arena *a, const char *path, struct paper_tables *out)
{
    struct reader r = { .arena = a, .path = path, .out = out };
    const char *why;
    struct str file;
    struct json *root;

    if (file_read(a, path, (size_t)1024 * 1024, &file) != OK) {
        log_error("%s cannot be read", path);
        return E_CONFIG;
    }
    if (json_parse(a, file, &root, &why) != OK) {
        log_error("%s: %s", path, why);
        return E_CONFIG;
    }
    r.root = root;
    for (size_t i = 0; i < ARRAY_LEN(lists) && r.rc == OK; i++)
        read_list(&r, i);
    for (int i = 0; i < PHRASE_COUNT && r.rc == OK; i++)
        read_phrases(&r, (enum paper_phrase)i);
    return r.rc;
}
