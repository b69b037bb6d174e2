#pragma once
/*
 * A repository daemon on loopback, a registry beside it that does as told, and a client. Plain HTTP, free ports, a
 * folder that goes again.
 */

#include "actor/call.h"
#include "actor/daemon.h"
#include "base/digest.h"
#include "base/file.h"
#include "msg/adhoc_query.h"
#include "msg/ebrim.h"
#include "msg/retrieve.h"
#include "msg/submit_objects.h"
#include "repository/repository.h"
#include "support/scratch.h"
#include "wire/ns.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#define HOME              "urn:oid:2.999.392.1.1"
#define REPOSITORY        "2.999.392.4.1.1"
#define SECOND_REPOSITORY "2.999.392.4.1.2"
#define ITI41             "urn:ihe:iti:2007:ProvideAndRegisterDocumentSet-b"
#define ITI43             "urn:ihe:iti:2007:RetrieveDocumentSet"
#define ITI86             "urn:ihe:iti:2017:RemoveDocuments"

/* ---- the registry ---- */

enum registry_mood { REGISTERS, REGISTERS_WITH_WARNING, REFUSES, FAULTS, FORGETS_TO_ANSWER };

/* Touched by the registry's loop while a message is under way, by the test otherwise. */
static struct {
    enum registry_mood mood;
    struct buf objects; /* ExtrinsicObjects it knows, each standing alone */
    int asked;          /* ITI-18 */
} registry;

static enum rc registry_register(struct request *rq)
{
    struct submit_objects submit;
    struct registry_response response = { .status = REGISTRY_SUCCESS };

    TRY(submit_objects_decode(rq->arena, rq->body, ISSUE_XDS_REGISTRY_METADATA_ERROR, &submit, &rq->issues));
    if (registry.mood == FAULTS)
        return rq_refuse(rq, ISSUE_SOAP_BODY, NULL, "not today");
    if (registry.mood == REFUSES) {
        rq_warn_peer(rq, ISSUE_XDS_EXTRA_METADATA_NOT_SAVED, NULL, "urn:example:x");
        return rq_refuse(rq, ISSUE_XDS_UNKNOWN_PATIENT_ID, NULL, "who is P1?");
    }
    const struct xml_node *object = xml_child(submit.object_list, NS_RIM, "ExtrinsicObject");
    for (; object != NULL; object = xml_next(object))
        xml_write_node(&registry.objects, object);
    if (registry.mood == REGISTERS_WITH_WARNING)
        issue_add(rq->arena, &response.issues, ISSUE_XDS_EXTRA_METADATA_NOT_SAVED, NULL, "urn:example:x");
    if (registry.mood == FORGETS_TO_ANSWER)
        buf_add_literal(rq->reply, "<hm/>");
    else
        registry_response_encode(&response, rq->reply);
    return OK;
}

static enum rc registry_query(struct request *rq)
{
    struct str objects = buf_str(&registry.objects);
    struct adhoc_response response = { .status = REGISTRY_SUCCESS, .objects = &objects, .count = 1 };

    registry.asked++;
    adhoc_response_encode(&response, rq->reply);
    return OK;
}

static void registry_refuse(struct request *rq)
{
    registry_response_encode(&(struct registry_response){ .status = REGISTRY_FAILURE, .issues = rq->issues },
                             rq->reply);
}

static const struct transaction registry_transactions[] = {
    { .id = "ITI-42",
      .actor = "registry",
      .actions = { "urn:ihe:iti:2007:RegisterDocumentSet-b" },
      .bodies = { "SubmitObjectsRequest" },
      .body_ns = NS_LCM,
      .reply_action = "urn:registered",
      .serve = registry_register,
      .refuse = registry_refuse },
    { .id = "ITI-18",
      .actor = "registry",
      .actions = { "urn:ihe:iti:2007:RegistryStoredQuery" },
      .bodies = { "AdhocQueryRequest" },
      .body_ns = NS_QUERY,
      .reply_action = "urn:found",
      .serve = registry_query,
      .refuse = registry_refuse },
};

/* ---- the world ---- */

struct small_world {
    struct arena *arena;
    const char *folder;
    struct config *config;
    struct daemon *registry, *repository;
    struct loop *loop;
    struct http_client *client;
};

static void set(struct config *c, enum config_key key, const char *value)
{
    assert_int_equal(config_set(c, key, value), OK);
}

static void network_write(struct small_world *w)
{
    const char *folder = arena_printf(w->arena, "%s/fixtures/networks", w->folder);
    const char *json =
        "{\"key\":\"0001\",\"slug\":\"one\",\"name\":\"一\",\"nameEn\":\"One\",\"simulation\":{\"number\":1,"
        "\"homeCommunityId\":\"" HOME "\",\"patientIdDomain\":\"2.999.392.2.1\",\"facilities\":[],"
        "\"repositories\":[{\"uniqueId\":\"" REPOSITORY "\",\"name\":\"R\"},"
        "{\"uniqueId\":\"" SECOND_REPOSITORY "\",\"name\":\"S\"}]}}";

    assert_int_equal(file_mkdirs(folder, 0700), OK);
    assert_int_equal(file_write(arena_printf(w->arena, "%s/0001.json", folder), str_from(json), 0600), OK);
}

static struct config *config_of(struct small_world *w)
{
    struct config *c = config_default(w->arena);

    set(c, CONFIG_POPULATION, "0");
    set(c, CONFIG_DATA, w->folder);
    set(c, CONFIG_FIXTURES, arena_printf(w->arena, "%s/fixtures", w->folder));
    set(c, CONFIG_PORT, "0");
    set(c, CONFIG_PLAIN_PORT, "-1");
    set(c, CONFIG_LOOPS, "1");
    return c;
}

static const char *address_of(struct small_world *w, const struct daemon *d)
{
    return arena_printf(w->arena, "http://127.0.0.1:%d", d->plain_port);
}

static void registry_reachable(struct small_world *w, bool is_reachable)
{
    set(w->config, CONFIG_REGISTRY_AT, is_reachable ? address_of(w, w->registry) : "http://127.0.0.1:1");
}

static void repository_start(struct small_world *w)
{
    assert_int_equal(daemon_start(w->arena, &repository_spec, w->config, &w->repository), OK);
    daemon_run(w->repository);
}

static int small_world_start(void **state)
{
    static const struct daemon_spec spec = { .name = "registry",
                                             .transactions = registry_transactions,
                                             .transaction_count = ARRAY_LEN(registry_transactions) };
    struct arena *a = arena_new();
    struct small_world *w = ARENA_NEW(a, struct small_world);

    w->arena = a;
    w->folder = scratch_make(a);
    log_open("repository-test", LOG_LEVEL_ERROR);
    net_init();
    network_write(w);
    buf_init(&registry.objects, BUF_MAX_DEFAULT);
    registry.mood = REGISTERS;
    registry.asked = 0;
    w->config = config_of(w);
    assert_int_equal(daemon_start(a, &spec, config_of(w), &w->registry), OK);
    daemon_run(w->registry);
    registry_reachable(w, true);
    repository_start(w);
    w->loop = loop_new();
    w->client = http_client_new(w->loop, 0);
    *state = w;
    return 0;
}

static int small_world_stop(void **state)
{
    struct small_world *w = *state;

    daemon_stop(w->repository);
    daemon_stop(w->registry);
    http_client_free(w->client);
    loop_free(w->loop);
    buf_clear(&registry.objects);
    scratch_remove(w->folder);
    arena_free(w->arena);
    return 0;
}

#define WORLD_TEST(fn) cmocka_unit_test_setup_teardown(fn, small_world_start, small_world_stop)

/* ---- the client ---- */

static void call_over(void *user, struct call *call)
{
    *(struct call **)user = call;
}

static struct call *post(struct small_world *w, const char *path, const char *action, const struct buf *body,
                         struct part *parts)
{
    struct call_spec spec = { .url = arena_printf(w->arena, "%s%s", address_of(w, w->repository), path),
                              .action = action,
                              .body = body,
                              .mtom = strcmp(action, ITI86) != 0,
                              .parts = parts };
    struct call *call = NULL;
    struct call_handle *handle;

    assert_int_equal(call_start(w->arena, w->loop, w->client, NULL, &spec, call_over, &call, &handle), OK);
    while (call == NULL)
        loop_turn(w->loop, 100);
    return call;
}
