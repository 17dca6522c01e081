/* emit: plan → files, docs/output.md. Everything is written to a temporary folder first and then
 * moved into place; a file that somebody edited since the last run, or that was never ours, is left
 * alone. Killed at any moment, it leaves each file as it was or as it should be, and the next run
 * still knows which ones are ours. */
#ifndef GCM_EMIT_EMIT_H
#define GCM_EMIT_EMIT_H

#include "plan/plan.h"

struct gcm_emit_options {
    struct gcm_slice folder;
    bool force;   /* overwrite edited files, keeping each as NAME.bak (NAME.bak.2, …) */
    bool dry_run; /* find out what would become of each file; write nothing */
};

enum gcm_emit_fate {
    GCM_EMIT_WRITTEN,
    GCM_EMIT_SAME,     /* it was there with these very bytes */
    GCM_EMIT_LEFT,     /* edited, or not ours: not touched */
    GCM_EMIT_REPLACED, /* edited, or not ours: overwritten, with a backup */
    GCM_EMIT_STALE     /* written by an earlier run, no longer part of the output: not touched */
};

struct gcm_emitted {
    struct gcm_slice path; /* below the folder */
    enum gcm_emit_fate fate;
    struct gcm_slice backup; /* REPLACED: where the edited one is now; empty in a dry run */
};

struct gcm_emit_result {
    GCM_VEC(struct gcm_emitted) files; /* the manifest is the last one */
};

/* Writes the plan's files. Without a datamodel (plan->datamodel is NULL) there are only the
 * checklist and the manifest. GCM_ENVIRONMENT: the folder cannot be written, nothing was changed.
 * GCM_BAD_INPUT: there is a graphcool-migrate.json of somebody else. */
GCM_MUST_USE gcm_result gcm_emit(const struct gcm_plan *plan,
                                 const struct gcm_emit_options *options,
                                 struct gcm_emit_result *result, struct gcm_error *err);

#endif
