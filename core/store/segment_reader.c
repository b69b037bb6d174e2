/* The readers' side: files are mapped, so that a record is found again without a copy, also after its file is gone. */
#include "base/arena.h"
#include "base/log.h"
#include "store/segment_file.h"
#include "store/segments.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

struct segment {
    uint64_t first, count; /* count: of the records that were told */
    uint64_t told;         /* bytes of these */
    int fd;
    const char *map;
    size_t mapped;
    struct segment *next;
};

struct segment_reader {
    char *folder;
    struct segment_events events;
    struct segment *segments; /* by number */
};

struct segment_reader *segment_reader_open(const char *folder, const struct segment_events *events)
{
    struct segment_reader *r = calloc(1, sizeof(*r));

    if (r == NULL)
        die("out of memory (segments)");
    r->folder = strdup(folder);
    r->events = *events;
    return r;
}

static void segment_free(struct segment *s)
{
    if (s->map != NULL)
        munmap((void *)s->map, s->mapped);
    close(s->fd);
    free(s);
}

void segment_reader_close(struct segment_reader *r)
{
    while (r->segments != NULL) {
        struct segment *s = r->segments;
        r->segments = s->next;
        segment_free(s);
    }
    free(r->folder);
    free(r);
}

struct str segment_record(const struct segment *s, uint64_t offset)
{
    uint32_t n;

    memcpy(&n, s->map + offset, sizeof(n));
    return (struct str){ s->map + offset + sizeof(n), n };
}

/* False when nothing was added. */
static bool map_grown(struct segment *s)
{
    struct stat st;

    if (fstat(s->fd, &st) != 0 || (uint64_t)st.st_size <= s->told)
        return false;
    if ((size_t)st.st_size == s->mapped)
        return true;
    if (s->map != NULL)
        munmap((void *)s->map, s->mapped);
    s->mapped = (size_t)st.st_size;
    s->map = mmap(NULL, s->mapped, PROT_READ, MAP_SHARED, s->fd, 0);
    if (s->map == MAP_FAILED)
        die("cannot map a segment: %s", strerror(errno));
    return true;
}

/* The length of the whole record at an offset; 0 when none is there yet. */
static uint64_t whole_at(const struct segment *s, uint64_t offset)
{
    uint32_t n, again;

    if (offset + 2 * sizeof(n) > s->mapped)
        return 0;
    memcpy(&n, s->map + offset, sizeof(n));
    uint64_t end = offset + 2 * sizeof(n) + n;
    if (n == 0 || n > SEGMENT_RECORD_MAX || end > s->mapped)
        return 0;
    memcpy(&again, s->map + end - sizeof(n), sizeof(again));
    return n == again ? end - offset : 0;
}

static void tell_new(struct segment_reader *r, struct segment *s)
{
    uint64_t n;

    if (!map_grown(s))
        return;
    while ((n = whole_at(s, s->told)) > 0) {
        uint64_t at = s->told;
        s->told += n;
        r->events.on_record(r->events.user, s, at, s->first + s->count++, segment_record(s, at));
    }
}

static struct segment *segment_open(struct segment_reader *r, struct arena *a, uint64_t first)
{
    int fd = open(segment_path(a, r->folder, first), O_RDONLY | O_CLOEXEC);

    if (fd < 0)
        return NULL; /* it has just gone */
    struct segment *s = calloc(1, sizeof(*s));
    if (s == NULL)
        die("out of memory (segments)");
    s->first = first;
    s->fd = fd;
    return s;
}

static void forget(struct segment_reader *r, struct segment **link)
{
    struct segment *gone = *link;

    *link = gone->next;
    r->events.on_gone(r->events.user, gone);
    segment_free(gone);
}

/* Both lists are in the order of numbers: those of ours that the folder no longer has go, new ones come at the end. */
static void match_folder(struct segment_reader *r, struct arena *a, const struct segment_name *names, size_t count)
{
    struct segment **link = &r->segments;

    for (size_t i = 0; i < count; i++) {
        while (*link != NULL && (*link)->first < names[i].first)
            forget(r, link);
        if (*link == NULL || (*link)->first > names[i].first) {
            struct segment *s = segment_open(r, a, names[i].first);
            if (s == NULL)
                continue;
            s->next = *link;
            *link = s;
        }
        link = &(*link)->next;
    }
    while (*link != NULL)
        forget(r, link);
}

void segment_reader_refresh(struct segment_reader *r)
{
    struct arena *a = arena_new();
    struct segment_name *names;
    size_t count;

    if (segment_names(a, r->folder, &names, &count) == OK)
        match_folder(r, a, names, count);
    arena_free(a);
    for (struct segment *s = r->segments; s != NULL; s = s->next)
        tell_new(r, s);
}

uint64_t segment_reader_next(const struct segment_reader *r)
{
    uint64_t next = 0;

    for (const struct segment *s = r->segments; s != NULL; s = s->next)
        next = s->first + s->count;
    return next;
}
