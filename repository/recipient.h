#pragma once
/*
 * The XDR Document Recipient: takes submissions meant for somebody of its community and keeps them in an inbox. ITI
 * TF-1: 15, ITI TF-2: 3.41.4.1.3.1. Path word "recipient".
 */

#include "actor/request.h"
#include "model/document.h"
#include "net/http_server.h"

/*
 * What a recipient may ask of metadata: column XDR of ITI TF-3: Table 4.3.1-3, of an object that says limitedMetadata
 * column LIM, nothing beyond. Adds every issue it finds.
 */
void recipient_check(struct request *rq, const struct submission *s);
/* What is kept as it came and not acted upon: warnings. */
void recipient_warn(struct request *rq, const struct submission *s);

/* GET /inbox/COMMUNITY: what came, as JSON; /inbox/COMMUNITY/NUMBER/K: the bytes of its K-th document. */
#define INBOX_PATH "/inbox"
void inbox_page(struct service *s, struct http_request *http);
