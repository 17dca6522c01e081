/* manifest: graphcool-migrate.json in an output folder: the plan, and for each file that was
 * written the checksum of what was written, so that a later run can tell which ones a person
 * edited.
 *
 * A checksum is FNV-1a, 64 bits: it has to notice an edit, not to withstand an attack. */
#ifndef GCM_EMIT_MANIFEST_H
#define GCM_EMIT_MANIFEST_H

#include "core/map.h"
#include "plan/plan.h"

#define GCM_MANIFEST "graphcool-migrate.json"

struct gcm_manifest_entry {
    struct gcm_slice path;
    struct gcm_slice checksum; /* of what was written */
    struct gcm_slice before;   /* of what stood there before, when that was ours as well: a run that
                                  was killed may have left it; empty: nothing */
};

struct gcm_manifest {
    GCM_VEC(struct gcm_manifest_entry *) files;
    struct gcm_map by_path;
};

struct gcm_slice gcm_checksum(struct gcm_arena *arena, struct gcm_slice text); /* "fnv1a64:…" */

/* Reads a manifest's files. GCM_BAD_INPUT if the text is none of ours. */
GCM_MUST_USE gcm_result gcm_manifest_read(struct gcm_arena *arena, const struct gcm_file *file,
                                          struct gcm_manifest *manifest, struct gcm_error *err);

void gcm_manifest_add(struct gcm_arena *arena, struct gcm_manifest *manifest,
                      struct gcm_manifest_entry entry);

/* Is a text the one that we wrote (or that stood there before and was ours)? */
bool gcm_manifest_knows(const struct gcm_manifest *manifest, struct gcm_slice path,
                        struct gcm_slice checksum);

struct gcm_slice gcm_manifest_text(struct gcm_arena *arena, const struct gcm_manifest *manifest,
                                   const struct gcm_plan *plan);

#endif
