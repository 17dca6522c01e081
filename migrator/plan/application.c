/* application: the names of the API, joined with what became of them in the datamodel. */
#include "plan/planning.h"

/* File systems end a name at 255 bytes; names of the Framework have at most 64. */
enum { LONGEST_SCRIPT_NAME = 100 };

static struct gcm_plan_field field_of(const struct target_model *model,
                                      const struct gcm_field *source)
{
    struct gcm_plan_field field = {.source = source};
    const struct target_field *target = model ? gcm_map_get(&model->by_source, source->name) : NULL;
    /* `createdAt: … @relation(name:)` was a relation in the API; the datamodel has the date. */
    bool other_kind = target && source->kind == GCM_FIELD_RELATION && !target->target;
    bool is_id = gcm_slice_is(source->name, "id");
    field.required = source->required || is_id;
    field.read_only = source->system && !is_id;
    if (!target || target->left_out || other_kind) {
        field.refused = target ? target->refused : model ? model->refused : NULL;
        return field;
    }
    field.to = target->name;
    const struct target_relation *relation = target->relation;
    if (relation && relation->a == target && relation->b && !relation->b->source)
        field.reverse = relation->b->name;
    return field;
}

static void add_model(struct planning *planning, const struct gcm_api_model *api)
{
    const struct target_model *target = gcm_map_get(&planning->models_by_source, api->model->name);
    struct gcm_plan_model *model = gcm_push(planning->arena, &planning->plan->application.models);
    model->api = api;
    if (target && !target->left_out) {
        model->to = target->name;
        model->prisma = gcm_prisma_queries_of(planning->arena, target->name);
    } else {
        model->refused = target ? target->refused : NULL;
    }
    gcm_each (const struct gcm_field *const, field, api->fields)
        *gcm_push(planning->arena, &model->fields) = field_of(target, *field);
}

static struct gcm_slice relation_name(const struct planning *planning,
                                      const struct gcm_relation *source)
{
    gcm_each (struct target_relation *const, relation, planning->relations)
        if ((*relation)->source == source)
            return (*relation)->name;
    return GCM_S("");
}

static void add_relation(struct planning *planning, const struct gcm_api_relation *api)
{
    *gcm_push(planning->arena, &planning->plan->application.relations) = (struct gcm_plan_relation){
        .api = api, .to = relation_name(planning, api->a.field->relation)};
}

static struct gcm_slice value_of(const struct target_enum *target, struct gcm_slice name)
{
    gcm_each (const struct target_enum_value, value, target->values)
        if (gcm_slice_equal(value->source->name, name))
            return value->name;
    return GCM_S("");
}

static void add_enum(struct planning *planning, const struct target_enum *target)
{
    struct gcm_plan_enum made = {.source = target->source};
    gcm_each (const struct gcm_slice, from, target->source->values) {
        struct gcm_slice to = value_of(target, *from);
        if (!gcm_slice_equal(*from, to))
            *gcm_push(planning->arena, &made.values) = (struct gcm_plan_value){*from, to};
    }
    if (made.values.count)
        *gcm_push(planning->arena, &planning->plan->application.enums) = made;
}

/* A name of the source as one that JavaScript and every file system take, unlike all others. */
static struct gcm_slice script_name(struct planning *planning, struct gcm_map *taken,
                                    struct gcm_slice name)
{
    struct gcm_buffer out = gcm_buffer(planning->arena, GCM_BUFFER_CAP);
    if (!name.size || !gcm_is_upper(name.at[0]))
        gcm_puts(&out, "The");
    for (size_t i = 0; i < name.size && i < LONGEST_SCRIPT_NAME; i++)
        gcm_putc(&out, gcm_is_name_part(name.at[i]) ? name.at[i] : '_');
    struct gcm_slice base = gcm_buffer_text(&out), script = base;
    for (size_t n = 2;
         gcm_map_put(planning->arena, taken, gcm_lower(planning->arena, script), taken); n++)
        script = gcm_format(planning->arena, "%.*s_%zu", GCM_P(base), n);
    return script;
}

static struct gcm_plan_rules rules_of(struct planning *planning, struct gcm_map *taken,
                                      const char *folder, struct gcm_slice name)
{
    struct gcm_slice script = script_name(planning, taken, name);
    return (struct gcm_plan_rules){
        .script = script,
        .path = gcm_format(planning->arena, "src/permissions/%s/%.*s.js", folder, GCM_P(script))};
}

/* The models' files first: they are more often called as they are. */
static void name_rules(struct planning *planning)
{
    struct gcm_application *application = &planning->plan->application;
    struct gcm_map taken = {0};
    gcm_each (struct gcm_plan_model, model, application->models) {
        struct gcm_slice name = model->api->model->name;
        model->rules = rules_of(planning, &taken, "types", name);
        gcm_map_put(planning->arena, &application->models_by_name, name, model);
    }
    gcm_each (struct gcm_plan_relation, relation, application->relations) {
        relation->rules = rules_of(planning, &taken, "relations", relation->api->name);
        gcm_map_put(planning->arena, &application->relations_by_name, relation->api->name,
                    relation);
    }
}

void plan_application(struct planning *planning)
{
    const struct gcm_api_names *names = gcm_api_simple_names(planning->arena, planning->project);
    gcm_each (const struct gcm_api_model, model, names->models)
        add_model(planning, model);
    gcm_each (const struct gcm_api_relation, relation, names->relations)
        add_relation(planning, relation);
    gcm_each (struct target_enum *const, target, planning->enums)
        add_enum(planning, *target);
    name_rules(planning);
    gcm_each (const struct gcm_function *, resolver, names->resolvers)
        gcm_map_put(planning->arena, &planning->resolvers, (*resolver)->name, planning);
}
