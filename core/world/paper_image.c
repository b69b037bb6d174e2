/*
 * The image of a study: a DICOM Secondary Capture (PS3.3: A.8.1) of 64 by 64 grey pixels, a soft disc whose place and
 * shade come from the seed, under the word SIMULATED.
 */
#include "world/paper_dicom.h"

#include "msg/dicom_objects.h"

#include <string.h>

#define SIDE      64
#define LETTER    6 /* columns, the last one empty */
#define WORD_TOP  54
#define WORD_LEFT 5

/* Five columns by seven rows each, a bit a column, left one highest. */
static const unsigned char letters[][7] = {
    { 0x0F, 0x10, 0x10, 0x0E, 0x01, 0x01, 0x1E }, /* S */
    { 0x0E, 0x04, 0x04, 0x04, 0x04, 0x04, 0x0E }, /* I */
    { 0x11, 0x1B, 0x15, 0x15, 0x11, 0x11, 0x11 }, /* M */
    { 0x11, 0x11, 0x11, 0x11, 0x11, 0x11, 0x0E }, /* U */
    { 0x10, 0x10, 0x10, 0x10, 0x10, 0x10, 0x1F }, /* L */
    { 0x0E, 0x11, 0x11, 0x1F, 0x11, 0x11, 0x11 }, /* A */
    { 0x1F, 0x04, 0x04, 0x04, 0x04, 0x04, 0x04 }, /* T */
    { 0x1F, 0x10, 0x10, 0x1E, 0x10, 0x10, 0x1F }, /* E */
    { 0x1E, 0x11, 0x11, 0x11, 0x11, 0x11, 0x1E }, /* D */
};

static void draw_word(unsigned char pixels[SIDE][SIDE])
{
    for (size_t i = 0; i < ARRAY_LEN(letters); i++) {
        for (int y = 0; y < 7; y++) {
            for (int x = 0; x < 5; x++) {
                if (letters[i][y] >> (4 - x) & 1)
                    pixels[WORD_TOP + y][WORD_LEFT + (int)i * LETTER + x] = 255;
            }
        }
    }
}

static void draw_disc(const struct paper *p, unsigned char pixels[SIDE][SIDE])
{
    int left = 22 + (int)paper_pick(p, USE_VALUE, 20), top = 18 + (int)paper_pick(p, USE_VALUE + 1, 16);
    int radius = 10 + (int)paper_pick(p, USE_VALUE + 2, 8), shade = 90 + (int)paper_pick(p, USE_VALUE + 3, 110);

    for (int y = 0; y < SIDE; y++) {
        for (int x = 0; x < SIDE; x++) {
            int away = (x - left) * (x - left) + (y - top) * (y - top);
            int light = away < radius * radius ? shade * (radius * radius - away) / (radius * radius) : 0;
            pixels[y][x] = (unsigned char)(24 + light);
        }
    }
}

static void add_pixels(const struct paper *p, struct buf *out)
{
    unsigned char pixels[SIDE][SIDE];

    draw_disc(p, pixels);
    memset(pixels[WORD_TOP - 2], 0, sizeof(pixels[0]) * 11);
    draw_word(pixels);
    dicom_grey_pixels(out, SIDE, pixels[0]);
}

void paper_image_write(struct arena *a UNUSED, const struct paper *p, struct buf *out)
{
    struct paper_dicom d;

    paper_dicom_init(&d, p, out);
    paper_dicom_head(&d, "画像" SIMULATED);
    paper_dicom_patient(&d);
    paper_dicom_study(&d, "1");
    add_pixels(p, out);
}
