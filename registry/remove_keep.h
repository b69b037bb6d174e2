#pragma once
/* The rules of ITI-62 (ITI TF-2: 3.62.4.1.3): what remains is whole, or nothing goes. */

#include "base/rc.h"

struct db;
struct request;

/* rq->state is the struct remove_objects. On the writer's thread: judges it by what is registered, and removes. */
MUST_CHECK enum rc remove_keep(struct db *db, struct request *rq);
