/* 診療情報提供書: CDA R2, LOINC 57133-1. The document is fixtures/documents/cda-referral.xml; here is what only it
 * says. */
#include "world/paper.h"

static void purpose(struct pen *pen, const struct paper *p, unsigned row UNUSED)
{
    pen_phrase(pen, p, PHRASE_PURPOSE);
}

static void history(struct pen *pen, const struct paper *p, unsigned row UNUSED)
{
    pen_phrase(pen, p, PHRASE_HISTORY);
}

static void course(struct pen *pen, const struct paper *p, unsigned row UNUSED)
{
    pen_phrase(pen, p, PHRASE_COURSE);
}

static void recipient_oid(struct pen *pen, const struct paper *p, unsigned row UNUSED)
{
    pen_text(pen, p->recipient->oid);
}

static void recipient_name(struct pen *pen, const struct paper *p, unsigned row UNUSED)
{
    pen_text(pen, p->recipient->name);
}

const struct paper_field paper_referral_fields[] = {
    { "referral.purpose", purpose },    { "referral.history", history },      { "referral.course", course },
    { "recipient.oid", recipient_oid }, { "recipient.name", recipient_name }, { NULL, NULL },
};
