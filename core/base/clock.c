#include "base/clock.h"

#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

static atomic_llong pinned_at;
static atomic_bool is_pinned;

enum rc clock_pin(const char *iso)
{
    struct tm tm = { 0 };

    if (iso == NULL) {
        atomic_store(&is_pinned, false);
        return OK;
    }
    const char *rest = strptime(iso, "%Y-%m-%dT%H:%M:%S", &tm);
    if (rest == NULL || strcmp(rest, "Z") != 0)
        return E_SYNTAX;
    atomic_store(&pinned_at, (long long)timegm(&tm));
    atomic_store(&is_pinned, true);
    return OK;
}

time_t clock_now(void)
{
    return atomic_load(&is_pinned) ? (time_t)atomic_load(&pinned_at) : time(NULL);
}

uint64_t clock_wall_us(void)
{
    struct timespec ts;

    clock_gettime(CLOCK_REALTIME, &ts);
    return (uint64_t)ts.tv_sec * 1000000u + (uint64_t)ts.tv_nsec / 1000;
}

uint64_t clock_ticks(void)
{
    struct timespec ts;

    clock_gettime(CLOCK_MONOTONIC, &ts);
    return (uint64_t)ts.tv_sec * 1000000000u + (uint64_t)ts.tv_nsec;
}

void clock_dtm(time_t when, char out[CLOCK_DTM_LEN])
{
    struct tm tm;

    gmtime_r(&when, &tm);
    strftime(out, CLOCK_DTM_LEN, "%Y%m%d%H%M%S", &tm);
}

void clock_iso(time_t when, char out[CLOCK_ISO_LEN])
{
    struct tm tm;

    gmtime_r(&when, &tm);
    strftime(out, CLOCK_ISO_LEN, "%Y-%m-%dT%H:%M:%SZ", &tm);
}

int64_t clock_now_ms(void)
{
    struct timespec ts;

    if (atomic_load(&is_pinned))
        return (int64_t)atomic_load(&pinned_at) * 1000;
    clock_gettime(CLOCK_REALTIME, &ts);
    return (int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

void clock_iso_ms(int64_t when_ms, char out[CLOCK_ISO_MS_LEN])
{
    int ms = (int)(when_ms % 1000);
    time_t seconds = (time_t)(when_ms / 1000);
    struct tm tm;

    if (ms < 0) {
        ms += 1000;
        seconds--;
    }
    gmtime_r(&seconds, &tm);
    size_t n = strftime(out, CLOCK_ISO_MS_LEN, "%Y-%m-%dT%H:%M:%S", &tm);
    snprintf(out + n, CLOCK_ISO_MS_LEN - n, ".%03dZ", ms);
}

/* ---- RFC 3339 ---- */

/* n digits at *at, which moves behind them; -1 when they are none. */
static int digits(const char **at, const char *end, int n)
{
    int value = 0;

    for (; n > 0; n--, ++*at) {
        if (*at == end || **at < '0' || **at > '9')
            return -1;
        value = value * 10 + (**at - '0');
    }
    return value;
}

static bool take(const char **at, const char *end, char c)
{
    if (*at == end || **at != c)
        return false;
    ++*at;
    return true;
}

/* Behind the point: milliseconds; -1 when there is no digit. */
static int fraction(const char **at, const char *end)
{
    int value = 0, scale = 100, count = 0;

    for (; *at < end && **at >= '0' && **at <= '9'; ++*at, count++, scale /= 10)
        value += (**at - '0') * scale;
    return count == 0 ? -1 : value;
}

/* Minutes east of Greenwich, by *out. */
static bool zone(const char **at, const char *end, int *out)
{
    *out = 0;
    if (take(at, end, 'Z'))
        return true;
    int sign = take(at, end, '+') ? 1 : take(at, end, '-') ? -1 : 0;
    int hours = digits(at, end, 2);
    bool colon = take(at, end, ':');
    int minutes = digits(at, end, 2);

    *out = sign * (hours * 60 + minutes);
    return sign != 0 && hours >= 0 && hours <= 14 && colon && minutes >= 0 && minutes < 60;
}

static bool read_day(const char **at, const char *end, struct tm *tm)
{
    int year = digits(at, end, 4);
    bool dash = take(at, end, '-');
    int month = digits(at, end, 2);
    bool second = take(at, end, '-');
    int day = digits(at, end, 2);

    *tm = (struct tm){ .tm_year = year - 1900, .tm_mon = month - 1, .tm_mday = day };
    struct tm known = *tm;
    timegm(&known); /* moves what is no day of the calendar */
    return year >= 0 && dash && month >= 1 && month <= 12 && second && day >= 1 && known.tm_mday == day;
}

static bool read_time(const char **at, const char *end, struct tm *tm)
{
    tm->tm_hour = digits(at, end, 2);
    bool colon = take(at, end, ':');
    tm->tm_min = digits(at, end, 2);
    bool second = take(at, end, ':');
    tm->tm_sec = digits(at, end, 2);
    return tm->tm_hour >= 0 && tm->tm_hour < 24 && colon && tm->tm_min >= 0 && tm->tm_min < 60 && second &&
           tm->tm_sec >= 0 && tm->tm_sec <= 60;
}

enum rc clock_parse(struct str text, int64_t *ms)
{
    const char *at = text.data, *end = text.data + text.len;
    struct tm tm;
    int minutes, thousandths = 0;

    if (!read_day(&at, end, &tm) || !take(&at, end, 'T') || !read_time(&at, end, &tm))
        return E_SYNTAX;
    if (take(&at, end, '.') && (thousandths = fraction(&at, end)) < 0)
        return E_SYNTAX;
    if (!zone(&at, end, &minutes) || at != end)
        return E_SYNTAX;
    time_t seconds = timegm(&tm);
    *ms = ((int64_t)seconds - (int64_t)minutes * 60) * 1000 + thousandths;
    return OK;
}
