#include "cli/breaks.h"

#include "base/str.h"

static const struct break_table *const tables[] = { &breaks_request,  &breaks_attributes, &breaks_links,
                                                    &breaks_state,    &breaks_update,     &breaks_query,
                                                    &breaks_document, &breaks_community,  &breaks_soap,
                                                    &breaks_hl7v2,    &breaks_hl7v3,      &breaks_imaging };

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

static const struct {
    const char *transaction;
    const struct break_ground *ground;
} usual[] = {
    { "ITI-57", &break_ground_update },        { "ITI-92", &break_ground_update },
    { "ITI-62", &break_ground_removal },       { "ITI-43", &break_ground_provided },
    { "ITI-86", &break_ground_provided },      { "ITI-39", &break_ground_provided },
    { "ITI-8", &break_ground_feed },           { "ITI-44", &break_ground_feed },
    { "ITI-44-merge", &break_ground_merge },   { "ITI-9", &break_ground_pix },
    { "ITI-45", &break_ground_pix },           { "ITI-56", &break_ground_pix },
    { "ITI-21", &break_ground_find },          { "ITI-22", &break_ground_find },
    { "ITI-47", &break_ground_find },          { "ITI-55", &break_ground_find },
    { "ITI-55-deferred", &break_ground_find }, { "ITI-63", &break_ground_fetch },
    { "RAD-69", &break_ground_images },        { "ITI-47-continue", &break_ground_more },
    { "ITI-47-cancel", &break_ground_more },   { "RAD-75", &break_ground_images },
};

const struct break_ground *break_ground(const struct break_row *row, const char *transaction)
{
    if (row->ground != NULL)
        return row->ground;
    for (size_t i = 0; i < ARRAY_LEN(usual); i++) {
        if (text_equal(usual[i].transaction, transaction))
            return usual[i].ground;
    }
    return NULL;
}
