/* parser: what the files parse_*.c share. One token of look-ahead; no construct is ever read twice.
 * A function that reads a construct returns false (or NULL) after it has reported why it could not;
 * whoever keeps a list of such constructs then goes on at the next one. */
#ifndef GCM_GRAPHQL_PARSER_H
#define GCM_GRAPHQL_PARSER_H

#include "graphql/lex.h"

struct gcm_parser {
    struct gcm_arena *arena;
    const struct gcm_file *file;
    enum gcm_dialect dialect;
    struct gcm_lexer lexer;
    struct gcm_token token;  /* the next one */
    uint32_t previous_end;   /* offset behind the one before it */
    unsigned depth;          /* of nested lists, objects and selections */
    unsigned brackets;       /* `(` and `[` that are open */
    unsigned braces;         /* `{` that are open */
    struct gcm_slices inner; /* comments inside of the constructs that are being read */
    /* Wide arrays in which the lists of a definition are read; they go on to the next one. */
    struct gcm_field_definitions fields;
    struct gcm_input_values inputs, arguments;
    struct gcm_enum_value_definitions values;
};

/* Where a construct of a list begins: for its comments, and to find the next one after an error. */
struct gcm_mark {
    uint32_t offset, line, column;
    unsigned brackets, braces;
    size_t inner;
};

void gcm_parser_advance(struct gcm_parser *parser);
bool gcm_parser_accept(struct gcm_parser *parser, int kind);
bool gcm_parser_at_word(const struct gcm_parser *parser, const char *word);

/* Reports `expected WHAT, found …` at the next token. Returns false. */
bool gcm_parser_expected(struct gcm_parser *parser, const char *what, const char *hint);
bool gcm_parser_expect(struct gcm_parser *parser, int kind, const char *what);

/* Takes a name; false with an error if there is none. Either of name and place may be NULL. */
bool gcm_parser_name(struct gcm_parser *parser, const char *what, struct gcm_slice *name,
                     struct gcm_place *place);

/* Takes `@` or `$` and the name behind it; the servers allowed no blank between. */
bool gcm_parser_sigil(struct gcm_parser *parser, const char *what, struct gcm_slice *name);

struct gcm_place gcm_parser_place(const struct gcm_parser *parser); /* of the next token */
/* From a place to the end of the token before the next one. */
struct gcm_place gcm_parser_until_here(const struct gcm_parser *parser, struct gcm_place from);

/* Does the dialect refuse something? Reports it at `place`, and the parse goes on. */
void gcm_parser_refuse(struct gcm_parser *parser, struct gcm_place place, const char *hint,
                       const char *what);

/* One level deeper; at the limit, reports it, skips the bracketed text and returns false. */
bool gcm_parser_enter(struct gcm_parser *parser);
void gcm_parser_leave(struct gcm_parser *parser);

/* Where the next token is. */
struct gcm_mark gcm_parser_mark(const struct gcm_parser *parser);

/* Comments: begin before the first token of a construct, end behind its last. A description may
 * follow the beginning of what a type definition is made of. */
void gcm_parser_description(struct gcm_parser *parser, struct gcm_remarks *remarks);
struct gcm_mark gcm_parser_begin(struct gcm_parser *parser, struct gcm_remarks *remarks,
                                 bool first);
void gcm_parser_end(struct gcm_parser *parser, struct gcm_remarks *remarks, struct gcm_mark mark);
/* What a construct of a list keeps of its remarks: NULL where there are none. */
const struct gcm_remarks *gcm_parser_keep(struct gcm_parser *parser,
                                          const struct gcm_remarks *remarks);
/* The comments before a closing brace. */
void gcm_parser_closing(struct gcm_parser *parser, struct gcm_slices *closing);

/* After an error: goes to the next construct of the list in which `mark` is, or to its end. */
void gcm_parser_resync(struct gcm_parser *parser, struct gcm_mark mark);

/* Is the next token the beginning of a definition that stands further left than `column` allows?
 * Then a closing brace is missing. */
bool gcm_parser_at_definition(const struct gcm_parser *parser, uint32_t column);

/* parse_values.c */
struct gcm_value *gcm_parse_value(struct gcm_parser *parser, bool constant);
struct gcm_type_ref *gcm_parse_type(struct gcm_parser *parser);
/* `(name: value …)`, if there is one; `empty` says whether tolerant readers take `()`. */
bool gcm_parse_arguments(struct gcm_parser *parser, struct gcm_arguments *arguments, bool constant,
                         bool empty);
bool gcm_parse_directives(struct gcm_parser *parser, struct gcm_directives *directives,
                          bool constant, bool empty);

/* parse_sdl.c, parse_query.c. After an error the definition holds what could be read. */
bool gcm_parse_type_definition(struct gcm_parser *parser, struct gcm_definition *definition);
enum gcm_input_kind { GCM_INPUT_FIELD, GCM_INPUT_ARGUMENT, GCM_INPUT_VARIABLE };
bool gcm_parse_input_value(struct gcm_parser *parser, struct gcm_input_values *values, bool first,
                           enum gcm_input_kind kind);
bool gcm_parse_executable(struct gcm_parser *parser, struct gcm_definition *definition);

#endif
