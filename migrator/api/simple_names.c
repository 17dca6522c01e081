/* The names that the Simple API gave: of lists and of the mutations of edges (§6.1, §6.7), for its
 * SDL and for whoever must know what a name belongs to. */
#include "api/simple.h"

struct gcm_slice simple_all_name(struct simple *simple, const struct gcm_model *model)
{
    return simple_join(simple, GCM_S("all"), gcm_plural(simple->arena, model->name));
}

struct gcm_slice simple_meta_name(struct simple *simple, const struct gcm_model *model)
{
    struct gcm_slice plural = gcm_plural(simple->arena, model->name);
    return gcm_format(simple->arena, "_all%.*sMeta", GCM_P(plural));
}

/* The node on the side of `field` is named after the field that leads to it, and its own model. */
static struct gcm_api_side side_of(struct simple *simple, const struct gcm_field *field,
                                   const struct gcm_field *back, const char *number)
{
    struct gcm_slice payload = gcm_format(simple->arena, "%.*s%s%.*s", GCM_P(back->name), number,
                                          GCM_P(field->model->name));
    return (struct gcm_api_side){field, simple_join(simple, payload, GCM_S("Id")), payload};
}

/* The edge of a relation may only be taken away if no side needs it. */
static bool is_removable(const struct gcm_field *a, const struct gcm_field *b)
{
    return (a->list || !a->required) && (b->list || !b->required);
}

struct gcm_api_relation simple_relation_names(struct simple *simple,
                                              const struct gcm_relation *relation)
{
    const struct gcm_field *a = relation->a, *b = relation->b;
    bool one_to_one = !a->list && !b->list;
    struct gcm_slice name = simple_relation_name(relation);
    struct gcm_api_relation names = {
        .name = relation->name,
        .a = side_of(simple, a, b, a == b ? "2" : ""),
        .b = side_of(simple, b, a, a == b ? "1" : ""),
        .link = simple_join(simple, one_to_one ? GCM_S("set") : GCM_S("addTo"), name),
    };
    if (is_removable(a, b))
        names.unlink = simple_join(simple, one_to_one ? GCM_S("unset") : GCM_S("removeFrom"), name);
    return names;
}

struct gcm_simple_edge gcm_api_simple_edge(struct gcm_arena *arena,
                                           const struct gcm_relation *relation)
{
    struct simple simple = {.arena = arena};
    struct gcm_api_relation names = simple_relation_names(&simple, relation);
    return (struct gcm_simple_edge){simple_relation_name(relation), names.a.payload,
                                    names.b.payload};
}

bool simple_is_resolver(const struct simple *simple, const struct gcm_function *function)
{
    return function->extension && function->payload &&
           function->place.file == simple->project->definition;
}

/* The definitions of the API by their names: of two types of one name, only the first is seen. */
static struct gcm_map shown_types(struct simple *simple)
{
    struct gcm_map shown = {0};
    simple_make_inputs(simple);
    simple_make_roots(simple);
    struct simple_result result = simple_walk(simple);
    gcm_each (struct gcm_definition *, definition, result.definitions)
        gcm_map_put(simple->arena, &shown, (*definition)->name, *definition);
    return shown;
}

struct gcm_api_names *gcm_api_simple_names(struct gcm_arena *arena,
                                           const struct gcm_project *project)
{
    struct simple simple = {.arena = arena, .project = project};
    simple_make_models(&simple);
    struct gcm_map shown = shown_types(&simple);
    struct gcm_api_names *names = GCM_NEW(arena, struct gcm_api_names);
    gcm_each (const struct simple_model, from, simple.models) {
        struct gcm_api_model *model = gcm_push(arena, &names->models);
        *model = (struct gcm_api_model){.model = from->model,
                                        .all = simple_all_name(&simple, from->model),
                                        .meta = simple_meta_name(&simple, from->model)};
        model->hidden = gcm_map_get(&shown, from->model->name) != from->object->definition;
        gcm_each (const struct gcm_field *, field, from->fields)
            *gcm_push(arena, &model->fields) = *field;
    }
    gcm_each (const struct gcm_relation *, relation, simple.relations)
        *gcm_push(arena, &names->relations) = simple_relation_names(&simple, *relation);
    gcm_each (struct gcm_function *const, function, project->functions)
        if (simple_is_resolver(&simple, *function))
            *gcm_push(arena, &names->resolvers) = *function;
    return names;
}
