/* lex: text → tokens, one at a time, in one pass. Private to the parser. Blanks, commas and byte
 * order marks are skipped; comments are collected for the parser to attach. */
#ifndef GCM_GRAPHQL_LEX_H
#define GCM_GRAPHQL_LEX_H

#include "graphql/parse.h"

/* A token's kind is its character for punctuators, or one of these. */
enum {
    GCM_TOKEN_END = 256,
    GCM_TOKEN_NAME,
    GCM_TOKEN_INT,
    GCM_TOKEN_FLOAT,
    GCM_TOKEN_STRING,
    GCM_TOKEN_BLOCK_STRING,
    GCM_TOKEN_SPREAD,
    GCM_TOKEN_INVALID /* reported by the lexer already */
};

struct gcm_token {
    int kind;
    uint32_t offset, size, line, column;
    uint32_t last_line;    /* where it ends: block strings may span lines */
    bool first_on_line;    /* only blanks before it */
    bool blank_above;      /* an empty line between it and the token or comment before it */
    struct gcm_slice raw;  /* as written */
    struct gcm_slice text; /* strings decoded; otherwise = raw */
};

struct gcm_comment {
    struct gcm_slice text; /* without `#`, one blank behind it, and blanks at the end */
    bool own_line;         /* only blanks before it */
    bool blank_above;
};

struct gcm_lexer {
    struct gcm_arena *arena;
    const struct gcm_file *file;
    enum gcm_dialect dialect;
    struct gcm_errors *errors;
    size_t errors_before;    /* what the list held when the parse began */
    const char *start, *end; /* of the text */
    const char *at;
    const char *line_start;
    uint32_t line;
    uint32_t wide;      /* bytes since line_start that make no column of their own */
    uint32_t last_line; /* of the last token or comment; 0 before the first */
    bool first_on_line;
    bool stopped;                         /* too many errors: everything reads as the end */
    GCM_VEC(struct gcm_comment) comments; /* before the token that was read last */
};

/* Begins, and reports bytes that no GraphQL text may hold: control characters, broken UTF-8. */
void gcm_lexer_start(struct gcm_lexer *lexer);

/* The next token. The comments before it are added to lexer->comments. */
struct gcm_token gcm_lexer_next(struct gcm_lexer *lexer);

/* May one more error be added? Counts, and says "too many" when the limit is reached. */
bool gcm_lexer_may_report(struct gcm_lexer *lexer);

#define gcm_syntax_error(lexer, place, hint, ...)                                                  \
    do {                                                                                           \
        if (gcm_lexer_may_report(lexer))                                                           \
            gcm_add_error((lexer)->arena, (lexer)->errors, (place), (hint), __VA_ARGS__);          \
    } while (0)

/* lex_string.c: reads the string that begins at lexer->at (`"`, `"""` or, with an error, `'`). */
void gcm_lexer_string(struct gcm_lexer *lexer, struct gcm_token *token);

/* A place on the current line. */
struct gcm_place gcm_lexer_place(const struct gcm_lexer *lexer, const char *from, const char *to);

/* Takes the line break at lexer->at: LF, CR LF or CR. */
void gcm_lexer_line_break(struct gcm_lexer *lexer);

#endif
