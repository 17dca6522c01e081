/* workspace: what the commands that move data have in common: the converted project, the stage
 * file, and how both are found. */
#ifndef GCM_CLI_WORKSPACE_H
#define GCM_CLI_WORKSPACE_H

#include "cli/open.h"
#include "stage/stage.h"
#include "transfer/records.h"

struct gcm_workspace_options {
    struct gcm_open_options open;
    const char *out;                  /* the folder that `convert` wrote */
    const char *workspace;            /* where the stage file is */
    struct gcm_option_values repairs; /* of `check`; empty: those that the stage keeps */
};

/* clang-format off */
#define GCM_WORKSPACE_OPTIONS(options)                                                             \
    {"out", 'o', GCM_OPTION_VALUE, &(options).out, "FOLDER",                                       \
     "the folder that convert wrote (app)"},                                                       \
    {"workspace", 'w', GCM_OPTION_VALUE, &(options).workspace, "FOLDER",                           \
     "where the stage file is (.graphcool-migrate, beside --out)"},                                \
    GCM_OPEN_OPTIONS((options).open)
/* clang-format on */

/* --workspace, or ".graphcool-migrate" in the folder that holds --out (default "app"). */
struct gcm_slice gcm_workspace_folder(struct gcm_arena *arena,
                                      const struct gcm_workspace_options *options);

struct gcm_workspace {
    struct gcm_slice folder;
    struct gcm_plan *plan;
    struct gcm_shape *shape;
    struct gcm_stage *stage;
    struct gcm_repairs repairs;
    struct gcm_record_maker maker;
};

/* Project, plan, shape and stage; the stage's guard is asked about project and plan. What is wrong
 * is printed. Close it even then. */
enum gcm_exit gcm_workspace_open(struct gcm_arena *arena, const char *project,
                                 const struct gcm_workspace_options *options,
                                 enum gcm_stage_use use, struct gcm_workspace *workspace);
void gcm_workspace_close(struct gcm_workspace *workspace);

/* Keeps the repairs in the stage; gcm_workspace_open finds them there. */
GCM_MUST_USE gcm_result gcm_workspace_keep_repairs(const struct gcm_workspace *workspace,
                                                   struct gcm_error *err);

/* A hash of what the project's types say: the guard of the source. */
struct gcm_slice gcm_project_hash(struct gcm_arena *arena, const struct gcm_project *project);

#endif
