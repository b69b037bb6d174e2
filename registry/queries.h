#pragma once
/* The stored queries this registry has: one row each. Their names and ids are core/msg/stored_query.h's. */

#include "registry/query.h"

const struct query_row *query_row_find(const char *id); /* NULL: it has none such */
