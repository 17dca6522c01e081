/* The first round: SchemaSyntaxValidator, rule by rule in its order (§2.3, rules 2–8). */
#include "verdict/judge.h"
#include "verdict/order.h"

#define GCM_ISSUE "https://github.com/graphcool/framework/issues/817"

/* A field with the type it stands in: what most rules look at. */
struct member {
    struct gcm_definition *type;
    struct gcm_field_definition *field;
};

struct members {
    struct member *at;
    size_t count, room;
};

static struct members fields_of(struct gcm_judge *judge)
{
    struct members members = {0};
    gcm_each (struct gcm_definition *, type, judge->types) {
        gcm_each (struct gcm_field_definition, field, (*type)->fields) {
            if (!gcm_judge_is_system(field->name))
                *gcm_push(judge->arena, &members) = (struct member){*type, field};
        }
    }
    return members;
}

/* Most errors of a type name its first field. */
static struct gcm_slice first_field(const struct gcm_definition *type)
{
    return type->fields.count > 0 ? type->fields.at[0].name : (struct gcm_slice){0};
}

static void check_directives_of_types(struct gcm_judge *judge)
{
    gcm_each (struct gcm_definition *, type, judge->types) {
        if (!gcm_directive_named(&(*type)->directives, "model"))
            gcm_judge_field(judge, (*type)->name, first_field(*type), (*type)->place,
                            "Write `@model` behind the name of the type. A type that only a "
                            "function returns belongs into that function's schema file.",
                            "The model `%.*s` is missing the @model directive. Please add it. "
                            "See: " GCM_ISSUE,
                            GCM_P((*type)->name));
    }
    gcm_each (struct gcm_definition *, type, judge->types) {
        for (size_t i = 0; i < (*type)->names.count; i++) {
            if (gcm_slice_is((*type)->names.at[i], "Node"))
                gcm_judge_field(judge, (*type)->name, first_field(*type), (*type)->place,
                                "Replace `implements Node` by `@model`.",
                                "The model `%.*s` has the implements Node annotation. This is "
                                "deprecated. Please use '@model' instead. See: " GCM_ISSUE,
                                GCM_P((*type)->name));
        }
    }
}

static void check_ids(struct gcm_judge *judge)
{
    gcm_each (struct gcm_definition *, type, judge->types) {
        gcm_each (struct gcm_field_definition, field, (*type)->fields) {
            if (gcm_slice_is(field->name, "id") &&
                !gcm_directive_named(&field->directives, "isUnique"))
                gcm_judge_field(judge, (*type)->name, field->name, field->place,
                                "Write it as `id: ID! @isUnique`.",
                                "All id fields must specify the `@isUnique` directive.");
        }
    }
    gcm_each (struct gcm_definition *, type, judge->types) {
        if (!gcm_field_named(*type, GCM_S("id")))
            gcm_judge_field(judge, (*type)->name, (struct gcm_slice){0}, (*type)->place,
                            "Add the line `id: ID! @isUnique` to the type.",
                            "All models must specify the `id` field: `id: ID! @isUnique`");
    }
}

static void check_doubles(struct gcm_judge *judge)
{
    struct gcm_map named = {0};
    gcm_each (struct gcm_definition *, type, judge->types) {
        struct gcm_definition *first = gcm_map_get(&judge->type_names, (*type)->name);
        if (first != *type && !gcm_map_put(judge->arena, &named, (*type)->name, first))
            gcm_judge_field(judge, (*type)->name, first_field(first), (*type)->place,
                            "Merge the two definitions, or give one of them another name.",
                            "The name of the type `%.*s` occurs more than once.",
                            GCM_P((*type)->name));
    }
    gcm_each (struct gcm_definition *, type, judge->types) {
        struct gcm_map fields = {0}, told = {0};
        gcm_each (struct gcm_field_definition, field, (*type)->fields) {
            if (gcm_map_put(judge->arena, &fields, field->name, field) &&
                !gcm_map_put(judge->arena, &told, field->name, field))
                gcm_judge_field(judge, (*type)->name, field->name, field->place,
                                "Remove or rename one of the two fields.",
                                "The type `%.*s` has a duplicate fieldName.", GCM_P((*type)->name));
        }
    }
}

static bool is_enum(struct gcm_judge *judge, const struct gcm_field_definition *field)
{
    return gcm_map_get(&judge->enum_names, gcm_type_name(field->type)) != NULL;
}

static bool is_relation(struct gcm_judge *judge, const struct gcm_field_definition *field)
{
    return !gcm_judge_is_scalar(gcm_type_name(field->type)) && !is_enum(judge, field);
}

static void check_missing_types(struct gcm_judge *judge, const struct members *members)
{
    gcm_each (struct member, member, *members) {
        struct gcm_slice name = gcm_type_name(member->field->type);
        if (!is_relation(judge, member->field) || gcm_map_get(&judge->type_names, name))
            continue;
        gcm_judge_field(
            judge, member->type->name, member->field->name, member->field->place,
            gcm_slice_is(name, "ID")
                ? "Only the field `id` can be an ID: use String for ids of other things."
                : "Check the spelling. Scalars are String, Int, Float, Boolean, DateTime, Json and "
                  "Password; everything else must be a `type … @model` or an `enum` of the "
                  "project.",
            "The field `%.*s` has the type `%.*s` but there's no type or enum declaration with "
            "that name.",
            GCM_P(member->field->name), GCM_P(gcm_judge_type_text(judge, member->field->type)));
    }
}

/* `T`, `T!`, and of lists `[T!]!`; scalars also `[T!]`. */
static bool has_shape(const struct gcm_type_ref *type, bool optional_list)
{
    if (!type->of)
        return true;
    return !type->of->of && type->of->non_null && (optional_list || type->non_null);
}

static void check_relation_shapes(struct gcm_judge *judge, const struct members *members)
{
    gcm_each (struct member, member, *members) {
        struct gcm_slice name = gcm_type_name(member->field->type);
        if (is_relation(judge, member->field) && !has_shape(member->field->type, false))
            gcm_judge_field(
                judge, member->type->name, member->field->name, member->field->place,
                "A to-many relation is written with both exclamation marks: `[Type!]!`.",
                "The relation field `%.*s` has the wrong format: `%.*s` Possible "
                "Formats: `%.*s`, `%.*s!`, `[%.*s!]!`",
                GCM_P(member->field->name), GCM_P(gcm_judge_type_text(judge, member->field->type)),
                GCM_P(name), GCM_P(name), GCM_P(name));
    }
}

/* The relation that a field names; where it is being renamed, by its old name. */
static struct gcm_slice relation_of(const struct gcm_field_definition *field, bool *found)
{
    struct gcm_slice old = gcm_judge_text(&field->directives, "relation", "oldName", found);
    return *found ? old : gcm_judge_text(&field->directives, "relation", "name", found);
}

/* The fields of one relation, in document order: how many there are, and those that passed. */
struct group {
    struct gcm_slice name;
    size_t named;
    struct members valid;
};

struct groups {
    struct group **at;
    size_t count, room;
    struct gcm_map by_name;
};

static struct group *group_named(struct gcm_judge *judge, struct groups *groups,
                                 struct gcm_slice name)
{
    struct group *group = gcm_map_get(&groups->by_name, name);
    if (!group) {
        group = GCM_NEW(judge->arena, struct group);
        group->name = name;
        *gcm_push(judge->arena, groups) = group;
        gcm_map_put(judge->arena, &groups->by_name, name, group);
    }
    return group;
}

static void count_relations(struct gcm_judge *judge, struct groups *groups)
{
    gcm_each (struct gcm_definition *, type, judge->types) {
        gcm_each (struct gcm_field_definition, field, (*type)->fields) {
            bool found;
            struct gcm_slice name = relation_of(field, &found);
            if (found)
                group_named(judge, groups, name)->named++;
        }
    }
}

static void told_count(struct gcm_judge *judge, const struct member *member,
                       const struct group *group, bool self)
{
    const char *hint = group->named < 2
                           ? "The other type needs a field back, with the same relation name."
                           : "Give each relation a name of its own.";
    if (self)
        gcm_judge_field(judge, member->type->name, member->field->name, member->field->place, hint,
                        "A relation directive for a self relation must appear either 1 or 2 times. "
                        "Relation name: '%.*s'",
                        GCM_P(group->name));
    else
        gcm_judge_field(judge, member->type->name, member->field->name, member->field->place, hint,
                        "A relation directive with a name must appear exactly 2 times. Relation "
                        "name: '%.*s'",
                        GCM_P(group->name));
}

static void check_relation(struct gcm_judge *judge, struct groups *groups,
                           const struct member *member)
{
    bool found;
    const struct gcm_field_definition *field = member->field;
    struct gcm_slice name = relation_of(field, &found);
    if (!found) {
        gcm_judge_field(judge, member->type->name, field->name, field->place,
                        "Give the relation a name and write it on both of its fields.",
                        "The relation field `%.*s` must specify a `@relation` directive: "
                        "`@relation(name: \"MyRelation\")`",
                        GCM_P(field->name));
        return;
    }
    struct group *group = group_named(judge, groups, name);
    bool self = gcm_slice_equal(gcm_type_name(field->type), member->type->name);
    if (group->named == 2 || (self && group->named == 1))
        *gcm_push(judge->arena, &group->valid) = *member;
    else
        told_count(judge, member, group, self);
}

static void check_opposite(struct gcm_judge *judge, const struct member *one,
                           const struct member *other)
{
    if (gcm_slice_equal(gcm_type_name(one->field->type), other->type->name))
        return;
    gcm_judge_field(judge, one->type->name, one->field->name, one->field->place,
                    "The two fields of a relation must have each other's types.",
                    "The relation field `%.*s` has the type `%.*s`. But the other directive for "
                    "this relation appeared on the type `%.*s`",
                    GCM_P(one->field->name), GCM_P(gcm_judge_type_text(judge, one->field->type)),
                    GCM_P(other->type->name));
}

static void check_opposites(struct gcm_judge *judge, const struct groups *groups)
{
    struct gcm_slices names = {0};
    GCM_VEC(struct group *) used = {0};
    gcm_each (struct group *, group, *groups) {
        if ((*group)->valid.count > 0) {
            *gcm_push(judge->arena, &names) = (*group)->name;
            *gcm_push(judge->arena, &used) = *group;
        }
    }
    size_t *order = gcm_scala_order(judge->arena, &names, false);
    for (size_t i = 0; i < used.count; i++) {
        const struct members *valid = &used.at[order[i]]->valid;
        const struct member *first = &valid->at[0], *last = &valid->at[valid->count - 1];
        check_opposite(judge, first, last);
        check_opposite(judge, last, first);
    }
}

static void check_relations(struct gcm_judge *judge, const struct members *members)
{
    check_relation_shapes(judge, members);
    struct groups groups = {0};
    count_relations(judge, &groups);
    gcm_each (struct member, member, *members) {
        if (is_relation(judge, member->field))
            check_relation(judge, &groups, member);
    }
    check_opposites(judge, &groups);
}

static void check_scalars(struct gcm_judge *judge, const struct members *members)
{
    gcm_each (struct member, member, *members) {
        struct gcm_slice name = gcm_type_name(member->field->type);
        if (gcm_judge_is_scalar(name) && !has_shape(member->field->type, true))
            gcm_judge_field(
                judge, member->type->name, member->field->name, member->field->place,
                "The elements of a list need an exclamation mark: `[Type!]`.",
                "The scalar field `%.*s` has the wrong format: `%.*s` Possible Formats: "
                "`%.*s`, `%.*s!`, `[%.*s!]` or `[%.*s!]!`",
                GCM_P(member->field->name), GCM_P(gcm_judge_type_text(judge, member->field->type)),
                GCM_P(name), GCM_P(name), GCM_P(name), GCM_P(name));
    }
}

static void check_required_argument(struct gcm_judge *judge, const struct member *member,
                                    const struct gcm_directive *directive)
{
    static const struct {
        const char *directive, *argument;
        bool string;
    } required[] = {{"relation", "name", true},
                    {"rename", "oldName", true},
                    {"defaultValue", "value", false},
                    {"migrationValue", "value", false}};
    for (size_t i = 0; i < sizeof required / sizeof *required; i++) {
        if (!gcm_slice_is(directive->name, required[i].directive))
            continue;
        const struct gcm_value *value =
            gcm_argument_named(&directive->arguments, required[i].argument);
        if (value && (!required[i].string || value->kind == GCM_VALUE_STRING))
            continue;
        gcm_judge_field(judge, member->type->name, member->field->name, directive->place,
                        required[i].string ? "The argument is a string in quotes."
                                           : "Give the value, or remove the directive.",
                        "The field `%.*s` specifies the directive `@%.*s` but it's missing the "
                        "required argument `%s`.",
                        GCM_P(member->field->name), GCM_P(directive->name), required[i].argument);
    }
}

static void check_directives(struct gcm_judge *judge, const struct members *members)
{
    gcm_each (struct member, member, *members) {
        const struct gcm_field_definition *field = member->field;
        const struct gcm_directive *twice = NULL;
        struct gcm_map seen = {0};
        gcm_each (const struct gcm_directive, directive, field->directives) {
            check_required_argument(judge, member, directive);
            if (gcm_map_put(judge->arena, &seen, directive->name, member->type))
                twice = directive;
        }
        if (twice)
            gcm_judge_field(
                judge, member->type->name, field->name, twice->place, "Remove one of them.",
                "The field `%.*s` specifies a directive more than once. Directives must "
                "appear exactly once on a field.",
                GCM_P(field->name));
        bool named;
        gcm_judge_text(&field->directives, "relation", "name", &named);
        if (named && !is_relation(judge, field))
            gcm_judge_field(judge, member->type->name, field->name, field->place,
                            "Remove `@relation`, or give the field the type of a model.",
                            "The field `%.*s` is a scalar field and cannot specify the `@relation` "
                            "directive.",
                            GCM_P(field->name));
    }
}

static void check_enum_values(struct gcm_judge *judge)
{
    gcm_each (struct gcm_definition *, type, judge->enums) {
        struct gcm_buffer invalid = gcm_buffer(judge->arena, GCM_BUFFER_CAP);
        bool lower = false;
        struct gcm_place place = (*type)->place;
        gcm_each (struct gcm_enum_value_definition, value, (*type)->values) {
            if (gcm_judge_is_name(value->name, true, true, 191))
                continue;
            if (invalid.size == 0)
                place = value->place;
            lower = lower || gcm_is_lower(value->name.at[0]);
            gcm_putf(&invalid, "%s%.*s", invalid.size > 0 ? "," : "", GCM_P(value->name));
        }
        if (lower)
            gcm_judge_field(
                judge, (*type)->name, (struct gcm_slice){0}, place,
                "Write the values in upper case.",
                "The enum type `%.*s` contains invalid enum values. The first character "
                "of each value must be an uppercase letter.",
                GCM_P((*type)->name));
        else if (invalid.size > 0)
            gcm_judge_field(judge, (*type)->name, (struct gcm_slice){0}, place,
                            "A value begins with a letter and has at most 191 characters: letters, "
                            "digits, `_`.",
                            "The enum type `%.*s` contains invalid enum values. Those are invalid: "
                            "`%.*s`.",
                            GCM_P((*type)->name), GCM_P(gcm_buffer_text(&invalid)));
    }
}

void gcm_judge_structure(struct gcm_judge *judge)
{
    struct members members = fields_of(judge);
    check_directives_of_types(judge);
    check_ids(judge);
    check_doubles(judge);
    check_missing_types(judge, &members);
    check_relations(judge, &members);
    check_scalars(judge, &members);
    check_directives(judge, &members);
    check_enum_values(judge);
}
