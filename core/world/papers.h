#pragma once
/*
 * The documents of a person, deterministic from the seed: which exist, their metadata, their bytes. Bytes are made when
 * asked for; what was made once is made again identically. Every document says on its face that it is simulated.
 * A person is `struct person` as people_get gives it; the community is the one they were asked for in.
 */

#include "base/buf.h"
#include "base/rc.h"
#include "model/document.h"
#include "world/people.h"

struct arena;
struct papers;

/*
 * The day on which the generator stands: every document is of the three years before it, and nothing here asks a clock.
 * Days since 1970-01-01; this is 2026-04-01.
 */
#define PAPERS_TODAY 20544

/* A person has fewer documents than this. */
#define PAPERS_MAX 16

/*
 * Reads FIXTURES/documents and FIXTURES/codes/survey.json. Constant afterwards, usable from any thread. E_CONFIG, with
 * a sentence in the log, for a file that is broken or lacks something.
 */
MUST_CHECK enum rc papers_new(struct arena *a, const char *fixtures, uint64_t seed, struct papers **out);

/*
 * How many documents a person has in a community, by its shared items (0 … some); none where no facility writes. The
 * person has the regional id, of at most 17 characters (28 when all are digits and dashes).
 */
unsigned papers_count(const struct papers *p, const struct community *c, const struct person *person);

/*
 * How many entries are registered of them: the documents, and behind them the medication list of whoever has a
 * prescription, which is made when it is asked for (community.on_demand).
 */
unsigned papers_entries(const struct papers *p, const struct community *c, const struct person *person);

/*
 * The k-th document (k < papers_entries): everything of its DocumentEntry but hash, size and the ids
 * given by a registry; one made on demand (its object_type says so) never has hash or size; repositoryUniqueId is NULL
 * where the community has none. uniqueId is fixed by community, person and k, whatever the seed.
 */
void papers_entry(struct arena *a, const struct papers *p, const struct community *c, const struct person *person,
                  unsigned k, struct document_entry *out);
/*
 * What it was submitted with: the set and the association of both. Each document has a submission of its own, made
 * when it was created. entryUUIDs, entry's own too, are fixed as the uniqueId is.
 */
void papers_submission(struct arena *a, const struct community *c, const struct person *person, unsigned k,
                       struct document_entry *entry, struct submission_set *set, struct association *member);
/* Its bytes, appended to out (k < papers_count). */
void papers_bytes(struct arena *a, const struct papers *p, const struct community *c, const struct person *person,
                  unsigned k, struct buf *out);

/*
 * Whose document a uniqueId names: the regional id (in the arena) of a person of this community, and k. E_NOT_FOUND for
 * a uniqueId of another form or community. Whether that person exists, and has so many documents, is for the caller to
 * ask.
 */
MUST_CHECK enum rc papers_find(struct arena *a, const struct community *c, const char *unique_id,
                               const char **regional_id, unsigned *k);
/*
 * The same of every id that a submission brought: uniqueIds of document and set, entryUUIDs of both and of their
 * association. n: as people_get counts.
 */
MUST_CHECK enum rc papers_person(struct arena *a, const struct community *c, const char *id, uint64_t *n);
