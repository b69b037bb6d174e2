/* Any bytes as a record of the journal: no crash, and what is packed in its texts ends where they do. */
#include "actor/journal_record.h"
#include "base/arena.h"

#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *a = arena_new();
    struct str all = { (const char *)data, size }, line;
    struct journal_record r;
    struct journal_issue issue;
    struct journal_part part;

    if (journal_record_decode(all, &r) == OK) {
        struct str issues = r.text[JOURNAL_ISSUES], parts = r.text[JOURNAL_PARTS], lines = r.text[JOURNAL_HEADERS];
        while (journal_issue_next(a, &issues, &issue))
            ;
        while (journal_part_next(a, &parts, &part))
            ;
        while (journal_line_next(&lines, &line))
            ;
    }
    while (journal_issue_next(a, &all, &issue))
        ;
    arena_free(a);
    return 0;
}
