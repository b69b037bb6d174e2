/*
 * kakehashi-pixmgr: PIX Manager and Patient Demographics Supplier of every community. `score`, `review`, `same`,
 * `apart` and `merged` as its first word look into what it keeps and decide about it, `fill` makes something to
 * measure.
 */
#include "pixmgr/fill.h"
#include "pixmgr/pixmgr.h"
#include "pixmgr/review_main.h"
#include "pixmgr/score.h"

#include <string.h>

static const struct {
    const char *word;
    int (*run)(int argc, char **argv);
} tools[] = { { "score", score_main },    { "review", review_main },   { "same", decision_main },
              { "apart", decision_main }, { "merged", decision_main }, { "fill", fill_main } };

int main(int argc, char **argv)
{
    for (size_t i = 0; argc > 1 && i < ARRAY_LEN(tools); i++) {
        if (strcmp(argv[1], tools[i].word) == 0)
            return tools[i].run(argc, argv);
    }
    return daemon_main(&pixmgr_spec, argc, argv);
}
