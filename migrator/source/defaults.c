#include "source/defaults.h"

#include <cjson/cJSON.h>

#include <stdlib.h>
#include <string.h>

enum { LITERAL_DEPTH = 100 };

/* A literal inside a text: tolerant like the server, which read a value and left the rest. */
struct reader {
    struct gcm_arena *arena;
    struct gcm_slice text;
    size_t at;
    int depth;
};

static char peek(const struct reader *reader)
{
    return reader->at < reader->text.size ? reader->text.at[reader->at] : '\0';
}

static void skip_blanks(struct reader *reader)
{
    for (;;) {
        char c = peek(reader);
        if (c == '#') {
            while (reader->at < reader->text.size && peek(reader) != '\n')
                reader->at++;
        } else if (reader->at < reader->text.size && strchr(" \t\r\n,", c)) {
            reader->at++;
        } else {
            return;
        }
    }
}

/* java.math.BigDecimal.toString of a number with a fraction or an exponent. */
static struct gcm_slice decimal_text(struct gcm_arena *arena, struct gcm_slice raw)
{
    struct gcm_buffer digits = gcm_buffer(arena, GCM_BUFFER_CAP);
    bool negative = raw.size > 0 && raw.at[0] == '-';
    size_t end =
        gcm_slice_find(raw, 'e') < raw.size ? gcm_slice_find(raw, 'e') : gcm_slice_find(raw, 'E');
    long exponent = 0;
    if (end < raw.size)
        exponent = strtol(gcm_cstring(arena, gcm_slice_sub(raw, end + 1, raw.size)), NULL, 10);
    long scale = 0;
    bool fraction = false;
    for (size_t i = 0; i < end; i++) {
        if (raw.at[i] == '.') {
            fraction = true;
        } else if (gcm_is_digit(raw.at[i])) {
            scale += fraction;
            if (digits.size > 0 || raw.at[i] != '0')
                gcm_putc(&digits, raw.at[i]);
        }
    }
    if (exponent > 1000000000 || exponent < -1000000000)
        return raw;
    scale -= exponent;
    if (digits.size == 0)
        gcm_putc(&digits, '0');
    struct gcm_slice all = gcm_buffer_text(&digits);
    long size = (long)all.size, adjusted = size - 1 - scale;
    const char *sign = negative && !gcm_slice_is(all, "0") ? "-" : "";
    if (scale < 0 || adjusted < -6) {
        struct gcm_slice tail = gcm_slice_sub(all, 1, all.size);
        return gcm_format(arena, "%s%c%s%.*sE%+ld", sign, all.at[0], tail.size > 0 ? "." : "",
                          GCM_P(tail), adjusted);
    }
    if (scale == 0)
        return gcm_format(arena, "%s%.*s", sign, GCM_P(all));
    if (size > scale)
        return gcm_format(arena, "%s%.*s.%.*s", sign,
                          GCM_P(gcm_slice_sub(all, 0, (size_t)(size - scale))),
                          GCM_P(gcm_slice_sub(all, (size_t)(size - scale), all.size)));
    struct gcm_buffer out = gcm_buffer(arena, GCM_BUFFER_CAP);
    gcm_putf(&out, "%s0.", sign);
    for (long i = size; i < scale; i++)
        gcm_putc(&out, '0');
    gcm_put(&out, all);
    return gcm_buffer_text(&out);
}

static struct gcm_slice integer_text(struct gcm_arena *arena, struct gcm_slice raw)
{
    (void)arena;
    return gcm_slice_is(raw, "-0") ? GCM_S("0") : raw;
}

static struct gcm_value *made(struct reader *reader, enum gcm_value_kind kind,
                              struct gcm_slice text)
{
    struct gcm_value *value = GCM_NEW(reader->arena, struct gcm_value);
    value->kind = kind;
    value->text = value->raw = text;
    return value;
}

static void skip_digits(struct reader *reader)
{
    while (gcm_is_digit(peek(reader)))
        reader->at++;
}

static struct gcm_value *read_number(struct reader *reader)
{
    size_t start = reader->at;
    reader->at += peek(reader) == '-';
    if (!gcm_is_digit(peek(reader)))
        return NULL;
    if (peek(reader) == '0')
        reader->at++;
    else
        skip_digits(reader);
    bool decimal = false;
    size_t before = reader->at;
    if (peek(reader) == '.') {
        reader->at++;
        decimal = gcm_is_digit(peek(reader));
        skip_digits(reader);
        if (!decimal)
            reader->at = before;
    }
    before = reader->at;
    if (peek(reader) == 'e' || peek(reader) == 'E') {
        reader->at++;
        reader->at += peek(reader) == '-' || peek(reader) == '+';
        if (gcm_is_digit(peek(reader)))
            decimal = true;
        else
            reader->at = before;
        skip_digits(reader);
    }
    struct gcm_slice raw = gcm_slice_sub(reader->text, start, reader->at - start);
    return decimal ? made(reader, GCM_VALUE_FLOAT, decimal_text(reader->arena, raw))
                   : made(reader, GCM_VALUE_INT, integer_text(reader->arena, raw));
}

/* A string: its escapes are kept as they are in raw; text is decoded for the usual ones. */
static struct gcm_value *read_string(struct reader *reader)
{
    size_t start = reader->at++;
    struct gcm_buffer text = gcm_buffer(reader->arena, GCM_BUFFER_CAP);
    for (; reader->at < reader->text.size && peek(reader) != '\n'; reader->at++) {
        char c = peek(reader);
        if (c == '"') {
            reader->at++;
            struct gcm_value *value = made(reader, GCM_VALUE_STRING, gcm_buffer_text(&text));
            value->raw = gcm_slice_sub(reader->text, start, reader->at - start);
            return value;
        }
        if (c == '\\') {
            reader->at++;
            const char *names = "nrtbf", *codes = "\n\r\t\b\f";
            const char *name = peek(reader) ? strchr(names, peek(reader)) : NULL;
            if (peek(reader) == 'u')
                gcm_putc(&text, '\\');
            gcm_putc(&text, name ? codes[name - names] : peek(reader));
        } else {
            gcm_putc(&text, c);
        }
    }
    return NULL;
}

static struct gcm_value *read_literal(struct reader *reader);

static struct gcm_value *read_list(struct reader *reader)
{
    size_t start = reader->at++;
    GCM_VEC(struct gcm_value *) items = {0};
    for (;;) {
        skip_blanks(reader);
        if (peek(reader) == ']')
            break;
        struct gcm_value *item = read_literal(reader);
        if (!item)
            return NULL;
        *gcm_push(reader->arena, &items) = item;
    }
    reader->at++;
    struct gcm_value *list =
        made(reader, GCM_VALUE_LIST, gcm_slice_sub(reader->text, start, reader->at - start));
    list->items = items.at;
    list->count = items.count;
    return list;
}

static struct gcm_slice read_name(struct reader *reader)
{
    size_t start = reader->at;
    if (!gcm_is_name_start(peek(reader)))
        return (struct gcm_slice){0};
    while (gcm_is_name_part(peek(reader)))
        reader->at++;
    return gcm_slice_sub(reader->text, start, reader->at - start);
}

static struct gcm_value *read_object(struct reader *reader)
{
    size_t start = reader->at++;
    GCM_VEC(struct gcm_value *) items = {0};
    struct gcm_slices keys = {0};
    for (;;) {
        skip_blanks(reader);
        if (peek(reader) == '}')
            break;
        struct gcm_slice key = read_name(reader);
        skip_blanks(reader);
        if (key.size == 0 || peek(reader) != ':')
            return NULL;
        reader->at++;
        struct gcm_value *item = read_literal(reader);
        if (!item)
            return NULL;
        *gcm_push(reader->arena, &keys) = key;
        *gcm_push(reader->arena, &items) = item;
    }
    reader->at++;
    struct gcm_value *object =
        made(reader, GCM_VALUE_OBJECT, gcm_slice_sub(reader->text, start, reader->at - start));
    object->items = items.at;
    object->keys = keys.at;
    object->count = items.count;
    return object;
}

static struct gcm_value *read_word(struct reader *reader)
{
    struct gcm_slice name = read_name(reader);
    if (name.size == 0)
        return NULL;
    if (gcm_slice_is(name, "true") || gcm_slice_is(name, "false"))
        return made(reader, GCM_VALUE_BOOLEAN, name);
    return made(reader, gcm_slice_is(name, "null") ? GCM_VALUE_NULL : GCM_VALUE_ENUM, name);
}

static struct gcm_value *read_literal(struct reader *reader)
{
    skip_blanks(reader);
    if (reader->depth >= LITERAL_DEPTH)
        return NULL;
    reader->depth++;
    char c = peek(reader);
    struct gcm_value *value = c == '"'                      ? read_string(reader)
                              : c == '['                    ? read_list(reader)
                              : c == '{'                    ? read_object(reader)
                              : c == '-' || gcm_is_digit(c) ? read_number(reader)
                                                            : read_word(reader);
    reader->depth--;
    return value;
}

/* As Sangria renders a value compactly; lists of what could be read. */
static void render(struct gcm_buffer *out, const struct gcm_value *value)
{
    if (value->kind == GCM_VALUE_STRING || value->count == 0) {
        gcm_put(out, value->raw);
        return;
    }
    bool object = value->kind == GCM_VALUE_OBJECT;
    gcm_putc(out, object ? '{' : '[');
    for (size_t i = 0; i < value->count; i++) {
        if (i > 0)
            gcm_putc(out, ',');
        if (object)
            gcm_putf(out, "%.*s:", GCM_P(value->keys[i]));
        render(out, value->items[i]);
    }
    gcm_putc(out, object ? '}' : ']');
}

static struct gcm_default bad(struct gcm_slice text)
{
    return (struct gcm_default){.outcome = GCM_DEFAULT_BAD, .text = text};
}

static struct gcm_slice quoted(struct gcm_arena *arena, struct gcm_slice text)
{
    struct gcm_buffer out = gcm_buffer(arena, GCM_BUFFER_CAP);
    gcm_putc(&out, '"');
    for (size_t i = 0; i < text.size; i++) {
        char c = text.at[i];
        if (c == '"' || c == '\\')
            gcm_putc(&out, '\\');
        if (c == '\n')
            gcm_puts(&out, "\\n");
        else
            gcm_putc(&out, c);
    }
    gcm_putc(&out, '"');
    return gcm_buffer_text(&out);
}

static bool is_json(struct gcm_arena *arena, struct gcm_slice text)
{
    cJSON *json = cJSON_ParseWithOpts(gcm_cstring(arena, text), NULL, true);
    bool valid = json != NULL;
    cJSON_Delete(json);
    return valid;
}

/* Does a single literal fit the field's type? */
static bool fits(struct gcm_arena *arena, const struct gcm_field *field,
                 const struct gcm_value *value)
{
    if (value->kind == GCM_VALUE_NULL)
        return true;
    if (field->kind == GCM_FIELD_ENUM)
        return value->kind == GCM_VALUE_ENUM;
    switch (field->scalar) {
    case GCM_SCALAR_INT:
        return value->kind == GCM_VALUE_INT;
    case GCM_SCALAR_FLOAT:
        return value->kind == GCM_VALUE_INT || value->kind == GCM_VALUE_FLOAT;
    case GCM_SCALAR_BOOLEAN:
        return value->kind == GCM_VALUE_BOOLEAN;
    case GCM_SCALAR_DATETIME:
        return value->kind == GCM_VALUE_STRING && gcm_is_date_time(value->text);
    case GCM_SCALAR_JSON:
        return value->kind == GCM_VALUE_STRING && is_json(arena, value->text);
    default:
        return value->kind == GCM_VALUE_STRING;
    }
}

struct gcm_slice gcm_stored_int(struct gcm_arena *arena, struct gcm_slice number)
{
    uint32_t value = 0;
    for (size_t i = 0; i < number.size; i++)
        if (gcm_is_digit(number.at[i]))
            value = value * 10 + (uint32_t)(number.at[i] - '0');
    if (number.at[0] == '-')
        value = ~value + 1;
    return gcm_format(arena, "%d", (int32_t)value);
}

static struct gcm_default read_list_text(struct gcm_arena *arena, const struct gcm_field *field,
                                         struct gcm_slice text, const struct gcm_value *value)
{
    struct gcm_buffer rendered = gcm_buffer(arena, GCM_BUFFER_CAP);
    render(&rendered, value);
    if (value->kind == GCM_VALUE_ENUM && field->kind == GCM_FIELD_ENUM)
        return (struct gcm_default){.outcome = GCM_DEFAULT_LONE, .text = value->text};
    if (value->kind != GCM_VALUE_LIST)
        return bad(gcm_buffer_text(&rendered));
    struct gcm_default result = {.outcome = GCM_DEFAULT_VALUE, .text = text};
    for (size_t i = 0; i < value->count; i++) {
        if (!fits(arena, field, value->items[i]))
            return bad(gcm_buffer_text(&rendered));
        if (field->kind == GCM_FIELD_ENUM)
            *gcm_push(arena, &result.members) = value->items[i]->text;
    }
    result.text = value->raw;
    return result;
}

/* Texts of these types are taken whole; of the others, they are read as literals. */
static bool is_whole(const struct gcm_field *field)
{
    return !field->list && field->kind == GCM_FIELD_SCALAR &&
           (field->scalar == GCM_SCALAR_STRING || field->scalar == GCM_SCALAR_PASSWORD ||
            field->scalar == GCM_SCALAR_ID || field->scalar == GCM_SCALAR_DATETIME ||
            field->scalar == GCM_SCALAR_JSON);
}

static struct gcm_default read_null(const struct gcm_field *field)
{
    bool number = !field->list && field->kind == GCM_FIELD_SCALAR && !is_whole(field);
    if (number)
        return (struct gcm_default){.outcome = GCM_DEFAULT_BROKEN};
    bool member = field->kind == GCM_FIELD_ENUM && !field->list;
    return (struct gcm_default){.outcome = GCM_DEFAULT_NONE, .null_member = member};
}

static struct gcm_default read_text(struct gcm_arena *arena, const struct gcm_field *field,
                                    struct gcm_slice text)
{
    if (gcm_slice_is(text, "null"))
        return read_null(field);
    if (is_whole(field)) {
        struct gcm_value value = {.kind = GCM_VALUE_STRING, .text = text};
        if (!fits(arena, field, &value))
            return bad(quoted(arena, text));
        return (struct gcm_default){.outcome = GCM_DEFAULT_VALUE, .text = text};
    }
    struct reader reader = {arena, text, 0, 0};
    const struct gcm_value *value = read_literal(&reader);
    if (!value)
        return bad(text);
    if (field->list)
        return read_list_text(arena, field, text, value);
    if (!fits(arena, field, value)) {
        struct gcm_buffer rendered = gcm_buffer(arena, GCM_BUFFER_CAP);
        render(&rendered, value);
        return bad(gcm_buffer_text(&rendered));
    }
    struct gcm_default result = {.outcome = GCM_DEFAULT_VALUE, .text = value->text};
    if (field->kind == GCM_FIELD_ENUM)
        *gcm_push(arena, &result.members) = value->text;
    else if (field->scalar == GCM_SCALAR_INT)
        result.text = gcm_stored_int(arena, value->text);
    return result;
}

struct gcm_default gcm_default_of(struct gcm_arena *arena, const struct gcm_field *field,
                                  const struct gcm_value *literal)
{
    if (!literal)
        return (struct gcm_default){.outcome = GCM_DEFAULT_NONE};
    switch (literal->kind) {
    case GCM_VALUE_INT:
        return read_text(arena, field, integer_text(arena, literal->raw));
    case GCM_VALUE_FLOAT:
        return read_text(arena, field, decimal_text(arena, literal->raw));
    case GCM_VALUE_STRING:
    case GCM_VALUE_BOOLEAN:
    case GCM_VALUE_ENUM:
        return read_text(arena, field, literal->text);
    default:
        return (struct gcm_default){.outcome = GCM_DEFAULT_NONE};
    }
}
