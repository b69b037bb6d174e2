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

static bool is_own_page(const struct daemon_spec *spec, const char *path)
{
    size_t n = spec->page_path != NULL ? strlen(spec->page_path) : 0;

    return n > 0 && strncmp(path, spec->page_path, n) == 0 && (path[n] == '\0' || path[n] == '/');
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

/* Who is on this machine, for the plain listener is never anywhere else, or has the user's certificate. */
static bool is_user(const struct http_request *http)
{
    const char *who = http->peer_subject;

    return !http->tls || (who != NULL && strcmp(who, "CN=user,O=Kakehashi") == 0);
}

static bool reads(const char *method)
{
    return strcmp(method, "GET") == 0 || strcmp(method, "HEAD") == 0;
}

static bool changes(const struct service *s, const struct http_request *http)
{
    const char *method = http->head.method;

    return s->daemon->spec->page_changes && (strcmp(method, "PUT") == 0 || strcmp(method, "DELETE") == 0) &&
           is_own_page(s->daemon->spec, http->head.path);
}

bool admin_forbids(const struct service *s, const struct http_request *http, const char **why)
{
    if ((action_find(http) == ARRAY_LEN(actions) && !changes(s, http)) || is_user(http))
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
    return is_own_page(s->daemon->spec, http->head.path);
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
    s->daemon->spec->page(s, http);
}
