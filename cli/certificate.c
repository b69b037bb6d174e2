#include "cli/certificate.h"

#include "base/arena.h"
#include "base/log.h"

#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/pkcs12.h>
#include <openssl/rand.h>
#include <openssl/x509v3.h>
#include <stdio.h>
#include <time.h>

#define DAY   (24L * 3600)
#define YEARS 10L

struct authority {
    X509 *cert;
    EVP_PKEY *key;
};

struct extension {
    int nid;
    const char *value;
};

static const struct extension ca_extensions[] = {
    { NID_basic_constraints, "critical,CA:TRUE,pathlen:0" },
    { NID_key_usage, "critical,keyCertSign,cRLSign" },
    { NID_subject_key_identifier, "hash" },
};

static const struct extension leaf_extensions[] = {
    { NID_basic_constraints, "critical,CA:FALSE" },
    { NID_key_usage, "critical,digitalSignature" },
    { NID_subject_key_identifier, "hash" },
    { NID_authority_key_identifier, "keyid" },
};

static void need(bool ok, const char *what)
{
    char why[256];

    if (ok)
        return;
    ERR_error_string_n(ERR_get_error(), why, sizeof(why));
    die("OpenSSL cannot %s: %s", what, why);
}

/* Positive and unguessable (RFC 5280: 4.1.2.2). */
static void set_serial(X509 *cert)
{
    unsigned char bytes[16];

    need(RAND_bytes(bytes, sizeof(bytes)) == 1, "make random bytes");
    bytes[0] = (bytes[0] & 0x3f) | 0x40;
    BIGNUM *number = BN_bin2bn(bytes, sizeof(bytes), NULL);
    need(number != NULL && BN_to_ASN1_INTEGER(number, X509_get_serialNumber(cert)) != NULL, "set a serial number");
    BN_free(number);
}

/* RFC 5280 allows 64 characters, not bytes, in both CN and O: longer ones are cut. */
#define NAME_CHARACTERS 64

static int name_length(const char *text)
{
    int bytes = 0, characters = 0;

    for (; text[bytes] != '\0'; bytes++) {
        if ((text[bytes] & 0xc0) != 0x80 && characters++ == NAME_CHARACTERS)
            break;
    }
    return bytes;
}

static void name_add(X509_NAME *name, int nid, const char *text)
{
    if (!text_absent(text))
        need(X509_NAME_add_entry_by_NID(name, nid, MBSTRING_UTF8, (const unsigned char *)text, name_length(text), -1,
                                        0) == 1,
             "write a name");
}

static void extension_add(X509 *cert, X509 *issuer, int nid, const char *value)
{
    X509V3_CTX context;

    X509V3_set_ctx(&context, issuer, cert, NULL, NULL, 0);
    X509_EXTENSION *e = X509V3_EXT_conf_nid(NULL, &context, nid, value);
    need(e != NULL && X509_add_ext(cert, e, -1) == 1, value);
    X509_EXTENSION_free(e);
}

static void extensions_add(X509 *cert, X509 *issuer, const struct extension *all, size_t n)
{
    for (size_t i = 0; i < n; i++)
        extension_add(cert, issuer, all[i].nid, all[i].value);
}

static X509 *certificate_begin(const char *name, const char *organization, EVP_PKEY *key)
{
    X509 *cert = X509_new();

    need(cert != NULL && X509_set_version(cert, X509_VERSION_3) == 1, "make a certificate");
    set_serial(cert);
    X509_gmtime_adj(X509_getm_notBefore(cert), -DAY);
    X509_gmtime_adj(X509_getm_notAfter(cert), YEARS * 365 * DAY);
    name_add(X509_get_subject_name(cert), NID_organizationName, organization);
    name_add(X509_get_subject_name(cert), NID_commonName, name);
    need(X509_set_pubkey(cert, key) == 1, "set a public key");
    return cert;
}

static struct str bio_take(struct arena *a, BIO *bio)
{
    char *data;
    long n = BIO_get_mem_data(bio, &data);
    struct str out = { arena_strndup(a, data, (size_t)n), (size_t)n };

    BIO_free(bio);
    return out;
}

static struct str pem_of_cert(struct arena *a, X509 *cert)
{
    BIO *bio = BIO_new(BIO_s_mem());

    need(bio != NULL && PEM_write_bio_X509(bio, cert) == 1, "write a certificate");
    return bio_take(a, bio);
}

static struct str pem_of_key(struct arena *a, EVP_PKEY *key)
{
    BIO *bio = BIO_new(BIO_s_mem());

    need(bio != NULL && PEM_write_bio_PrivateKey(bio, key, NULL, NULL, 0, NULL, NULL) == 1, "write a key");
    return bio_take(a, bio);
}

static struct str p12_of(struct arena *a, const struct authority *ca, X509 *cert, EVP_PKEY *key,
                         const struct certificate_spec *spec)
{
    STACK_OF(X509) *chain = sk_X509_new_null();
    BIO *bio = BIO_new(BIO_s_mem());

    need(chain != NULL && bio != NULL && sk_X509_push(chain, ca->cert) > 0, "make a chain");
    PKCS12 *p12 = PKCS12_create(spec->p12_password, spec->name, key, cert, chain, 0, 0, 0, 0, 0);
    need(p12 != NULL && i2d_PKCS12_bio(bio, p12) == 1, "write a PKCS#12");
    PKCS12_free(p12);
    sk_X509_free(chain);
    return bio_take(a, bio);
}

static void authority_free(void *what)
{
    struct authority *ca = what;

    X509_free(ca->cert);
    EVP_PKEY_free(ca->key);
}

/* Two authorities must not look the same in a browser's list: their names differ. */
static const char *authority_name(struct arena *a)
{
    unsigned char b[3];

    need(RAND_bytes(b, sizeof(b)) == 1, "make random bytes");
    return arena_printf(a, "Kakehashi simulation CA %02x%02x%02x", b[0], b[1], b[2]);
}

struct authority *authority_new(struct arena *a, struct certificate *out)
{
    struct authority *ca = ARENA_NEW(a, struct authority);

    arena_defer(a, authority_free, ca);
    ca->key = EVP_EC_gen("P-256");
    need(ca->key != NULL, "make a key");
    ca->cert = certificate_begin(authority_name(a), "Kakehashi", ca->key);
    need(X509_set_issuer_name(ca->cert, X509_get_subject_name(ca->cert)) == 1, "name an issuer");
    extensions_add(ca->cert, ca->cert, ca_extensions, ARRAY_LEN(ca_extensions));
    need(X509_sign(ca->cert, ca->key, EVP_sha256()) > 0, "sign");
    *out = (struct certificate){ .cert = pem_of_cert(a, ca->cert), .key = pem_of_key(a, ca->key) };
    return ca;
}

static X509 *cert_parse(struct str pem)
{
    BIO *bio = BIO_new_mem_buf(pem.data, (int)pem.len);
    X509 *cert = bio ? PEM_read_bio_X509(bio, NULL, NULL, NULL) : NULL;

    BIO_free(bio);
    return cert;
}

static EVP_PKEY *key_parse(struct str pem)
{
    BIO *bio = BIO_new_mem_buf(pem.data, (int)pem.len);
    EVP_PKEY *key = bio ? PEM_read_bio_PrivateKey(bio, NULL, NULL, NULL) : NULL;

    BIO_free(bio);
    return key;
}

enum rc authority_load(struct arena *a, struct str cert, struct str key, struct authority **out)
{
    struct authority *ca = ARENA_NEW(a, struct authority);

    arena_defer(a, authority_free, ca);
    ca->cert = cert_parse(cert);
    ca->key = key_parse(key);
    if (ca->cert == NULL || ca->key == NULL || X509_check_private_key(ca->cert, ca->key) != 1 ||
        X509_check_ca(ca->cert) != 1) {
        log_error("pki: ca.pem and ca.key are not a CA's certificate and its key");
        ERR_clear_error();
        return E_CONFIG;
    }
    *out = ca;
    return OK;
}

void certificate_issue(struct arena *a, const struct authority *ca, const struct certificate_spec *spec,
                       struct certificate *out)
{
    EVP_PKEY *key = EVP_EC_gen("P-256");

    need(key != NULL, "make a key");
    X509 *cert = certificate_begin(spec->name, spec->organization, key);
    if (spec->is_expired) {
        X509_gmtime_adj(X509_getm_notBefore(cert), -YEARS * 365 * DAY);
        X509_gmtime_adj(X509_getm_notAfter(cert), -DAY);
    }
    need(X509_set_issuer_name(cert, X509_get_subject_name(ca->cert)) == 1, "name an issuer");
    extensions_add(cert, ca->cert, leaf_extensions, ARRAY_LEN(leaf_extensions));
    extension_add(cert, ca->cert, NID_ext_key_usage, spec->usage);
    if (spec->alternatives != NULL)
        extension_add(cert, ca->cert, NID_subject_alt_name, spec->alternatives);
    need(X509_sign(cert, ca->key, EVP_sha256()) > 0, "sign");
    *out = (struct certificate){ .cert = pem_of_cert(a, cert), .key = pem_of_key(a, key) };
    if (spec->p12_password != NULL)
        out->p12 = p12_of(a, ca, cert, key, spec);
    X509_free(cert);
    EVP_PKEY_free(key);
}

bool certificate_covers(struct str pem, const char *host)
{
    X509 *cert = cert_parse(pem);
    bool covers = cert != NULL &&
                  (X509_check_ip_asc(cert, host, 0) == 1 || X509_check_host(cert, host, 0, 0, NULL) == 1);

    X509_free(cert);
    ERR_clear_error();
    return covers;
}
