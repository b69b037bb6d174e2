#pragma once
/* homeCommunityId: every object and every error that crosses communities says where it is from (ITI TF-2: 3.38.4.1.3).
 */

#include "base/rc.h"
#include "model/community.h"
#include "model/issue.h"
#include "wire/xml.h"

#include <stdbool.h>

struct arena;

/* The same community, with or without "urn:oid:". A NULL is nobody's. */
bool home_equal(const char *a, const char *b);

/* Puts @home on every object of a rim:RegistryObjectList; NULL is no list. */
void home_stamp(struct arena *a, struct xml_node *object_list, const char *home);

/*
 * Does an object need a home of its own when it leaves its community? ExtrinsicObject, RegistryPackage and ObjectRef
 * do; an Association may have one.
 */
bool home_is_required(const struct xml_node *object);

/* An error about what a community did: the text opens with its name, the location is its home. */
void home_complain(struct arena *a, struct issue_list *list, enum issue_code code, const struct community *c,
                   const char *place, const char *fmt, ...) PRINTF_LIKE(6, 7);

/* The errors and warnings another actor named go on as they are, from this home. */
void home_pass_on(struct arena *a, struct issue_list *to, const struct issue_list *from, const char *home);

/* Errors without a location are of this home. */
void home_locate(struct issue_list *issues, const char *home);
