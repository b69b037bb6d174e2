/*
 * kakehashi documents: what the generator gives for a person, and the bytes of it as files. Works without a running
 * backbone: documents follow from --seed, the person and the fixtures (docs/documents.md).
 */
#include "cli/args.h"
#include "cli/command.h"
#include "cli/inbox.h"
#include "cli/language.h"
#include "cli/table.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/config.h"
#include "base/digest.h"
#include "base/file.h"
#include "base/str.h"
#include "wire/json.h"
#include "world/papers.h"
#include "world/world.h"

#include <stdio.h>

struct listing {
    struct arena *arena;
    const struct community *community;
    struct papers *papers;
    struct person person;
    const char *save; /* folder; NULL: nothing is saved */
    struct table *table;
    struct json_writer *json;
};

/* ---- files ---- */

static const struct {
    const char *mime, *extension;
} extensions[] = {
    { "text/xml", "xml" },          { "text/plain", "txt" },         { "application/pdf", "pdf" },
    { "application/dicom", "dcm" }, { "application/hl7-v2", "hl7" },
};

const char *mime_extension(const char *mime_type)
{
    for (size_t i = 0; i < ARRAY_LEN(extensions); i++) {
        if (text_equal(extensions[i].mime, mime_type))
            return extensions[i].extension;
    }
    return "bin";
}

/* "DIR/2.999.392.5.35.….2.pdf" */
static const char *file_of(const struct listing *l, const struct document_entry *d)
{
    return arena_printf(l->arena, "%s/%s.%s", l->save, d->unique_id, mime_extension(d->mime_type));
}

/* ---- one document ---- */

static void jw_code(struct json_writer *w, const char *name, const struct code *c)
{
    jw_object(w, name);
    jw_text(w, "code", c->code);
    jw_text(w, "scheme", c->scheme);
    jw_text(w, "display", c->display);
    jw_end_object(w);
}

static void jw_texts(struct json_writer *w, const char *name, const struct text_list *list)
{
    jw_list(w, name);
    for (; list != NULL; list = list->next)
        jw_text(w, NULL, list->text);
    jw_end_list(w);
}

static void jw_codes(struct json_writer *w, const struct document_entry *d)
{
    jw_code(w, "classCode", d->class_code);
    jw_code(w, "typeCode", d->type_code);
    jw_code(w, "formatCode", d->format_code);
    jw_code(w, "healthcareFacilityTypeCode", d->healthcare_facility_type_code);
    jw_code(w, "practiceSettingCode", d->practice_setting_code);
    jw_code(w, "confidentialityCode", d->confidentiality_codes);
    jw_list(w, "eventCodeList");
    for (const struct code *c = d->event_codes; c != NULL; c = c->next)
        jw_code(w, NULL, c);
    jw_end_list(w);
}

static void jw_document(struct json_writer *w, const struct document_entry *d, const char *file)
{
    jw_object(w, NULL);
    jw_text(w, "uniqueId", d->unique_id);
    jw_text(w, "title", d->title);
    jw_text(w, "mimeType", d->mime_type);
    jw_text(w, "size", d->size);
    jw_text(w, "hash", d->hash);
    jw_text(w, "patientId", d->patient_id);
    jw_text(w, "sourcePatientId", d->source_patient_id);
    jw_texts(w, "sourcePatientInfo", d->source_patient_info);
    jw_text(w, "creationTime", d->creation_time);
    jw_text(w, "serviceStartTime", d->service_start_time);
    jw_text(w, "serviceStopTime", d->service_stop_time);
    jw_text(w, "languageCode", d->language_code);
    jw_text(w, "authorPerson", d->authors->person);
    jw_texts(w, "authorInstitution", d->authors->institutions);
    jw_texts(w, "referenceIdList", d->reference_ids);
    jw_codes(w, d);
    if (file != NULL)
        jw_text(w, "file", file);
    jw_end_object(w);
}

/* As it is registered, in UTC: "2026-01-31 00:10Z". */
static const char *time_text(struct arena *a, const char *dtm)
{
    return arena_printf(a, "%.4s-%.2s-%.2s %.2s:%.2sZ", dtm, dtm + 4, dtm + 6, dtm + 8, dtm + 10);
}

static enum rc document_show(struct listing *l, unsigned k)
{
    struct arena *a = l->arena;
    struct buf *bytes = buf_new(a, BUF_MAX_DEFAULT);
    char hash[SHA1_HEX_LEN];
    const char *file = NULL;
    struct document_entry d;

    papers_entry(a, l->papers, l->community, &l->person, k, &d);
    papers_bytes(a, l->papers, l->community, &l->person, k, bytes);
    sha1_hex(buf_str(bytes), hash);
    d.hash = arena_strdup(a, hash);
    d.size = arena_printf(a, "%zu", bytes->len);
    if (l->save != NULL) {
        file = file_of(l, &d);
        TRY(file_write(file, buf_str(bytes), 0644));
    }
    if (l->json != NULL)
        jw_document(l->json, &d, file);
    else
        table_row(l->table, time_text(a, d.creation_time), d.title, d.mime_type, d.size, d.unique_id);
    return OK;
}

/* ---- who ---- */

static enum rc person_load(struct listing *l, const struct config *c, const char *patient)
{
    const char *fixtures = world_fixtures(l->arena, c);
    uint64_t seed = (uint64_t)config_number(c, CONFIG_SEED), n;
    struct population population;
    struct people *people;
    struct world *everyone;

    TRY(population_parse(config_text(c, CONFIG_POPULATION), &population));
    TRY(world_everyone(l->arena, fixtures, &everyone));
    TRY(people_new(l->arena, fixtures, everyone, seed, &population, &people));
    TRY(people_mistype(people, config_number(c, CONFIG_TYPING_ERRORS)));
    TRY(papers_new(l->arena, fixtures, seed, &l->papers));
    if (people_find(people, l->community, patient, &n) != OK) {
        fprintf(stderr,
                language_pick("kakehashi: %s has no patient \"%s\"; `kakehashi patients %s` lists them\n",
                              "kakehashi: %s に患者 \"%s\" はいません。`kakehashi patients %s` で一覧できます\n"),
                l->community->key, patient, l->community->key);
        return E_NOT_FOUND;
    }
    people_get(l->arena, people, l->community, n, &l->person);
    return OK;
}

static enum rc load(struct listing *l, const struct config *c, const char *community, const char *patient)
{
    struct world *w;

    TRY(world_load(l->arena, c, &w));
    l->community = world_find(w, community);
    if (l->community != NULL)
        return person_load(l, c, patient);
    fprintf(stderr,
            language_pick("kakehashi: there is no community \"%s\"; `kakehashi communities` lists them\n",
                          "kakehashi: 地域 \"%s\" はありません。`kakehashi communities` で一覧できます\n"),
            community);
    return E_CONFIG;
}

static enum rc documents_show(struct listing *l)
{
    unsigned count = papers_count(l->papers, l->community, &l->person);

    if (l->save != NULL)
        TRY(file_mkdirs(l->save, 0755));
    for (unsigned k = 0; k < count; k++)
        TRY(document_show(l, k));
    return OK;
}

static int show(struct listing *l, bool as_json)
{
    struct buf *out = buf_new(l->arena, BUF_MAX_DEFAULT);
    struct json_writer json;

    if (as_json) {
        jw_init(&json, out, true);
        jw_list(&json, NULL);
        l->json = &json;
    }
    l->table = table_new(l->arena, language_pick("CREATED", "作成日時"), language_pick("TITLE", "表題"),
                         language_pick("MEDIA TYPE", "媒体型"), language_pick("SIZE", "大きさ"), "uniqueId", NULL);
    if (documents_show(l) != OK)
        return EXIT_FAILED;
    if (as_json) {
        jw_end_list(&json);
        buf_add_char(out, '\n');
    } else {
        table_print(l->table, out);
    }
    fwrite(out->data, 1, out->len, stdout);
    return EXIT_OK;
}

int cmd_documents(struct args *args)
{
    struct listing l = { .arena = args->arena, .save = args_option(args, "--save") };
    bool as_json = args_flag(args, "--json");
    const char *inbox = args_option(args, "--inbox"), *community = args_word(args), *patient = args_word(args);

    if (inbox != NULL && community == NULL)
        return args_end(args) == OK ? inbox_show(args, inbox, l.save, as_json) : EXIT_USAGE;
    if (args_end(args) != OK)
        return EXIT_USAGE;
    if (patient == NULL) {
        fprintf(stderr, "kakehashi: documents ID PATIENT | --inbox ID [--json] [--save DIR]\n");
        return EXIT_USAGE;
    }
    if (load(&l, args->config, community, patient) != OK)
        return EXIT_USAGE;
    return show(&l, as_json);
}
