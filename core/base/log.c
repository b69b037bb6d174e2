#include "base/log.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static const char *const level_words[] = { "error", "warn", "info", "debug" };
static const char *log_program = "kakehashi";
static enum log_level log_level = LOG_LEVEL_INFO;

void log_open(const char *program, enum log_level level)
{
    log_program = program;
    log_level = level;
}

enum rc log_level_parse(const char *word, enum log_level *level)
{
    for (size_t i = 0; i < ARRAY_LEN(level_words); i++) {
        if (strcmp(word, level_words[i]) == 0) {
            *level = (enum log_level)i;
            return OK;
        }
    }
    return E_SYNTAX;
}

bool log_wants(enum log_level level)
{
    return level <= log_level;
}

/* A peer's text may reach a log line: control characters would forge lines or drive a terminal. */
static void tame(char *line, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if ((unsigned char)line[i] < 0x20 || line[i] == 0x7f)
            line[i] = ' ';
    }
}

void log_write(enum log_level level, const char *fmt, ...)
{
    if (!log_wants(level))
        return;

    char line[2048];
    struct timespec now;
    struct tm tm;
    clock_gettime(CLOCK_REALTIME, &now); /* when it really was, also when the world's clock is pinned */
    gmtime_r(&now.tv_sec, &tm);
    size_t n = strftime(line, sizeof(line), "%Y-%m-%dT%H:%M:%S", &tm);
    n += (size_t)snprintf(line + n, sizeof(line) - n, ".%03ldZ %-5s %s: ", now.tv_nsec / 1000000, level_words[level],
                          log_program);

    va_list ap;
    va_start(ap, fmt);
    int text = vsnprintf(line + n, sizeof(line) - n - 1, fmt, ap);
    va_end(ap);
    if (text < 0)
        return;
    n = MIN(n + (size_t)text, sizeof(line) - 2);
    tame(line, n);
    line[n++] = '\n';
    if (write(STDERR_FILENO, line, n) < 0)
        return; /* nowhere left to say so */
}
