/* stage: the one SQLite file between source and target (docs/stage-file.md). It holds every record
 * as the source gave it (bytes, numbers never printed anew), how far each step came, and what was
 * sent. SQL is written in this folder alone; each file here is one subject of it.
 *
 * One process works on a stage: the file's own lock keeps a second one out (GCM_STATE). A reader
 * (`status`) may look on meanwhile. WAL, synchronous FULL: what was committed survives a crash. */
#ifndef GCM_STAGE_STAGE_H
#define GCM_STAGE_STAGE_H

#include "ndf/ndf.h"

struct gcm_stage;

enum gcm_stage_use {
    GCM_STAGE_CREATE, /* export: makes folder and file if they are not there */
    GCM_STAGE_WORK,   /* the later steps: it must be there */
    GCM_STAGE_WATCH   /* status: reads only, takes no lock */
};

/* Opens FOLDER/stage.db. GCM_STATE: locked, of a newer version, or no stage of ours; GCM_BAD_INPUT:
 * there is none (use WORK, WATCH); GCM_ENVIRONMENT: damaged (integrity check), or unwritable. */
GCM_MUST_USE gcm_result gcm_stage_open(struct gcm_arena *arena, struct gcm_slice folder,
                                       enum gcm_stage_use use, struct gcm_stage **stage,
                                       struct gcm_error *err);
void gcm_stage_close(struct gcm_stage *stage); /* with a checkpoint */
/* Another look at a stage that this process works on, for a thread of its own: it sees what is
 * committed. It writes findings, and those for itself alone: gcm_findings_move brings them over. */
GCM_MUST_USE gcm_result gcm_stage_beside(struct gcm_arena *arena, const struct gcm_stage *stage,
                                         struct gcm_stage **beside, struct gcm_error *err);
bool gcm_stage_in_use(const struct gcm_stage *stage); /* WATCH: did a process work on it then? */

/* What the stage belongs to. Texts without secrets: URLs have no user part and no token. */
struct gcm_guard {
    struct gcm_slice project; /* hash of the project's types */
    struct gcm_slice source;  /* endpoint, or path, size and hash of an archive */
    struct gcm_slice plan;    /* hash of what decides about records: gcm_shape_hash */
    struct gcm_slice target;  /* endpoint of the Prisma service */
};

/* Empty members are not looked at; members that the stage has not yet are written down; one that
 * differs is GCM_STATE. Project and source may change while nothing was staged (a mistyped
 * endpoint must not bind anybody), plan and target until something was sent; what was noted about
 * the former source, or checked by the former plan, is then forgotten. */
GCM_MUST_USE gcm_result gcm_stage_guard(struct gcm_stage *stage, const struct gcm_guard *guard,
                                        struct gcm_error *err);
void gcm_stage_belongs(struct gcm_stage *stage, struct gcm_guard *guard);

/* Everything between them is there as a whole, or not at all. No nesting. */
GCM_MUST_USE gcm_result gcm_stage_begin(struct gcm_stage *stage, struct gcm_error *err);
GCM_MUST_USE gcm_result gcm_stage_commit(struct gcm_stage *stage, struct gcm_error *err);
void gcm_stage_rollback(struct gcm_stage *stage);

/* How far a step came: one row each. */
enum gcm_step {
    GCM_STEP_NODES, /* export: each kind is a step of its own */
    GCM_STEP_LISTS,
    GCM_STEP_RELATIONS,
    GCM_STEP_CHECK,
    GCM_STEP_IMPORT,
    GCM_STEP_VERIFY,
    GCM_STEPS
};
enum gcm_step_state { GCM_STEP_NOT_YET, GCM_STEP_STARTED, GCM_STEP_DONE };
struct gcm_step_row {
    enum gcm_step_state state;
    struct gcm_slice started, ended; /* ISO 8601, UTC */
    struct gcm_slice cursor;         /* where to go on: the step's own text */
    struct gcm_slice outcome;        /* one line for people: "2,750 nodes in 12 pages" */
};
GCM_MUST_USE gcm_result gcm_stage_step(struct gcm_stage *stage, enum gcm_step step,
                                       struct gcm_step_row *row, struct gcm_error *err);
GCM_MUST_USE gcm_result gcm_stage_set_step(struct gcm_stage *stage, enum gcm_step step,
                                           enum gcm_step_state state, struct gcm_slice cursor,
                                           struct gcm_slice outcome, struct gcm_error *err);

/* A small text under a name, for what a step wants to remember ("repair", "counts" …). */
GCM_MUST_USE gcm_result gcm_stage_put_note(struct gcm_stage *stage, const char *name,
                                           struct gcm_slice text, struct gcm_error *err);
struct gcm_slice gcm_stage_note(struct gcm_stage *stage, const char *name); /* or empty */

#endif
