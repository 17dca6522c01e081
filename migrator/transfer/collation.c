#include "transfer/collation.h"

/* utf8_general_ci: U+00C0 … U+017F by their letters; '.' stands for one that is itself. */
static const char latin[] = "AAAAAA.CEEEEIIII.NOOOOO..UUUUY.S"  /* C0 */
                            "AAAAAA.CEEEEIIII.NOOOOO..UUUUY.Y"  /* E0 */
                            "AAAAAACCCCCCCCDD..EEEEEEEEEEGGGG"  /* 100 */
                            "GGGGHH..IIIIIIIIII..JJKK.LLLLLL."  /* 120 */
                            "...NNNNNN...OOOOOO..RRRRRRSSSSSS"  /* 140 */
                            "SSTTTT..UUUUUUUUUUUUWWYYYZZZZZZS"; /* 160 */

static uint32_t next(struct gcm_slice *text)
{
    unsigned char first = (unsigned char)text->at[0];
    size_t size = first < 0x80 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
    if (size > text->size)
        size = text->size;
    uint32_t c = first < 0x80   ? first
                 : first < 0xe0 ? first & 0x1fu
                 : first < 0xf0 ? first & 0x0fu
                                : first & 0x07u;
    for (size_t i = 1; i < size; i++)
        c = (c << 6) | ((unsigned char)text->at[i] & 0x3fu);
    *text = gcm_slice_sub(*text, size, text->size);
    return c;
}

static uint32_t weight(uint32_t c)
{
    if (c >= 'a' && c <= 'z')
        return c - 0x20;
    if (c >= 0xc0 && c < 0x180 && latin[c - 0xc0] != '.')
        return (unsigned char)latin[c - 0xc0];
    if (c >= 0xe0 && c < 0x100 && c != 0xf7)
        return c - 0x20;
    if (c >= 0x100 && c < 0x180 && c != 0x138)
        return c & ~(c < 0x139 || c > 0x149 ? UINT32_C(1) : UINT32_C(0));
    if ((c >= 0x3b1 && c <= 0x3c9 && c != 0x3c2) || (c >= 0x430 && c < 0x450))
        return c - 0x20;
    if (c == 0x3c2)
        return 0x3a3;
    return c >= 0x450 && c < 0x460 ? c - 0x50 : c;
}

static struct gcm_slice without_blanks(struct gcm_slice text)
{
    while (text.size && text.at[text.size - 1] == ' ')
        text.size--;
    return text;
}

int gcm_id_compare(struct gcm_slice a, struct gcm_slice b)
{
    struct gcm_slice x = without_blanks(a), y = without_blanks(b);
    while (x.size && y.size) {
        uint32_t left = weight(next(&x)), right = weight(next(&y));
        if (left != right)
            return left < right ? -1 : 1;
    }
    if (x.size || y.size)
        return y.size ? -1 : 1;
    int order = gcm_slice_compare(a, b);
    return (order > 0) - (order < 0);
}
