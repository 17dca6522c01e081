/* secrets: what a project holds that no output may show. Source lines are redacted where they are
 * shown (core/redact.h); this cleans the texts of a plan, whatever quoted the value. */
#ifndef GCM_REPORT_SECRETS_H
#define GCM_REPORT_SECRETS_H

#include "plan/plan.h"

/* Replaces URLs of webhooks, header values and environment values in every text of the plan, of its
 * verdict and of the project's errors. */
void gcm_hide_secrets(struct gcm_project *project, struct gcm_plan *plan);

/* The same for a verdict alone, where no plan is made: a copy that may be shown. */
const struct gcm_verdict *gcm_shown_verdict(const struct gcm_project *project,
                                            const struct gcm_verdict *verdict);

#endif
