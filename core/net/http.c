/*
 * Request heads, RFC 9110 and RFC 9112. What two readers could understand differently is refused,
 * not repaired: that is how requests are smuggled (RFC 9112 section 11.2).
 */
#include "net/http.h"

#include "base/arena.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define METHOD_MAX    32
#define HEADERS_MAX   100
#define LENGTH_DIGITS 18 /* 10^18 - 1 fits any signed 64-bit count */

struct reading {
    struct arena *arena;
    struct http_head head;
    struct http_header **last;
    char *at, *end;
    int headers, hosts, codings;
    bool http10;
    int status;
    const char *why;
};

static const struct {
    int status;
    const char *text;
} statuses[] = {
    { 100, "Continue" },
    { 200, "OK" },
    { 201, "Created" },
    { 202, "Accepted" },
    { 204, "No Content" },
    { 206, "Partial Content" },
    { 301, "Moved Permanently" },
    { 302, "Found" },
    { 303, "See Other" },
    { 304, "Not Modified" },
    { 400, "Bad Request" },
    { 401, "Unauthorized" },
    { 403, "Forbidden" },
    { 404, "Not Found" },
    { 405, "Method Not Allowed" },
    { 406, "Not Acceptable" },
    { 408, "Request Timeout" },
    { 409, "Conflict" },
    { 411, "Length Required" },
    { 412, "Precondition Failed" },
    { 413, "Content Too Large" },
    { 414, "URI Too Long" },
    { 415, "Unsupported Media Type" },
    { 416, "Range Not Satisfiable" },
    { 417, "Expectation Failed" },
    { 421, "Misdirected Request" },
    { 422, "Unprocessable Content" },
    { 429, "Too Many Requests" },
    { 431, "Request Header Fields Too Large" },
    { 500, "Internal Server Error" },
    { 501, "Not Implemented" },
    { 502, "Bad Gateway" },
    { 503, "Service Unavailable" },
    { 504, "Gateway Timeout" },
    { 505, "HTTP Version Not Supported" },
    { 507, "Insufficient Storage" },
};

const char *http_status_text(int status)
{
    for (size_t i = 0; i < ARRAY_LEN(statuses); i++) {
        if (statuses[i].status == status)
            return statuses[i].text;
    }
    return "Unknown";
}

const char *http_header(const struct http_head *h, const char *name)
{
    for (const struct http_header *f = h->headers; f != NULL; f = f->next) {
        if (strcasecmp(f->name, name) == 0)
            return f->value;
    }
    return NULL;
}

size_t http_head_end(struct str bytes)
{
    const char *lf = bytes.data;

    for (size_t at = 0; at < bytes.len; at = (size_t)(lf - bytes.data) + 1) {
        lf = memchr(bytes.data + at, '\n', bytes.len - at);
        if (lf == NULL)
            return 0;
        size_t next = (size_t)(lf - bytes.data) + 1;
        if (next < bytes.len && bytes.data[next] == '\r')
            next++;
        if (next < bytes.len && bytes.data[next] == '\n')
            return next + 1;
    }
    return 0;
}

static enum rc refuse(struct reading *r, int status, const char *why)
{
    r->status = status;
    r->why = why;
    return E_SYNTAX;
}

static bool is_control(char c)
{
    return (unsigned char)c < 0x20 || c == 0x7f;
}

/* RFC 9110 section 5.6.2. */
static bool is_token(const char *text)
{
    const char *p = text;

    while (isalnum((unsigned char)*p) || (*p != '\0' && strchr("!#$%&'*+-.^_`|~", *p) != NULL))
        p++;
    return p > text && *p == '\0';
}

/* The next line without its CR LF, NUL-terminated in place. */
static enum rc next_line(struct reading *r, char **line)
{
    char *lf = memchr(r->at, '\n', (size_t)(r->end - r->at));

    if (lf == NULL || lf == r->at || lf[-1] != '\r')
        return refuse(r, 400, "every line of the head must end in CR LF");
    for (const char *p = r->at; p < lf - 1; p++) {
        if (is_control(*p) && *p != '\t')
            return refuse(r, 400, "a control character in the head");
    }
    lf[-1] = '\0';
    *line = r->at;
    r->at = lf + 1;
    return OK;
}

static enum rc parse_version(struct reading *r, const char *version)
{
    if (strlen(version) != 8 || !text_starts(version, "HTTP/") || !isdigit((unsigned char)version[5]) ||
        version[6] != '.' || !isdigit((unsigned char)version[7]))
        return refuse(r, 400, "the request line must be METHOD SP target SP HTTP/1.1");
    if (version[5] != '1')
        return refuse(r, 505, "HTTP/1.1 is spoken here");
    r->http10 = version[7] == '0';
    r->head.keep_alive = !r->http10;
    return OK;
}

int http_hex_value(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c = (char)(c | 0x20);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static enum rc percent_decode(struct reading *r, char *text)
{
    char *to = text;

    for (const char *p = text; *p != '\0'; p++) {
        char c = *p;
        if (c == '%') {
            if (http_hex_value(p[1]) < 0 || http_hex_value(p[2]) < 0)
                return refuse(r, 400, "a % in the path must be followed by two hexadecimal digits");
            c = (char)(http_hex_value(p[1]) * 16 + http_hex_value(p[2]));
            p += 2;
        }
        if (is_control(c))
            return refuse(r, 400, "a control character in the path");
        *to++ = c;
    }
    *to = '\0';
    return OK;
}

static bool climbs(const char *path)
{
    for (const char *p = path; (p = strstr(p, "/..")) != NULL; p += 3) {
        if (p[3] == '/' || p[3] == '\0')
            return true;
    }
    return false;
}

/* The absolute form (RFC 9112 section 3.2.2) is a proxy's habit that every server must bear. */
static char *skip_authority(char *target)
{
    char *authority = strstr(target, "://");

    if (authority == NULL || !(text_starts(target, "http://") || text_starts(target, "https://")))
        return target;
    authority += 3;
    return authority + strcspn(authority, "/?");
}

static enum rc parse_target(struct reading *r, char *target)
{
    for (const char *p = target; *p != '\0'; p++) {
        if (*p <= 0x20 || *p >= 0x7f || *p == '#')
            return refuse(r, 400, "the request target may hold visible ASCII only");
    }
    char *path = skip_authority(target);
    char *query = strchr(path, '?');
    if (query != NULL) {
        *query = '\0';
        r->head.query = query + 1;
    }
    r->head.path = path > target && *path == '\0' ? "/" : path;
    if (r->head.path[0] != '/')
        return refuse(r, 400, "the request target must be a path");
    TRY(percent_decode(r, path));
    return climbs(path) ? refuse(r, 400, "no .. in the path") : OK;
}

static enum rc parse_request_line(struct reading *r)
{
    char *method, *target, *version;

    TRY(next_line(r, &method));
    target = strchr(method, ' ');
    version = target == NULL ? NULL : strchr(target + 1, ' ');
    if (version == NULL)
        return refuse(r, 400, "the request line must be METHOD SP target SP HTTP/1.1");
    *target++ = '\0';
    *version++ = '\0';
    TRY(parse_version(r, version));
    if (!is_token(method) || strlen(method) > METHOD_MAX)
        return refuse(r, 400, "the method is no token");
    r->head.method = method;
    return parse_target(r, target);
}

static enum rc take_length(struct reading *r, const char *value)
{
    size_t digits = strspn(value, "0123456789");

    if (r->head.content_length != HTTP_LENGTH_NONE)
        return refuse(r, 400, "more than one Content-Length");
    if (digits == 0 || digits > LENGTH_DIGITS || value[digits] != '\0')
        return refuse(r, 400, "Content-Length must be a number");
    r->head.content_length = strtoull(value, NULL, 10);
    return OK;
}

static enum rc take_coding(struct reading *r, const char *value)
{
    if (r->codings++ > 0)
        return refuse(r, 400, "more than one Transfer-Encoding");
    if (r->http10)
        return refuse(r, 400, "Transfer-Encoding in HTTP/1.0");
    if (strcasecmp(value, "chunked") != 0)
        return refuse(r, 501, "the only Transfer-Encoding here is chunked");
    r->head.chunked = true;
    return OK;
}

static enum rc take_connection(struct reading *r, const char *value)
{
    for (const char *p = value; *p != '\0';) {
        size_t n = strcspn(p, ",");
        if (str_is_nocase(str_trim((struct str){ p, n }), "close"))
            r->head.keep_alive = false;
        p += p[n] == ',' ? n + 1 : n;
    }
    return OK;
}

static enum rc take_expect(struct reading *r, const char *value)
{
    if (strcasecmp(value, "100-continue") != 0)
        return refuse(r, 417, "the only expectation met here is 100-continue");
    r->head.expect_continue = !r->http10;
    return OK;
}

static enum rc take_host(struct reading *r, const char *value)
{
    (void)value;
    return r->hosts++ > 0 ? refuse(r, 400, "more than one Host") : OK;
}

static const struct {
    const char *name;
    enum rc (*take)(struct reading *r, const char *value);
} understood[] = {
    { "Content-Length", take_length },
    { "Transfer-Encoding", take_coding },
    { "Connection", take_connection },
    { "Expect", take_expect },
    { "Host", take_host },
};

static enum rc understand(struct reading *r, const struct http_header *h)
{
    for (size_t i = 0; i < ARRAY_LEN(understood); i++) {
        if (strcasecmp(h->name, understood[i].name) == 0)
            return understood[i].take(r, h->value);
    }
    return OK;
}

static char *trim_in_place(char *text)
{
    struct str s = str_trim(str_from(text));

    text += s.data - text;
    text[s.len] = '\0';
    return text;
}

static enum rc parse_header(struct reading *r, char *line)
{
    char *colon = strchr(line, ':');

    if (*line == ' ' || *line == '\t')
        return refuse(r, 400, "a header may not be folded over lines");
    if (colon == NULL)
        return refuse(r, 400, "a header without a colon");
    *colon = '\0';
    if (!is_token(line))
        return refuse(r, 400, "a header's name is no token");
    if (++r->headers > HEADERS_MAX)
        return refuse(r, 431, "too many headers");

    struct http_header *h = ARENA_NEW(r->arena, struct http_header);
    h->name = line;
    h->value = trim_in_place(colon + 1);
    *r->last = h;
    r->last = &h->next;
    return understand(r, h);
}

static enum rc parse_head(struct reading *r)
{
    TRY(parse_request_line(r));
    for (char *line;;) {
        TRY(next_line(r, &line));
        if (*line == '\0')
            break;
        TRY(parse_header(r, line));
    }
    if (r->at != r->end)
        return refuse(r, 400, "bytes behind the head");
    if (r->hosts == 0 && !r->http10)
        return refuse(r, 400, "no Host");
    if (r->head.chunked && r->head.content_length != HTTP_LENGTH_NONE)
        return refuse(r, 400, "both Content-Length and Transfer-Encoding");
    return OK;
}

enum rc http_head_parse(struct arena *a, struct str bytes, struct http_head *out, int *status, const char **why)
{
    struct reading r = { .arena = a, .head.content_length = HTTP_LENGTH_NONE };

    r.last = &r.head.headers;
    r.at = arena_strndup(a, bytes.data, bytes.len);
    r.end = r.at + bytes.len;
    enum rc rc = parse_head(&r);
    if (rc == OK) {
        *out = r.head;
        return OK;
    }
    *status = r.status;
    *why = r.why;
    return rc;
}
