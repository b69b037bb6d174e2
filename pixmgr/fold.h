#pragma once
/*
 * Spellings of what is the same to a reader, made equal. Japanese names differ from system to system in the width of
 * their characters, in kana, in old and variant forms of kanji and in the romanisation, hardly ever in how they sound.
 */

#include <stdbool.h>

struct arena;

/*
 * Full-width letters, digits and signs become ASCII, letters lower case, half-width and flat kana (ｶ, か) full-width
 * katakana, runs of spaces one, none at the ends. Bytes that are no UTF-8 stay. NULL stays NULL.
 */
const char *name_fold(struct arena *a, const char *text);

/* The same, and variants of a character become one of them (髙 → 高, 邊 邉 → 辺), 佐々木 becomes 佐佐木; no spaces. */
const char *kanji_fold(struct arena *a, const char *text);

/*
 * What kana or romaji sound like, roughly: a byte for each mora. Voiced kana sound like voiceless ones (ザ, サ), small
 * ones like large ones (ッ, ツ), long vowels like short ones (オウ, オオ, オー, o), and Hepburn like Kunrei (shi, si).
 * What is neither kana nor Latin is left out. The text is folded by name_fold.
 */
const char *sound_of(struct arena *a, const char *folded);

/* At most one mora more, less, other, or two swapped, in names of three and more. */
bool sound_is_near(const char *x, const char *y);

/* Are all its letters Latin, or kana? Both are false of a text without any. */
bool text_is_latin(const char *folded);
bool text_is_kana(const char *folded);

/* YYYY[MM[DD]] of a time: what a birth date is compared by. NULL stays NULL. */
const char *birth_date(struct arena *a, const char *time);

/* The digits of a telephone number as dialled here: "tel:+81-90-…" is 090…. NULL when there are none. */
const char *phone_fold(struct arena *a, const char *value);

/* A street as written by anyone: 1丁目2番3号, １－２－３ and 1-2-3. NULL stays NULL. */
const char *street_fold(struct arena *a, const char *text);
