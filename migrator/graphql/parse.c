/* The parser's frame: the document, places, comments, and how it goes on after an error. */
#include "graphql/parser.h"

#include <stdlib.h>
#include <string.h>

/* Comment lines with the empty lines between them, from one comment of the lexer to another. */
static void take_comments(struct gcm_parser *parser, struct gcm_slices *lines, size_t from,
                          size_t to)
{
    for (size_t i = from; i < to; i++) {
        const struct gcm_comment *comment = &parser->lexer.comments.at[i];
        if (i > from && comment->blank_above)
            *gcm_push(parser->arena, lines) = (struct gcm_slice){0};
        *gcm_push(parser->arena, lines) = comment->text;
    }
}

void gcm_parser_advance(struct gcm_parser *parser)
{
    switch (parser->token.kind) {
    case '(':
    case '[':
        parser->brackets++;
        break;
    case ')':
    case ']':
        parser->brackets -= parser->brackets > 0;
        break;
    case '{':
        parser->braces++;
        break;
    case '}':
        parser->braces -= parser->braces > 0;
        break;
    }
    if (parser->lexer.comments.count) /* nobody's above: they stand inside of something */
        take_comments(parser, &parser->inner, 0, parser->lexer.comments.count);
    parser->lexer.comments.count = 0;
    parser->previous_end = parser->token.offset + parser->token.size;
    parser->token = gcm_lexer_next(&parser->lexer);
}

bool gcm_parser_accept(struct gcm_parser *parser, int kind)
{
    if (parser->token.kind != kind)
        return false;
    gcm_parser_advance(parser);
    return true;
}

bool gcm_parser_at_word(const struct gcm_parser *parser, const char *word)
{
    return parser->token.kind == GCM_TOKEN_NAME && gcm_slice_is(parser->token.raw, word);
}

static bool at_string(const struct gcm_parser *parser)
{
    return parser->token.kind == GCM_TOKEN_STRING || parser->token.kind == GCM_TOKEN_BLOCK_STRING;
}

/* The first byte behind the next token that is no blank; '\0' at the end. */
static char byte_behind(const struct gcm_parser *parser)
{
    const char *at = parser->lexer.at, *end = parser->lexer.end;
    while (at < end && (*at == ' ' || *at == '\t' || *at == ','))
        at++;
    return at < end ? *at : '\0';
}

struct gcm_place gcm_parser_place(const struct gcm_parser *parser)
{
    const struct gcm_token *token = &parser->token;
    return (struct gcm_place){.file = parser->file,
                              .offset = token->offset,
                              .size = token->size,
                              .line = token->line,
                              .column = token->column};
}

struct gcm_place gcm_parser_until_here(const struct gcm_parser *parser, struct gcm_place from)
{
    if (parser->previous_end > from.offset)
        from.size = parser->previous_end - from.offset;
    return from;
}

enum { SHOWN = 40 }; /* bytes of a token in a message */

static struct gcm_slice found(const struct gcm_parser *parser)
{
    struct gcm_slice raw = parser->token.raw;
    if (parser->token.kind == GCM_TOKEN_END)
        return GCM_S("the end of the file");
    if (at_string(parser))
        return GCM_S("a string");
    return gcm_format(parser->arena, "\"%.*s%s\"", GCM_P(gcm_slice_sub(raw, 0, SHOWN)),
                      raw.size > SHOWN ? "…" : "");
}

bool gcm_parser_expected(struct gcm_parser *parser, const char *what, const char *hint)
{
    if (parser->token.kind != GCM_TOKEN_INVALID)
        gcm_syntax_error(&parser->lexer, gcm_parser_place(parser), hint, "expected %s, found %.*s",
                         what, GCM_P(found(parser)));
    return false;
}

bool gcm_parser_expect(struct gcm_parser *parser, int kind, const char *what)
{
    return gcm_parser_accept(parser, kind) || gcm_parser_expected(parser, what, NULL);
}

bool gcm_parser_name(struct gcm_parser *parser, const char *what, struct gcm_slice *name,
                     struct gcm_place *place)
{
    if (parser->token.kind != GCM_TOKEN_NAME)
        return gcm_parser_expected(parser, what, NULL);
    if (name)
        *name = parser->token.raw;
    if (place)
        *place = gcm_parser_place(parser);
    gcm_parser_advance(parser);
    return true;
}

bool gcm_parser_sigil(struct gcm_parser *parser, const char *what, struct gcm_slice *name)
{
    struct gcm_place place = gcm_parser_place(parser);
    gcm_parser_advance(parser);
    if (parser->token.offset != parser->previous_end && parser->dialect != GCM_DIALECT_TOLERANT)
        gcm_parser_refuse(parser, place, NULL, "a blank before the name");
    return gcm_parser_name(parser, what, name, NULL);
}

void gcm_parser_refuse(struct gcm_parser *parser, struct gcm_place place, const char *hint,
                       const char *what)
{
    gcm_syntax_error(&parser->lexer, place, hint, "the %s server did not read %s",
                     parser->dialect == GCM_DIALECT_PRISMA ? "Prisma" : "Graphcool", what);
}

/* Skips from an opening bracket to behind the one that closes it. */
static void skip_brackets(struct gcm_parser *parser)
{
    unsigned open = 0;
    do {
        int kind = parser->token.kind;
        open += kind == '{' || kind == '[' || kind == '(';
        open -= kind == '}' || kind == ']' || kind == ')';
        gcm_parser_advance(parser);
    } while (open && parser->token.kind != GCM_TOKEN_END);
}

bool gcm_parser_enter(struct gcm_parser *parser)
{
    if (parser->depth < GCM_GRAPHQL_DEPTH) {
        parser->depth++;
        return true;
    }
    gcm_syntax_error(&parser->lexer, gcm_parser_place(parser), NULL,
                     "nested more than %d levels deep", GCM_GRAPHQL_DEPTH);
    skip_brackets(parser);
    return false;
}

void gcm_parser_leave(struct gcm_parser *parser)
{
    parser->depth--;
}

struct gcm_mark gcm_parser_mark(const struct gcm_parser *parser)
{
    return (struct gcm_mark){.offset = parser->token.offset,
                             .line = parser->token.line,
                             .column = parser->token.column,
                             .brackets = parser->brackets,
                             .braces = parser->braces,
                             .inner = parser->inner.count};
}

struct gcm_mark gcm_parser_begin(struct gcm_parser *parser, struct gcm_remarks *remarks, bool first)
{
    struct gcm_lexer *lexer = &parser->lexer;
    size_t from = 0, count = lexer->comments.count;
    if (count && first && !lexer->comments.at[0].own_line) { /* behind the opening bracket */
        take_comments(parser, &parser->inner, 0, 1);
        from = 1;
    }
    remarks->blank_above =
        !first && (count > from ? lexer->comments.at[from].blank_above : parser->token.blank_above);
    if (count > from) {
        take_comments(parser, &remarks->above, from, count);
        if (parser->token.blank_above)
            *gcm_push(parser->arena, &remarks->above) = (struct gcm_slice){0};
    }
    lexer->comments.count = 0;
    return gcm_parser_mark(parser);
}

void gcm_parser_description(struct gcm_parser *parser, struct gcm_remarks *remarks)
{
    if (!at_string(parser))
        return;
    if (parser->dialect == GCM_DIALECT_GRAPHCOOL)
        gcm_parser_refuse(parser, gcm_parser_place(parser), "write a comment: # before each line",
                          "descriptions between quotation marks");
    remarks->described = true;
    remarks->quoted = parser->token.kind == GCM_TOKEN_STRING;
    remarks->description = parser->token.text;
    gcm_parser_advance(parser);
}

void gcm_parser_end(struct gcm_parser *parser, struct gcm_remarks *remarks, struct gcm_mark mark)
{
    for (size_t i = mark.inner; i < parser->inner.count; i++)
        *gcm_push(parser->arena, &remarks->above) = parser->inner.at[i];
    parser->inner.count = mark.inner;
    struct gcm_lexer *lexer = &parser->lexer;
    if (!lexer->comments.count || lexer->comments.at[0].own_line)
        return;
    remarks->commented = true;
    remarks->behind = lexer->comments.at[0].text;
    lexer->comments.count--;
    memmove(lexer->comments.at, lexer->comments.at + 1,
            lexer->comments.count * sizeof *lexer->comments.at);
}

const struct gcm_remarks *gcm_parser_keep(struct gcm_parser *parser,
                                          const struct gcm_remarks *remarks)
{
    static const struct gcm_remarks blank = {.blank_above = true};
    if (!remarks->above.count && !remarks->described && !remarks->commented)
        return remarks->blank_above ? &blank : NULL;
    struct gcm_remarks *kept = GCM_NEW(parser->arena, struct gcm_remarks);
    *kept = *remarks;
    return kept;
}

void gcm_parser_closing(struct gcm_parser *parser, struct gcm_slices *closing)
{
    struct gcm_lexer *lexer = &parser->lexer;
    size_t from = 0, count = lexer->comments.count;
    if (count && !lexer->comments.at[0].own_line) { /* `{ # only a comment` */
        take_comments(parser, &parser->inner, 0, 1);
        from = 1;
    }
    if (from < count && lexer->comments.at[from].blank_above)
        *gcm_push(parser->arena, closing) = (struct gcm_slice){0};
    take_comments(parser, closing, from, count);
    lexer->comments.count = 0;
}

static const char *const definition_words[] = {
    "schema",    "scalar", "type",  "interface", "union",        "enum",     "input",
    "directive", "extend", "query", "mutation",  "subscription", "fragment", NULL};

static bool begins_definition(const struct gcm_parser *parser)
{
    if (parser->token.kind != GCM_TOKEN_NAME || !gcm_slice_in(parser->token.raw, definition_words))
        return false;
    char behind = byte_behind(parser);
    return gcm_is_name_start(behind) || behind == '{' || behind == '@';
}

bool gcm_parser_at_definition(const struct gcm_parser *parser, uint32_t column)
{
    return parser->token.first_on_line && parser->token.column <= column &&
           begins_definition(parser);
}

static bool may_resume(const struct gcm_parser *parser, struct gcm_mark mark)
{
    const struct gcm_token *token = &parser->token;
    bool left = token->first_on_line && token->column <= mark.column && token->line > mark.line;
    bool level = parser->brackets <= mark.brackets && parser->braces <= mark.braces;
    switch (token->kind) {
    case GCM_TOKEN_END:
        return true;
    case '}':
        return parser->braces <= mark.braces || (left && token->column < mark.column);
    case GCM_TOKEN_NAME: {
        char behind = byte_behind(parser);
        return left || (level && token->offset > mark.offset && (behind == ':' || behind == '('));
    }
    case GCM_TOKEN_STRING:
    case GCM_TOKEN_BLOCK_STRING:
    case GCM_TOKEN_SPREAD:
        return left;
    default:
        return false;
    }
}

void gcm_parser_resync(struct gcm_parser *parser, struct gcm_mark mark)
{
    if (parser->token.offset == mark.offset && parser->token.kind != '}')
        gcm_parser_advance(parser);
    while (!may_resume(parser, mark))
        gcm_parser_advance(parser);
    parser->brackets = mark.brackets;
    parser->braces = mark.braces;
    parser->inner.count = mark.inner;
}

/* After an error outside of every definition: to the next word that may begin one. */
static void skip_to_definition(struct gcm_parser *parser, uint32_t offset)
{
    if (parser->token.offset == offset)
        gcm_parser_advance(parser);
    while (parser->token.kind != GCM_TOKEN_END && !begins_definition(parser) &&
           !(at_string(parser) && parser->token.first_on_line))
        gcm_parser_advance(parser);
    parser->brackets = parser->braces = parser->depth = 0;
}

/* The word that a wrong one was meant to be: at most one letter differs, is missing or too many. */
static const char *meant(struct gcm_arena *arena, struct gcm_slice word)
{
    for (const char *const *known = definition_words; *known; known++) {
        struct gcm_slice right = gcm_slice_of(*known);
        size_t head = 0, tail = 0;
        while (head < word.size && head < right.size && word.at[head] == right.at[head])
            head++;
        while (tail < word.size - head && tail < right.size - head &&
               word.at[word.size - 1 - tail] == right.at[right.size - 1 - tail])
            tail++;
        if (word.size - head - tail <= 1 && right.size - head - tail <= 1 && right.size > 3)
            return gcm_format(arena, "did you mean \"%s\"?", *known).at;
    }
    return NULL;
}

static bool read_definition(struct gcm_parser *parser, struct gcm_definition *definition)
{
    if (parser->token.kind == '{')
        return gcm_parse_executable(parser, definition);
    if (parser->token.kind != GCM_TOKEN_NAME)
        return gcm_parser_expected(parser, "a definition (type, enum, input, …)", NULL);
    if (!gcm_slice_in(parser->token.raw, definition_words))
        return gcm_parser_expected(parser, "a definition (type, enum, input, …)",
                                   meant(parser->arena, parser->token.raw));
    if (gcm_parser_at_word(parser, "query") || gcm_parser_at_word(parser, "mutation") ||
        gcm_parser_at_word(parser, "subscription") || gcm_parser_at_word(parser, "fragment"))
        return gcm_parse_executable(parser, definition);
    return gcm_parse_type_definition(parser, definition);
}

static void parse_definition(struct gcm_parser *parser, struct gcm_document *document)
{
    struct gcm_definition *definition = GCM_NEW(parser->arena, struct gcm_definition);
    bool first = !document->definitions.count;
    uint32_t offset = parser->token.offset;
    struct gcm_mark mark = gcm_parser_begin(parser, &definition->remarks, false);
    definition->remarks.blank_above = !first;
    gcm_parser_description(parser, &definition->remarks);
    bool good = read_definition(parser, definition);
    if (good)
        gcm_parser_end(parser, &definition->remarks, mark);
    else
        skip_to_definition(parser, offset);
    parser->inner.count = 0;
    bool named = definition->name.size || definition->kind <= GCM_DEFINITION_SCHEMA;
    if (named && (good || definition->kind > GCM_DEFINITION_SCHEMA))
        *gcm_push(parser->arena, &document->definitions) = definition;
}

/* The comments before the first definition are the document's, up to the last empty line. */
static void take_heading(struct gcm_parser *parser, struct gcm_document *document)
{
    struct gcm_lexer *lexer = &parser->lexer;
    size_t count = lexer->comments.count, split = count;
    if (parser->token.kind != GCM_TOKEN_END && !parser->token.blank_above)
        for (split = count; split > 0; split--)
            if (split < count && lexer->comments.at[split].blank_above)
                break;
    take_comments(parser, &document->heading, 0, split);
    lexer->comments.count = count - split;
    if (split && count > split) {
        memmove(lexer->comments.at, lexer->comments.at + split,
                (count - split) * sizeof *lexer->comments.at);
    }
}

static int by_offset(const void *a, const void *b)
{
    const struct gcm_error *x = a, *y = b;
    return (x->place.offset > y->place.offset) - (x->place.offset < y->place.offset);
}

struct gcm_document *gcm_graphql_parse(struct gcm_arena *arena, const struct gcm_file *file,
                                       enum gcm_dialect dialect, struct gcm_errors *errors)
{
    struct gcm_document *document = GCM_NEW(arena, struct gcm_document);
    document->file = file;
    if (file->text.size >= UINT32_MAX) {
        gcm_add_error(arena, errors, (struct gcm_place){.file = file}, NULL,
                      "the file is larger than 4 GiB");
        return document;
    }
    struct gcm_parser parser = {.arena = arena, .file = file, .dialect = dialect};
    parser.lexer =
        (struct gcm_lexer){.arena = arena, .file = file, .dialect = dialect, .errors = errors};
    size_t errors_before = errors->count;
    gcm_lexer_start(&parser.lexer);
    parser.token = gcm_lexer_next(&parser.lexer);
    take_heading(&parser, document);
    if (parser.token.kind == GCM_TOKEN_END && dialect == GCM_DIALECT_PRISMA)
        gcm_parser_expected(&parser, "a definition (type, enum, input, …)", NULL);
    while (parser.token.kind != GCM_TOKEN_END)
        parse_definition(&parser, document);
    take_comments(&parser, &document->closing, 0, parser.lexer.comments.count);
    if (errors->count > errors_before + 1)
        qsort(errors->at + errors_before, errors->count - errors_before, sizeof *errors->at,
              by_offset);
    return document;
}
