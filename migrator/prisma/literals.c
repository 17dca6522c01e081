/* How the server's libraries read and print literals: Jackson's JSON, Sangria's values. */
#include "prisma/validate.h"

#include <stdlib.h>

struct scan {
    struct gcm_slice text;
    size_t at;
};

static char peek(const struct scan *scan)
{
    return scan->at < scan->text.size ? scan->text.at[scan->at] : '\0';
}

static bool take(struct scan *scan, char c)
{
    if (peek(scan) != c || scan->at >= scan->text.size)
        return false;
    scan->at++;
    return true;
}

/* ---- JSON: the first value of a text, as Jackson reads it -------------------------------------
 */

enum { JSON_DEPTH = 500 };

static void blanks(struct scan *scan)
{
    while (peek(scan) == ' ' || peek(scan) == '\t' || peek(scan) == '\n' || peek(scan) == '\r')
        scan->at++;
}

static bool json_string(struct scan *scan)
{
    if (!take(scan, '"'))
        return false;
    while (scan->at < scan->text.size) {
        char c = scan->text.at[scan->at++];
        if (c == '"')
            return true;
        if ((unsigned char)c < 0x20)
            return false;
        if (c != '\\')
            continue;
        char escaped = peek(scan);
        scan->at++;
        if (escaped == 'u') {
            for (int i = 0; i < 4; i++, scan->at++) {
                char hex = peek(scan);
                if (!gcm_is_digit(hex) && !((hex | 32) >= 'a' && (hex | 32) <= 'f'))
                    return false;
            }
        } else if (!escaped || !gcm_slice_in((struct gcm_slice){&escaped, 1},
                                             (const char *const[]){"\"", "\\", "/", "b", "f", "n",
                                                                   "r", "t", NULL}))
            return false;
    }
    return false;
}

static bool json_number(struct scan *scan)
{
    take(scan, '-');
    if (!gcm_is_digit(peek(scan)) || (take(scan, '0') && gcm_is_digit(peek(scan))))
        return false;
    while (gcm_is_digit(peek(scan)))
        scan->at++;
    if (take(scan, '.')) {
        if (!gcm_is_digit(peek(scan)))
            return false;
        while (gcm_is_digit(peek(scan)))
            scan->at++;
    }
    if (take(scan, 'e') || take(scan, 'E')) {
        if (!take(scan, '+'))
            take(scan, '-');
        if (!gcm_is_digit(peek(scan)))
            return false;
        while (gcm_is_digit(peek(scan)))
            scan->at++;
    }
    return !gcm_is_name_part(peek(scan));
}

static bool json_word(struct scan *scan)
{
    static const char *const words[] = {"true", "false", "null", NULL};
    size_t size = 0;
    while (scan->at + size < scan->text.size && gcm_is_name_part(scan->text.at[scan->at + size]))
        size++;
    struct gcm_slice word = gcm_slice_sub(scan->text, scan->at, size);
    scan->at += size;
    return gcm_slice_in(word, words);
}

static bool json_scalar(struct scan *scan)
{
    if (peek(scan) == '"')
        return json_string(scan);
    return gcm_is_digit(peek(scan)) || peek(scan) == '-' ? json_number(scan) : json_word(scan);
}

static bool json_key(struct scan *scan)
{
    blanks(scan);
    if (!json_string(scan))
        return false;
    blanks(scan);
    return take(scan, ':');
}

/* Behind a value: closes what ends here. False at an error; *more says that another value must
 * follow. */
static bool json_after(struct scan *scan, const char *stack, size_t *depth, bool *more)
{
    *more = false;
    while (*depth) {
        bool object = stack[*depth - 1] == '{';
        blanks(scan);
        if (take(scan, ',')) {
            *more = true;
            return !object || json_key(scan);
        }
        if (!take(scan, object ? '}' : ']'))
            return false;
        --*depth;
    }
    return true;
}

bool gcm_is_json(struct gcm_slice text)
{
    struct scan scan = {text, 0};
    char stack[JSON_DEPTH];
    size_t depth = 0;
    for (bool more = true; more;) {
        blanks(&scan);
        char c = peek(&scan);
        if (c == '{' || c == '[') {
            if (depth == JSON_DEPTH)
                return false;
            stack[depth++] = c;
            scan.at++;
            blanks(&scan);
            if (take(&scan, c == '{' ? '}' : ']'))
                depth--;
            else if (c == '{' && !json_key(&scan))
                return false;
            else
                continue;
        } else if (!json_scalar(&scan))
            return false;
        if (!json_after(&scan, stack, &depth, &more))
            return false;
    }
    return true;
}

/* ---- values as Sangria prints them ------------------------------------------------------------
 */

static void put_value(struct gcm_buffer *out, const struct gcm_value *value, int indent);

static void put_string(struct gcm_buffer *out, struct gcm_slice text)
{
    gcm_putc(out, '"');
    for (size_t i = 0; i < text.size; i++) {
        char c = text.at[i];
        const char *escape = c == '"'    ? "\\\""
                             : c == '\\' ? "\\\\"
                             : c == '\n' ? "\\n"
                             : c == '\r' ? "\\r"
                             : c == '\t' ? "\\t"
                             : c == '\b' ? "\\b"
                             : c == '\f' ? "\\f"
                                         : NULL;
        if (escape)
            gcm_puts(out, escape);
        else if ((unsigned char)c < 0x20)
            gcm_putf(out, "\\u%04x", (unsigned)c);
        else
            gcm_putc(out, c);
    }
    gcm_putc(out, '"');
}

/* BigInt: no -0, no leading zeros (the grammar has none). */
static void put_whole(struct gcm_buffer *out, struct gcm_slice raw)
{
    gcm_put(out, gcm_slice_is(raw, "-0") ? GCM_S("0") : raw);
}

/* java.math.BigDecimal.toString of a literal. */
static void put_decimal(struct gcm_buffer *out, struct gcm_slice raw)
{
    char digits[64] = "0";
    size_t count = 0, at = 0;
    long scale = 0, exponent = 0;
    bool negative = raw.size && raw.at[0] == '-', behind = false;
    for (at = negative; at < raw.size && (gcm_is_digit(raw.at[at]) || raw.at[at] == '.'); at++) {
        if (raw.at[at] == '.') {
            behind = true;
            continue;
        }
        scale += behind;
        if (count == 1 && digits[0] == '0')
            count = 0;
        if (count == sizeof digits - 1) {
            gcm_put(out, raw);
            return;
        }
        digits[count++] = raw.at[at];
    }
    if (at < raw.size)
        exponent = strtol(gcm_cstring(out->arena, gcm_slice_sub(raw, at + 1, raw.size)), NULL, 10);
    scale -= exponent;
    long adjusted = (long)count - 1 - scale;
    if (negative && !(count == 1 && digits[0] == '0'))
        gcm_putc(out, '-');
    if (scale >= 0 && adjusted >= -6) {
        for (long zeros = scale - (long)count + 1; zeros > 0; zeros--)
            gcm_puts(out, zeros == scale - (long)count + 1 ? "0." : "0");
        for (size_t i = 0; i < count; i++) {
            if (i && (long)(count - i) == scale)
                gcm_putc(out, '.');
            gcm_putc(out, digits[i]);
        }
        return;
    }
    gcm_putc(out, digits[0]);
    if (count > 1)
        gcm_putf(out, ".%.*s", (int)count - 1, digits + 1);
    if (adjusted)
        gcm_putf(out, "E%+ld", adjusted);
}

static void put_object(struct gcm_buffer *out, const struct gcm_value *value, int indent)
{
    gcm_puts(out, "{\n");
    for (size_t i = 0; i < value->count; i++) {
        gcm_putf(out, "%*s%.*s: ", indent + 2, "", GCM_P(value->keys[i]));
        put_value(out, value->items[i], indent + 2);
        gcm_putc(out, '\n');
    }
    gcm_putf(out, "%*s}", indent, "");
}

/* No deeper than the parser went. */
static void put_value(struct gcm_buffer *out, const struct gcm_value *value, int indent)
{
    switch (value->kind) {
    case GCM_VALUE_STRING:
        put_string(out, value->text);
        return;
    case GCM_VALUE_INT:
        put_whole(out, value->raw);
        return;
    case GCM_VALUE_FLOAT:
        put_decimal(out, value->raw);
        return;
    case GCM_VALUE_LIST:
        gcm_putc(out, '[');
        for (size_t i = 0; i < value->count; i++) {
            gcm_puts(out, i ? ", " : "");
            put_value(out, value->items[i], indent);
        }
        gcm_putc(out, ']');
        return;
    case GCM_VALUE_OBJECT:
        put_object(out, value, indent);
        return;
    case GCM_VALUE_NULL:
    case GCM_VALUE_BOOLEAN:
    case GCM_VALUE_ENUM:
    case GCM_VALUE_VARIABLE:
        gcm_put(out, value->raw);
        return;
    }
}

struct gcm_slice gcm_sangria_value(struct gcm_arena *arena, const struct gcm_value *value)
{
    struct gcm_buffer out = gcm_buffer(arena, GCM_BUFFER_CAP);
    put_value(&out, value, 0);
    return gcm_buffer_text(&out);
}
