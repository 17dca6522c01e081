#include "operations/rewrite.h"

#include "core/file.h"

struct gcm_slice gcm_client_rewritten(struct gcm_arena *arena, const struct gcm_client_file *file,
                                      const struct gcm_conversions *conversions)
{
    struct gcm_slice text = file->file->text;
    struct gcm_buffer out = gcm_buffer(arena, GCM_BUFFER_CAP);
    size_t at = 0;
    gcm_each (struct gcm_conversion *const, each, conversions->all) {
        const struct gcm_conversion *conversion = *each;
        if (conversion->part.text->in != file || !conversion->to)
            continue;
        size_t start =
            conversion->part.text->place.offset + conversion->part.definition->whole.offset;
        gcm_put(&out, gcm_slice_sub(text, at, start - at));
        gcm_put(&out, conversion->now);
        at = start + conversion->part.definition->whole.size;
    }
    gcm_put(&out, gcm_slice_sub(text, at, text.size));
    return gcm_buffer_text(&out);
}

static struct gcm_slice backup_of(struct gcm_arena *arena, const struct gcm_file *file)
{
    return gcm_format(arena, "%.*s.bak", GCM_P(file->path));
}

struct change {
    const struct gcm_client_file *file;
    struct gcm_slice text;
};
struct changes {
    struct change *at;
    size_t count, room;
};

static gcm_result find_changes(struct gcm_arena *arena, const struct gcm_conversions *conversions,
                               struct changes *changes, struct gcm_error *err)
{
    gcm_each (struct gcm_client_file *const, file, conversions->operations->clients->files) {
        struct gcm_slice text = gcm_client_rewritten(arena, *file, conversions);
        if (gcm_slice_equal(text, (*file)->file->text))
            continue;
        if (gcm_file_exists(arena, backup_of(arena, (*file)->file)))
            return gcm_fail(arena, err, GCM_ENVIRONMENT, (struct gcm_place){.file = (*file)->file},
                            "its old text would go to %.*s, which is there already; move that away",
                            GCM_P(backup_of(arena, (*file)->file)));
        *gcm_push(arena, changes) = (struct change){*file, text};
    }
    return GCM_OK;
}

gcm_result gcm_clients_rewrite(struct gcm_arena *arena, const struct gcm_conversions *conversions,
                               struct gcm_slices *written, struct gcm_error *err)
{
    struct changes changes = {0};
    gcm_result result = find_changes(arena, conversions, &changes, err);
    for (size_t i = 0; i < changes.count && result == GCM_OK; i++) {
        const struct gcm_file *file = changes.at[i].file->file;
        result = gcm_file_write(arena, backup_of(arena, file), file->text, err);
        if (result == GCM_OK)
            result = gcm_file_write(arena, file->path, changes.at[i].text, err);
        if (result == GCM_OK)
            *gcm_push(arena, written) = file->path;
    }
    return result;
}
