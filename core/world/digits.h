#pragma once
/* Numbers as the identifiers of Japanese health care write them. */

#include <stdint.h>

/* Decimal, with leading zeros up to width (more digits when it does not fit). Returns the end, where no NUL is put. */
char *digits_put(char *out, uint64_t value, int width);

/* Text without its NUL; returns the end. */
char *text_put(char *out, const char *text);

/*
 * The check digit (検証番号) of n digits: modulus 10, weights 2 and 1 in turn from the last one, a product of two
 * digits counting as their sum (保険者番号等設定要領, MHLW).
 */
char digits_check(const char *digits, int n);
