#include "cli/fleet.h"

#include "cli/args.h"
#include "cli/command.h"
#include "cli/ports.h"

#include "base/arena.h"
#include "base/log.h"
#include "base/str.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

const struct fleet_row fleet[FLEET_COUNT] = {
    [FLEET_REGISTRY] = { "registry", CONFIG_REGISTRY_AT, .mllp = true, .has_people = true },
    [FLEET_REPOSITORY] = { "repository", CONFIG_REPOSITORY_AT, .has_people = true },
    [FLEET_PIXMGR] = { "pixmgr", CONFIG_PIXMGR_AT, .mllp = true, .has_people = true },
    [FLEET_GATEWAY] = { "gateway", CONFIG_GATEWAY_AT },
    [FLEET_AUDIT] = { "audit", CONFIG_AUDIT_AT },
    [FLEET_CONSOLE] = { "console", CONFIG_CONTROL_AT, .is_control = true },
};

/* Addresses that mean "this machine" to a client, whatever the listener calls them. */
static bool is_local(const char *bind)
{
    static const char *const local[] = { "127.0.0.1", "0.0.0.0", "::", "::1", "localhost", "" };

    for (size_t i = 0; i < ARRAY_LEN(local); i++) {
        if (strcmp(bind, local[i]) == 0)
            return true;
    }
    return false;
}

const char *fleet_base(struct arena *a, const char *scheme, const char *bind, int port)
{
    if (is_local(bind))
        return arena_printf(a, "%s://localhost:%d", scheme, port);
    bool v6 = strchr(bind, ':') != NULL;
    return arena_printf(a, "%s://%s%s%s:%d", scheme, v6 ? "[" : "", bind, v6 ? "]" : "", port);
}

enum rc fleet_program(struct arena *a, const char *name, const char **out)
{
    char self[PATH_MAX];
    ssize_t n = readlink("/proc/self/exe", self, sizeof(self) - 1);

    if (n < 0) {
        log_error("cannot read /proc/self/exe: %s", strerror(errno));
        return E_IO;
    }
    self[n] = '\0';
    const char *program = arena_printf(a, "%.*s/%s", (int)(strrchr(self, '/') - self), self, name);
    if (access(program, X_OK) != 0) {
        log_error("cannot run %s: %s", program, strerror(errno));
        return E_CONFIG;
    }
    *out = program;
    return OK;
}

/* What a daemon gets for a key: mostly what we got. */
static const char *value_for(struct arena *a, enum config_key key, enum fleet_member m, const struct config *c,
                             const struct ports *ports)
{
    for (int i = 0; i < FLEET_COUNT; i++) {
        if (fleet[i].at == key && fleet[i].is_control)
            return fleet_base(a, "http", config_text(c, CONFIG_CONTROL_BIND), ports->control);
        if (fleet[i].at == key)
            return fleet_base(a, "https", config_text(c, CONFIG_BIND), ports->tls[i]);
    }
    if (key == CONFIG_RECORDS_TO && config_text(c, key)[0] == '\0') /* else another repository is wanted */
        return fleet_base(a, "syslog-tls", config_text(c, CONFIG_BIND), ports->syslog_tls);
    bool is_audit = m == FLEET_AUDIT;
    const struct {
        enum config_key key;
        int port;
    } listeners[] = {
        { CONFIG_PORT, ports->tls[m] },
        { CONFIG_PLAIN_PORT, ports->plain[m] },
        { CONFIG_MLLP_PORT, ports->mllp_tls[m] },
        { CONFIG_MLLP_PLAIN_PORT, ports->mllp_plain[m] },
        { CONFIG_SYSLOG_PORT, is_audit ? ports->syslog_tls : 0 },
        { CONFIG_SYSLOG_PLAIN_PORT, is_audit ? ports->syslog_plain : 0 },
        { CONFIG_NTP_PORT, is_audit ? ports->ntp : 0 },
    };
    for (size_t i = 0; i < ARRAY_LEN(listeners); i++) {
        if (listeners[i].key == key)
            return arena_printf(a, "%d", listeners[i].port);
    }
    return config_text(c, key);
}

enum rc fleet_argv(struct arena *a, enum fleet_member m, const struct config *c, const struct ports *ports,
                   const char *data, const char *fixtures, char *const **out)
{
    char **argv = ARENA_ARRAY(a, char *, CONFIG_COUNT + 2);
    const char *program;
    size_t n = 0;

    TRY(fleet_program(a, arena_printf(a, "kakehashi-%s", fleet[m].name), &program));
    argv[n++] = arena_strdup(a, program);
    for (int key = 0; key < CONFIG_COUNT; key++) {
        const char *value = key == CONFIG_DATA       ? data
                            : key == CONFIG_FIXTURES ? fixtures
                                                     : value_for(a, (enum config_key)key, m, c, ports);
        if (key != CONFIG_READY_FD) /* the supervisor's */
            argv[n++] = arena_printf(a, "--%s=%s", config_row((enum config_key)key)->key, value);
    }
    *out = argv;
    return OK;
}

int fleet_become(const struct args *args, const char *name)
{
    struct arena *a = args->arena;
    char **argv = ARENA_ARRAY(a, char *, (size_t)args->count + CONFIG_COUNT + 2);
    const char *program;
    size_t n = 0;

    if (fleet_program(a, name, &program) != OK)
        return EXIT_FAILED;
    argv[n++] = arena_strdup(a, program);
    for (int i = 0; i < args->count; i++)
        argv[n++] = args->words[i];
    for (int key = 0; key < CONFIG_COUNT; key++)
        argv[n++] = arena_printf(a, "--%s=%s", config_row((enum config_key)key)->key,
                                 config_text(args->config, (enum config_key)key));
    fflush(stdout);
    execv(program, argv);
    fprintf(stderr, "kakehashi: cannot run %s: %s\n", program, strerror(errno));
    return EXIT_FAILED;
}
