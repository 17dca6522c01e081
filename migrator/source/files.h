/* files: where a project's files come from: a folder on disk, or memory. Paths are relative to the
 * folder, with "/" between names and without "." in them. */
#ifndef GCM_SOURCE_FILES_H
#define GCM_SOURCE_FILES_H

#include "core/error.h"

struct gcm_files {
    struct gcm_slice folder;       /* on disk; unused when there is memory */
    const struct gcm_file *memory; /* NULL: disk */
    size_t count;
};

/* Reads a file; it is shown in messages by its path from the folder. */
GCM_MUST_USE gcm_result gcm_files_read(const struct gcm_files *files, struct gcm_arena *arena,
                                       struct gcm_slice path, struct gcm_file **file,
                                       struct gcm_error *err);

bool gcm_files_has(const struct gcm_files *files, struct gcm_arena *arena, struct gcm_slice path);

/* The names in a folder ("" is the project's), in the order of their bytes. At most `limit`. */
void gcm_files_list(const struct gcm_files *files, struct gcm_arena *arena, struct gcm_slice folder,
                    size_t limit, struct gcm_slices *names);

/* "./src//a/../b.js" → "src/b.js"; leading "../" stay, and so does a leading "/". */
struct gcm_slice gcm_path_clean(struct gcm_arena *arena, struct gcm_slice path);

/* The path of a file that differs from `path` only in upper and lower case; empty where there is
 * none. */
struct gcm_slice gcm_files_other_case(const struct gcm_files *files, struct gcm_arena *arena,
                                      struct gcm_slice path);

#endif
