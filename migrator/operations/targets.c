#include "operations/targets.h"

#include "api/api.h"

#include <string.h>

static struct gcm_slice dotted(struct gcm_arena *arena, struct gcm_slice left,
                               struct gcm_slice right)
{
    return gcm_format(arena, "%.*s.%.*s", GCM_P(left), GCM_P(right));
}

struct gcm_targets *gcm_targets_of(struct gcm_arena *arena, const struct gcm_plan *plan)
{
    struct gcm_targets *targets = GCM_NEW(arena, struct gcm_targets);
    targets->arena = arena;
    targets->plan = plan;
    if (plan->datamodel)
        targets->datamodel = gcm_datamodel_of(arena, plan->datamodel);
    gcm_each (struct gcm_rename, rename, plan->renames) {
        gcm_map_put(arena, &targets->renamed, rename->from, rename);
        size_t dot = gcm_slice_find(rename->from, '.');
        struct gcm_slice scope = gcm_slice_sub(rename->from, 0, dot);
        bool inner = dot < rename->from.size;
        gcm_map_put(arena, &targets->taken, inner ? dotted(arena, scope, rename->to) : rename->to,
                    rename);
    }
    return targets;
}

/* A name that was left out may belong to something else now. */
static struct gcm_slice target_name(const struct gcm_targets *targets, struct gcm_slice key,
                                    struct gcm_slice name)
{
    const struct gcm_rename *rename = gcm_map_get(&targets->renamed, key);
    if (rename)
        return rename->to;
    return gcm_map_get(&targets->taken, key) ? GCM_S("") : name;
}

struct gcm_slice gcm_target_model(const struct gcm_targets *targets, const struct gcm_model *model)
{
    struct gcm_slice name = target_name(targets, model->name, model->name);
    bool there = targets->datamodel && gcm_map_get(&targets->datamodel->type_names, name);
    return there ? name : GCM_S("");
}

const struct gcm_prisma_field *gcm_target_prisma(const struct gcm_targets *targets,
                                                 const struct gcm_model *model,
                                                 struct gcm_slice name)
{
    struct gcm_slice to = gcm_target_model(targets, model);
    const struct gcm_prisma_type *type =
        to.size ? gcm_map_get(&targets->datamodel->type_names, to) : NULL;
    struct gcm_slice field = target_name(targets, dotted(targets->arena, model->name, name), name);
    return type ? gcm_map_get(&type->by_name, field) : NULL;
}

struct gcm_slice gcm_target_field(const struct gcm_targets *targets, const struct gcm_model *model,
                                  struct gcm_slice name)
{
    const struct gcm_prisma_field *field = gcm_target_prisma(targets, model, name);
    return field ? field->name : GCM_S("");
}

struct gcm_slice gcm_target_value(const struct gcm_targets *targets,
                                  const struct gcm_enum *enumeration, struct gcm_slice value)
{
    return target_name(targets, dotted(targets->arena, enumeration->name, value), value);
}

bool gcm_target_renamed(const struct gcm_targets *targets, const struct gcm_enum *enumeration)
{
    gcm_each (const struct gcm_slice, value, enumeration->values)
        if (gcm_map_get(&targets->renamed, dotted(targets->arena, enumeration->name, *value)))
            return true;
    return false;
}

bool gcm_target_fields_renamed(const struct gcm_targets *targets, const struct gcm_model *model)
{
    gcm_each (struct gcm_field *const, field, model->fields)
        if (gcm_map_get(&targets->renamed, dotted(targets->arena, model->name, (*field)->name)) ||
            ((*field)->enum_type && gcm_target_renamed(targets, (*field)->enum_type)))
            return true;
    return false;
}

bool gcm_target_any_renamed(const struct gcm_targets *targets)
{
    gcm_each (const struct gcm_rename, rename, targets->plan->renames)
        if (gcm_slice_find(rename->from, '.') < rename->from.size)
            return true;
    return false;
}

const struct gcm_decision *gcm_target_refusal(const struct gcm_targets *targets,
                                              struct gcm_slice subject)
{
    const struct gcm_decision *found = NULL;
    gcm_each (struct gcm_decision *const, decision, targets->plan->decisions)
        if (gcm_slice_equal((*decision)->subject, subject) && !(*decision)->written.size &&
            (*decision)->outcome > (found ? found->outcome : GCM_AUTOMATIC))
            found = *decision;
    return found;
}

/* ---- the Simple API afterwards -------------------------------------------------------------- */

/* "email", "email_not", "authorId", "authorsIds": is it of this field? */
static bool is_of_field(struct gcm_slice name, const struct gcm_field *field)
{
    static const char *const endings[] = {"Id", "Ids", NULL};
    struct gcm_slice start = gcm_slice_sub(name, 0, field->name.size);
    if (!gcm_slice_equal(start, field->name))
        return false;
    struct gcm_slice rest = gcm_slice_sub(name, field->name.size, name.size);
    return !rest.size || rest.at[0] == '_' ||
           (field->kind == GCM_FIELD_RELATION && gcm_slice_in(rest, endings));
}

static bool is_gone(const struct gcm_targets *targets, const struct gcm_model *model,
                    struct gcm_slice name)
{
    gcm_each (struct gcm_field *const, field, model->fields)
        if (is_of_field(name, *field) && !gcm_map_get(&model->by_name, name) &&
            !gcm_target_field(targets, model, (*field)->name).size)
            return true;
    return gcm_map_get(&model->by_name, name) && !gcm_target_field(targets, model, name).size;
}

/* The model whose fields an input or the arguments of a mutation are made of, or NULL. */
static const struct gcm_model *model_behind(const struct gcm_targets *targets,
                                            struct gcm_slice name)
{
    static const char *const before[] = {"Create", "create", "Update", "update"};
    static const char *const behind[] = {"Filter", "SubscriptionFilterNode"};
    const struct gcm_map *models = &targets->plan->project->model_names;
    const struct gcm_model *found = NULL;
    for (size_t i = 0; i < sizeof before / sizeof *before && !found; i++)
        if (gcm_slice_starts(name, before[i]))
            found = gcm_map_get(models, gcm_slice_sub(name, strlen(before[i]), name.size));
    for (size_t i = 0; i < sizeof behind / sizeof *behind && !found; i++)
        if (gcm_slice_ends(name, behind[i]))
            found = gcm_map_get(models, gcm_slice_sub(name, 0, name.size - strlen(behind[i])));
    return found;
}

static struct gcm_input_values kept_inputs(const struct gcm_targets *targets,
                                           const struct gcm_model *model,
                                           const struct gcm_input_values *inputs)
{
    struct gcm_input_values kept = {0};
    if (!model)
        return *inputs;
    gcm_each (const struct gcm_input_value, input, *inputs)
        if (!is_gone(targets, model, input->name))
            *gcm_push(targets->arena, &kept) = *input;
    return kept;
}

static bool is_of_gone_model(const struct gcm_targets *targets, const struct gcm_type_ref *type)
{
    const struct gcm_model *model =
        gcm_map_get(&targets->plan->project->model_names, gcm_type_name(type));
    return model && !gcm_target_model(targets, model).size;
}

static void narrow(const struct gcm_targets *targets, struct gcm_definition *definition)
{
    const struct gcm_map *models = &targets->plan->project->model_names;
    const struct gcm_model *model = gcm_map_get(models, definition->name);
    struct gcm_field_definitions kept = {0};
    gcm_each (const struct gcm_field_definition, field, definition->fields) {
        if ((model && is_gone(targets, model, field->name)) ||
            is_of_gone_model(targets, field->type))
            continue;
        struct gcm_field_definition *copy = gcm_push(targets->arena, &kept);
        *copy = *field;
        if (gcm_slice_is(definition->name, "Mutation"))
            copy->arguments =
                kept_inputs(targets, model_behind(targets, field->name), &field->arguments);
    }
    definition->fields = kept;
    if (definition->kind == GCM_DEFINITION_INPUT)
        definition->inputs =
            kept_inputs(targets, model_behind(targets, definition->name), &definition->inputs);
}

struct gcm_document *gcm_targets_simple(const struct gcm_targets *targets)
{
    struct gcm_document *simple = gcm_api_simple(targets->arena, targets->plan->project);
    gcm_each (struct gcm_definition *const, definition, simple->definitions)
        narrow(targets, *definition);
    return simple;
}
