#pragma once
/* Reading one object of a RegistryObjectList by its table. Private to ebrim_*.c. */

#include "base/rc.h"
#include "model/issue.h"
#include "msg/ebrim_table.h"
#include "wire/xml.h"

struct arena;

struct ebrim_reader {
    struct arena *arena;
    enum issue_code code;
    struct issue_list *issues;
};

/* An issue at the place of node, unless there are so many already that one more helps nobody. */
void ebrim_report(const struct ebrim_reader *r, const struct xml_node *node, const char *fmt, ...) PRINTF_LIKE(3, 4);

/* n, which is of class, into the struct that class describes. */
void ebrim_read(struct ebrim_reader *r, const struct ebrim_class *class, const struct xml_node *n, void *object);
