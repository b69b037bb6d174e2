#pragma once
/* Certificates made on the spot: a CA, a server for localhost, a client, and a client of another CA, as PEM files. */

#include "base/arena.h"
#include "net/tls.h"

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <stdio.h>

struct pki_pair {
    EVP_PKEY *key;
    X509 *certificate;
};

static inline void pki_extend(X509 *certificate, int what, const char *value)
{
    X509_EXTENSION *extension = X509V3_EXT_conf_nid(NULL, NULL, what, value);

    if (extension == NULL || X509_add_ext(certificate, extension, -1) != 1)
        die("pki: extension %s", value);
    X509_EXTENSION_free(extension);
}

/* issuer NULL: a CA of its own. alt: subjectAltName or NULL. */
static inline struct pki_pair pki_issue(const char *organisation, const char *name, const char *alt,
                                        const struct pki_pair *issuer)
{
    static long serial;
    struct pki_pair pair = { EVP_EC_gen("P-256"), X509_new() };
    X509 *x = pair.certificate;
    X509_NAME *subject = X509_get_subject_name(x);

    X509_set_version(x, X509_VERSION_3);
    ASN1_INTEGER_set(X509_get_serialNumber(x), ++serial);
    X509_gmtime_adj(X509_getm_notBefore(x), -3600);
    X509_gmtime_adj(X509_getm_notAfter(x), 86400);
    X509_set_pubkey(x, pair.key);
    X509_NAME_add_entry_by_txt(subject, "O", MBSTRING_UTF8, (const unsigned char *)organisation, -1, -1, 0);
    X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_UTF8, (const unsigned char *)name, -1, -1, 0);
    X509_set_issuer_name(x, issuer == NULL ? subject : X509_get_subject_name(issuer->certificate));
    pki_extend(x, NID_basic_constraints, issuer == NULL ? "critical,CA:TRUE" : "critical,CA:FALSE");
    if (alt != NULL)
        pki_extend(x, NID_subject_alt_name, alt);
    if (X509_sign(x, issuer == NULL ? pair.key : issuer->key, EVP_sha256()) == 0)
        die("pki: cannot sign %s", name);
    return pair;
}

static inline const char *pki_path(struct arena *a, const char *folder, const char *name, const char *what)
{
    return arena_printf(a, "%s/%s-%s.pem", folder, name, what);
}

static inline void pki_write(struct arena *a, const char *folder, const char *name, struct pki_pair pair)
{
    FILE *certificate = fopen(pki_path(a, folder, name, "cert"), "w");
    FILE *key = fopen(pki_path(a, folder, name, "key"), "w");

    if (certificate == NULL || key == NULL || PEM_write_X509(certificate, pair.certificate) != 1 ||
        PEM_write_PrivateKey(key, pair.key, NULL, NULL, 0, NULL, NULL) != 1)
        die("pki: cannot write %s in %s", name, folder);
    fclose(certificate);
    fclose(key);
}

static inline void pki_clear(struct pki_pair *pair)
{
    X509_free(pair->certificate);
    EVP_PKEY_free(pair->key);
}

/* Makes "ca", "server", "client" (CN クライアント) and "rogue" (of another CA, "rogue-ca") in the folder. */
static inline void pki_make(struct arena *a, const char *folder)
{
    struct pki_pair ca = pki_issue("Test", "CA", NULL, NULL);
    struct pki_pair rogue_ca = pki_issue("Rogue", "CA", NULL, NULL);
    struct pki_pair server = pki_issue("Test", "localhost", "DNS:localhost,IP:127.0.0.1", &ca);
    struct pki_pair client = pki_issue("Test", "クライアント", NULL, &ca);
    struct pki_pair rogue = pki_issue("Rogue", "client", "DNS:localhost,IP:127.0.0.1", &rogue_ca);
    struct {
        const char *name;
        struct pki_pair *pair;
    } all[] = {
        { "ca", &ca }, { "rogue-ca", &rogue_ca }, { "server", &server }, { "client", &client }, { "rogue", &rogue }
    };

    for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++)
        pki_write(a, folder, all[i].name, *all[i].pair);
    for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++)
        pki_clear(all[i].pair);
}

static inline struct tls_files pki_files(struct arena *a, const char *folder, const char *ca, const char *who)
{
    return (struct tls_files){ .ca = pki_path(a, folder, ca, "cert"),
                               .cert = pki_path(a, folder, who, "cert"),
                               .key = pki_path(a, folder, who, "key") };
}
