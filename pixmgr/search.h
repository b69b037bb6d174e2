#pragma once
/*
 * Finding people for ITI-21, ITI-22 and ITI-47, a page at a time: what the store finds by name, id, sex and birth,
 * narrowed by address, place of birth, time of death, telephone, mother, provider, status, degree of match, visits and
 * the domains that were asked for.
 */

#include "actor/request.h"
#include "msg/prpa_find.h"
#include "pixmgr/continuation.h"
#include "pixmgr/visits.h"

#define SEARCH_PAGE_MAX 200 /* patients of one answer, whatever quantity is asked for */

struct search {
    const struct find_query *by;
    const struct visit *visit; /* who has such a visit (ITI-22); NULL: whoever */
};

struct found {
    struct patient *patients; /* of this page, with the ids of the domains asked for */
    int64_t *numbers;         /* which persons they are */
    int count;                /* of them */
    int total;                /* that the query found */
    const int64_t *people;    /* behind this page */
    size_t rest;              /* how many those are */
};

/*
 * The first page: at most quantity (0: as many as one answer holds). E_REFUSED with an issue at place when more match
 * than a query may find, or than can be looked through for an address, a telephone number or a domain.
 */
MUST_CHECK enum rc search_first(struct request *rq, const struct search *s, int quantity, const char *place,
                                struct found *out);
/*
 * How well a patient that was found matches, in percent: less than in full when a name was asked for by its beginning
 * and goes on behind it.
 */
int search_degree(struct arena *a, const struct find_query *q, const struct patient *p);

/* The next page of what was found before. Whoever is not there any more is left out. */
MUST_CHECK enum rc search_next(struct request *rq, const struct search *s, int quantity,
                               const struct continuation *from, struct found *out);
