/* functions: resolvers, hooks and subscription functions. The application layer knows where each
 * one stood, and runs none of them: the field of a resolver answers an error, a mutation that a
 * hook guarded is refused. */
#include "plan/planning.h"

static const char *handler_of(const struct gcm_function *function)
{
    if (function->webhook)
        return "webhook";
    if (!function->code)
        return "none";
    return function->code->file ? "code" : "missing";
}

static const char *state_of(const struct gcm_source_file *file, bool usable)
{
    if (!file)
        return "none";
    return !file->file ? "missing" : file->document && usable ? "ok" : "broken";
}

static bool is_hook(const struct gcm_function *function)
{
    return function->type == GCM_FUNCTION_OPERATION_BEFORE ||
           function->type == GCM_FUNCTION_OPERATION_AFTER;
}

/* Does the application layer have a place for it? */
static bool has_place(const struct planning *planning, const struct gcm_function *function)
{
    static const char *const actions[] = {"create", "update", "delete", NULL};
    if (function->type == GCM_FUNCTION_RESOLVER)
        return gcm_map_get(&planning->resolvers, function->name) != NULL;
    if (planning->plan->options.without_functions ||
        function->place.file != planning->project->definition)
        return false;
    if (is_hook(function))
        return function->model && gcm_slice_in(function->action, actions) &&
               gcm_map_get(&planning->plan->application.models_by_name, function->model->name);
    return function->type == GCM_FUNCTION_SUBSCRIPTION;
}

void plan_functions(struct planning *planning)
{
    gcm_each (struct gcm_function *const, at, planning->project->functions) {
        const struct gcm_function *function = *at;
        struct gcm_slice subject =
            gcm_format(planning->arena, "functions.%.*s", GCM_P(function->name));
        struct facts facts = facts_of(planning, "function");
        bool left_out = is_left_out(planning, subject);
        if (left_out) {
            facts = facts_of(planning, "left_out");
            fact_text(&facts, "of", "function");
            fact_text(&facts, "because", "asked");
        }
        fact_text(&facts, "type", gcm_function_type_name(function->type));
        fact_text(&facts, "handler", handler_of(function));
        fact_add(&facts, "name", function->name);
        fact_add(&facts, "action", function->operation);
        fact_text(&facts, "model_known", !is_hook(function) ? "-" : function->model ? "yes" : "no");
        fact_text(&facts, "schema", state_of(function->schema, function->extension != NULL));
        fact_text(&facts, "query", state_of(function->query, true));
        fact_flag(&facts, "environment", function->environment.count > 0);
        fact_flag(&facts, "without_functions", planning->plan->options.without_functions);
        decide_by_rule(&facts, subject, function->place, NULL);
        if (!left_out && has_place(planning, function))
            *gcm_push(planning->arena, &planning->plan->application.functions) = function;
    }
}
