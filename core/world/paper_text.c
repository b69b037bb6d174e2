/* Plain-text records: progress note, operation, nursing, diet, dispensing. fixtures/documents/text-KIND.txt. */
#include "world/paper.h"

#define PHRASE_FIELD(name, which)                                                                                      \
    static void name(struct pen *pen, const struct paper *p, unsigned row UNUSED)                                      \
    {                                                                                                                  \
        pen_phrase(pen, p, which);                                                                                     \
    }
PHRASE_FIELD(subjective, PHRASE_SUBJECTIVE)
PHRASE_FIELD(objective, PHRASE_OBJECTIVE)
PHRASE_FIELD(assessment, PHRASE_COURSE)
PHRASE_FIELD(plan, PHRASE_PLAN)
PHRASE_FIELD(operation, PHRASE_OPERATION)
PHRASE_FIELD(nursing, PHRASE_NURSING)
PHRASE_FIELD(state, PHRASE_DISCHARGE)
PHRASE_FIELD(diet, PHRASE_DIET)

const struct paper_field paper_text_fields[] = {
    { "text.subjective", subjective },
    { "text.objective", objective },
    { "text.assessment", assessment },
    { "text.plan", plan },
    { "text.operation", operation },
    { "text.nursing", nursing },
    { "text.nursing-more", state },
    { "text.diet", diet },
    { NULL, NULL },
};
