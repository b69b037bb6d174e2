#pragma once
/* What a gateway has to know of a stored query: is it about a patient, and which parameter names them. */

#include "actor/request.h"
#include "base/rc.h"
#include "model/community.h"
#include "model/patient.h"
#include "msg/adhoc_query.h"

/* E_REFUSED: no such stored query crosses gateways (those of ITI-51 do not). */
MUST_CHECK enum rc query_kind_get(struct request *rq, const struct adhoc_query *q, const struct stored_query **out);

/* The patient asked about. E_REFUSED: none, several, or no CX. */
MUST_CHECK enum rc query_patient(struct request *rq, const struct adhoc_query *q, const struct stored_query *kind,
                                 struct patient_id *out);

/* The same query for another community: about its own id of the patient (NULL: no patient is named). */
struct adhoc_query query_for(struct arena *a, const struct adhoc_query *q, const struct stored_query *kind,
                             const struct community *c, const struct patient_id *id);
