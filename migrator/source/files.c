#include "source/files.h"

#include <dirent.h>
#include <stdlib.h>

#include "core/file.h"

static const struct gcm_file *in_memory(const struct gcm_files *files, struct gcm_arena *arena,
                                        struct gcm_slice path)
{
    for (size_t i = 0; i < files->count; i++)
        if (gcm_slice_equal(gcm_path_clean(arena, files->memory[i].path), path))
            return &files->memory[i];
    return NULL;
}

gcm_result gcm_files_read(const struct gcm_files *files, struct gcm_arena *arena,
                          struct gcm_slice path, struct gcm_file **file, struct gcm_error *err)
{
    if (!files->memory)
        return gcm_file_read(arena, gcm_path_join(arena, files->folder, path), path,
                             GCM_SOURCE_FILE_CAP, file, err);
    const struct gcm_file *found = in_memory(files, arena, path);
    *file = GCM_NEW(arena, struct gcm_file);
    **file = (struct gcm_file){.path = path, .text = found ? found->text : GCM_S("")};
    if (found)
        return GCM_OK;
    return gcm_fail(arena, err, GCM_BAD_INPUT, (struct gcm_place){.file = *file},
                    "cannot be opened: No such file or directory");
}

bool gcm_files_has(const struct gcm_files *files, struct gcm_arena *arena, struct gcm_slice path)
{
    if (files->memory)
        return in_memory(files, arena, path) != NULL;
    return gcm_file_exists(arena, gcm_path_join(arena, files->folder, path));
}

static int by_bytes(const void *a, const void *b)
{
    return gcm_slice_compare(*(const struct gcm_slice *)a, *(const struct gcm_slice *)b);
}

static void list_memory(const struct gcm_files *files, struct gcm_arena *arena,
                        struct gcm_slice folder, size_t limit, struct gcm_slices *names)
{
    for (size_t i = 0; i < files->count && names->count < limit; i++) {
        struct gcm_slice path = gcm_path_clean(arena, files->memory[i].path);
        if (folder.size) {
            if (path.size <= folder.size || path.at[folder.size] != '/' ||
                !gcm_slice_equal(gcm_slice_sub(path, 0, folder.size), folder))
                continue;
            path = gcm_slice_sub(path, folder.size + 1, path.size);
        }
        *gcm_push(arena, names) = gcm_slice_sub(path, 0, gcm_slice_find(path, '/'));
    }
}

void gcm_files_list(const struct gcm_files *files, struct gcm_arena *arena, struct gcm_slice folder,
                    size_t limit, struct gcm_slices *names)
{
    if (files->memory) {
        list_memory(files, arena, folder, limit, names);
    } else {
        struct gcm_slice path =
            folder.size ? gcm_path_join(arena, files->folder, folder) : files->folder;
        DIR *open = opendir(path.size ? gcm_cstring(arena, path) : ".");
        if (!open)
            return;
        for (struct dirent *entry; names->count < limit && (entry = readdir(open));)
            if (!gcm_slice_in(gcm_slice_of(entry->d_name), (const char *[]){".", "..", NULL}))
                *gcm_push(arena, names) = gcm_copy(arena, gcm_slice_of(entry->d_name));
        closedir(open);
    }
    if (names->count)
        qsort(names->at, names->count, sizeof *names->at, by_bytes);
}

struct gcm_slice gcm_path_clean(struct gcm_arena *arena, struct gcm_slice path)
{
    struct gcm_slices parts = {0};
    for (size_t at = 0; at < path.size;) {
        struct gcm_slice rest = gcm_slice_sub(path, at, path.size);
        struct gcm_slice part = gcm_slice_sub(rest, 0, gcm_slice_find(rest, '/'));
        at += part.size + 1;
        if (!part.size || gcm_slice_is(part, "."))
            continue;
        bool up = gcm_slice_is(part, "..");
        if (up && parts.count && !gcm_slice_is(parts.at[parts.count - 1], ".."))
            parts.count--;
        else if (!up || !gcm_slice_starts(path, "/"))
            *gcm_push(arena, &parts) = part;
    }
    struct gcm_buffer out = gcm_buffer(arena, path.size + 1);
    if (gcm_slice_starts(path, "/"))
        gcm_putc(&out, '/');
    for (size_t i = 0; i < parts.count; i++) {
        if (i)
            gcm_putc(&out, '/');
        gcm_put(&out, parts.at[i]);
    }
    return gcm_buffer_text(&out);
}

enum { FOLDER_ENTRIES = 4096, PATH_PARTS = 32 };

struct gcm_slice gcm_files_other_case(const struct gcm_files *files, struct gcm_arena *arena,
                                      struct gcm_slice path)
{
    struct gcm_slice found = GCM_S("");
    size_t part_count = 0;
    if (gcm_slice_starts(path, "/"))
        return found;
    for (size_t at = 0; at < path.size; part_count++) {
        struct gcm_slice rest = gcm_slice_sub(path, at, path.size);
        struct gcm_slice part = gcm_slice_sub(rest, 0, gcm_slice_find(rest, '/'));
        at += part.size + 1;
        struct gcm_slice match = GCM_S("");
        struct gcm_slices names = {0};
        if (part_count < PATH_PARTS && !gcm_slice_is(part, ".."))
            gcm_files_list(files, arena, found, FOLDER_ENTRIES, &names);
        else if (part_count < PATH_PARTS)
            match = part;
        for (size_t i = 0; i < names.count; i++)
            if (gcm_slice_equal(names.at[i], part) ||
                (!match.size && gcm_slice_equal_nocase(names.at[i], part)))
                match = names.at[i];
        if (!match.size)
            return GCM_S("");
        found = found.size ? gcm_path_join(arena, found, match) : match;
    }
    return gcm_files_has(files, arena, found) ? found : GCM_S("");
}
