/*
 * kakehashi endpoints: where everything is, from the running backbone's endpoints.json. --save writes that file from
 * the configuration alone, for daemons that run one container each with nobody above them.
 */
#include "cli/args.h"
#include "cli/backbone.h"
#include "cli/command.h"
#include "cli/endpoints.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/file.h"
#include "world/world.h"

#include <stdio.h>
#include <string.h>

/* The HL7 v2 door beside a daemon's "https://registry:8443"; NULL without one. */
static const char *mllp_base(struct arena *a, const struct config *c, enum fleet_member m)
{
    const char *at = strstr(config_text(c, fleet[m].at), "://");
    const char *port = at != NULL ? strrchr(at + 3, ':') : NULL;
    long long mllp = config_number(c, CONFIG_MLLP_PORT);

    if (!fleet[m].mllp || mllp <= 0 || at == NULL)
        return NULL;
    return arena_printf(a, "mllps%.*s:%lld", (int)(port != NULL ? (size_t)(port - at) : strlen(at)), at, mllp);
}

static enum rc save(struct arena *a, const struct config *c)
{
    struct endpoints_spec spec = { .data = backbone_data(a, c) };
    struct buf *out = buf_new(a, BUF_MAX_DEFAULT);
    struct world *world;

    TRY(world_load(a, c, &world));
    spec.world = world;
    spec.control = config_text(c, CONFIG_CONTROL_AT);
    for (int i = 0; i < FLEET_COUNT; i++) {
        if (fleet[i].is_control)
            continue;
        spec.tls[i] = config_text(c, fleet[i].at);
        spec.mllp_tls[i] = mllp_base(a, c, (enum fleet_member)i);
    }
    endpoints_write(a, &spec, out);
    TRY(file_mkdirs(spec.data, 0700));
    return file_write(backbone_endpoints_file(a, spec.data), buf_str(out), 0600);
}

static enum rc print(struct arena *a, const struct config *c, const char *community, bool as_json)
{
    struct buf *out = buf_new(a, BUF_MAX_DEFAULT);
    struct backbone b;
    struct str file;

    TRY(backbone_find(a, c, &b));
    if (as_json) {
        TRY(file_read(a, backbone_endpoints_file(a, b.data), BUF_MAX_DEFAULT, &file));
        buf_add_str(out, file);
    } else {
        TRY(endpoints_print(a, b.endpoints, community, out));
    }
    fwrite(out->data, 1, out->len, stdout);
    return OK;
}

int cmd_endpoints(struct args *args)
{
    bool as_json = args_flag(args, "--json"), from_config = args_flag(args, "--save");
    const char *community = args_word(args);

    if (args_end(args) != OK)
        return EXIT_USAGE;
    enum rc rc = from_config ? save(args->arena, args->config) : OK;
    if (rc != OK)
        return rc == E_CONFIG ? EXIT_USAGE : EXIT_FAILED;
    return print(args->arena, args->config, community, as_json) == OK ? EXIT_OK : EXIT_FAILED;
}
