/* findings: what `export` and `check` found in the data. Counts first, records named. */
#ifndef GCM_STAGE_FINDINGS_H
#define GCM_STAGE_FINDINGS_H

#include "stage/stage.h"

struct gcm_finding {
    struct gcm_slice rule;            /* "GCM-REC-004" */
    struct gcm_slice type, id, field; /* of the source; id and field may be empty */
    struct gcm_slice detail;          /* what stands there, shortened; never of a Password */
};
struct gcm_finding_count {
    struct gcm_slice rule, type, field;
    uint64_t count;
};
struct gcm_finding_counts {
    struct gcm_finding_count *at;
    size_t count, room;
};

/* `step` says who found it (GCM_STEP_NODES … or GCM_STEP_CHECK). */
GCM_MUST_USE gcm_result gcm_finding_add(struct gcm_stage *stage, enum gcm_step step,
                                        const struct gcm_finding *finding, struct gcm_error *err);
GCM_MUST_USE gcm_result gcm_findings_clear(struct gcm_stage *stage, enum gcm_step step,
                                           struct gcm_error *err);
/* By rule, type, field; in the arena. */
GCM_MUST_USE gcm_result gcm_findings_count(struct gcm_stage *stage, struct gcm_arena *arena,
                                           struct gcm_finding_counts *counts,
                                           struct gcm_error *err);
/* The findings of a rule (empty: of all), at most `limit` (0: all), in the order in which they were
 * found. */
GCM_MUST_USE gcm_result gcm_findings_each(
    struct gcm_stage *stage, struct gcm_slice rule, uint64_t limit,
    gcm_result (*each)(void *context, const struct gcm_finding *finding, struct gcm_error *err),
    void *context, struct gcm_error *err);
/* Those that a stage beside this one has put aside, behind the others. */
GCM_MUST_USE gcm_result gcm_findings_move(struct gcm_stage *stage, struct gcm_stage *beside,
                                          enum gcm_step step, struct gcm_error *err);
/* Is there a finding of that rule about that record's field? */
bool gcm_finding_has(struct gcm_stage *stage, struct gcm_slice rule, struct gcm_slice type,
                     struct gcm_slice id, struct gcm_slice field);

#endif
