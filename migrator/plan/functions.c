/* functions: resolvers, hooks and subscription functions. Prisma runs none of them. */
#include "plan/planning.h"

static const char *type_name(enum gcm_function_type type)
{
    static const char *const names[] = {"resolver",       "subscription", "operationBefore",
                                        "operationAfter", "http",         "unknown"};
    return names[type];
}

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

void plan_functions(struct planning *planning)
{
    gcm_each (struct gcm_function *const, at, planning->project->functions) {
        const struct gcm_function *function = *at;
        struct gcm_slice subject =
            gcm_format(planning->arena, "functions.%.*s", GCM_P(function->name));
        struct facts facts = facts_of(planning, "function");
        if (is_left_out(planning, subject)) {
            facts = facts_of(planning, "left_out");
            fact_text(&facts, "of", "function");
            fact_text(&facts, "because", "asked");
        }
        fact_text(&facts, "type", type_name(function->type));
        fact_text(&facts, "handler", handler_of(function));
        fact_add(&facts, "name", function->name);
        fact_add(&facts, "action", function->operation);
        bool hook = function->type == GCM_FUNCTION_OPERATION_BEFORE ||
                    function->type == GCM_FUNCTION_OPERATION_AFTER;
        fact_text(&facts, "model_known", !hook ? "-" : function->model ? "yes" : "no");
        fact_text(&facts, "schema", state_of(function->schema, function->extension != NULL));
        fact_text(&facts, "query", state_of(function->query, true));
        fact_flag(&facts, "environment", function->environment.count > 0);
        decide_by_rule(&facts, subject, function->place, NULL);
    }
}
