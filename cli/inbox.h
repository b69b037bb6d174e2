#pragma once
/* kakehashi documents --inbox: what was sent to the Document Recipient of a community (XDR). */

#include <stdbool.h>

struct args;

/* The bytes of every document go into the folder `save`, unless it is NULL. An exit code. */
int inbox_show(struct args *args, const char *community, const char *save, bool as_json);

/* "xml", "pdf" …; "bin" for types that have none here. */
const char *mime_extension(const char *mime_type);
