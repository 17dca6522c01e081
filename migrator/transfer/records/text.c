#include "transfer/records/text.h"

#include <string.h>

size_t gcm_text_length(struct gcm_slice text)
{
    size_t length = 0;
    for (size_t i = 0; i < text.size; i++)
        length += ((unsigned char)text.at[i] & 0xc0) != 0x80;
    return length;
}

bool gcm_text_has_wide(struct gcm_slice text)
{
    for (size_t i = 0; i < text.size; i++)
        if ((unsigned char)text.at[i] >= 0xf0)
            return true;
    return false;
}

static const char nul_escape[] = "\\u0000";
enum { NUL_ESCAPE = sizeof nul_escape - 1 };

/* The next `\u0000` from `at` on; `end` if there is none. A backslash takes the next character with
 * it. */
static const char *next_nul(const char *at, const char *end)
{
    while ((at = memchr(at, '\\', (size_t)(end - at)))) {
        if ((size_t)(end - at) >= NUL_ESCAPE && !memcmp(at, nul_escape, NUL_ESCAPE))
            return at;
        at += 2;
    }
    return end;
}

bool gcm_raw_has_nul(struct gcm_raw string)
{
    const char *end = string.text.at + string.text.size;
    return next_nul(string.text.at, end) < end;
}

struct gcm_raw gcm_raw_without_nul(struct gcm_arena *arena, struct gcm_raw string)
{
    struct gcm_buffer out = gcm_buffer(arena, GCM_BUFFER_CAP);
    const char *at = string.text.at, *end = at + string.text.size;
    while (at < end) {
        const char *nul = next_nul(at, end);
        gcm_put(&out, (struct gcm_slice){at, (size_t)(nul - at)});
        at = nul < end ? nul + NUL_ESCAPE : end;
    }
    return (struct gcm_raw){gcm_buffer_text(&out), GCM_RAW_STRING};
}

bool gcm_raw_holds_json(struct gcm_arena *arena, struct gcm_raw string, struct gcm_raw *inside)
{
    struct gcm_raw_error ignored;
    struct gcm_slice start = gcm_slice_trim(
        gcm_slice_sub(string.text, 1, string.text.size < 66 ? string.text.size - 2 : 64));
    if (!start.size || (start.at[0] != '{' && start.at[0] != '[' && start.at[0] != '\\'))
        return false;
    return gcm_raw_read(gcm_raw_string(arena, string), inside, &ignored) &&
           (inside->kind == GCM_RAW_OBJECT || inside->kind == GCM_RAW_ARRAY);
}
