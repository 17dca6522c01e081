/* emit: plan → files. Everything is written to a temporary folder beside the output and then moved
 * into place; a file that somebody edited since the last run is left alone. */
#ifndef GCM_EMIT_EMIT_H
#define GCM_EMIT_EMIT_H

#include "plan/plan.h"

struct gcm_emit_options {
    struct gcm_slice folder;
    bool force; /* overwrite edited files, keeping each as NAME.bak (NAME.bak.2, …) */
};

enum gcm_emit_fate { GCM_EMIT_WRITTEN, GCM_EMIT_SAME, GCM_EMIT_LEFT, GCM_EMIT_REPLACED };

struct gcm_emitted {
    struct gcm_slice path; /* below the folder */
    enum gcm_emit_fate fate;
    struct gcm_slice backup; /* REPLACED: where the edited one is now */
};

struct gcm_emit_result {
    GCM_VEC(struct gcm_emitted) files;
};

GCM_MUST_USE gcm_result gcm_emit(const struct gcm_plan *plan,
                                 const struct gcm_emit_options *options,
                                 struct gcm_emit_result *result, struct gcm_error *err);

#endif
