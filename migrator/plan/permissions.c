/* permissions: every rule of graphcool.yml. Nothing that is written enforces them yet, so each one
 * is closed: the Prisma service answers to its secret alone. */
#include "plan/planning.h"

#include "verdict/permission_queries.h"

static const char *kind_of(const struct gcm_permission *permission)
{
    if (permission->everything)
        return "everything";
    if (permission->model && permission->relation)
        return "both";
    return permission->model ? "model" : permission->relation ? "relation" : "unknown";
}

static const char *query_state(const struct gcm_permission *permission)
{
    const struct gcm_source_file *query = permission->query;
    if (!query)
        return "none";
    if (!query->file)
        return "missing";
    return query->document && permission->query_operation ? "ok" : "broken";
}

/* What the server would have found in the query when it had to decide; it deployed any that parses.
 */
static void plan_query(struct planning *planning, const struct gcm_permission_schema *schema,
                       const struct gcm_permission *permission, struct gcm_slice subject)
{
    struct gcm_permission_findings findings = gcm_permission_query_check(schema, permission);
    const struct gcm_errors *lists[] = {&findings.denies, &findings.opens};
    static const char *const effects[] = {"denies", "opens"};
    for (size_t i = 0; i < 2; i++)
        gcm_each (const struct gcm_error, finding, *lists[i]) {
            struct facts facts = facts_of(planning, "permission_query");
            fact_text(&facts, "effect", effects[i]);
            fact_add(&facts, "name", permission->operation);
            fact_add(&facts, "text", finding->message);
            struct gcm_decision *decision = decide_by_rule(&facts, subject, finding->place, NULL);
            if (decision && finding->hint.size)
                decision->hint = finding->hint;
        }
}

void plan_permissions(struct planning *planning)
{
    const struct gcm_project *project = planning->project;
    const struct gcm_permission_schema *schema = gcm_permission_schema_of(project);
    size_t number = 0;
    gcm_each (struct gcm_permission *const, at, project->permissions) {
        const struct gcm_permission *permission = *at;
        struct facts facts = facts_of(planning, "permission");
        fact_text(&facts, "kind", kind_of(permission));
        fact_add(&facts, "name", permission->operation);
        fact_add(&facts, "action", permission->action);
        fact_flag(&facts, "authenticated", permission->authenticated);
        fact_text(&facts, "query", query_state(permission));
        fact_flag(&facts, "fields", permission->has_fields);
        fact_flag(&facts, "open", project->open_to_all);
        struct gcm_slice subject = gcm_format(planning->arena, "permissions[%zu] %.*s", number++,
                                              GCM_P(permission->operation));
        decide_by_rule(&facts, subject, permission->place, NULL);
        plan_query(planning, schema, permission, subject);
    }
    if (!project->permissions.count && project->format == GCM_FORMAT_FRAMEWORK) {
        struct facts facts = facts_of(planning, "permission");
        fact_text(&facts, "kind", "none");
        decide_by_rule(&facts, GCM_S("permissions"),
                       (struct gcm_place){.file = project->definition}, NULL);
    }
}
