/* check: everything that the target would refuse, or silently change, found before a byte is sent.
 * Each finding has a rule of rules/records.yml and names its record. */
#ifndef GCM_TRANSFER_CHECK_H
#define GCM_TRANSFER_CHECK_H

#include "stage/findings.h"
#include "transfer/progress.h"
#include "transfer/records.h"

struct gcm_check_result {
    uint64_t nodes, lists, pairs;
    struct gcm_finding_counts counts; /* by rule, type and field */
    /* Findings by enum gcm_outcome of their rule; those whose repair was asked for are adapted. */
    unsigned long long outcomes[4];
    unsigned long long repaired;
};

/* Replaces the findings of an earlier check. GCM_STATE where the export is not finished;
 * GCM_INTERRUPTED leaves nothing but what an earlier check found. */
GCM_MUST_USE gcm_result gcm_check(struct gcm_arena *arena, const struct gcm_record_maker *maker,
                                  struct gcm_progress *progress, struct gcm_check_result *result,
                                  struct gcm_error *err);

/* Was the repair of this rule asked for? */
bool gcm_is_repaired(const struct gcm_repairs *repairs, struct gcm_slice rule);

#endif
