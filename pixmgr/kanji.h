#pragma once
/* Variants of kanji that names are written with: old forms, popular forms, forms of one family's register. */

#include <stdint.h>

#define KANJI_AGAIN 0x3005u /* 々 repeats the character before it */

/* The everyday form of a variant (髙 → 高, 邉 → 辺); any other character is its own. */
uint32_t kanji_plain(uint32_t c);
