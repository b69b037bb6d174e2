/*
 * HL7 v3 data types as the messages use them: II, CS, TS, PN, AD (ITI TF-2: Appendix E; NE2008 datatypes).
 * The parts of a name are mixed content in no fixed order; ours go out as family, given, prefix, suffix.
 */
#include "msg/hl7v3.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/str.h"
#include "model/oid.h"
#include "wire/ns.h"

#include <stdio.h>

/* ---- one attribute ---- */

static void attr_write(struct xml_writer *w, const char *element, const char *attr, const char *value)
{
    if (value == NULL)
        return;
    xw_open(w, element);
    xw_attr(w, attr, value);
    xw_close(w);
}

void hl7_code_write(struct xml_writer *w, const char *element, const char *code)
{
    attr_write(w, element, "code", code);
}

void hl7_value_write(struct xml_writer *w, const char *element, const char *value)
{
    attr_write(w, element, "value", value);
}

void hl7_number_write(struct xml_writer *w, const char *element, int n)
{
    char digits[12];

    snprintf(digits, sizeof(digits), "%d", n);
    hl7_value_write(w, element, digits);
}

const char *hl7_code(const struct xml_node *parent, const char *child)
{
    return xml_attr(xml_child(parent, NS_HL7, child), "code");
}

const char *hl7_value(const struct xml_node *parent, const char *child)
{
    return xml_attr(xml_child(parent, NS_HL7, child), "value");
}

/* ---- II ---- */

void hl7_ii_write(struct xml_writer *w, const char *element, const struct patient_id *id)
{
    bool is_null = text_absent(id->root) && text_absent(id->extension);

    xw_open(w, element);
    xw_attr(w, "nullFlavor", is_null ? "NI" : NULL);
    xw_attr(w, "root", text_absent(id->root) ? NULL : id->root);
    xw_attr(w, "extension", id->extension);
    xw_attr(w, "assigningAuthorityName", id->authority);
    xw_close(w);
}

void hl7_ii_read(const struct xml_node *ii, struct patient_id *out)
{
    if (ii == NULL)
        return;
    const char *root = xml_attr(ii, "root");
    *out = (struct patient_id){
        .root = root == NULL ? "" : root,
        .extension = xml_attr(ii, "extension"),
        .authority = xml_attr(ii, "assigningAuthorityName"),
    };
}

struct patient_id *hl7_ii_decode(struct arena *a, const struct xml_node *ii)
{
    if (ii == NULL)
        return NULL;
    struct patient_id *id = ARENA_NEW(a, struct patient_id);
    hl7_ii_read(ii, id);
    return id;
}

/* ---- TS ---- */

bool hl7_is_time(const char *text)
{
    char digits[sizeof("YYYYMMDDhhmmss")];
    size_t n = strspn(text, "0123456789");
    const char *rest = text + n;

    if (n >= sizeof(digits))
        return false;
    memcpy(digits, text, n);
    digits[n] = '\0';
    if (*rest == '.')
        rest += 1 + strspn(rest + 1, "0123456789");
    if (*rest == '+' || *rest == '-')
        rest += 1 + strspn(rest + 1, "0123456789");
    return *rest == '\0' && is_dtm(digits);
}

bool hl7_is_gender(const char *text)
{
    return text_equal(text, "M") || text_equal(text, "F") || text_equal(text, "UN");
}

/* ---- PN and AD ---- */

/* The texts of every child of that name, joined by a space; NULL when there are none or all are empty. */
static const char *parts_join(struct arena *a, const struct xml_node *parent, const char *part)
{
    struct buf joined;

    buf_init(&joined, BUF_MAX_DEFAULT);
    for (const struct xml_node *c = xml_child(parent, NS_HL7, part); c != NULL; c = xml_next(c)) {
        const char *text = xml_text_trimmed(a, c);
        if (text_absent(text))
            continue;
        if (joined.len > 0)
            buf_add_char(&joined, ' ');
        buf_add_text(&joined, text);
    }
    const char *text = joined.len == 0 ? NULL : str_dup(a, buf_str(&joined));
    buf_clear(&joined);
    return text;
}

void hl7_name_write(struct xml_writer *w, const char *element, const struct person_name *n)
{
    xw_open(w, element);
    xw_attr(w, "use", n->use);
    xw_element(w, "family", n->family);
    xw_element(w, "given", n->given);
    xw_element(w, "prefix", n->prefix);
    xw_element(w, "suffix", n->suffix);
    xw_close(w);
}

void hl7_name_decode(struct arena *a, const struct xml_node *name, struct person_name *out)
{
    *out = (struct person_name){
        .use = xml_attr(name, "use"),
        .family = parts_join(a, name, "family"),
        .given = parts_join(a, name, "given"),
        .prefix = parts_join(a, name, "prefix"),
        .suffix = parts_join(a, name, "suffix"),
    };
    if (out->family == NULL && out->given == NULL) {
        const char *text = xml_text_trimmed(a, name);
        out->family = text_absent(text) ? NULL : text;
    }
}

void hl7_address_write(struct xml_writer *w, const char *element, const struct address *address)
{
    xw_open(w, element);
    xw_attr(w, "use", address->use);
    xw_element(w, "streetAddressLine", address->street);
    xw_element(w, "city", address->city);
    xw_element(w, "state", address->state);
    xw_element(w, "postalCode", address->postal_code);
    xw_element(w, "country", address->country);
    xw_close(w);
}

void hl7_address_decode(struct arena *a, const struct xml_node *addr, struct address *out)
{
    *out = (struct address){
        .use = xml_attr(addr, "use"),
        .street = parts_join(a, addr, "streetAddressLine"),
        .city = parts_join(a, addr, "city"),
        .state = parts_join(a, addr, "state"),
        .postal_code = parts_join(a, addr, "postalCode"),
        .country = parts_join(a, addr, "country"),
    };
}
