/* slice: text as pointer and length. Slices borrow: whoever made the bytes keeps them alive. */
#ifndef GCM_CORE_SLICE_H
#define GCM_CORE_SLICE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct gcm_slice {
    const char *at; /* never NULL when size > 0; not NUL-terminated */
    size_t size;
};

/* A slice of a string literal. */
#define GCM_S(literal) ((struct gcm_slice){"" literal, sizeof(literal) - 1})
/* For initializers of static data, where a compound literal is not allowed. */
#define GCM_S_INIT(literal)                                                                        \
    {                                                                                              \
        "" literal, sizeof(literal) - 1                                                            \
    }
/* printf arguments for one "%.*s". */
#define GCM_P(slice)                                                                               \
    ((slice).size > INT32_MAX ? INT32_MAX : (int)(slice).size), ((slice).at ? (slice).at : "")

/* NULL gives the empty slice. */
static inline struct gcm_slice gcm_slice_of(const char *text)
{
    return (struct gcm_slice){text ? text : "", text ? strlen(text) : 0};
}
struct gcm_slice gcm_slice_sub(struct gcm_slice slice, size_t from,
                               size_t size); /* clamped to the slice */
struct gcm_slice
gcm_slice_trim(struct gcm_slice slice); /* without blanks, tabs, CR, LF at both ends */

static inline bool gcm_slice_equal(struct gcm_slice a, struct gcm_slice b)
{
    return a.size == b.size && (a.size == 0 || memcmp(a.at, b.at, a.size) == 0);
}
bool gcm_slice_equal_nocase(struct gcm_slice a, struct gcm_slice b); /* ASCII letters only */
static inline bool gcm_slice_is(struct gcm_slice slice, const char *text)
{
    return gcm_slice_equal(slice, gcm_slice_of(text));
}
bool gcm_slice_starts(struct gcm_slice slice, const char *prefix);
bool gcm_slice_ends(struct gcm_slice slice, const char *suffix);
bool gcm_slice_has(struct gcm_slice slice, const char *part);
int gcm_slice_compare(struct gcm_slice a, struct gcm_slice b); /* by bytes, like strcmp */

/* Offset of the first occurrence of a byte, or slice.size. */
size_t gcm_slice_find(struct gcm_slice slice, char byte);

/* Is it one of the words of a NULL-terminated table? */
bool gcm_slice_in(struct gcm_slice slice, const char *const *words);

/* Characters of a UTF-8 text as JavaScript and both servers count them: UTF-16 units. */
size_t gcm_utf16_length(struct gcm_slice text);

bool gcm_is_upper(char c);
bool gcm_is_lower(char c);
bool gcm_is_digit(char c);
bool gcm_is_name_start(char c); /* letter or _ */
bool gcm_is_name_part(char c);  /* letter, digit or _ */

#endif
