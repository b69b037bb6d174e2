/*
 * Any bytes in any combination of character sets (the first byte's bits): no crash. What was read can be written, and is
 * the same when it is read again; what cannot be read says why, and has read valid UTF-8 until then.
 */
#include "base/arena.h"
#include "wire/hl7v2_charset.h"
#include "wire/utf8.h"

#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define SETS (CHARSET_KATAKANA | CHARSET_KANJI | CHARSET_SUPPLEMENT | CHARSET_LATIN_1 | CHARSET_UTF_8)

static void check_utf8(const struct buf *text)
{
    for (size_t i = 0, len; i < text->len; i += len) {
        len = utf8_length(text->data + i, text->len - i);
        if (len == 0)
            die("what was read is no UTF-8");
    }
}

static void there_and_back(struct arena *a, unsigned sets, const struct buf *text)
{
    struct buf *bytes = buf_new(a, BUF_MAX_DEFAULT), *again = buf_new(a, BUF_MAX_DEFAULT);
    const char *why;
    size_t at;

    if (charset_encode(a, sets, buf_str(text), bytes, &at, &why) != OK)
        die("what was read cannot be written at %zu: %s", at, why);
    if (charset_decode(a, sets, buf_str(bytes), again, &why) != OK)
        die("what was written cannot be read: %s", why);
    if (again->len != text->len || (text->len > 0 && memcmp(again->data, text->data, text->len) != 0))
        die("what was written reads otherwise");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *a = arena_new();
    struct buf *text = buf_new(a, BUF_MAX_DEFAULT);
    unsigned sets = size > 0 ? data[0] & SETS : 0;
    struct str bytes = { size > 0 ? (const char *)data + 1 : "", size > 0 ? size - 1 : 0 };
    const char *why = NULL;

    enum rc rc = charset_decode(a, sets, bytes, text, &why);
    check_utf8(text);
    if (rc == OK)
        there_and_back(a, sets, text);
    else if (why == NULL || why[0] == '\0')
        die("nothing says what cannot be read");
    arena_free(a);
    return 0;
}
