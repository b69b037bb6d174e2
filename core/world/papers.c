#include "world/papers.h"

#include "world/paper.h"
#include "world/paper_codes.h"

#include "base/arena.h"
#include "base/str.h"

/* ---- loading ---- */

struct loader {
    struct arena *arena;
    const char *fixtures;
    struct papers *papers;
    struct paper_codes *codes;
};

static enum rc load_form(const struct loader *l, const struct paper_kind *kind, struct paper_stock *stock)
{
    if (kind->form == NULL)
        return OK;
    const char *path = arena_printf(l->arena, "%s/documents/%s", l->fixtures, kind->form);
    if (kind->syntax == PAPER_PAGE)
        return paper_pdf_load(l->arena, l->papers, path, stock);
    return paper_form_load(l->arena, l->papers->jis, path, kind->syntax, &stock->form);
}

static enum rc load_kind(const struct loader *l, const struct paper_kind *kind, struct paper_stock *stock)
{
    TRY(paper_code_get(l->codes, "classCode", kind->class_code, &stock->class_code));
    TRY(paper_code_get(l->codes, "typeCode", kind->type_code, &stock->type_code));
    TRY(paper_code_get(l->codes, "formatCode", kind->format_code, &stock->format_code));
    if (kind->setting != NULL)
        TRY(paper_code_get(l->codes, "practiceSettingCode", kind->setting, &stock->setting));
    TRY(paper_mime_check(l->codes, kind->mime_type));
    return load_form(l, kind, stock);
}

static enum rc load_kinds(const struct loader *l)
{
    struct papers *p = l->papers;

    p->stock = ARENA_ARRAY(l->arena, struct paper_stock, paper_kind_count);
    for (size_t i = 0; i < paper_kind_count; i++)
        TRY(load_kind(l, &paper_kinds[i], &p->stock[i]));
    p->basic = paper_kind_find("basic-data");
    p->manifest = paper_kind_find("manifest");
    p->image = paper_kind_find("image");
    p->prescription = paper_kind_find("prescription");
    p->list = paper_kind_find("medication-list");
    return OK;
}

/* Codes that rows of the clinical tables name, and those of every document. */
static enum rc load_codes(const struct loader *l)
{
    struct papers *p = l->papers;

    p->settings = ARENA_ARRAY(l->arena, struct code *, p->tables.department_count);
    for (unsigned i = 0; i < p->tables.department_count; i++)
        TRY(paper_code_get(l->codes, "practiceSettingCode", p->tables.departments[i].setting, &p->settings[i]));
    p->modalities = ARENA_ARRAY(l->arena, struct code *, p->tables.study_count);
    for (unsigned i = 0; i < p->tables.study_count; i++)
        TRY(paper_code_get(l->codes, "eventCodeList", p->tables.studies[i].modality, &p->modalities[i]));
    TRY(paper_code_get(l->codes, "confidentialityCode", "N", &p->confidentiality));
    TRY(paper_code_get(l->codes, "healthcareFacilityTypeCode", "HOSP", &p->hospital));
    TRY(paper_code_get(l->codes, "healthcareFacilityTypeCode", "OF", &p->clinic));
    TRY(paper_code_get(l->codes, "healthcareFacilityTypeCode", "PHARM", &p->pharmacy));
    return paper_code_get(l->codes, "healthcareFacilityTypeCode", "NCCF", &p->care);
}

enum rc papers_new(struct arena *a, const char *fixtures, uint64_t seed, struct papers **out)
{
    struct loader l = { .arena = a, .fixtures = fixtures, .papers = ARENA_NEW(a, struct papers) };

    l.papers->seed = seed;
    TRY(jis_new(a, &l.papers->jis));
    TRY(paper_tables_load(a, arena_printf(a, "%s/documents/clinical.json", fixtures), &l.papers->tables));
    TRY(paper_codes_load(a, arena_printf(a, "%s/codes/survey.json", fixtures), &l.codes));
    TRY(load_codes(&l));
    TRY(load_kinds(&l));
    *out = l.papers;
    return OK;
}

/* ---- asking ---- */

unsigned papers_entries(const struct papers *p, const struct community *c, const struct person *person)
{
    unsigned kinds[PAPERS_MAX];

    return paper_plan(p, c, person, kinds);
}

unsigned papers_count(const struct papers *p, const struct community *c, const struct person *person)
{
    unsigned kinds[PAPERS_MAX], count = paper_plan(p, c, person, kinds);

    return count > 0 && paper_kinds[kinds[count - 1]].is_on_demand ? count - 1 : count;
}

void papers_entry(struct arena *a, const struct papers *p, const struct community *c, const struct person *person,
                  unsigned k, struct document_entry *out)
{
    struct paper paper;

    paper_draw(p, c, person, k, &paper);
    paper_entry_fill(a, &paper, out);
}

void papers_bytes(struct arena *a, const struct papers *p, const struct community *c, const struct person *person,
                  unsigned k, struct buf *out)
{
    struct paper paper;

    paper_draw(p, c, person, k, &paper);
    if (paper.kind->write != NULL)
        paper.kind->write(a, &paper, out);
    else
        paper_form_fill(paper.stock->form, &paper, out);
}
