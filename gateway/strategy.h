#pragma once
/* How an Initiating Gateway finds out who holds a patient, as people write it (docs/gateways.md). */

#include "model/community.h"

#include <stdbool.h>

struct arena;

#define STRATEGY_WORDS "xcpd, broadcast, pix, pix@ID, plq or plq@ID"

struct strategy {
    enum locate way;
    bool is_anew;               /* LOCATE_XCPD: everybody is asked, whatever is remembered */
    const struct community *at; /* whose PIX manager or directory; NULL: none is named */
};

/* NULL and *out, or what is wrong with the text. */
const char *strategy_parse(struct arena *a, const struct world *w, const char *text, struct strategy *out);
/* "pix@backbone" */
const char *strategy_text(struct arena *a, const struct strategy *s);

/* As the community's file says. at NULL: it says none, or one that does not live here. */
struct strategy strategy_of_file(const struct world *w, const struct community *c);
/* Whom the community asks when nobody is named: the backbone's PIX manager, the directory of the first community that
 * it is linked with. NULL: there is none. */
const struct community *strategy_place(const struct world *w, const struct community *c, const struct strategy *s);
