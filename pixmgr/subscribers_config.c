/* Subscribers of --subscribers: "0035=mllps://engine:2575 0026=https://consumer/pix", known before anybody listens. */
#include "pixmgr/pixmgr.h"

#include "net/mllp_client.h"
#include "pixmgr/subscribers.h"
#include "pixmgr/subscribers_page.h"

#include <stdio.h>
#include <string.h>

static enum rc put(struct db *db, struct write_job *job)
{
    return subscribers_put(db, job->user);
}

static enum rc refuse(const char *word)
{
    fprintf(stderr,
            "kakehashi-pixmgr: --subscribers: \"%s\" is not COMMUNITY=mllp(s)://HOST:PORT or COMMUNITY=http(s)://…\n",
            word);
    return E_CONFIG;
}

static enum rc add(struct arena *a, const struct daemon *d, const char *word)
{
    const char *equals = strchr(word, '=');
    struct subscriber s = { .domains = "" };

    if (equals == NULL || !subscriber_url_is_valid(equals + 1))
        return refuse(word);
    const char *key = arena_strndup(a, word, (size_t)(equals - word));
    const struct community *c = world_find(d->world, key);
    if (c == NULL) /* of a community that lives elsewhere, or on another day */
        return OK;
    s.community = c->number;
    s.url = equals + 1;
    return writer_run(d->writer, put, &s);
}

enum rc subscribers_configure(struct daemon *d)
{
    struct arena *a = arena_new();
    char *rest = arena_strdup(a, config_text(d->config, CONFIG_SUBSCRIBERS));
    enum rc rc = OK;

    for (char *word; rc == OK && (word = strsep(&rest, " ,")) != NULL;) {
        if (word[0] != '\0')
            rc = add(a, d, word);
    }
    arena_free(a);
    return rc;
}
