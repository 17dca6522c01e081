#include "graphql/lex.h"

#include <string.h>

static bool is_name_start(char c)
{
    return (unsigned char)((c | 0x20) - 'a') < 26 || c == '_';
}

static bool is_digit(char c)
{
    return (unsigned char)(c - '0') < 10;
}

static bool is_continuation(char c)
{
    return ((unsigned char)c & 0xc0) == 0x80;
}

bool gcm_lexer_may_report(struct gcm_lexer *lexer)
{
    if (lexer->stopped)
        return false;
    if (lexer->errors->count - lexer->errors_before + 1 < GCM_GRAPHQL_ERRORS)
        return true;
    lexer->stopped = true;
    gcm_add_error(lexer->arena, lexer->errors, gcm_lexer_place(lexer, lexer->at, lexer->at), NULL,
                  "too many errors: the rest of the file was not read");
    return false;
}

struct gcm_place gcm_lexer_place(const struct gcm_lexer *lexer, const char *from, const char *to)
{
    uint32_t wide = 0;
    if (from > lexer->at) /* `wide` counts up to where the lexer is */
        for (const char *c = lexer->at; c < from; c++)
            wide += is_continuation(*c);
    return (struct gcm_place){.file = lexer->file,
                              .offset = (uint32_t)(from - lexer->start),
                              .size = (uint32_t)(to - from),
                              .line = lexer->line,
                              .column =
                                  (uint32_t)(from - lexer->line_start) - lexer->wide - wide + 1};
}

void gcm_lexer_line_break(struct gcm_lexer *lexer)
{
    if (*lexer->at == '\r' && lexer->at + 1 < lexer->end && lexer->at[1] == '\n')
        lexer->at++;
    lexer->at++;
    lexer->line++;
    lexer->line_start = lexer->at;
    lexer->wide = 0;
    lexer->first_on_line = true;
}

/* Length of the UTF-8 character at `at`, 0 if it is none. */
static size_t utf8_length(const char *at, const char *end)
{
    unsigned char first = (unsigned char)*at;
    if (first < 0x80)
        return 1;
    size_t size = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
    if (first < 0xc2 || first > 0xf4 || (size_t)(end - at) < size)
        return 0;
    for (size_t i = 1; i < size; i++)
        if (!is_continuation(at[i]))
            return 0;
    unsigned char second = (unsigned char)at[1];
    bool overlong = (first == 0xe0 && second < 0xa0) || (first == 0xf0 && second < 0x90);
    bool beyond = (first == 0xed && second > 0x9f) || (first == 0xf4 && second > 0x8f);
    return overlong || beyond ? 0 : size;
}

static bool is_forbidden(char c)
{
    return (unsigned char)c < 0x20 && c != '\t' && c != '\n' && c != '\r';
}

/* Errors of this pass come first in the list; the parser sorts it at the end. */
static void check_characters(struct gcm_lexer *lexer)
{
    const char *at = lexer->start;
    while (at < lexer->end && !lexer->stopped) {
        if ((unsigned char)*at >= 0x20 && (unsigned char)*at < 0x80) {
            at++;
            continue;
        }
        size_t size = utf8_length(at, lexer->end);
        struct gcm_place place = {0};
        if (!size || is_forbidden(*at))
            place = gcm_place_in(lexer->file, (size_t)(at - lexer->start), 1);
        if (!size)
            gcm_syntax_error(lexer, place, "save the file as UTF-8",
                             "byte 0x%02x is not valid UTF-8", (unsigned char)*at);
        else if (is_forbidden(*at))
            gcm_syntax_error(lexer, place, NULL, "control character U+%04X",
                             (unsigned)(unsigned char)*at);
        at += size ? size : 1;
    }
}

void gcm_lexer_start(struct gcm_lexer *lexer)
{
    lexer->start = lexer->file->text.size ? lexer->file->text.at : "";
    lexer->end = lexer->start + lexer->file->text.size;
    lexer->at = lexer->line_start = lexer->start;
    lexer->line = 1;
    lexer->first_on_line = true;
    lexer->errors_before = lexer->errors->count;
    check_characters(lexer);
}

/* A comment of `mark` bytes (`#`, or `//` with an error) up to the end of the line. */
static void read_comment(struct gcm_lexer *lexer, size_t mark)
{
    const char *from = lexer->at + mark, *to = from;
    while (to < lexer->end && *to != '\n' && *to != '\r')
        to++;
    lexer->at = to;
    if (from < to && *from == ' ')
        from++;
    while (to > from && (to[-1] == ' ' || to[-1] == '\t'))
        to--;
    *gcm_push(lexer->arena, &lexer->comments) =
        (struct gcm_comment){.text = {from, (size_t)(to - from)},
                             .own_line = lexer->first_on_line,
                             .blank_above = lexer->last_line && lexer->line > lexer->last_line + 1};
    lexer->last_line = lexer->line;
}

/* Blanks of Unicode, which editors and web pages put where a blank should be. 0 if it is none. */
static size_t foreign_blank(const char *at, const char *end)
{
    static const char *const blanks[] = {"\xc2\xa0",     "\xe2\x80\x8b", "\xe2\x80\x8c",
                                         "\xe2\x80\x8d", "\xe2\x80\xa8", "\xe2\x80\xa9",
                                         "\xe2\x80\xaf", "\xe3\x80\x80"};
    for (size_t i = 0; i < sizeof blanks / sizeof *blanks; i++) {
        size_t size = strlen(blanks[i]);
        if ((size_t)(end - at) >= size && !memcmp(at, blanks[i], size))
            return size;
    }
    return 0;
}

static const char byte_order_mark[] = "\xef\xbb\xbf";

/* Skips one thing that is no token and stands outside the ASCII blanks; false if there is none. */
static bool skip_foreign(struct gcm_lexer *lexer)
{
    const char *at = lexer->at;
    size_t left = (size_t)(lexer->end - at);
    if (left >= 3 && !memcmp(at, byte_order_mark, 3)) {
        lexer->at += 3;
        lexer->wide += 3;
        return true;
    }
    if (*at == '/' && left >= 2 && at[1] == '/') {
        gcm_syntax_error(lexer, gcm_lexer_place(lexer, at, at + 2), "comments begin with #",
                         "\"//\" does not begin a comment");
        read_comment(lexer, 2);
        return true;
    }
    size_t size = *at == ';' ? 1 : foreign_blank(at, lexer->end);
    if (!size)
        return false;
    if (size == 1)
        gcm_syntax_error(lexer, gcm_lexer_place(lexer, at, at + 1), "leave it out",
                         "unexpected \";\"");
    else
        gcm_syntax_error(lexer, gcm_lexer_place(lexer, at, at + size), "write a plain blank",
                         "unexpected invisible character");
    lexer->at += size;
    lexer->wide += (uint32_t)size - 1;
    return true;
}

static void skip_ignored(struct gcm_lexer *lexer)
{
    while (lexer->at < lexer->end) {
        switch (*lexer->at) {
        case ' ':
        case '\t':
        case ',':
            lexer->at++;
            break;
        case '\r':
            if (lexer->dialect != GCM_DIALECT_TOLERANT &&
                (lexer->at + 1 == lexer->end || lexer->at[1] != '\n'))
                gcm_syntax_error(lexer, gcm_lexer_place(lexer, lexer->at, lexer->at + 1), NULL,
                                 "a carriage return alone is no line break");
            gcm_lexer_line_break(lexer);
            break;
        case '\n':
            gcm_lexer_line_break(lexer);
            break;
        case '#':
            read_comment(lexer, 1);
            break;
        default:
            if ((*lexer->at != '/' && *lexer->at != ';' && (unsigned char)*lexer->at < 0x80) ||
                !skip_foreign(lexer))
                return;
        }
    }
}

static void read_name(struct gcm_lexer *lexer)
{
    while (lexer->at < lexer->end && (is_name_start(*lexer->at) || is_digit(*lexer->at)))
        lexer->at++;
}

static bool read_digits(struct gcm_lexer *lexer)
{
    const char *from = lexer->at;
    while (lexer->at < lexer->end && is_digit(*lexer->at))
        lexer->at++;
    return lexer->at > from;
}

static bool accept(struct gcm_lexer *lexer, const char *characters)
{
    if (lexer->at == lexer->end || !*lexer->at || !strchr(characters, *lexer->at))
        return false;
    lexer->at++;
    return true;
}

/* IntValue or FloatValue. Kept raw: no number is ever changed. */
static int read_number(struct gcm_lexer *lexer)
{
    const char *from = lexer->at;
    int kind = GCM_TOKEN_INT;
    bool good = true;
    accept(lexer, "-");
    if (!accept(lexer, "0"))
        good = read_digits(lexer);
    if (good && accept(lexer, ".")) {
        kind = GCM_TOKEN_FLOAT;
        good = read_digits(lexer);
    }
    if (good && accept(lexer, "eE")) {
        kind = GCM_TOKEN_FLOAT;
        accept(lexer, "+-");
        good = read_digits(lexer);
    }
    if (good && lexer->at < lexer->end &&
        (is_name_start(*lexer->at) || is_digit(*lexer->at) || *lexer->at == '.'))
        good = false;
    if (good)
        return kind;
    while (lexer->at < lexer->end &&
           (is_name_start(*lexer->at) || is_digit(*lexer->at) || *lexer->at == '.'))
        lexer->at++;
    if (*from == '-' && (from + 1 == lexer->at || !is_digit(from[1])))
        gcm_syntax_error(lexer, gcm_lexer_place(lexer, from, from + 1),
                         "names are made of letters, digits and _", "unexpected character \"-\"");
    else
        gcm_syntax_error(lexer, gcm_lexer_place(lexer, from, lexer->at), NULL,
                         "\"%.*s\" is no number",
                         GCM_P(((struct gcm_slice){from, (size_t)(lexer->at - from)})));
    return GCM_TOKEN_INVALID;
}

/* One character that begins no token. Those that check_characters named are not named again. */
static int read_invalid(struct gcm_lexer *lexer)
{
    const char *from = lexer->at;
    size_t size = utf8_length(from, lexer->end);
    struct gcm_place place = gcm_lexer_place(lexer, from, from + (size ? size : 1));
    if (size && !is_forbidden(*from))
        gcm_syntax_error(lexer, place, NULL, "unexpected character \"%.*s\"", (int)size, from);
    lexer->at += size ? size : 1;
    lexer->wide += size ? (uint32_t)size - 1 : 0;
    return GCM_TOKEN_INVALID;
}

static int read_punctuator(struct gcm_lexer *lexer)
{
    switch (*lexer->at) {
    case '{':
    case '}':
    case ':':
    case '(':
    case ')':
    case '@':
    case '[':
    case ']':
    case '!':
    case '=':
    case '|':
    case '&':
    case '$':
        return *lexer->at++;
    case '.':
        if (lexer->end - lexer->at >= 3 && lexer->at[1] == '.' && lexer->at[2] == '.') {
            lexer->at += 3;
            return GCM_TOKEN_SPREAD;
        }
        return read_invalid(lexer);
    default:
        return read_invalid(lexer);
    }
}

static void read_token(struct gcm_lexer *lexer, struct gcm_token *token)
{
    char c = *lexer->at;
    if (is_name_start(c)) {
        read_name(lexer);
        token->kind = GCM_TOKEN_NAME;
    } else if (c == '"' || c == '\'') {
        gcm_lexer_string(lexer, token);
    } else if (is_digit(c) || c == '-') {
        token->kind = read_number(lexer);
    } else {
        token->kind = read_punctuator(lexer);
    }
}

struct gcm_token gcm_lexer_next(struct gcm_lexer *lexer)
{
    skip_ignored(lexer);
    struct gcm_token token = {.kind = GCM_TOKEN_END};
    const char *from = lexer->at;
    token.offset = (uint32_t)(from - lexer->start);
    token.line = lexer->line;
    token.column = (uint32_t)(from - lexer->line_start) - lexer->wide + 1;
    token.first_on_line = lexer->first_on_line;
    token.blank_above = lexer->last_line && lexer->line > lexer->last_line + 1;
    if (from < lexer->end && !lexer->stopped)
        read_token(lexer, &token);
    token.size = (uint32_t)(lexer->at - from);
    token.raw = (struct gcm_slice){from, token.size};
    if (token.kind != GCM_TOKEN_STRING && token.kind != GCM_TOKEN_BLOCK_STRING)
        token.text = token.raw;
    if (lexer->stopped)
        token.kind = GCM_TOKEN_END;
    token.last_line = lexer->last_line = lexer->line;
    lexer->first_on_line = false;
    return token;
}
