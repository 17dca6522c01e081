/* pack_parts: what the files pack*.c share. */
#ifndef GCM_NDF_PACK_PARTS_H
#define GCM_NDF_PACK_PARTS_H

#include <sys/types.h>

#include "ndf/pack.h"

struct gcm_pack {
    struct gcm_arena *arena;
    struct gcm_slice path; /* of the result */
    size_t file_size;
    bool zip;
    char *folder; /* where the files are written; NULL: nothing is there (any more) */

    enum gcm_ndf_kind kind;        /* being written */
    unsigned files[GCM_NDF_KINDS]; /* written */
    bool open;                     /* a page is being filled */
    struct gcm_arena page;         /* holds it */
    struct gcm_buffer text;
    size_t elements;
};

/* "nodes/000001.json" */
struct gcm_slice gcm_pack_name(struct gcm_arena *arena, enum gcm_ndf_kind kind, unsigned number);

/* The result cannot be written, by errno. */
gcm_result gcm_pack_fail(struct gcm_pack *pack, struct gcm_error *err);

/* A mode as open() would give it: what mkstemp and mkdtemp make is for nobody else. */
mode_t gcm_pack_mode(mode_t mode);

/* Zips the files; `name` ends in XXXXXX, which becomes the file's name. */
GCM_MUST_USE gcm_result gcm_pack_zip(struct gcm_pack *pack, char *name, struct gcm_error *err);

#endif
