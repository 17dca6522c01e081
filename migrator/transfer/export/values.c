/* Values that the export, or the client that wrote it down, printed otherwise than they are stored
 * (spec/graphcool-framework.md §7.5). */
#include "transfer/export/parts.h"

#include <string.h>

/* The server cut the stored text at every comma and took the quotes off each piece; so an element
 * that ends with a comma may come as two: "," as "" and "", and `a",` as `a\` and "". */
struct pieces {
    struct gcm_arena *arena;
    struct gcm_buffer *out;
    struct gcm_slice open; /* a piece that is no text alone: its last quote was an escaped one */
    bool has_open, empty;  /* the last piece was "" */
    enum gcm_export_list worst;
};

static void put_comma(struct pieces *pieces)
{
    if (pieces->out->size > 1)
        gcm_putc(pieces->out, ',');
}

static bool put_stored(struct pieces *pieces, struct gcm_slice inside, const char *end)
{
    struct gcm_buffer stored = gcm_buffer(pieces->arena, GCM_BUFFER_CAP);
    struct gcm_raw value;
    struct gcm_raw_error wrong;
    gcm_putc(&stored, '"');
    gcm_put(&stored, inside);
    gcm_puts(&stored, end);
    struct gcm_slice text = gcm_buffer_text(&stored);
    if (!gcm_raw_read(text, &value, &wrong) || value.kind != GCM_RAW_STRING)
        return false;
    put_comma(pieces);
    gcm_put(pieces->out, text);
    return true;
}

/* An element that cannot be understood stays as it came. */
static void put_odd(struct pieces *pieces, struct gcm_slice inside)
{
    pieces->worst = GCM_LIST_ODD;
    put_comma(pieces);
    gcm_put_raw_string(pieces->out, inside);
}

static void close_piece(struct pieces *pieces)
{
    if (pieces->has_open)
        put_odd(pieces, pieces->open);
    pieces->has_open = false;
}

/* The text between the quotes of an element is the inside of the stored JSON string. */
static void put_piece(struct pieces *pieces, struct gcm_raw element)
{
    struct gcm_slice inside = gcm_raw_string(pieces->arena, element);
    if (pieces->has_open && !inside.size && put_stored(pieces, pieces->open, "\",\"")) {
        pieces->has_open = false;
        return;
    }
    close_piece(pieces);
    if (pieces->empty && !inside.size && pieces->worst == GCM_LIST_GOOD)
        pieces->worst = GCM_LIST_AMBIGUOUS;
    pieces->empty = !inside.size;
    if (put_stored(pieces, inside, "\""))
        return;
    pieces->open = inside;
    pieces->has_open = true;
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

/* Nothing in the text that the server could have changed: the rule. */
static bool is_plain(struct gcm_slice list)
{
    static const char two[] = "\"\",\"\"";
    if (memchr(list.at, '\\', list.size))
        return false;
    const char *at = list.at, *end = list.at + list.size;
    for (; (at = memchr(at, '"', (size_t)(end - at))); at++)
        if ((size_t)(end - at) >= sizeof two - 1 && !memcmp(at, two, sizeof two - 1))
            return false;
    return true;
}

struct gcm_slice gcm_export_true_list(struct gcm_arena *arena, const struct gcm_export_field *field,
                                      struct gcm_raw list, enum gcm_export_list *how)
{
    bool text = field && is_text(field), enumerated = field && field->scalar == GCM_SCALAR_NONE;
    *how = GCM_LIST_GOOD;
    if ((!text && !enumerated) || is_plain(list.text))
        return list.text;
    struct gcm_buffer out = gcm_buffer(arena, GCM_BUFFER_CAP);
    struct pieces pieces = {.arena = arena, .out = &out};
    struct gcm_raw_walk walk = gcm_raw_walk(list);
    struct gcm_raw element;
    gcm_putc(&out, '[');
    while (gcm_raw_next(&walk, NULL, &element)) {
        if (element.kind == GCM_RAW_STRING && text) {
            put_piece(&pieces, element);
            continue;
        }
        put_comma(&pieces);
        if (element.kind == GCM_RAW_STRING)
            put_unquoted(arena, &out, element);
        else
            gcm_put(&out, element.text);
    }
    close_piece(&pieces);
    gcm_putc(&out, ']');
    *how = pieces.worst;
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
