#pragma once
/*
 * A recorded conversation becomes a new one: the ids that its messages bring along, and the times at which they say
 * they were made, are replaced, everywhere alike, so that what refers to them still does. Texts in, texts out: nothing
 * is parsed that the recording did not promise to be well-formed.
 */

#include "base/str.h"

struct arena;
struct rewrite;

struct rewrite *rewrite_new(struct arena *a);
/* Whatever stands for `from` becomes `to`: OIDs of a community. Longer ones first, where one begins with another. */
void rewrite_map(struct rewrite *r, const char *from, const char *to);
/*
 * Finds what a message defines, and invents the new: wsa:MessageID; ids of registry objects (id="urn:uuid:…" but a
 * stored query's); uniqueIds of documents, submission sets and folders; of HL7 v3 the message's id and creationTime;
 * and submissionTime.
 */
void rewrite_learn(struct rewrite *r, struct str message);
struct str rewrite_apply(const struct rewrite *r, struct str message);
