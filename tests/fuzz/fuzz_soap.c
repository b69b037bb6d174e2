/*
 * Any bytes as a SOAP request and as a response: no crash; a refusal can be written as a fault that reads back; a tree
 * that was read is the same after being written and read again.
 */
#include "base/arena.h"
#include "wire/soap.h"

#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void fault_must_read_back(struct arena *a, const struct soap_fault *fault, const char *relates_to)
{
    struct buf *b = buf_new(a, BUF_MAX_DEFAULT);
    struct soap_fault again;
    struct soap soap;

    soap_write_fault(b, fault, relates_to);
    if (soap_parse_response(a, buf_str(b), &soap, &again) != OK || !soap.is_fault || again.code != fault->code)
        die("a fault does not read back: %s", buf_text(b));
}

static void tree_must_read_back(struct arena *a, const struct xml_node *tree)
{
    struct buf *first = buf_new(a, BUF_MAX_DEFAULT), *second = buf_new(a, BUF_MAX_DEFAULT);
    struct xml_node *again;

    xml_write_node(first, tree);
    if (xml_parse(a, buf_str(first), NULL, &again, NULL) != OK)
        die("what was written does not read back: %s", buf_text(first));
    xml_write_node(second, again);
    if (!text_equal(buf_text(first), buf_text(second)))
        die("it reads back as something else: %s", buf_text(first));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct str bytes = { (const char *)data, size };
    struct arena *a = arena_new();
    struct soap soap;
    struct soap_fault fault;

    for (int strict = 0; strict < 2; strict++)
        if (soap_parse_request(a, bytes, strict != 0, &soap, &fault) == E_REFUSED)
            fault_must_read_back(a, &fault, soap.message_id);
    if (soap_parse_response(a, bytes, &soap, &fault) == OK)
        tree_must_read_back(a, soap.envelope);
    arena_free(a);
    return 0;
}
