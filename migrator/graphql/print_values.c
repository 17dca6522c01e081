/* Values, strings, types, directives, comments. */
#include "graphql/print_parts.h"

#include <string.h>

void gcm_put_indent(struct gcm_buffer *out, unsigned indent)
{
    for (unsigned i = 0; i < indent; i++)
        gcm_put(out, GCM_S("  "));
}

void gcm_print_comments(struct gcm_buffer *out, const struct gcm_slices *lines, unsigned indent)
{
    for (size_t i = 0; i < lines->count; i++) {
        struct gcm_slice line = lines->at[i];
        if (line.at) {
            gcm_put_indent(out, indent);
            gcm_putc(out, '#');
            if (line.size && line.at[0] != '#') /* a row of `#` stays one */
                gcm_putc(out, ' ');
            gcm_put(out, line);
        }
        gcm_putc(out, '\n');
    }
}

/* As graphql-js decides it. U+0080 to U+009F are two bytes. */
static bool needs_escape(const char *at, const char *end)
{
    unsigned char c = (unsigned char)*at;
    return c < 0x20 || c == '"' || c == '\\' || c == 0x7f ||
           (c == 0xc2 && at + 1 < end && (unsigned char)at[1] < 0xa0);
}

static const char *put_escape(struct gcm_buffer *out, const char *at)
{
    static const char characters[] = "\b\t\n\f\r\"\\", letters[] = "btnfr\"\\";
    const char *known = *at ? strchr(characters, *at) : NULL;
    if (known) {
        gcm_putc(out, '\\');
        gcm_putc(out, letters[known - characters]);
        return at + 1;
    }
    bool two = (unsigned char)*at == 0xc2;
    gcm_putf(out, "\\u%04X", (unsigned)(unsigned char)at[two]);
    return at + 1 + two;
}

void gcm_print_string(struct gcm_buffer *out, struct gcm_slice text)
{
    gcm_putc(out, '"');
    const char *at = text.at, *end = text.size ? text.at + text.size : text.at;
    while (at < end) {
        const char *from = at;
        while (at < end && !needs_escape(at, end))
            at++;
        gcm_put(out, (struct gcm_slice){from, (size_t)(at - from)});
        if (at < end)
            at = put_escape(out, at);
    }
    gcm_putc(out, '"');
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

/* What decides how a block string is written. */
struct block {
    size_t lines;
    bool all_indented;  /* every line with text begins with a blank */
    bool rest_indented; /* every line but the first is empty or begins with a blank */
    bool first_blank, last_blank;
    bool control; /* holds what only an escape can say */
};

static struct block look_at(struct gcm_slice text)
{
    struct block block = {.all_indented = true, .rest_indented = true};
    const char *at = text.at, *end = text.size ? text.at + text.size : text.at;
    for (bool more = true; more; block.lines++) {
        const char *from = at;
        bool blank = true;
        for (; at < end && *at != '\n'; at++) {
            blank = blank && is_blank(*at);
            block.control |= (unsigned char)*at < 0x20 && *at != '\t';
        }
        bool indented = from < at && is_blank(*from);
        if (!blank && !indented)
            block.all_indented = false;
        if (block.lines && from < at && !indented)
            block.rest_indented = false;
        block.first_blank |= !block.lines && blank;
        block.last_blank = blank;
        more = at < end;
        at += more;
    }
    return block;
}

static void put_block_text(struct gcm_buffer *out, struct gcm_slice text, unsigned indent)
{
    for (size_t i = 0; i < text.size; i++) {
        if (text.at[i] == '"' && text.size - i >= 3 && !memcmp(text.at + i, "\"\"\"", 3)) {
            gcm_puts(out, "\\\"\"\"");
            i += 2;
            continue;
        }
        gcm_putc(out, text.at[i]);
        if (text.at[i] == '\n')
            gcm_put_indent(out, indent);
    }
}

/* printBlockString() of graphql-js 16. What a block string cannot hold is written with escapes. */
static void put_block_string(struct gcm_buffer *out, struct gcm_slice text, unsigned indent)
{
    struct block block = look_at(text);
    bool single = block.lines == 1;
    if (block.control ||
        (text.size && (block.first_blank || block.last_blank || (!single && block.all_indented)))) {
        gcm_print_string(out, text);
        return;
    }
    bool ends_in_triple = gcm_slice_ends(text, "\"\"\"");
    bool force_after =
        (gcm_slice_ends(text, "\"") && !ends_in_triple) || gcm_slice_ends(text, "\\");
    bool force_before = !single && block.rest_indented;
    bool many =
        !single || gcm_utf16_length(text) > 70 || force_after || force_before || ends_in_triple;
    bool skip_before = single && text.size && is_blank(text.at[0]);
    gcm_puts(out, "\"\"\"");
    if ((many && !skip_before) || force_before) {
        gcm_putc(out, '\n');
        gcm_put_indent(out, indent);
    }
    put_block_text(out, text, indent);
    if (many) {
        gcm_putc(out, '\n');
        gcm_put_indent(out, indent);
    }
    gcm_puts(out, "\"\"\"");
}

void gcm_put_remarks(struct gcm_buffer *out, const struct gcm_remarks *remarks, unsigned indent)
{
    static const struct gcm_remarks none = {0};
    if (!remarks)
        remarks = &none;
    if (remarks->blank_above)
        gcm_putc(out, '\n');
    gcm_print_comments(out, &remarks->above, indent);
    gcm_put_indent(out, indent);
    if (!remarks->described)
        return;
    if (remarks->quoted)
        gcm_print_string(out, remarks->description);
    else
        put_block_string(out, remarks->description, indent);
    gcm_putc(out, '\n');
    gcm_put_indent(out, indent);
}

void gcm_put_behind(struct gcm_buffer *out, const struct gcm_remarks *remarks)
{
    if (remarks && remarks->commented) {
        gcm_puts(out, remarks->behind.size && remarks->behind.at[0] != '#' ? " # " : " #");
        gcm_put(out, remarks->behind);
    }
    gcm_putc(out, '\n');
}

void gcm_print_type(struct gcm_buffer *out, const struct gcm_type_ref *type)
{
    if (type->of) {
        gcm_putc(out, '[');
        gcm_print_type(out, type->of);
        gcm_putc(out, ']');
    } else {
        gcm_put(out, type->name);
    }
    if (type->non_null)
        gcm_putc(out, '!');
}

static void put_items(struct gcm_buffer *out, const struct gcm_value *value, unsigned indent)
{
    for (size_t i = 0; i < value->count; i++) {
        if (i)
            gcm_puts(out, ", ");
        if (value->kind == GCM_VALUE_OBJECT) {
            gcm_put(out, value->keys[i]);
            gcm_puts(out, ": ");
        }
        gcm_put_value(out, value->items[i], indent);
    }
}

void gcm_put_value(struct gcm_buffer *out, const struct gcm_value *value, unsigned indent)
{
    switch (value->kind) {
    case GCM_VALUE_LIST:
        gcm_putc(out, '[');
        put_items(out, value, indent);
        gcm_putc(out, ']');
        break;
    case GCM_VALUE_OBJECT:
        gcm_putc(out, '{');
        put_items(out, value, indent);
        gcm_putc(out, '}');
        break;
    case GCM_VALUE_STRING:
        if (gcm_slice_starts(value->raw, "\"\"\""))
            put_block_string(out, value->text, indent);
        else
            gcm_print_string(out, value->text);
        break;
    case GCM_VALUE_VARIABLE:
        gcm_putc(out, '$');
        gcm_put(out, value->text);
        break;
    default:
        gcm_put(out, value->raw);
    }
}

void gcm_put_directives(struct gcm_buffer *out, const struct gcm_directives *directives,
                        unsigned indent)
{
    for (size_t i = 0; i < directives->count; i++) {
        const struct gcm_directive *directive = &directives->at[i];
        gcm_puts(out, " @");
        gcm_put(out, directive->name);
        for (size_t j = 0; j < directive->arguments.count; j++) {
            gcm_puts(out, j ? ", " : "(");
            gcm_put(out, directive->arguments.at[j].name);
            gcm_puts(out, ": ");
            gcm_put_value(out, directive->arguments.at[j].value, indent);
        }
        if (directive->arguments.count)
            gcm_putc(out, ')');
    }
}

void gcm_print_directives(struct gcm_buffer *out, const struct gcm_directives *directives)
{
    gcm_put_directives(out, directives, 0);
}
