/* homeCommunityId on objects and errors: ITI TF-2: 3.38.4.1.2.1, 3.38.4.1.3; ITI TF-3: 4.2.4.1. */
#include "gateway/home.h"

#include "base/arena.h"
#include "base/str.h"
#include "model/oid.h"
#include "wire/ns.h"

#include <stdarg.h>

bool home_equal(const char *a, const char *b)
{
    return a != NULL && text_equal(oid_of_urn(a), oid_of_urn(b));
}

void home_stamp(struct arena *a, struct xml_node *object_list, const char *home)
{
    for (struct xml_node *o = xml_first_element(object_list); o != NULL; o = xml_next_element(o))
        xml_set_attr(a, o, "home", home);
}

bool home_is_required(const struct xml_node *object)
{
    static const char *const names[] = { "ExtrinsicObject", "RegistryPackage", "ObjectRef" };

    for (size_t i = 0; i < ARRAY_LEN(names); i++) {
        if (xml_is(object, NS_RIM, names[i]))
            return true;
    }
    return false;
}

void home_complain(struct arena *a, struct issue_list *list, enum issue_code code, const struct community *c,
                   const char *place, const char *fmt, ...)
{
    va_list ap;

    va_start(ap, fmt);
    const char *text = arena_vprintf(a, fmt, ap);
    va_end(ap);
    issue_add(a, list, code, place, "%s (%s): %s", c->name, c->key, text)->location = c->home_community_id;
}

void home_pass_on(struct arena *a, struct issue_list *to, const struct issue_list *from, const char *home)
{
    for (const struct issue *i = from->first; i != NULL; i = i->next)
        issue_pass_on(a, to, i->ebrs, i->is_warning, i->text, home);
}

void home_locate(struct issue_list *issues, const char *home)
{
    for (struct issue *i = issues->first; i != NULL; i = i->next) {
        if (i->location == NULL)
            i->location = home;
    }
}
