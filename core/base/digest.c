#include "base/digest.h"

#include "base/arena.h"
#include "base/buf.h"

#include <openssl/evp.h>
#include <string.h>

struct digest {
    EVP_MD_CTX *ctx;
};

struct digest *digest_new(enum digest_kind kind)
{
    struct digest *d = OPENSSL_zalloc(sizeof(*d));
    const EVP_MD *md = kind == DIGEST_SHA1 ? EVP_sha1() : EVP_sha256();

    if (d == NULL || (d->ctx = EVP_MD_CTX_new()) == NULL || EVP_DigestInit_ex(d->ctx, md, NULL) != 1)
        die("digest: OpenSSL has no %s", kind == DIGEST_SHA1 ? "SHA-1" : "SHA-256");
    return d;
}

void digest_free(struct digest *d)
{
    if (d == NULL)
        return;
    EVP_MD_CTX_free(d->ctx);
    OPENSSL_free(d);
}

void digest_add(struct digest *d, const void *data, size_t len)
{
    if (EVP_DigestUpdate(d->ctx, data, len) != 1)
        die("digest: update failed");
}

void digest_hex(struct digest *d, char *out)
{
    static const char hex[] = "0123456789abcdef";
    unsigned char raw[EVP_MAX_MD_SIZE];
    unsigned n = 0;

    if (EVP_DigestFinal_ex(d->ctx, raw, &n) != 1)
        die("digest: final failed");
    for (unsigned i = 0; i < n; i++) {
        out[2 * i] = hex[raw[i] >> 4];
        out[2 * i + 1] = hex[raw[i] & 15];
    }
    out[2 * n] = '\0';
}

static void all_hex(enum digest_kind kind, struct str data, char *out)
{
    struct digest *d = digest_new(kind);

    digest_add(d, data.data, data.len);
    digest_hex(d, out);
    digest_free(d);
}

void sha1_hex(struct str data, char out[SHA1_HEX_LEN])
{
    all_hex(DIGEST_SHA1, data, out);
}

void sha256_hex(struct str data, char out[SHA256_HEX_LEN])
{
    all_hex(DIGEST_SHA256, data, out);
}

static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

void base64_encode(struct str data, struct buf *out)
{
    const unsigned char *p = (const unsigned char *)data.data;

    if (data.len == 0 || !buf_reserve(out, (data.len + 2) / 3 * 4))
        return;
    char *to = out->data + out->len;
    for (size_t i = 0; i < data.len; i += 3) {
        size_t left = data.len - i;
        unsigned v = (unsigned)p[i] << 16 | (left > 1 ? (unsigned)p[i + 1] << 8 : 0) | (left > 2 ? p[i + 2] : 0);
        *to++ = alphabet[v >> 18];
        *to++ = alphabet[v >> 12 & 63];
        *to++ = left > 1 ? alphabet[v >> 6 & 63] : '=';
        *to++ = left > 2 ? alphabet[v & 63] : '=';
    }
    out->len = (size_t)(to - out->data);
}

static int base64_value(char c)
{
    if (c >= 'A' && c <= 'Z')
        return c - 'A';
    if (c >= 'a' && c <= 'z')
        return c - 'a' + 26;
    if (c >= '0' && c <= '9')
        return c - '0' + 52;
    return c == '+' ? 62 : c == '/' ? 63 : -1;
}

enum rc base64_decode(struct arena *a, struct str text, struct str *out)
{
    char *data = arena_alloc(a, text.len / 4 * 3 + 3);
    size_t n = 0;
    unsigned bits = 0, have = 0, pads = 0;

    for (size_t i = 0; i < text.len; i++) {
        char c = text.data[i];
        if (c == ' ' || c == '\t' || c == '\r' || c == '\n')
            continue;
        if (c == '=') {
            if (++pads > 2)
                return E_SYNTAX;
            continue;
        }
        int v = base64_value(c);
        if (v < 0 || pads > 0)
            return E_SYNTAX;
        bits = bits << 6 | (unsigned)v;
        if (++have == 4) {
            data[n++] = (char)(bits >> 16);
            data[n++] = (char)(bits >> 8);
            data[n++] = (char)bits;
            bits = have = 0;
        }
    }
    if (have == 1 || (have != 0 && have + pads != 4) || (have == 0 && pads != 0))
        return E_SYNTAX;
    if (have == 2)
        data[n++] = (char)(bits >> 4);
    if (have == 3) {
        data[n++] = (char)(bits >> 10);
        data[n++] = (char)(bits >> 2);
    }
    *out = (struct str){ data, n };
    return OK;
}
