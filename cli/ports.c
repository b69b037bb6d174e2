#include "cli/ports.h"

#include "base/config.h"
#include "base/str.h"

#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#define LOOPBACK "127.0.0.1"

static bool set_option(int fd, int option, int value)
{
    return setsockopt(fd, SOL_SOCKET, option, &value, sizeof(value)) == 0;
}

/*
 * Binds alone, so that a port another program uses is refused (SO_REUSEADDR only forgives connections of the past), and
 * shares from then on. Without a wish no option is set: the kernel then never picks a port that is in use at all.
 */
static bool hold_at(int fd, const struct addrinfo *at, bool wish)
{
    return set_option(fd, SO_REUSEADDR, wish) && bind(fd, at->ai_addr, at->ai_addrlen) == 0 &&
           set_option(fd, SO_REUSEADDR, 0) && set_option(fd, SO_REUSEPORT, 1);
}

static int port_of(int fd)
{
    struct sockaddr_storage name;
    socklen_t len = sizeof(name);

    if (getsockname(fd, (struct sockaddr *)&name, &len) != 0)
        return 0;
    return ntohs(name.ss_family == AF_INET6 ? ((struct sockaddr_in6 *)&name)->sin6_port
                                            : ((struct sockaddr_in *)&name)->sin_port);
}

static enum rc refuse(const char *address, int wish, const char *why)
{
    fprintf(stderr, "kakehashi: cannot have port %d on %s: %s; choose others with --ports BASE, or --ports auto\n",
            wish, address, why);
    return E_CONFIG;
}

/* Reserves a port, `wish` or any for 0. */
static enum rc port_hold(struct ports *p, const char *address, int wish, int *out)
{
    struct addrinfo hints = { .ai_socktype = SOCK_STREAM, .ai_flags = AI_PASSIVE | AI_NUMERICSERV }, *at;
    char service[16];

    snprintf(service, sizeof(service), "%d", wish);
    int failed = getaddrinfo(address, service, &hints, &at);
    if (failed != 0)
        return refuse(address, wish, gai_strerror(failed));
    int fd = socket(at->ai_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
    bool held = fd >= 0 && hold_at(fd, at, wish != 0);
    int error = errno;
    freeaddrinfo(at);
    if (!held) {
        if (fd >= 0)
            close(fd);
        return refuse(address, wish, strerror(error));
    }
    p->held[p->held_count++] = fd;
    *out = port_of(fd);
    return OK;
}

static int ports_in_a_row(void)
{
    int count = 1 + 3; /* control, audit records twice, time */

    for (int i = 0; i < FLEET_COUNT; i++)
        count += fleet[i].is_control ? 0 : fleet[i].mllp ? 4 : 2;
    return count;
}

/* The first port; 0 for auto. */
static enum rc base_of(const struct config *c, int *base)
{
    const char *text = config_text(c, CONFIG_PORTS);
    char *end;
    long value = strtol(text, &end, 10);
    bool is_auto = strcmp(text, "auto") == 0;

    if (!is_auto && (end == text || *end != '\0' || value < 1 || value > 65536 - ports_in_a_row())) {
        fprintf(stderr, "kakehashi: --ports: \"%s\" is neither auto nor a port with %d more behind it\n", text,
                ports_in_a_row() - 1);
        return E_CONFIG;
    }
    *base = is_auto ? 0 : (int)value;
    return OK;
}

/* A daemon's TLS and plain port; *next is the TLS port's number, 0 for any. */
static enum rc hold_pair(const struct config *c, struct ports *p, int *next, int *tls, int *plain)
{
    int wish = *next;

    *next += wish != 0 ? 2 : 0;
    TRY(port_hold(p, config_text(c, CONFIG_BIND), wish, tls));
    return config_switch(c, CONFIG_PLAIN) ? port_hold(p, LOOPBACK, wish != 0 ? wish + 1 : 0, plain) : OK;
}

static enum rc hold_all(const struct config *c, int base, struct ports *p)
{
    int next = base != 0 ? base + 1 : 0;

    TRY(port_hold(p, config_text(c, CONFIG_CONTROL_BIND), base, &p->control));
    for (int i = 0; i < FLEET_COUNT; i++) {
        if (fleet[i].is_control)
            p->plain[i] = p->control;
        else
            TRY(hold_pair(c, p, &next, &p->tls[i], &p->plain[i]));
    }
    for (int i = 0; i < FLEET_COUNT; i++) {
        if (fleet[i].mllp)
            TRY(hold_pair(c, p, &next, &p->mllp_tls[i], &p->mllp_plain[i]));
    }
    TRY(hold_pair(c, p, &next, &p->syslog_tls, &p->syslog_plain));
    return port_hold(p, config_text(c, CONFIG_BIND), next, &p->ntp);
}

enum rc ports_take(const struct config *c, struct ports *out)
{
    int base;

    TRY(base_of(c, &base));
    *out = (struct ports){ 0 };
    enum rc rc = hold_all(c, base, out);
    if (rc != OK)
        ports_release(out);
    return rc;
}

void ports_release(struct ports *p)
{
    while (p->held_count > 0)
        close(p->held[--p->held_count]);
}
