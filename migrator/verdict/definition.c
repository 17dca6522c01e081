/* graphcool.yml as the server parsed it again (§1.2, step 8): unknown keys were ignored, known ones
 * had to have their shape. The values are quoted as the server's YAML library wrote them. */
#include "verdict/judge.h"

enum shape { SHAPE_TEXT, SHAPE_BOOLEAN, SHAPE_LIST, SHAPE_MAP };

static void put_value(struct gcm_buffer *out, const struct gcm_yaml *value, int depth)
{
    if (gcm_yaml_is_null(value)) {
        gcm_puts(out, "YamlNull");
    } else if (value->kind == GCM_YAML_SCALAR) {
        bool number = value->type == GCM_YAML_INT || value->type == GCM_YAML_FLOAT;
        const char *kind = number                            ? "YamlNumber"
                           : value->type == GCM_YAML_BOOLEAN ? "YamlBoolean"
                                                             : "YamlString";
        gcm_putf(out, "%s(%.*s)", kind, GCM_P(value->text));
    } else {
        bool map = value->kind == GCM_YAML_MAP;
        gcm_puts(out, map ? "YamlObject(Map(" : "YamlArray(Vector(");
        for (size_t i = 0; i < value->count && depth < 20; i++) {
            gcm_puts(out, i > 0 ? ", " : "");
            if (map) {
                put_value(out, value->keys[i], depth + 1);
                gcm_puts(out, " -> ");
            }
            put_value(out, value->items[i], depth + 1);
        }
        gcm_puts(out, "))");
    }
}

static bool has_shape(const struct gcm_yaml *value, enum shape shape)
{
    if (gcm_yaml_is_null(value))
        return false;
    switch (shape) {
    case SHAPE_TEXT:
        return value->kind == GCM_YAML_SCALAR && value->type == GCM_YAML_STRING;
    case SHAPE_BOOLEAN:
        return value->kind == GCM_YAML_SCALAR && value->type == GCM_YAML_BOOLEAN;
    case SHAPE_LIST:
        return value->kind == GCM_YAML_LIST;
    default:
        return value->kind == GCM_YAML_MAP;
    }
}

static bool breaks_shape(struct gcm_judge *judge, const struct gcm_yaml *value, enum shape shape)
{
    static const char *const expected[] = {"String as YamlString", "YamlBoolean",
                                           "Collection as YamlArray", "Map as YamlObject"};
    static const char *const hints[] = {"Write a text.", "Write true or false, without quotes.",
                                        "Write a list, or leave the key out.",
                                        "Write a map, or leave the key out."};
    if (has_shape(value, shape))
        return false;
    struct gcm_buffer got = gcm_buffer(judge->arena, GCM_BUFFER_CAP);
    put_value(&got, value, 0);
    gcm_judge_global(judge, value->place, hints[shape],
                     "The schema is invalid: Parsing of the Yaml failed: Expected %s, but got %.*s",
                     expected[shape], GCM_P(gcm_buffer_text(&got)));
    return true;
}

static bool breaks_optional(struct gcm_judge *judge, const struct gcm_yaml *map, const char *key,
                            enum shape shape)
{
    const struct gcm_yaml *value = gcm_yaml_get(map, key);
    return value && breaks_shape(judge, value, shape);
}

static bool breaks_required(struct gcm_judge *judge, const struct gcm_yaml *map, const char *key)
{
    if (gcm_yaml_get(map, key))
        return false;
    gcm_judge_global(judge, map->place, "Add the key.", "key not found: YamlString(%s)", key);
    return true;
}

static bool breaks_texts(struct gcm_judge *judge, const struct gcm_yaml *map, const char *key)
{
    const struct gcm_yaml *list = gcm_yaml_get(map, key);
    if (!list)
        return false;
    if (breaks_shape(judge, list, SHAPE_LIST))
        return true;
    for (size_t i = 0; i < list->count; i++)
        if (breaks_shape(judge, list->items[i], SHAPE_TEXT))
            return true;
    return false;
}

static bool breaks_permission(struct gcm_judge *judge, const struct gcm_yaml *item)
{
    return breaks_shape(judge, item, SHAPE_MAP) || breaks_required(judge, item, "operation") ||
           breaks_optional(judge, item, "operation", SHAPE_TEXT) ||
           breaks_optional(judge, item, "authenticated", SHAPE_BOOLEAN) ||
           breaks_optional(judge, item, "query", SHAPE_TEXT) ||
           breaks_texts(judge, item, "fields") ||
           breaks_optional(judge, item, "description", SHAPE_TEXT);
}

static bool breaks_function(struct gcm_judge *judge, const struct gcm_yaml *item)
{
    return breaks_shape(judge, item, SHAPE_MAP) || breaks_required(judge, item, "handler") ||
           breaks_required(judge, item, "type") ||
           breaks_optional(judge, item, "type", SHAPE_TEXT) ||
           breaks_optional(judge, item, "schema", SHAPE_TEXT) ||
           breaks_optional(judge, item, "query", SHAPE_TEXT) ||
           breaks_optional(judge, item, "operation", SHAPE_TEXT);
}

bool gcm_judge_breaks_definition(struct gcm_judge *judge)
{
    const struct gcm_yaml *root = judge->project->yaml;
    const struct gcm_yaml *permissions = gcm_yaml_get(root, "permissions");
    const struct gcm_yaml *functions = gcm_yaml_get(root, "functions");
    if ((functions && breaks_shape(judge, functions, SHAPE_MAP)) ||
        (permissions && breaks_shape(judge, permissions, SHAPE_LIST)) ||
        breaks_texts(judge, root, "rootTokens"))
        return true;
    for (size_t i = 0; permissions && i < permissions->count; i++)
        if (breaks_permission(judge, permissions->items[i]))
            return true;
    for (size_t i = 0; functions && i < functions->count; i++)
        if (breaks_function(judge, functions->items[i]))
            return true;
    return false;
}
