#pragma once
/*
 * Uploads for the load generator: an ITI-41 whose ids and octets differ from one sending to the next, with a document
 * of any size, and an ITI-43 of one of them.
 */

#include "cli/bench_client.h"
#include "net/load.h"

/*
 * A submission of one document of `size` octets; its uniqueId may have LOAD_SERIAL in it.
 * spec gets url, body, fill, end, content type and what a positive answer says; the rest is the caller's.
 */
MUST_CHECK enum rc bench_upload(const struct bench_client *c, const char *unique_id, uint64_t size,
                                struct load_spec *spec);

/* The registration of one document whose ids differ each time, by itself (ITI-42). */
MUST_CHECK enum rc bench_registration(const struct bench_client *c, struct load_spec *spec);

/* The retrieval of a document that is there. */
MUST_CHECK enum rc bench_download(const struct bench_client *c, const char *unique_id, struct load_spec *spec);
