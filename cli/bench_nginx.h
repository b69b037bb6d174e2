#pragma once
/*
 * nginx as what we are compared with: the same certificate, the same CA asked of clients, the same loops, static files
 * of its own folder and no access log.
 */

#include "actor/pki_files.h"
#include "base/rc.h"

#include <sys/types.h>

struct bench;
struct buf;

struct nginx_spec {
    const char *folder; /* its files: www/ is served, put/ takes uploads */
    const char *user;   /* whom its workers run as; NULL: whoever we are, being nobody special */
    struct tls_files pki;
    int port, workers;
};

struct nginx {
    pid_t pid; /* 0: none runs */
    int port, held_fd;
    const char *folder;
};

/* The text of its configuration file. */
void nginx_config_write(const struct nginx_spec *spec, struct buf *out);

/*
 * Starts one in nginx_folder, with the server's certificate of the backbone at `data`. E_NOT_FOUND, with a sentence on
 * standard error, when nginx is not installed; E_PEER or E_TIMEOUT, after its own complaint, when it does not start.
 */
MUST_CHECK enum rc nginx_start(struct bench *b, const char *data, int workers, struct nginx *out);
/* The folder of this bench's nginx, with www/ and put/ in it; made if need be. */
MUST_CHECK enum rc nginx_folder(struct bench *b, const char **out);
const char *nginx_url(struct bench *b, const struct nginx *n, const char *path);
void nginx_stop(struct nginx *n);
