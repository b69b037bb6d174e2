#include "pixmgr/review_write.h"

const char *review_community(const struct world *w, const struct duplicate *d)
{
    for (size_t i = 0; i < w->count; i++) {
        if (w->communities[i].number == d->community)
            return w->communities[i].key;
    }
    return "?";
}

static void patient_write(struct json_writer *w, const struct patient *p)
{
    jw_object(w, NULL);
    jw_list(w, "ids");
    for (const struct patient_id *id = p->ids; id != NULL; id = id->next) {
        jw_object(w, NULL);
        jw_text(w, "domain", id->root);
        jw_text(w, "id", id->extension);
        jw_end_object(w);
    }
    jw_end_list(w);
    jw_list(w, "names");
    for (const struct person_name *n = p->names; n != NULL; n = n->next) {
        jw_object(w, NULL);
        jw_text(w, "use", n->use);
        jw_text(w, "family", n->family);
        jw_text(w, "given", n->given);
        jw_end_object(w);
    }
    jw_end_list(w);
    jw_text(w, "birthDate", p->birth_time);
    jw_text(w, "gender", p->gender);
    jw_end_object(w);
}

void review_write(struct json_writer *w, const struct world *world, const struct duplicate *d)
{
    jw_object(w, NULL);
    jw_integer(w, "number", d->number);
    jw_text(w, "community", review_community(world, d));
    jw_integer(w, "score", d->score);
    jw_list(w, "patients");
    patient_write(w, &d->patients[0]);
    patient_write(w, &d->patients[1]);
    jw_end_list(w);
    jw_end_object(w);
}
