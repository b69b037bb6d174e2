/* RAD-68, 69, 75: a study is published and its images are fetched (RAD TF-2: 4.68, 4.69; RAD TF-3: 4.75). */
#include "cli/exchange.h"

#include "cli/study.h"

#include "base/arena.h"
#include "base/digest.h"
#include "base/ids.h"
#include "base/str.h"
#include "model/document.h"
#include "msg/imaging.h"
#include "msg/submit_objects.h"
#include "wire/dicom.h"
#include "wire/dicom_read.h"
#include "world/medication_list.h"

#include <string.h>

#define DICOM_CLASSES "1.2.840.10008.2.6.1"
#define TITLE         "画像検査【模擬データ】"
#define ACCESSION_MAX 10 /* digits of the study's UID that make its accession number */

static struct code imaging = { .code = "18748-4", .scheme = LOINC, .display = "画像診断" };
static struct code key_image = { .code = "55113-5", .scheme = LOINC, .display = "キー画像" };
static struct code manifest_format = { .code = DICOM_KEY_OBJECT_SELECTION,
                                       .scheme = DICOM_CLASSES,
                                       .display = "Key Object Selection Document" };
static struct code image_format = { .code = DICOM_SECONDARY_CAPTURE,
                                    .scheme = DICOM_CLASSES,
                                    .display = "Secondary Capture Image" };
static struct code radiology = { .code = "394914008", .scheme = "2.16.840.1.113883.6.96", .display = "放射線科" };

/* ---- RAD-68 ---- */

static void study_init(struct exchange *x, const struct document_entry *d, struct study *s)
{
    struct patient_id id = { 0 };
    const char *title = vars_get(&x->params, "title");

    if (patient_id_parse(x->arena, d->source_patient_id, &id) != OK)
        id.extension = d->source_patient_id;
    *s = (struct study){ .study = ids_oid(x->arena),
                         .image_series = ids_oid(x->arena),
                         .manifest_series = ids_oid(x->arena),
                         .image = ids_oid(x->arena),
                         .manifest = ids_oid(x->arena),
                         .patient_id = id.extension,
                         .issuer = id.root,
                         .location = x->to->repository,
                         .time = d->creation_time,
                         .title = text_absent(title) ? TITLE : title };
    s->accession = arena_printf(x->arena, "%.*s", ACCESSION_MAX, s->study + strlen("2.25."));
}

static struct text_list *references_of(struct exchange *x, const struct study *s, const struct document_entry *d)
{
    struct patient_id id = { 0 };
    struct text_list *first = ARENA_NEW(x->arena, struct text_list);

    first->text = arena_printf(x->arena, "%s^^^^urn:ihe:iti:xds:2016:studyInstanceUID", s->study);
    if (patient_id_parse(x->arena, d->source_patient_id, &id) != OK)
        return first;
    first->next = ARENA_NEW(x->arena, struct text_list);
    first->next->text = arena_printf(x->arena, "%s^^^&%s&ISO^urn:ihe:iti:xds:2013:accession", s->accession, id.root);
    return first;
}

static void entry_imaging(struct document_entry *d, const struct study *s, const char *uid, struct code *type,
                          struct code *format)
{
    d->unique_id = uid;
    d->mime_type = DICOM_MEDIA_TYPE;
    d->title = s->title;
    d->class_code = &imaging;
    d->type_code = type;
    d->format_code = format;
    d->practice_setting_code = &radiology;
}

static struct part *part_of(struct exchange *x, const char *id, struct str bytes)
{
    struct part *part = ARENA_NEW(x->arena, struct part);

    *part = (struct part){
        .content_id = id, .content_type = DICOM_MEDIA_TYPE, .bytes = bytes, .size = bytes.len, .fd = -1
    };
    return part;
}

/* The manifest, and the image as well: here, the repository of a manifest is also the source of its images. */
enum rc exchange_study_encode(struct exchange *x)
{
    struct document_entry *manifest = ARENA_NEW(x->arena, struct document_entry);
    struct document_entry *image = ARENA_NEW(x->arena, struct document_entry);
    struct study *study = ARENA_NEW(x->arena, struct study);
    struct submission s = { .documents = manifest };

    TRY(exchange_entry_fill(x, manifest));
    TRY(exchange_entry_fill(x, image));
    study_init(x, manifest, study);
    if (study->location == NULL)
        return exchange_fail(x, E_CONFIG, "%s has no repository", x->to->key);
    entry_imaging(manifest, study, study->manifest, &imaging, &manifest_format);
    entry_imaging(image, study, study->image, &key_image, &image_format);
    manifest->reference_ids = image->reference_ids = references_of(x, study, manifest);
    manifest->next = image;
    s.sets = exchange_set_of(x, manifest);
    s.sets->content_type_code = &imaging;
    s.associations = exchange_member_of(x, s.sets, manifest->entry_uuid);
    s.associations->next = exchange_member_of(x, s.sets, image->entry_uuid);

    x->content = study_image(x->arena, study);
    x->document = study_manifest(x->arena, study);
    x->own = study;
    x->parts = part_of(x, "manifest@kakehashi", x->document);
    x->parts->next = part_of(x, "image@kakehashi", x->content);
    struct provided_document second = { .id = image->entry_uuid, .href = "cid:image@kakehashi" };
    struct provided_document first = { .id = manifest->entry_uuid, .href = "cid:manifest@kakehashi", .next = &second };
    provide_encode(&s, &first, x->body);
    return OK;
}

enum rc exchange_study_decode(struct exchange *x)
{
    const struct study *s = x->own;
    char *hash = arena_alloc(x->arena, SHA1_HEX_LEN);

    TRY(exchange_submission_decode(x));
    sha1_hex(x->content, hash);
    *x->items = (struct exchange_item){
        { s->manifest, s->study, s->image_series, s->image, hash, arena_printf(x->arena, "%zu", x->content.len) }, NULL
    };
    return OK;
}

/* ---- RAD-69, RAD-75 ---- */

static struct text_list *syntaxes_of(struct exchange *x)
{
    struct text_list *first = NULL, **end = &first;

    for (const struct var *p = vars_first(&x->params, "syntax"); p != NULL; p = vars_next(p), end = &(*end)->next) {
        *end = ARENA_NEW(x->arena, struct text_list);
        (*end)->text = p->value;
    }
    if (first == NULL) {
        first = ARENA_NEW(x->arena, struct text_list);
        first->text = DICOM_EXPLICIT_VR_LITTLE_ENDIAN;
    }
    return first;
}

static enum rc instance_add(struct exchange *x, const struct dicom_reference *r, struct document_request ***end)
{
    const char *repository = vars_get(&x->params, "repository"), *home = vars_get(&x->params, "home");
    struct document_request *d = ARENA_NEW(x->arena, struct document_request);

    if (home == NULL && text_equal(x->row->id, "RAD-75")) /* which must say it */
        home = x->to->home_community_id;
    *d = (struct document_request){ .home = home,
                                    .repository_unique_id = repository    ? repository
                                                            : r->location ? r->location
                                                                          : x->to->repository,
                                    .document_unique_id = r->sop_instance,
                                    .study = r->study,
                                    .series = r->series };
    if (d->repository_unique_id == NULL)
        return exchange_fail(x, E_CONFIG, "%s has no repository: --repository names one", x->to->key);
    if (d->study == NULL || d->series == NULL)
        return exchange_fail(x, E_CONFIG, "%s needs the study and the series of %s", x->row->id, d->document_unique_id);
    **end = d;
    *end = &d->next;
    return OK;
}

/* All that a manifest refers to, or the images of one series that are named. */
static enum rc instances_of(struct exchange *x, struct document_request **out)
{
    struct dicom_reference one = { .study = vars_get(&x->params, "study"), .series = vars_get(&x->params, "series") };
    struct dicom_reference *referred = NULL;

    if (x->content.data != NULL && dicom_references(x->arena, x->content, &referred) != OK)
        return exchange_fail(x, E_CONFIG, "--file is no DICOM manifest");
    for (; referred != NULL; referred = referred->next)
        TRY(instance_add(x, referred, &out));
    for (const struct var *p = vars_first(&x->params, "document"); p != NULL; p = vars_next(p)) {
        one.sop_instance = p->value;
        TRY(instance_add(x, &one, &out));
    }
    return OK;
}

enum rc exchange_images_encode(struct exchange *x)
{
    struct imaging_request request = { .transfer_syntaxes = syntaxes_of(x) };

    TRY(instances_of(x, &request.instances));
    if (request.instances == NULL)
        return exchange_fail(x, E_CONFIG, "%s needs --file with a manifest, or --study, --series and --document",
                             x->row->id);
    imaging_request_encode(&request, x->body);
    return OK;
}
