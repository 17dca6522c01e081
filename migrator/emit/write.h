/* write: puts a set of files into a folder, all or none as far as a file system allows it, and
 * never over what a person wrote. */
#ifndef GCM_EMIT_WRITE_H
#define GCM_EMIT_WRITE_H

#include "emit/emit.h"
#include "emit/manifest.h"

struct gcm_output {
    struct gcm_slice path; /* below the folder */
    struct gcm_slice text;
};

struct gcm_outputs {
    struct gcm_output *at;
    size_t count, room;
};

GCM_MUST_USE gcm_result gcm_write_outputs(struct gcm_arena *arena,
                                          const struct gcm_outputs *outputs,
                                          const struct gcm_plan *plan,
                                          const struct gcm_emit_options *options,
                                          struct gcm_emit_result *result, struct gcm_error *err);

#endif
