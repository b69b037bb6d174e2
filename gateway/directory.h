#pragma once
/*
 * Which other communities hold a patient, as a Health Data Locator remembers it (ITI TF-1: 27; ITI TF-2: 3.56): learnt
 * from discoveries (ITI-55), each for as long as its correlation lives, gone with the daemon. For all communities of a
 * gateway and all its loops; when it is full, the oldest goes.
 */

#include "model/community.h"
#include "msg/patient_location.h"

#include <stdint.h>

struct arena;
struct daemon;

/* The gateway's .open, and its .close and .forget: all that was learnt goes. */
enum rc directory_open(struct daemon *d);
void directory_close(struct daemon *d);

/*
 * The community `at` has heard that patient, by its own id, is `place->id` at place->home. Replaces what was known of
 * that home. seconds: from now; 0 forgets.
 */
void directory_learn(const struct community *at, const struct patient_id *patient, const struct patient_place *place,
                     int64_t seconds);

/* In the arena, in the order of learning; NULL: none. */
struct patient_place *directory_find(struct arena *a, const struct community *at, const struct patient_id *patient);
