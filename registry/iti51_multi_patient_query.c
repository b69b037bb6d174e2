/*
 * ITI-51 Multi-Patient Stored Query (Document Consumer -> Document Registry): ITI-18's messages with queries that may
 * name several patients, or none. ITI TF-2: 3.51.
 */
#include "registry/registry.h"

#include "registry/query.h"

enum rc iti51_multi_patient_query(struct request *rq)
{
    return query_serve(rq, true);
}
