/*
 * The transactions a client can speak; their messages are in exchange_patient.c, exchange_hl7v2.c,
 * exchange_document.c, exchange_query.c and exchange_update.c.
 */
#include "cli/exchange.h"

#include "cli/language.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/str.h"
#include "net/http.h"
#include "wire/hl7v2.h"

#include <stdarg.h>
#include <string.h>

#define PERSON   "family given family-kana given-kana gender birth"
#define DOCUMENT "file content document title type mime source-patient source provider author " PERSON
#define IMAGES   "file study series document repository home syntax save"

static const struct exchange_row rows[] = {
    { .id = "ITI-8",
      .name = "Patient Identity Feed",
      .actors = { "pix-manager", "registry" },
      .is_hl7v2 = true,
      .needs = "id",
      .takes = PERSON " event subsumes charset",
      .columns = { "answer", "message" },
      .encode = exchange_adt_encode,
      .decode = exchange_ack_decode },
    { .id = "ITI-9",
      .name = "PIX Query",
      .actors = { "pix-manager" },
      .is_hl7v2 = true,
      .needs = "patient",
      .takes = "domain tag charset",
      .columns = { "id", "domain", "namespace" },
      .encode = exchange_qbp_pix_encode,
      .decode = exchange_rsp_pix_decode },
    { .id = "ITI-21",
      .name = "Patient Demographics Query",
      .actors = { "demographics-supplier" },
      .is_hl7v2 = true,
      .takes = "family given gender birth city phone account id domain quantity pointer tag charset",
      .columns = { "id", "domain", "name", "kana", "gender", "birth", "pointer" },
      .encode = exchange_qbp_find_encode,
      .decode = exchange_rsp_find_decode },
    { .id = "ITI-21-cancel",
      .name = "Patient Demographics Query, given up",
      .endpoint = "ITI-21",
      .actors = { "demographics-supplier" },
      .is_hl7v2 = true,
      .needs = "tag",
      .takes = "charset",
      .columns = { "answer", "message" },
      .encode = exchange_qcn_encode,
      .decode = exchange_ack_decode },
    { .id = "ITI-22",
      .name = "Patient Demographics and Visit Query",
      .actors = { "demographics-supplier" },
      .is_hl7v2 = true,
      .takes = "family given gender birth account class ward doctor visit id domain quantity pointer tag charset",
      .columns = { "id", "domain", "name", "kana", "gender", "birth", "pointer", "visit" },
      .encode = exchange_qbp_find_encode,
      .decode = exchange_rsp_find_decode },
    { .id = "ITI-30",
      .name = "Patient Identity Management",
      .actors = { "pix-manager" },
      .is_hl7v2 = true,
      .needs = "id",
      .takes = PERSON " event was with charset",
      .columns = { "answer", "message" },
      .encode = exchange_identity_encode,
      .decode = exchange_ack_decode },
    { .id = "ITI-44",
      .name = "Patient Identity Feed HL7 V3",
      .actors = { "pix-manager", "registry" },
      .action = "urn:hl7-org:v3:PRPA_IN201301UV02",
      .needs = "id family",
      .takes = "given family-kana given-kana gender birth provider other-id",
      .columns = { "answer", "message" },
      .encode = exchange_feed_encode,
      .decode = exchange_feed_decode },
    { .id = "ITI-44-revise",
      .name = "Patient Identity Feed HL7 V3: revised",
      .endpoint = "ITI-44",
      .actors = { "pix-manager", "registry" },
      .action = "urn:hl7-org:v3:PRPA_IN201302UV02",
      .needs = "id family",
      .takes = "given family-kana given-kana gender birth provider other-id",
      .columns = { "answer", "message" },
      .encode = exchange_feed_encode,
      .decode = exchange_feed_decode },
    { .id = "ITI-44-merge",
      .name = "Patient Identity Feed HL7 V3: duplicates resolved",
      .endpoint = "ITI-44",
      .actors = { "pix-manager", "registry" },
      .action = "urn:hl7-org:v3:PRPA_IN201304UV02",
      .needs = "id family subsumes",
      .takes = "given family-kana given-kana gender birth provider other-id",
      .columns = { "answer", "message" },
      .encode = exchange_feed_encode,
      .decode = exchange_feed_decode },
    { .id = "ITI-45",
      .name = "PIXV3 Query",
      .actors = { "pix-manager" },
      .action = "urn:hl7-org:v3:PRPA_IN201309UV02",
      .needs = "patient",
      .takes = "domain",
      .columns = { "id", "domain" },
      .encode = exchange_pix_encode,
      .decode = exchange_pix_decode },
    { .id = "ITI-47",
      .name = "Patient Demographics Query HL7 V3",
      .actors = { "demographics-supplier", "pix-manager" },
      .action = "urn:hl7-org:v3:PRPA_IN201305UV02",
      .takes = PERSON " id domain quantity query",
      .columns = { "id", "domain", "name", "kana", "gender", "birth", "match" },
      .encode = exchange_person_query_encode,
      .decode = exchange_person_query_decode },
    { .id = "ITI-47-continue",
      .name = "Patient Demographics Query HL7 V3: the next page",
      .endpoint = "ITI-47",
      .actors = { "demographics-supplier", "pix-manager" },
      .action = "urn:hl7-org:v3:QUQI_IN000003UV01_Continue",
      .needs = "query",
      .takes = "quantity",
      .columns = { "id", "domain", "name", "kana", "gender", "birth", "match" },
      .encode = exchange_continuation_encode,
      .decode = exchange_person_query_decode },
    { .id = "ITI-47-cancel",
      .name = "Patient Demographics Query HL7 V3, given up",
      .endpoint = "ITI-47",
      .actors = { "demographics-supplier", "pix-manager" },
      .action = "urn:hl7-org:v3:QUQI_IN000003UV01_Cancel",
      .needs = "query",
      .columns = { "answer", "message" },
      .encode = exchange_continuation_encode,
      .decode = exchange_feed_decode },
    { .id = "ITI-55",
      .name = "Cross Gateway Patient Discovery",
      .actors = { "responding-gateway" },
      .action = "urn:hl7-org:v3:PRPA_IN201305UV02:CrossGatewayPatientDiscovery",
      .takes = PERSON " id ttl",
      .columns = { "id", "domain", "name", "kana", "gender", "birth", "match", "home" },
      .encode = exchange_discovery_encode,
      .decode = exchange_person_query_decode },
    { .id = "ITI-55-deferred",
      .name = "Cross Gateway Patient Discovery, answered later",
      .endpoint = "ITI-55",
      .actors = { "responding-gateway" },
      .action = "urn:hl7-org:v3:PRPA_IN201305UV02:Deferred:CrossGatewayPatientDiscovery",
      .takes = PERSON " id ttl respond-to",
      .columns = { "answer", "message" },
      .encode = exchange_deferred_encode,
      .decode = exchange_feed_decode },
    { .id = "ITI-56",
      .name = "Patient Location Query",
      .actors = { "responding-gateway" },
      .action = "urn:ihe:iti:2009:PatientLocationQuery",
      .needs = "patient",
      .columns = { "home", "id", "domain" },
      .encode = exchange_location_encode,
      .decode = exchange_location_decode },
    { .id = "ITI-41",
      .name = "Provide and Register Document Set-b",
      .actors = { "repository", "document-recipient", "initiating-gateway" },
      .action = "urn:ihe:iti:2007:ProvideAndRegisterDocumentSet-b",
      .mtom = true,
      .needs = "patient",
      .takes = DOCUMENT " home recipient",
      .columns = { "answer" },
      .encode = exchange_provide_encode,
      .decode = exchange_submission_decode },
    { .id = "RAD-68",
      .name = "Provide and Register Imaging Document Set",
      .endpoint = "ITI-41",
      .actors = { "repository" },
      .action = "urn:ihe:iti:2007:ProvideAndRegisterDocumentSet-b",
      .mtom = true,
      .needs = "patient",
      .takes = "title source-patient source provider author save " PERSON,
      .columns = { "manifest", "study", "series", "image", "sha1", "size" },
      .encode = exchange_study_encode,
      .decode = exchange_study_decode },
    { .id = "ITI-80",
      .name = "Cross-Gateway Document Provide",
      .actors = { "responding-gateway" },
      .action = "urn:ihe:iti:2015:CrossGatewayDocumentProvide",
      .mtom = true,
      .needs = "patient",
      .takes = DOCUMENT " home recipient",
      .columns = { "answer" },
      .encode = exchange_provide_encode,
      .decode = exchange_submission_decode },
    { .id = "ITI-1",
      .name = "Maintain Time",
      .actors = { "time" },
      .columns = { "offset", "delay", "stratum" },
      .speak = exchange_time_speak },
    { .id = "ITI-20",
      .name = "Record Audit Event",
      .actors = { "audit" },
      .takes = "file",
      .columns = { "bytes", "read" },
      .speak = exchange_record_speak },
    { .id = "ITI-81",
      .name = "Retrieve ATNA Audit Event",
      .actors = { "audit" },
      .takes = "patient event date",
      .columns = { "recorded", "event", "outcome", "source" },
      .speak = exchange_audit_speak },
    { .id = "ITI-42",
      .name = "Register Document Set-b",
      .actors = { "registry" },
      .action = "urn:ihe:iti:2007:RegisterDocumentSet-b",
      .needs = "patient",
      .takes = DOCUMENT " repository",
      .columns = { "answer" },
      .encode = exchange_register_encode,
      .decode = exchange_submission_decode },
    { .id = "ITI-61",
      .name = "Register On-Demand Document Entry",
      .actors = { "registry" },
      .action = "urn:ihe:iti:2010:RegisterOnDemandDocumentEntry",
      .needs = "patient",
      .takes = DOCUMENT " repository",
      .columns = { "answer" },
      .encode = exchange_on_demand_encode,
      .decode = exchange_submission_decode },
    { .id = "ITI-57",
      .name = "Update Document Set",
      .actors = { "registry" },
      .action = "urn:ihe:iti:2010:UpdateDocumentSet",
      .needs = "patient",
      .takes = "entry status logical version propagation repository " DOCUMENT,
      .columns = { "answer" },
      .encode = exchange_update_encode,
      .decode = exchange_submission_decode },
    { .id = "ITI-92",
      .name = "Restricted Update Document Set",
      .actors = { "registry", "responding-gateway" },
      .action = "urn:ihe:iti:2018:RestrictedUpdateDocumentSet",
      .needs = "patient logical",
      .takes = "version propagation repository " DOCUMENT,
      .columns = { "answer" },
      .encode = exchange_restricted_encode,
      .decode = exchange_submission_decode },
    { .id = "ITI-62",
      .name = "Remove Metadata",
      .actors = { "registry" },
      .action = "urn:ihe:iti:2010:DeleteDocumentSet",
      .needs = "entry",
      .columns = { "answer" },
      .encode = exchange_remove_encode,
      .decode = exchange_submission_decode },
    { .id = "ITI-18",
      .name = "Registry Stored Query",
      .actors = { "registry", "initiating-gateway" },
      .action = "urn:ihe:iti:2007:RegistryStoredQuery",
      .takes = "patient document entry status kind query param home return strategy",
      .columns = { "document", "repository", "home", "title", "created", "size", "sha1", "entry" },
      .encode = exchange_query_encode,
      .decode = exchange_query_decode },
    { .id = "ITI-51",
      .name = "Multi-Patient Stored Query",
      .actors = { "registry" },
      .action = "urn:ihe:iti:2009:MultiPatientStoredQuery",
      .takes = "patient status query param return",
      .columns = { "document", "repository", "home", "title", "created", "size", "sha1", "entry" },
      .encode = exchange_multi_patient_encode,
      .decode = exchange_query_decode },
    { .id = "ITI-38",
      .name = "Cross Gateway Query",
      .actors = { "responding-gateway" },
      .action = "urn:ihe:iti:2007:CrossGatewayQuery",
      .takes = "patient document entry status kind query param home return",
      .columns = { "document", "repository", "home", "title", "created", "size", "sha1", "entry" },
      .encode = exchange_query_encode,
      .decode = exchange_query_decode },
    { .id = "ITI-63",
      .name = "Cross Gateway Fetch",
      .actors = { "responding-gateway" },
      .action = "urn:ihe:iti:2011:CrossGatewayFetch",
      .mtom = true,
      .needs = "patient",
      .takes = "status param home save",
      .columns = { "document", "repository", "home", "title", "created", "size", "sha1", "entry" },
      .encode = exchange_fetch_encode,
      .decode = exchange_fetch_decode },
    { .id = "ITI-43",
      .name = "Retrieve Document Set",
      .actors = { "repository", "initiating-gateway" },
      .action = "urn:ihe:iti:2007:RetrieveDocumentSet",
      .mtom = true,
      .needs = "document",
      .takes = "repository home save",
      .columns = { "document", "repository", "home", "type", "size", "sha1", "made", "kept" },
      .encode = exchange_retrieve_encode,
      .decode = exchange_retrieve_decode },
    { .id = "ITI-86",
      .name = "Remove Documents",
      .actors = { "repository" },
      .action = "urn:ihe:iti:2017:RemoveDocuments",
      .needs = "document",
      .takes = "repository",
      .columns = { "answer" },
      .encode = exchange_remove_documents_encode,
      .decode = exchange_submission_decode },
    { .id = "ITI-39",
      .name = "Cross Gateway Retrieve",
      .actors = { "responding-gateway" },
      .action = "urn:ihe:iti:2007:CrossGatewayRetrieve",
      .mtom = true,
      .needs = "document",
      .takes = "repository home save",
      .columns = { "document", "repository", "home", "type", "size", "sha1", "made", "kept" },
      .encode = exchange_retrieve_encode,
      .decode = exchange_retrieve_decode },
    { .id = "RAD-69",
      .name = "Retrieve Imaging Document Set",
      .actors = { "imaging-source", "initiating-gateway" },
      .action = "urn:ihe:rad:2009:RetrieveImagingDocumentSet",
      .mtom = true,
      .takes = IMAGES,
      .columns = { "document", "repository", "home", "type", "size", "sha1" },
      .encode = exchange_images_encode,
      .decode = exchange_retrieve_decode },
    { .id = "RAD-75",
      .name = "Cross Gateway Retrieve Imaging Document Set",
      .actors = { "responding-gateway" },
      .action = "urn:ihe:rad:2011:CrossGatewayRetrieveImagingDocumentSet",
      .mtom = true,
      .takes = IMAGES,
      .columns = { "document", "repository", "home", "type", "size", "sha1" },
      .encode = exchange_images_encode,
      .decode = exchange_retrieve_decode },
};

static const struct {
    const char *actor, *en, *ja;
} actor_names[] = {
    { "registry", "registry", "レジストリ" },
    { "repository", "repository", "リポジトリ" },
    { "imaging-source", "imaging document source", "画像ソース" },
    { "document-recipient", "document recipient", "文書受信" },
    { "pix-manager", "PIX manager", "PIX マネージャ" },
    { "demographics-supplier", "demographics supplier", "患者基本情報の提供" },
    { "initiating-gateway", "initiating gateway", "起動側ゲートウェイ" },
    { "responding-gateway", "responding gateway", "応答側ゲートウェイ" },
};

const char *exchange_actor_name(const char *actor)
{
    for (size_t i = 0; i < ARRAY_LEN(actor_names); i++) {
        if (text_equal(actor_names[i].actor, actor))
            return language_pick(actor_names[i].en, actor_names[i].ja);
    }
    return actor;
}

const struct exchange_row *exchange_rows(size_t *count)
{
    *count = ARRAY_LEN(rows);
    return rows;
}

const struct exchange_row *exchange_find(const char *id)
{
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        if (text_equal(rows[i].id, id))
            return &rows[i];
    }
    return NULL;
}

enum rc exchange_fail(struct exchange *x, enum rc rc, const char *fmt, ...)
{
    va_list ap;

    va_start(ap, fmt);
    x->why = arena_vprintf(x->arena, fmt, ap);
    va_end(ap);
    return rc;
}

static enum rc needs_check(struct exchange *x)
{
    if (x->row->needs == NULL)
        return OK;
    char *rest = arena_strdup(x->arena, x->row->needs);

    for (char *name; (name = strsep(&rest, " ")) != NULL;) {
        if (text_absent(vars_get(&x->params, name)))
            return exchange_fail(x, E_CONFIG, "%s needs --%s", x->row->id, name);
    }
    return OK;
}

static enum rc url_find(struct exchange *x, const char **url)
{
    const char *id = x->row->endpoint != NULL ? x->row->endpoint : x->row->id;

    *url = NULL;
    if (x->actor != NULL)
        *url = client_url(x->client, x->to, x->actor, id);
    for (size_t i = 0; x->actor == NULL && i < EXCHANGE_ACTORS && x->row->actors[i] != NULL; i++) {
        *url = client_url(x->client, x->to, x->row->actors[i], id);
        if (*url != NULL)
            x->actor = x->row->actors[i];
    }
    if (*url != NULL)
        return OK;
    return exchange_fail(x, E_CONFIG, "%s has no %s with %s here", x->to->key, x->actor ? x->actor : x->row->actors[0],
                         x->row->id);
}

/* Sends and waits; OK when there is something to decode. */
static enum rc soap_send(struct exchange *x, const char *url)
{
    const char *strategy = vars_get(&x->params, "strategy");
    struct http_header wish = { "Kakehashi-Strategy", strategy, NULL };
    struct call_spec spec = { .url = url,
                              .action = x->row->action,
                              .body = x->body,
                              .mtom = x->row->mtom,
                              .parts = x->parts,
                              .headers = x->headers,
                              .http_headers = strategy == NULL ? NULL : &wish };
    enum rc rc = client_call(x->client, x->from, &spec, &x->call);

    return rc == OK ? OK : exchange_fail(x, rc, "%s", x->call ? x->call->why : "the call could not start");
}

static enum rc hl7v2_send(struct exchange *x, const char *url)
{
    struct hl7v2_fault fault;
    struct str message;

    TRY(exchange_hl7v2_bytes(x, &message));
    enum rc rc = client_mllp(x->client, x->from, url, message, &x->call);
    if (rc != OK)
        return exchange_fail(x, rc, "%s", x->call->why);
    x->hl7v2 = ARENA_NEW(x->arena, struct hl7v2);
    if (hl7v2_parse(x->arena, x->call->response_xml, x->hl7v2, &fault) != OK)
        return exchange_fail(x, E_PEER, "the answer cannot be read: %s", fault.text);
    return OK;
}

enum rc exchange_run(struct exchange *x)
{
    const char *url;

    TRY(needs_check(x));
    TRY(url_find(x, &url));
    if (x->row->speak != NULL)
        return x->row->speak(x, url);
    x->body = buf_new(x->arena, BUF_MAX_DEFAULT);
    TRY(x->row->encode(x));

    TRY(x->row->is_hl7v2 ? hl7v2_send(x, url) : soap_send(x, url));
    enum rc rc = x->row->decode(x);
    if (rc == E_SYNTAX)
        return exchange_fail(x, E_PEER, "the answer's body is not what %s answers", x->row->id);
    return rc;
}

const char *exchange_cell(const struct exchange *x, const struct exchange_item *item, const char *column)
{
    for (size_t i = 0; i < EXCHANGE_COLUMNS; i++) {
        if (text_equal(x->row->columns[i], column))
            return item->cells[i];
    }
    return NULL;
}

struct exchange_item *exchange_item_add(struct exchange *x)
{
    struct exchange_item **end = &x->items;

    while (*end != NULL)
        end = &(*end)->next;
    *end = ARENA_NEW(x->arena, struct exchange_item);
    x->item_count++;
    return *end;
}

const char *exchange_issues(struct arena *a, const struct issue_list *issues)
{
    const char *text = "";

    for (const struct issue *i = issues->first; i != NULL; i = i->next) {
        text = arena_printf(a, "%s%s%s%s%s%s%s", text, text[0] == '\0' ? "" : "; ", i->ebrs ? i->ebrs : "",
                            i->ebrs && i->text ? ": " : "", i->text ? i->text : "", i->place ? " at " : "",
                            i->place ? i->place : "");
    }
    return text[0] == '\0' ? "refused without a reason" : text;
}

enum rc exchange_id(struct exchange *x, const char *text, const char *domain, struct patient_id *out)
{
    if (strchr(text, '^') == NULL) {
        *out = (struct patient_id){ .root = domain, .extension = text };
        return OK;
    }
    if (patient_id_parse(x->arena, text, out) != OK)
        return exchange_fail(x, E_CONFIG, "\"%s\" is neither a plain id nor ID^^^&OID&ISO", text);
    return OK;
}
