#include "verdict/extensions.h"

/* The parts of a resolver's schema file. */
struct extension {
    const struct gcm_definition *extend;
    const struct gcm_definition *payload;
    size_t extends, types;
};

static struct extension parts_of(const struct gcm_document *document)
{
    struct extension parts = {0};
    gcm_each (struct gcm_definition *, at, document->definitions) {
        if ((*at)->kind != GCM_DEFINITION_OBJECT)
            continue;
        if ((*at)->extend) {
            parts.extends++;
            parts.extend = *at;
        } else {
            parts.types++;
            parts.payload = *at;
        }
    }
    return parts;
}

static bool told(struct gcm_judge *judge, const struct gcm_function *function,
                 struct gcm_place place, const char *hint, struct gcm_slice problem)
{
    gcm_judge_global(judge, place, hint, "Schema Extension Error for function '%.*s': %.*s",
                     GCM_P(function->name), GCM_P(problem));
    return true;
}

static const char *const shape_hint =
    "A resolver's file holds one `type Payload { … }` and one `extend type Query` or `Mutation` "
    "with one field.";

static bool breaks_syntax(struct gcm_judge *judge, const struct gcm_function *function,
                          const struct gcm_file *file, struct gcm_document **document)
{
    struct gcm_error first = {.place = function->schema->place};
    *document = gcm_judge_parse(judge, file, &first);
    if (*document && (*document)->definitions.count > 0)
        return false;
    if (gcm_slice_has(file->text, "()"))
        return told(judge, function, first.place, "Remove the empty parentheses.",
                    gcm_format(judge->arena,
                               "Could not parse schema. Do not use empty brackets for resolvers "
                               "without input arguments: %.*s",
                               GCM_P(file->text)));
    return told(judge, function, first.place, shape_hint,
                gcm_format(judge->arena, "Could not parse schema: %.*s", GCM_P(file->text)));
}

static bool breaks_shape(struct gcm_judge *judge, const struct gcm_function *function,
                         const struct extension *parts)
{
    struct gcm_place file = function->schema->place;
    if (parts->extends == 0)
        return told(judge, function, file, "Write `extend type`, not `type`.",
                    GCM_S("Schema must contain a type extension"));
    const struct gcm_definition *extend = parts->extend;
    if (parts->extends > 1)
        return told(judge, function, extend->place, shape_hint,
                    GCM_S("Schema must not contain more than one type extension"));
    if (!gcm_slice_is(extend->name, "Query") && !gcm_slice_is(extend->name, "Mutation"))
        return told(judge, function, extend->place, shape_hint,
                    gcm_format(judge->arena, "Must extend either Query or Mutation. Not '%.*s'",
                               GCM_P(extend->name)));
    if (extend->fields.count != 1)
        return told(judge, function, extend->place, "Make a function of each field.",
                    GCM_S("Only one query or mutation can be added in a schema extension"));
    if (parts->types > 1)
        return told(judge, function, parts->payload->place, shape_hint,
                    GCM_S("Only one return type can be specified in a schema extension"));
    if (parts->types == 0)
        return told(judge, function, extend->fields.at[0].place,
                    "Declare a type for the result in this file: no scalar, no model.",
                    GCM_S("Must provide return type. For example: type MyPayload { someField: "
                          "Boolean }"));
    return false;
}

static bool breaks_return_type(struct gcm_judge *judge, const struct gcm_type_ref *type)
{
    if (!type->of || (!type->of->of && type->of->non_null))
        return false;
    gcm_judge_global(judge, type->place,
                     "The elements of a list need an exclamation mark: `[Payload!]`.",
                     "The schema is invalid: Invalid field type definition detected. Valid field "
                     "type formats: Int, Int!, [Int!], [Int!]! for example.");
    return true;
}

static bool is_plain(const struct gcm_type_ref *type)
{
    static const char *const scalars[] = {"String",   "Int",       "Float", "Boolean", "Password",
                                          "DateTime", "GraphQLID", "Json",  "ID",      NULL};
    return gcm_slice_in(gcm_type_name(type), scalars);
}

static bool breaks_types(struct gcm_judge *judge, const struct gcm_function *function,
                         const struct extension *parts)
{
    const char *hint = "Arguments and fields of the payload are scalars or lists of them: use Json "
                       "for anything else.";
    gcm_each (const struct gcm_input_value, argument, parts->extend->fields.at[0].arguments) {
        if (!is_plain(argument->type))
            return told(judge, function, argument->place, hint,
                        gcm_format(judge->arena,
                                   "Relations are currently not supported. Field '%.*s'",
                                   GCM_P(argument->name)));
    }
    gcm_each (const struct gcm_field_definition, field, parts->payload->fields) {
        if (!is_plain(field->type))
            return told(judge, function, field->place, hint,
                        gcm_format(judge->arena,
                                   "Relations are currently not supported. Field '%.*s'",
                                   GCM_P(field->name)));
    }
    gcm_each (const struct gcm_field_definition, field, parts->payload->fields) {
        struct gcm_slice type = gcm_type_name(field->type);
        if (gcm_slice_is(field->name, "id") && !gcm_slice_is(type, "ID") &&
            !gcm_slice_is(type, "String"))
            return told(judge, function, field->place, "Make it `id: ID!`, or rename the field.",
                        GCM_S("The name id is reserved for fields with type ID or String."));
    }
    return false;
}

bool gcm_judge_breaks_extension(struct gcm_judge *judge, const struct gcm_function *function)
{
    struct gcm_document *document;
    const struct gcm_file *file = gcm_judge_sent(function->schema);
    if (breaks_syntax(judge, function, file, &document))
        return true;
    struct extension parts = parts_of(document);
    return breaks_shape(judge, function, &parts) ||
           breaks_return_type(judge, parts.extend->fields.at[0].type) ||
           breaks_types(judge, function, &parts);
}

/* create…, update… and delete… of a model: the only generated fields that the check knew. */
static bool is_generated(struct gcm_judge *judge, struct gcm_slice name)
{
    static const char *const verbs[] = {"create", "update", "delete"};
    for (size_t i = 0; i < sizeof verbs / sizeof *verbs; i++) {
        if (!gcm_slice_starts(name, verbs[i]))
            continue;
        struct gcm_slice rest = gcm_slice_sub(name, 6, name.size);
        if (gcm_map_get(&judge->type_names, rest))
            return true;
    }
    return false;
}

void gcm_judge_extension(struct gcm_judge *judge, const struct gcm_function *function,
                         struct gcm_extensions *extensions)
{
    struct gcm_document *document = gcm_judge_parse(judge, gcm_judge_sent(function->schema), NULL);
    struct extension parts = parts_of(document);
    if (!parts.extend || !parts.payload)
        return;
    const struct gcm_field_definition *field = &parts.extend->fields.at[0];
    struct gcm_slice payload = parts.payload->name;
    bool known = gcm_map_put(judge->arena, &extensions->payloads, payload, judge) != NULL;
    if (known || gcm_map_get(&judge->type_names, payload)) {
        gcm_judge_global(judge, parts.payload->place,
                         "Name the payload like no model and no other payload.",
                         "Function with name '%.*s' has invalid payloadName: '%.*s'",
                         GCM_P(function->name), GCM_P(payload));
        return;
    }
    if (gcm_map_put(judge->arena, &extensions->fields, field->name, judge) ||
        is_generated(judge, field->name))
        told(judge, function, field->place, "Name the field like none that exists.",
             GCM_S("Operation name would conflict with existing schema"));
}
