/* One outbound call: what libcurl is told about it, and what libcurl asks and says meanwhile. */
#include "net/http_call.h"

#include "base/arena.h"
#include "base/log.h"

#include <errno.h>
#include <openssl/ssl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define TIMEOUT_DEFAULT 30000
#define SMALL_MAX       32768
#define CONNECTION_AGE  50L /* s; below the 60 s after which our own servers end an idle connection */

/* ---- the request's bytes ---- */

static uint64_t piece_length(const struct http_piece *p)
{
    return p->fd < 0 ? p->bytes.len : p->length;
}

static uint64_t body_length(const struct http_call_spec *spec)
{
    uint64_t total = 0;

    for (size_t i = 0; i < spec->piece_count; i++)
        total += piece_length(&spec->pieces[i]);
    return total;
}

static void body_seek(struct http_call *call, uint64_t to)
{
    call->piece = 0;
    while (call->piece < call->spec.piece_count && to >= piece_length(&call->spec.pieces[call->piece]))
        to -= piece_length(&call->spec.pieces[call->piece++]);
    call->offset = to;
}

bool http_call_has_sent(const struct http_call *call)
{
    return call->has_sent;
}

void http_call_settle(struct http_call *call)
{
    long sent = 0; /* bytes of the request, its head included */

    curl_easy_getinfo(call->easy, CURLINFO_REQUEST_SIZE, &sent);
    call->has_sent = sent > 0;
}

/* The piece with the next byte; NULL at the end. */
static const struct http_piece *body_piece(struct http_call *call)
{
    for (; call->piece < call->spec.piece_count; call->piece++, call->offset = 0) {
        const struct http_piece *p = &call->spec.pieces[call->piece];
        if (call->offset < piece_length(p))
            return p;
    }
    return NULL;
}

static ssize_t piece_read(const struct http_piece *p, uint64_t offset, char *out, size_t n)
{
    ssize_t got;

    if (p->fd < 0) {
        memcpy(out, p->bytes.data + offset, n);
        return (ssize_t)n;
    }
    do
        got = pread(p->fd, out, n, p->offset + (off_t)offset);
    while (got < 0 && errno == EINTR);
    return got;
}

static size_t on_read(char *out, size_t size, size_t count, void *user)
{
    struct http_call *call = user;

    if (call->state != CALL_RUNNING) /* cancelled: the pieces may be gone */
        return CURL_READFUNC_ABORT;
    const struct http_piece *p = body_piece(call);
    if (p == NULL)
        return 0;
    ssize_t n = piece_read(p, call->offset, out, MIN(size * count, piece_length(p) - call->offset));
    if (n <= 0) {
        log_error("cannot send a file to %s: %s", call->host, n < 0 ? strerror(errno) : "it is shorter than announced");
        call->rc = E_IO;
        return CURL_READFUNC_ABORT;
    }
    call->offset += (uint64_t)n;
    return (size_t)n;
}

/* A kept connection may turn out to be closed by the peer: libcurl then sends once more on a new one. */
static int on_seek(void *user, curl_off_t offset, int origin)
{
    struct http_call *call = user;

    if (call->state != CALL_RUNNING || origin != SEEK_SET)
        return CURL_SEEKFUNC_FAIL;
    body_seek(call, (uint64_t)offset);
    return CURL_SEEKFUNC_OK;
}

/* ---- the response's bytes ---- */

static enum rc call_head(struct http_call *call, long status)
{
    const char *type = NULL;

    call->has_head = true;
    curl_easy_getinfo(call->easy, CURLINFO_CONTENT_TYPE, &type);
    return call->spec.events->on_head(call, (int)status, type, call->spec.user);
}

/* The empty line ends a head: an interim one (1xx), the final one, or trailers. */
static size_t on_header(char *line, size_t size, size_t count, void *user)
{
    struct http_call *call = user;
    long status = 0;

    if (call->state != CALL_RUNNING)
        return 0;
    if (call->has_head || (line[0] != '\r' && line[0] != '\n'))
        return size * count;
    curl_easy_getinfo(call->easy, CURLINFO_RESPONSE_CODE, &status);
    if (status >= 200)
        call->rc = call_head(call, status);
    return call->rc == OK && call->state == CALL_RUNNING ? size * count : 0;
}

static size_t on_write(char *bytes, size_t size, size_t count, void *user)
{
    struct http_call *call = user;

    if (call->state != CALL_RUNNING)
        return 0;
    if (call->is_paused) {
        call->is_stalled = true;
        return CURL_WRITEFUNC_PAUSE;
    }
    call->rc = call->spec.events->on_body(call, (struct str){ bytes, size * count }, call->spec.user);
    return call->rc == OK && call->state == CALL_RUNNING ? size * count : 0;
}

/* ---- options ---- */

/* A connection that rests keeps no buffers: there may be one for every community and actor. */
static CURLcode on_tls(CURL *easy UNUSED, void *context, void *user UNUSED)
{
    SSL_CTX_set_mode(context, SSL_MODE_RELEASE_BUFFERS);
    return CURLE_OK;
}

static void set_identity(CURL *easy, const struct tls_files *id)
{
    curl_easy_setopt(easy, CURLOPT_SSL_VERIFYPEER, 1L);
    curl_easy_setopt(easy, CURLOPT_SSL_VERIFYHOST, 2L);
    curl_easy_setopt(easy, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
    curl_easy_setopt(easy, CURLOPT_CAPATH, NULL); /* ours alone: not those that the system trusts */
    curl_easy_setopt(easy, CURLOPT_CAINFO, id == NULL ? NULL : id->ca);
    curl_easy_setopt(easy, CURLOPT_SSLCERT, id == NULL ? NULL : id->cert);
    curl_easy_setopt(easy, CURLOPT_SSLKEY, id == NULL ? NULL : id->key);
    curl_easy_setopt(easy, CURLOPT_SSL_CTX_FUNCTION, on_tls);
}

static bool is_small(const struct http_call_spec *spec)
{
    for (size_t i = 0; i < spec->piece_count; i++) {
        if (spec->pieces[i].fd >= 0)
            return false;
    }
    return body_length(spec) <= SMALL_MAX;
}

/* In one run, which libcurl sends together with the head: a packet and a TLS record less for either side. */
static void set_small_body(struct http_call *call)
{
    const struct http_call_spec *spec = &call->spec;
    char *body = arena_alloc(call->arena, body_length(spec) + 1), *at = body;

    for (size_t i = 0; i < spec->piece_count; i++) {
        if (spec->pieces[i].bytes.len > 0)
            at = mempcpy(at, spec->pieces[i].bytes.data, spec->pieces[i].bytes.len);
    }
    curl_easy_setopt(call->easy, CURLOPT_POSTFIELDS, body);
}

static void set_large_body(struct http_call *call)
{
    curl_easy_setopt(call->easy, CURLOPT_READFUNCTION, on_read);
    curl_easy_setopt(call->easy, CURLOPT_READDATA, call);
    curl_easy_setopt(call->easy, CURLOPT_SEEKFUNCTION, on_seek);
    curl_easy_setopt(call->easy, CURLOPT_SEEKDATA, call);
}

static void set_request(struct http_call *call)
{
    const struct http_call_spec *spec = &call->spec;
    CURL *easy = call->easy;

    curl_easy_setopt(easy, CURLOPT_URL, spec->url);
    for (const struct http_header *h = spec->headers; h != NULL; h = h->next)
        call->headers = curl_slist_append(call->headers, arena_printf(call->arena, "%s: %s", h->name, h->value));
    curl_easy_setopt(easy, CURLOPT_HTTPHEADER, call->headers);
    if (spec->method == NULL)
        return;
    curl_easy_setopt(easy, CURLOPT_POST, 1L);
    curl_easy_setopt(easy, CURLOPT_CUSTOMREQUEST, spec->method);
    curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)body_length(spec));
    (is_small(spec) ? set_small_body : set_large_body)(call);
    const char *type = spec->content_type == NULL ? "" : spec->content_type; /* without one: none, not a form's */
    call->headers = curl_slist_append(call->headers, arena_printf(call->arena, "Content-Type: %s", type));
    call->headers = curl_slist_append(call->headers, "Expect:");
    curl_easy_setopt(easy, CURLOPT_HTTPHEADER, call->headers);
}

static void set_response(struct http_call *call)
{
    CURL *easy = call->easy;

    curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, on_header);
    curl_easy_setopt(easy, CURLOPT_HEADERDATA, call);
    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, on_write);
    curl_easy_setopt(easy, CURLOPT_WRITEDATA, call);
    curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, call->error);
}

static void set_manners(CURL *easy)
{
    curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(easy, CURLOPT_PROXY, "");
    curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(easy, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
    curl_easy_setopt(easy, CURLOPT_MAXAGE_CONN, CONNECTION_AGE);
    curl_easy_setopt(easy, CURLOPT_USERAGENT, "kakehashi/" KK_VERSION);
}

void http_call_prepare(struct http_call *call, CURL *easy)
{
    call->easy = easy;
    curl_easy_setopt(easy, CURLOPT_PRIVATE, call);
    set_manners(easy);
    set_identity(easy, call->spec.identity);
    set_request(call);
    set_response(call);
}

/* ---- sentences ---- */

struct failure {
    CURLcode code;
    enum rc rc;
    const char *what; /* goes on with "HOST: cause" */
};

static const struct failure failures[] = {
    { CURLE_URL_MALFORMAT, E_CONFIG, "cannot call" },
    { CURLE_UNSUPPORTED_PROTOCOL, E_CONFIG, "cannot call" },
    { CURLE_SSL_CERTPROBLEM, E_CONFIG, "cannot use our certificate for" },
    { CURLE_SSL_CACERT_BADFILE, E_CONFIG, "cannot use our list of trusted authorities for" },
    { CURLE_COULDNT_RESOLVE_HOST, E_PEER, "cannot resolve the name of" },
    { CURLE_COULDNT_CONNECT, E_PEER, "cannot connect to" },
    { CURLE_SSL_CONNECT_ERROR, E_PEER, "cannot agree on TLS with" },
    { CURLE_PEER_FAILED_VERIFICATION, E_PEER, "cannot trust the certificate of" },
    { CURLE_GOT_NOTHING, E_PEER, "got no answer from" },
    { CURLE_PARTIAL_FILE, E_PEER, "got only part of the answer from" },
    { CURLE_WEIRD_SERVER_REPLY, E_PEER, "got no HTTP from" },
    { CURLE_SEND_ERROR, E_PEER, "lost the connection to" },
    { CURLE_RECV_ERROR, E_PEER, "lost the connection to" },
};

static bool is_connected(const struct http_call *call)
{
    curl_off_t ready = 0; /* when the connection was, TLS included */

    if (call->easy != NULL)
        curl_easy_getinfo(call->easy, CURLINFO_PRETRANSFER_TIME_T, &ready);
    return ready != 0;
}

static const struct failure *failure_find(const struct http_call *call, CURLcode code)
{
    static const struct failure other = { CURLE_OK, E_PEER, "could not finish the call to" };

    if (code == CURLE_UNSUPPORTED_PROTOCOL && is_connected(call)) /* not our URL: what came back */
        code = CURLE_WEIRD_SERVER_REPLY;
    for (size_t i = 0; i < ARRAY_LEN(failures); i++) {
        if (failures[i].code == code)
            return &failures[i];
    }
    return &other;
}

static const char *failure_cause(const struct http_call *call, CURLcode code)
{
    long number = 0;

    if (code == CURLE_COULDNT_CONNECT) /* libcurl's own text repeats the host and leaves out the cause */
        curl_easy_getinfo(call->easy, CURLINFO_OS_ERRNO, &number);
    if (number != 0)
        return strerror((int)number);
    return call->error[0] != '\0' ? call->error : curl_easy_strerror(code);
}

/*
 * In TLS 1.3 a client learns from its first read that its certificate was refused (RFC 8446, 6.2), and when the server
 * closes at once not even that: the alert is lost with the reset connection.
 */
static const char *failure_text(struct http_call *call, const struct failure *f, const char *cause)
{
    bool is_loss = f->code == CURLE_SEND_ERROR || f->code == CURLE_RECV_ERROR;
    bool is_tls = text_starts(call->spec.url, "https:");

    if (is_tls && (is_loss || f->code == CURLE_SSL_CONNECT_ERROR) && strstr(cause, " alert ") != NULL)
        return arena_printf(call->arena, "TLS or our certificate was refused by %s: %s", call->host, cause);
    const char *hint = is_tls && is_loss && !call->has_head ? "; it may have refused our certificate" : "";
    return arena_printf(call->arena, "%s %s: %s%s", f->what, call->host, cause, hint);
}

enum rc http_call_outcome(struct http_call *call, CURLcode code, const char **why)
{
    const struct failure *f = failure_find(call, code);

    *why = NULL;
    if (call->rc != OK) {
        *why = arena_printf(call->arena, "the call to %s was given up (%s)", call->host, rc_text(call->rc));
        return call->rc;
    }
    if (code == CURLE_OK)
        return OK;
    *why = failure_text(call, f, failure_cause(call, code));
    return f->rc;
}

const char *http_call_timeout_why(struct http_call *call)
{
    const char *missing = call->easy == NULL    ? "still behind other calls"
                          : !is_connected(call) ? "no connection"
                          : !call->has_head     ? "no answer"
                                                : "the answer was not complete";

    return arena_printf(call->arena, "gave up on %s: %s after %d ms", call->host, missing, call->spec.timeout_ms);
}

/* ---- the call ---- */

/* "127.0.0.1:4433" of a URL, for sentences. */
static const char *url_host(struct arena *a, const char *url)
{
    const char *start = strstr(url, "://");

    start = start == NULL ? url : start + 3;
    return arena_strndup(a, start, strcspn(start, "/?#"));
}

static struct http_header *headers_copy(struct arena *a, const struct http_header *h)
{
    struct http_header *first = NULL, **end = &first;

    for (; h != NULL; h = h->next) {
        *end = ARENA_NEW(a, struct http_header);
        **end = (struct http_header){ arena_strdup(a, h->name), arena_strdup(a, h->value), NULL };
        end = &(*end)->next;
    }
    return first;
}

struct http_call *http_call_new(struct http_client *c, const struct http_call_spec *spec)
{
    struct arena *a = arena_new();
    struct http_call *call = ARENA_NEW(a, struct http_call);

    call->client = c;
    call->arena = a;
    call->spec = *spec;
    call->spec.method = arena_strdup(a, spec->method);
    call->spec.url = arena_strdup(a, spec->url);
    call->spec.content_type = arena_strdup(a, spec->content_type);
    call->spec.headers = headers_copy(a, spec->headers);
    call->spec.timeout_ms = spec->timeout_ms == 0 ? TIMEOUT_DEFAULT : spec->timeout_ms;
    call->host = url_host(a, spec->url);
    return call;
}

void http_call_free(struct http_call *call)
{
    curl_slist_free_all(call->headers);
    arena_free(call->arena);
}
