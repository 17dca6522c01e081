#include "emit/template.h"

#include "core/embedded.h"

static const struct gcm_blank *blank_named(struct gcm_slice name, const struct gcm_blank *blanks,
                                           size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (gcm_slice_is(name, blanks[i].name))
            return &blanks[i];
    return NULL;
}

/* The name between the braces that open a text, or nothing. */
static struct gcm_slice blank_at(struct gcm_slice text)
{
    if (!gcm_slice_starts(text, "{{"))
        return GCM_S("");
    size_t end = 2;
    while (end < text.size && gcm_is_name_part(text.at[end]))
        end++;
    return gcm_slice_starts(gcm_slice_sub(text, end, text.size), "}}")
               ? gcm_slice_sub(text, 2, end - 2)
               : GCM_S("");
}

struct gcm_slice gcm_template_fill(struct gcm_arena *arena, struct gcm_slice text,
                                   const struct gcm_blank *blanks, size_t count)
{
    struct gcm_buffer out = gcm_buffer(arena, GCM_BUFFER_CAP);
    for (size_t i = 0; i < text.size;) {
        struct gcm_slice name = blank_at(gcm_slice_sub(text, i, text.size));
        const struct gcm_blank *blank = name.size ? blank_named(name, blanks, count) : NULL;
        if (!blank) {
            gcm_putc(&out, text.at[i++]);
            continue;
        }
        bool starts_line = i == 0 || text.at[i - 1] == '\n';
        i += name.size + 4;
        gcm_put(&out, blank->value);
        if (!blank->value.size && starts_line && i < text.size && text.at[i] == '\n')
            i++;
    }
    return gcm_buffer_text(&out);
}

struct gcm_slice gcm_template(struct gcm_arena *arena, const char *name,
                              const struct gcm_blank *blanks, size_t count)
{
    const struct gcm_file *file =
        gcm_embedded(arena, gcm_format(arena, "rules/templates/%s", name));
    return file ? gcm_template_fill(arena, file->text, blanks, count) : GCM_S("");
}
