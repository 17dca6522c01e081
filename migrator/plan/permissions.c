/* permissions: every rule of graphcool.yml. Nothing that is written enforces them yet, so each one
 * is closed: the Prisma service answers to its secret alone. */
#include "plan/planning.h"

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

void plan_permissions(struct planning *planning)
{
    const struct gcm_project *project = planning->project;
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
    }
    if (!project->permissions.count && project->format == GCM_FORMAT_FRAMEWORK) {
        struct facts facts = facts_of(planning, "permission");
        fact_text(&facts, "kind", "none");
        decide_by_rule(&facts, GCM_S("permissions"),
                       (struct gcm_place){.file = project->definition}, NULL);
    }
}
