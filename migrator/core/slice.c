#include "core/slice.h"

#include <string.h>

struct gcm_slice gcm_slice_sub(struct gcm_slice slice, size_t from, size_t size)
{
    if (from > slice.size)
        from = slice.size;
    if (size > slice.size - from)
        size = slice.size - from;
    return (struct gcm_slice){slice.at ? slice.at + from : "", size};
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

struct gcm_slice gcm_slice_trim(struct gcm_slice slice)
{
    while (slice.size && is_blank(slice.at[0])) {
        slice.at++;
        slice.size--;
    }
    while (slice.size && is_blank(slice.at[slice.size - 1]))
        slice.size--;
    return slice;
}

static char lower(char c)
{
    return gcm_is_upper(c) ? (char)(c - 'A' + 'a') : c;
}

bool gcm_slice_equal_nocase(struct gcm_slice a, struct gcm_slice b)
{
    if (a.size != b.size)
        return false;
    for (size_t i = 0; i < a.size; i++)
        if (lower(a.at[i]) != lower(b.at[i]))
            return false;
    return true;
}

bool gcm_slice_starts(struct gcm_slice slice, const char *prefix)
{
    size_t size = strlen(prefix);
    return size <= slice.size && (size == 0 || memcmp(slice.at, prefix, size) == 0);
}

bool gcm_slice_ends(struct gcm_slice slice, const char *suffix)
{
    size_t size = strlen(suffix);
    return size <= slice.size &&
           (size == 0 || memcmp(slice.at + slice.size - size, suffix, size) == 0);
}

bool gcm_slice_has(struct gcm_slice slice, const char *part)
{
    size_t size = strlen(part);
    for (size_t i = 0; size <= slice.size && i <= slice.size - size; i++)
        if (size == 0 || memcmp(slice.at + i, part, size) == 0)
            return true;
    return false;
}

int gcm_slice_compare(struct gcm_slice a, struct gcm_slice b)
{
    size_t common = a.size < b.size ? a.size : b.size;
    int order = common ? memcmp(a.at, b.at, common) : 0;
    if (order)
        return order;
    return (a.size > b.size) - (a.size < b.size);
}

size_t gcm_slice_find(struct gcm_slice slice, char byte)
{
    const char *hit = slice.size ? memchr(slice.at, byte, slice.size) : NULL;
    return hit ? (size_t)(hit - slice.at) : slice.size;
}

bool gcm_slice_in(struct gcm_slice slice, const char *const *words)
{
    for (; *words; words++)
        if (gcm_slice_is(slice, *words))
            return true;
    return false;
}

size_t gcm_utf16_length(struct gcm_slice text)
{
    size_t units = 0;
    for (size_t i = 0; i < text.size; i++) {
        unsigned char byte = (unsigned char)text.at[i];
        units += (byte & 0xc0) != 0x80;
        units += byte >= 0xf0; /* a surrogate pair */
    }
    return units;
}

bool gcm_is_upper(char c)
{
    return c >= 'A' && c <= 'Z';
}

bool gcm_is_lower(char c)
{
    return c >= 'a' && c <= 'z';
}

bool gcm_is_digit(char c)
{
    return c >= '0' && c <= '9';
}

bool gcm_is_name_start(char c)
{
    return gcm_is_upper(c) || gcm_is_lower(c) || c == '_';
}

bool gcm_is_name_part(char c)
{
    return gcm_is_name_start(c) || gcm_is_digit(c);
}
