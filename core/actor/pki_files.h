#pragma once
/*
 * Where keys and certificates lie under DATA/pki (written by `kakehashi pki`, read by all):
 * ca.pem, ca.key; server.pem, server.key; node.pem, node.key; community/KEY.pem, community/KEY.key; user.pem, user.key,
 * user.p12; xua.pem, xua.key (who issues assertions of users).
 */

#include "net/tls.h"

struct arena;

struct tls_files pki_server(struct arena *a, const char *data);
/* The daemons as clients of their audit record repository. */
struct tls_files pki_node(struct arena *a, const char *data);
struct tls_files pki_community(struct arena *a, const char *data, const char *key);
struct tls_files pki_user(struct arena *a, const char *data);
/* The house's issuer of assertions (docs/xua.md). */
struct tls_files pki_xua(struct arena *a, const char *data);
/* The user's certificate and key in one file, for browsers and the Java and .NET worlds. */
const char *pki_user_p12(struct arena *a, const char *data);
