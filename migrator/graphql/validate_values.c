/* Literals against types. */
#include "graphql/print.h"
#include "graphql/validator.h"

struct gcm_slice gcm_type_text(struct gcm_arena *arena, const struct gcm_type_ref *type)
{
    struct gcm_buffer text = gcm_buffer(arena, GCM_BUFFER_CAP);
    gcm_print_type(&text, type);
    return gcm_buffer_text(&text);
}

bool gcm_check_unique(struct gcm_validator *validator, struct gcm_map *seen, struct gcm_slice name,
                      struct gcm_place place, const char *what)
{
    if (!gcm_map_put(validator->arena, seen, name, validator))
        return true;
    gcm_invalid(validator, place, "There can be only one %s named \"%.*s\".", what, GCM_P(name));
    return false;
}

/* Whole numbers of 32 bits. */
static bool fits_int(struct gcm_slice raw)
{
    bool negative = raw.size && raw.at[0] == '-';
    int64_t number = 0;
    for (size_t i = negative; i < raw.size; i++) {
        number = number * 10 + (raw.at[i] - '0');
        if (number > INT64_C(2147483648))
            return false;
    }
    return number <= (negative ? INT64_C(2147483648) : INT64_C(2147483647));
}

/* DateTime and Json were read from strings only (spec/graphcool-framework.md §5); what any other
 * scalar reads is not known here. */
static bool fits_scalar(struct gcm_slice scalar, const struct gcm_value *value)
{
    bool is_string = value->kind == GCM_VALUE_STRING, is_int = value->kind == GCM_VALUE_INT;
    if (gcm_slice_is(scalar, "Int"))
        return is_int && fits_int(value->raw);
    if (gcm_slice_is(scalar, "Float"))
        return is_int || value->kind == GCM_VALUE_FLOAT;
    if (gcm_slice_is(scalar, "Boolean"))
        return value->kind == GCM_VALUE_BOOLEAN;
    if (gcm_slice_is(scalar, "ID"))
        return is_string || is_int;
    if (gcm_slice_is(scalar, "String") || gcm_slice_is(scalar, "DateTime") ||
        gcm_slice_is(scalar, "Json"))
        return is_string;
    return true;
}

static void refuse(struct gcm_validator *validator, const struct gcm_value *value,
                   const struct gcm_type_ref *type)
{
    gcm_invalid(validator, value->place, "Expected value of type \"%.*s\", found %.*s.",
                GCM_P(gcm_type_text(validator->arena, type)),
                GCM_P(gcm_slice_sub(value->raw, 0, 200)));
}

static void check_items(struct gcm_validator *validator, const struct gcm_value *value,
                        const struct gcm_type_ref *type)
{
    for (size_t i = 0; i < value->count; i++)
        gcm_check_value(validator, value->items[i], type, false);
}

static void check_object(struct gcm_validator *validator, const struct gcm_value *value,
                         const struct gcm_schema_entry *entry)
{
    struct gcm_map seen = {0};
    for (size_t i = 0; i < value->count; i++) {
        gcm_check_unique(validator, &seen, value->keys[i], value->items[i]->place, "input field");
        const struct gcm_input_value *field = gcm_map_get(&entry->members, value->keys[i]);
        if (!field)
            gcm_invalid(validator, value->items[i]->place,
                        "Field \"%.*s\" is not defined by type \"%.*s\".", GCM_P(value->keys[i]),
                        GCM_P(entry->definition->name));
        gcm_check_value(validator, value->items[i], field ? field->type : NULL,
                        field && field->default_value);
    }
    const struct gcm_input_values *fields = &entry->definition->inputs;
    for (size_t i = 0; i < fields->count; i++)
        if (fields->at[i].type->non_null && !fields->at[i].default_value &&
            !gcm_map_get(&seen, fields->at[i].name))
            gcm_invalid(validator, value->place,
                        "Field \"%.*s.%.*s\" of required type \"%.*s\" was not provided.",
                        GCM_P(entry->definition->name), GCM_P(fields->at[i].name),
                        GCM_P(gcm_type_text(validator->arena, fields->at[i].type)));
}

static void check_named(struct gcm_validator *validator, const struct gcm_value *value,
                        const struct gcm_type_ref *type)
{
    const struct gcm_schema_entry *entry = gcm_schema_entry(validator->schema, type->name);
    if (!entry) {
        check_items(validator, value, NULL);
        return;
    }
    switch (entry->definition->kind) {
    case GCM_DEFINITION_INPUT:
        if (value->kind == GCM_VALUE_OBJECT) {
            check_object(validator, value, entry);
            return;
        }
        refuse(validator, value, type);
        break;
    case GCM_DEFINITION_ENUM:
        if (value->kind != GCM_VALUE_ENUM || !gcm_map_get(&entry->members, value->text))
            refuse(validator, value, type);
        break;
    default:
        if (!fits_scalar(type->name, value))
            refuse(validator, value, type);
    }
    check_items(validator, value, NULL);
}

void gcm_check_value(struct gcm_validator *validator, const struct gcm_value *value,
                     const struct gcm_type_ref *type, bool has_default)
{
    if (value->kind == GCM_VALUE_VARIABLE) {
        *gcm_push(validator->arena, &validator->scope->uses) =
            (struct gcm_variable_place){value, type, has_default};
        return;
    }
    if (!type) {
        check_items(validator, value, NULL);
        return;
    }
    if (value->kind == GCM_VALUE_NULL) {
        if (type->non_null)
            refuse(validator, value, type);
        return;
    }
    if (type->of && value->kind == GCM_VALUE_LIST)
        check_items(validator, value, type->of);
    else if (type->of) /* one item stands for a list of it */
        gcm_check_value(validator, value, type->of, false);
    else
        check_named(validator, value, type);
}
