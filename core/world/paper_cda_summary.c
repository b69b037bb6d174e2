/* 退院時サマリー: CDA R2, LOINC 18842-5. The document is fixtures/documents/cda-summary.xml; here is what only it says.
 */
#include "world/paper.h"

static void course(struct pen *pen, const struct paper *p, unsigned row UNUSED)
{
    pen_phrase(pen, p, PHRASE_HOSPITAL);
}

static void state(struct pen *pen, const struct paper *p, unsigned row UNUSED)
{
    pen_phrase(pen, p, PHRASE_DISCHARGE);
}

static void plan(struct pen *pen, const struct paper *p, unsigned row UNUSED)
{
    pen_phrase(pen, p, PHRASE_PLAN);
}

/* Days in hospital as they are billed: the first and the last both count. */
static void days(struct pen *pen, const struct paper *p, unsigned row UNUSED)
{
    long first = paper_days_of(p->start.year, p->start.month, p->start.day);
    long last = paper_days_of(p->stop.year, p->stop.month, p->stop.day);

    pen_number(pen, (unsigned)(last - first + 1), 1);
}

const struct paper_field paper_summary_fields[] = {
    { "summary.course", course },
    { "summary.state", state },
    { "summary.plan", plan },
    { "summary.days", days },
    { NULL, NULL },
};
