#include "cli/bench_nginx.h"

#include "cli/bench.h"
#include "cli/process.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/log.h"

#include <errno.h>
#include <netinet/in.h>
#include <pwd.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define START_NS ((uint64_t)10 * 1000000000)
#define LOG_MAX  ((size_t)1 << 20)

/* What it does by itself for speed with static files is on (sendfile, open_file_cache); what it logs is off. */
void nginx_config_write(const struct nginx_spec *spec, struct buf *out)
{
    static const char *const temporary[] = { "client_body", "proxy", "fastcgi", "uwsgi", "scgi" };

    if (spec->user != NULL)
        buf_printf(out, "user \"%s\";\n", spec->user);
    buf_printf(out, "daemon off;\nworker_processes %d;\npid \"%s/nginx.pid\";\nerror_log \"%s/error.log\";\n",
               spec->workers, spec->folder, spec->folder);
    buf_add_literal(out, "events { worker_connections 1024; }\n"
                         "http {\n"
                         "    access_log off;\n"
                         "    sendfile on;\n"
                         "    open_file_cache max=64;\n"
                         "    keepalive_requests 1000000000;\n"
                         "    client_max_body_size 0;\n");
    for (size_t i = 0; i < ARRAY_LEN(temporary); i++)
        buf_printf(out, "    %s_temp_path \"%s/%s_temp\";\n", temporary[i], spec->folder, temporary[i]);
    buf_printf(out, "    server {\n        listen 127.0.0.1:%d ssl reuseport;\n", spec->port);
    buf_printf(out, "        ssl_certificate \"%s\";\n        ssl_certificate_key \"%s\";\n", spec->pki.cert,
               spec->pki.key);
    buf_printf(out, "        ssl_client_certificate \"%s\";\n        ssl_verify_client on;\n", spec->pki.ca);
    buf_printf(out, "        ssl_protocols TLSv1.2 TLSv1.3;\n        root \"%s/www\";\n", spec->folder);
    buf_printf(out, "        location /put/ { root \"%s\"; dav_methods PUT; }\n    }\n}\n", spec->folder);
}

static enum rc program_find(const char **out)
{
    static const char *const places[] = { "/usr/sbin/nginx", "/usr/bin/nginx", "/usr/local/sbin/nginx",
                                          "/usr/local/bin/nginx" };

    for (size_t i = 0; i < ARRAY_LEN(places); i++) {
        if (access(places[i], X_OK) == 0) {
            *out = places[i];
            return OK;
        }
    }
    log_warn("nginx, with which this is compared, is not installed (Debian, Ubuntu: apt install nginx-light)");
    return E_NOT_FOUND;
}

/* A free port stays ours while nginx has it too: both share it with SO_REUSEPORT, but only nginx listens. */
static enum rc port_hold(struct nginx *n)
{
    struct sockaddr_in at = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    socklen_t len = sizeof(at);
    int on = 1;

    n->held_fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (n->held_fd < 0 || bind(n->held_fd, (struct sockaddr *)&at, len) != 0 ||
        setsockopt(n->held_fd, SOL_SOCKET, SO_REUSEPORT, &on, sizeof(on)) != 0 ||
        getsockname(n->held_fd, (struct sockaddr *)&at, &len) != 0) {
        log_error("no free port for nginx: %s", strerror(errno));
        return E_IO;
    }
    n->port = ntohs(at.sin_port);
    return OK;
}

enum rc nginx_folder(struct bench *b, const char **out)
{
    const char *folder = arena_printf(b->arena, "%s/nginx", b->folder);

    TRY(file_mkdirs(arena_printf(b->arena, "%s/www", folder), 0700));
    TRY(file_mkdirs(arena_printf(b->arena, "%s/put", folder), 0700));
    *out = folder;
    return OK;
}

/* Started by root it would give its workers to somebody who cannot read our temporary folder. */
static const char *user_name(struct arena *a)
{
    const struct passwd *own = geteuid() == 0 ? getpwuid(0) : NULL;
    return own == NULL ? NULL : arena_strdup(a, own->pw_name);
}

static enum rc config_write(struct bench *b, const struct nginx *n, const char *data, int workers, const char **path)
{
    struct nginx_spec spec = { .folder = n->folder,
                               .user = user_name(b->arena),
                               .pki = pki_server(b->arena, data),
                               .port = n->port,
                               .workers = workers };
    struct buf *text = buf_new(b->arena, BUF_MAX_DEFAULT);

    nginx_config_write(&spec, text);
    *path = arena_printf(b->arena, "%s/nginx.conf", n->folder);
    return file_write(*path, buf_str(text), 0600);
}

static bool answers(const struct nginx *n)
{
    struct sockaddr_in at = { .sin_family = AF_INET,
                              .sin_addr.s_addr = htonl(INADDR_LOOPBACK),
                              .sin_port = htons((uint16_t)n->port) };
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    bool connected = connect(fd, (struct sockaddr *)&at, sizeof(at)) == 0;

    close(fd);
    return connected;
}

static enum rc answer_wait(struct nginx *n)
{
    const struct timespec pause = { .tv_nsec = 5000000 };

    for (uint64_t end = clock_ticks() + START_NS; clock_ticks() < end; nanosleep(&pause, NULL)) {
        if (answers(n))
            return OK;
        if (process_is_over(n->pid)) {
            n->pid = 0;
            return E_PEER;
        }
    }
    return E_TIMEOUT;
}

static void complain(struct bench *b, const struct nginx *n)
{
    struct str text;

    if (file_read(b->arena, arena_printf(b->arena, "%s/error.log", n->folder), LOG_MAX, &text) == OK)
        fwrite(text.data, 1, text.len, stderr);
    log_error("nginx, with which this is compared, did not start");
}

static enum rc start(struct bench *b, const char *data, int workers, struct nginx *n)
{
    const char *program, *config;

    TRY(program_find(&program));
    TRY(nginx_folder(b, &n->folder));
    TRY(port_hold(n));
    TRY(config_write(b, n, data, workers, &config));
    const char *log = arena_printf(b->arena, "%s/error.log", n->folder);
    const char *const argv[] = { "nginx", "-c", config, "-p", n->folder, "-e", log, NULL };
    TRY(process_start(&(struct process_spec){ .program = program, .argv = argv, .out_fd = -1, .log = log }, &n->pid));
    enum rc rc = answer_wait(n);
    if (rc != OK)
        complain(b, n);
    return rc;
}

enum rc nginx_start(struct bench *b, const char *data, int workers, struct nginx *out)
{
    struct nginx n = { .held_fd = -1 };
    enum rc rc = start(b, data, workers, &n);

    if (rc == OK)
        *out = n;
    else
        nginx_stop(&n);
    return rc;
}

const char *nginx_url(struct bench *b, const struct nginx *n, const char *path)
{
    return arena_printf(b->arena, "https://localhost:%d%s", n->port, path);
}

void nginx_stop(struct nginx *n)
{
    if (n->pid != 0)
        process_stop(n->pid);
    if (n->held_fd >= 0)
        close(n->held_fd);
    n->pid = 0;
}
