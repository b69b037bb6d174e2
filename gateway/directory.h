#pragma once
/*
 * Which other communities hold a patient (ITI TF-1: 27; ITI TF-2: 3.56): learnt from discoveries (ITI-55), by who was
 * asked and by who was answered, each for as long as its correlation lives, gone with the daemon. A Health Data Locator
 * tells it on (ITI-56), an Initiating Gateway need not ask again. For all communities of a
 * gateway and all its loops; when it is full, the oldest goes.
 */

#include "model/community.h"
#include "msg/patient_location.h"

#include <stdint.h>

struct arena;

/*
 * The community `at` has heard that patient, by its own id, is `place->id` at place->home. Replaces what was known of
 * that home. seconds: from now; 0 forgets.
 */
void directory_learn(const struct community *at, const struct patient_id *patient, const struct patient_place *place,
                     int64_t seconds);

/* What was known of that patient and that home goes; so does everything that a community knows, or all of it. */
void directory_forget(const struct community *at, const struct patient_id *patient, const char *home);
void directory_forget_community(const struct community *at);
void directory_clear(void);
/* How much each community knows, by its number; what has run out is included. */
size_t *directory_counts(struct arena *a, const struct world *w);

/* In the arena, in the order of learning; NULL: none. */
struct patient_place *directory_find(struct arena *a, const struct community *at, const struct patient_id *patient);
