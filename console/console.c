#include "console/console.h"

#include "base/arena.h"
#include "base/file.h"
#include "base/log.h"
#include "console/ask.h"
#include "console/guard.h"

static enum rc check_exposure(const struct config *c)
{
    if (guard_is_loopback(config_text(c, CONFIG_CONTROL_BIND)) || config_text(c, CONFIG_CONTROL_TOKEN)[0] != '\0')
        return OK;
    log_error("--control-bind %s is not loopback: whoever reaches it could read every message; --control-token makes "
              "them show one",
              config_text(c, CONFIG_CONTROL_BIND));
    return E_CONFIG;
}

static enum rc opened(struct daemon *d)
{
    struct console *console = ARENA_NEW(d->arena, struct console);

    TRY(check_exposure(d->config));
    console->daemon = d;
    console->service = &d->services[0];
    console->data = config_text(d->config, CONFIG_DATA);
    console->index = index_new(console->data);
    d->state = console;
    return OK;
}

static void closing(struct daemon *d)
{
    struct console *console = d->state;

    door_close(console);
    index_free(console->index);
}

const struct daemon_spec console_spec = {
    .name = "console",
    .control = &console_door,
    .opened = opened,
    .closing = closing,
};
