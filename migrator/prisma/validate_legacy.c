/* The older dialect, servers 1.0–1.30 (spec/prisma1.md §1.7). What both dialects share keeps the
 * number that it has in the newer one (A1, A2, A4–A10, A12, A16, A23, A24); L rules are its own. */
#include "prisma/validate.h"

/* ---- L1: reserved fields ------------------------------------------------------------------------
 */

struct reserved {
    const char *name, *type, *shown;
    bool unique;
};

static void check_reserved(struct gcm_check *check, const struct gcm_prisma_field *field)
{
    static const struct reserved all[] = {
        {"id", "ID", "id: ID! @unique", true},
        {"createdAt", "DateTime", "createdAt: DateTime!", false},
        {"updatedAt", "DateTime", "updatedAt: DateTime!", false},
    };
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        bool uuid = i == 0 && check->database == GCM_DATABASE_POSTGRES;
        if (!gcm_slice_is(field->name, all[i].name))
            continue;
        if ((gcm_slice_is(field->type_name, all[i].type) ||
             (uuid && gcm_slice_is(field->type_name, "UUID"))) &&
            field->required && field->unique == all[i].unique)
            continue;
        gcm_check_field(check, "L1", field,
                        "The field `%s` is reserved and has to have the format: %s%s.", all[i].name,
                        all[i].shown, uuid ? " or id: UUID! @unique" : "");
    }
}

/* ---- L2, L3: arguments --------------------------------------------------------------------------
 */

static void check_required_argument(struct gcm_check *check, const struct gcm_prisma_field *field,
                                    const char *directive, const char *argument, bool string)
{
    const struct gcm_value *value =
        gcm_directive_value(&field->definition->directives, directive, argument);
    if (!gcm_directive_named(&field->definition->directives, directive) ||
        (value && (!string || value->kind == GCM_VALUE_STRING)))
        return;
    gcm_check_field(check, "L2", field,
                    "The field `%.*s` specifies the directive `@%s` but it's missing the required "
                    "argument `%s`.",
                    GCM_P(field->name), directive, argument);
}

static void check_arguments(struct gcm_check *check, const struct gcm_prisma_field *field)
{
    static const char *const on_delete[] = {"CASCADE", "SET_NULL", NULL};
    const struct gcm_directives *directives = &field->definition->directives;
    const struct gcm_value *value = gcm_directive_value(directives, "relation", "onDelete");
    check_required_argument(check, field, "relation", "name", true);
    check_required_argument(check, field, "rename", "oldName", true);
    check_required_argument(check, field, "default", "value", false);
    if (value && !(value->kind == GCM_VALUE_ENUM && gcm_slice_in(value->text, on_delete)))
        gcm_check_field(check, "L3", field, "not a valid value for onDelete");
    value = gcm_directive_value(directives, "relation", "oldName");
    if (value && value->kind != GCM_VALUE_STRING)
        gcm_check_field(check, "L3", field, "not a valid value for oldName");
}

/* ---- L4–L7: defaults
 * ------------------------------------------------------------------------------ */

static bool is_number(struct gcm_slice text, bool whole)
{
    size_t digits = 0;
    for (size_t i = text.size && text.at[0] == '-'; i < text.size; i++) {
        if (gcm_is_digit(text.at[i]))
            digits++;
        else if (whole || !(text.at[i] == '.' || text.at[i] == 'e' || text.at[i] == 'E' ||
                            text.at[i] == '+' || text.at[i] == '-'))
            return false;
    }
    return digits > 0;
}

static bool fits(const struct gcm_prisma_field *field, struct gcm_slice text)
{
    struct gcm_slice type = field->type_name;
    if (gcm_slice_is(text, "null") || gcm_slice_is(type, "String") || gcm_slice_is(type, "ID"))
        return true;
    if (gcm_slice_is(type, "Int") || gcm_slice_is(type, "Float"))
        return is_number(text, gcm_slice_is(type, "Int"));
    if (gcm_slice_is(type, "Boolean"))
        return gcm_slice_is(text, "true") || gcm_slice_is(text, "false");
    if (gcm_slice_is(type, "DateTime"))
        return gcm_is_date_time(text);
    return gcm_slice_is(type, "Json") && gcm_is_json(text);
}

static bool is_member(const struct gcm_check *check, const struct gcm_prisma_field *field,
                      struct gcm_slice text)
{
    const struct gcm_prisma_enum *type =
        gcm_map_get(&check->datamodel->enum_names, field->type_name);
    gcm_each (struct gcm_slice, value, type->values)
        if (gcm_slice_equal(*value, text))
            return true;
    return false;
}

static void check_default_value(struct gcm_check *check, const struct gcm_prisma_field *field)
{
    struct gcm_slice text;
    if (gcm_directive_named(&field->definition->directives, "defaultValue"))
        gcm_check_field(check, "L4", field,
                        "You are using a '@defaultValue' directive. Prisma uses '@default(value: "
                        "\"Value as String\")' to declare default values.");
    if (!gcm_value_text(field->default_value, &text))
        return;
    if (field->list)
        gcm_check_field(check, "L5", field, "List fields cannot have defaultValues.");
    else if (field->kind == GCM_PRISMA_ENUM && !is_member(check, field, text))
        gcm_check_field(check, "L6", field, "The defaultValue contains an invalid enumValue.");
    else if (field->kind == GCM_PRISMA_SCALAR && !fits(field, text))
        gcm_check_field(check, "L7", field, "Invalid value '%.*s' for type %.*s.", GCM_P(text),
                        GCM_P(field->type_name));
}

/* ---- the rest
 * --------------------------------------------------------------------------------------- */

/* A12, A16 */
static void check_directives(struct gcm_check *check, const struct gcm_prisma_field *field)
{
    if (gcm_has_double_directive(check->arena, &field->definition->directives))
        gcm_check_field(check, "A12", field,
                        "The field `%.*s` specifies a directive more than once. Directives must "
                        "appear exactly once on a field.",
                        GCM_P(field->name));
    if ((field->kind == GCM_PRISMA_SCALAR || field->kind == GCM_PRISMA_ENUM) &&
        gcm_relation_named(field))
        gcm_check_field(check, "A16", field,
                        "The field `%.*s` is a scalar field and cannot specify the `@relation` "
                        "directive.",
                        GCM_P(field->name));
}

/* L8: this server skips a directive that it does not know, and what it was to do is lost. */
static void check_newer_directives(struct gcm_check *check, const struct gcm_prisma_field *field)
{
    static const char *const newer[] = {"id", "createdAt", "updatedAt", "scalarList",
                                        "db", "sequence",  NULL};
    gcm_each (struct gcm_directive, directive, field->definition->directives)
        if (gcm_slice_in(directive->name, newer))
            gcm_check_field(check, "L8", field,
                            "The directive `@%.*s` came with Prisma 1.31; older servers ignore it.",
                            GCM_P(directive->name));
}

static void check_embedded(struct gcm_check *check, const struct gcm_prisma_type *type)
{
    if (type->embedded && check->database != GCM_DATABASE_MONGO)
        gcm_check_type(check, "A24", type,
                       "The type `%.*s` is marked as embedded but this connector does not support "
                       "embedded types.",
                       GCM_P(type->name));
}

void gcm_datamodel_validate_legacy(struct gcm_arena *arena, const struct gcm_datamodel *datamodel,
                                   enum gcm_database database, struct gcm_datamodel_errors *errors)
{
    static void (*const rules[])(struct gcm_check *, const struct gcm_prisma_field *) = {
        check_reserved, check_arguments, check_directives, check_default_value,
        check_newer_directives};
    struct gcm_datamodel_errors found = {0};
    struct gcm_map seen = {0};
    struct gcm_check_part models = {0};
    struct gcm_check check = {.arena = arena,
                              .datamodel = datamodel,
                              .database = database,
                              .project = GCM_S("xxxxxxxx$dev"),
                              .legacy = true,
                              .errors = &found,
                              .seen = &seen};
    gcm_check_models(&check, &models);
    gcm_check_type_names(&check);
    gcm_each (struct gcm_prisma_type *, type, datamodel->types) {
        gcm_each (struct gcm_prisma_field *, field, (*type)->fields)
            for (size_t i = 0; i < sizeof rules / sizeof *rules; i++)
                rules[i](&check, *field);
        check_embedded(&check, *type);
    }
    gcm_check_enums(&check);
    if (!found.count) {
        gcm_check_physical(&check);
        gcm_check_generated_names(&check);
    }
    gcm_each (struct gcm_datamodel_error, error, found)
        *gcm_push(arena, errors) = *error;
}
