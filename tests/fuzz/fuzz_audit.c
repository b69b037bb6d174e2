/*
 * Any bytes as an audit message and as a packet of time: no crash; what a record's message says can be written again,
 * and is then valid XML that says the same event.
 */
#include "audit/record.h"
#include "base/arena.h"
#include "wire/sntp.h"
#include "wire/xml.h"

#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void write_again(struct arena *a, const struct audit_message *m)
{
    struct buf *out = buf_new(a, BUF_MAX_DEFAULT);
    struct audit_message again;
    struct xml_node *root;

    audit_message_encode(m, out);
    if (xml_parse(a, buf_str(out), NULL, &root, NULL) != OK)
        die("what was written is no XML");
    audit_message_decode(a, root, true, &again);
    if (!text_equal(again.event.code, m->event.code) || again.outcome != m->outcome)
        die("another event was written");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct community none;
    static const struct world nobody = { &none, 0 };
    struct arena *a = arena_new();
    struct buf *bytes = buf_new(a, BUF_MAX_DEFAULT);
    struct audit_message m;
    struct record r;
    struct sntp packet;

    buf_add_literal(bytes, "<85>1 - h a p IHE+RFC-3881 - ");
    buf_add(bytes, data, size);
    record_read(a, &nobody, &(struct syslog_record){ .bytes = buf_str(bytes), .transport = "udp", .peer = "p" },
                1774915200000, 60000, &r);
    if (r.raw.len != bytes->len)
        die("bytes were lost");
    if (record_message(a, r.raw, &m) == OK) {
        m.time_ms = m.time_ms == INT64_MIN ? 0 : m.time_ms;
        write_again(a, &m);
    }
    (void)!sntp_read((struct str){ (const char *)data, size }, &packet);
    arena_free(a);
    return 0;
}
