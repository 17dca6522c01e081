/* report: the plan, for people and for programs. Contacts nobody, decides nothing. */
#ifndef GCM_REPORT_REPORT_H
#define GCM_REPORT_REPORT_H

#include "operations/operations.h"
#include "plan/plan.h"

struct gcm_report_options {
    bool color;
    bool verbose; /* also the decisions that need nobody's eyes, and the reason behind each rule */
    const struct gcm_operations *clients; /* what clients ask, checked; NULL: nothing of it */
};

void gcm_report_text(struct gcm_buffer *out, const struct gcm_plan *plan,
                     const struct gcm_report_options *options);
void gcm_report_json(struct gcm_buffer *out, const struct gcm_plan *plan,
                     const struct gcm_report_options *options); /* docs/report.schema.json */

#endif
