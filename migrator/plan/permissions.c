/* permissions: every rule of graphcool.yml. The application layer asks those that it can; one with
 * a query is written, too, and lets nobody in. */
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

/* Does the item stand where the last server read it, and name something of its API? */
static bool is_own(const struct planning *planning, const struct gcm_permission *permission)
{
    const struct gcm_application *application = &planning->plan->application;
    if (permission->place.file != planning->project->definition)
        return false;
    return (!permission->model || gcm_map_get(&application->models_by_name, permission->subject)) &&
           (!permission->relation ||
            gcm_map_get(&application->relations_by_name, permission->subject));
}

/* What the item allows; false: nothing that the server knew. */
static bool set_actions(const struct gcm_permission *permission, bool actions[GCM_PLAN_ACTIONS])
{
    static const char *const of_models[] = {"read", "create", "update", "delete"};
    static const char *const of_relations[] = {"connect", "disconnect"};
    struct gcm_slice action = permission->action;
    bool any = false;
    for (int i = 0; permission->model && i < 4; i++)
        any |= actions[GCM_MAY_READ + i] = gcm_slice_is(action, of_models[i]);
    for (int i = 0; permission->relation && i < 2; i++)
        any |= actions[GCM_MAY_CONNECT + i] =
            gcm_slice_is(action, "*") || gcm_slice_is(action, of_relations[i]);
    return any;
}

static struct gcm_slice shown_query(struct planning *planning,
                                    const struct gcm_permission *permission)
{
    const struct gcm_source_file *query = permission->query;
    if (!query)
        return GCM_S("");
    struct gcm_slice path = query->path.size ? query->path : GCM_S("?");
    if (gcm_slice_starts(path, "./"))
        path = gcm_slice_sub(path, 2, path.size);
    return query->operation.size
               ? gcm_format(planning->arena, "%.*s:%.*s", GCM_P(path), GCM_P(query->operation))
               : path;
}

/* Writes the item down for the application layer. One with a query comes along, whatever the rules
 * say of it: it denies. */
static void carry(struct planning *planning, struct gcm_plan_permission made,
                  struct gcm_decision *decision)
{
    struct gcm_application *application = &planning->plan->application;
    const struct gcm_permission *source = made.source;
    struct gcm_plan_model *model = gcm_map_get(&application->models_by_name, source->subject);
    struct gcm_plan_relation *relation =
        gcm_map_get(&application->relations_by_name, source->subject);
    struct gcm_plan_rules *rules = source->model ? &model->rules : &relation->rules;
    struct gcm_plan_permission *permission = GCM_NEW(planning->arena, struct gcm_plan_permission);
    made.decision = decision;
    made.query = shown_query(planning, source);
    made.limited = source->has_fields && source->model;
    gcm_each (const struct gcm_slice, field, source->fields)
        if (source->model && gcm_map_get(&source->model->by_name, *field))
            *gcm_push(planning->arena, &made.fields) = *field;
    *permission = made;
    *gcm_push(planning->arena, &application->permissions) = permission;
    *gcm_push(planning->arena, &rules->all) = permission;
    if (decision && planning->plan->datamodel) {
        decision->written = source->action;
        decision->written_to = rules->path;
    }
}

/* What the server would have found in the query when it had to decide; it deployed any that parses.
 * False: it would never have run it. */
static bool plan_query(struct planning *planning, const struct gcm_permission_schema *schema,
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
    return findings.denies.count == 0;
}

static void plan_permission(struct planning *planning, const struct gcm_permission_schema *schema,
                            const struct gcm_permission *permission, struct gcm_slice subject)
{
    struct gcm_application *application = &planning->plan->application;
    struct gcm_plan_permission made = {.source = permission};
    const char *kind = kind_of(permission);
    bool known = permission->everything || set_actions(permission, made.actions);
    bool own = is_own(planning, permission);
    struct facts facts = facts_of(planning, "permission");
    fact_text(&facts, "kind", kind);
    fact_add(&facts, "name", permission->operation);
    fact_add(&facts, "action", permission->action);
    fact_flag(&facts, "known", known);
    fact_flag(&facts, "own", own);
    fact_flag(&facts, "authenticated", permission->authenticated);
    fact_text(&facts, "query", query_state(permission));
    fact_flag(&facts, "fields", permission->has_fields);
    fact_flag(&facts, "open", planning->project->open_to_all);
    const struct gcm_rule *rule;
    struct gcm_decision *decision = decide_by_rule(&facts, subject, permission->place, &rule);
    made.invalid = !plan_query(planning, schema, permission, subject);
    bool kept = rule_does(rule, "keep");
    if (permission->everything)
        application->open |= own && kept;
    else if (own && known && (permission->model != NULL) != (permission->relation != NULL) &&
             (kept || permission->query))
        carry(planning, made, decision);
}

void plan_permissions(struct planning *planning)
{
    const struct gcm_project *project = planning->project;
    const struct gcm_permission_schema *schema = gcm_permission_schema_of(project);
    size_t number = 0;
    gcm_each (struct gcm_permission *const, at, project->permissions) {
        struct gcm_slice subject =
            gcm_format(planning->arena, "permissions[%zu] %.*s", number++, GCM_P((*at)->operation));
        plan_permission(planning, schema, *at, subject);
    }
    if (!project->permissions.count && project->format == GCM_FORMAT_FRAMEWORK) {
        struct facts facts = facts_of(planning, "permission");
        fact_text(&facts, "kind", "none");
        decide_by_rule(&facts, GCM_S("permissions"),
                       (struct gcm_place){.file = project->definition}, NULL);
    }
}
