/*
 * Any bytes as the names, numbers and address of a patient: folding ends and is done once and for all, what is kept is
 * what was, and whoever is compared with themselves from both sides scores the same.
 */
#include "base/arena.h"
#include "base/buf.h"
#include "base/str.h"
#include "pixmgr/fold.h"
#include "pixmgr/match.h"
#include "wire/utf8.h"

#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The next line of the input. */
static const char *next(struct arena *a, struct str *rest)
{
    const char *end = memchr(rest->data, '\n', rest->len);
    size_t n = end == NULL ? rest->len : (size_t)(end - rest->data);
    const char *line = arena_strndup(a, rest->data, n);

    n += end != NULL;
    *rest = (struct str){ rest->data + n, rest->len - n };
    return line;
}

/* What messages carry; of broken text it is enough that folding ends. */
static bool is_whole(const char *text)
{
    for (size_t n; *text != '\0'; text += n) {
        if ((n = utf8_length(text, strlen(text))) == 0)
            return false;
    }
    return true;
}

static void fold_check(struct arena *a, const char *(*fold)(struct arena *, const char *), const char *text)
{
    const char *once = fold(a, text);

    if (once != NULL && is_whole(text) && !text_equal(fold(a, once), once))
        die("folding \"%s\" twice is another thing", text);
}

static struct patient patient_read(struct arena *a, struct str *rest)
{
    struct patient p = { .gender = next(a, rest), .birth_time = next(a, rest) };

    p.names = ARENA_NEW(a, struct person_name);
    p.names->family = next(a, rest);
    p.names->given = next(a, rest);
    p.telecoms = ARENA_NEW(a, struct telecom);
    p.telecoms->value = next(a, rest);
    p.addresses = ARENA_NEW(a, struct address);
    p.addresses->city = next(a, rest);
    p.addresses->street = next(a, rest);
    p.addresses->postal_code = next(a, rest);
    patient_id_add(a, &p.other_ids, INSURANCE_DOMAIN, next(a, rest));
    return p;
}

static void patient_check(struct arena *a, const struct patient *p)
{
    fold_check(a, name_fold, p->names->family);
    fold_check(a, kanji_fold, p->names->given);
    fold_check(a, phone_fold, p->telecoms->value);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const struct linking how = { .community = 1, .link_from = 28, .review_from = 18 };
    struct str rest = { (const char *)data, size };
    struct arena *a = arena_new();
    struct patient one = patient_read(a, &rest), other = patient_read(a, &rest);
    struct traits x = traits_of(a, &one), y = traits_of(a, &other);
    const char *kept = traits_write(a, &x);
    struct traits again = traits_parse(a, kept);

    patient_check(a, &one);
    if (!text_equal(traits_write(a, &again), kept))
        die("traits are kept as others");
    if (match_traits(&x, &y, &how).score != match_traits(&y, &x, &how).score)
        die("the score depends on who comes first");
    arena_free(a);
    return 0;
}
