/* error: results, places in a text, and errors as values.
 * A function that can fail returns gcm_result and fills one gcm_error; it never logs. The command
 * prints, once. */
#ifndef GCM_CORE_ERROR_H
#define GCM_CORE_ERROR_H

#include "core/buffer.h"
#include "core/vec.h"

typedef enum {
    GCM_OK,
    GCM_END,         /* nothing more: not an error */
    GCM_USAGE,       /* the command line */
    GCM_BAD_INPUT,   /* what a user's file says */
    GCM_ENVIRONMENT, /* local files, memory, permissions */
    GCM_REMOTE,      /* the other side */
    GCM_STATE,       /* belongs to another migration, or is locked */
    GCM_INTERRUPTED, /* by Ctrl-C; what was done is kept */
    GCM_BUG          /* ours */
} gcm_result;

#define GCM_MUST_USE __attribute__((warn_unused_result))

/* A text with the name that people know it by (relative to where the command runs, or
 * "graphcool.yml"). */
struct gcm_file {
    struct gcm_slice path;
    struct gcm_slice text;
};

/* A piece of a file. Line and column count from 1, the column in characters (UTF-8 code points).
 * file == NULL: no place is known; line == 0: the file as a whole. */
struct gcm_place {
    const struct gcm_file *file;
    uint32_t offset, size; /* bytes */
    uint32_t line, column;
};

struct gcm_error {
    gcm_result code;
    struct gcm_place place;
    struct gcm_slice message; /* what is wrong, and what was expected */
    struct gcm_slice hint;    /* what to do; may be empty */
    const char *rule_id;      /* of rules/, or NULL */
    bool retryable;
};

struct gcm_errors {
    struct gcm_error *at;
    size_t count, room;
};

/* Fills *err (message formatted into the arena) and returns code, so that a caller can return it.
 */
gcm_result gcm_fail(struct gcm_arena *arena, struct gcm_error *err, gcm_result code,
                    struct gcm_place place, const char *format, ...)
    __attribute__((format(printf, 5, 6)));

/* Adds one error to a list. The hint may be NULL. */
void gcm_add_error(struct gcm_arena *arena, struct gcm_errors *errors, struct gcm_place place,
                   const char *hint, const char *format, ...) __attribute__((format(printf, 5, 6)));

struct gcm_place gcm_place_in(const struct gcm_file *file, size_t offset,
                              size_t size); /* counts lines from the start */

/* The whole source line of a place, without its line break. Empty where no line is known. */
struct gcm_slice gcm_place_line(struct gcm_place place);

/* "types.graphql:12:3", or only the path, or nothing. */
void gcm_put_place(struct gcm_buffer *out, struct gcm_place place);

/* The source line, as far as it may be shown (core/redact.h), with a caret line under the place,
 * both indented by four blanks; nothing where no line is known. Long lines are cut around the
 * place. */
void gcm_put_caret(struct gcm_buffer *out, struct gcm_place place);
void gcm_put_caret_at(struct gcm_buffer *out, struct gcm_place place, unsigned indent);

/* Control characters of a hostile file must not reach a terminal: they become blanks. */
void gcm_put_visible(struct gcm_buffer *out, struct gcm_slice text);

/* An error as people read it: place, message, source line with caret, hint. */
void gcm_put_error(struct gcm_buffer *out, const struct gcm_error *error);

#endif
