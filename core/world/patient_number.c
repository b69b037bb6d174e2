#include "world/patient_number.h"

#include "base/str.h"
#include "world/digits.h"
#include "world/random.h"

#include <stdlib.h>

#define FACILITY_IDS 100000000u

void regional_id_write(int community, uint64_t n, char out[REGIONAL_ID_SIZE])
{
    char digits[24], *end = digits_put(digits, (uint64_t)community, 4);

    out = digits_put(out, (uint64_t)community, 4);
    end = digits_put(end, n + 1, 7);
    out = text_put(out, "-");
    out = digits_put(out, n + 1, 7);
    out = text_put(out, "-");
    *out = digits_check(digits, (int)(end - digits));
    out[1] = '\0';
}

enum rc regional_id_parse(int community, const char *id, uint64_t count, uint64_t *n)
{
    const char *dash = strchr(id, '-');
    char again[REGIONAL_ID_SIZE];

    unsigned long long number = dash == NULL ? 0 : strtoull(dash + 1, NULL, 10);
    if (number < 1 || number > count)
        return E_NOT_FOUND;
    regional_id_write(community, number - 1, again); /* one id, one spelling */
    if (!text_equal(again, id))
        return E_NOT_FOUND;
    *n = number - 1;
    return OK;
}

/* n times a number that shares no factor with 10^8, turned by another: a permutation of the eight digits. */
void facility_id_write(uint64_t facility_key, uint64_t n, char out[FACILITY_ID_SIZE])
{
    static const uint32_t last_digits[] = { 1, 3, 7, 9 };
    uint64_t factor = 10 * (uint64_t)random_below(random_of(facility_key, 0), FACILITY_IDS / 10) +
                      last_digits[random_below(random_of(facility_key, 1), 4)];
    uint64_t id = (n * factor + random_below(random_of(facility_key, 2), FACILITY_IDS)) % FACILITY_IDS;

    *digits_put(out, id, 8) = '\0';
}
