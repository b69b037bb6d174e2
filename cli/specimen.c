#include "cli/specimen.h"

#include "base/arena.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define MLLP_BEGIN     '\x0b'
#define MLLP_END       '\x1c'
#define DICOM_PREAMBLE 128
#define SOAP_TYPE      "application/soap+xml; charset=UTF-8"
#define LOOKED_AT      4096 /* bytes in which an XML document shows its root */

static bool begins(struct str bytes, const char *text)
{
    size_t n = strlen(text);

    return bytes.len >= n && memcmp(bytes.data, text, n) == 0;
}

static struct str behind(struct str bytes, size_t n)
{
    return (struct str){ bytes.data + n, bytes.len - n };
}

/* ---- a head of HTTP ---- */

/* The line without its end; *bytes goes on behind it. */
static const char *line_take(struct arena *a, struct str *bytes)
{
    const char *end = memchr(bytes->data, '\n', bytes->len);
    size_t n = end != NULL ? (size_t)(end - bytes->data) : bytes->len;
    size_t text = n > 0 && bytes->data[n - 1] == '\r' ? n - 1 : n;
    const char *line = arena_strndup(a, bytes->data, text);

    *bytes = behind(*bytes, end != NULL ? n + 1 : n);
    return line;
}

/* "POST /0035/repository/2 HTTP/1.1", or with a whole URL. */
static void path_read(struct arena *a, const char *path, struct specimen *out)
{
    char *word = arena_strndup(a, path, strcspn(path, " ?")), *rest, *parts[3] = { NULL };
    char *host = strstr(word, "://");

    if (host != NULL)
        word = strchr(host + 3, '/');
    for (int i = 0; i < 3 && word != NULL; i++, word = NULL)
        parts[i] = strtok_r(word, "/", &rest);
    out->community = parts[0];
    out->actor = parts[0] != NULL ? strtok_r(NULL, "/", &rest) : NULL;
    const char *number = out->actor != NULL ? strtok_r(NULL, "/", &rest) : NULL;
    out->number = number != NULL ? (int)strtol(number, NULL, 10) : 1;
}

static void headers_take(struct arena *a, struct specimen *out)
{
    static const char type[] = "content-type:";

    while (out->bytes.len > 0) {
        const char *line = line_take(a, &out->bytes);
        if (line[0] == '\0')
            return;
        if (strncasecmp(line, type, sizeof(type) - 1) == 0)
            out->content_type = line + sizeof(type) - 1 + strspn(line + sizeof(type) - 1, " ");
    }
}

/* False when there is none. */
static bool head_take(struct arena *a, struct specimen *out)
{
    if (begins(out->bytes, "POST ")) {
        const char *line = line_take(a, &out->bytes);
        path_read(a, line + 5, out);
    } else if (begins(out->bytes, "HTTP/") || begins(out->bytes, "HTTP ")) {
        line_take(a, &out->bytes);
        out->is_answer = true;
    } else {
        return false;
    }
    headers_take(a, out);
    return true;
}

/* ---- what it is ---- */

/* An MTOM package whose head was lost: the first line is its boundary. */
static const char *package_type(struct arena *a, struct str bytes)
{
    struct str rest = bytes;
    const char *line = line_take(a, &rest);

    return arena_printf(a, "multipart/related; type=\"application/xop+xml\"; boundary=\"%s\"", line + 2);
}

/* Is `root` the local name of the first element, as far as the eye goes? */
static bool has_root(struct str bytes, const char *root)
{
    size_t n = strlen(root), max = MIN(bytes.len, LOOKED_AT);

    for (size_t i = 0; i + 1 < max; i++) {
        if (bytes.data[i] != '<' || bytes.data[i + 1] == '?' || bytes.data[i + 1] == '!')
            continue;
        size_t at = i + 1, end = at;
        while (end < bytes.len && strchr(" \t\r\n/>", bytes.data[end]) == NULL)
            end++;
        const char *colon = memchr(bytes.data + at, ':', end - at);
        at = colon != NULL ? (size_t)(colon - bytes.data) + 1 : at;
        return end - at == n && memcmp(bytes.data + at, root, n) == 0;
    }
    return false;
}

static enum specimen_kind kind_of(struct str bytes)
{
    static const struct {
        const char *root;
        enum specimen_kind kind;
    } roots[] = { { "AuditMessage", SPECIMEN_AUDIT },
                  { "ClinicalDocument", SPECIMEN_CDA },
                  { "Assertion", SPECIMEN_SAML } };

    if (bytes.len > DICOM_PREAMBLE + 4 && memcmp(bytes.data + DICOM_PREAMBLE, "DICM", 4) == 0)
        return SPECIMEN_DICOM;
    if (begins(bytes, "MSH"))
        return SPECIMEN_HL7V2;
    if (bytes.len > 1 && bytes.data[0] == '<' && isdigit((unsigned char)bytes.data[1]))
        return SPECIMEN_AUDIT;
    for (size_t i = 0; i < ARRAY_LEN(roots); i++) {
        if (has_root(bytes, roots[i].root))
            return roots[i].kind;
    }
    if (bytes.len > 2 && (bytes.data[0] == '<' || begins(bytes, "--") || begins(bytes, "\xef\xbb\xbf<")))
        return SPECIMEN_SOAP;
    return SPECIMEN_UNKNOWN;
}

/* RFC 5425: "LENGTH SP" before a record. */
static struct str without_length(struct str bytes)
{
    size_t n = 0;

    while (n < bytes.len && isdigit((unsigned char)bytes.data[n]))
        n++;
    return n > 0 && n + 1 < bytes.len && bytes.data[n] == ' ' && bytes.data[n + 1] == '<' ? behind(bytes, n + 1)
                                                                                          : bytes;
}

static struct str without_frame(struct str bytes)
{
    if (bytes.len == 0 || bytes.data[0] != MLLP_BEGIN)
        return bytes;
    const char *end = memchr(bytes.data, MLLP_END, bytes.len);
    return (struct str){ bytes.data + 1, (end != NULL ? (size_t)(end - bytes.data) : bytes.len) - 1 };
}

void specimen_read(struct arena *a, const char *name, struct str file, struct specimen *out)
{
    bool is_mllp = begins(file, "MLLP\n\n") || (file.len > 0 && file.data[0] == MLLP_BEGIN);

    *out = (struct specimen){ .name = name, .number = 1, .bytes = file };
    if (begins(file, "MLLP\n\n"))
        out->bytes = behind(file, 6);
    bool has_head = !is_mllp && head_take(a, out);
    out->bytes = without_length(without_frame(out->bytes));
    out->kind = is_mllp ? SPECIMEN_HL7V2 : has_head ? SPECIMEN_SOAP : kind_of(out->bytes);
    if (out->kind == SPECIMEN_SOAP && out->content_type == NULL && !has_head)
        out->content_type = begins(out->bytes, "--") ? package_type(a, out->bytes) : SOAP_TYPE;
}
