/* Functions as the server took them (§1.5, §4.4). Resolver schemas are in extensions.c. */
#include "verdict/extensions.h"
#include "verdict/order.h"
#include "verdict/subscriptions.h"

#include "core/yaml.h"

/* The functions in the order in which the server went through them. */
struct functions {
    struct gcm_function **at;
    size_t count, room;
};

static struct functions functions_in_order(struct gcm_judge *judge)
{
    struct functions own = {0}, list = {0};
    struct gcm_slices names = {0};
    gcm_each (struct gcm_function *, function, judge->project->functions) {
        if (!gcm_judge_is_own(judge, (*function)->place))
            continue;
        *gcm_push(judge->arena, &own) = *function;
        *gcm_push(judge->arena, &names) = (*function)->name;
    }
    size_t *order = gcm_scala_order(judge->arena, &names, true);
    for (size_t i = 0; i < own.count; i++)
        *gcm_push(judge->arena, &list) = own.at[order[i]];
    return list;
}

static bool is_hook(const struct gcm_function *function)
{
    return function->type == GCM_FUNCTION_OPERATION_BEFORE ||
           function->type == GCM_FUNCTION_OPERATION_AFTER;
}

static bool is_ignored(const struct gcm_function *function)
{
    /* `schemaExtension` is a resolver to us; the server did not know it. */
    return function->type == GCM_FUNCTION_HTTP || function->type == GCM_FUNCTION_UNKNOWN ||
           (function->type == GCM_FUNCTION_RESOLVER &&
            !gcm_slice_is(function->type_text, "resolver"));
}

/* ---- what it broke off at ---- */

static bool breaks_file(struct gcm_judge *judge, const struct gcm_function *function,
                        const struct gcm_source_file *file, const char *key)
{
    if (!file) {
        gcm_judge_global(judge, function->place, "Name the file in this function's definition.",
                         "%s file path expected", key);
        return true;
    }
    if (gcm_judge_sent(file) && file->operation.size == 0)
        return false;
    struct gcm_slice written = gcm_yaml_text(gcm_yaml_get(function->yaml, key));
    gcm_judge_global(judge, file->place,
                     file->operation.size > 0
                         ? "A function names a whole file, without `:OperationName`."
                         : "Check the path: it is relative to graphcool.yml, and case counts.",
                     "File with path '%.*s' does not exist", GCM_P(written));
    return true;
}

static bool breaks_handler(struct gcm_judge *judge, const struct gcm_function *function)
{
    if (function->webhook || function->code)
        return false;
    gcm_judge_global(judge, function->place,
                     "Give the function a `handler` with `code` or `webhook`.",
                     "webhook url or inline code required");
    return true;
}

static bool breaks_hook(struct gcm_judge *judge, const struct gcm_function *function)
{
    static const char *const actions[] = {"create", "update", "delete", NULL};
    if (!gcm_yaml_get(function->yaml, "operation")) {
        gcm_judge_global(judge, function->place, "Add `operation: Model.create`.",
                         "operation is required for subscription function");
        return true;
    }
    if (gcm_slice_find(function->operation, '.') == function->operation.size) {
        gcm_judge_global(judge, function->operation_place, "Write it as `Model.create`.", "1");
        return true;
    }
    if (!gcm_slice_in(function->action, actions)) {
        gcm_judge_global(judge, function->operation_place,
                         "Hooks run on create, update and delete of a model, in lower case.",
                         "RequestPipeline Operation has to be create, update or delete. You "
                         "provided '%.*s'",
                         GCM_P(function->action));
        return true;
    }
    if (function->model)
        return false;
    gcm_judge_global(judge, function->operation_place, "Name a model of the project.",
                     "Error in %s function '%.*s': No model with name '%.*s' found. Please supply "
                     "a valid model.",
                     gcm_function_type_name(function->type), GCM_P(function->name),
                     GCM_P(function->subject));
    return true;
}

static bool breaks_function(struct gcm_judge *judge, const struct gcm_function *function)
{
    if (is_ignored(function))
        return false;
    if (is_hook(function))
        return breaks_hook(judge, function) || breaks_handler(judge, function);
    if (function->type == GCM_FUNCTION_SUBSCRIPTION)
        return breaks_file(judge, function, function->query, "query") ||
               breaks_handler(judge, function);
    return breaks_file(judge, function, function->schema, "schema") ||
           gcm_judge_breaks_extension(judge, function) || breaks_handler(judge, function);
}

bool gcm_judge_breaks_functions(struct gcm_judge *judge)
{
    struct functions list = functions_in_order(judge);
    gcm_each (struct gcm_function *, function, list) {
        if (breaks_function(judge, *function))
            return true;
    }
    return false;
}

/* ---- what it told of each function ---- */

static bool is_function_name(struct gcm_slice name)
{
    if (name.size == 0 || name.size > 64)
        return false;
    for (size_t i = 0; i < name.size; i++)
        if (!gcm_is_name_part(name.at[i]) && name.at[i] != '-')
            return false;
    return true;
}

/* A URL as the server's check went: a scheme, a host, nothing that a URL may not hold. */
static bool is_url(struct gcm_slice url)
{
    if (!gcm_slice_starts(url, "http://") && !gcm_slice_starts(url, "https://"))
        return false;
    struct gcm_slice rest = gcm_slice_sub(url, gcm_slice_find(url, '/') + 2, url.size);
    for (size_t i = 0; i < rest.size; i++)
        if (rest.at[i] == ' ' || rest.at[i] == '\t' || rest.at[i] == '\n')
            return false;
    return rest.size > 0 && rest.at[0] != '/';
}

static void judge_hook(struct gcm_judge *judge, const struct gcm_function *function,
                       struct gcm_map *hooks)
{
    bool before = function->type == GCM_FUNCTION_OPERATION_BEFORE;
    const char *step = before ? "TRANSFORM_ARGUMENT" : "TRANSFORM_PAYLOAD";
    struct gcm_slice key = gcm_format(judge->arena, "%s %.*s", step, GCM_P(function->operation));
    if (!gcm_map_put(judge->arena, hooks, key, judge))
        return;
    const char *trigger = gcm_slice_is(function->action, "create")   ? "CREATE"
                          : gcm_slice_is(function->action, "update") ? "UPDATE"
                                                                     : "DELETE";
    gcm_judge_global(judge, function->operation_place,
                     "Only one function can stand before and one behind an operation: merge them.",
                     "A Request Pipeline Function for type %.*s, the trigger '%s' and the step "
                     "'%s' already exists in your project.",
                     GCM_P(function->subject), trigger, step);
}

void gcm_judge_functions(struct gcm_judge *judge)
{
    struct functions list = functions_in_order(judge);
    struct gcm_map names = {0}, hooks = {0};
    struct gcm_extensions extensions = {0};
    gcm_each (struct gcm_function *, at, list) {
        struct gcm_function *function = *at;
        if (is_ignored(function))
            continue;
        struct gcm_slice lower = gcm_lower(judge->arena, function->name);
        bool known = gcm_map_put(judge->arena, &names, lower, function) != NULL;
        if (!is_function_name(function->name))
            gcm_judge_global(judge, function->place,
                             "Letters, digits, `-` and `_` only, at most 64.",
                             "The function name does not match the naming rule. Name: '%.*s'",
                             GCM_P(function->name));
        else if (known)
            gcm_judge_global(judge, function->place, "Names must differ by more than case.",
                             "A function with the name '%.*s' already exists in your project",
                             GCM_P(function->name));
        else if (function->webhook && !gcm_slice_has(function->webhook_url, "${env:") &&
                 !is_url(function->webhook_url)) /* what the environment holds is not known here */
            gcm_judge_global(judge, function->webhook_place, "Give a whole URL, `https://…`.",
                             "Function with name '%.*s' has invalid url: '%.*s'",
                             GCM_P(function->name), GCM_P(function->webhook_url));
        else if (is_hook(function))
            judge_hook(judge, function, &hooks);
        else if (function->type == GCM_FUNCTION_SUBSCRIPTION)
            gcm_judge_subscription(judge, function);
        else
            gcm_judge_extension(judge, function, &extensions);
    }
}

void gcm_judge_root_tokens(struct gcm_judge *judge)
{
    struct gcm_map seen = {0};
    const struct gcm_slices *tokens = &judge->project->root_tokens;
    const struct gcm_yaml *list = gcm_yaml_get(judge->project->yaml, "rootTokens");
    for (size_t i = 0; i < tokens->count; i++) {
        if (!gcm_map_put(judge->arena, &seen, tokens->at[i], judge))
            continue;
        struct gcm_place place = list ? list->place : (struct gcm_place){0};
        gcm_judge_global(judge, place, "Name each root token once.",
                         "There is already a RootToken with the name `%.*s`.",
                         GCM_P(tokens->at[i]));
    }
}
