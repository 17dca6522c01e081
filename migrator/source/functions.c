/* The functions of graphcool.yml (spec/graphcool-framework.md §1.5, §4.4, §4.5). */
#include "source/reader.h"

static const char *const known_keys[] = {"type",  "handler",   "operation",   "schema",
                                         "query", "isEnabled", "description", NULL};
static const char *const handler_keys[] = {"code", "webhook", NULL};
static const char *const code_keys[] = {"src", "environment", NULL};
static const char *const webhook_keys[] = {"url", "headers", NULL};

static const struct {
    const char *text;
    enum gcm_function_type type;
} types[] = {
    {"resolver", GCM_FUNCTION_RESOLVER},
    {"schemaExtension", GCM_FUNCTION_RESOLVER}, /* its name before it was released */
    {"subscription", GCM_FUNCTION_SUBSCRIPTION},
    {"operationBefore", GCM_FUNCTION_OPERATION_BEFORE},
    {"operationAfter", GCM_FUNCTION_OPERATION_AFTER},
    {"httpRequest", GCM_FUNCTION_HTTP},
    {"httpResponse", GCM_FUNCTION_HTTP},
};

static enum gcm_function_type type_of(struct gcm_slice text)
{
    for (size_t i = 0; i < sizeof types / sizeof *types; i++)
        if (gcm_slice_is(text, types[i].text))
            return types[i].type;
    return GCM_FUNCTION_UNKNOWN;
}

static void set_operation(struct gcm_function *function, const struct gcm_yaml *value)
{
    function->operation = gcm_yaml_text(value);
    function->operation_place = value->place;
    size_t dot = gcm_slice_find(function->operation, '.');
    if (dot == function->operation.size)
        return;
    function->subject = gcm_slice_sub(function->operation, 0, dot);
    function->action = gcm_slice_sub(function->operation, dot + 1, function->operation.size);
}

/* `type: resolver`, or in old files `type: {operationBefore: Post.create}`. */
static void read_type(struct gcm_reader *reader, struct gcm_function *function,
                      const struct gcm_yaml *value)
{
    function->type_place = value ? value->place : function->place;
    function->type_text = gcm_yaml_text(value);
    if (value && value->kind == GCM_YAML_MAP && value->count == 1) {
        function->type_text = value->keys[0]->text;
        function->type_place = value->keys[0]->place;
        set_operation(function, value->items[0]);
        gcm_problem(reader, function->type_place,
                    "write two keys: type: with the type, operation: with Post.create",
                    "a hook's type and operation in one are refused by the official CLI");
    }
    function->type = type_of(function->type_text);
    if (!function->type_text.size)
        gcm_problem(reader, function->type_place,
                    "write type: resolver, subscription, operationBefore or operationAfter",
                    "the function %.*s has no type", GCM_P(function->name));
    else if (function->type == GCM_FUNCTION_UNKNOWN)
        gcm_problem(reader, function->type_place,
                    "it can be resolver, subscription, operationBefore or operationAfter",
                    "\"%.*s\" is no type of function", GCM_P(function->type_text));
    else if (gcm_slice_is(function->type_text, "schemaExtension"))
        gcm_problem(reader, function->type_place, "write type: resolver",
                    "schemaExtension is the name that resolver had before it was released");
}

static void read_settings(struct gcm_reader *reader, const struct gcm_yaml *map, const char *what,
                          struct gcm_function *function, bool headers)
{
    if (gcm_yaml_is_null(map))
        return;
    if (map->kind != GCM_YAML_MAP) {
        gcm_problem(reader, function->place, "write NAME: value, one below the other",
                    "the %s of %.*s must be a mapping", what, GCM_P(function->name));
        return;
    }
    for (size_t i = 0; i < map->count; i++) {
        struct gcm_setting setting = {map->keys[i]->text, map->items[i]};
        if (map->items[i]->kind != GCM_YAML_SCALAR)
            gcm_problem(reader, map->keys[i]->place, NULL, "the value of %.*s must be a text",
                        GCM_P(setting.name));
        else if (headers)
            *gcm_push(reader->arena, &function->headers) = setting;
        else
            *gcm_push(reader->arena, &function->environment) = setting;
    }
}

static void check_code_path(struct gcm_reader *reader, const struct gcm_source_file *code)
{
    if (!gcm_slice_ends(code->path, ".js") && !gcm_slice_ends(code->path, ".ts"))
        gcm_problem(reader, code->place, NULL,
                    "a function must be a file with the ending .js or .ts");
    else if (gcm_slice_starts(code->path, "../"))
        gcm_problem(reader, code->place, "move the file into the project's folder",
                    "the file of a function must stand below graphcool.yml");
}

static void read_code(struct gcm_reader *reader, struct gcm_function *function,
                      const struct gcm_yaml *code)
{
    const struct gcm_yaml *path = code;
    if (code->kind == GCM_YAML_MAP) {
        gcm_check_keys(reader, code, "code", code_keys);
        path = gcm_yaml_get(code, "src");
        const struct gcm_yaml *environment = gcm_yaml_get(code, "environment");
        read_settings(reader, environment, "environment", function, false);
    }
    function->code = gcm_read_reference(reader, path, GCM_REFERENCE_CODE);
    if (function->code)
        check_code_path(reader, function->code);
    else
        gcm_problem(reader, path ? path->place : code->place,
                    "write the path of a file: code: ./src/name.js",
                    "the path of the function %.*s is expected here", GCM_P(function->name));
}

static void read_webhook(struct gcm_reader *reader, struct gcm_function *function,
                         const struct gcm_yaml *key, const struct gcm_yaml *webhook)
{
    const struct gcm_yaml *url = webhook;
    function->webhook = true;
    function->webhook_place = key->place;
    if (webhook->kind == GCM_YAML_MAP) {
        gcm_check_keys(reader, webhook, "webhook", webhook_keys);
        url = gcm_yaml_get(webhook, "url");
        read_settings(reader, gcm_yaml_get(webhook, "headers"), "headers", function, true);
    }
    function->webhook_url = gcm_yaml_text(url);
    if (!function->webhook_url.size)
        gcm_problem(reader, key->place, "write webhook: https://…",
                    "the webhook of %.*s has no URL", GCM_P(function->name));
}

/* Where `code` and `webhook` stand: below `handler`, or, if that is empty, beside it. */
static const struct gcm_yaml *find_handler(struct gcm_reader *reader,
                                           const struct gcm_function *function)
{
    const struct gcm_yaml *handler = gcm_yaml_get(function->yaml, "handler");
    for (size_t i = 0; handler_keys[i] && gcm_yaml_is_null(handler); i++) {
        const struct gcm_yaml *key = gcm_yaml_key(function->yaml, handler_keys[i]);
        if (!key)
            continue;
        gcm_problem(reader, key->place, "write handler: and indent this line below it",
                    "%s of %.*s must stand below handler", handler_keys[i], GCM_P(function->name));
        return function->yaml;
    }
    return handler;
}

static void read_handler_parts(struct gcm_reader *reader, struct gcm_function *function,
                               const struct gcm_yaml *handler)
{
    const struct gcm_yaml *code = gcm_yaml_get(handler, "code");
    const struct gcm_yaml *webhook = gcm_yaml_get(handler, "webhook");
    if (handler != function->yaml)
        gcm_check_keys(reader, handler, "handler", handler_keys);
    if (code)
        read_code(reader, function, code);
    if (webhook)
        read_webhook(reader, function, gcm_yaml_key(handler, "webhook"), webhook);
    if (code && webhook)
        gcm_problem(reader, function->place, "keep one of the two",
                    "the function %.*s has both code and a webhook", GCM_P(function->name));
    else if (!code && !webhook)
        gcm_problem(reader, handler->place, "write handler: and below it code: or webhook:",
                    "the handler of %.*s has neither code nor webhook", GCM_P(function->name));
}

static void read_handler(struct gcm_reader *reader, struct gcm_function *function)
{
    const struct gcm_yaml *handler = find_handler(reader, function);
    if (gcm_yaml_is_null(handler)) {
        gcm_problem(reader, handler ? handler->place : function->place,
                    "write handler: and below it code: or webhook:",
                    "the function %.*s has no handler", GCM_P(function->name));
    } else if (handler->kind == GCM_YAML_MAP) {
        read_handler_parts(reader, function, handler);
    } else { /* older documentation showed it this way */
        gcm_problem(reader, handler->place, "write handler: and below it code: with the path",
                    "a handler must be a mapping with code or webhook");
        if (gcm_slice_starts(gcm_yaml_text(handler), "http"))
            read_webhook(reader, function, gcm_yaml_key(function->yaml, "handler"), handler);
        else
            read_code(reader, function, handler);
    }
}

/* The one field that a resolver's schema adds, and the one type that it returns. */
static void read_extension(struct gcm_function *function)
{
    struct gcm_definition *extension = NULL, *payload = NULL;
    size_t extensions = 0, payloads = 0;
    gcm_each (struct gcm_definition *, at, function->schema->document->definitions) {
        if ((*at)->kind != GCM_DEFINITION_OBJECT)
            continue;
        *((*at)->extend ? &extension : &payload) = *at;
        extensions += (*at)->extend;
        payloads += !(*at)->extend;
    }
    if (!extension || extensions != 1 || payloads != 1 || extension->fields.count != 1)
        return;
    bool mutation = gcm_slice_is(extension->name, "Mutation");
    if (!mutation && !gcm_slice_is(extension->name, "Query"))
        return;
    function->extends = mutation ? GCM_OPERATION_MUTATION : GCM_OPERATION_QUERY;
    function->extension = &extension->fields.at[0];
    function->payload = payload;
}

static bool holds_operation(const struct gcm_document *document)
{
    gcm_each (struct gcm_definition *, at, document->definitions)
        if ((*at)->kind == GCM_DEFINITION_OPERATION)
            return true;
    return false;
}

static void read_schema(struct gcm_reader *reader, struct gcm_function *function,
                        const struct gcm_yaml *value)
{
    bool resolver = function->type == GCM_FUNCTION_RESOLVER;
    function->schema = gcm_read_reference(reader, value, GCM_REFERENCE_FUNCTION_SCHEMA);
    if (!function->schema && (value || resolver))
        gcm_problem(reader, value ? value->place : function->place,
                    "write schema: ./src/name.graphql",
                    value ? "the path of the schema of %.*s is expected here"
                          : "the resolver %.*s has no schema",
                    GCM_P(function->name));
    if (!function->schema || !function->schema->document)
        return;
    read_extension(function);
    if (!function->extension && holds_operation(function->schema->document))
        gcm_problem(reader, function->schema->place,
                    "it must hold extend type Query { … } or extend type Mutation { … } and the "
                    "type that is returned",
                    "\"%.*s\" is a query of a client, not the schema of a resolver",
                    GCM_P(function->schema->path));
}

static void read_query(struct gcm_reader *reader, struct gcm_function *function,
                       const struct gcm_yaml *value)
{
    bool subscription = function->type == GCM_FUNCTION_SUBSCRIPTION;
    function->query = gcm_read_reference(reader, value, GCM_REFERENCE_FUNCTION_QUERY);
    if (!function->query && (value || subscription))
        gcm_problem(reader, value ? value->place : function->place,
                    "write query: ./src/name.graphql",
                    value ? "the path of the subscription query of %.*s is expected here"
                          : "the subscription %.*s has no query",
                    GCM_P(function->name));
}

static void check_function(struct gcm_reader *reader, const struct gcm_function *function)
{
    const struct gcm_yaml *enabled = gcm_yaml_get(function->yaml, "isEnabled");
    bool hook = function->type == GCM_FUNCTION_OPERATION_BEFORE ||
                function->type == GCM_FUNCTION_OPERATION_AFTER;
    if (hook && !function->operation.size)
        gcm_problem(reader, function->place, "write operation: Post.create",
                    "the hook %.*s has no operation", GCM_P(function->name));
    if (enabled && !gcm_yaml_is_true(enabled))
        gcm_problem(reader, enabled->place, "remove the function if it should not run",
                    "isEnabled had no effect: the server ran %.*s all the same",
                    GCM_P(function->name));
}

static void read_function(struct gcm_reader *reader, const struct gcm_yaml *key,
                          struct gcm_yaml *value)
{
    struct gcm_function *function = GCM_NEW(reader->arena, struct gcm_function);
    function->name = key->text;
    function->place = key->place;
    function->type_place = value->place;
    function->yaml = value;
    function->type = GCM_FUNCTION_UNKNOWN;
    *gcm_push(reader->arena, &reader->project->functions) = function;
    if (value->kind != GCM_YAML_MAP) {
        gcm_problem(reader, key->place, "write type: and handler: below its name",
                    "the function %.*s must be a mapping", GCM_P(function->name));
        return;
    }
    if (!gcm_yaml_is_null(gcm_yaml_get(value, "handler")))
        gcm_check_keys(reader, value, "a function", known_keys);
    read_type(reader, function, gcm_yaml_get(value, "type"));
    if (gcm_yaml_get(value, "operation"))
        set_operation(function, gcm_yaml_get(value, "operation"));
    read_handler(reader, function);
    read_schema(reader, function, gcm_yaml_get(value, "schema"));
    read_query(reader, function, gcm_yaml_get(value, "query"));
    check_function(reader, function);
}

void gcm_read_functions(struct gcm_reader *reader, const struct gcm_yaml *section)
{
    if (gcm_yaml_is_null(section)) {
        gcm_problem(reader, section->place, "remove the key, or write functions: {}",
                    "functions is empty, which the server refused");
    } else if (section->kind == GCM_YAML_MAP) {
        for (size_t i = 0; i < section->count; i++)
            read_function(reader, section->keys[i], section->items[i]);
    } else if (section->count || section->kind == GCM_YAML_SCALAR) {
        gcm_problem(reader, section->place, "write the name of each function as a key",
                    "functions must be a mapping from names to functions");
    }
}

/* The model in a subscription query: the root field of its first operation. */
static struct gcm_model *subscribed_model(const struct gcm_project *project,
                                          const struct gcm_function *function)
{
    if (!function->query || !function->query->document)
        return NULL;
    gcm_each (struct gcm_definition *, at, function->query->document->definitions)
        if ((*at)->kind == GCM_DEFINITION_OPERATION && (*at)->selections.count)
            return gcm_map_get(&project->model_names, (*at)->selections.at[0].name);
    return NULL;
}

void gcm_bind_functions(struct gcm_project *project)
{
    gcm_each (struct gcm_function *, at, project->functions)
        (*at)->model = (*at)->type == GCM_FUNCTION_SUBSCRIPTION
                           ? subscribed_model(project, *at)
                           : gcm_map_get(&project->model_names, (*at)->subject);
}

const char *gcm_function_type_name(enum gcm_function_type type)
{
    switch (type) {
    case GCM_FUNCTION_RESOLVER:
        return "resolver";
    case GCM_FUNCTION_SUBSCRIPTION:
        return "subscription";
    case GCM_FUNCTION_OPERATION_BEFORE:
        return "operationBefore";
    case GCM_FUNCTION_OPERATION_AFTER:
        return "operationAfter";
    case GCM_FUNCTION_HTTP:
        return "http";
    case GCM_FUNCTION_UNKNOWN:
        break;
    }
    return "unknown";
}
