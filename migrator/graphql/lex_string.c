/* Strings: quoted ones with escapes, and block strings with their indentation taken away. */
#include "graphql/lex.h"

#include <string.h>

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if ((c | 0x20) >= 'a' && (c | 0x20) <= 'f')
        return (c | 0x20) - 'a' + 10;
    return -1;
}

/* Four hexadecimal digits, or -1. */
static long hex_unit(const char *at, const char *end)
{
    long unit = 0;
    if (end - at < 4)
        return -1;
    for (int i = 0; i < 4; i++) {
        if (hex_digit(at[i]) < 0)
            return -1;
        unit = unit * 16 + hex_digit(at[i]);
    }
    return unit;
}

static char *put_character(char *out, unsigned long c)
{
    if (c < 0x80) {
        *out++ = (char)c;
    } else if (c < 0x800) {
        *out++ = (char)(0xc0 | c >> 6);
        *out++ = (char)(0x80 | (c & 0x3f));
    } else if (c < 0x10000) {
        *out++ = (char)(0xe0 | c >> 12);
        *out++ = (char)(0x80 | (c >> 6 & 0x3f));
        *out++ = (char)(0x80 | (c & 0x3f));
    } else {
        *out++ = (char)(0xf0 | c >> 18);
        *out++ = (char)(0x80 | (c >> 12 & 0x3f));
        *out++ = (char)(0x80 | (c >> 6 & 0x3f));
        *out++ = (char)(0x80 | (c & 0x3f));
    }
    return out;
}

static void bad_escape(struct gcm_lexer *lexer, const char *at, size_t size)
{
    if (size > (size_t)(lexer->end - at))
        size = (size_t)(lexer->end - at);
    gcm_syntax_error(lexer, gcm_lexer_place(lexer, at, at + size),
                     "a backslash in a string is written \\\\", "no such escape: \"%.*s\"",
                     (int)size, at);
}

/* `\uXXXX` at `*at`, with its second half for characters beyond the basic plane; half a pair
 * becomes the replacement character. */
static char *decode_unicode(struct gcm_lexer *lexer, const char **at, const char *end, char *out)
{
    long unit = hex_unit(*at + 2, end);
    if (unit < 0) {
        bad_escape(lexer, *at, 2);
        *at += 2;
        return out;
    }
    *at += 6;
    if (unit < 0xd800 || unit > 0xdfff)
        return put_character(out, (unsigned long)unit);
    long low = end - *at >= 6 && (*at)[0] == '\\' && (*at)[1] == 'u' ? hex_unit(*at + 2, end) : -1;
    if (unit > 0xdbff || low < 0xdc00 || low > 0xdfff)
        return put_character(out, 0xfffd);
    *at += 6;
    return put_character(out, 0x10000ul + (((unsigned long)unit - 0xd800) << 10) +
                                  ((unsigned long)low - 0xdc00));
}

/* One escape at *at; writes what it stands for. */
static char *decode_escape(struct gcm_lexer *lexer, const char **at, const char *end, char *out)
{
    static const char letters[] = "\"\\/bfnrt", meant[] = "\"\\/\b\f\n\r\t";
    char c = *at + 1 < end ? (*at)[1] : '\0';
    if (c == 'u')
        return decode_unicode(lexer, at, end, out);
    const char *known = c ? strchr(letters, c) : NULL;
    /* Sangria knew no `\/`. */
    if (!known || (c == '/' && lexer->dialect != GCM_DIALECT_TOLERANT))
        bad_escape(lexer, *at, c && (unsigned char)c < 0x80 ? 2 : 1);
    if (!known) {
        *at += 1; /* the character behind it is copied as it is */
        return out;
    }
    *out++ = meant[known - letters];
    *at += 2;
    return out;
}

/* What a quoted string means. Never longer than what was written. */
static struct gcm_slice decode(struct gcm_lexer *lexer, const char *at, const char *end)
{
    if (at == end || !memchr(at, '\\', (size_t)(end - at)))
        return (struct gcm_slice){at, (size_t)(end - at)};
    char *text = gcm_arena_alloc(lexer->arena, (size_t)(end - at) + 1), *out = text;
    while (at < end) {
        if (*at == '\\')
            out = decode_escape(lexer, &at, end, out);
        else
            *out++ = *at++;
    }
    return (struct gcm_slice){text, (size_t)(out - text)};
}

static uint32_t continuations(const char *from, const char *to)
{
    uint32_t count = 0;
    for (; from < to; from++)
        count += ((unsigned char)*from & 0xc0) == 0x80;
    return count;
}

static void read_quoted(struct gcm_lexer *lexer, struct gcm_token *token)
{
    const char *from = lexer->at, *to = from + 1;
    char quote = *from;
    while (to < lexer->end && *to != quote && *to != '\n' && *to != '\r')
        to += *to == '\\' && to + 1 < lexer->end && to[1] != '\n' && to[1] != '\r' ? 2 : 1;
    bool closed = to < lexer->end && *to == quote;
    if (!closed && quote == '\'') { /* an apostrophe */
        gcm_syntax_error(lexer, gcm_lexer_place(lexer, from, from + 1), NULL,
                         "unexpected character \"'\"");
        token->kind = GCM_TOKEN_INVALID;
        lexer->at++;
        return;
    }
    if (!closed)
        gcm_syntax_error(lexer, gcm_lexer_place(lexer, from, to), NULL,
                         "this string has no end: expected a closing quotation mark on its line");
    else if (quote == '\'')
        gcm_syntax_error(lexer, gcm_lexer_place(lexer, from, to + 1),
                         "strings stand between double quotation marks",
                         "a string must not stand between apostrophes");
    token->kind = GCM_TOKEN_STRING;
    token->text = decode(lexer, from + 1, to);
    lexer->at = closed ? to + 1 : to;
    lexer->wide += continuations(from, lexer->at);
}

struct lines {
    const char *at, *end;
};

/* Takes one line off. */
static struct gcm_slice next_line(struct lines *lines)
{
    const char *from = lines->at, *to = from;
    while (to < lines->end && *to != '\n' && *to != '\r')
        to++;
    lines->at = to == lines->end ? NULL : to + 1;
    if (lines->at && *to == '\r' && lines->at < lines->end && *lines->at == '\n')
        lines->at++;
    return (struct gcm_slice){from, (size_t)(to - from)};
}

static size_t indentation(struct gcm_slice line)
{
    size_t size = 0;
    while (size < line.size && (line.at[size] == ' ' || line.at[size] == '\t'))
        size++;
    return size;
}

/* Copies a line of a block string; `\"""` becomes `"""`. */
static char *put_block_line(char *out, struct gcm_slice line)
{
    for (size_t i = 0; i < line.size; i++) {
        if (line.at[i] == '\\' && line.size - i >= 4 && !memcmp(line.at + i + 1, "\"\"\"", 3))
            i++;
        *out++ = line.at[i];
    }
    return out;
}

/* BlockStringValue of the specification: common indentation and blank lines at both ends go. */
static struct gcm_slice block_value(struct gcm_arena *arena, const char *from, const char *to)
{
    size_t common = SIZE_MAX, number = 0, first = SIZE_MAX, last = 0;
    for (struct lines lines = {from, to}; lines.at; number++) {
        struct gcm_slice line = next_line(&lines);
        size_t indent = indentation(line);
        if (indent == line.size)
            continue;
        first = first == SIZE_MAX ? number : first;
        last = number;
        if (number && indent < common)
            common = indent;
    }
    if (first == SIZE_MAX)
        return GCM_S("");
    char *text = gcm_arena_alloc(arena, (size_t)(to - from) + 1), *out = text;
    number = 0;
    for (struct lines lines = {from, to}; lines.at && number <= last; number++) {
        struct gcm_slice line = next_line(&lines);
        if (number < first)
            continue;
        if (number > first)
            *out++ = '\n';
        out = put_block_line(out, number ? gcm_slice_sub(line, common, line.size) : line);
    }
    return (struct gcm_slice){text, (size_t)(out - text)};
}

static void read_block(struct gcm_lexer *lexer, struct gcm_token *token)
{
    const char *from = lexer->at;
    struct gcm_place place = gcm_lexer_place(lexer, from, from + 3);
    lexer->at += 3;
    bool closed = false;
    while (lexer->at < lexer->end && !closed) {
        const char *at = lexer->at;
        size_t left = (size_t)(lexer->end - at);
        if (*at == '\n' || *at == '\r')
            gcm_lexer_line_break(lexer);
        else if (*at == '\\' && left >= 4 && !memcmp(at + 1, "\"\"\"", 3))
            lexer->at += 4;
        else if (*at == '"' && left >= 3 && !memcmp(at, "\"\"\"", 3))
            closed = true;
        else {
            lexer->wide += ((unsigned char)*at & 0xc0) == 0x80;
            lexer->at++;
        }
    }
    token->kind = GCM_TOKEN_BLOCK_STRING;
    token->text = block_value(lexer->arena, from + 3, lexer->at);
    if (closed)
        lexer->at += 3;
    else
        gcm_syntax_error(lexer, place, NULL,
                         "this string has no end: expected three quotation marks");
}

void gcm_lexer_string(struct gcm_lexer *lexer, struct gcm_token *token)
{
    if (lexer->end - lexer->at >= 3 && !memcmp(lexer->at, "\"\"\"", 3))
        read_block(lexer, token);
    else
        read_quoted(lexer, token);
}
