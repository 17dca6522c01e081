/* Values that the export, or the client that wrote it down, printed otherwise than they are stored
 * (spec/graphcool-framework.md §7.5). */
#include "transfer/export_parts.h"

#include <string.h>

/* The text between the quotes of an element is the inside of the stored JSON string. */
static bool put_unescaped(struct gcm_arena *arena, struct gcm_buffer *out, struct gcm_raw element)
{
    struct gcm_slice inside = gcm_raw_string(arena, element);
    struct gcm_buffer stored = gcm_buffer(arena, GCM_BUFFER_CAP);
    gcm_putc(&stored, '"');
    gcm_put(&stored, inside);
    gcm_putc(&stored, '"');
    struct gcm_slice text = gcm_buffer_text(&stored);
    struct gcm_raw value;
    struct gcm_raw_error wrong;
    bool good = gcm_raw_read(text, &value, &wrong) && value.kind == GCM_RAW_STRING;
    gcm_put(out, good ? text : element.text);
    return good;
}

/* Release 0.11.4 left the quotes of the stored text around an enum's value. */
static void put_unquoted(struct gcm_arena *arena, struct gcm_buffer *out, struct gcm_raw element)
{
    struct gcm_slice value = gcm_raw_string(arena, element);
    if (value.size >= 2 && value.at[0] == '"' && value.at[value.size - 1] == '"')
        value = gcm_slice_sub(value, 1, value.size - 2);
    gcm_put_raw_string(out, value);
}

static bool is_text(const struct gcm_export_field *field)
{
    return field->scalar == GCM_SCALAR_STRING || field->scalar == GCM_SCALAR_ID ||
           field->scalar == GCM_SCALAR_PASSWORD;
}

struct gcm_slice gcm_export_true_list(struct gcm_arena *arena, const struct gcm_export_field *field,
                                      struct gcm_raw list, bool *doubtful)
{
    bool text = field && is_text(field), enumerated = field && field->scalar == GCM_SCALAR_NONE;
    *doubtful = false;
    if ((!text && !enumerated) || !memchr(list.text.at, '\\', list.text.size))
        return list.text;
    struct gcm_buffer out = gcm_buffer(arena, GCM_BUFFER_CAP);
    struct gcm_raw_walk walk = gcm_raw_walk(list);
    struct gcm_raw element;
    gcm_putc(&out, '[');
    for (bool first = true; gcm_raw_next(&walk, NULL, &element); first = false) {
        if (!first)
            gcm_putc(&out, ',');
        if (element.kind != GCM_RAW_STRING)
            gcm_put(&out, element.text);
        else if (enumerated)
            put_unquoted(arena, &out, element);
        else
            *doubtful |= !put_unescaped(arena, &out, element);
    }
    gcm_putc(&out, ']');
    return gcm_buffer_text(&out);
}

/* A number's digits without leading zeros, sign and exponent. */
static size_t count_digits(const char **at, const char *end)
{
    size_t digits = 0;
    const char *c = *at;
    for (; c < end && (gcm_is_digit(*c) || *c == '.' || *c == '-'); c++)
        digits += gcm_is_digit(*c) && (digits || *c != '0');
    while (c < end && (gcm_is_digit(*c) || *c == 'e' || *c == 'E' || *c == '+' || *c == '-'))
        c++;
    *at = c;
    return digits;
}

enum gcm_export_doubt gcm_export_doubt(struct gcm_slice json)
{
    enum { SAFE_DIGITS = 15 };
    enum gcm_export_doubt doubt = GCM_DOUBT_NONE;
    const char *at = json.at, *end = json.at + json.size;
    while (at < end) {
        if (*at == '"') {
            for (at++; at < end && *at != '"'; at++)
                at += *at == '\\';
            at++;
        } else if (*at == '-' || gcm_is_digit(*at)) {
            if (count_digits(&at, end) > SAFE_DIGITS)
                return GCM_DOUBT_DIGITS;
        } else {
            if (*at == 'n')
                doubt = GCM_DOUBT_NULL;
            at++;
        }
    }
    return doubt;
}
