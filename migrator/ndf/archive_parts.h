/* archive_parts: what the files archive*.c share. */
#ifndef GCM_NDF_ARCHIVE_PARTS_H
#define GCM_NDF_ARCHIVE_PARTS_H

#include "ndf/archive.h"

/* The archive as a whole, for errors. Names from it go through gcm_archive_shown first. */
struct gcm_place gcm_archive_place(struct gcm_archive *archive);
struct gcm_slice gcm_archive_shown(struct gcm_archive *archive, struct gcm_slice name);

/* Files an entry under `files`, `folder_there` or `ignored`. `name` is the one seen from inside of
 * a folder around the three, and lives as long as the archive. */
GCM_MUST_USE gcm_result gcm_archive_add(struct gcm_archive *archive, struct gcm_slice name,
                                        uint64_t size, uint64_t place, struct gcm_error *err);

/* Is "nodes", "lists" or "relations" the first part of the name? */
bool gcm_archive_is_kind(struct gcm_slice part, enum gcm_ndf_kind *kind);

GCM_MUST_USE gcm_result gcm_archive_open_zip(struct gcm_archive *archive, int fd,
                                             struct gcm_error *err);
GCM_MUST_USE gcm_result gcm_archive_read_zip(struct gcm_archive *archive,
                                             const struct gcm_archive_file *entry, char *text,
                                             struct gcm_error *err);
void gcm_archive_close_zip(struct gcm_archive *archive);

GCM_MUST_USE gcm_result gcm_archive_open_folder(struct gcm_archive *archive, struct gcm_error *err);
GCM_MUST_USE gcm_result gcm_archive_read_folder(struct gcm_archive *archive,
                                                const struct gcm_archive_file *entry, char *text,
                                                struct gcm_error *err);

/* An entry of a zip's directory at the end of the file. */
struct gcm_zip_place {
    struct gcm_slice name;
    uint64_t packed, size; /* bytes */
    uint64_t from, to;     /* of its header and data in the file */
};
struct gcm_zip_places {
    struct gcm_zip_place *at;
    size_t count, room;
};

/* Reads where a zip's entries lie, which libzip doesn't tell: GCM_BAD_INPUT where two of them share
 * bytes, or one those of the directory. In the order of the directory, in `scratch`. */
GCM_MUST_USE gcm_result gcm_zip_places(struct gcm_archive *archive, struct gcm_arena *scratch,
                                       int fd, struct gcm_zip_places *places,
                                       struct gcm_error *err);

#endif
