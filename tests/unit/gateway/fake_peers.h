#pragma once
/*
 * A small world on loopback for the gateway's transactions: a daemon that stands in for the registries, repositories
 * and PIX managers of four communities, the gateway itself, and a client. Plain HTTP, free ports, a folder that goes
 * again.
 *
 * One person lives in all of them: "P-1" in 0001 and so on. The actors of 0003 are broken. A second gateway is cut off:
 * whomever it asks, nobody is there.
 */

#include "gateway_test.h"

#include "actor/call.h"
#include "base/file.h"
#include "gateway/gateway.h"
#include "msg/adhoc_query.h"
#include "msg/prpa_find.h"
#include "msg/prpa_pix.h"
#include "msg/retrieve.h"
#include "wire/ns.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define HOME(n)       "urn:oid:2.999.392.1." #n
#define DOMAIN(n)     "2.999.392.2." #n
#define REPOSITORY(n) "2.999.392.4." #n ".1"

#define DOCUMENT_SIZE ((size_t)200 * 1000) /* more than stays in memory */

/* ---- the actors ---- */

static bool is_broken(const struct request *rq)
{
    return strcmp(rq->community->key, "0003") == 0;
}

/* What its own community calls the person. */
static const char *person_id(struct request *rq)
{
    return arena_printf(rq->arena, "P-%d", rq->community->number);
}

static enum rc fake_registry(struct request *rq)
{
    struct adhoc_query q;
    struct adhoc_response response = { .status = REGISTRY_SUCCESS };

    TRY(adhoc_query_decode(rq->arena, rq->body, &q, &rq->issues));
    if (is_broken(rq))
        return rq_refuse(rq, ISSUE_SOAP_BODY, NULL, "the registry is on strike");
    const struct slot *param = q.params;
    bool is_found = param == NULL || strstr(param->values->text, person_id(rq)) != NULL;
    const char *object = arena_printf(rq->arena, "<rim:ObjectRef id=\"of-%s\"/>", rq->community->key);
    struct str objects = str_from(object);
    response.objects = &objects;
    response.count = is_found;
    adhoc_response_encode(&response, rq->reply);
    return OK;
}

static struct document_response *fake_document(struct request *rq, const struct document_request *d)
{
    struct document_response *r = ARENA_NEW(rq->arena, struct document_response);
    struct part *part = rq_reply_part(rq, "application/octet-stream");
    char *bytes = arena_alloc(rq->arena, DOCUMENT_SIZE);

    memset(bytes, d->document_unique_id[0], DOCUMENT_SIZE);
    part->bytes = (struct str){ bytes, DOCUMENT_SIZE };
    part->size = DOCUMENT_SIZE;
    *r = (struct document_response){ .repository_unique_id = d->repository_unique_id,
                                     .document_unique_id = d->document_unique_id,
                                     .mime_type = "application/octet-stream",
                                     .href = arena_printf(rq->arena, "cid:%s", part->content_id) };
    return r;
}

static enum rc fake_repository(struct request *rq)
{
    struct document_request *requests;
    struct retrieve_response response = { 0 };
    struct document_response **end = &response.documents;

    TRY(retrieve_request_decode(rq->arena, rq->body, &requests, &rq->issues));
    for (const struct document_request *d = requests; d != NULL; d = d->next) {
        if (strcmp(d->document_unique_id, "missing") == 0) {
            issue_add(rq->arena, &response.issues, ISSUE_XDS_DOCUMENT_UNIQUE_ID_ERROR, d->place, "missing");
            continue;
        }
        *end = fake_document(rq, d);
        end = &(*end)->next;
    }
    response.status = retrieve_status(response.documents, &response.issues);
    retrieve_response_encode(&response, rq->reply);
    return OK;
}

static enum rc fake_supplier(struct request *rq)
{
    struct find_query q;
    struct person_name name = { .use = "IDE", .family = "鳥取", .given = "花子" };
    struct patient person = {
        .names = &name, .gender = "F", .birth_time = "19500401", .status = "active", .match = -1
    };
    struct find_answer answer = { .query = &q, .custodian_root = "1.2.3" };

    rq->state = NULL;
    TRY(find_query_decode(rq->arena, rq->body, &q, &rq->issues));
    if (is_broken(rq))
        return E_IO;
    patient_id_add(rq->arena, &person.ids, rq->community->patient_id_domain, person_id(rq));
    patient_id_add(rq->arena, &person.ids, "2.999.392.3.9.1", "of a facility");
    bool is_by_id = q.ids != NULL;
    if (!is_by_id || strcmp(q.ids->extension, person_id(rq)) == 0)
        answer.patients = &person;
    find_answer_encode(rq->arena, &answer, rq->reply);
    return OK;
}

static enum rc fake_manager(struct request *rq)
{
    struct pix_query q;
    struct pix_answer answer = { .query = &q, .custodian_root = "1.2.3" };

    TRY(pix_query_decode(rq->arena, rq->body, &q, &rq->issues));
    if (strcmp(q.patient_id.extension, "nobody") == 0) {
        issue_add(rq->arena, &answer.issues, ISSUE_HL7_UNKNOWN_KEY, q.patient_id_place, "unknown");
    } else {
        patient_id_add(rq->arena, &answer.found, DOMAIN(2), "P-2");
        patient_id_add(rq->arena, &answer.found, DOMAIN(1), "P-1");
    }
    pix_answer_encode(rq->arena, &answer, rq->reply);
    return OK;
}

static void fake_refuse(struct request *rq)
{
    buf_add_literal(rq->reply, "<failed/>");
}

static const struct transaction fake_transactions[] = {
    { .id = "ITI-18",
      .actor = "registry",
      .actions = { "urn:ihe:iti:2007:RegistryStoredQuery" },
      .bodies = { "AdhocQueryRequest" },
      .body_ns = NS_QUERY,
      .reply_action = "urn:registry",
      .serve = fake_registry,
      .refuse = fake_refuse },
    { .id = "ITI-43",
      .actor = "repository",
      .actions = { "urn:ihe:iti:2007:RetrieveDocumentSet" },
      .bodies = { "RetrieveDocumentSetRequest" },
      .body_ns = NS_XDS,
      .reply_action = "urn:repository",
      .mtom = true,
      .serve = fake_repository,
      .refuse = fake_refuse },
    { .id = "ITI-45",
      .actor = "pixmgr",
      .actions = { "urn:hl7-org:v3:PRPA_IN201309UV02" },
      .bodies = { "PRPA_IN201309UV02" },
      .body_ns = NS_HL7,
      .reply_action = "urn:pix",
      .serve = fake_manager,
      .refuse = fake_refuse },
    { .id = "ITI-47",
      .actor = "pixmgr",
      .actions = { "urn:hl7-org:v3:PRPA_IN201305UV02" },
      .bodies = { "PRPA_IN201305UV02" },
      .body_ns = NS_HL7,
      .reply_action = "urn:pdq",
      .serve = fake_supplier,
      .refuse = fake_refuse },
};

/* ---- the world ---- */

struct fake_world {
    struct arena *arena;
    char folder[64];
    struct daemon *peers, *gateway, *cut_off;
    struct loop *loop;
    struct http_client *client;
};

static void network_write(struct fake_world *w, const char *key, int n, const char *more)
{
    const char *json = arena_printf(w->arena,
                                    "{\"key\":\"%s\",\"slug\":\"net%d\",\"name\":\"Net %d\",\"nameEn\":\"Net %d\","
                                    "\"simulation\":{\"number\":%d,\"homeCommunityId\":\"urn:oid:2.999.392.1.%d\","
                                    "\"patientIdDomain\":\"2.999.392.2.%d\",%s\"facilities\":[],"
                                    "\"repositories\":[{\"uniqueId\":\"2.999.392.4.%d.1\",\"name\":\"R\"}]}}",
                                    key, n, n, n, n, n, n, more, n);
    const char *path = arena_printf(w->arena, "%s/fixtures/networks/%s.json", w->folder, key);

    assert_int_equal(file_write(path, str_from(json), 0600), OK);
}

static void networks_write(struct fake_world *w)
{
    assert_int_equal(file_mkdirs(arena_printf(w->arena, "%s/fixtures/networks", w->folder), 0700), OK);
    network_write(w, "0001", 1, "");
    network_write(w, "0002", 2, "");
    network_write(w, "0003", 3, "");
    network_write(w, "0004", 4, "\"locate\":\"pix\",\"pixAt\":\"backbone\",");
    network_write(w, "backbone", 9, "\"isBackbone\":true,");
}

static void set(struct config *c, enum config_key key, const char *value)
{
    assert_int_equal(config_set(c, key, value), OK);
}

static struct config *config_of(struct fake_world *w)
{
    struct config *c = config_default(w->arena);

    set(c, CONFIG_DATA, w->folder);
    set(c, CONFIG_FIXTURES, arena_printf(w->arena, "%s/fixtures", w->folder));
    set(c, CONFIG_PORT, "0");
    set(c, CONFIG_PLAIN_PORT, "-1");
    set(c, CONFIG_LOOPS, "1");
    return c;
}

static const char *address_of(struct fake_world *w, const struct daemon *d)
{
    return arena_printf(w->arena, "http://127.0.0.1:%d", d->plain_port);
}

static void peers_set(struct config *c, const char *actors, const char *gateway)
{
    set(c, CONFIG_REGISTRY_AT, actors);
    set(c, CONFIG_REPOSITORY_AT, actors);
    set(c, CONFIG_PIXMGR_AT, actors);
    set(c, CONFIG_GATEWAY_AT, gateway);
}

static void daemons_start(struct fake_world *w)
{
    static const struct daemon_spec peers = { .name = "peers",
                                              .transactions = fake_transactions,
                                              .transaction_count = ARRAY_LEN(fake_transactions),
                                              .has_spool = true };
    struct config *c = config_of(w), *alone = config_of(w);

    set(alone, CONFIG_DATA, arena_printf(w->arena, "%s/alone", w->folder));
    peers_set(alone, "http://127.0.0.1:1", "http://127.0.0.1:1");
    assert_int_equal(daemon_start(w->arena, &peers, config_of(w), &w->peers), OK);
    assert_int_equal(daemon_start(w->arena, &gateway_spec, c, &w->gateway), OK);
    assert_int_equal(daemon_start(w->arena, &gateway_spec, alone, &w->cut_off), OK);
    peers_set(c, address_of(w, w->peers), address_of(w, w->gateway));
    daemon_run(w->peers);
    daemon_run(w->gateway);
    daemon_run(w->cut_off);
}

static int fake_world_start(void **state)
{
    struct arena *a = arena_new();
    struct fake_world *w = ARENA_NEW(a, struct fake_world);

    w->arena = a;
    strcpy(w->folder, "/tmp/kakehashi-gateway-XXXXXX");
    assert_non_null(mkdtemp(w->folder));
    log_open("gateway-test", LOG_LEVEL_ERROR);
    net_init();
    networks_write(w);
    daemons_start(w);
    w->loop = loop_new();
    w->client = http_client_new(w->loop, 0);
    *state = w;
    return 0;
}

static int fake_world_stop(void **state)
{
    struct fake_world *w = *state;
    const char *remove = arena_printf(w->arena, "rm -rf '%s'", w->folder);

    daemon_stop(w->cut_off);
    daemon_stop(w->gateway);
    daemon_stop(w->peers);
    http_client_free(w->client);
    loop_free(w->loop);
    assert_int_equal(system(remove), 0);
    arena_free(w->arena);
    return 0;
}

/* ---- the client ---- */

static void call_over(void *user, struct call *call)
{
    *(struct call **)user = call;
}

/* Sends body to /COMMUNITY/ACTOR of a gateway and waits for the answer, which is no fault. */
static struct call *send_to(struct fake_world *w, const struct daemon *d, const char *path, const char *action,
                            bool mtom, const struct buf *body)
{
    struct call_spec spec = {
        .url = arena_printf(w->arena, "%s/%s", address_of(w, d), path), .action = action, .body = body, .mtom = mtom
    };
    struct call *call = NULL;
    struct call_handle *handle;

    assert_int_equal(call_start(w->arena, w->loop, w->client, NULL, &spec, call_over, &call, &handle), OK);
    while (call == NULL)
        loop_turn(w->loop, 100);
    assert_int_equal(call->rc, OK);
    return call;
}

static struct call *send(struct fake_world *w, const char *path, const char *action, bool mtom, const struct buf *body)
{
    return send_to(w, w->gateway, path, action, mtom, body);
}
