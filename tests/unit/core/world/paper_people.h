#pragma once
/* People and communities made by hand, for tests of the documents that need no generator of people. */

#include "world/papers.h"

#include <stdio.h>
#include <string.h>

static struct facility paper_facilities[] = {
    { .name = "架橋総合病院", .kind = "hospital", .oid = "2.999.392.3.7.1", .next = &paper_facilities[1] },
    { .name = "みどり診療所", .kind = "clinic", .oid = "2.999.392.3.7.2", .next = &paper_facilities[2] },
    { .name = "閲覧薬局", .kind = "pharmacy", .oid = "2.999.392.3.7.3", .is_viewing_only = true },
};
static struct repository paper_repository = { .number = 1, .unique_id = "2.999.392.4.7.1", .name = "データセンター" };

static inline struct community paper_community(unsigned shared_items)
{
    return (struct community){ .number = 7,
                               .key = "0007",
                               .slug = "kakehashi",
                               .name = "架け橋ネット",
                               .home_community_id = "urn:oid:2.999.392.1.7",
                               .patient_id_domain = "2.999.392.2.7",
                               .facilities = paper_facilities,
                               .repositories = &paper_repository,
                               .shared_items = shared_items };
}

#define EVERY_ITEM ((1u << SHARED_COUNT) - 1)

/* Everything a person is made of; person points into it. */
struct paper_person {
    struct person person;
    struct patient_id ids[4];
    struct person_name names[3];
    struct address address;
    struct telecom telecom;
    char region[16], facility[3][16];
};

/* The n-th: born on `birth`, of alternating sex; their name has letters JIS X 0208 does not know and what XML and HL7
 * escape. */
static inline void paper_person_make(struct paper_person *p, unsigned n, const char *birth)
{
    static const char *const oids[] = { "2.999.392.2.7", "2.999.392.3.7.1", "2.999.392.3.7.2", "2.999.392.3.7.3" };

    memset(p, 0, sizeof(*p));
    snprintf(p->region, sizeof(p->region), n % 2 ? "%010u" : "R%05u", n + 1);
    for (unsigned i = 0; i < 3; i++)
        snprintf(p->facility[i], sizeof(p->facility[i]), "%u%06u", i + 1, n + 1);
    for (unsigned i = 0; i < 4; i++)
        p->ids[i] = (struct patient_id){ .root = oids[i],
                                         .extension = i == 0 ? p->region : p->facility[i - 1],
                                         .next = i < 3 ? &p->ids[i + 1] : NULL };
    p->names[0] = (struct person_name){ .use = "IDE", .family = "髙橋", .given = "花&子", .next = &p->names[1] };
    p->names[1] = (struct person_name){ .use = "SYL", .family = "タカハシ", .given = "ハナコ", .next = &p->names[2] };
    p->names[2] = (struct person_name){ .use = "ABC", .family = "TAKAHASHI", .given = "HANAKO" };
    p->address = (struct address){
        .state = "鳥取県", .city = "鳥取市", .street = "模擬町1-2-3", .postal_code = "680-0000", .country = "JPN"
    };
    p->telecom = (struct telecom){ .value = "tel:0857-00-0000", .use = "HP" };
    p->person = (struct person){ .n = n,
                                 .truth = 1000 + n,
                                 .patient = { .ids = p->ids,
                                              .names = p->names,
                                              .gender = n % 2 ? "M" : "F",
                                              .birth_time = birth,
                                              .addresses = &p->address,
                                              .telecoms = &p->telecom },
                                 .insurer = "06050116",
                                 .insured = "12・3456",
                                 .branch = "01",
                                 .home_facility = &paper_facilities[0] };
}
