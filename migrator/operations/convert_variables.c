/* Variables: each gets the type that its places want now. */
#include "operations/converting.h"

#include <string.h>

static struct gcm_slice type_text(const struct gcm_type_ref *type, struct gcm_slice base,
                                  struct gcm_arena *arena)
{
    struct gcm_slice inner =
        type->of ? gcm_format(arena, "[%.*s]", GCM_P(type_text(type->of, base, arena))) : base;
    return type->non_null ? gcm_format(arena, "%.*s!", GCM_P(inner)) : inner;
}

/* ---- what to pass --------------------------------------------------------------------------- */

static bool is_flat(const struct converting *converting, struct gcm_slice input)
{
    const struct gcm_definition *definition = gcm_schema_type(converting->native, input);
    if (!definition || definition->kind != GCM_DEFINITION_INPUT)
        return true;
    gcm_each (const struct gcm_input_value, field, definition->inputs) {
        const struct gcm_definition *inner =
            gcm_schema_type(converting->native, gcm_type_name(field->type));
        if (inner && inner->kind == GCM_DEFINITION_INPUT)
            return false;
    }
    return true;
}

static struct gcm_slice plain_advice(const struct converting *converting, struct gcm_slice from,
                                     struct gcm_slice to)
{
    static const char *const same[] = {"WhereInput", "OrderByInput", "MutationType", "String"};
    for (size_t i = 0; i < sizeof same / sizeof *same; i++)
        if (gcm_slice_ends(to, same[i]))
            return GCM_S("the same value");
    bool flat = is_flat(converting, to), update = gcm_slice_starts(from, "Update");
    if (flat)
        return update ? GCM_S("the same value without its id") : GCM_S("the same value");
    return update
               ? GCM_S("the same fields without id; relations as {connect: {id}} or {create: {…}}, "
                       "lists of scalars as {set: […]}")
               : GCM_S("the same fields; relations as {connect: {id}} or {create: {…}}, lists of "
                       "scalars as {set: […]}");
}

static struct gcm_slice advice(const struct converting *converting, struct gcm_slice from,
                               struct gcm_slice to)
{
    if (gcm_slice_is(from, "ID") && gcm_slice_ends(to, "WhereUniqueInput"))
        return GCM_S("objects in place of the ids: ids.map((id) => ({ id }))");
    struct gcm_slice plain = plain_advice(converting, from, to);
    const struct gcm_definition *type = gcm_schema_type(converting->native, to);
    if (!type || type->kind == GCM_DEFINITION_SCALAR ||
        !gcm_target_any_renamed(converting->targets))
        return plain;
    return gcm_format(converting->arena, "%.*s, with the new names of fields and enum values",
                      GCM_P(plain));
}

/* ---- defaults ------------------------------------------------------------------------------- */

static const struct gcm_model *model_before(const struct converting *converting,
                                            struct gcm_slice name, const char *suffix)
{
    if (!gcm_slice_ends(name, suffix))
        return NULL;
    return gcm_map_get(&converting->project->model_names,
                       gcm_slice_sub(name, 0, name.size - strlen(suffix)));
}

static struct gcm_value *ids_default(struct converting *converting, const struct gcm_value *value)
{
    if (value->kind != GCM_VALUE_LIST)
        return object_of(converting, "id", value_copy(converting, value));
    struct gcm_value *list = list_new(converting);
    for (size_t i = 0; i < value->count; i++)
        list_put(converting, list, ids_default(converting, value->items[i]));
    return list;
}

static struct gcm_value *convert_default(struct converting *converting, struct gcm_slice from,
                                         struct gcm_slice to, const struct gcm_value *value)
{
    const struct gcm_model *filter = model_before(converting, from, "Filter");
    const struct gcm_model *order = model_before(converting, from, "OrderBy");
    struct gcm_field field = {.enum_type = gcm_map_get(&converting->project->enum_names, from)};
    if (is_null(value))
        return value_copy(converting, value);
    if (filter)
        return convert_where(converting, filter, value);
    if (order)
        return convert_order(converting, order, value);
    if (field.enum_type)
        return convert_scalar(converting, &field, value);
    if (gcm_slice_is(from, "ID") && !gcm_slice_is(to, "ID"))
        return ids_default(converting, value);
    if (!gcm_slice_equal(from, to) && !gcm_slice_is(from, "Password"))
        refuse(converting, value->place, "give the value in the operation itself",
               "the default of a %.*s cannot be carried over", GCM_P(from));
    return value_copy(converting, value);
}

/* ---- types ---------------------------------------------------------------------------------- */

/* What the places of a variable want: one type, or it is refused. *required: one of them wants a
 * value in any case. */
static struct gcm_slice wanted(struct converting *converting,
                               const struct gcm_variable_places *uses, struct gcm_slice name,
                               bool *required)
{
    struct gcm_slice base = {0};
    gcm_each (const struct gcm_variable_place, use, *uses) {
        if (!gcm_slice_equal(use->variable->text, name) || !use->type)
            continue;
        struct gcm_slice next = gcm_type_name(use->type);
        *required |= use->type->non_null && !use->has_default;
        if (base.size && !gcm_slice_equal(base, next))
            refuse(converting, use->variable->place, "use a variable for each",
                   "$%.*s stands where a %.*s is wanted and where a %.*s is", GCM_P(name),
                   GCM_P(base), GCM_P(next));
        base = next;
    }
    return base;
}

static void settle(struct converting *converting, const struct gcm_variable_places *uses,
                   struct gcm_input_value *variable)
{
    bool required = false;
    struct gcm_slice from = gcm_type_name(variable->type);
    struct gcm_slice base = wanted(converting, uses, variable->name, &required);
    if (!base.size)
        return;
    if (gcm_slice_is(base, "Json"))
        note(converting, variable->place,
             "Graphcool took the text of a Json, too; pass the value itself in $%.*s",
             GCM_P(variable->name));
    if (variable->default_value)
        variable->default_value = convert_default(converting, from, base, variable->default_value);
    struct gcm_slice old = type_text(variable->type, from, converting->arena);
    struct gcm_slice now = type_text(variable->type, base, converting->arena);
    bool tighter = required && !variable->type->non_null && !variable->default_value;
    if (tighter)
        now = gcm_format(converting->arena, "%.*s!", GCM_P(now));
    if (gcm_slice_equal(old, now))
        return;
    variable->type = gcm_type_make(converting->arena, now);
    *gcm_push(converting->arena, &converting->now->variables) = (struct gcm_variable_change){
        .name = variable->name,
        .from = old,
        .to = now,
        .pass = gcm_format(converting->arena, "%.*s%s", GCM_P(advice(converting, from, base)),
                           tighter ? "; it must be given now" : "")};
}

static bool is_used(const struct gcm_variable_places *uses, struct gcm_slice name)
{
    gcm_each (const struct gcm_variable_place, use, *uses)
        if (gcm_slice_equal(use->variable->text, name))
            return true;
    return false;
}

/* It stood where Graphcool looked at nothing, as in the pages of a count. */
static void drop(struct converting *converting, const struct gcm_input_value *variable)
{
    *gcm_push(converting->arena, &converting->now->variables) = (struct gcm_variable_change){
        .name = variable->name,
        .from = type_text(variable->type, gcm_type_name(variable->type), converting->arena),
        .pass = GCM_S("nothing: it is not asked for any more")};
}

void convert_variables(struct converting *converting, const struct gcm_document *document)
{
    struct gcm_definition *to = converting->now->to;
    struct gcm_variable_places uses = {0};
    gcm_variables_used(converting->arena, converting->native, document, &uses);
    struct gcm_input_values before = to->inputs;
    to->inputs = (struct gcm_input_values){0};
    size_t added = converting->now->variables.count;
    gcm_each (const struct gcm_input_value, variable, before) {
        if (!is_used(&uses, variable->name)) {
            drop(converting, variable);
            continue;
        }
        struct gcm_input_value *copy = gcm_push(converting->arena, &to->inputs);
        *copy = *variable;
        settle(converting, &uses, copy);
    }
    for (size_t i = 0; i < added; i++) {
        const struct gcm_variable_change *change = &converting->now->variables.at[i];
        *gcm_push(converting->arena, &to->inputs) = (struct gcm_input_value){
            .name = change->name, .type = gcm_type_make(converting->arena, change->to)};
    }
}
