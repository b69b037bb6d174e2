#include "wire/mllp.h"

#define BEGIN '\x0b'
#define END   '\x1c'

void mllp_init(struct mllp *m, size_t max)
{
    *m = (struct mllp){ 0 };
    buf_init(&m->message, max);
}

/* The bytes before the next mark, or all; they and the mark leave *in. *mark is 0 when there was none. */
static struct str take_until_mark(struct str *in, char *mark)
{
    size_t n = 0;

    while (n < in->len && in->data[n] != BEGIN && in->data[n] != END)
        n++;
    struct str taken = { in->data, n };
    *mark = n < in->len ? in->data[n] : 0;
    n += *mark != 0;
    *in = (struct str){ in->data + n, in->len - n };
    return taken;
}

/* The frame is given up; a mark that begins another is left in *in. */
static enum rc give_up(struct mllp *m, struct str *in, char mark)
{
    if (mark == BEGIN)
        *in = (struct str){ in->data - 1, in->len + 1 };
    m->inside = false;
    m->skipping = mark == 0;
    return E_LIMIT;
}

enum rc mllp_feed(struct mllp *m, struct str *in, bool *whole)
{
    *whole = false;
    while (in->len > 0 && !*whole) {
        char mark;
        struct str text = take_until_mark(in, &mark);
        size_t room = m->message.max - m->message.len;
        if (m->inside)
            buf_add(&m->message, text.data, MIN(text.len, room));
        if (m->inside && text.len > room)
            return give_up(m, in, mark);
        if (mark == BEGIN)
            buf_reset(&m->message);
        *whole = mark == END && m->inside && m->message.len > 0;
        m->inside = mark == BEGIN || (m->inside && mark != END);
        m->skipping = m->skipping && mark == 0;
    }
    return OK;
}

void mllp_write(struct buf *out, struct str message)
{
    buf_add_char(out, BEGIN);
    buf_add_str(out, message);
    buf_add_literal(out, "\x1c\r");
}
