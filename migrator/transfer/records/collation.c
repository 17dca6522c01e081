#include "transfer/records/collation.h"

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

size_t gcm_id_hash(struct gcm_slice id)
{
    uint64_t hash = UINT64_C(14695981039346656037);
    for (size_t i = 0; i < id.size; i++)
        hash = (hash ^ (unsigned char)id.at[i]) * UINT64_C(1099511628211);
    return (size_t)(hash ^ hash >> 32);
}

static void put_weight(struct gcm_buffer *key, uint32_t c)
{
    gcm_putc(key, (char)(c >> 16));
    gcm_putc(key, (char)(c >> 8));
    gcm_putc(key, (char)c);
}

/* Accents that stand for themselves, control characters, signs of no width. */
static bool is_weightless(uint32_t c)
{
    return c < 0x09 || (c > 0x0d && c < 0x20) || (c > 0x7e && c < 0xa0) || c == 0xad ||
           (c >= 0x300 && c < 0x370) || (c >= 0x200b && c <= 0x200f) ||
           (c >= 0x202a && c <= 0x202e) || (c >= 0x2060 && c <= 0x206f) || c == 0xfeff;
}

enum { INDEXED = 191 };

struct gcm_slice gcm_unique_key(struct gcm_arena *arena, struct gcm_slice text, bool mysql)
{
    if (!mysql)
        return text;
    struct gcm_buffer key = gcm_buffer(arena, GCM_BUFFER_CAP);
    size_t end = 0; /* behind the last that is no blank */
    for (size_t i = 0; text.size && i < INDEXED; i++) {
        uint32_t c = next(&text);
        if (is_weightless(c))
            continue;
        if (c == 0xdf)
            put_weight(&key, 'S');
        put_weight(&key, c > 0xffff ? 0xfffd : c == 0x131 ? c : weight(c)); /* ı is not i */
        if (c != ' ')
            end = key.size;
    }
    key.size = end;
    return gcm_buffer_text(&key);
}

struct gcm_slice gcm_id_key(struct gcm_arena *arena, struct gcm_slice id)
{
    struct gcm_buffer key = gcm_buffer(arena, GCM_BUFFER_CAP);
    id = without_blanks(id);
    while (id.size)
        put_weight(&key, weight(next(&id)));
    return gcm_buffer_text(&key);
}
