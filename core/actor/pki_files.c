#include "actor/pki_files.h"

#include "base/arena.h"

static struct tls_files files(struct arena *a, const char *data, const char *name)
{
    return (struct tls_files){
        .ca = arena_printf(a, "%s/pki/ca.pem", data),
        .cert = arena_printf(a, "%s/pki/%s.pem", data, name),
        .key = arena_printf(a, "%s/pki/%s.key", data, name),
    };
}

struct tls_files pki_server(struct arena *a, const char *data)
{
    return files(a, data, "server");
}

struct tls_files pki_node(struct arena *a, const char *data)
{
    return files(a, data, "node");
}

struct tls_files pki_community(struct arena *a, const char *data, const char *key)
{
    return files(a, data, arena_printf(a, "community/%s", key));
}

struct tls_files pki_user(struct arena *a, const char *data)
{
    return files(a, data, "user");
}

struct tls_files pki_xua(struct arena *a, const char *data)
{
    return files(a, data, "xua");
}

const char *pki_user_p12(struct arena *a, const char *data)
{
    return arena_printf(a, "%s/pki/user.p12", data);
}
