/* Civil time without the C library: documents print Japan's time, and gmtime_r is too slow for a million of them. */
#include "world/paper.h"

#define DAY   86400
#define JAPAN (9 * 3600)

/* Days since 1970-01-01 of a proleptic Gregorian date, and back; years begin in March so that leap days end them. */
long paper_days_of(int year, int month, int day)
{
    long y = month <= 2 ? year - 1 : year, era = (y >= 0 ? y : y - 399) / 400;
    long of_era = y - era * 400, of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;

    return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719468;
}

void paper_date_of(long days, struct paper_time *out)
{
    long z = days + 719468, era = (z >= 0 ? z : z - 146096) / 146097, of_era = z - era * 146097;
    long y = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
    long of_year = of_era - (365 * y + y / 4 - y / 100), m = (5 * of_year + 2) / 153;

    out->day = (int)(of_year - (153 * m + 2) / 5 + 1);
    out->month = (int)(m < 10 ? m + 3 : m - 9);
    out->year = (int)(y + era * 400 + (out->month <= 2));
}

struct paper_time paper_time_of(time_t utc)
{
    struct paper_time t = { .utc = utc };
    long local = (long)utc + JAPAN, second = local % DAY;

    paper_date_of(local / DAY, &t);
    t.hour = (int)(second / 3600);
    t.minute = (int)(second / 60 % 60);
    t.second = (int)(second % 60);
    return t;
}
