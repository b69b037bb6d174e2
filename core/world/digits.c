#include "world/digits.h"

#include <string.h>

char *digits_put(char *out, uint64_t value, int width)
{
    char reversed[24];
    int n = 0;

    do
        reversed[n++] = (char)('0' + value % 10);
    while ((value /= 10) > 0);
    for (; width > n; width--)
        *out++ = '0';
    while (n > 0)
        *out++ = reversed[--n];
    return out;
}

char *text_put(char *out, const char *text)
{
    size_t n = strlen(text);

    memcpy(out, text, n);
    return out + n;
}

char digits_check(const char *digits, int n)
{
    int sum = 0;

    for (int i = n - 1, weight = 2; i >= 0; i--, weight = 3 - weight) {
        int product = (digits[i] - '0') * weight;
        sum += product / 10 + product % 10;
    }
    return (char)('0' + (10 - sum % 10) % 10);
}
