#pragma once
/* What the control API says of the journal, for people. */

#include "base/buf.h"
#include "wire/json.h"

struct arena;

void journal_print_list(struct arena *a, const struct json *root, struct buf *out);
/* One line, for followers. */
void journal_print_line(struct arena *a, const struct json *record, struct buf *out);
void journal_print_record(struct arena *a, const struct json *record, struct buf *out);
void journal_print_tree(struct arena *a, const struct json *root, struct buf *out);
void journal_print_verdict(struct arena *a, const struct json *verdict, struct buf *out);
