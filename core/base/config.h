#pragma once
/*
 * One table of keys for all programs. A key is the flag --data, the variable KAKEHASHI_DATA and the line "data = …" of
 * a configuration file; a flag wins over the environment, which wins over the file, which wins over the default.
 * docs/configuration.md and --help are printed from the same table.
 */

#include "base/rc.h"

#include <stdbool.h>
#include <stddef.h>

struct arena;
struct buf;

enum config_key {
    CONFIG_COMMUNITIES,
    CONFIG_POPULATION,
    CONFIG_TYPING_ERRORS,
    CONFIG_PROFILES,
    CONFIG_SEED,
    CONFIG_CLOCK,
    CONFIG_CODES,
    CONFIG_CHECKS,
    CONFIG_ASSERTIONS,
    CONFIG_ASSERTION_ISSUERS,
    CONFIG_DATA,
    CONFIG_FIXTURES,
    CONFIG_BIND,
    CONFIG_PORTS,
    CONFIG_PLAIN,
    CONFIG_CLIENT_CERT,
    CONFIG_MLLP_CLIENT_CERT,
    CONFIG_SYSLOG_CLIENT_CERT,
    CONFIG_CRL,
    CONFIG_TLS,
    CONFIG_LOOPS,
    CONFIG_LOG_LEVEL,
    CONFIG_MAX_MESSAGE,
    CONFIG_MAX_DOCUMENT,
    CONFIG_MAX_RESULTS,
    CONFIG_MAX_REFERENCES,
    CONFIG_LINK_SCORE,
    CONFIG_REVIEW_SCORE,
    CONFIG_SUBSCRIBERS,
    CONFIG_CALL_TIMEOUT,
    CONFIG_DISCOVERY_MAX,
    CONFIG_CORRELATION_TTL,
    CONFIG_LOCATE,
    CONFIG_DEADLINES,
    CONFIG_PEERS,
    CONFIG_BREAKER_FAILURES,
    CONFIG_BREAKER_PAUSE,
    CONFIG_JOURNAL,
    CONFIG_JOURNAL_SIZE,
    CONFIG_JOURNAL_AGE,
    CONFIG_JOURNAL_BODY,
    CONFIG_JOURNAL_RATE,
    CONFIG_CONTROL_BIND,
    CONFIG_CONTROL_TOKEN,
    CONFIG_AUDIT,
    CONFIG_AUDIT_KEEP,
    CONFIG_CLOCK_SKEW,
    CONFIG_CLOCKS,
    CONFIG_REGISTRY_AT,
    CONFIG_REPOSITORY_AT,
    CONFIG_PIXMGR_AT,
    CONFIG_GATEWAY_AT,
    CONFIG_AUDIT_AT,
    CONFIG_RECORDS_TO,
    CONFIG_CONTROL_AT,
    CONFIG_PORT,
    CONFIG_PLAIN_PORT,
    CONFIG_MLLP_PORT,
    CONFIG_MLLP_PLAIN_PORT,
    CONFIG_SYSLOG_PORT,
    CONFIG_SYSLOG_PLAIN_PORT,
    CONFIG_NTP_PORT,
    CONFIG_READY_FD,
    CONFIG_COUNT
};

enum config_type { CONFIG_TEXT, CONFIG_NUMBER, CONFIG_SWITCH, CONFIG_CHOICE };

struct config_row {
    const char *key; /* as a flag and in a file */
    enum config_type type;
    const char *initial;
    const char *choices; /* CONFIG_CHOICE: "strict|lenient" */
    const char *en, *ja; /* what it does */
    bool internal;       /* set by `kakehashi up` for its daemons, not shown in --help */
};

struct config {
    struct arena *arena;
    const char *values[CONFIG_COUNT];
};

const struct config_row *config_row(enum config_key key);

/*
 * Defaults, then --config FILE (or KAKEHASHI_CONFIG), environment, flags. Understands "--key value", "--key=value" and
 * "--switch". Words that are no flag of this table are left in argv in their order, moved to the front, and *argc
 * counts them (argv[0] included): a command reads its own flags there, and refuses what it does not know.
 * E_CONFIG, with a sentence on standard error, when a value does not fit.
 */
MUST_CHECK enum rc config_load(struct arena *a, int *argc, char **argv, struct config **out);

/* Every key at its default; for tests. */
struct config *config_default(struct arena *a);
/* E_CONFIG when the value does not fit its type. */
MUST_CHECK enum rc config_set(struct config *c, enum config_key key, const char *value);

const char *config_text(const struct config *c, enum config_key key); /* never NULL */
long long config_number(const struct config *c, enum config_key key);
bool config_switch(const struct config *c, enum config_key key);

/* The table as Markdown (docs/configuration.md) and as --help text in "en" or "ja". */
void config_markdown(struct buf *out);
void config_help(struct buf *out, const char *language);
