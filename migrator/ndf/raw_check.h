/* raw_check: the two checkers of JSON. The plain one (raw.c) is the judge: it takes every text and
 * names what is wrong. The wide one (raw_wide_body.h) looks at 64 bytes at a time and only ever
 * says that a text is right; where it can't, the plain one has its say. */
#ifndef GCM_NDF_RAW_CHECK_H
#define GCM_NDF_RAW_CHECK_H

#include "ndf/raw_text.h"

struct gcm_raw_checker {
    const char *start, *at, *end;
    struct gcm_raw_error *error;
    uint64_t objects[(GCM_RAW_DEPTH + 64) / 64]; /* bit of a level: an object, not an array */
    unsigned depth;
};

bool gcm_raw_plain(struct gcm_slice text, struct gcm_raw *value, struct gcm_raw_error *error);

/* Where arrays and objects end, as offsets in the text: those inside of the outermost value, those
 * inside of these, and so on. A walk that knows them need not look for them again. */
enum { GCM_RAW_LEVELS = 3 };
struct gcm_raw_offsets {
    uint32_t *at;
    size_t count, room;
};
struct gcm_raw_ends {
    struct gcm_arena *arena;
    const char *start; /* of the text; NULL: nothing is known */
    struct gcm_raw_offsets at[GCM_RAW_LEVELS];
};

/* For an array or object without blanks around it. `ends` may be NULL. */
bool gcm_raw_wide_sse2(struct gcm_slice text, struct gcm_raw_ends *ends);
bool gcm_raw_wide_avx2(struct gcm_slice text, struct gcm_raw_ends *ends);
/* The one for this processor, where there is one. */
bool gcm_raw_wide(struct gcm_slice text, struct gcm_raw_ends *ends);
bool gcm_raw_has_avx2(void);

/* As gcm_raw_read, with the ends; and a walk over a value so many levels inside of the outermost.
 */
bool gcm_raw_read_ends(struct gcm_slice text, struct gcm_raw *value, struct gcm_raw_ends *ends,
                       struct gcm_raw_error *error);
struct gcm_raw_walk gcm_raw_walk_ends(struct gcm_raw value, const struct gcm_raw_ends *ends,
                                      unsigned level);

/* Parts of the plain checker. Each starts at `at`, and moves it behind what it has read. */
bool gcm_raw_check_escape(struct gcm_raw_checker *checker); /* behind a backslash */
bool gcm_raw_check_scalar(struct gcm_raw_checker *checker); /* a value that holds no other */
bool gcm_raw_check_utf8(struct gcm_raw_checker *checker);   /* at a byte that is not ASCII */

/* A level more; false at the last that there may be. */
static inline bool gcm_raw_push(struct gcm_raw_checker *checker, bool object)
{
    uint64_t bit = (uint64_t)1 << (checker->depth % 64), *word;
    if (checker->depth == GCM_RAW_DEPTH)
        return false;
    word = &checker->objects[checker->depth++ / 64];
    *word = object ? *word | bit : *word & ~bit;
    return true;
}

/* Is the innermost level an object? There must be one. */
static inline bool gcm_raw_in_object(const struct gcm_raw_checker *checker)
{
    unsigned level = checker->depth - 1;
    return checker->objects[level / 64] >> (level % 64) & 1;
}

#endif
