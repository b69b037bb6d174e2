#include "console/console.h"

#include "actor/pki_files.h"
#include "base/arena.h"
#include "base/file.h"
#include "base/log.h"
#include "console/ask.h"
#include "console/guard.h"
#include "console/state.h"
#include "console/undertaking.h"

static enum rc check_exposure(const struct config *c)
{
    if (guard_is_loopback(config_text(c, CONFIG_CONTROL_BIND)) || config_text(c, CONFIG_CONTROL_TOKEN)[0] != '\0')
        return OK;
    log_error("--control-bind %s is not loopback: whoever reaches it could read every message; --control-token makes "
              "them show one",
              config_text(c, CONFIG_CONTROL_BIND));
    return E_CONFIG;
}

static enum rc console_open(struct daemon *d)
{
    struct console *console = ARENA_NEW(d->arena, struct console);

    TRY(check_exposure(d->config));
    console->daemon = d;
    console->service = &d->services[0];
    console->data = config_text(d->config, CONFIG_DATA);
    console->user = pki_user(d->arena, console->data);
    console->index = index_new(console->data);
    d->own = console;
    undertakings_settle(console, world_again);
    return OK;
}

static void console_close(struct daemon *d)
{
    struct console *console = d->own;

    door_close(console);
    undertakings_close(console);
    index_free(console->index);
}

const struct daemon_spec console_spec = {
    .name = "console",
    .control = &console_door,
    .open = console_open,
    .close = console_close,
};
