#include "core/json.h"

#include <inttypes.h>

struct gcm_json gcm_json(struct gcm_buffer *out)
{
    return (struct gcm_json){.out = out, .empty = true};
}

static void new_line(struct gcm_json *json)
{
    if (json->flat) {
        gcm_putc(json->out, ' ');
        return;
    }
    gcm_putc(json->out, '\n');
    for (unsigned i = 0; i < json->depth; i++)
        gcm_puts(json->out, "  ");
}

/* What stands before a value, or before a key: a comma, and a line of its own. */
static void lead_in(struct gcm_json *json)
{
    if (json->behind) {
        json->behind = false;
        return;
    }
    if (!json->empty)
        gcm_putc(json->out, ',');
    if (json->depth)
        new_line(json);
    json->empty = false;
}

/* The size of the UTF-8 character at the start of text, or 0 if there is none (a stray byte, an
 * overlong form, a surrogate, something behind U+10FFFF). */
static size_t character_size(struct gcm_slice text)
{
    const unsigned char *at = (const unsigned char *)text.at;
    size_t size = at[0] < 0x80   ? 1
                  : at[0] < 0xc2 ? 0
                  : at[0] < 0xe0 ? 2
                  : at[0] < 0xf0 ? 3
                  : at[0] < 0xf5 ? 4
                                 : 0;
    if (size > text.size)
        return 0;
    for (size_t i = 1; i < size; i++)
        if ((at[i] & 0xc0) != 0x80)
            return 0;
    if ((at[0] == 0xe0 && at[1] < 0xa0) || (at[0] == 0xed && at[1] > 0x9f) ||
        (at[0] == 0xf0 && at[1] < 0x90) || (at[0] == 0xf4 && at[1] > 0x8f))
        return 0;
    return size;
}

static void put_escaped(struct gcm_buffer *out, unsigned char c)
{
    switch (c) {
    case '"':
        gcm_puts(out, "\\\"");
        break;
    case '\\':
        gcm_puts(out, "\\\\");
        break;
    case '\n':
        gcm_puts(out, "\\n");
        break;
    case '\t':
        gcm_puts(out, "\\t");
        break;
    case '\r':
        gcm_puts(out, "\\r");
        break;
    default:
        if (c < 0x20 || c == 0x7f)
            gcm_putf(out, "\\u%04x", c);
        else
            gcm_putc(out, (char)c);
    }
}

static void put_string(struct gcm_buffer *out, struct gcm_slice text)
{
    gcm_putc(out, '"');
    for (size_t i = 0; i < text.size;) {
        size_t size = character_size(gcm_slice_sub(text, i, text.size));
        if (size == 1)
            put_escaped(out, (unsigned char)text.at[i]);
        else if (size)
            gcm_put(out, gcm_slice_sub(text, i, size));
        else
            gcm_puts(out, "\xef\xbf\xbd");
        i += size ? size : 1;
    }
    gcm_putc(out, '"');
}

void gcm_json_open(struct gcm_json *json, char bracket)
{
    lead_in(json);
    gcm_putc(json->out, bracket);
    json->depth++;
    json->empty = true;
}

void gcm_json_open_flat(struct gcm_json *json, char bracket)
{
    gcm_json_open(json, bracket);
    if (!json->flat)
        json->flat = json->depth;
}

void gcm_json_close(struct gcm_json *json, char bracket)
{
    json->depth--;
    if (!json->empty)
        new_line(json);
    if (json->flat > json->depth)
        json->flat = 0;
    gcm_putc(json->out, bracket);
    json->empty = false;
    if (!json->depth)
        gcm_putc(json->out, '\n');
}

void gcm_json_key_slice(struct gcm_json *json, struct gcm_slice name)
{
    lead_in(json);
    put_string(json->out, name);
    gcm_puts(json->out, ": ");
    json->behind = true;
}

void gcm_json_key(struct gcm_json *json, const char *name)
{
    gcm_json_key_slice(json, gcm_slice_of(name));
}

void gcm_json_string(struct gcm_json *json, struct gcm_slice text)
{
    lead_in(json);
    put_string(json->out, text);
}

void gcm_json_number(struct gcm_json *json, uint64_t number)
{
    lead_in(json);
    gcm_putf(json->out, "%" PRIu64, number);
}

void gcm_json_bool(struct gcm_json *json, bool value)
{
    lead_in(json);
    gcm_puts(json->out, value ? "true" : "false");
}

void gcm_json_null(struct gcm_json *json)
{
    lead_in(json);
    gcm_puts(json->out, "null");
}

void gcm_json_member(struct gcm_json *json, const char *name, struct gcm_slice text)
{
    gcm_json_key(json, name);
    gcm_json_string(json, text);
}

void gcm_json_member_or_null(struct gcm_json *json, const char *name, struct gcm_slice text)
{
    gcm_json_key(json, name);
    if (text.size)
        gcm_json_string(json, text);
    else
        gcm_json_null(json);
}

void gcm_json_member_number(struct gcm_json *json, const char *name, uint64_t number)
{
    gcm_json_key(json, name);
    gcm_json_number(json, number);
}

void gcm_json_member_bool(struct gcm_json *json, const char *name, bool value)
{
    gcm_json_key(json, name);
    gcm_json_bool(json, value);
}
