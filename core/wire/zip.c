#include "wire/zip.h"

#define VERSION       20     /* needed to extract: 2.0 */
#define UTF8_NAMES    0x0800 /* general purpose flag, bit 11 */
#define FIRST_OF_1980 0x21

static uint32_t crc32_of(struct str s)
{
    uint32_t crc = 0xffffffffu;

    for (size_t i = 0; i < s.len; i++) {
        crc ^= (uint8_t)s.data[i];
        for (int bit = 0; bit < 8; bit++)
            crc = crc >> 1 ^ (0xedb88320u & (0u - (crc & 1)));
    }
    return ~crc;
}

static void add16(struct buf *out, unsigned value)
{
    buf_add_char(out, (char)(value & 0xff));
    buf_add_char(out, (char)(value >> 8 & 0xff));
}

static void add32(struct buf *out, uint32_t value)
{
    add16(out, value & 0xffff);
    add16(out, value >> 16);
}

void zip_init(struct zip *z, struct buf *out)
{
    *z = (struct zip){ .out = out, .date = FIRST_OF_1980 };
    buf_init(&z->directory, BUF_MAX_DEFAULT);
}

/* What the local and the central header of a file have in common. */
static void add_common(struct buf *out, const struct zip *z, uint32_t crc, size_t size, size_t name)
{
    add16(out, VERSION);
    add16(out, UTF8_NAMES);
    add16(out, 0); /* stored */
    add16(out, 0); /* midnight */
    add16(out, z->date);
    add32(out, crc);
    add32(out, (uint32_t)size);
    add32(out, (uint32_t)size);
    add16(out, (unsigned)name);
    add16(out, 0); /* extra field */
}

void zip_add(struct zip *z, const char *name, struct str content)
{
    uint32_t crc = crc32_of(content), at = (uint32_t)z->out->len;
    size_t length = strlen(name);

    if (z->count == UINT16_MAX || length > UINT16_MAX || content.len > UINT32_MAX - at)
        return;
    z->count++;
    add32(z->out, 0x04034b50);
    add_common(z->out, z, crc, content.len, length);
    buf_add(z->out, name, length);
    buf_add_str(z->out, content);

    add32(&z->directory, 0x02014b50);
    add16(&z->directory, VERSION);
    add_common(&z->directory, z, crc, content.len, length);
    add16(&z->directory, 0); /* comment */
    add16(&z->directory, 0); /* disk */
    add16(&z->directory, 0); /* internal attributes */
    add32(&z->directory, 0); /* external attributes */
    add32(&z->directory, at);
    buf_add(&z->directory, name, length);
}

void zip_end(struct zip *z)
{
    uint32_t at = (uint32_t)z->out->len;

    buf_add_str(z->out, buf_str(&z->directory));
    add32(z->out, 0x06054b50);
    add16(z->out, 0); /* disks */
    add16(z->out, 0);
    add16(z->out, z->count);
    add16(z->out, z->count);
    add32(z->out, (uint32_t)z->directory.len);
    add32(z->out, at);
    add16(z->out, 0); /* comment */
    buf_clear(&z->directory);
}
