#include "fault/outgoing.h"

#include "base/arena.h"
#include "base/buf.h"
#include "fault/fault.h"
#include "wire/xml.h"

struct str outgoing_join(struct arena *a, const struct str *runs, size_t count)
{
    struct buf *all = buf_new(a, SIZE_MAX);

    for (size_t i = 0; i < count; i++)
        buf_add_str(all, runs[i]);
    return buf_str(all);
}

struct xml_node *outgoing_tree(struct outgoing *o)
{
    if (o->is_raw || o->root != NULL)
        return o->root;
    if (xml_parse(o->arena, o->text, NULL, &o->root, NULL) != OK)
        o->root = NULL;
    return o->root;
}

/* What was changed in the tree so far goes with the text. */
static void text_make(struct outgoing *o)
{
    if (o->root == NULL || o->is_raw)
        return;
    struct buf *text = buf_new(o->arena, BUF_MAX_DEFAULT);
    xml_write_node(text, o->root);
    o->text = buf_str(text);
}

void outgoing_replace(struct outgoing *o, struct str text)
{
    o->text = text;
    o->root = NULL;
    o->is_raw = true;
}

struct str outgoing_text(struct outgoing *o)
{
    text_make(o);
    return o->text;
}

void outgoing_apply(struct outgoing *o, const struct fault *faults, size_t count)
{
    for (size_t i = 0; i < count; i++)
        faults[i].kind->apply(o, &faults[i]);
    text_make(o);
}
