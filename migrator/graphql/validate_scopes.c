/* Fragments and variables: what an operation reaches through its spreads. */
#include "graphql/validator.h"

typedef GCM_VEC(struct gcm_scope *) scopes;

/* All scopes that one reaches by spreads, itself first. */
static scopes reached_scopes(struct gcm_validator *validator, struct gcm_scope *from)
{
    scopes reached = {0};
    size_t mark = ++validator->marks;
    from->mark = mark;
    *gcm_push(validator->arena, &reached) = from;
    for (size_t i = 0; i < reached.count; i++) {
        struct gcm_scope *scope = reached.at[i];
        for (size_t j = 0; j < scope->spreads.count; j++) {
            struct gcm_scope *next = gcm_map_get(&validator->fragments, scope->spreads.at[j]->name);
            if (!next || next->mark == mark)
                continue;
            next->mark = mark;
            *gcm_push(validator->arena, &reached) = next;
        }
    }
    return reached;
}

/* Takes away, again and again, the fragments that spread nothing (or only what is taken away).
 * What stays contains itself, or something that does. */
static size_t count_circular(struct gcm_validator *validator)
{
    scopes done = {0};
    struct gcm_map *fragments = &validator->fragments;
    /* users of a fragment, as a list for each: who is to be told when it is taken away */
    struct user {
        struct gcm_scope *scope;
        struct user *next;
    };
    struct gcm_map users = {0};
    size_t left = 0;
    for (size_t i = 0; i < validator->scopes.count; i++) {
        struct gcm_scope *scope = validator->scopes.at[i];
        if (gcm_map_get(fragments, scope->definition->name) != scope)
            continue;
        left++;
        for (size_t j = 0; j < scope->spreads.count; j++) {
            struct gcm_slice name = scope->spreads.at[j]->name;
            if (!gcm_map_get(fragments, name))
                continue;
            struct user *user = GCM_NEW(validator->arena, struct user);
            *user = (struct user){scope, gcm_map_get(&users, name)};
            gcm_map_put(validator->arena, &users, name, user);
            scope->open++;
        }
        if (!scope->open)
            *gcm_push(validator->arena, &done) = scope;
    }
    for (size_t i = 0; i < done.count; i++) {
        struct user *user = gcm_map_get(&users, done.at[i]->definition->name);
        for (; user; user = user->next)
            if (--user->scope->open == 0)
                *gcm_push(validator->arena, &done) = user->scope;
    }
    return left - done.count;
}

bool gcm_check_fragments(struct gcm_validator *validator)
{
    for (size_t i = 0; i < validator->scopes.count; i++) {
        if (validator->scopes.at[i]->definition->kind != GCM_DEFINITION_OPERATION)
            continue;
        scopes reached = reached_scopes(validator, validator->scopes.at[i]);
        for (size_t j = 0; j < reached.count; j++)
            reached.at[j]->used = true;
    }
    size_t circular = count_circular(validator);
    for (size_t i = 0; i < validator->scopes.count; i++) {
        const struct gcm_scope *scope = validator->scopes.at[i];
        const struct gcm_definition *definition = scope->definition;
        if (!scope->used)
            gcm_invalid(validator, definition->place, "Fragment \"%.*s\" is never used.",
                        GCM_P(definition->name));
        if (circular && scope->open)
            gcm_invalid(validator, definition->place,
                        "Cannot spread fragment \"%.*s\" within "
                        "itself.",
                        GCM_P(definition->name));
    }
    return !circular;
}

static const struct gcm_input_value *variable_named(const struct gcm_map *variables,
                                                    struct gcm_slice name)
{
    return gcm_map_get(variables, name);
}

/* May a value of `from` stand where `to` is expected? */
static bool is_subtype(const struct gcm_type_ref *from, const struct gcm_type_ref *to)
{
    for (;; from = from->of, to = to->of) {
        if (to->non_null && !from->non_null)
            return false;
        if (!from->of || !to->of)
            return !from->of && !to->of && gcm_slice_equal(from->name, to->name);
    }
}

static bool fits(const struct gcm_input_value *variable, const struct gcm_variable_place *use)
{
    struct gcm_type_ref expected = *use->type;
    bool given = variable->default_value && variable->default_value->kind != GCM_VALUE_NULL;
    if (expected.non_null && !variable->type->non_null && (given || use->has_default))
        expected.non_null = false;
    return is_subtype(variable->type, &expected);
}

static void check_use(struct gcm_validator *validator, const struct gcm_definition *operation,
                      const struct gcm_map *variables, const struct gcm_variable_place *use)
{
    struct gcm_slice name = use->variable->text;
    const struct gcm_input_value *variable = variable_named(variables, name);
    if (!variable)
        gcm_invalid(validator, use->variable->place, "Variable \"$%.*s\" is not defined%s%.*s%s.",
                    GCM_P(name), operation->name.size ? " by operation \"" : "",
                    GCM_P(operation->name), operation->name.size ? "\"" : "");
    else if (use->type && gcm_schema_entry(validator->schema, gcm_type_name(variable->type)) &&
             !fits(variable, use))
        gcm_invalid(validator, use->variable->place,
                    "Variable \"$%.*s\" of type \"%.*s\" used in position expecting type "
                    "\"%.*s\".",
                    GCM_P(name), GCM_P(gcm_type_text(validator->arena, variable->type)),
                    GCM_P(gcm_type_text(validator->arena, use->type)));
}

void gcm_check_variables(struct gcm_validator *validator, struct gcm_scope *operation)
{
    const struct gcm_definition *definition = operation->definition;
    struct gcm_map variables = {0}, used = {0};
    for (size_t i = definition->inputs.count; i-- > 0;)
        gcm_map_put(validator->arena, &variables, definition->inputs.at[i].name,
                    &definition->inputs.at[i]);
    scopes reached = reached_scopes(validator, operation);
    for (size_t i = 0; i < reached.count; i++)
        for (size_t j = 0; j < reached.at[i]->uses.count; j++) {
            const struct gcm_variable_place *use = &reached.at[i]->uses.at[j];
            gcm_map_put(validator->arena, &used, use->variable->text, operation);
            check_use(validator, definition, &variables, use);
        }
    for (size_t i = 0; i < definition->inputs.count; i++)
        if (!gcm_map_get(&used, definition->inputs.at[i].name))
            gcm_invalid(validator, definition->inputs.at[i].place,
                        "Variable \"$%.*s\" is never used%s%.*s%s.",
                        GCM_P(definition->inputs.at[i].name),
                        definition->name.size ? " in operation \"" : "", GCM_P(definition->name),
                        definition->name.size ? "\"" : "");
}
