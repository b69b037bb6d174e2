#include "pixmgr/traits.h"

#include "base/arena.h"
#include "base/buf.h"
#include "pixmgr/fold.h"

#include <stdlib.h>

/* ---- from a patient ---- */

static enum script script_of(const struct person_name *n, const char *folded)
{
    if (text_is_kana(folded))
        return SCRIPT_KANA;
    if (text_is_latin(folded))
        return SCRIPT_LATIN;
    return person_name_is(n, "SYL") ? SCRIPT_KANA : person_name_is(n, "ABC") ? SCRIPT_LATIN : SCRIPT_KANJI;
}

static const char *part_fold(struct arena *a, enum script script, const char *part)
{
    if (text_absent(part))
        return NULL;
    return script == SCRIPT_KANJI ? kanji_fold(a, part) : name_fold(a, part);
}

static const char *part_sound(struct arena *a, enum script script, const char *folded)
{
    return script == SCRIPT_KANJI || folded == NULL ? NULL : sound_of(a, folded);
}

static void called_add(struct arena *a, struct traits *out, enum script script, const char *family, const char *given)
{
    if (out->name_count == TRAITS_NAMES_MAX || (family == NULL && given == NULL))
        return;
    out->names[out->name_count++] = (struct called){ script, family, given, part_sound(a, script, family),
                                                     part_sound(a, script, given) };
}

static void name_add(struct arena *a, struct traits *out, const struct person_name *n)
{
    const char *whole = name_fold(a, arena_printf(a, "%s%s", n->family ? n->family : "", n->given ? n->given : ""));
    enum script script = script_of(n, whole);

    called_add(a, out, script, part_fold(a, script, n->family), part_fold(a, script, n->given));
}

static void phone_add(struct arena *a, struct traits *out, const char *value)
{
    const char *digits = phone_fold(a, value);

    if (digits != NULL && strlen(digits) >= 9 && out->phone_count < TRAITS_PHONES_MAX)
        out->phones[out->phone_count++] = digits;
}

static void address_set(struct arena *a, struct traits *out, const struct address *d)
{
    if (d == NULL)
        return;
    out->postal = text_absent(d->postal_code) ? NULL : phone_fold(a, d->postal_code);
    if (!text_absent(d->city))
        out->city = kanji_fold(a, arena_printf(a, "%s%s", d->state ? d->state : "", d->city));
    if (!text_absent(d->street))
        out->street = street_fold(a, d->street);
}

/* 01 is 1, and 00 is 0: the insured person. */
static const char *branch_plain(const char *branch)
{
    while (branch[0] == '0' && branch[1] != '\0')
        branch++;
    return branch;
}

/* The branch is what stands behind the second colon. */
static void insurance_set(struct arena *a, struct traits *out, const struct patient_id *ids)
{
    const struct patient_id *id = patient_id_in(ids, INSURANCE_DOMAIN);

    if (id == NULL || text_absent(id->extension) || out->insured != NULL)
        return;
    const char *folded = name_fold(a, id->extension), *colon = strchr(folded, ':');
    if (colon == NULL || colon[1] == '\0')
        return;
    const char *branch = strchr(colon + 1, ':');
    out->insured = branch == NULL ? folded : arena_strndup(a, folded, (size_t)(branch - folded));
    out->branch = branch == NULL ? "" : branch_plain(branch + 1);
}

/* A code, or nothing: what holds the signs that part cells and lines is none. */
static const char *code_of(const char *text)
{
    return text == NULL || strpbrk(text, "\t\n") != NULL ? NULL : text;
}

struct traits traits_of(struct arena *a, const struct patient *p)
{
    struct traits out = { .birth = birth_date(a, p->birth_time), .gender = code_of(p->gender) };

    for (const struct person_name *n = p->names; n != NULL; n = n->next)
        name_add(a, &out, n);
    for (const struct telecom *t = p->telecoms; t != NULL; t = t->next)
        phone_add(a, &out, t->value);
    address_set(a, &out, p->addresses);
    insurance_set(a, &out, p->other_ids);
    insurance_set(a, &out, p->ids);
    return out;
}

/* ---- as kept: lines of a letter and cells between tabs ---- */

static const char *cell(const char *text)
{
    return text == NULL ? "" : text;
}

/* Folded text holds neither tab nor line feed: name_fold made spaces of them. */
static void line_add(struct buf *out, char tag, const char *one, const char *two, const char *three)
{
    if (text_absent(one) && text_absent(two) && text_absent(three))
        return;
    buf_printf(out, "%c%s\t%s\t%s\n", tag, cell(one), cell(two), cell(three));
}

const char *traits_write(struct arena *a, const struct traits *p)
{
    struct buf *out = buf_new(a, BUF_MAX_DEFAULT);

    line_add(out, 'B', p->birth, p->gender, NULL);
    for (size_t i = 0; i < p->name_count; i++)
        line_add(out, (char)('0' + p->names[i].script), p->names[i].family, p->names[i].given, NULL);
    for (size_t i = 0; i < p->phone_count; i++)
        line_add(out, 'T', p->phones[i], NULL, NULL);
    line_add(out, 'A', p->postal, p->city, p->street);
    line_add(out, 'I', p->insured, p->branch, NULL);
    return str_dup(a, buf_str(out));
}

static const char *known(const char *text)
{
    return text[0] == '\0' ? NULL : text;
}

static void line_parse(struct arena *a, struct traits *out, char tag, const char *one, const char *two,
                       const char *three)
{
    if (tag == 'B') {
        out->birth = known(one);
        out->gender = known(two);
    } else if (tag == 'T' && out->phone_count < TRAITS_PHONES_MAX) {
        out->phones[out->phone_count++] = one;
    } else if (tag == 'A') {
        out->postal = known(one);
        out->city = known(two);
        out->street = known(three);
    } else if (tag == 'I') {
        out->insured = known(one);
        out->branch = two;
    } else if (tag >= '0' && tag <= '2') {
        called_add(a, out, (enum script)(tag - '0'), known(one), known(two));
    }
}

struct traits traits_parse(struct arena *a, const char *text)
{
    struct traits out = { 0 };
    char *rest = arena_strdup(a, text);

    for (char *line; rest != NULL && (line = strsep(&rest, "\n")) != NULL && line[0] != '\0';) {
        char tag = line[0], *cells = line + 1;
        const char *one = strsep(&cells, "\t"), *two = strsep(&cells, "\t"), *three = strsep(&cells, "\t");
        line_parse(a, &out, tag, one, two == NULL ? "" : two, three == NULL ? "" : three);
    }
    return out;
}

/* ---- keys ---- */

/* FNV-1a. A collision costs one comparison more, nothing else. */
static uint64_t hash_add(uint64_t hash, const char *text)
{
    for (const unsigned char *p = (const unsigned char *)text; *p != '\0'; p++)
        hash = (hash ^ *p) * 0x100000001B3u;
    return (hash ^ 0xFF) * 0x100000001B3u;
}

struct keys {
    int64_t *keys;
    size_t count;
    int community;
};

static void key_add(struct keys *k, char kind, const char *one, const char *two, const char *three)
{
    uint64_t hash = 0xCBF29CE484222325u ^ (uint64_t)k->community << 8 ^ (uint64_t)kind;

    hash = hash_add(hash_add(hash_add(hash, one), two), three);
    k->keys[k->count++] = (int64_t)hash;
}

/* The first name that has a sound; of kanji alone their characters do. */
static const struct called *name_for_key(const struct traits *p, const char **family, const char **given)
{
    for (size_t i = 0; i < p->name_count; i++) {
        const struct called *n = &p->names[i];
        *family = n->family_sound;
        *given = n->given_sound;
        if (*family != NULL && *given != NULL)
            return n;
    }
    for (size_t i = 0; i < p->name_count; i++) {
        const struct called *n = &p->names[i];
        *family = n->family;
        *given = n->given;
        if (*family != NULL && *given != NULL)
            return n;
    }
    return NULL;
}

static void name_keys_add(struct keys *k, const struct traits *p)
{
    const char *family, *given;
    char year[5] = "";

    if (p->birth == NULL || strlen(p->birth) < 8 || name_for_key(p, &family, &given) == NULL)
        return;
    memcpy(year, p->birth, 4);
    key_add(k, 'y', family, given, year);
    key_add(k, 'd', family, given, p->birth + 4);
}

bool traits_have_birth_and_sex(const struct traits *p)
{
    return p->birth != NULL && strlen(p->birth) == 8 && !text_absent(p->gender);
}

size_t traits_keys(const struct traits *p, int community, int64_t keys[TRAITS_KEYS_MAX])
{
    struct keys k = { keys, 0, community };

    name_keys_add(&k, p);
    for (size_t i = 0; i < p->phone_count; i++)
        key_add(&k, 't', p->phones[i], "", "");
    if (p->insured != NULL)
        key_add(&k, 'i', p->insured, p->branch, "");
    return k.count;
}
