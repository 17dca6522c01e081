#include "emit/javascript.h"

#include "core/error.h"

/* U+2028 and U+2029, which end a line in JavaScript. */
static bool is_line_end(struct gcm_slice text, size_t at)
{
    struct gcm_slice character = gcm_slice_sub(text, at, 3);
    return gcm_slice_is(character, "\xe2\x80\xa8") || gcm_slice_is(character, "\xe2\x80\xa9");
}

void gcm_js_put_string(struct gcm_buffer *out, struct gcm_slice text)
{
    gcm_putc(out, '\'');
    for (size_t i = 0; i < text.size; i++) {
        char c = text.at[i];
        if (is_line_end(text, i)) {
            gcm_puts(out, text.at[i + 2] == '\xa8' ? "\\u2028" : "\\u2029");
            i += 2;
        } else if ((unsigned char)c < 0x20 || c == 0x7f) {
            gcm_putf(out, "\\x%02x", (unsigned)c);
        } else {
            if (c == '\'' || c == '\\')
                gcm_putc(out, '\\');
            gcm_putc(out, c);
        }
    }
    gcm_putc(out, '\'');
}

void gcm_js_put_comment(struct gcm_buffer *out, struct gcm_slice text)
{
    for (size_t i = 0; i < text.size; i++) {
        if (is_line_end(text, i)) {
            gcm_putc(out, ' ');
            i += 2;
        } else {
            gcm_put_visible(out, gcm_slice_sub(text, i, 1));
        }
    }
}

bool gcm_js_is_name(struct gcm_slice name)
{
    for (size_t i = 0; i < name.size; i++)
        if (!gcm_is_name_part(name.at[i]))
            return false;
    return name.size && gcm_is_name_start(name.at[0]);
}
