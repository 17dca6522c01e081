/* raw: strict JSON (RFC 8259, UTF-8) over bytes that stay where they are. Nothing is decoded that
 * nobody asks for: numbers, escapes and NULs keep the text in which they came. User data never
 * passes through a tree or a double.
 *
 * gcm_raw_read checks a whole text once; walking over what it returned cannot fail. */
#ifndef GCM_NDF_RAW_H
#define GCM_NDF_RAW_H

#include "core/error.h"

enum gcm_raw_kind {
    GCM_RAW_NULL,
    GCM_RAW_FALSE,
    GCM_RAW_TRUE,
    GCM_RAW_NUMBER,
    GCM_RAW_STRING,
    GCM_RAW_ARRAY,
    GCM_RAW_OBJECT
};

enum { GCM_RAW_DEPTH = 2000 }; /* the servers take 1,200 levels of Json (truth/ndf) */

/* A value as it stands in the text, without the blanks around it; strings with their quotes. */
struct gcm_raw {
    struct gcm_slice text;
    enum gcm_raw_kind kind;
};

/* What is wrong with a text, and where. */
struct gcm_raw_error {
    size_t offset;        /* bytes from the start of the text */
    const char *expected; /* "a value", "\" or \\", "UTF-8", "nothing more" … */
};

/* Reads the one value that the text holds; false and *error where it is no JSON, no UTF-8, deeper
 * than GCM_RAW_DEPTH, or has a lone surrogate in an escape. */
bool gcm_raw_read(struct gcm_slice text, struct gcm_raw *value, struct gcm_raw_error *error);

/* Walks over an array or object that was read. */
struct gcm_raw_walk {
    const char *at, *end;
    bool object;
    const char *start;    /* not NULL: where nested values end is known, as offsets from here */
    const uint32_t *ends; /* the next of them */
};
struct gcm_raw_walk gcm_raw_walk(struct gcm_raw value); /* of another kind: nothing to walk over */

/* The next element or member; `key` is the name's text between its quotes, undecoded (empty in an
 * array), and may be NULL. False at the end. */
bool gcm_raw_next(struct gcm_raw_walk *walk, struct gcm_slice *key, struct gcm_raw *value);

/* The member of that (ASCII) name, the last if there are several; false if there is none. */
bool gcm_raw_member(struct gcm_raw object, const char *name, struct gcm_raw *value);

/* Several members in one walk over a large object: those of the NULL-terminated names, each in its
 * place of `values`; `text.at` is NULL for one that is missing. */
void gcm_raw_members(struct gcm_raw_walk walk, const char *const *names, struct gcm_raw *values);

/* The characters of a string. Without escapes they stay where they are. */
struct gcm_slice gcm_raw_string(struct gcm_arena *arena, struct gcm_raw string);

/* Writes text as a JSON string, with its quotes; only ", \ and control characters are escaped. */
void gcm_put_raw_string(struct gcm_buffer *out, struct gcm_slice text);

/* Same value? Numbers by value whatever their text ("1.50", "15e-1"), strings by character, objects
 * whatever the order of their keys (of repeated keys the last counts). */
bool gcm_raw_equal(struct gcm_arena *scratch, struct gcm_raw a, struct gcm_raw b);

/* -1, 0, 1: two JSON number texts, exact for any number of digits and any exponent. */
int gcm_number_compare(struct gcm_slice a, struct gcm_slice b);
/* An integer that fits: true, and *value. "1.0" and "1e3" are integers. */
bool gcm_number_integer(struct gcm_slice text, int64_t *value);

#endif
