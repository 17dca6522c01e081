/* What the official CLI says to a definition before it sends anything, in its words and order
 * (spec/graphcool-framework.md §1.2, §1.10): a check of the raw text, the JSON schema as Ajv 5
 * applies it (it stops at the first error, but names every failed alternative), then the files. */
#include "core/file.h"
#include "source/reader.h"

static const char *const function_types[] = {
    "httpRequest", "httpResponse", "operationBefore", "operationAfter", "subscription", "resolver",
    NULL};
static const char *const function_actions[] = {"create",  "update",     "delete", "read",
                                               "connect", "disconnect", "*",      NULL};
static const char *const permission_actions[] = {"create",  "update",     "delete", "read", "list",
                                                 "connect", "disconnect", "*",      NULL};
static const char function_pattern[] =
    "^[A-Z][a-zA-Z0-9]*\\.(create|update|delete|read|connect|disconnect|\\*)$";
static const char permission_pattern[] =
    "^([A-Z][a-zA-Z0-9]*\\.(create|update|delete|read|list|connect|disconnect|\\*)|\\*)$";

/* A value with the path that Ajv gives it: "data.functions['hello'].handler". */
struct checked {
    struct gcm_reader *reader;
    const struct gcm_yaml *value;
    struct gcm_slice path;
};

static bool refuse(const struct checked *at, const char *what)
{
    gcm_add_error(at->reader->arena, &at->reader->project->cli_errors, at->value->place, NULL,
                  "%.*s %s", GCM_P(at->path), what);
    return false;
}

static bool refuse_missing(const struct checked *at, const char *key)
{
    struct gcm_slice what =
        gcm_format(at->reader->arena, "should have required property '%s'", key);
    return refuse(at, what.at);
}

/* The member of that name, or one with value NULL. */
static struct checked member(const struct checked *of, const char *key)
{
    return (struct checked){of->reader, gcm_yaml_get(of->value, key),
                            gcm_format(of->reader->arena, "%.*s.%s", GCM_P(of->path), key)};
}

static struct checked named(const struct checked *of, size_t i)
{
    struct gcm_buffer out = gcm_buffer(of->reader->arena, (size_t)GCM_YAML_BYTES * 2);
    gcm_put(&out, of->path);
    gcm_puts(&out, "['");
    struct gcm_slice key = of->value->keys[i]->text;
    for (size_t c = 0; c < key.size; c++) {
        if (key.at[c] == '\'' || key.at[c] == '\\')
            gcm_putc(&out, '\\');
        gcm_putc(&out, key.at[c]);
    }
    gcm_puts(&out, "']");
    return (struct checked){of->reader, of->value->items[i], gcm_buffer_text(&out)};
}

static struct checked element(const struct checked *of, size_t i)
{
    return (struct checked){of->reader, of->value->items[i],
                            gcm_format(of->reader->arena, "%.*s[%zu]", GCM_P(of->path), i)};
}

static bool is_map(const struct checked *at)
{
    return at->value->kind == GCM_YAML_MAP;
}

static bool check_string(struct checked at)
{
    return !at.value || gcm_yaml_is_string(at.value) || refuse(&at, "should be string");
}

static bool check_boolean(struct checked at)
{
    return !at.value || (at.value->kind == GCM_YAML_SCALAR && at.value->type == GCM_YAML_BOOLEAN) ||
           refuse(&at, "should be boolean");
}

/* js-yaml makes a Date of a timestamp, which is an object to Ajv. */
static bool check_object(struct checked at)
{
    return !at.value || is_map(&at) ||
           (at.value->kind == GCM_YAML_SCALAR && at.value->type == GCM_YAML_TIMESTAMP) ||
           refuse(&at, "should be object");
}

static bool check_strings(struct checked at)
{
    if (at.value && at.value->kind != GCM_YAML_LIST)
        return refuse(&at, "should be array");
    for (size_t i = 0; at.value && i < at.value->count; i++)
        if (!check_string(element(&at, i)))
            return false;
    return true;
}

/* `Type.action`, the action being one of a list. */
static bool matches_operation(struct gcm_slice text, const char *const *actions)
{
    size_t dot = gcm_slice_find(text, '.');
    if (dot == text.size || !dot || !gcm_is_upper(text.at[0]))
        return false;
    for (size_t i = 0; i < dot; i++)
        if (!gcm_is_name_part(text.at[i]) || text.at[i] == '_')
            return false;
    return gcm_slice_in(gcm_slice_sub(text, dot + 1, text.size), actions);
}

static bool check_operation(struct checked at, bool permission)
{
    if (!at.value || !gcm_yaml_is_string(at.value))
        return check_string(at);
    struct gcm_slice text = at.value->text;
    if (permission && gcm_slice_is(text, "*"))
        return true;
    if (matches_operation(text, permission ? permission_actions : function_actions))
        return true;
    struct gcm_slice what = gcm_format(at.reader->arena, "should match pattern \"%s\"",
                                       permission ? permission_pattern : function_pattern);
    return refuse(&at, what.at);
}

/* One of the two forms of `code` and `webhook`: a text, or a mapping with a text and a mapping. */
static bool check_target(struct checked at, const char *required, const char *optional)
{
    if (gcm_yaml_is_string(at.value))
        return true;
    struct gcm_errors *errors = &at.reader->project->cli_errors;
    size_t before = errors->count;
    bool mapping = check_object(at);
    if (mapping) {
        struct checked text = member(&at, required);
        mapping = text.value ? check_string(text) : refuse_missing(&at, required);
        mapping = mapping && check_object(member(&at, optional));
    }
    if (mapping) {
        errors->count = before;
        return true;
    }
    refuse(&at, "should be string");
    return refuse(&at, "should match exactly one schema in oneOf");
}

/* A handler as a mapping with one key and no other. */
static bool check_form(const struct checked *at, const char *key, const char *required,
                       const char *optional)
{
    if (!check_object(*at))
        return false;
    if (at->value->count == 0)
        return refuse(at, "should NOT have less than 1 properties");
    for (size_t i = 0; i < at->value->count; i++)
        if (!gcm_slice_is(at->value->keys[i]->text, key))
            return refuse(at, "should NOT have additional properties");
    return check_target(member(at, key), required, optional);
}

static bool check_handler(struct checked at)
{
    struct gcm_errors *errors = &at.reader->project->cli_errors;
    size_t before = errors->count;
    bool code = check_form(&at, "code", "src", "environment");
    bool webhook = check_form(&at, "webhook", "url", "headers");
    if (code != webhook) {
        errors->count = before;
        return true;
    }
    return refuse(&at, "should match exactly one schema in oneOf");
}

static bool check_type(struct checked at)
{
    if (gcm_yaml_is_string(at.value) && gcm_slice_in(at.value->text, function_types))
        return true;
    return refuse(&at, "should be equal to one of the allowed values");
}

/* Required members are missed where their turn comes, as Ajv does. */
static bool check_function(struct checked at)
{
    if (!check_object(at) || !check_boolean(member(&at, "isEnabled")))
        return false;
    struct checked handler = member(&at, "handler"), type = member(&at, "type");
    if (!handler.value)
        return refuse_missing(&at, "handler");
    if (!check_handler(handler))
        return false;
    if (!type.value)
        return refuse_missing(&at, "type");
    return check_type(type) && check_operation(member(&at, "operation"), false) &&
           check_string(member(&at, "schema")) && check_string(member(&at, "query"));
}

static bool check_permission(struct checked at)
{
    if (!check_object(at))
        return false;
    struct checked operation = member(&at, "operation");
    if (!operation.value)
        return refuse_missing(&at, "operation");
    return check_operation(operation, true) && check_boolean(member(&at, "authenticated")) &&
           check_boolean(member(&at, "isEnabled")) && check_string(member(&at, "query")) &&
           check_strings(member(&at, "fields"));
}

static bool check_functions(struct checked at)
{
    if (!check_object(at))
        return false;
    for (size_t i = 0; at.value && i < at.value->count; i++)
        if (!check_function(named(&at, i)))
            return false;
    return true;
}

static bool check_permissions(struct checked at)
{
    if (at.value && at.value->kind != GCM_YAML_LIST)
        return refuse(&at, "should be array");
    for (size_t i = 0; at.value && i < at.value->count; i++)
        if (!check_permission(element(&at, i)))
            return false;
    return true;
}

static bool check_types(struct checked at)
{
    if (gcm_yaml_is_string(at.value))
        return true;
    if (at.value->kind != GCM_YAML_LIST)
        return refuse(&at, "should be string,array");
    for (size_t i = 0; i < at.value->count; i++) {
        struct checked item = element(&at, i);
        if (!gcm_yaml_is_string(item.value) && item.value->kind != GCM_YAML_LIST)
            return refuse(&item, "should be string,array");
    }
    return true;
}

/* `custom` was taken out before, unless it was null or empty. */
static bool is_taken_out(const struct gcm_yaml *custom)
{
    if (custom->kind != GCM_YAML_SCALAR)
        return true;
    return custom->type != GCM_YAML_NULL && custom->text.size &&
           !(custom->type == GCM_YAML_BOOLEAN && !gcm_yaml_is_true(custom));
}

static bool check_root_keys(const struct checked *root)
{
    static const char *const keys[] = {"types",       "rootTokens", "functions",
                                       "permissions", "custom",     NULL};
    for (size_t i = 0; i < root->value->count; i++)
        if (!gcm_slice_in(root->value->keys[i]->text, keys))
            return refuse(root, "should NOT have additional properties");
    return true;
}

void gcm_cli_check_shape(struct gcm_reader *reader, const struct gcm_yaml *value)
{
    struct checked root = {reader, value, GCM_S("data")};
    if (!is_map(&root) || !check_root_keys(&root))
        return;
    struct checked types = member(&root, "types"), custom = member(&root, "custom");
    if (!types.value)
        refuse_missing(&root, "types");
    else if (check_types(types) && check_strings(member(&root, "rootTokens")) &&
             check_functions(member(&root, "functions")) &&
             check_permissions(member(&root, "permissions")) && custom.value &&
             !is_taken_out(custom.value))
        check_object(custom);
}

static bool is_space(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

void gcm_cli_check_text(struct gcm_reader *reader, const struct gcm_file *file)
{
    static const char key[] = "operation:";
    struct gcm_slice text = file->text;
    for (size_t i = 0; i + sizeof key - 1 < text.size; i++) {
        if (text.at[i] != 'o' || !gcm_slice_starts(gcm_slice_sub(text, i, sizeof key - 1), key))
            continue;
        size_t at = i + sizeof key - 1;
        while (at < text.size && is_space(text.at[at]))
            at++;
        if (at == text.size || text.at[at] != '*')
            continue;
        gcm_add_error(reader->arena, &reader->project->cli_errors, gcm_place_in(file, at, 1),
                      "write operation: \"*\"",
                      "To use the wildcard permission, please wrap the asterisk with two double "
                      "quotes");
        return;
    }
}

static bool looks_like(struct gcm_slice path, const char *ending)
{
    return path.size > gcm_slice_of(ending).size && gcm_slice_ends(path, ending) &&
           !gcm_slice_starts(path, "../");
}

/* `.graphql(:.*)?$` with one character before it. */
static bool is_graphql_file(struct gcm_slice path)
{
    for (size_t i = 1; i + 7 <= path.size; i++)
        if (gcm_slice_starts(gcm_slice_sub(path, i, 7), "graphql") &&
            (i + 7 == path.size || path.at[i + 7] == ':') && !gcm_slice_starts(path, "../"))
            return true;
    return false;
}

static bool is_there(struct gcm_reader *reader, struct gcm_slice path, bool joined)
{
    while (joined && gcm_slice_starts(path, "/"))
        path = gcm_slice_sub(path, 1, path.size);
    path = gcm_path_clean(reader->arena, gcm_fill_path(reader, path));
    return path.size && gcm_files_has(reader->files, reader->arena, path);
}

/* A list within the list of types is one path to JavaScript: its texts with commas between them. */
static struct gcm_slice types_path(struct gcm_reader *reader, const struct gcm_yaml *types)
{
    struct gcm_buffer out = gcm_buffer(reader->arena, GCM_YAML_BYTES);
    for (size_t i = 0; types->kind != GCM_YAML_SCALAR && i < types->count; i++)
        gcm_putf(&out, "%s%.*s", i ? "," : "", GCM_P(gcm_yaml_text(types->items[i])));
    return types->kind == GCM_YAML_SCALAR ? gcm_yaml_text(types) : gcm_buffer_text(&out);
}

static void check_types_file(struct gcm_reader *reader, const struct gcm_yaml *types)
{
    struct gcm_slice path = types_path(reader, types);
    if (types->kind != GCM_YAML_SCALAR || !is_there(reader, path, false))
        gcm_add_error(reader->arena, &reader->project->cli_errors, types->place, NULL,
                      "The types definition file \"%.*s\" could not be found.", GCM_P(path));
}

static void check_query_file(struct gcm_reader *reader, const struct gcm_yaml *permission)
{
    const struct gcm_yaml *query = gcm_yaml_get(permission, "query");
    struct gcm_slice path = gcm_yaml_text(query);
    if (!is_graphql_file(path) ||
        is_there(reader, gcm_slice_sub(path, 0, gcm_slice_find(path, ':')), true))
        return;
    gcm_add_error(reader->arena, &reader->project->cli_errors, query->place, NULL,
                  "The file %.*s for permission query %.*s does not exist", GCM_P(path),
                  GCM_P(gcm_yaml_text(gcm_yaml_get(permission, "operation"))));
}

static void check_code_file(struct gcm_reader *reader, struct gcm_slice name,
                            const struct gcm_yaml *code)
{
    struct gcm_errors *errors = &reader->project->cli_errors;
    const struct gcm_yaml *value =
        code && code->kind == GCM_YAML_MAP ? gcm_yaml_get(code, "src") : code;
    struct gcm_slice path = gcm_yaml_text(value);
    if (!code || (!path.size && code == value))
        return;
    struct gcm_place place = value ? value->place : code->place;
    if (!looks_like(path, "js") && !looks_like(path, "ts"))
        gcm_add_error(reader->arena, errors, place, NULL,
                      "The handler %.*s for function %.*s is not a valid function path. It must "
                      "end with .js or .ts and be in the current working directory.",
                      GCM_P(path), GCM_P(name));
    if (!is_there(reader, path, true))
        gcm_add_error(reader->arena, errors, place, NULL,
                      "The file %.*s for function %.*s does not exist", GCM_P(path), GCM_P(name));
}

static void check_function_files(struct gcm_reader *reader, struct gcm_slice name,
                                 const struct gcm_yaml *function)
{
    struct gcm_errors *errors = &reader->project->cli_errors;
    const struct gcm_yaml *query = gcm_yaml_get(function, "query");
    const struct gcm_yaml *schema = gcm_yaml_get(function, "schema");
    check_code_file(reader, name, gcm_yaml_get(gcm_yaml_get(function, "handler"), "code"));
    if (is_graphql_file(gcm_yaml_text(query)) && !is_there(reader, query->text, true))
        gcm_add_error(reader->arena, errors, query->place, NULL,
                      "The file %.*s for the subscription query of function %.*s does not exist",
                      GCM_P(query->text), GCM_P(name));
    if (is_graphql_file(gcm_yaml_text(schema)) && !is_there(reader, schema->text, true))
        gcm_add_error(reader->arena, errors, schema->place, NULL,
                      "The file %.*s for the resolver of function %.*s does not exist",
                      GCM_P(schema->text), GCM_P(name));
}

void gcm_cli_check_files(struct gcm_reader *reader)
{
    const struct gcm_yaml *root = reader->project->yaml;
    const struct gcm_yaml *permissions = gcm_yaml_get(root, "permissions");
    const struct gcm_yaml *functions = gcm_yaml_get(root, "functions");
    const struct gcm_yaml *types = gcm_yaml_get(root, "types");
    if (types->kind == GCM_YAML_SCALAR)
        check_types_file(reader, types);
    for (size_t i = 0; types->kind == GCM_YAML_LIST && i < types->count; i++)
        check_types_file(reader, types->items[i]);
    for (size_t i = 0; permissions && i < permissions->count; i++)
        check_query_file(reader, permissions->items[i]);
    for (size_t i = 0; functions && i < functions->count; i++)
        check_function_files(reader, functions->keys[i]->text, functions->items[i]);
}
