#include "cli/pki.h"

#include "cli/certificate.h"
#include "cli/language.h"
#include "cli/table.h"

#include "actor/pki_files.h"
#include "base/arena.h"
#include "base/buf.h"
#include "base/file.h"
#include "base/log.h"
#include "model/community.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define SERVER_NAMES                                                                                                   \
    "DNS:localhost,DNS:registry,DNS:repository,DNS:pixmgr,DNS:gateway,DNS:kakehashi,IP:127.0.0.1,IP:::1"

/* Everything is made in a folder beside the real one, then moved: nobody ever sees half of it. */
struct making {
    struct arena *arena;
    const char *data, *made_in; /* DATA, DATA/pki.new */
    const struct authority *ca;
    bool from_nothing;  /* there is no DATA/pki yet */
    const char **files; /* names made, relative, in the order they are to appear */
    size_t file_count, count;
};

static bool exists(const char *path)
{
    return access(path, F_OK) == 0;
}

/* No fsync here: one syncfs covers all files before they move. */
static enum rc file_make(struct making *m, const char *name, struct str content, mode_t mode)
{
    const char *path = arena_printf(m->arena, "%s/%s", m->made_in, name);
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode);
    bool ok = fd >= 0 && write(fd, content.data, content.len) == (ssize_t)content.len;

    if (fd >= 0)
        ok = close(fd) == 0 && ok;
    if (!ok) {
        log_error("cannot write %s: %s", path, strerror(errno));
        return E_IO;
    }
    m->files[m->file_count++] = name;
    return OK;
}

/* The certificate comes last: where it is, its key is. */
static enum rc pair_make(struct making *m, const char *name, const struct certificate *pair)
{
    if (pair->p12.len > 0)
        TRY(file_make(m, arena_printf(m->arena, "%s.p12", name), pair->p12, 0600));
    TRY(file_make(m, arena_printf(m->arena, "%s.key", name), pair->key, 0600));
    return file_make(m, arena_printf(m->arena, "%s.pem", name), pair->cert, 0644);
}

static enum rc issue(struct making *m, const char *name, const struct certificate_spec *spec)
{
    struct certificate pair;

    certificate_issue(m->arena, m->ca, spec, &pair);
    m->count++;
    return pair_make(m, name, &pair);
}

static bool is_made(const struct making *m, const char *name)
{
    return exists(arena_printf(m->arena, "%s/pki/%s.pem", m->data, name));
}

static enum rc ca_ready(struct making *m)
{
    struct certificate pair;
    struct authority *ca;
    struct str cert, key;

    if (m->from_nothing) {
        m->ca = authority_new(m->arena, &pair);
        return pair_make(m, "ca", &pair);
    }
    const char *stem = arena_printf(m->arena, "%s/pki/ca", m->data);
    if (file_read(m->arena, arena_printf(m->arena, "%s.pem", stem), 1 << 20, &cert) != OK ||
        file_read(m->arena, arena_printf(m->arena, "%s.key", stem), 1 << 20, &key) != OK) {
        log_error("pki: %s.pem or %s.key is missing; move %s/pki away to have all made anew", stem, stem, m->data);
        return E_CONFIG;
    }
    TRY(authority_load(m->arena, cert, key, &ca));
    m->ca = ca;
    return OK;
}

static bool is_any_address(const char *bind)
{
    return strcmp(bind, "0.0.0.0") == 0 || strcmp(bind, "::") == 0 || bind[0] == '\0';
}

static bool is_numeric(const char *bind)
{
    struct in6_addr scratch;

    return inet_pton(AF_INET, bind, &scratch) == 1 || inet_pton(AF_INET6, bind, &scratch) == 1;
}

static bool server_covers(const struct making *m, const char *bind)
{
    struct str cert;

    return file_read(m->arena, pki_server(m->arena, m->data).cert, 1 << 20, &cert) == OK &&
           (is_any_address(bind) || certificate_covers(cert, bind));
}

static enum rc server_make(struct making *m, const char *bind)
{
    const char *names = SERVER_NAMES;

    if (server_covers(m, bind))
        return OK;
    if (!is_any_address(bind))
        names = arena_printf(m->arena, SERVER_NAMES ",%s:%s", is_numeric(bind) ? "IP" : "DNS", bind);
    return issue(m, "server",
                 &(struct certificate_spec){
                     .name = "localhost", .organization = "Kakehashi", .usage = "serverAuth", .alternatives = names });
}

/* Both usages: a community is a client of its peers, and may be shown as a server by whoever stands in for it. */
static enum rc communities_make(struct making *m, const struct world *world)
{
    for (size_t i = 0; i < world->count; i++) {
        const struct community *c = &world->communities[i];
        const char *name = arena_printf(m->arena, "community/%s", c->key);
        const struct certificate_spec spec = { .name = c->key,
                                               .organization = c->name,
                                               .usage = "clientAuth,serverAuth" };
        if (!is_made(m, name))
            TRY(issue(m, name, &spec));
    }
    return OK;
}

/* All daemons of a machine are one node, as their audit record repository sees it. */
static enum rc node_make(struct making *m)
{
    const struct certificate_spec spec = { .name = "node", .organization = "Kakehashi", .usage = "clientAuth" };

    return is_made(m, "node") ? OK : issue(m, "node", &spec);
}

static enum rc user_make(struct making *m)
{
    const struct certificate_spec spec = {
        .name = "user", .organization = "Kakehashi", .usage = "clientAuth", .p12_password = PKI_P12_PASSWORD
    };

    return is_made(m, "user") ? OK : issue(m, "user", &spec);
}

/* Who issues assertions of users (docs/xua.md): its key signs documents, no connection. */
static enum rc xua_make_issuer(struct making *m)
{
    const struct certificate_spec spec = { .name = "Kakehashi assertion issuer",
                                           .organization = "Kakehashi",
                                           .usage = "1.3.6.1.5.5.7.3.36" };

    return is_made(m, "xua") ? OK : issue(m, "xua", &spec);
}

static enum rc faulty_issue(struct making *m, const char *name, const struct authority *ca,
                            const struct certificate_spec *spec)
{
    struct certificate pair;

    certificate_issue(m->arena, ca, spec, &pair);
    return pair_make(m, name, &pair);
}

/* What daemons show when they are told to misbehave (core/fault); nobody counts them. */
static enum rc faulty_make(struct making *m)
{
    struct certificate_spec spec = {
        .name = "localhost", .organization = "Kakehashi", .usage = "serverAuth", .alternatives = SERVER_NAMES
    };
    struct certificate stranger;

    if (is_made(m, "fault-untrusted"))
        return OK;
    spec.is_expired = true;
    TRY(faulty_issue(m, "fault-expired", m->ca, &spec));
    spec.is_expired = false;
    spec.alternatives = "DNS:elsewhere.invalid";
    TRY(faulty_issue(m, "fault-wrong-host", m->ca, &spec));
    spec.alternatives = SERVER_NAMES;
    return faulty_issue(m, "fault-untrusted", authority_new(m->arena, &stranger), &spec);
}

static enum rc move(const char *from, const char *to)
{
    if (rename(from, to) == 0)
        return OK;
    log_error("cannot move %s to %s: %s", from, to, strerror(errno));
    return E_IO;
}

static enum rc sync_all(const char *folder)
{
    int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    bool ok = fd >= 0 && syncfs(fd) == 0;

    if (!ok)
        log_error("cannot sync %s: %s", folder, strerror(errno));
    if (fd >= 0)
        close(fd);
    return ok ? OK : E_IO;
}

static enum rc move_all(struct making *m)
{
    struct arena *a = m->arena;
    const char *pki = arena_printf(a, "%s/pki", m->data);

    TRY(sync_all(m->made_in));
    if (m->from_nothing) {
        TRY(move(m->made_in, pki));
        return file_sync_folder(m->data);
    }
    for (size_t i = 0; i < m->file_count; i++)
        TRY(move(arena_printf(a, "%s/%s", m->made_in, m->files[i]), arena_printf(a, "%s/%s", pki, m->files[i])));
    TRY(file_sync_folder(arena_printf(a, "%s/community", pki)));
    return file_sync_folder(pki);
}

/* What a killed predecessor left, or what was not moved. */
static void clean(struct making *m, const char *folder)
{
    char **names;
    size_t n;

    if (file_list(m->arena, folder, "", &names, &n) != OK)
        return;
    for (size_t i = 0; i < n; i++)
        unlink(arena_printf(m->arena, "%s/%s", folder, names[i]));
    rmdir(folder);
}

static void clean_all(struct making *m)
{
    clean(m, arena_printf(m->arena, "%s/community", m->made_in));
    clean(m, m->made_in);
}

static enum rc make_missing(struct making *m, const struct world *world, const char *bind)
{
    TRY(file_mkdirs(arena_printf(m->arena, "%s/community", m->made_in), 0700));
    TRY(ca_ready(m));
    TRY(server_make(m, bind));
    TRY(communities_make(m, world));
    TRY(node_make(m));
    TRY(user_make(m));
    TRY(xua_make_issuer(m));
    TRY(faulty_make(m));
    return m->file_count > 0 ? move_all(m) : OK;
}

/* Start-up is short because the usual case, everything there, only looks. */
static bool is_complete(const struct making *m, const struct world *world, const char *bind)
{
    for (size_t i = 0; i < world->count; i++) {
        if (!is_made(m, arena_printf(m->arena, "community/%s", world->communities[i].key)))
            return false;
    }
    return is_made(m, "user") && is_made(m, "xua") && is_made(m, "fault-untrusted") && is_made(m, "ca") &&
           server_covers(m, bind);
}

enum rc pki_make(struct arena *a, const char *data, const struct world *world, const char *bind, size_t *made)
{
    struct making m = { .arena = a, .data = data, .made_in = arena_printf(a, "%s/pki.new", data) };

    *made = 0;
    if (is_complete(&m, world, bind))
        return OK;
    m.from_nothing = !exists(arena_printf(a, "%s/pki", data));
    m.files = ARENA_ARRAY(a, const char *,
                          2 * world->count +
                              18); /* two of each; CA, server, node, issuer, user and its PKCS#12; three faulty ones */
    clean_all(&m);
    enum rc rc = make_missing(&m, world, bind);
    clean_all(&m);
    if (rc == OK)
        *made = m.count;
    return rc;
}

void pki_print(struct arena *a, const char *data, const struct world *world, struct buf *out)
{
    struct tls_files server = pki_server(a, data), user = pki_user(a, data);
    struct table *t = table_new(a, language_pick("WHOSE", "所有者"), language_pick("CERTIFICATE", "証明書"),
                                language_pick("KEY", "秘密鍵"), NULL);

    table_row(t, "CA", server.ca, arena_printf(a, "%s/pki/ca.key", data));
    table_row(t, language_pick("all daemons", "全デーモン"), server.cert, server.key);
    table_row(t, language_pick("you", "利用者"), user.cert, user.key);
    table_row(t, language_pick("you, PKCS#12", "利用者 PKCS#12"), pki_user_p12(a, data),
              language_pick("password: " PKI_P12_PASSWORD, "パスワード: " PKI_P12_PASSWORD));
    table_row(t, language_pick("the issuer of assertions", "アサーション発行者"), pki_xua(a, data).cert,
              pki_xua(a, data).key);
    for (size_t i = 0; i < world->count; i++) {
        const struct community *c = &world->communities[i];
        struct tls_files files = pki_community(a, data, c->key);
        table_row(t, arena_printf(a, "%s %s", c->key, c->name), files.cert, files.key);
    }
    table_print(t, out);
}
