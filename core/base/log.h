#pragma once
/*
 * One way to log: a line on standard error, "TIME LEVEL program: text". error: someone must act; warn: a peer
 * misbehaved; info: one line per transaction; debug: stages. Names of patients and bodies of messages never go here.
 * Lines that belong to a request are written with rq_error … rq_debug (actor/request.h), which name it.
 */

#include "base/rc.h"

#include <stdbool.h>

enum log_level { LOG_LEVEL_ERROR, LOG_LEVEL_WARN, LOG_LEVEL_INFO, LOG_LEVEL_DEBUG };

/* program: static text. Standard error until log_open_file. */
void log_open(const char *program, enum log_level level);

/* "error", "warn", "info", "debug". */
MUST_CHECK enum rc log_level_parse(const char *word, enum log_level *level);

bool log_wants(enum log_level level);
void log_write(enum log_level level, const char *fmt, ...) PRINTF_LIKE(2, 3);

#define log_error(...) log_write(LOG_LEVEL_ERROR, __VA_ARGS__)
#define log_warn(...)  log_write(LOG_LEVEL_WARN, __VA_ARGS__)
#define log_info(...)  (log_wants(LOG_LEVEL_INFO) ? log_write(LOG_LEVEL_INFO, __VA_ARGS__) : (void)0)
#define log_debug(...) (log_wants(LOG_LEVEL_DEBUG) ? log_write(LOG_LEVEL_DEBUG, __VA_ARGS__) : (void)0)
