#pragma once
/* Negative responses that transactions of several daemons share: what a row's .refuse may be. */

struct request;

/* An rs:RegistryResponse with status Failure and every issue (ITI TF-3: 4.2.4). */
void refuse_with_registry_response(struct request *rq);

/*
 * An MCCI_IN000002UV01 that says CE (ITI TF-2: 3.44.4.2). The wrapper may be what was wrong, so whatever of it can be
 * read is echoed.
 */
void refuse_with_mcci_ack(struct request *rq);
