#include "cli/breaks.h"

#include "base/str.h"

static const struct break_table *const tables[] = { &breaks_request, &breaks_attributes, &breaks_links,
                                                    &breaks_state,   &breaks_update,     &breaks_query };

const struct break_row *break_at(size_t i)
{
    for (size_t t = 0; t < ARRAY_LEN(tables); i -= tables[t++]->count) {
        if (i < tables[t]->count)
            return &tables[t]->rows[i];
    }
    return NULL;
}

/* One of the words of a list. */
static bool is_word_of(const char *list, const char *word)
{
    size_t n = strlen(word);

    for (const char *at = list; (at = strstr(at, word)) != NULL; at += n) {
        if ((at == list || at[-1] == ' ') && (at[n] == ' ' || at[n] == '\0'))
            return true;
    }
    return false;
}

const struct break_row *break_find(const char *rule, const char *transaction)
{
    const struct break_row *row;

    for (size_t i = 0; (row = break_at(i)) != NULL; i++) {
        if (text_equal(row->rule, rule) && (transaction == NULL || is_word_of(row->transactions, transaction)))
            return row;
    }
    return NULL;
}
