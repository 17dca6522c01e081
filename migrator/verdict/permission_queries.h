/* permission_queries: permission queries against the permission schema (spec/graphcool-framework.md
 * §3.5, §3.6). The server deployed any query that parses and looked at it only when it had to
 * decide: a wrong one then denied, whatever other permissions said. So these are findings of ours,
 * not errors of the deployment. */
#ifndef GCM_VERDICT_PERMISSION_QUERIES_H
#define GCM_VERDICT_PERMISSION_QUERIES_H

#include "source/project.h"

/* The permission schema of a project, made once: Some<Model>Exists(filter: …): Boolean! for each
 * model, with the filters of the Simple API. Lives in the project's arena. */
struct gcm_permission_schema;
struct gcm_permission_schema *gcm_permission_schema_of(const struct gcm_project *project);

/* The schema as SDL, for people and tests. */
const struct gcm_document *
gcm_permission_schema_document(const struct gcm_permission_schema *schema);

struct gcm_permission_findings {
    struct gcm_errors denies; /* each makes the query deny whenever it is evaluated */
    struct gcm_errors
        opens; /* a nullable variable that never has a value: its condition vanishes */
};

/* Nothing for a permission without query, or with one that the verdict refuses. */
struct gcm_permission_findings
gcm_permission_query_check(const struct gcm_permission_schema *schema,
                           const struct gcm_permission *permission);

#endif
