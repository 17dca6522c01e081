/* The API of `--api native`: what Prisma generates, without what Graphcool never offered and no
 * client may do, with the project's own functions (spec/prisma1.md §4.5, §6.2). */
#include "api/api.h"
#include "core/map.h"

struct native {
    struct gcm_arena *arena;
    struct gcm_map types; /* struct gcm_definition by name: Prisma's, then the functions' */
    struct gcm_document *simple;
    GCM_VEC(struct gcm_definition *) reached; /* what the roots lead to, in the order found */
    struct gcm_map seen;
};

static bool is_batch(const struct gcm_field_definition *field)
{
    return gcm_slice_is(gcm_type_name(field->type), "BatchPayload");
}

/* updateMany and deleteMany inside the update of a relation. A model may have fields of these
 * names: their types tell them apart. */
static bool is_nested_batch(const struct gcm_input_value *input)
{
    struct gcm_slice type = gcm_type_name(input->type);
    return (gcm_slice_is(input->name, "updateMany") &&
            gcm_slice_ends(type, "UpdateManyWithWhereNestedInput")) ||
           (gcm_slice_is(input->name, "deleteMany") && gcm_slice_ends(type, "ScalarWhereInput"));
}

/* Trees are shared: what changes is a copy. */
static struct gcm_definition *narrowed(struct gcm_arena *arena, const struct gcm_definition *from)
{
    struct gcm_definition *to = GCM_NEW(arena, struct gcm_definition);
    *to = *from;
    to->fields = (struct gcm_field_definitions){0};
    to->inputs = (struct gcm_input_values){0};
    gcm_each (const struct gcm_field_definition, field, from->fields)
        if (!is_batch(field))
            *gcm_push(arena, &to->fields) = *field;
    gcm_each (const struct gcm_input_value, input, from->inputs)
        if (!is_nested_batch(input))
            *gcm_push(arena, &to->inputs) = *input;
    return to;
}

static void add_type(struct native *native, struct gcm_definition *definition)
{
    gcm_map_put(native->arena, &native->types, definition->name, definition);
}

/* The Simple API's own trees of a function: only scalars can be in them. A field or payload whose
 * name Prisma's API has already is left out: nobody could tell which one is meant. */
static void add_resolver(struct native *native, const struct gcm_function *function)
{
    struct gcm_slice root =
        function->extends == GCM_OPERATION_MUTATION ? GCM_S("Mutation") : GCM_S("Query");
    const struct gcm_definition *from = gcm_definition_named(native->simple, root);
    const struct gcm_field_definition *field =
        from ? gcm_field_named(from, function->extension->name) : NULL;
    struct gcm_definition *payload =
        field ? gcm_definition_named(native->simple, gcm_type_name(field->type)) : NULL;
    struct gcm_definition *to = gcm_map_get(&native->types, root);
    const struct gcm_definition *known =
        payload ? gcm_map_get(&native->types, payload->name) : NULL;
    if (!payload || !gcm_slice_equal(payload->name, function->payload->name) || !to ||
        gcm_field_named(to, field->name) || (known && known != payload))
        return;
    *gcm_push(native->arena, &to->fields) = *field;
    add_type(native, payload);
}

/* `user` without a `where` is the caller, as `user` was in the Framework. */
static void add_caller(struct native *native, const struct gcm_project *project)
{
    struct gcm_definition *query = gcm_map_get(&native->types, GCM_S("Query"));
    if (!gcm_map_get(&project->model_names, GCM_S("User")) ||
        !gcm_map_get(&native->types, GCM_S("User")))
        return;
    struct gcm_field_definition *user = gcm_field_named(query, GCM_S("user"));
    if (!user) {
        user = gcm_push(native->arena, &query->fields);
        *user = (struct gcm_field_definition){.name = GCM_S("user"),
                                              .type = gcm_type_make(native->arena, GCM_S("User"))};
        return;
    }
    struct gcm_input_value where = user->arguments.at[0];
    where.type = gcm_type_make(native->arena, gcm_type_name(where.type));
    user->arguments = (struct gcm_input_values){0};
    *gcm_push(native->arena, &user->arguments) = where;
}

static void reach(struct native *native, struct gcm_slice name)
{
    struct gcm_definition *definition = gcm_map_get(&native->types, name);
    if (!definition || gcm_map_put(native->arena, &native->seen, name, definition))
        return;
    *gcm_push(native->arena, &native->reached) = definition;
}

static void reach_inputs(struct native *native, const struct gcm_input_values *inputs)
{
    gcm_each (const struct gcm_input_value, input, *inputs)
        reach(native, gcm_type_name(input->type));
}

static void reach_all(struct native *native)
{
    reach(native, GCM_S("Query"));
    reach(native, GCM_S("Mutation"));
    reach(native, GCM_S("Subscription"));
    for (size_t i = 0; i < native->reached.count; i++) {
        const struct gcm_definition *definition = native->reached.at[i];
        gcm_each (const struct gcm_field_definition, field, definition->fields) {
            reach(native, gcm_type_name(field->type));
            reach_inputs(native, &field->arguments);
        }
        reach_inputs(native, &definition->inputs);
        gcm_each (const struct gcm_slice, name, definition->names)
            reach(native, *name);
    }
}

/* Sorted by name: Prisma's are, the functions' types go where they belong. */
static struct gcm_document *document_of(struct native *native)
{
    struct gcm_document *document = GCM_NEW(native->arena, struct gcm_document);
    gcm_each (struct gcm_definition *const, definition, native->reached) {
        size_t at = document->definitions.count;
        *gcm_push(native->arena, &document->definitions) = *definition;
        struct gcm_definition **all = document->definitions.at;
        for (; at && gcm_slice_compare(all[at - 1]->name, (*definition)->name) > 0; at--)
            all[at] = all[at - 1];
        all[at] = *definition;
    }
    return document;
}

struct gcm_document *gcm_api_native(struct gcm_arena *arena, const struct gcm_datamodel *datamodel,
                                    const struct gcm_project *project)
{
    struct native native = {.arena = arena, .simple = gcm_api_simple(arena, project)};
    const struct gcm_document *prisma = gcm_api_prisma(arena, datamodel);
    gcm_each (struct gcm_definition *const, definition, prisma->definitions)
        add_type(&native, narrowed(arena, *definition));
    gcm_each (struct gcm_definition *const, definition, native.simple->definitions)
        if ((*definition)->kind == GCM_DEFINITION_SCALAR &&
            !gcm_map_get(&native.types, (*definition)->name))
            add_type(&native, *definition);
    gcm_each (struct gcm_function *const, function, project->functions)
        if ((*function)->extension && (*function)->payload)
            add_resolver(&native, *function);
    add_caller(&native, project);
    reach_all(&native);
    return document_of(&native);
}
