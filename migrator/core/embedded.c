#include "core/embedded.h"

struct entry {
    const char *path, *text;
    size_t size;
    const char *packed; /* or NULL */
};
extern const struct entry gcm_embedded_table[];

static struct gcm_file *file_of(struct gcm_arena *arena, const struct entry *entry)
{
    struct gcm_file *file = GCM_NEW(arena, struct gcm_file);
    file->path = gcm_slice_of(entry->path);
    file->text = (struct gcm_slice){entry->text, entry->size};
    return file;
}

struct gcm_file *gcm_embedded(struct gcm_arena *arena, struct gcm_slice path)
{
    for (const struct entry *entry = gcm_embedded_table; entry->path; entry++)
        if (gcm_slice_is(path, entry->path))
            return file_of(arena, entry);
    return NULL;
}

const char *gcm_embedded_pack(const struct gcm_file *file)
{
    for (const struct entry *entry = gcm_embedded_table; entry->path; entry++)
        if (file->text.at == entry->text)
            return entry->packed;
    return NULL;
}

struct gcm_file *gcm_embedded_at(struct gcm_arena *arena, size_t n)
{
    for (size_t i = 0; gcm_embedded_table[i].path; i++)
        if (i == n)
            return file_of(arena, &gcm_embedded_table[i]);
    return NULL;
}
