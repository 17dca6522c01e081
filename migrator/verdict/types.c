/* The second round over the types: what made the server break off, then names, defaults, system
 * fields and relations (§2.2–§2.5, truth of random services). */
#include "verdict/judge.h"

#include "source/defaults.h"
#include "verdict/order.h"

/* ---- what it broke off at ---- */

/* @rename on a type or an enum: its first argument, whatever its name. */
static const struct gcm_value *renamed_from(const struct gcm_definition *definition)
{
    const struct gcm_directive *rename = gcm_directive_named(&definition->directives, "rename");
    return rename && rename->arguments.count > 0 ? rename->arguments.at[0].value : NULL;
}

static const char *const leftover_hint =
    "Remove `@rename`: it belongs to the one deploy that renamed the type.";

static bool breaks_class_cast(struct gcm_judge *judge, const struct gcm_value *value)
{
    static const char *const classes[] = {
        [GCM_VALUE_NULL] = "NullValue",        [GCM_VALUE_INT] = "BigIntValue",
        [GCM_VALUE_FLOAT] = "BigDecimalValue", [GCM_VALUE_BOOLEAN] = "BooleanValue",
        [GCM_VALUE_ENUM] = "EnumValue",        [GCM_VALUE_LIST] = "ListValue",
        [GCM_VALUE_OBJECT] = "ObjectValue",    [GCM_VALUE_VARIABLE] = "VariableValue"};
    if (value->kind == GCM_VALUE_STRING)
        return false;
    const char *class = classes[value->kind];
    gcm_judge_global(judge, value->place, leftover_hint,
                     "class sangria.ast.%s cannot be cast to class sangria.ast.StringValue "
                     "(sangria.ast.%s and sangria.ast.StringValue are in unnamed module of loader "
                     "'app')",
                     class, class);
    return true;
}

static bool has_relations(const struct gcm_definition *type)
{
    gcm_each (const struct gcm_field_definition, field, type->fields) {
        if (gcm_directive_named(&field->directives, "relation"))
            return true;
    }
    return false;
}

static bool breaks_rename(struct gcm_judge *judge, const struct gcm_definition *definition,
                          const struct gcm_map *names)
{
    const struct gcm_value *old = renamed_from(definition);
    if (!old || gcm_slice_equal(old->text, definition->name))
        return false;
    if (breaks_class_cast(judge, old))
        return true;
    if (!gcm_map_get(names, old->text)) {
        gcm_judge_global(judge, old->place, leftover_hint, "None.get");
        return true;
    }
    if (definition->kind != GCM_DEFINITION_OBJECT || !has_relations(definition))
        return false;
    gcm_judge_global(
        judge, old->place, leftover_hint,
        "The model %.*s was not found in current project, added models or updated models.",
        GCM_P(definition->name));
    return true;
}

static bool breaks_field(struct gcm_judge *judge, const struct gcm_field_definition *field)
{
    struct gcm_slice name = gcm_type_name(field->type);
    bool id = gcm_slice_is(field->name, "id");
    if (gcm_judge_is_system(field->name) && !id && !gcm_judge_is_scalar(name) &&
        !gcm_map_get(&judge->enum_names, name) && !gcm_map_get(&judge->type_names, name)) {
        gcm_judge_global(judge, field->place, "Write it as `DateTime!`.", "None.get");
        return true;
    }
    const struct gcm_type_ref *type = field->type;
    if (type->of && (type->of->of || !type->of->non_null)) {
        gcm_judge_global(judge, type->place,
                         "The elements of a list need an exclamation mark: `[Type!]`.",
                         "The schema is invalid: Invalid field type definition detected. Valid "
                         "field type formats: Int, Int!, [Int!], [Int!]! for example.");
        return true;
    }
    if (gcm_slice_is(name, "Enum")) {
        gcm_judge_global(judge, type->place, "Declare the enum and name it here.",
                         "The enum Enum was not found in current project, added enums or updated "
                         "enums.");
        return true;
    }
    return false;
}

bool gcm_judge_breaks_types(struct gcm_judge *judge)
{
    gcm_each (struct gcm_definition *, type, judge->types) {
        if (breaks_rename(judge, *type, &judge->type_names))
            return true;
    }
    gcm_each (struct gcm_definition *, type, judge->types) {
        gcm_each (struct gcm_field_definition, field, (*type)->fields) {
            if (breaks_field(judge, field))
                return true;
        }
    }
    gcm_each (struct gcm_definition *, type, judge->enums) {
        if (breaks_rename(judge, *type, &judge->enum_names))
            return true;
    }
    return false;
}

/* ---- enums and models ---- */

static const char *const case_hint =
    "Names must differ by more than case: the database does not tell them apart.";

void gcm_judge_enums(struct gcm_judge *judge)
{
    struct gcm_map seen = {0};
    gcm_each (struct gcm_definition *, type, judge->enums) {
        struct gcm_slice name = (*type)->name;
        bool known = gcm_map_put(judge->arena, &seen, gcm_lower(judge->arena, name), *type) != NULL;
        if (!gcm_judge_is_name(name, true, true, 64))
            gcm_judge_global(
                judge, (*type)->place,
                "Begin with an upper-case letter; letters, digits and `_`, at most 64.",
                "'%.*s' is not a valid name for an enum.", GCM_P(name));
        else if (known)
            gcm_judge_global(judge, (*type)->place, case_hint,
                             "A type with the name '%.*s' already exists in your project",
                             GCM_P(name));
    }
}

/* A field as the server's defaults module wants it. */
static struct gcm_field field_of(struct gcm_judge *judge, struct gcm_field_definition *definition)
{
    struct gcm_slice type = gcm_type_name(definition->type);
    struct gcm_field field = {.name = definition->name,
                              .definition = definition,
                              .kind = GCM_FIELD_SCALAR,
                              .list = definition->type->of != NULL};
    field.enum_type = gcm_map_get(&judge->project->enum_names, type);
    field.scalar = gcm_judge_is_scalar(type) ? gcm_scalar_of(type) : GCM_SCALAR_NONE;
    if (field.scalar == GCM_SCALAR_NONE)
        field.kind = gcm_map_get(&judge->enum_names, type) ? GCM_FIELD_ENUM : GCM_FIELD_RELATION;
    return field;
}

static const char *type_identifier(const struct gcm_field *field)
{
    if (field->kind == GCM_FIELD_ENUM)
        return "Enum";
    return field->scalar == GCM_SCALAR_ID ? "GraphQLID" : gcm_scalar_name(field->scalar);
}

static bool is_member(const struct gcm_field *field, struct gcm_slice name)
{
    for (size_t i = 0; field->enum_type && i < field->enum_type->values.count; i++)
        if (gcm_slice_equal(field->enum_type->values.at[i], name))
            return true;
    return false;
}

static const char *const default_hint =
    "Give a value of the field's type, or remove the directive.";

/* The first member of an enum's default that the enum has not got. */
static bool judge_members(struct gcm_judge *judge, const struct gcm_field *field,
                          const struct gcm_default *value, struct gcm_place place, const char *what)
{
    if (value->null_member) {
        gcm_judge_global(judge, place, default_hint,
                         "The specified %s value 'NullGCValue()' is not a valid Enum Value for "
                         "this field.",
                         what);
        return true;
    }
    struct gcm_slices lone = {.at = (struct gcm_slice[]){value->text}, .count = 1};
    const struct gcm_slices *members = value->outcome == GCM_DEFAULT_LONE ? &lone : &value->members;
    for (size_t i = 0; i < members->count; i++) {
        struct gcm_slice member = members->at[i];
        if (value->outcome != GCM_DEFAULT_LONE && is_member(field, member))
            continue;
        gcm_judge_global(judge, place, default_hint,
                         field->list ? "The specified %s value 'EnumGCValue(%.*s)' is not a valid "
                                       "Enum Value for this field."
                                     : "The specified %s value '%.*s' is not a valid Enum Value "
                                       "for this field.",
                         what, GCM_P(member));
        return true;
    }
    return false;
}

/* True if the default was wrong: then nothing else was said of the field. */
static bool judge_default(struct gcm_judge *judge, const struct gcm_field *field)
{
    const struct gcm_directive *directive =
        gcm_directive_named(&field->definition->directives, "defaultValue");
    if (!directive || field->kind == GCM_FIELD_RELATION)
        return false;
    const struct gcm_value *literal = gcm_argument_named(&directive->arguments, "value");
    struct gcm_default value = gcm_default_of(judge->arena, field, literal);
    struct gcm_place place = literal ? literal->place : directive->place;
    if (value.outcome == GCM_DEFAULT_BAD) {
        gcm_judge_global(judge, place, default_hint, "'%.*s' is not a valid value for type '%s'",
                         GCM_P(value.text), type_identifier(field));
        return true;
    }
    if (value.outcome == GCM_DEFAULT_BROKEN) {
        gcm_judge_global(judge, place, default_hint, "For input string: \"null\"");
        return true;
    }
    return judge_members(judge, field, &value, place, "default");
}

static void judge_migration_value(struct gcm_judge *judge, const struct gcm_field *field)
{
    const struct gcm_directive *directive =
        gcm_directive_named(&field->definition->directives, "migrationValue");
    if (!directive || field->kind == GCM_FIELD_RELATION)
        return;
    const struct gcm_value *literal = gcm_argument_named(&directive->arguments, "value");
    struct gcm_default value = gcm_default_of(judge->arena, field, literal);
    struct gcm_place place = literal ? literal->place : directive->place;
    if (value.outcome == GCM_DEFAULT_BAD || value.outcome == GCM_DEFAULT_BROKEN)
        gcm_judge_global(judge, place, "Remove `@migrationValue`: it belongs to one deploy.",
                         "Please supply a valid value for OverrideValue.");
    else
        judge_members(judge, field, &value, place, "migration");
}

static void judge_system_field(struct gcm_judge *judge, const struct gcm_field *field)
{
    const struct gcm_field_definition *definition = field->definition;
    if (gcm_slice_is(field->name, "id"))
        return;
    if (judge_default(judge, field))
        return;
    bool right = definition->type->non_null && !definition->type->of &&
                 gcm_slice_is(gcm_type_name(definition->type), "DateTime") &&
                 !gcm_directive_named(&definition->directives, "isUnique");
    if (!right)
        gcm_judge_global(judge, definition->place, "Write it as `DateTime!`, without `@isUnique`.",
                         "The field %.*s is a predefined but hidden type and has to have a "
                         "specific format to be exposed. You can only add the type 'DateTime!' for "
                         "this field and the field cannot be unique.",
                         GCM_P(field->name));
}

/* A field's name: its shape, then whether another has it but for case. */
static bool judge_field_name(struct gcm_judge *judge, const struct gcm_field *field,
                             struct gcm_map *seen)
{
    struct gcm_slice lower = gcm_lower(judge->arena, field->name);
    bool known = gcm_map_put(judge->arena, seen, lower, judge) != NULL;
    if (!gcm_judge_is_name(field->name, false, false, 64)) {
        gcm_judge_global(judge, field->definition->place,
                         "Begin with a lower-case letter; letters and digits only, at most 64.",
                         "'%.*s' is not a valid name for a field.", GCM_P(field->name));
        return true;
    }
    if (known) {
        gcm_judge_global(judge, field->definition->place, case_hint,
                         "A field with the name '%.*s' already exists", GCM_P(field->name));
        return true;
    }
    return false;
}

static void judge_fields(struct gcm_judge *judge, const struct gcm_definition *type)
{
    struct gcm_map seen = {0};
    gcm_each (struct gcm_field_definition, definition, type->fields) {
        if (gcm_judge_is_system(definition->name))
            gcm_map_put(judge->arena, &seen, gcm_lower(judge->arena, definition->name), judge);
    }
    gcm_each (struct gcm_field_definition, definition, type->fields) {
        struct gcm_field field = field_of(judge, definition);
        if (gcm_directive_named(&definition->directives, "relation"))
            continue; /* made with its relation */
        if (gcm_judge_is_system(field.name)) {
            judge_system_field(judge, &field);
        } else if (!judge_default(judge, &field) && !judge_field_name(judge, &field, &seen)) {
            judge_migration_value(judge, &field);
        }
    }
}

void gcm_judge_models(struct gcm_judge *judge)
{
    struct gcm_map seen = {0}, enums = {0};
    gcm_each (struct gcm_definition *, type, judge->enums)
        gcm_map_put(judge->arena, &enums, gcm_lower(judge->arena, (*type)->name), *type);
    gcm_each (struct gcm_definition *, type, judge->types) {
        struct gcm_slice name = (*type)->name, lower = gcm_lower(judge->arena, name);
        bool known = gcm_map_put(judge->arena, &seen, lower, *type) != NULL;
        if (!gcm_judge_is_name(name, true, false, 64) || gcm_judge_is_scalar(name))
            gcm_judge_global(judge, (*type)->place,
                             gcm_judge_is_scalar(name)
                                 ? "The server needed this name for itself: choose another."
                                 : "Begin with an upper-case letter; letters and digits only, at "
                                   "most 64.",
                             "'%.*s' is not a valid name for a model.", GCM_P(name));
        else if (known)
            gcm_judge_global(judge, (*type)->place, case_hint,
                             "A model with the name '%.*s' already exists in your project",
                             GCM_P(name));
        else if (gcm_map_get(&enums, lower))
            gcm_judge_global(judge, (*type)->place, case_hint,
                             "A type with the name '%.*s' already exists in your project",
                             GCM_P(name));
        judge_fields(judge, *type);
    }
}

/* ---- relations ---- */

/* A relation with the fields that name it. */
struct named_relation {
    struct gcm_slice name;
    GCM_VEC(struct gcm_field) fields;
    GCM_VEC(struct gcm_map *) neighbours; /* of each field: the names taken in its type */
};

struct named_relations {
    struct named_relation **at;
    size_t count, room;
    struct gcm_map by_name;
};

static struct named_relation *
relation_named(struct gcm_judge *judge, struct named_relations *relations, struct gcm_slice name)
{
    struct named_relation *relation = gcm_map_get(&relations->by_name, name);
    if (!relation) {
        relation = GCM_NEW(judge->arena, struct named_relation);
        relation->name = name;
        *gcm_push(judge->arena, relations) = relation;
        gcm_map_put(judge->arena, &relations->by_name, name, relation);
    }
    return relation;
}

static void add_relations_of(struct gcm_judge *judge, const struct gcm_definition *type,
                             struct named_relations *relations)
{
    struct gcm_map *taken = GCM_NEW(judge->arena, struct gcm_map);
    gcm_each (struct gcm_field_definition, definition, type->fields) {
        bool found;
        struct gcm_slice name = gcm_judge_text(&definition->directives, "relation", "name", &found);
        if (!found) {
            gcm_map_put(judge->arena, taken, gcm_lower(judge->arena, definition->name), judge);
            continue;
        }
        struct named_relation *relation = relation_named(judge, relations, name);
        *gcm_push(judge->arena, &relation->fields) = field_of(judge, definition);
        *gcm_push(judge->arena, &relation->neighbours) = taken;
    }
}

static void judge_relation(struct gcm_judge *judge, const struct named_relation *relation,
                           struct gcm_map *seen)
{
    struct gcm_slice lower = gcm_lower(judge->arena, relation->name);
    struct gcm_place place = relation->fields.at[0].definition->place;
    bool known = gcm_map_put(judge->arena, seen, lower, judge) != NULL;
    if (!gcm_judge_is_name(relation->name, true, false, 64))
        gcm_judge_global(judge, place,
                         "Begin with an upper-case letter; letters and digits only, at most 64.",
                         "'%.*s' is not a valid name for a relation.", GCM_P(relation->name));
    else if (known)
        gcm_judge_global(judge, place, case_hint, "A relation with that name already exists: %.*s.",
                         GCM_P(relation->name));
    for (size_t i = 0; i < relation->fields.count; i++) {
        const struct gcm_field *field = &relation->fields.at[i];
        if (gcm_slice_is(field->name, "id"))
            gcm_judge_global(judge, field->definition->place, "Remove `@relation` from `id`.",
                             "A field with the name 'id' already exists");
        else if (!gcm_judge_is_system(field->name))
            judge_field_name(judge, field, relation->neighbours.at[i]);
    }
}

void gcm_judge_relations(struct gcm_judge *judge)
{
    struct named_relations relations = {0};
    struct gcm_slices names = {0};
    struct gcm_map seen = {0};
    gcm_each (struct gcm_definition *, type, judge->types)
        add_relations_of(judge, *type, &relations);
    gcm_each (struct named_relation *, relation, relations)
        *gcm_push(judge->arena, &names) = (*relation)->name;
    size_t *order = gcm_scala_order(judge->arena, &names, false);
    for (size_t i = 0; i < relations.count; i++)
        judge_relation(judge, relations.at[order[i]], &seen);
}
