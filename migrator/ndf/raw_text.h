/* raw_text: single characters of JSON texts. Used by the raw_*.c files only. */
#ifndef GCM_NDF_RAW_TEXT_H
#define GCM_NDF_RAW_TEXT_H

#ifdef __SSE2__
#include <emmintrin.h>
#endif

#include "ndf/raw.h"

/* The first byte at or behind `at` that is no blank. */
static inline const char *gcm_raw_blanks(const char *at, const char *end)
{
    while (at < end && (*at == ' ' || *at == '\n' || *at == '\r' || *at == '\t'))
        at++;
    return at;
}

/* The first ", backslash, control character or byte that is not ASCII. */
static inline const char *gcm_raw_special(const char *at, const char *end)
{
#ifdef __SSE2__
    for (; end - at >= 16; at += 16) {
        __m128i bytes = _mm_loadu_si128((const __m128i *)(const void *)at);
        /* As signed numbers, bytes outside of ASCII are less than a blank too. */
        __m128i special = _mm_or_si128(_mm_cmplt_epi8(bytes, _mm_set1_epi8(0x20)),
                                       _mm_or_si128(_mm_cmpeq_epi8(bytes, _mm_set1_epi8('"')),
                                                    _mm_cmpeq_epi8(bytes, _mm_set1_epi8('\\'))));
        unsigned map = (unsigned)_mm_movemask_epi8(special);
        if (map)
            return at + __builtin_ctz(map);
    }
#endif
    while (at < end && (signed char)*at >= 0x20 && *at != '"' && *at != '\\')
        at++;
    return at;
}

/* -1: no hexadecimal digit. */
static inline int gcm_raw_hex(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c |= 0x20;
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* By the first byte of a value that was checked. */
static inline enum gcm_raw_kind gcm_raw_kind_of(char first)
{
    switch (first) {
    case '{':
        return GCM_RAW_OBJECT;
    case '[':
        return GCM_RAW_ARRAY;
    case '"':
        return GCM_RAW_STRING;
    case 't':
        return GCM_RAW_TRUE;
    case 'f':
        return GCM_RAW_FALSE;
    case 'n':
        return GCM_RAW_NULL;
    default:
        return GCM_RAW_NUMBER;
    }
}

/* A string's text between its quotes. */
static inline struct gcm_slice gcm_raw_inside(struct gcm_slice string)
{
    return gcm_slice_sub(string, 1, string.size - 2);
}

/* The next character of a checked string's inside, decoded: writes its 1 to 4 bytes and returns how
 * many. `at` moves behind it. */
unsigned gcm_raw_character(const char **at, char out[4]);

/* Are two insides the same text? */
bool gcm_raw_same_text(struct gcm_slice a, struct gcm_slice b);

/* Is an inside that name, which has no escapes? With one, the inside is longer than what it says.
 */
static inline bool gcm_raw_is(struct gcm_slice inside, struct gcm_slice name)
{
    return inside.size > name.size ? gcm_raw_same_text(inside, name)
                                   : gcm_slice_equal(inside, name);
}

#endif
