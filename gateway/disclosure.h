#pragma once
/*
 * What a patient's consent (model/consent.h) lets a Responding Gateway tell. Whoever asks learns as much of a patient
 * without consent as of one who was never here: nobody is found, nothing is registered, no document is there (ITI TF-2:
 * 3.55.4.2.3 case 4; 3.18.4.1.3; ITI TF-3: Table 4.2.4.1-2, XDSDocumentUniqueIdError; docs/decisions/010).
 */

#include "actor/request.h"
#include "base/rc.h"
#include "model/patient.h"
#include "msg/retrieve.h"
#include "wire/xml.h"

#include <stdbool.h>

/*
 * As long as nobody at all keeps anything back, that is known without asking the database. Whoever changes consents
 * says so before it is committed; when the database is another, what was known is forgotten.
 */
void disclosure_changes(void);
void disclosure_forget(void);

/*
 * Must an answer be looked at, before it goes, for what its patient's consent keeps back? patient NULL: it may be about
 * anybody of the community. E_IO.
 */
MUST_CHECK enum rc disclosure_restricts(struct request *rq, const struct patient_id *patient, bool *out);

/* Has this patient withdrawn their consent, so that there is nobody of this id? E_IO. */
MUST_CHECK enum rc disclosure_is_withdrawn(struct request *rq, const struct patient_id *patient, bool *out);

/*
 * Takes out of a registry's objects (LeafClass; NULL is no list) what their patients' consents do not cover, and the
 * associations that lead there. E_IO.
 */
MUST_CHECK enum rc disclosure_filter(struct request *rq, struct xml_node *object_list);

/* Leaves of each object its ObjectRef. */
void disclosure_refer(struct request *rq, struct xml_node *object_list);

/*
 * Asks the registry whose documents these are: LATER. Then proceed(rq, allowed) with those that may leave, in their
 * order; each of the others is an error of rq's. When the registry cannot say it, nothing leaves.
 */
enum rc disclosure_ask(struct request *rq, struct document_request *wanted,
                       enum rc (*proceed)(struct request *rq, struct document_request *allowed));
