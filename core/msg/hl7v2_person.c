#include "msg/hl7v2_person.h"

#include "base/arena.h"
#include "base/str.h"
#include "model/oid.h"
#include "model/rule.h"
#include "msg/hl7v3.h"
#include "wire/utf8.h"

/* Code of v2 and of v3. Reading takes the first row of v2's, writing the first of v3's. */
struct code_row {
    const char *v2, *v3;
};

/* XPN-8, and XPN-7 where there is none (tables 4000 and 0200). */
static const struct code_row representations[] = { { "I", "IDE" }, { "P", "SYL" }, { "A", "ABC" } };
static const struct code_row name_types[] = { { "L", "L" }, { "A", "P" }, { "P", "P" } };
/* Table 0001; what v3 has no code for is known to be unknown. */
static const struct code_row genders[] = {
    { "M", "M" }, { "F", "F" }, { "O", "UN" }, { "A", "UN" }, { "U", NULL }, { "N", NULL },
};
/* XAD-7 (table 0190) */
static const struct code_row address_types[] = { { "H", "H" }, { "P", "HP" }, { "O", "WP" }, { "B", "WP" } };

#define V3_OF(rows, code) v3_of((rows), ARRAY_LEN(rows), (code))
#define V2_OF(rows, code) v2_of((rows), ARRAY_LEN(rows), (code))

static const char *v3_of(const struct code_row *rows, size_t count, const char *v2)
{
    for (size_t i = 0; i < count; i++) {
        if (text_equal(rows[i].v2, v2))
            return rows[i].v3;
    }
    return NULL;
}

static const char *v2_of(const struct code_row *rows, size_t count, const char *v3)
{
    for (size_t i = 0; v3 != NULL && i < count; i++) {
        if (text_equal(rows[i].v3, v3))
            return rows[i].v2;
    }
    return NULL;
}

bool hl7v2_gender_find(const char *v2, const char **v3)
{
    for (size_t i = 0; i < ARRAY_LEN(genders); i++) {
        if (!text_equal(genders[i].v2, v2))
            continue;
        *v3 = genders[i].v3;
        return true;
    }
    return false;
}

/* The text as an update has it: what is to be deleted says so. */
static const char *updating(const char *text)
{
    return text == hl7v2_null ? PATIENT_DELETE : text;
}

/* ---- identifiers ---- */

/* Without a type, an OID is one. */
enum rc hl7v2_authority_read(struct arena *a, const struct hl7v2 *m, const struct hl7v2_segment *s, int field, int n,
                             struct patient_id *out, struct issue_list *issues)
{
    const char *universal = hl7v2_part(m, s, field, n, 4, 2), *type = hl7v2_part(m, s, field, n, 4, 3);

    out->authority = hl7v2_part(m, s, field, n, 4, 1);
    if (text_absent(universal))
        return OK;
    if (text_equal(type, "ISO") && !is_oid(universal)) {
        rule_break(a, issues, RULE_V2_CX_OID, arena_printf(a, "%s^%d^%d^%d^4^2", s->name, s->ordinal, field, n),
                   "the universal id \"%.80s\" has the type ISO but is no OID", universal);
        return E_REFUSED;
    }
    if (is_oid(universal) && (text_absent(type) || text_equal(type, "ISO")))
        out->root = universal;
    else if (out->authority == NULL)
        out->authority = universal;
    return OK;
}

static enum rc count_check(struct arena *a, int count, const char *place, const char *field, struct issue_list *issues)
{
    if (count == 0) {
        rule_break(a, issues, RULE_V2_CX_THERE, place, "%s has no identifier of the patient", field);
        return E_REFUSED;
    }
    if (count <= HL7V2_REPETITIONS_MAX)
        return OK;
    rule_break(a, issues, RULE_V2_REPEATS, place, "%d repetitions; at most %d are taken", count, HL7V2_REPETITIONS_MAX);
    return E_REFUSED;
}

enum rc hl7v2_ids_read(struct arena *a, const struct hl7v2 *m, const struct hl7v2_segment *s, int field,
                       struct patient_id **out, struct issue_list *issues)
{
    int count = hl7v2_repetitions(m, s, field);
    const char *place = arena_printf(a, "%s^%d^%d", s->name, s->ordinal, field);

    TRY(count_check(a, count, place, arena_printf(a, "%s-%d", s->name, field), issues));
    for (int n = 1; n <= count; n++, out = &(*out)->next) {
        const char *value = hl7v2_part(m, s, field, n, 1, 1);
        if (text_absent(value)) {
            rule_break(a, issues, RULE_V2_CX_VALUE, arena_printf(a, "%s^%d^1", place, n),
                       "this identifier has no value (CX.1)");
            return E_REFUSED;
        }
        *out = ARENA_NEW(a, struct patient_id);
        (*out)->extension = value;
        TRY(hl7v2_authority_read(a, m, s, field, n, *out, issues));
    }
    return OK;
}

void hl7v2_ids_write(struct hl7v2_writer *w, int field, const struct patient_id *ids)
{
    int n = 1;

    for (const struct patient_id *id = ids; id != NULL; id = id->next, n++) {
        hl7v2_put(w, field, n, 1, 1, id->extension);
        hl7v2_put(w, field, n, 4, 1, id->authority);
        hl7v2_put(w, field, n, 4, 2, id->root);
        hl7v2_put(w, field, n, 4, 3, id->root == NULL ? NULL : "ISO");
    }
}

/* ---- the person, read ---- */

static const char *joined(struct arena *a, const char *one, const char *other)
{
    if (text_absent(one) || text_absent(other))
        return text_absent(one) ? other : one;
    return arena_printf(a, "%s %s", one, other);
}

static int few(int repetitions)
{
    return MIN(repetitions, HL7V2_REPETITIONS_MAX);
}

static unsigned code_point(const char *p, size_t len)
{
    unsigned code = (unsigned char)p[0] & (len == 1 ? 0x7f : 0x7f >> len);

    for (size_t i = 1; i < len; i++)
        code = code << 6 | ((unsigned char)p[i] & 0x3f);
    return code;
}

/* Hiragana and katakana of both widths, with their marks and the middle dot. */
static bool is_kana(unsigned code)
{
    return (code >= 0x3041 && code <= 0x30FF) || (code >= 0xFF66 && code <= 0xFF9F);
}

const char *hl7v2_name_use(const char *text)
{
    bool kana = false;

    for (size_t len; text != NULL && *text != '\0'; text += len) {
        len = utf8_length(text, strlen(text));
        if (len == 0)
            return NULL;
        unsigned code = code_point(text, len);
        if (code >= 0x3400 && !is_kana(code) && code < 0xFF00)
            return "IDE";
        kana |= is_kana(code);
    }
    return kana ? "SYL" : NULL;
}

static const char *name_use(const struct hl7v2 *m, const struct hl7v2_segment *pid, int field, int n,
                            const char *family)
{
    const char *use = V3_OF(representations, hl7v2_part(m, pid, field, n, 8, 1));

    if (use == NULL)
        use = hl7v2_name_use(family);
    return use != NULL ? use : V3_OF(name_types, hl7v2_part(m, pid, field, n, 7, 1));
}

static void names_read(struct arena *a, const struct hl7v2 *m, const struct hl7v2_segment *pid, int field,
                       struct person_name **out)
{
    for (int n = 1; n <= few(hl7v2_repetitions(m, pid, field)); n++) {
        const char *family = hl7v2_part(m, pid, field, n, 1, 1);
        struct person_name name = {
            .use = name_use(m, pid, field, n, family),
            .family = updating(family),
            .given = joined(a, hl7v2_part(m, pid, field, n, 2, 1), hl7v2_part(m, pid, field, n, 3, 1)),
            .suffix = hl7v2_part(m, pid, field, n, 4, 1),
            .prefix = hl7v2_part(m, pid, field, n, 5, 1),
        };
        if (text_absent(name.family) && text_absent(name.given))
            continue;
        *out = arena_memdup(a, &name, sizeof(name));
        out = &(*out)->next;
    }
}

static void addresses_read(struct arena *a, const struct hl7v2 *m, const struct hl7v2_segment *pid,
                           struct address **out)
{
    for (int n = 1; n <= few(hl7v2_repetitions(m, pid, 11)); n++) {
        struct address address = {
            .use = V3_OF(address_types, hl7v2_part(m, pid, 11, n, 7, 1)),
            .street = joined(a, hl7v2_part(m, pid, 11, n, 1, 1), hl7v2_part(m, pid, 11, n, 2, 1)),
            .city = hl7v2_part(m, pid, 11, n, 3, 1),
            .state = hl7v2_part(m, pid, 11, n, 4, 1),
            .postal_code = hl7v2_part(m, pid, 11, n, 5, 1),
            .country = hl7v2_part(m, pid, 11, n, 6, 1),
        };
        if (hl7v2_part(m, pid, 11, n, 1, 1) == hl7v2_null)
            address.street = PATIENT_DELETE;
        *out = arena_memdup(a, &address, sizeof(address));
        out = &(*out)->next;
    }
}

/* Telephone number or mail address of an XTN; NULL when it says nothing. */
static const char *telecom_value(struct arena *a, const struct hl7v2 *m, const struct hl7v2_segment *pid, int field,
                                 int n)
{
    const char *number = hl7v2_part(m, pid, field, n, 1, 1), *mail = hl7v2_part(m, pid, field, n, 4, 1);

    if (number == hl7v2_null)
        return PATIENT_DELETE;
    if (!text_absent(number))
        return arena_printf(a, "tel:%s", number);
    return text_absent(mail) ? NULL : arena_printf(a, "mailto:%s", mail);
}

/* Returns where the list goes on. */
static struct telecom **telecoms_read(struct arena *a, const struct hl7v2 *m, const struct hl7v2_segment *pid,
                                      int field, const char *use, struct telecom **out)
{
    for (int n = 1; n <= few(hl7v2_repetitions(m, pid, field)); n++) {
        const char *value = telecom_value(a, m, pid, field, n);
        if (value == NULL)
            continue;
        *out = ARENA_NEW(a, struct telecom);
        **out = (struct telecom){ .value = value, .use = use };
        out = &(*out)->next;
    }
    return out;
}

static enum rc gender_read(struct arena *a, const char *code, struct patient *out, struct issue_list *issues)
{
    out->gender = code == hl7v2_null ? PATIENT_DELETE : NULL;
    if (text_absent(code) || hl7v2_gender_find(code, &out->gender))
        return OK;
    rule_break(a, issues, RULE_V2_GENDER, "PID^1^8", "\"%.20s\" is not of table 0001: M, F, O, U, A or N", code);
    return E_REFUSED;
}

static enum rc birth_read(struct arena *a, const char *time, struct patient *out, struct issue_list *issues)
{
    out->birth_time = updating(time);
    if (text_absent(time) || hl7_is_time(time))
        return OK;
    rule_break(a, issues, RULE_V2_BIRTH, "PID^1^7", "\"%.40s\" is no time: it needs YYYY[MM[DD[hh[mm[ss]]]]]", time);
    return E_REFUSED;
}

enum rc hl7v2_person_read(struct arena *a, const struct hl7v2 *m, const struct hl7v2_segment *pid, struct patient *out,
                          struct issue_list *issues)
{
    names_read(a, m, pid, 5, &out->names);
    names_read(a, m, pid, 6, &out->mother);
    addresses_read(a, m, pid, &out->addresses);
    telecoms_read(a, m, pid, 14, "WP", telecoms_read(a, m, pid, 13, "HP", &out->telecoms));
    TRY(birth_read(a, hl7v2_text(m, pid, 7, 1), out, issues));
    return gender_read(a, hl7v2_text(m, pid, 8, 1), out, issues);
}

/* ---- the person, written ---- */

static void name_write(struct hl7v2_writer *w, int field, int n, const struct person_name *name)
{
    const char *representation = V2_OF(representations, name->use), *type = V2_OF(name_types, name->use);

    hl7v2_put(w, field, n, 1, 1, name->family);
    hl7v2_put(w, field, n, 2, 1, name->given);
    hl7v2_put(w, field, n, 4, 1, name->suffix);
    hl7v2_put(w, field, n, 5, 1, name->prefix);
    hl7v2_put(w, field, n, 7, 1, type != NULL ? type : "L");
    hl7v2_put(w, field, n, 8, 1, representation);
}

static void names_write(struct hl7v2_writer *w, int field, const struct person_name *names)
{
    int n = 1;

    for (const struct person_name *name = names; name != NULL; name = name->next)
        name_write(w, field, n++, name);
}

static void address_write(struct hl7v2_writer *w, int n, const struct address *address)
{
    hl7v2_put(w, 11, n, 1, 1, address->street);
    hl7v2_put(w, 11, n, 3, 1, address->city);
    hl7v2_put(w, 11, n, 4, 1, address->state);
    hl7v2_put(w, 11, n, 5, 1, address->postal_code);
    hl7v2_put(w, 11, n, 6, 1, address->country);
    hl7v2_put(w, 11, n, 7, 1, V2_OF(address_types, address->use));
}

/* PID-14 is for business, PID-13 for all else. A mail address is an XTN of its own form. */
static void telecoms_write(struct hl7v2_writer *w, int field, const struct telecom *telecoms)
{
    int n = 1;

    for (const struct telecom *t = telecoms; t != NULL; t = t->next) {
        bool is_business = text_equal(t->use, "WP");
        if (is_business != (field == 14) || t->value == NULL)
            continue;
        if (text_starts(t->value, "mailto:")) {
            hl7v2_put(w, field, n, 2, 1, "NET");
            hl7v2_put(w, field, n, 3, 1, "Internet");
            hl7v2_put(w, field, n, 4, 1, t->value + strlen("mailto:"));
        } else {
            hl7v2_put(w, field, n, 1, 1, text_starts(t->value, "tel:") ? t->value + strlen("tel:") : t->value);
        }
        n++;
    }
}

void hl7v2_person_write(struct hl7v2_writer *w, const struct patient *p)
{
    int n = 1;

    names_write(w, 5, p->names);
    names_write(w, 6, p->mother);
    hl7v2_put_text(w, 7, 1, p->birth_time);
    hl7v2_put_text(w, 8, 1, V2_OF(genders, p->gender));
    for (const struct address *address = p->addresses; address != NULL; address = address->next)
        address_write(w, n++, address);
    telecoms_write(w, 13, p->telecoms);
    telecoms_write(w, 14, p->telecoms);
}
