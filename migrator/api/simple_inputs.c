/* What is written: the arguments of create and update, CreateX and UpdateX, and the inputs nested
 * in them (§6.5). */
#include "api/simple.h"

static bool is_writable(const struct gcm_field *field)
{
    return field->kind != GCM_FIELD_RELATION && !field->system;
}

/* Is it a field that a nested input leaves out, because the outer node is what it would say? */
static bool is_way_back(const struct gcm_field *field, const struct gcm_relation *relation)
{
    return relation && field->relation == relation && !field->list;
}

/* Would an input of this model have any field? */
static bool has_inputs(const struct simple_model *model, const struct gcm_relation *from)
{
    if (model->to_many.count)
        return true;
    for (size_t i = 0; i < model->scalars.count; i++)
        if (is_writable(model->scalars.at[i]))
            return true;
    for (size_t i = 0; i < model->to_one.count; i++)
        if (!is_way_back(model->to_one.at[i], from))
            return true;
    return false;
}

/* The field that a nested input is named after. A self relation with two fields has one input for
 * both, named after the one declared second. */
static const struct gcm_field *naming_field(const struct gcm_field *field)
{
    return field->target == field->model && field->relation->b ? field->relation->b : field;
}

static struct gcm_slice nested_key(struct simple *simple, const struct gcm_field *field)
{
    return gcm_format(simple->arena, "%.*s.%.*s", GCM_P(field->model->name), GCM_P(field->name));
}

/* The nested input of a relation field, or NULL where there would be nothing in it. */
static struct simple_type *nested_type(struct simple *simple, const struct gcm_field *field)
{
    const struct gcm_field *naming = naming_field(field);
    return gcm_map_get(&simple->nested_by_field, nested_key(simple, naming));
}

static void add_scalar(struct simple *simple, struct gcm_input_values *to,
                       const struct gcm_field *field, bool creating)
{
    bool required = creating && field->required && !field->defaulted;
    simple_input(simple, to, field->name, simple_type_of(simple, field),
                 simple_shape_of(field->list, required));
}

static void add_relation(struct simple *simple, struct gcm_input_values *to,
                         const struct gcm_field *field)
{
    enum simple_shape shape = field->list ? SIMPLE_LIST : SIMPLE_ONE;
    struct simple_type *nested = nested_type(simple, field);
    simple_input(simple, to,
                 simple_join(simple, field->name, field->list ? GCM_S("Ids") : GCM_S("Id")),
                 simple->scalars[GCM_SCALAR_ID], shape);
    if (nested)
        simple_input(simple, to, field->name, nested, shape);
}

/* All that can be written of a model, in the server's order: scalars, to-one, to-many. `from` is
 * the relation on whose way the model is met, or NULL. An update takes the id as well. */
static void add_inputs(struct simple *simple, struct gcm_input_values *to,
                       const struct simple_model *model, const struct gcm_relation *from,
                       bool creating)
{
    simple_reserve(simple, to,
                   1 + model->scalars.count + 2 * (model->to_one.count + model->to_many.count));
    for (size_t i = 0; i < model->scalars.count; i++) {
        const struct gcm_field *field = model->scalars.at[i];
        if (is_writable(field))
            add_scalar(simple, to, field, creating);
        else if (!creating && gcm_slice_is(field->name, "id"))
            simple_input(simple, to, field->name, simple->scalars[GCM_SCALAR_ID], SIMPLE_REQUIRED);
    }
    for (size_t i = 0; i < model->to_one.count; i++)
        if (!is_way_back(model->to_one.at[i], from))
            add_relation(simple, to, model->to_one.at[i]);
    for (size_t i = 0; i < model->to_many.count; i++)
        add_relation(simple, to, model->to_many.at[i]);
}

static void declare_nested(struct simple *simple, const struct gcm_field *field)
{
    const struct simple_model *target = simple_target(simple, field);
    if (naming_field(field) != field || !has_inputs(target, field->relation))
        return;
    struct gcm_slice name = gcm_format(simple->arena, "%.*s%.*s%.*s", GCM_P(field->model->name),
                                       GCM_P(field->name), GCM_P(field->target->name));
    gcm_map_put(simple->arena, &simple->nested_by_field, nested_key(simple, field),
                simple_type_new(simple, GCM_DEFINITION_INPUT, name, NULL));
}

static void fill_nested(struct simple *simple, const struct gcm_field *field)
{
    struct simple_type *nested = nested_type(simple, field);
    if (nested && naming_field(field) == field)
        add_inputs(simple, &nested->definition->inputs, simple_target(simple, field),
                   field->relation, true);
}

static void make_create_and_update(struct simple *simple, struct simple_model *model)
{
    struct gcm_slice name = model->model->name;
    model->create = simple_type_new(simple, GCM_DEFINITION_INPUT,
                                    simple_join(simple, GCM_S("Create"), name), NULL);
    model->update = simple_type_new(simple, GCM_DEFINITION_INPUT,
                                    simple_join(simple, GCM_S("Update"), name), NULL);
    add_inputs(simple, &model->create->definition->inputs, model, NULL, true);
    add_inputs(simple, &model->update->definition->inputs, model, NULL, false);
}

void simple_make_inputs(struct simple *simple)
{
    for (size_t i = 0; i < simple->models.count; i++)
        for (size_t f = 0; f < simple->models.at[i].fields.count; f++)
            if (simple->models.at[i].fields.at[f]->kind == GCM_FIELD_RELATION)
                declare_nested(simple, simple->models.at[i].fields.at[f]);
    for (size_t i = 0; i < simple->models.count; i++) {
        struct simple_model *model = &simple->models.at[i];
        for (size_t f = 0; f < model->fields.count; f++)
            if (model->fields.at[f]->kind == GCM_FIELD_RELATION)
                fill_nested(simple, model->fields.at[f]);
        make_create_and_update(simple, model);
    }
}
