/* The members of the report as JSON: also what graphcool-migrate.json holds. */
#ifndef GCM_REPORT_JSON_H
#define GCM_REPORT_JSON_H

#include "core/json.h"
#include "plan/plan.h"

/* Writes the members into an object that is open. docs/report.schema.json describes them. */
void gcm_report_members(struct gcm_json *json, const struct gcm_plan *plan);

#endif
