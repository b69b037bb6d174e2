#pragma once
/* The answers of many communities as one (ITI TF-2: 3.18.4.1.3, 3.38.4.1.3). */

#include "base/buf.h"
#include "model/community.h"
#include "model/issue.h"
#include "model/patient.h"
#include "msg/adhoc_query.h"

struct arena;

struct query_merge {
    struct buf *objects; /* children of the RegistryObjectList, in the order they were added */
    int answered;        /* communities that gave a positive answer, an empty one included */
};

/* Whose answer it is, to a question about whom. */
struct asked {
    const struct community *community;
    const struct patient_id *patient; /* as the community calls them; NULL: the question names nobody */
};

/*
 * A community's answer: its objects as far as they are usable (gateway/object_flaw.h), each of them with its home, and
 * its errors, located there. That it does not know the patient is no error here: nobody asked it to.
 */
void query_merge_add(struct arena *a, struct query_merge *m, const struct asked *to, struct adhoc_answer *answer,
                     struct issue_list *issues);

/* Success, PartialSuccess when some gave an answer and there are errors, Failure when none did. */
enum registry_status query_merge_status(const struct query_merge *m, const struct issue_list *issues);
