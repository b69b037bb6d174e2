#pragma once
/*
 * Before a query runs, the sleepers it may find (sleepers.h) are woken: whomever its parameters name, or, when it asks
 * across patients, whoever has a document with the value that leads to objects.
 */

#include "base/rc.h"

struct query;

/*
 * Then query_run(q) runs, now or after the writer, which is LATER; many are woken some at a time, so that others may
 * write between. E_REFUSED as the query itself would be: too many would have to be looked at.
 */
MUST_CHECK enum rc query_wake(struct query *q);
