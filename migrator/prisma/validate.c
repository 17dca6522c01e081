#include "prisma/validate.h"

#include <stdarg.h>
#include <stdio.h>

const char *const gcm_datamodel_rules[] = {
    "A1",  "A2",  "A3",  "A4",  "A5",  "A6",  "A7",  "A8",  "A9",  "A10", "A11", "A12",
    "A13", "A14", "A15", "A16", "A17", "A18", "A19", "A20", "A21", "A22", "A23", "A24",
    "A25", "B1",  "B2",  "B3",  "B4",  "B5",  "B6",  "B7",  "I1",  "I2",  "I3",  "I4",
    "I5",  "I6",  "P1",  "P2",  "P3",  "P4",  "P5",  "P6",  "P7",  "P8",  "P9",  "W1",
    "W2",  "U1",  "U2",  "U3",  "U4",  "U5",  "U6",  "U7",  "U8",  "U9",  "L1",  "L2",
    "L3",  "L4",  "L5",  "L6",  "L7",  "L8",  NULL};

/* ---- values ------------------------------------------------------------------------------- */

bool gcm_value_text(const struct gcm_value *value, struct gcm_slice *text)
{
    if (!value || value->kind == GCM_VALUE_LIST || value->kind == GCM_VALUE_OBJECT ||
        value->kind == GCM_VALUE_NULL || value->kind == GCM_VALUE_VARIABLE)
        return false;
    *text = value->text;
    return true;
}

const struct gcm_value *gcm_directive_value(const struct gcm_directives *directives,
                                            const char *directive, const char *argument)
{
    const struct gcm_directive *found = gcm_directive_named(directives, directive);
    return found ? gcm_argument_named(&found->arguments, argument) : NULL;
}

bool gcm_has_double_directive(struct gcm_arena *arena, const struct gcm_directives *directives)
{
    struct gcm_map names = {0};
    for (size_t i = 0; directives->count > 1 && i < directives->count; i++)
        if (gcm_map_put(arena, &names, directives->at[i].name, directives->at))
            return true;
    return false;
}

bool gcm_relation_named(const struct gcm_prisma_field *field)
{
    struct gcm_slice name;
    return gcm_value_text(gcm_directive_value(&field->definition->directives, "relation", "name"),
                          &name);
}

bool gcm_is_prisma_name(struct gcm_slice name, size_t limit)
{
    if (!name.size || name.size > limit || !gcm_is_upper(name.at[0]))
        return false;
    for (size_t i = 0; i < name.size; i++)
        if (!gcm_is_name_part(name.at[i]))
            return false;
    return true;
}

/* ---- errors ------------------------------------------------------------------------------- */

void gcm_check_add(struct gcm_check *check, const struct gcm_datamodel_error *error)
{
    struct gcm_slice key = gcm_format(check->arena, "%.*s\n%.*s\n%.*s", GCM_P(error->type),
                                      GCM_P(error->field), GCM_P(error->message));
    if (!gcm_map_put(check->arena, check->seen, key, check))
        *gcm_push(check->arena, check->errors) = *error;
}

__attribute__((format(printf, 2, 0))) static struct gcm_slice
format_message(struct gcm_arena *arena, const char *format, va_list list)
{
    va_list again;
    va_copy(again, list);
    int size = vsnprintf(NULL, 0, format, again);
    va_end(again);
    char *text = gcm_arena_alloc(arena, (size_t)(size < 0 ? 0 : size) + 1);
    vsnprintf(text, (size_t)(size < 0 ? 0 : size) + 1, format, list);
    return gcm_slice_of(text);
}

__attribute__((format(printf, 5, 0))) static void add(struct gcm_check *check, const char *rule,
                                                      const struct gcm_prisma_type *type,
                                                      const struct gcm_prisma_field *field,
                                                      const char *format, va_list list)
{
    struct gcm_datamodel_error error = {.rule = rule,
                                        .type = type->name,
                                        .field = field ? field->name : GCM_S(""),
                                        .place = field ? field->definition->place
                                                       : type->definition->place,
                                        .message = format_message(check->arena, format, list),
                                        .unusable = rule[0] == 'U'};
    gcm_check_add(check, &error);
}

void gcm_check_type(struct gcm_check *check, const char *rule, const struct gcm_prisma_type *type,
                    const char *format, ...)
{
    va_list list;
    va_start(list, format);
    add(check, rule, type, NULL, format, list);
    va_end(list);
}

void gcm_check_field(struct gcm_check *check, const char *rule,
                     const struct gcm_prisma_field *field, const char *format, ...)
{
    va_list list;
    va_start(list, format);
    add(check, rule, field->type, field, format, list);
    va_end(list);
}

void gcm_check_throw(struct gcm_check *check, struct gcm_check_part *part, const char *rule,
                     struct gcm_place place, const char *format, ...)
{
    if (part->thrown.rule)
        return;
    va_list list;
    va_start(list, format);
    struct gcm_slice what = format_message(check->arena, format, list);
    va_end(list);
    part->thrown = (struct gcm_datamodel_error){
        .rule = rule,
        .type = GCM_S("Global"),
        .place = place,
        .message = gcm_format(check->arena, "An unknown error happened: %.*s", GCM_P(what))};
}

/* ---- the phases ----------------------------------------------------------------------------- */

/* Runs a part into a list of its own; if it threw, nothing else of it counts. */
static void run_part(struct gcm_check *check,
                     void (*part)(struct gcm_check *, struct gcm_check_part *),
                     struct gcm_check_part *result)
{
    struct gcm_check own = *check;
    struct gcm_map seen = {0};
    own.errors = &result->errors;
    own.seen = &seen;
    part(&own, result);
    if (result->thrown.rule)
        return;
    gcm_each (struct gcm_datamodel_error, error, result->errors)
        gcm_check_add(check, error);
}

static void phase_a(struct gcm_check *check)
{
    struct gcm_check_part models = {0}, directives = {0};
    gcm_check_type_names(check);
    run_part(check, gcm_check_models, &models);
    run_part(check, gcm_check_field_directives, &directives);
    gcm_check_enums(check);
    gcm_check_type_directives(check);
    gcm_check_renames(check);
    if (check->errors->count)
        return;
    if (models.thrown.rule)
        gcm_check_add(check, &models.thrown);
    if (directives.thrown.rule)
        gcm_check_add(check, &directives.thrown);
}

void gcm_datamodel_validate_project(struct gcm_arena *arena, const struct gcm_datamodel *datamodel,
                                    enum gcm_database database, struct gcm_slice project,
                                    struct gcm_datamodel_errors *errors)
{
    struct gcm_datamodel_errors found = {0};
    struct gcm_map seen = {0};
    struct gcm_check check = {.arena = arena,
                              .datamodel = datamodel,
                              .database = database,
                              .project = project,
                              .errors = &found,
                              .seen = &seen};
    phase_a(&check);
    if (!found.count)
        gcm_check_internal(&check);
    if (!found.count) {
        gcm_check_links(&check);
        gcm_check_relation_tables(&check);
    }
    if (!found.count) {
        gcm_check_scalar_names(&check);
        gcm_check_relation_names(&check);
    }
    if (!found.count) {
        gcm_check_warnings(&check);
        gcm_check_physical(&check);
        gcm_check_usable(&check);
        gcm_check_generated_names(&check);
    }
    gcm_each (struct gcm_datamodel_error, error, found)
        *gcm_push(arena, errors) = *error;
}

void gcm_datamodel_validate(struct gcm_arena *arena, const struct gcm_datamodel *datamodel,
                            enum gcm_database database, struct gcm_datamodel_errors *errors)
{
    gcm_datamodel_validate_project(arena, datamodel, database, GCM_S("xxxxxxxx$dev"), errors);
}
