#pragma once
/* UTF-8 one character at a time, for the tables of fold.c, sound.c and kanji.c. */

#include <stddef.h>
#include <stdint.h>

/*
 * The character at text and the bytes it takes; at the end 0 and 0. A byte that begins none is a character of its own
 * (LETTER_BROKEN + byte), which letter_write gives back as it was.
 */
#define LETTER_BROKEN 0x200000u
size_t letter_read(const char *text, uint32_t *out);
/* Returns the end, where no NUL is put. Takes no more room than what was read. */
char *letter_write(char *out, uint32_t c);
