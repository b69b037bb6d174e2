/* Objects a community may not answer with: ITI TF-2: 3.38.4.1.2.1, 3.38.4.1.3; ITI TF-3: 4.2.3 (patientId). */
#include "gateway/object_flaw.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/str.h"
#include "gateway/home.h"
#include "msg/ebrim.h"

#include <stdlib.h>
#include <string.h>

static const struct {
    enum issue_code code;
    const char *what; /* behind "%d objects " */
} rows[FLAW_COUNT] = {
    [FLAW_HOMELESS] = { ISSUE_XDS_MISSING_HOME_COMMUNITY_ID, "came without home" },
    [FLAW_FOREIGN_HOME] = { ISSUE_XDS_REGISTRY_ERROR, "have the home of another community" },
    [FLAW_OTHER_PATIENT] = { ISSUE_XDS_REGISTRY_ERROR, "are of another patient than it was asked for" },
    [FLAW_TWICE] = { ISSUE_XDS_REGISTRY_ERROR, "came twice" },
};

static const char *patient_of(const struct xml_node *object)
{
    static const char *const schemes[] = { SCHEME_DOCUMENT_PATIENT_ID, SCHEME_SET_PATIENT_ID,
                                           SCHEME_FOLDER_PATIENT_ID };
    const char *cx = NULL;

    for (size_t i = 0; i < ARRAY_LEN(schemes) && cx == NULL; i++)
        cx = ebrim_external_id(object, schemes[i]);
    return cx;
}

/* An object that names no patient (an ObjectRef, an Association) is nobody else's. */
static bool is_of(struct arena *a, const struct xml_node *object, const struct patient_id *patient)
{
    const char *cx = patient == NULL ? NULL : patient_of(object);
    struct patient_id id;

    return cx == NULL || (patient_id_parse(a, cx, &id) == OK && patient_id_equal(&id, patient));
}

static enum object_flaw flaw_of(struct arena *a, const struct xml_node *object, const struct community *c,
                                const struct patient_id *patient)
{
    const char *home = xml_attr(object, "home");

    if (text_absent(home) && home_is_required(object))
        return FLAW_HOMELESS;
    if (!text_absent(home) && !home_equal(home, c->home_community_id))
        return FLAW_FOREIGN_HOME;
    return is_of(a, object, patient) ? FLAW_NONE : FLAW_OTHER_PATIENT;
}

/* ---- the same object twice ---- */

struct seen {
    const char *id;
    size_t at; /* in the list */
};

static int seen_compare(const void *left, const void *right)
{
    const struct seen *l = left, *r = right;
    int order = strcmp(l->id, r->id);

    return order != 0 ? order : (l->at > r->at) - (l->at < r->at);
}

/* By sorting: a list may be long. Only good objects make later ones superfluous. */
static void twice_mark(struct seen *seen, size_t n, enum object_flaw *flaws)
{
    if (n > 1)
        qsort(seen, n, sizeof(*seen), seen_compare);
    for (size_t i = 1; i < n; i++) {
        if (strcmp(seen[i - 1].id, seen[i].id) == 0)
            flaws[seen[i].at] = FLAW_TWICE;
    }
}

enum object_flaw *object_flaws(struct arena *a, const struct xml_node *list, const struct community *c,
                               const struct patient_id *patient, struct flaws *found)
{
    size_t n = 0, good = 0;

    for (const struct xml_node *o = xml_first_element(list); o != NULL; o = xml_next_element(o))
        n++;
    enum object_flaw *flaws = ARENA_ARRAY(a, enum object_flaw, n);
    struct seen *seen = ARENA_ARRAY(a, struct seen, n);
    n = 0;
    for (const struct xml_node *o = xml_first_element(list); o != NULL; o = xml_next_element(o), n++) {
        flaws[n] = flaw_of(a, o, c, patient);
        if (flaws[n] == FLAW_NONE && xml_attr(o, "id") != NULL)
            seen[good++] = (struct seen){ xml_attr(o, "id"), n };
    }
    twice_mark(seen, good, flaws);
    *found = (struct flaws){ 0 };
    for (size_t i = 0; i < n; i++)
        found->found[flaws[i]]++;
    return flaws;
}

void object_flaws_complain(struct arena *a, const struct flaws *found, const struct community *c,
                           struct issue_list *issues)
{
    struct buf *text = buf_new(a, BUF_MAX_DEFAULT);
    enum object_flaw first = FLAW_NONE;

    for (int i = FLAW_NONE + 1; i < FLAW_COUNT; i++) {
        if (found->found[i] == 0)
            continue;
        buf_printf(text, "%s%d objects %s", text->len > 0 ? ", " : "", found->found[i], rows[i].what);
        if (first == FLAW_NONE)
            first = (enum object_flaw)i;
    }
    if (first != FLAW_NONE)
        home_complain(a, issues, rows[first].code, c, "RegistryObjectList", "%s; they were left out", buf_text(text));
}
