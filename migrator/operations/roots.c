/* The root fields that the Framework's server generated, by name. */
#include "api/api.h"
#include "operations/converting.h"

static void add(struct converting *converting, enum gcm_operation_kind operation,
                struct gcm_slice name, struct simple_root root)
{
    struct simple_root *copy = GCM_NEW(converting->arena, struct simple_root);
    *copy = root;
    gcm_map_put(converting->arena, &converting->roots[operation], name, copy);
}

static void add_model(struct converting *converting, const struct gcm_model *model)
{
    static const struct {
        const char *verb;
        enum simple_root_kind kind;
    } verbs[] = {
        {"create", SIMPLE_CREATE},
        {"update", SIMPLE_UPDATE},
        {"updateOrCreate", SIMPLE_UPDATE_OR_CREATE},
        {"delete", SIMPLE_DELETE},
    };
    struct gcm_arena *arena = converting->arena;
    struct gcm_slice plural = gcm_plural(arena, model->name);
    add(converting, GCM_OPERATION_QUERY, gcm_format(arena, "all%.*s", GCM_P(plural)),
        (struct simple_root){.kind = SIMPLE_ALL, .model = model});
    add(converting, GCM_OPERATION_QUERY, gcm_format(arena, "_all%.*sMeta", GCM_P(plural)),
        (struct simple_root){.kind = SIMPLE_META, .model = model});
    add(converting, GCM_OPERATION_QUERY, model->name,
        (struct simple_root){.kind = SIMPLE_SINGLE, .model = model});
    for (size_t i = 0; i < sizeof verbs / sizeof *verbs; i++)
        add(converting, GCM_OPERATION_MUTATION,
            gcm_format(arena, "%s%.*s", verbs[i].verb, GCM_P(model->name)),
            (struct simple_root){.kind = verbs[i].kind, .model = model});
    add(converting, GCM_OPERATION_SUBSCRIPTION, model->name,
        (struct simple_root){.kind = SIMPLE_EVENT, .model = model});
}

static void add_relation(struct converting *converting, const struct gcm_relation *relation)
{
    static const struct {
        const char *verb, *payload;
        enum simple_root_kind kind;
    } verbs[] = {
        {"set", "Set", SIMPLE_LINK},
        {"unset", "Unset", SIMPLE_UNLINK},
        {"addTo", "AddTo", SIMPLE_LINK},
        {"removeFrom", "RemoveFrom", SIMPLE_UNLINK},
    };
    if (!relation->b || relation->broken)
        return;
    struct gcm_arena *arena = converting->arena;
    struct gcm_slice name = gcm_api_simple_edge(arena, relation).name;
    for (size_t i = 0; i < sizeof verbs / sizeof *verbs; i++) {
        add(converting, GCM_OPERATION_MUTATION,
            gcm_format(arena, "%s%.*s", verbs[i].verb, GCM_P(name)),
            (struct simple_root){.kind = verbs[i].kind, .relation = relation});
        gcm_map_put(arena, &converting->payloads,
                    gcm_format(arena, "%s%.*sPayload", verbs[i].payload, GCM_P(name)), converting);
    }
}

void find_roots(struct converting *converting)
{
    gcm_each (struct gcm_relation *const, relation, converting->project->relations)
        add_relation(converting, *relation);
    gcm_each (struct gcm_model *const, model, converting->project->models)
        add_model(converting, *model);
}
