#include "cli/certificate.h"
#include "cli/pki.h"
#include "tests/unit/cli/cli_test.h"

#include "actor/pki_files.h"
#include "base/file.h"
#include "model/community.h"

#include <openssl/pem.h>
#include <openssl/pkcs12.h>
#include <openssl/x509v3.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static struct community communities[] = {
    { .key = "0026", .name = "まめネット" },
    { .key = "0035", .name = "おしどりネット" },
};
static const struct world world_of_one = { communities, 1 }, world_of_two = { communities, 2 };

static const char *content(struct arena *a, const char *path)
{
    struct str text;

    assert_int_equal(file_read(a, path, 1 << 20, &text), OK);
    return text.data;
}

static X509 *certificate(struct arena *a, const char *path)
{
    FILE *f = fopen(path, "r");

    assert_non_null(f);
    X509 *cert = PEM_read_X509(f, NULL, NULL, NULL);
    fclose(f);
    assert_non_null(cert);
    arena_defer(a, (void (*)(void *))X509_free, cert);
    return cert;
}

static bool verifies(X509 *cert, X509 *ca, int purpose)
{
    X509_STORE *store = X509_STORE_new();
    X509_STORE_CTX *context = X509_STORE_CTX_new();

    X509_STORE_add_cert(store, ca);
    X509_STORE_CTX_init(context, store, cert, NULL);
    X509_STORE_CTX_set_purpose(context, purpose);
    bool ok = X509_verify_cert(context) == 1;
    X509_STORE_CTX_free(context);
    X509_STORE_free(store);
    return ok;
}

static const char *made(struct arena *a, const struct world *world, const char *data, const char *bind, size_t expected)
{
    size_t n;

    assert_int_equal(pki_make(a, data, world, bind, &n), OK);
    assert_int_equal(n, expected);
    return data;
}

static void test_every_certificate_is_of_the_ca_and_fit_for_its_purpose(void **state UNUSED)
{
    struct arena *a = arena_new();
    const char *data = made(a, &world_of_two, folder_new(a), "127.0.0.1", 6);
    X509 *ca = certificate(a, pki_user(a, data).ca), *server = certificate(a, pki_server(a, data).cert);
    X509 *community = certificate(a, pki_community(a, data, "0035").cert);

    assert_true(verifies(server, ca, X509_PURPOSE_SSL_SERVER));
    assert_false(verifies(server, ca, X509_PURPOSE_SSL_CLIENT));
    assert_true(verifies(community, ca, X509_PURPOSE_SSL_CLIENT));
    assert_true(verifies(community, ca, X509_PURPOSE_SSL_SERVER));
    assert_true(verifies(certificate(a, pki_user(a, data).cert), ca, X509_PURPOSE_SSL_CLIENT));
    assert_true(verifies(certificate(a, pki_xua(a, data).cert), ca, X509_PURPOSE_ANY));
    assert_false(verifies(certificate(a, pki_xua(a, data).cert), ca, X509_PURPOSE_SSL_CLIENT));
    assert_int_equal(X509_check_host(server, "registry", 0, 0, NULL), 1);
    assert_int_equal(X509_check_host(server, "localhost", 0, 0, NULL), 1);
    assert_int_equal(X509_check_ip_asc(server, "::1", 0), 1);
    assert_int_equal(X509_check_host(server, "example.jp", 0, 0, NULL), 0);
    arena_free(a);
}

static void test_the_subject_names_the_community_in_utf8(void **state UNUSED)
{
    struct arena *a = arena_new();
    const char *data = made(a, &world_of_two, folder_new(a), "127.0.0.1", 6);
    X509 *cert = certificate(a, pki_community(a, data, "0035").cert);
    BIO *bio = BIO_new(BIO_s_mem());
    char *text;

    X509_NAME_print_ex(bio, X509_get_subject_name(cert), 0, XN_FLAG_RFC2253 & ~ASN1_STRFLGS_ESC_MSB);
    long n = BIO_get_mem_data(bio, &text);
    assert_string_equal(arena_strndup(a, text, (size_t)n), "CN=0035,O=おしどりネット");
    BIO_free(bio);
    arena_free(a);
}

static void test_a_long_name_is_cut_between_characters(void **state UNUSED)
{
    static struct community wordy[] = {
        { .key = "0001",
          .name = "あいうえおかきくけこさしすせそたちつてとなにぬねのはひふへほまみむめもやゆよらりるれろわをん"
                  "あいうえおかきくけこさしすせそたちつてとなにぬねのはひふへほまみむめもやゆよらりるれろわをん" },
    };
    struct arena *a = arena_new();

    made(a, &(struct world){ wordy, 1 }, folder_new(a), "127.0.0.1", 5);
    arena_free(a);
}

static void test_keys_are_for_the_owner_alone(void **state UNUSED)
{
    struct arena *a = arena_new();
    const char *data = made(a, &world_of_one, folder_new(a), "127.0.0.1", 5);
    const char *secrets[] = { arena_printf(a, "%s/pki/ca.key", data), pki_server(a, data).key,
                              pki_community(a, data, "0026").key, pki_user(a, data).key, pki_user_p12(a, data) };
    struct stat st;

    for (size_t i = 0; i < ARRAY_LEN(secrets); i++) {
        assert_int_equal(stat(secrets[i], &st), 0);
        assert_int_equal(st.st_mode & 0777, 0600);
    }
    arena_free(a);
}

static void test_the_p12_opens_with_the_documented_password(void **state UNUSED)
{
    struct arena *a = arena_new();
    const char *data = made(a, &world_of_one, folder_new(a), "127.0.0.1", 5);
    FILE *f = fopen(pki_user_p12(a, data), "r");
    PKCS12 *p12 = d2i_PKCS12_fp(f, NULL);
    STACK_OF(X509) *chain = NULL;
    EVP_PKEY *key = NULL;
    X509 *cert = NULL;

    fclose(f);
    assert_int_equal(PKCS12_parse(p12, PKI_P12_PASSWORD, &key, &cert, &chain), 1);
    assert_int_equal(X509_check_private_key(cert, key), 1);
    assert_int_equal(sk_X509_num(chain), 1);
    sk_X509_pop_free(chain, X509_free);
    EVP_PKEY_free(key);
    X509_free(cert);
    PKCS12_free(p12);
    arena_free(a);
}

static void test_what_is_there_is_kept_and_only_the_missing_is_made(void **state UNUSED)
{
    struct arena *a = arena_new();
    const char *data = made(a, &world_of_one, folder_new(a), "127.0.0.1", 5);
    const char *before = content(a, pki_community(a, data, "0026").cert);

    made(a, &world_of_one, data, "127.0.0.1", 0);
    made(a, &world_of_two, data, "127.0.0.1", 1);
    assert_string_equal(content(a, pki_community(a, data, "0026").cert), before);
    assert_true(verifies(certificate(a, pki_community(a, data, "0035").cert), certificate(a, pki_user(a, data).ca),
                         X509_PURPOSE_SSL_CLIENT));
    arena_free(a);
}

static void test_another_address_makes_the_server_certificate_anew(void **state UNUSED)
{
    struct arena *a = arena_new();
    const char *data = made(a, &world_of_one, folder_new(a), "127.0.0.1", 5);

    made(a, &world_of_one, data, "0.0.0.0", 0);
    made(a, &world_of_one, data, "192.0.2.7", 1);
    X509 *server = certificate(a, pki_server(a, data).cert);
    assert_int_equal(X509_check_ip_asc(server, "192.0.2.7", 0), 1);
    assert_int_equal(X509_check_ip_asc(server, "127.0.0.1", 0), 1);
    made(a, &world_of_one, data, "192.0.2.7", 0);
    arena_free(a);
}

static void test_what_a_killed_run_left_is_no_pki(void **state UNUSED)
{
    struct arena *a = arena_new();
    const char *data = folder_new(a), *half = arena_printf(a, "%s/pki.new/community", data);

    assert_int_equal(file_mkdirs(half, 0700), OK);
    assert_int_equal(file_write(arena_printf(a, "%s/0026.key", half), STR("half"), 0600), OK);
    made(a, &world_of_one, data, "127.0.0.1", 5);
    assert_int_equal(access(arena_printf(a, "%s/pki.new", data), F_OK), -1);
    assert_true(strlen(content(a, pki_community(a, data, "0026").key)) > strlen("half"));
    arena_free(a);
}

static void test_a_lost_ca_key_is_told_and_nothing_changes(void **state UNUSED)
{
    struct arena *a = arena_new();
    const char *data = made(a, &world_of_one, folder_new(a), "127.0.0.1", 5);
    size_t n;

    assert_int_equal(unlink(arena_printf(a, "%s/pki/ca.key", data)), 0);
    made(a, &world_of_one, data, "127.0.0.1", 0);
    assert_int_equal(pki_make(a, data, &world_of_two, "127.0.0.1", &n), E_CONFIG);
    assert_int_equal(access(pki_community(a, data, "0035").key, F_OK), -1);
    arena_free(a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_certificate_is_of_the_ca_and_fit_for_its_purpose),
        cmocka_unit_test(test_the_subject_names_the_community_in_utf8),
        cmocka_unit_test(test_a_long_name_is_cut_between_characters),
        cmocka_unit_test(test_keys_are_for_the_owner_alone),
        cmocka_unit_test(test_the_p12_opens_with_the_documented_password),
        cmocka_unit_test(test_what_is_there_is_kept_and_only_the_missing_is_made),
        cmocka_unit_test(test_another_address_makes_the_server_certificate_anew),
        cmocka_unit_test(test_what_a_killed_run_left_is_no_pki),
        cmocka_unit_test(test_a_lost_ca_key_is_told_and_nothing_changes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
