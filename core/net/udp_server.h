#pragma once
/* Datagrams on a loop: syslog over UDP (RFC 5426) and SNTP (RFC 4330) come in here. */

#include "base/rc.h"
#include "base/str.h"
#include "net/loop.h"

#include <stdint.h>

struct udp_server;

/* One datagram; it lives only during on_datagram. */
struct udp_datagram {
    struct str bytes;
    const char *peer; /* "127.0.0.1:40312" */
    int64_t arrived;  /* nanoseconds since the epoch by the system's clock, as the kernel took it in */
    struct udp_server *server;
    const void *address; /* the server's own */
    unsigned address_size;
};

/* Shares the port with the other loops (SO_REUSEPORT). port 0: any free one. E_CONFIG, logged, when it cannot bind. */
MUST_CHECK enum rc udp_server_new(struct loop *l, const char *bind, int port,
                                  void (*on_datagram)(void *user, const struct udp_datagram *d), void *user,
                                  struct udp_server **out);
int udp_server_port(const struct udp_server *s);
/* Back to the sender; a datagram that cannot leave is lost, as datagrams are. */
void udp_reply(const struct udp_datagram *d, struct str bytes);
void udp_server_free(struct udp_server *s); /* NULL is ignored */
