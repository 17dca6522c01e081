/* The walk through a document: fields, arguments, directives, types. What needs more than one
 * definition comes after it. */
#include "graphql/validate.h"

#include "graphql/validator.h"

static const struct gcm_schema_entry *known_type(struct gcm_validator *validator,
                                                 struct gcm_slice name, struct gcm_place place)
{
    const struct gcm_schema_entry *entry = gcm_schema_entry(validator->schema, name);
    if (!entry)
        gcm_invalid(validator, place, "Unknown type \"%.*s\".", GCM_P(name));
    return entry;
}

static const struct gcm_input_value *input_named(const struct gcm_input_values *values,
                                                 struct gcm_slice name)
{
    for (size_t i = 0; values && i < values->count; i++)
        if (gcm_slice_equal(values->at[i].name, name))
            return &values->at[i];
    return NULL;
}

/* What has arguments: a field of a type, or a directive. */
struct target {
    const char *what; /* "Field" or "Directive" */
    struct gcm_slice name, parent;
    struct gcm_place place;
    const struct gcm_input_values *inputs; /* NULL: not known, so everything is allowed */
};

static void check_arguments(struct gcm_validator *validator, const struct gcm_arguments *arguments,
                            struct target target)
{
    struct gcm_map seen = {0};
    for (size_t i = 0; i < arguments->count; i++) {
        const struct gcm_argument *argument = &arguments->at[i];
        gcm_check_unique(validator, &seen, argument->name, argument->place, "argument");
        const struct gcm_input_value *input = input_named(target.inputs, argument->name);
        if (!input && target.inputs)
            gcm_invalid(validator, argument->place, "Unknown argument \"%.*s\" on %.*s%s%.*s.",
                        GCM_P(argument->name), GCM_P(target.parent), target.parent.size ? "." : "",
                        GCM_P(target.name));
        gcm_check_value(validator, argument->value, input ? input->type : NULL,
                        input && input->default_value);
    }
    for (size_t i = 0; target.inputs && i < target.inputs->count; i++) {
        const struct gcm_input_value *input = &target.inputs->at[i];
        if (input->type->non_null && !input->default_value && !gcm_map_get(&seen, input->name))
            gcm_invalid(validator, target.place,
                        "%s \"%.*s\" argument \"%.*s\" of type \"%.*s\" is required, but it was "
                        "not provided.",
                        target.what, GCM_P(target.name), GCM_P(input->name),
                        GCM_P(gcm_type_text(validator->arena, input->type)));
    }
}

static bool has_location(const struct gcm_definition *directive, const char *location)
{
    for (size_t i = 0; i < directive->names.count; i++)
        if (gcm_slice_is(directive->names.at[i], location))
            return true;
    return false;
}

static void check_directives(struct gcm_validator *validator,
                             const struct gcm_directives *directives, const char *location)
{
    struct gcm_map seen = {0};
    for (size_t i = 0; i < directives->count; i++) {
        const struct gcm_directive *directive = &directives->at[i];
        gcm_check_unique(validator, &seen, directive->name, directive->place, "directive");
        const struct gcm_definition *known =
            gcm_map_get(&validator->schema->directives, directive->name);
        if (!known)
            gcm_invalid(validator, directive->place, "Unknown directive \"@%.*s\".",
                        GCM_P(directive->name));
        else if (!has_location(known, location))
            gcm_invalid(validator, directive->place, "Directive \"@%.*s\" may not be used on %s.",
                        GCM_P(directive->name), location);
        check_arguments(validator, &directive->arguments,
                        (struct target){.what = "Directive",
                                        .name = directive->name,
                                        .place = directive->place,
                                        .inputs = known ? &known->inputs : NULL});
    }
}

static void check_selections(struct gcm_validator *validator,
                             const struct gcm_selections *selections,
                             const struct gcm_schema_entry *parent);

/* ScalarLeafs: objects need a selection, other fields must not have one. */
static void check_leaf(struct gcm_validator *validator, const struct gcm_selection *field,
                       const struct gcm_type_ref *type, const struct gcm_schema_entry *entry)
{
    if (!entry)
        return;
    if (gcm_entry_is_composite(entry) && !field->has_selections)
        gcm_invalid(validator, field->place,
                    "Field \"%.*s\" of type \"%.*s\" must have a selection of subfields.",
                    GCM_P(field->name), GCM_P(gcm_type_text(validator->arena, type)));
    if (!gcm_entry_is_composite(entry) && field->has_selections)
        gcm_invalid(validator, field->place,
                    "Field \"%.*s\" must not have a selection since type \"%.*s\" has no "
                    "subfields.",
                    GCM_P(field->name), GCM_P(gcm_type_text(validator->arena, type)));
}

static void check_field(struct gcm_validator *validator, const struct gcm_selection *field,
                        const struct gcm_schema_entry *parent)
{
    const struct gcm_field_definition *known =
        parent ? gcm_schema_field(validator->schema, parent, field->name) : NULL;
    if (parent && !known && gcm_entry_is_composite(parent))
        gcm_invalid(validator, field->place, "Cannot query field \"%.*s\" on type \"%.*s\".",
                    GCM_P(field->name), GCM_P(parent->definition->name));
    const struct gcm_schema_entry *entry =
        known ? gcm_schema_entry(validator->schema, gcm_type_name(known->type)) : NULL;
    check_arguments(
        validator, &field->arguments,
        (struct target){.what = "Field",
                        .name = field->name,
                        .parent = parent ? parent->definition->name : (struct gcm_slice){0},
                        .place = field->place,
                        .inputs = known ? &known->arguments : NULL});
    check_directives(validator, &field->directives, "FIELD");
    if (known)
        check_leaf(validator, field, known->type, entry);
    check_selections(validator, &field->selections,
                     entry && gcm_entry_is_composite(entry) ? entry : NULL);
}

/* The type of a fragment's condition; NULL if there is no such type, or it has no fields. */
static const struct gcm_schema_entry *check_condition(struct gcm_validator *validator,
                                                      struct gcm_slice on, struct gcm_place place)
{
    const struct gcm_schema_entry *entry = known_type(validator, on, place);
    if (entry && !gcm_entry_is_composite(entry)) {
        gcm_invalid(validator, place, "Fragment cannot condition on non composite type \"%.*s\".",
                    GCM_P(on));
        return NULL;
    }
    return entry;
}

static void check_overlap(struct gcm_validator *validator, const struct gcm_selection *selection,
                          const struct gcm_schema_entry *parent,
                          const struct gcm_schema_entry *type)
{
    if (parent && type && gcm_entry_is_composite(type) && !gcm_entries_overlap(parent, type))
        gcm_invalid(validator, selection->place,
                    "Fragment cannot be spread here as objects of type \"%.*s\" can never be of "
                    "type \"%.*s\".",
                    GCM_P(parent->definition->name), GCM_P(type->definition->name));
}

static void check_inline(struct gcm_validator *validator, const struct gcm_selection *selection,
                         const struct gcm_schema_entry *parent)
{
    const struct gcm_schema_entry *type = parent;
    if (selection->on.size) {
        type = check_condition(validator, selection->on, selection->place);
        check_overlap(validator, selection, parent, type);
    }
    check_directives(validator, &selection->directives, "INLINE_FRAGMENT");
    check_selections(validator, &selection->selections, type);
}

static void check_spread(struct gcm_validator *validator, const struct gcm_selection *selection,
                         const struct gcm_schema_entry *parent)
{
    const struct gcm_scope *fragment = gcm_map_get(&validator->fragments, selection->name);
    if (!fragment)
        gcm_invalid(validator, selection->place, "Unknown fragment \"%.*s\".",
                    GCM_P(selection->name));
    else
        check_overlap(validator, selection, parent,
                      gcm_schema_entry(validator->schema, fragment->definition->on));
    check_directives(validator, &selection->directives, "FRAGMENT_SPREAD");
    *gcm_push(validator->arena, &validator->scope->spreads) = selection;
}

/* As deep as the parser let the document be. */
static void check_selections(struct gcm_validator *validator,
                             const struct gcm_selections *selections,
                             const struct gcm_schema_entry *parent)
{
    for (size_t i = 0; i < selections->count; i++) {
        const struct gcm_selection *selection = &selections->at[i];
        if (selection->kind == GCM_SELECTION_FIELD)
            check_field(validator, selection, parent);
        else if (selection->kind == GCM_SELECTION_SPREAD)
            check_spread(validator, selection, parent);
        else
            check_inline(validator, selection, parent);
    }
}

static void check_variable_definitions(struct gcm_validator *validator,
                                       const struct gcm_input_values *variables)
{
    struct gcm_map seen = {0};
    for (size_t i = 0; i < variables->count; i++) {
        const struct gcm_input_value *variable = &variables->at[i];
        gcm_check_unique(validator, &seen, variable->name, variable->place, "variable");
        const struct gcm_schema_entry *entry =
            known_type(validator, gcm_type_name(variable->type), variable->type->place);
        if (entry && !gcm_entry_is_input(entry))
            gcm_invalid(
                validator, variable->place, "Variable \"$%.*s\" cannot be non-input type \"%.*s\".",
                GCM_P(variable->name), GCM_P(gcm_type_text(validator->arena, variable->type)));
        else if (entry && variable->default_value)
            gcm_check_value(validator, variable->default_value, variable->type, false);
        check_directives(validator, &variable->directives, "VARIABLE_DEFINITION");
    }
}

static void check_scope(struct gcm_validator *validator, struct gcm_scope *scope)
{
    static const char *const locations[] = {"QUERY", "MUTATION", "SUBSCRIPTION"};
    const struct gcm_definition *definition = scope->definition;
    validator->scope = scope;
    if (definition->kind == GCM_DEFINITION_FRAGMENT) {
        check_directives(validator, &definition->directives, "FRAGMENT_DEFINITION");
        check_selections(validator, &definition->selections,
                         check_condition(validator, definition->on, definition->place));
        return;
    }
    check_variable_definitions(validator, &definition->inputs);
    check_directives(validator, &definition->directives, locations[definition->operation]);
    /* An API without mutations is no error here: it is found when the mutation is run. */
    check_selections(validator, &definition->selections,
                     validator->schema->roots[definition->operation]);
}

/* The definitions' names, and the maps that the walk needs. */
static void collect_scopes(struct gcm_validator *validator)
{
    struct gcm_map operations = {0};
    const struct gcm_definition *anonymous = NULL;
    size_t count = 0;
    for (size_t i = 0; i < validator->document->definitions.count; i++) {
        const struct gcm_definition *definition = validator->document->definitions.at[i];
        if (definition->kind > GCM_DEFINITION_FRAGMENT) {
            gcm_invalid(validator, definition->place, "The \"%.*s\" definition is not executable.",
                        GCM_P(definition->name));
            continue;
        }
        struct gcm_scope *scope = GCM_NEW(validator->arena, struct gcm_scope);
        scope->definition = definition;
        *gcm_push(validator->arena, &validator->scopes) = scope;
        if (definition->kind == GCM_DEFINITION_FRAGMENT) {
            if (gcm_map_get(&validator->fragments, definition->name))
                gcm_invalid(validator, definition->place,
                            "There can be only one fragment named \"%.*s\".",
                            GCM_P(definition->name));
            else
                gcm_map_put(validator->arena, &validator->fragments, definition->name, scope);
            continue;
        }
        count++;
        if (definition->name.size)
            gcm_check_unique(validator, &operations, definition->name, definition->place,
                             "operation");
        else
            anonymous = definition;
    }
    if (anonymous && count > 1)
        gcm_invalid(validator, anonymous->place,
                    "This anonymous operation must be the only defined operation.");
}

void gcm_validate(struct gcm_arena *arena, const struct gcm_schema *schema,
                  const struct gcm_document *document, struct gcm_errors *errors)
{
    struct gcm_validator validator = {
        .arena = arena, .schema = schema, .document = document, .errors = errors};
    collect_scopes(&validator);
    for (size_t i = 0; i < validator.scopes.count; i++)
        check_scope(&validator, validator.scopes.at[i]);
    bool circles = !gcm_check_fragments(&validator);
    for (size_t i = 0; i < validator.scopes.count; i++) {
        struct gcm_scope *scope = validator.scopes.at[i];
        if (scope->definition->kind != GCM_DEFINITION_OPERATION)
            continue;
        gcm_check_variables(&validator, scope);
        if (!circles)
            gcm_check_merging(&validator, scope->definition);
    }
}

void gcm_variables_used(struct gcm_arena *arena, const struct gcm_schema *schema,
                        const struct gcm_document *document, struct gcm_variable_places *uses)
{
    struct gcm_errors ignored = {0};
    struct gcm_validator validator = {
        .arena = arena, .schema = schema, .document = document, .errors = &ignored};
    collect_scopes(&validator);
    for (size_t i = 0; i < validator.scopes.count; i++) {
        check_scope(&validator, validator.scopes.at[i]);
        gcm_each (const struct gcm_variable_place, use, validator.scopes.at[i]->uses)
            *gcm_push(arena, uses) = *use;
    }
}
