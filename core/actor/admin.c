#include "actor/admin.h"

#include "actor/daemon.h"
#include "actor/misbehave.h"
#include "actor/state.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

static long resident_bytes(void)
{
    long pages = 0;
    FILE *f = fopen("/proc/self/statm", "r");

    if (f == NULL)
        return 0;
    if (fscanf(f, "%*d %ld", &pages) != 1)
        pages = 0;
    fclose(f);
    return pages * sysconf(_SC_PAGESIZE);
}

static const char *healthz(struct service *s UNUSED, struct http_request *http UNUSED)
{
    return "ok";
}

static const char *readyz(struct service *s, struct http_request *http)
{
    return arena_printf(http->arena, "ready: %s, %zu communities", s->daemon->spec->name, s->daemon->world->count);
}

/* Counters of this loop's neighbours are read without a lock: a count may be a moment old, never torn on our machines.
 */
static const char *metrics(struct service *s, struct http_request *http)
{
    const struct daemon *d = s->daemon;
    uint64_t requests = 0, refused = 0, failed = 0;

    for (int i = 0; i < d->service_count; i++) {
        requests += __atomic_load_n(&d->services[i].requests, __ATOMIC_RELAXED);
        refused += __atomic_load_n(&d->services[i].refused, __ATOMIC_RELAXED);
        failed += __atomic_load_n(&d->services[i].failed, __ATOMIC_RELAXED);
    }
    return arena_printf(http->arena,
                        "# TYPE kakehashi_requests_total counter\nkakehashi_requests_total{daemon=\"%s\"} %llu\n"
                        "# TYPE kakehashi_refused_total counter\nkakehashi_refused_total{daemon=\"%s\"} %llu\n"
                        "# TYPE kakehashi_failed_total counter\nkakehashi_failed_total{daemon=\"%s\"} %llu\n"
                        "%s# TYPE process_resident_memory_bytes gauge\nprocess_resident_memory_bytes %ld",
                        d->spec->name, (unsigned long long)requests, d->spec->name, (unsigned long long)refused,
                        d->spec->name, (unsigned long long)failed, hooks_metrics(s->daemon, http->arena),
                        resident_bytes());
}

static const struct {
    const char *path;
    const char *(*page)(struct service *s, struct http_request *http);
} pages[] = {
    { "/healthz", healthz },
    { "/readyz", readyz },
    { "/metrics", metrics },
};

/* NULL: the daemon has none there. */
static const struct own_page *own_page_find(const struct service *s, const char *path)
{
    const struct daemon_spec *spec = s->daemon->spec;

    for (size_t i = 0; i < OWN_PAGES && spec->pages[i].path != NULL; i++) {
        size_t n = strlen(spec->pages[i].path);
        if (strncmp(path, spec->pages[i].path, n) == 0 && (path[n] == '\0' || path[n] == '/'))
            return &spec->pages[i];
    }
    return NULL;
}

/* What takes a body, with a method of its own. */
static const struct {
    const char *method, *path;
    void (*serve)(struct service *s, struct http_request *http, struct str body);
} actions[] = {
    { "PUT", "/faults", misbehave_put },
    { "POST", "/state", state_post },
};

static size_t action_find(const struct http_request *http)
{
    size_t i = 0;

    while (i < ARRAY_LEN(actions) &&
           (strcmp(actions[i].method, http->head.method) != 0 || strcmp(actions[i].path, http->head.path) != 0))
        i++;
    return i;
}

/* From this machine (the plain listener is never anywhere else), or with the user's certificate. */
static bool may_change(const struct http_request *http)
{
    return !http->tls || (http->peer_subject != NULL && strcmp(http->peer_subject, "CN=user,O=Kakehashi") == 0);
}

static bool reads(const char *method)
{
    return strcmp(method, "GET") == 0 || strcmp(method, "HEAD") == 0;
}

static bool changes(const struct service *s, const struct http_request *http)
{
    const struct own_page *page = own_page_find(s, http->head.path);
    const char *method = http->head.method;

    return page != NULL && page->changes && (strcmp(method, "PUT") == 0 || strcmp(method, "DELETE") == 0);
}

bool admin_forbids(const struct service *s, const struct http_request *http, const char **why)
{
    if ((action_find(http) == ARRAY_LEN(actions) && !changes(s, http)) || may_change(http))
        return false;
    *why = "only the certificate of the user, or a plain connection from this machine, may change this daemon";
    return true;
}

bool admin_serves(const struct service *s, const struct http_request *http)
{
    if (action_find(http) < ARRAY_LEN(actions) || strcmp(http->head.path, "/faults") == 0)
        return true;
    if (!reads(http->head.method))
        return changes(s, http);
    for (size_t i = 0; i < ARRAY_LEN(pages); i++) {
        if (strcmp(pages[i].path, http->head.path) == 0)
            return true;
    }
    return own_page_find(s, http->head.path) != NULL;
}

void admin_reply(struct service *s, struct http_request *http, struct str body)
{
    size_t action = action_find(http);

    if (action < ARRAY_LEN(actions)) {
        actions[action].serve(s, http, body);
        return;
    }
    if (strcmp(http->head.path, "/faults") == 0) {
        misbehave_show(s, http);
        return;
    }
    for (size_t i = 0; i < ARRAY_LEN(pages); i++) {
        if (strcmp(pages[i].path, http->head.path) == 0) {
            http_reply_text(http, 200, pages[i].page(s, http));
            return;
        }
    }
    own_page_find(s, http->head.path)->serve(s, http);
}
