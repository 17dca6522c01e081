/* Rules of types, their fields' names and types, enums and renames: A1–A3, A10–A12, A23–A25. */
#include "prisma/validate.h"

#include "graphql/print.h"

/* A1 */
void gcm_check_type_names(struct gcm_check *check)
{
    struct gcm_map first = {0};
    gcm_each (struct gcm_prisma_type *, type, check->datamodel->types) {
        struct gcm_slice name = gcm_lower(check->arena, (*type)->name);
        struct gcm_prisma_type *other = gcm_map_get(&first, name);
        if (other)
            gcm_check_type(check, "A1", other,
                           "The name of the type `%.*s` occurs more than once. The detection of "
                           "duplicates is performed case insensitive.",
                           GCM_P(other->name));
        else
            gcm_map_put(check->arena, &first, name, *type);
    }
}

/* A2 */
static void missing_types(struct gcm_check *check, const struct gcm_prisma_type *type)
{
    gcm_each (struct gcm_prisma_field *, at, type->fields) {
        if ((*at)->kind != GCM_PRISMA_UNKNOWN)
            continue;
        struct gcm_buffer text = gcm_buffer(check->arena, GCM_BUFFER_CAP);
        gcm_print_type(&text, (*at)->definition->type);
        gcm_check_field(check, "A2", *at,
                        "The field `%.*s` has the type `%.*s` but there's no type or enum "
                        "declaration with that name.",
                        GCM_P((*at)->name), GCM_P(gcm_buffer_text(&text)));
    }
}

/* A3 */
static void missing_id(struct gcm_check *check, const struct gcm_prisma_type *type)
{
    if (type->embedded || check->legacy)
        return;
    gcm_each (struct gcm_prisma_field *, field, type->fields)
        if ((*field)->id)
            return;
    gcm_check_type(check, "A3", type,
                   "One field of the type `%.*s` must be marked as the id field with the `@id` "
                   "directive.",
                   GCM_P(type->name));
}

/* A10: every spelling is reported. */
static void duplicate_fields(struct gcm_check *check, const struct gcm_prisma_type *type)
{
    struct gcm_map names = {0}, doubles = {0};
    gcm_each (struct gcm_prisma_field *, field, type->fields) {
        struct gcm_slice name = gcm_lower(check->arena, (*field)->name);
        if (gcm_map_put(check->arena, &names, name, *field))
            gcm_map_put(check->arena, &doubles, name, *field);
    }
    if (!doubles.count)
        return;
    gcm_each (struct gcm_prisma_field *, field, type->fields) {
        if (gcm_map_get(&doubles, gcm_lower(check->arena, (*field)->name)))
            gcm_check_field(check, "A10", *field,
                            "The type `%.*s` has a duplicate fieldName. The detection of "
                            "duplicates is performed case insensitive. ",
                            GCM_P(type->name));
    }
}

/* A11 */
static void reserved_name(struct gcm_check *check, const struct gcm_prisma_type *type)
{
    static const char *const reserved[] = {
        "Mutation", "Query", "Subscription", "Node", "PageInfo", "BatchPayload", NULL};
    if (!check->legacy && gcm_slice_in(type->name, reserved))
        gcm_check_type(check, "A11", type,
                       "The type `%.*s` has is using a reserved type name. Please rename it.",
                       GCM_P(type->name));
}

/* A2–A11, model by model. An exception about relations counts as an ordinary error of its model if
 * the model has no other one. */
void gcm_check_models(struct gcm_check *check, struct gcm_check_part *part)
{
    (void)part;
    struct gcm_check_relations *relations = gcm_check_relations_of(check);
    gcm_each (struct gcm_prisma_type *, at, check->datamodel->types) {
        const struct gcm_prisma_type *type = *at;
        if (type->relation_table)
            continue;
        size_t before = check->errors->count;
        struct gcm_check_part own = {0};
        missing_types(check, type);
        missing_id(check, type);
        gcm_check_model_relations(check, relations, type, &own);
        duplicate_fields(check, type);
        reserved_name(check, type);
        if (own.thrown.rule && check->errors->count == before)
            gcm_check_add(check, &own.thrown);
    }
}

/* A23 */
static void duplicate_enums(struct gcm_check *check)
{
    struct gcm_map first = {0};
    gcm_each (struct gcm_prisma_enum *, at, check->datamodel->enums) {
        struct gcm_prisma_enum *other = gcm_map_get(&first, (*at)->name);
        if (!other) {
            gcm_map_put(check->arena, &first, (*at)->name, *at);
            continue;
        }
        struct gcm_datamodel_error error = {
            .rule = "A23",
            .type = (*at)->name,
            .place = (*at)->definition->place,
            .message = gcm_format(check->arena,
                                  "The enum type `%.*s` is defined twice in the schema. Enum "
                                  "names must be unique.",
                                  GCM_P((*at)->name))};
        gcm_check_add(check, &error);
    }
}

static struct gcm_slice invalid_values(struct gcm_check *check, const struct gcm_prisma_enum *type)
{
    struct gcm_buffer names = gcm_buffer(check->arena, GCM_BUFFER_CAP);
    gcm_each (struct gcm_slice, value, type->values)
        if (!gcm_is_prisma_name(*value, 191))
            gcm_putf(&names, "%s`%.*s`", names.size ? ", " : "", GCM_P(*value));
    return gcm_buffer_text(&names);
}

void gcm_check_enums(struct gcm_check *check)
{
    duplicate_enums(check);
    gcm_each (struct gcm_prisma_enum *, at, check->datamodel->enums) {
        bool lower = false;
        gcm_each (struct gcm_slice, value, (*at)->values)
            lower = lower || (value->size && gcm_is_lower(value->at[0]));
        struct gcm_slice invalid = invalid_values(check, *at);
        if (!invalid.size)
            continue;
        struct gcm_datamodel_error error = {
            .rule = "A23", .type = (*at)->name, .place = (*at)->definition->place};
        error.message = lower ? gcm_format(check->arena,
                                           "The enum type `%.*s` contains invalid enum values. The "
                                           "first character of each value must be an uppercase "
                                           "letter.",
                                           GCM_P((*at)->name))
                              : gcm_format(check->arena,
                                           "The enum type `%.*s` contains invalid enum values. "
                                           "Those are invalid: %.*s.",
                                           GCM_P((*at)->name), GCM_P(invalid));
        gcm_check_add(check, &error);
    }
}

/* A12 for types, A24. The server looks only at types with a directive that it knows. */
void gcm_check_type_directives(struct gcm_check *check)
{
    static const char *const known[] = {"db", "embedded", "relationTable", NULL};
    bool mongo = check->database == GCM_DATABASE_MONGO;
    gcm_each (struct gcm_prisma_type *, at, check->datamodel->types) {
        const struct gcm_prisma_type *type = *at;
        gcm_each (struct gcm_directive, directive, type->definition->directives) {
            if (!gcm_slice_in(directive->name, known))
                continue;
            if (gcm_has_double_directive(check->arena, &type->definition->directives))
                gcm_check_type(check, "A12", type,
                               "The type `%.*s` specifies a directive more than once. Directives "
                               "must appear exactly once on a type.",
                               GCM_P(type->name));
            if (gcm_slice_is(directive->name, "db") && type->embedded)
                gcm_check_type(check, "A24", type,
                               "The type `%.*s` is specifies the `@db` directive. Embedded types "
                               "must not specify this directive.",
                               GCM_P(type->name));
            if (gcm_slice_is(directive->name, "embedded") && !mongo)
                gcm_check_type(check, "A24", type,
                               "The type `%.*s` is marked as embedded but this connector does not "
                               "support embedded types.",
                               GCM_P(type->name));
            if (gcm_slice_is(directive->name, "relationTable") && mongo)
                gcm_check_type(check, "A24", type,
                               "The directive `@relationTable` is not supported by this "
                               "connector.");
        }
    }
}

/* A25 */
void gcm_check_renames(struct gcm_check *check)
{
    gcm_each (struct gcm_prisma_type *, at, check->datamodel->types) {
        const struct gcm_prisma_type *type = *at, *other;
        struct gcm_slice old;
        if (!gcm_value_text(gcm_directive_value(&type->definition->directives, "rename", "oldName"),
                            &old))
            continue;
        other = gcm_map_get(&check->datamodel->type_names, old);
        if (other && other != type)
            gcm_check_type(check, "A25", type,
                           "You renamed type `%.*s` to `%.*s`. But that is the old name of type "
                           "`%.*s`. Please do this in two steps.",
                           GCM_P(old), GCM_P(type->name), GCM_P(other->name));
    }
}
