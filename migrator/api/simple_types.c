/* Models as object types, with their filters, orders and lists (§6.1, §6.3, §6.4). */
#include "api/build.h"
#include "api/simple.h"

#include <stdlib.h>
#include <string.h>

struct simple_type *simple_type_new(struct simple *simple, enum gcm_definition_kind kind,
                                    struct gcm_slice name, const struct gcm_definition *source)
{
    struct simple_type *type = GCM_NEW(simple->arena, struct simple_type);
    type->definition = GCM_NEW(simple->arena, struct gcm_definition);
    type->definition->kind = kind;
    type->definition->name = name;
    type->source = source;
    return type;
}

struct gcm_type_ref *simple_use(struct simple *simple, struct simple_type *type,
                                enum simple_shape shape)
{
    struct simple_ref **known = &type->references[shape];
    if (*known)
        return &(*known)->ref;
    struct simple_ref *made = *known = GCM_NEW(simple->arena, struct simple_ref);
    made->type = type;
    if (shape == SIMPLE_LIST || shape == SIMPLE_REQUIRED_LIST)
        made->ref.of = simple_use(simple, type, SIMPLE_REQUIRED);
    else
        made->ref.name = type->definition->name;
    made->ref.non_null = shape == SIMPLE_REQUIRED || shape == SIMPLE_REQUIRED_LIST;
    return &made->ref;
}

struct gcm_slice simple_join(struct simple *simple, struct gcm_slice a, struct gcm_slice b)
{
    char *text = gcm_arena_text(simple->arena, a.size + b.size + 1);
    if (a.size)
        memcpy(text, a.at, a.size);
    if (b.size)
        memcpy(text + a.size, b.at, b.size);
    return (struct gcm_slice){text, a.size + b.size};
}

struct gcm_field_definition *simple_field(struct simple *simple, struct simple_type *to,
                                          struct gcm_slice name, struct simple_type *type,
                                          enum simple_shape shape)
{
    struct gcm_field_definition *field = gcm_push(simple->arena, &to->definition->fields);
    field->name = name;
    field->type = simple_use(simple, type, shape);
    return field;
}

void simple_input(struct simple *simple, struct gcm_input_values *to, struct gcm_slice name,
                  struct simple_type *type, enum simple_shape shape)
{
    struct gcm_input_value *input = gcm_push(simple->arena, to);
    input->name = name;
    input->type = simple_use(simple, type, shape);
}

void simple_reserve(struct simple *simple, struct gcm_input_values *list, size_t count)
{
    list->at = gcm_arena_alloc(simple->arena, count * sizeof *list->at);
    list->count = 0;
    list->room = count;
}

struct simple_model *simple_target(const struct simple *simple, const struct gcm_field *field)
{
    return gcm_map_get(&simple->model_by_name, field->target->name);
}

struct simple_type *simple_type_of(const struct simple *simple, const struct gcm_field *field)
{
    if (field->kind == GCM_FIELD_ENUM)
        return gcm_map_get(&simple->enum_by_name, field->enum_type->name);
    return simple->scalars[field->scalar];
}

enum simple_shape simple_shape_of(bool list, bool required)
{
    if (list)
        return required ? SIMPLE_REQUIRED_LIST : SIMPLE_LIST;
    return required ? SIMPLE_REQUIRED : SIMPLE_ONE;
}

/* The server loads models, fields and relations in the order of its database: by name, whatever
 * their case. */
static int compare_names(struct gcm_slice a, struct gcm_slice b)
{
    for (size_t i = 0; i < a.size && i < b.size; i++) {
        char x = a.at[i], y = b.at[i];
        x = gcm_is_upper(x) ? (char)(x - 'A' + 'a') : x;
        y = gcm_is_upper(y) ? (char)(y - 'A' + 'a') : y;
        if (x != y)
            return x < y ? -1 : 1;
    }
    return a.size == b.size ? gcm_slice_compare(a, b) : a.size < b.size ? -1 : 1;
}

static int by_field_name(const void *a, const void *b)
{
    const struct gcm_field *const *left = a, *const *right = b;
    return compare_names((*left)->name, (*right)->name);
}

static int by_model_name(const void *a, const void *b)
{
    const struct simple_model *left = a, *right = b;
    return compare_names(left->model->name, right->model->name);
}

static const struct gcm_value *relation_argument(const struct gcm_field *field, const char *name)
{
    const struct gcm_directive *directive =
        gcm_directive_named(&field->definition->directives, "relation");
    const struct gcm_value *value =
        directive ? gcm_argument_named(&directive->arguments, name) : NULL;
    return value && value->kind == GCM_VALUE_STRING && value->text.size ? value : NULL;
}

/* In a new service, a relation with an old name gets that one, and keeps it until the next deploy.
 */
struct gcm_slice simple_relation_name(const struct gcm_relation *relation)
{
    const struct gcm_value *old = relation_argument(relation->a, "oldName");
    return old ? old->text : relation->name;
}

static int by_relation_name(const void *a, const void *b)
{
    const struct gcm_relation *const *left = a, *const *right = b;
    return compare_names(simple_relation_name(*left), simple_relation_name(*right));
}

/* Is it written in a file of a module? The last server took `modules: …` and saw none of them. */
static bool is_of_module(const struct gcm_project *project, struct gcm_place place)
{
    if (!place.file || place.file == project->definition)
        return false;
    gcm_each (struct gcm_source_file *, file, project->type_files)
        if ((*file)->file == place.file)
            return (*file)->place.file && (*file)->place.file != project->definition;
    return false;
}

static bool is_usable(const struct simple *simple, const struct gcm_field *field)
{
    switch (field->kind) {
    case GCM_FIELD_SCALAR:
        return field->scalar != GCM_SCALAR_NONE;
    case GCM_FIELD_ENUM:
        return gcm_map_get(&simple->enum_by_name, field->enum_type->name) != NULL;
    case GCM_FIELD_RELATION:
        return field->relation && !field->relation->broken && field->back && field->target &&
               simple_target(simple, field);
    case GCM_FIELD_UNKNOWN:
        break;
    }
    return false;
}

/* `createdAt: DateTime! @relation(name: "R")` was accepted and made a relation of the model with
 * itself, in place of the date. NULL where it is no such field. */
static const struct gcm_field *as_relation(struct simple *simple, const struct gcm_field *field)
{
    const struct gcm_value *name = relation_argument(field, "name");
    if (!field->system || gcm_slice_is(field->name, "id") || !name ||
        gcm_map_get(&simple->project->relation_names, name->text))
        return NULL;
    struct gcm_field *made = GCM_NEW(simple->arena, struct gcm_field);
    struct gcm_relation *relation = GCM_NEW(simple->arena, struct gcm_relation);
    *made = *field;
    made->kind = GCM_FIELD_RELATION;
    made->system = false;
    made->target = made->model;
    made->back = relation->a = relation->b = made;
    made->relation = relation;
    relation->name = name->text;
    *gcm_push(simple->arena, &simple->relations) = relation;
    return made;
}

static void collect_fields(struct simple *simple, struct simple_model *model)
{
    struct gcm_arena *arena = simple->arena;
    gcm_each (struct gcm_field *, at, model->model->fields) {
        const struct gcm_field *relation = as_relation(simple, *at);
        if (relation || is_usable(simple, *at))
            *gcm_push(arena, &model->fields) = relation ? relation : *at;
    }
    if (model->fields.count)
        qsort(model->fields.at, model->fields.count, sizeof *model->fields.at, by_field_name);
    for (size_t i = 0; i < model->fields.count; i++) {
        const struct gcm_field *field = model->fields.at[i];
        if (field->kind != GCM_FIELD_RELATION)
            *gcm_push(arena, &model->scalars) = field;
        else if (field->list)
            *gcm_push(arena, &model->to_many) = field;
        else
            *gcm_push(arena, &model->to_one) = field;
    }
}

static void make_scalars(struct simple *simple)
{
    for (int i = GCM_SCALAR_ID; i < SIMPLE_SCALARS; i++) {
        enum gcm_scalar scalar = (enum gcm_scalar)i;
        simple->scalars[i] = simple_type_new(simple, GCM_DEFINITION_SCALAR,
                                             gcm_slice_of(gcm_scalar_name(scalar)), NULL);
        simple->scalars[i]->built_in = scalar != GCM_SCALAR_DATETIME && scalar != GCM_SCALAR_JSON &&
                                       scalar != GCM_SCALAR_PASSWORD;
    }
}

static void make_enums(struct simple *simple)
{
    for (size_t i = 0; i < simple->project->enums.count; i++) {
        const struct gcm_enum *from = simple->project->enums.at[i];
        struct simple_type *type =
            simple_type_new(simple, GCM_DEFINITION_ENUM, from->name, from->definition);
        for (size_t v = 0; v < from->values.count; v++)
            gcm_push(simple->arena, &type->definition->values)->name = from->values.at[v];
        gcm_map_put(simple->arena, &simple->enum_by_name, from->name, type);
    }
}

/* _QueryMeta, _ModelMutationType and Node. */
static void make_fixed_types(struct simple *simple)
{
    static const char *const kinds[] = {"CREATED", "UPDATED", "DELETED"};
    simple->query_meta = simple_type_new(simple, GCM_DEFINITION_OBJECT, GCM_S("_QueryMeta"), NULL);
    simple_field(simple, simple->query_meta, GCM_S("count"), simple->scalars[GCM_SCALAR_INT],
                 SIMPLE_REQUIRED);
    simple->model_mutation_type =
        simple_type_new(simple, GCM_DEFINITION_ENUM, GCM_S("_ModelMutationType"), NULL);
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        gcm_push(simple->arena, &simple->model_mutation_type->definition->values)->name =
            gcm_slice_of(kinds[i]);
    simple->node = simple_type_new(simple, GCM_DEFINITION_INTERFACE, GCM_S("Node"), NULL);
    simple_field(simple, simple->node, GCM_S("id"), simple->scalars[GCM_SCALAR_ID],
                 SIMPLE_REQUIRED);
}

/* How many of the operators a field has, from the first on. */
static size_t operators_of(const struct gcm_field *field)
{
    if (field->list)
        return 0;
    if (field->kind == GCM_FIELD_ENUM)
        return GCM_API_FILTERS_IN;
    switch (field->scalar) {
    case GCM_SCALAR_ID:
    case GCM_SCALAR_STRING:
        return GCM_API_FILTERS_TEXT;
    case GCM_SCALAR_INT:
    case GCM_SCALAR_FLOAT:
    case GCM_SCALAR_DATETIME:
        return GCM_API_FILTERS_ORDER;
    case GCM_SCALAR_BOOLEAN:
        return GCM_API_FILTERS_EQUAL;
    case GCM_SCALAR_NONE:
    case GCM_SCALAR_JSON:
    case GCM_SCALAR_PASSWORD:
        break;
    }
    return 0;
}

static void fill_filter(struct simple *simple, struct simple_model *model)
{
    static const char *const quantifiers[] = {"_every", "_some", "_none"};
    struct gcm_input_values *inputs = &model->filter->definition->inputs;
    size_t count = 2 + model->to_one.count + 3 * model->to_many.count;
    for (size_t i = 0; i < model->scalars.count; i++)
        count += operators_of(model->scalars.at[i]);
    simple_reserve(simple, inputs, count);
    simple_input(simple, inputs, GCM_S("AND"), model->filter, SIMPLE_LIST);
    simple_input(simple, inputs, GCM_S("OR"), model->filter, SIMPLE_LIST);
    for (size_t i = 0; i < model->scalars.count; i++) {
        const struct gcm_field *field = model->scalars.at[i];
        for (size_t o = 0; o < operators_of(field); o++)
            simple_input(simple, inputs,
                         simple_join(simple, field->name, gcm_slice_of(gcm_api_filters[o].suffix)),
                         simple_type_of(simple, field),
                         gcm_api_filters[o].list ? SIMPLE_LIST : SIMPLE_ONE);
    }
    for (size_t i = 0; i < model->fields.count; i++) {
        const struct gcm_field *field = model->fields.at[i];
        if (field->kind != GCM_FIELD_RELATION)
            continue;
        struct simple_type *filter = simple_target(simple, field)->filter;
        for (size_t q = 0; field->list && q < sizeof quantifiers / sizeof *quantifiers; q++)
            simple_input(simple, inputs,
                         simple_join(simple, field->name, gcm_slice_of(quantifiers[q])), filter,
                         SIMPLE_ONE);
        if (!field->list)
            simple_input(simple, inputs, field->name, filter, SIMPLE_ONE);
    }
}

static void fill_order(struct simple *simple, struct simple_model *model)
{
    struct gcm_enum_value_definitions *values = &model->order_by->definition->values;
    for (size_t i = 0; i < model->scalars.count; i++) {
        const struct gcm_field *field = model->scalars.at[i];
        if (field->list)
            continue;
        gcm_push(simple->arena, values)->name = simple_join(simple, field->name, GCM_S("_ASC"));
        gcm_push(simple->arena, values)->name = simple_join(simple, field->name, GCM_S("_DESC"));
    }
}

static void fill_list_arguments(struct simple *simple, struct simple_model *model)
{
    struct gcm_input_values *list = &model->list_arguments;
    struct simple_type *integer = simple->scalars[GCM_SCALAR_INT];
    struct simple_type *string = simple->scalars[GCM_SCALAR_STRING];
    simple_reserve(simple, list, 7);
    simple_input(simple, list, GCM_S("filter"), model->filter, SIMPLE_ONE);
    simple_input(simple, list, GCM_S("orderBy"), model->order_by, SIMPLE_ONE);
    simple_input(simple, list, GCM_S("skip"), integer, SIMPLE_ONE);
    simple_input(simple, list, GCM_S("after"), string, SIMPLE_ONE);
    simple_input(simple, list, GCM_S("before"), string, SIMPLE_ONE);
    simple_input(simple, list, GCM_S("first"), integer, SIMPLE_ONE);
    simple_input(simple, list, GCM_S("last"), integer, SIMPLE_ONE);
}

void simple_scalar_field(struct simple *simple, struct simple_type *to,
                         const struct gcm_field *field)
{
    bool required = field->required || gcm_slice_is(field->name, "id");
    simple_field(simple, to, field->name, simple_type_of(simple, field),
                 simple_shape_of(field->list, required));
}

static void fill_object(struct simple *simple, struct simple_model *model)
{
    *gcm_push(simple->arena, &model->object->definition->names) = GCM_S("Node");
    for (size_t i = 0; i < model->fields.count; i++) {
        const struct gcm_field *field = model->fields.at[i];
        if (field->kind != GCM_FIELD_RELATION) {
            simple_scalar_field(simple, model->object, field);
            continue;
        }
        struct simple_model *target = simple_target(simple, field);
        struct gcm_field_definition *made =
            simple_field(simple, model->object, field->name, target->object,
                         simple_shape_of(field->list, field->required && !field->list));
        if (field->list)
            made->arguments = target->list_arguments;
        else
            simple_input(simple, &made->arguments, GCM_S("filter"), target->filter, SIMPLE_ONE);
    }
    for (size_t i = 0; i < model->to_many.count; i++) {
        const struct gcm_field *field = model->to_many.at[i];
        struct gcm_slice name = gcm_format(simple->arena, "_%.*sMeta", GCM_P(field->name));
        simple_field(simple, model->object, name, simple->query_meta, SIMPLE_REQUIRED)->arguments =
            simple_target(simple, field)->list_arguments;
    }
}

static void collect_models(struct simple *simple)
{
    gcm_each (struct gcm_model *, model, simple->project->models)
        if (!is_of_module(simple->project, (*model)->definition->place))
            gcm_push(simple->arena, &simple->models)->model = *model;
    if (simple->models.count)
        qsort(simple->models.at, simple->models.count, sizeof *simple->models.at, by_model_name);
    for (size_t i = 0; i < simple->models.count; i++)
        gcm_map_put(simple->arena, &simple->model_by_name, simple->models.at[i].model->name,
                    &simple->models.at[i]);
}

static void collect_relations(struct simple *simple)
{
    gcm_each (struct gcm_relation *, at, simple->project->relations) {
        const struct gcm_relation *relation = *at;
        if (!relation->broken && relation->a && relation->b && is_usable(simple, relation->a) &&
            is_usable(simple, relation->b))
            *gcm_push(simple->arena, &simple->relations) = relation;
    }
    if (simple->relations.count)
        qsort(simple->relations.at, simple->relations.count, sizeof *simple->relations.at,
              by_relation_name);
}

void simple_make_models(struct simple *simple)
{
    make_scalars(simple);
    make_enums(simple);
    make_fixed_types(simple);
    collect_models(simple);
    for (size_t i = 0; i < simple->models.count; i++) {
        struct simple_model *model = &simple->models.at[i];
        struct gcm_slice name = model->model->name;
        const struct gcm_definition *source = model->model->definition;
        collect_fields(simple, model);
        model->object = simple_type_new(simple, GCM_DEFINITION_OBJECT, name, source);
        model->filter = simple_type_new(simple, GCM_DEFINITION_INPUT,
                                        simple_join(simple, name, GCM_S("Filter")), NULL);
        model->order_by = simple_type_new(simple, GCM_DEFINITION_ENUM,
                                          simple_join(simple, name, GCM_S("OrderBy")), NULL);
        fill_list_arguments(simple, model);
    }
    collect_relations(simple);
    for (size_t i = 0; i < simple->models.count; i++) {
        fill_filter(simple, &simple->models.at[i]);
        fill_order(simple, &simple->models.at[i]);
        fill_object(simple, &simple->models.at[i]);
    }
}
