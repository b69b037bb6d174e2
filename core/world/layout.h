#pragma once
/*
 * The rules that make a live community of a survey sheet, all of them (docs/community-files.md, "Layout" has them in
 * words). The files carry the result, so that OIDs stay when a rule changes; a test holds the files to the rules.
 */

#include "model/community.h"

struct arena;
struct json;
struct json_writer;

#define LAYOUT_HOSPITALS      8                                            /* laid out one by one, at most */
#define LAYOUT_SHARED_DEFAULT (1u << SHARED_BASIC | 1u << SHARED_REFERRAL) /* where the sheet lists nothing */

/*
 * From c->number, c->name and the survey part of its file: facilities, repositories, profiles, shared items, consent,
 * common id and registered patients. What the survey does not say stays as nothing does.
 */
void layout_make(struct arena *a, const struct json *survey, struct community *c);

/* A community as the "simulation" of its file, at the top level of w. */
void layout_write(const struct community *c, struct json_writer *w);

/* "XDS.b" → PROFILE_XDS_B; PROFILE_NONE for any other text. */
enum profile layout_profile(const char *label);
/* "○", "△"; MARK_NOT_STATED for anything else. */
enum mark layout_mark(const char *text);
/* A whole number, not negative. */
bool layout_is_count(const struct json *value);
