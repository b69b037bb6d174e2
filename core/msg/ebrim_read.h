#pragma once
/* Reading one object of a RegistryObjectList by its table. Private to ebrim_*.c. */

#include "base/rc.h"
#include "model/rule.h"
#include "msg/ebrim_table.h"
#include "wire/xml.h"

struct arena;

struct ebrim_reader {
    struct arena *arena;
    enum issue_code code;
    struct issue_list *issues;
};

/* node breaks a rule: an issue, unless there are so many already that one more helps nobody. */
void ebrim_break(const struct ebrim_reader *r, enum rule rule, const struct xml_node *node, const char *fmt, ...)
    PRINTF_LIKE(4, 5);

/* n, which is of class, into the struct that class describes. */
void ebrim_read(struct ebrim_reader *r, const struct ebrim_class *class, const struct xml_node *n, void *object);
