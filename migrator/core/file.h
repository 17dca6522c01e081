/* file: reads and writes whole files, with caps; writing is to a temporary name, then renamed. */
#ifndef GCM_CORE_FILE_H
#define GCM_CORE_FILE_H

#include "core/error.h"

enum { GCM_SOURCE_FILE_CAP = 32 * 1024 * 1024 }; /* no text of a project is larger */

/* Reads a file whole into the arena. `shown` is the path for messages (may equal path).
 * GCM_BAD_INPUT if it does not exist, is no regular file or is larger than cap; GCM_ENVIRONMENT if
 * reading fails. */
GCM_MUST_USE gcm_result gcm_file_read(struct gcm_arena *arena, struct gcm_slice path,
                                      struct gcm_slice shown, size_t cap, struct gcm_file **file,
                                      struct gcm_error *err);

/* Writes text to path: to a temporary file beside it first (same folder), then renamed over it. A
 * link stays, what it names is replaced; a device or pipe is written to directly. */
GCM_MUST_USE gcm_result gcm_file_write(struct gcm_arena *arena, struct gcm_slice path,
                                       struct gcm_slice text, struct gcm_error *err);

/* Makes a folder and the ones above it. */
GCM_MUST_USE gcm_result gcm_make_folder(struct gcm_arena *arena, struct gcm_slice path,
                                        struct gcm_error *err);

bool gcm_file_exists(struct gcm_arena *arena,
                     struct gcm_slice path); /* a regular file, links followed */
bool gcm_folder_exists(struct gcm_arena *arena, struct gcm_slice path);

/* Joins a folder and a relative path, dropping "./"; an absolute `path` wins. */
struct gcm_slice gcm_path_join(struct gcm_arena *arena, struct gcm_slice folder,
                               struct gcm_slice path);
struct gcm_slice gcm_path_folder(struct gcm_slice path); /* "a/b.c" → "a"; "b.c" → "." */
struct gcm_slice gcm_path_name(struct gcm_slice path);   /* "a/b.c" → "b.c" */

#endif
