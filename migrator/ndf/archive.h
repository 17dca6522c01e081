/* archive: the NDF files of a zip or of a folder, in their order. A zip is a stranger's input:
 * nothing is ever unpacked to disk, only entries named nodes|lists|relations/NUMBER.json are read,
 * into memory, and whatever else could hurt is refused by name (absolute names, "..", backslashes,
 * links, repeated names, encryption, overlapping entries; caps on count, size and ratio). */
#ifndef GCM_NDF_ARCHIVE_H
#define GCM_NDF_ARCHIVE_H

#include "ndf/ndf.h"

enum {
    GCM_ARCHIVE_FILES = 1000000,               /* entries */
    GCM_ARCHIVE_FILE_SIZE = 512 * 1024 * 1024, /* bytes of one file, unpacked */
    GCM_ARCHIVE_RATIO = 1000                   /* unpacked to packed; above 1 MB */
};

struct gcm_archive_file {
    enum gcm_ndf_kind kind;
    struct gcm_slice name; /* "nodes/000001.json" */
    uint64_t number;       /* 1 */
    uint64_t size;         /* bytes, unpacked, as the archive says */
    uint64_t place;        /* how gcm_archive_read finds it */
};

struct gcm_archive {
    struct gcm_arena *arena;
    struct gcm_slice path;
    bool zip;
    GCM_VEC(struct gcm_archive_file) files; /* nodes, lists, relations; each by number */
    bool folder_there[GCM_NDF_KINDS];       /* the folder, or its directory entry, exists */
    GCM_VEC(struct gcm_slice) ignored;      /* names that are no NDF: state.json, README … */
    void *handle;                           /* of the zip library */
};

/* A folder around the three (as some tools zip them) is seen through. GCM_BAD_INPUT where the path
 * is no NDF, or is refused. Close it even then. */
GCM_MUST_USE gcm_result gcm_archive_open(struct gcm_arena *arena, struct gcm_slice path,
                                         struct gcm_archive *archive, struct gcm_error *err);

/* A file's text, in an arena of the caller, which frees it before the next: memory stays at one
 * page. A checksum that is wrong, or another size than promised, is GCM_BAD_INPUT. */
GCM_MUST_USE gcm_result gcm_archive_read(struct gcm_archive *archive,
                                         const struct gcm_archive_file *entry,
                                         struct gcm_arena *arena, struct gcm_file *file,
                                         struct gcm_error *err);

void gcm_archive_close(struct gcm_archive *archive);

#endif
