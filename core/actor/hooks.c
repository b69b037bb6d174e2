#include "actor/hooks.h"

#include "actor/daemon.h"
#include "actor/request.h"
#include "base/arena.h"

void hooks_set(struct daemon *d, enum hook_set set, const struct hooks *hooks, void *user)
{
    struct hook_list *list = &d->hooks;

    list->sets[set] = hooks;
    list->users[set] = user;
    list->any = false;
    for (int i = 0; i < HOOK_SETS; i++)
        list->any |= list->sets[i] != NULL;
}

static struct hook_list *list_of(const struct request *rq)
{
    return &rq->service->daemon->hooks;
}

/* Tells every set of the list that listens to the event. */
#define TELL(list, event, ...)                                                                                         \
    for (int i_ = 0; (list)->any && i_ < HOOK_SETS; i_++) {                                                            \
        if ((list)->sets[i_] != NULL && (list)->sets[i_]->event != NULL)                                               \
            (list)->sets[i_]->event((list)->users[i_], __VA_ARGS__);                                                   \
    }

void hooks_received(struct request *rq, const struct hook_message *m)
{
    TELL(list_of(rq), received, rq, m);
}

void hooks_answered(struct request *rq, const struct hook_message *m)
{
    TELL(list_of(rq), answered, rq, m);
}

void hooks_stage(struct request *rq, const char *stage)
{
    TELL(list_of(rq), stage, rq, stage);
}

void hooks_calling(struct request *rq, const struct call *call, const struct hook_message *m)
{
    TELL(list_of(rq), calling, rq, call, m);
}

void hooks_called(struct request *rq, const struct call *call, const struct hook_message *m)
{
    TELL(list_of(rq), called, rq, call, m);
}

void hooks_telling(struct daemon *d, struct arena *a, const struct hook_notice *n, const struct hook_message *m)
{
    TELL(&d->hooks, telling, a, n, m);
}

void hooks_told(struct daemon *d, struct arena *a, const struct hook_notice *n, const struct hook_message *m)
{
    TELL(&d->hooks, told, a, n, m);
}

void hooks_recorded(struct daemon *d, struct arena *a, const struct hook_record *r)
{
    TELL(&d->hooks, recorded, a, r);
}

void hooks_left(struct request *rq)
{
    TELL(list_of(rq), left, rq);
}

void hooks_stranger(struct service *s, const struct hook_stranger *stranger)
{
    TELL(&s->daemon->hooks, stranger, s, stranger);
}

const char *hooks_metrics(struct daemon *d, struct arena *a)
{
    const struct hook_list *list = &d->hooks;
    const char *all = "";

    for (int i = 0; list->any && i < HOOK_SETS; i++) {
        const struct hooks *hooks = list->sets[i];
        const char *lines = hooks == NULL || hooks->metrics == NULL ? NULL : hooks->metrics(list->users[i], a);
        if (lines != NULL)
            all = arena_printf(a, "%s%s\n", all, lines);
    }
    return all;
}
