/* check: everything that the target would refuse, or silently change, found before a byte is sent.
 * Each finding has a rule of rules/records.yml and names its record. */
#ifndef GCM_TRANSFER_CHECK_H
#define GCM_TRANSFER_CHECK_H

#include "stage/findings.h"
#include "transfer/progress.h"
#include "transfer/records.h"

struct gcm_check_result {
    uint64_t records;
    struct gcm_finding_counts counts; /* by rule, type and field */
    unsigned long long outcomes[4];   /* findings by enum gcm_outcome of their rule */
};

/* Replaces the findings of an earlier check. */
GCM_MUST_USE gcm_result gcm_check(struct gcm_arena *arena, const struct gcm_record_maker *maker,
                                  struct gcm_progress *progress, struct gcm_check_result *result,
                                  struct gcm_error *err);

#endif
