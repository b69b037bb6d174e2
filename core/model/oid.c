/* Lexical forms of metadata values (ITI TF-3: Table 4.2.3.1.7-2), checked by character: no locale, no regex. */
#include "model/oid.h"

#include <stddef.h>
#include <string.h>

#define OID_MAX     64
#define OID_URN     "urn:oid:"
#define UUID_URN    "urn:uuid:"
#define UUID_SHAPE  "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx"
#define LOWER_HEX   "0123456789abcdef"
#define ANY_HEX     "0123456789abcdefABCDEF"
#define DIGITS      "0123456789"
#define LETTERS     "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
#define TOKEN       LETTERS DIGITS "!#$%&'*+-.^_`|~" /* RFC 2045 section 5.1 */
#define SUBTAG_MAX  8
#define SHA1_DIGITS 40

bool is_oid(const char *text)
{
    int arcs = 0;

    if (text == NULL || strlen(text) > OID_MAX || strchr("012", text[0]) == NULL)
        return false;
    for (const char *arc = text;; arcs++) {
        size_t n = strspn(arc, DIGITS);
        if (n == 0 || (n > 1 && arc[0] == '0') || (arcs == 0 && n > 1))
            return false;
        if (arc[n] == '\0')
            return arcs >= 1;
        if (arc[n] != '.')
            return false;
        arc += n + 1;
    }
}

bool is_oid_urn(const char *text)
{
    return text != NULL && strncmp(text, OID_URN, strlen(OID_URN)) == 0 && is_oid(text + strlen(OID_URN));
}

bool is_uuid_urn(const char *text)
{
    if (text == NULL || strncmp(text, UUID_URN, strlen(UUID_URN)) != 0)
        return false;
    text += strlen(UUID_URN);
    if (strlen(text) != strlen(UUID_SHAPE))
        return false;
    for (const char *shape = UUID_SHAPE; *shape != '\0'; shape++, text++) {
        bool fits = *shape == '-' ? *text == '-' : strchr(LOWER_HEX, *text) != NULL;
        if (!fits)
            return false;
    }
    return true;
}

/* The number in n digits. */
static int digits_value(const char *text, size_t n)
{
    int value = 0;

    for (size_t i = 0; i < n; i++)
        value = value * 10 + (text[i] - '0');
    return value;
}

static int month_days(int year, int month)
{
    static const int days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
    bool is_leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;

    return month == 2 && is_leap ? 29 : days[month - 1];
}

bool is_dtm(const char *text)
{
    static const struct {
        int low, high;
    } parts[] = { { 1, 12 }, { 1, 31 }, { 0, 23 }, { 0, 59 }, { 0, 59 } };
    size_t len = text == NULL ? 0 : strlen(text);

    if (len < 4 || len > 14 || len % 2 != 0 || strspn(text, DIGITS) != len)
        return false;
    for (size_t i = 0; 4 + 2 * i < len; i++) {
        int value = digits_value(text + 4 + 2 * i, 2);
        if (value < parts[i].low || value > parts[i].high)
            return false;
    }
    return len < 8 || digits_value(text + 6, 2) <= month_days(digits_value(text, 4), digits_value(text + 4, 2));
}

bool is_sha1(const char *text)
{
    return text != NULL && strlen(text) == SHA1_DIGITS && strspn(text, ANY_HEX) == SHA1_DIGITS;
}

bool is_language_tag(const char *text)
{
    const char *allowed = LETTERS;

    for (const char *tag = text; tag != NULL; allowed = LETTERS DIGITS) {
        size_t n = strspn(tag, allowed);
        if (n == 0 || n > SUBTAG_MAX)
            return false;
        if (tag[n] == '\0')
            return true;
        if (tag[n] != '-')
            return false;
        tag += n + 1;
    }
    return false;
}

bool is_media_type(const char *text)
{
    size_t type = text == NULL ? 0 : strspn(text, TOKEN);

    if (type == 0 || text[type] != '/')
        return false;
    const char *subtype = text + type + 1;
    size_t n = strspn(subtype, TOKEN);
    return n > 0 && subtype[n] == '\0';
}

const char *oid_of_urn(const char *text)
{
    if (text == NULL || strncmp(text, OID_URN, strlen(OID_URN)) != 0)
        return text;
    return text + strlen(OID_URN);
}
