/* Query, Mutation and Subscription, with the types that only they refer to (§6.1, §6.5, §6.7,
 * §4.5). */
#include "api/simple.h"

static struct simple_type *root(struct simple *simple, const char *name)
{
    return simple_type_new(simple, GCM_DEFINITION_OBJECT, gcm_slice_of(name), NULL);
}

static struct simple_type *only_if_filled(struct simple_type *type)
{
    return type->definition->fields.count ? type : NULL;
}

/* Resolvers. */

static enum simple_shape written_shape(const struct gcm_type_ref *type)
{
    return simple_shape_of(type->of != NULL, type->non_null);
}

/* The type of an argument or of a payload's field: a scalar; the server took no others. */
static struct simple_type *written_scalar(const struct simple *simple,
                                          const struct gcm_type_ref *type)
{
    return simple->scalars[gcm_scalar_of(gcm_type_name(type))];
}

static struct simple_type *payload_of(struct simple *simple, const struct gcm_definition *from)
{
    struct simple_type *payload = simple_type_new(simple, GCM_DEFINITION_OBJECT, from->name, from);
    for (size_t i = 0; i < from->fields.count; i++) {
        const struct gcm_field_definition *field = &from->fields.at[i];
        struct simple_type *type = written_scalar(simple, field->type);
        if (type)
            simple_field(simple, payload, field->name, type, written_shape(field->type));
    }
    return payload;
}

static void add_resolvers(struct simple *simple, struct simple_type *to,
                          enum gcm_operation_kind kind)
{
    for (size_t i = 0; i < simple->project->functions.count; i++) {
        const struct gcm_function *function = simple->project->functions.at[i];
        const struct gcm_field_definition *from = function->extension;
        if (!simple_is_resolver(simple, function) || function->extends != kind)
            continue;
        struct gcm_field_definition *field =
            simple_field(simple, to, from->name, payload_of(simple, function->payload),
                         written_shape(from->type));
        for (size_t a = 0; a < from->arguments.count; a++) {
            const struct gcm_input_value *argument = &from->arguments.at[a];
            struct simple_type *type = written_scalar(simple, argument->type);
            if (type)
                simple_input(simple, &field->arguments, argument->name, type,
                             written_shape(argument->type));
        }
    }
}

/* Query. */

static void add_unique_arguments(struct simple *simple, struct gcm_input_values *to,
                                 const struct simple_model *model)
{
    for (size_t i = 0; i < model->scalars.count; i++) {
        const struct gcm_field *field = model->scalars.at[i];
        if (!field->list && (field->unique || gcm_slice_is(field->name, "id")))
            simple_input(simple, to, field->name, simple_type_of(simple, field), SIMPLE_ONE);
    }
}

static void make_query(struct simple *simple)
{
    struct simple_type *query = root(simple, "Query");
    for (size_t i = 0; i < simple->models.count; i++) {
        struct simple_model *model = &simple->models.at[i];
        simple_field(simple, query, simple_all_name(simple, model->model), model->object,
                     SIMPLE_REQUIRED_LIST)
            ->arguments = model->list_arguments;
    }
    for (size_t i = 0; i < simple->models.count; i++) {
        struct simple_model *model = &simple->models.at[i];
        simple_field(simple, query, simple_meta_name(simple, model->model), simple->query_meta,
                     SIMPLE_REQUIRED)
            ->arguments = model->list_arguments;
    }
    for (size_t i = 0; i < simple->models.count; i++) {
        struct simple_model *model = &simple->models.at[i];
        struct gcm_field_definition *field =
            simple_field(simple, query, model->model->name, model->object, SIMPLE_ONE);
        add_unique_arguments(simple, &field->arguments, model);
    }
    add_resolvers(simple, query, GCM_OPERATION_QUERY);
    struct simple_model *user = gcm_map_get(&simple->model_by_name, GCM_S("User"));
    if (user)
        simple_field(simple, query, GCM_S("user"), user->object, SIMPLE_ONE);
    struct gcm_field_definition *node =
        simple_field(simple, query, GCM_S("node"), simple->node, SIMPLE_ONE);
    simple_input(simple, &node->arguments, GCM_S("id"), simple->scalars[GCM_SCALAR_ID],
                 SIMPLE_REQUIRED);
    simple->query = query;
}

/* Mutation. */

static struct gcm_field_definition *add_mutation(struct simple *simple, struct simple_type *to,
                                                 const char *verb, const struct simple_model *model)
{
    return simple_field(simple, to, simple_join(simple, gcm_slice_of(verb), model->model->name),
                        model->object, SIMPLE_ONE);
}

static void add_create(struct simple *simple, struct simple_type *to,
                       const struct simple_model *model)
{
    add_mutation(simple, to, "create", model)->arguments = model->create->definition->inputs;
}

static void add_update_or_create(struct simple *simple, struct simple_type *to,
                                 const struct simple_model *model)
{
    struct gcm_field_definition *field = add_mutation(simple, to, "updateOrCreate", model);
    simple_input(simple, &field->arguments, GCM_S("update"), model->update, SIMPLE_REQUIRED);
    if (model->create->definition->inputs.count)
        simple_input(simple, &field->arguments, GCM_S("create"), model->create, SIMPLE_REQUIRED);
}

static void add_model_mutations(struct simple *simple, struct simple_type *mutation)
{
    struct gcm_input_values id = {0};
    simple_input(simple, &id, GCM_S("id"), simple->scalars[GCM_SCALAR_ID], SIMPLE_REQUIRED);
    for (size_t i = 0; i < simple->models.count; i++)
        if (!gcm_slice_is(simple->models.at[i].model->name, "User"))
            add_create(simple, mutation, &simple->models.at[i]);
    for (size_t i = 0; i < simple->models.count; i++)
        add_mutation(simple, mutation, "update", &simple->models.at[i])->arguments =
            simple->models.at[i].update->definition->inputs;
    for (size_t i = 0; i < simple->models.count; i++)
        add_update_or_create(simple, mutation, &simple->models.at[i]);
    for (size_t i = 0; i < simple->models.count; i++)
        add_mutation(simple, mutation, "delete", &simple->models.at[i])->arguments = id;
}

static void add_relation_mutation(struct simple *simple, struct simple_type *mutation,
                                  struct gcm_slice name, const struct gcm_api_relation *names)
{
    const struct gcm_api_side *a = &names->a, *b = &names->b;
    struct gcm_slice payload_name =
        gcm_format(simple->arena, "%.*sPayload", GCM_P(gcm_capitalize(simple->arena, name)));
    struct simple_type *payload =
        simple_type_new(simple, GCM_DEFINITION_OBJECT, payload_name, NULL);
    simple_field(simple, payload, a->payload, simple_target(simple, b->field)->object, SIMPLE_ONE);
    simple_field(simple, payload, b->payload, simple_target(simple, a->field)->object, SIMPLE_ONE);

    struct simple_type *id = simple->scalars[GCM_SCALAR_ID];
    struct gcm_field_definition *field = simple_field(simple, mutation, name, payload, SIMPLE_ONE);
    simple_input(simple, &field->arguments, b->argument, id, SIMPLE_REQUIRED);
    simple_input(simple, &field->arguments, a->argument, id, SIMPLE_REQUIRED);
}

/* set, unset, addTo, removeFrom: one kind after the other, each for all relations. */
static void add_relation_mutations(struct simple *simple, struct simple_type *mutation)
{
    size_t count = simple->relations.count;
    struct gcm_api_relation *names = gcm_arena_alloc(simple->arena, (count + 1) * sizeof *names);
    for (size_t i = 0; i < count; i++)
        names[i] = simple_relation_names(simple, simple->relations.at[i]);
    for (int kind = 0; kind < 4; kind++)
        for (size_t i = 0; i < count; i++) {
            bool one_to_one = !names[i].a.field->list && !names[i].b.field->list;
            struct gcm_slice name = kind % 2 ? names[i].unlink : names[i].link;
            if (name.size && one_to_one == (kind < 2))
                add_relation_mutation(simple, mutation, name, &names[i]);
        }
}

static void make_mutation(struct simple *simple)
{
    struct simple_type *mutation = root(simple, "Mutation");
    add_model_mutations(simple, mutation);
    add_relation_mutations(simple, mutation);
    struct simple_model *user = gcm_map_get(&simple->model_by_name, GCM_S("User"));
    if (user)
        add_create(simple, mutation, user);
    add_resolvers(simple, mutation, GCM_OPERATION_MUTATION);
    simple->mutation = only_if_filled(mutation);
}

/* Subscription. */

static void fill_subscription_filter(struct simple *simple, struct simple_model *model)
{
    struct gcm_input_values *inputs = &model->subscription_filter->definition->inputs;
    struct simple_type *string = simple->scalars[GCM_SCALAR_STRING];
    simple_reserve(simple, inputs, 7);
    simple_input(simple, inputs, GCM_S("AND"), model->subscription_filter, SIMPLE_LIST);
    simple_input(simple, inputs, GCM_S("OR"), model->subscription_filter, SIMPLE_LIST);
    simple_input(simple, inputs, GCM_S("mutation_in"), simple->model_mutation_type, SIMPLE_LIST);
    simple_input(simple, inputs, GCM_S("updatedFields_contains"), string, SIMPLE_ONE);
    simple_input(simple, inputs, GCM_S("updatedFields_contains_every"), string, SIMPLE_LIST);
    simple_input(simple, inputs, GCM_S("updatedFields_contains_some"), string, SIMPLE_LIST);
    simple_input(simple, inputs, GCM_S("node"), model->subscription_node, SIMPLE_ONE);
    /* The fields of the filter without AND and OR, which stand first. */
    struct gcm_input_values *node = &model->subscription_node->definition->inputs;
    *node = model->filter->definition->inputs;
    node->at += 2;
    node->count -= 2;
    node->room = node->count;
}

static void fill_subscription_payload(struct simple *simple, struct simple_model *model)
{
    struct simple_type *payload = model->subscription_payload;
    simple_field(simple, payload, GCM_S("mutation"), simple->model_mutation_type, SIMPLE_REQUIRED);
    simple_field(simple, payload, GCM_S("node"), model->object, SIMPLE_ONE);
    simple_field(simple, payload, GCM_S("updatedFields"), simple->scalars[GCM_SCALAR_STRING],
                 SIMPLE_LIST);
    simple_field(simple, payload, GCM_S("previousValues"), model->previous_values, SIMPLE_ONE);
    gcm_each (const struct gcm_field *, field, model->scalars)
        simple_scalar_field(simple, model->previous_values, *field);
}

static struct simple_type *named_after(struct simple *simple, const struct simple_model *model,
                                       enum gcm_definition_kind kind, const char *suffix)
{
    return simple_type_new(simple, kind,
                           simple_join(simple, model->model->name, gcm_slice_of(suffix)), NULL);
}

static void make_subscription(struct simple *simple)
{
    struct simple_type *subscription = root(simple, "Subscription");
    for (size_t i = 0; i < simple->models.count; i++) {
        struct simple_model *model = &simple->models.at[i];
        model->previous_values =
            named_after(simple, model, GCM_DEFINITION_OBJECT, "PreviousValues");
        model->subscription_filter =
            named_after(simple, model, GCM_DEFINITION_INPUT, "SubscriptionFilter");
        model->subscription_node =
            named_after(simple, model, GCM_DEFINITION_INPUT, "SubscriptionFilterNode");
        model->subscription_payload =
            named_after(simple, model, GCM_DEFINITION_OBJECT, "SubscriptionPayload");
        fill_subscription_filter(simple, model);
        fill_subscription_payload(simple, model);
        struct gcm_field_definition *field = simple_field(simple, subscription, model->model->name,
                                                          model->subscription_payload, SIMPLE_ONE);
        simple_input(simple, &field->arguments, GCM_S("filter"), model->subscription_filter,
                     SIMPLE_ONE);
    }
    simple->subscription = only_if_filled(subscription);
}

void simple_make_roots(struct simple *simple)
{
    make_query(simple);
    make_mutation(simple);
    make_subscription(simple);
}
