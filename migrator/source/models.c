#include "source/models.h"

#include "source/defaults.h"

/* Only object types make models; what `extend type` adds was ignored by the server. */
static bool is_model(const struct gcm_definition *definition)
{
    return definition->kind == GCM_DEFINITION_OBJECT && !definition->extend;
}

static void read_enum(struct gcm_project *project, struct gcm_definition *definition)
{
    if (gcm_map_get(&project->enum_names, definition->name))
        return;
    struct gcm_arena *arena = project->arena;
    struct gcm_enum *made = GCM_NEW(arena, struct gcm_enum);
    made->name = definition->name;
    made->definition = definition;
    struct gcm_map seen = {0};
    gcm_each (struct gcm_enum_value_definition, value, definition->values) {
        if (!gcm_map_put(arena, &seen, value->name, value))
            *gcm_push(arena, &made->values) = value->name;
    }
    *gcm_push(arena, &project->enums) = made;
    gcm_map_put(arena, &project->enum_names, made->name, made);
}

static void read_model(struct gcm_project *project, struct gcm_definition *definition)
{
    if (gcm_map_get(&project->model_names, definition->name))
        return;
    struct gcm_arena *arena = project->arena;
    struct gcm_model *model = GCM_NEW(arena, struct gcm_model);
    model->name = definition->name;
    model->definition = definition;
    model->has_directive = gcm_directive_named(&definition->directives, "model") != NULL;
    for (size_t i = 0; i < definition->names.count; i++)
        if (gcm_slice_is(definition->names.at[i], "Node"))
            model->implements_node = true;
    model->system_type = project->format == GCM_FORMAT_CONSOLE &&
                         (gcm_slice_is(model->name, "File") || gcm_slice_is(model->name, "User"));
    *gcm_push(arena, &project->models) = model;
    gcm_map_put(arena, &project->model_names, model->name, model);
}

static bool is_system(struct gcm_slice name)
{
    return gcm_slice_is(name, "id") || gcm_slice_is(name, "createdAt") ||
           gcm_slice_is(name, "updatedAt");
}

/* What the name of a type stands for. System fields are what they are, whatever is written. */
static void find_type(const struct gcm_project *project, struct gcm_field *field)
{
    struct gcm_slice type = gcm_type_name(field->definition->type);
    field->kind = GCM_FIELD_SCALAR;
    if (field->system) {
        field->scalar = gcm_slice_is(field->name, "id") ? GCM_SCALAR_ID : GCM_SCALAR_DATETIME;
        return;
    }
    field->scalar = gcm_scalar_of(type);
    /* ID was no scalar of the types file, so it could be declared. */
    if (field->scalar != GCM_SCALAR_NONE && !gcm_slice_is(type, "ID"))
        return;
    field->enum_type = gcm_map_get(&project->enum_names, type);
    field->target = field->enum_type ? NULL : gcm_map_get(&project->model_names, type);
    if (field->scalar != GCM_SCALAR_NONE && !field->enum_type && !field->target)
        return;
    field->scalar = GCM_SCALAR_NONE;
    field->kind = field->enum_type ? GCM_FIELD_ENUM
                  : field->target  ? GCM_FIELD_RELATION
                                   : GCM_FIELD_UNKNOWN;
}

/* A directive under the name of the Framework or, in the other two formats, of the preview. */
static const struct gcm_directive *either(const struct gcm_project *project,
                                          const struct gcm_field_definition *field,
                                          const char *framework, const char *preview)
{
    const struct gcm_directive *found = gcm_directive_named(&field->directives, framework);
    if (!found && project->format != GCM_FORMAT_FRAMEWORK)
        found = gcm_directive_named(&field->directives, preview);
    return found;
}

static void read_default(const struct gcm_project *project, struct gcm_field *field)
{
    const struct gcm_directive *directive =
        either(project, field->definition, "defaultValue", "default");
    if (!directive || field->kind == GCM_FIELD_RELATION || field->system)
        return;
    field->default_value = gcm_argument_named(&directive->arguments, "value");
    struct gcm_default value = gcm_default_of(project->arena, field, field->default_value);
    field->defaulted = value.outcome == GCM_DEFAULT_VALUE;
    field->default_text = field->defaulted ? value.text : (struct gcm_slice){0};
}

static void read_field(struct gcm_project *project, struct gcm_model *model,
                       struct gcm_field_definition *definition)
{
    if (gcm_map_get(&model->by_name, definition->name) || !definition->type)
        return;
    struct gcm_arena *arena = project->arena;
    struct gcm_field *field = GCM_NEW(arena, struct gcm_field);
    field->name = definition->name;
    field->model = model;
    field->definition = definition;
    field->system = is_system(field->name);
    find_type(project, field);
    bool relation = field->kind == GCM_FIELD_RELATION;
    field->list = definition->type->of != NULL;
    field->required = definition->type->non_null && !(relation && field->list);
    field->unique = !relation && either(project, definition, "isUnique", "unique") != NULL;
    read_default(project, field);
    *gcm_push(arena, &model->fields) = field;
    gcm_map_put(arena, &model->by_name, field->name, field);
}

/* The name in @relation(name: …). The server wanted a string; a bare word is plain all the same. */
static struct gcm_slice relation_name(const struct gcm_field *field)
{
    const struct gcm_directive *directive =
        gcm_directive_named(&field->definition->directives, "relation");
    const struct gcm_value *name =
        directive ? gcm_argument_named(&directive->arguments, "name") : NULL;
    bool usable = name && (name->kind == GCM_VALUE_STRING || name->kind == GCM_VALUE_ENUM);
    return usable ? name->text : (struct gcm_slice){0};
}

static struct gcm_relation *relation_named(struct gcm_project *project, struct gcm_slice name)
{
    struct gcm_relation *relation = gcm_map_get(&project->relation_names, name);
    if (!relation) {
        relation = GCM_NEW(project->arena, struct gcm_relation);
        relation->name = name;
        *gcm_push(project->arena, &project->relations) = relation;
        gcm_map_put(project->arena, &project->relation_names, name, relation);
    }
    return relation;
}

/* The first field that names a relation is its side A, the last its side B (§2.3). */
static void join(struct gcm_relation *relation, struct gcm_field *field)
{
    field->relation = relation;
    if (!relation->a) {
        relation->a = field;
    } else {
        relation->broken = relation->broken || relation->b;
        relation->b = field;
    }
}

static void finish(struct gcm_relation *relation)
{
    struct gcm_field *a = relation->a;
    if (!relation->b && a->target == a->model)
        relation->b = a;
    struct gcm_field *b = relation->b;
    if (!b)
        return;
    if (a->target != b->model || b->target != a->model)
        relation->broken = true;
    if (relation->broken)
        return;
    a->back = b;
    b->back = a;
}

/* A name for a relation that has none: as Prisma makes it, "PostToUser". */
static struct gcm_slice made_name(struct gcm_project *project, const struct gcm_field *field)
{
    struct gcm_slice one = field->model->name, other = field->target->name;
    if (gcm_slice_compare(one, other) > 0) {
        one = field->target->name;
        other = field->model->name;
    }
    struct gcm_slice name = gcm_format(project->arena, "%.*sTo%.*s", GCM_P(one), GCM_P(other));
    struct gcm_slice free_name = name;
    for (int n = 2; gcm_map_get(&project->relation_names, free_name); n++)
        free_name = gcm_format(project->arena, "%.*s%d", GCM_P(name), n);
    return free_name;
}

/* Unnamed relation fields between two models, from one to the other. */
struct unnamed {
    struct gcm_field *only;
    size_t count;
};

static struct gcm_slice pair_key(struct gcm_arena *arena, const struct gcm_model *from,
                                 const struct gcm_model *to)
{
    return gcm_format(arena, "%.*s %.*s", GCM_P(from->name), GCM_P(to->name));
}

/* Relation fields without a name, which the Framework refused and the preview allowed: two that
 * are the only ones between their models belong together, one alone has no other side, and
 * where there are more nobody can say. */
static void pair_unnamed(struct gcm_project *project)
{
    struct gcm_arena *arena = project->arena;
    struct gcm_map pairs = {0};
    GCM_VEC(struct gcm_field *) fields = {0};
    gcm_each (struct gcm_model *, model, project->models) {
        gcm_each (struct gcm_field *, at, (*model)->fields) {
            struct gcm_field *field = *at;
            if (field->kind != GCM_FIELD_RELATION || field->relation)
                continue;
            struct gcm_slice key = pair_key(arena, field->model, field->target);
            struct unnamed *pair = gcm_map_get(&pairs, key);
            if (!pair) {
                pair = GCM_NEW(arena, struct unnamed);
                gcm_map_put(arena, &pairs, key, pair);
            }
            pair->only = field;
            pair->count++;
            *gcm_push(arena, &fields) = field;
        }
    }
    gcm_each (struct gcm_field *, at, fields) {
        struct gcm_field *field = *at;
        struct unnamed *there = gcm_map_get(&pairs, pair_key(arena, field->model, field->target));
        struct unnamed *back = gcm_map_get(&pairs, pair_key(arena, field->target, field->model));
        if (field->relation || there->count > 1 || (back && back->count > 1))
            continue;
        struct gcm_relation *relation = relation_named(project, made_name(project, field));
        join(relation, field);
        if (back && back->only != field)
            join(relation, back->only);
        finish(relation);
    }
}

static void read_relations(struct gcm_project *project)
{
    gcm_each (struct gcm_model *, model, project->models) {
        gcm_each (struct gcm_field *, field, (*model)->fields) {
            if ((*field)->kind != GCM_FIELD_RELATION)
                continue;
            struct gcm_slice name = relation_name(*field);
            if (name.size > 0)
                join(relation_named(project, name), *field);
        }
    }
    gcm_each (struct gcm_relation *, relation, project->relations)
        finish(*relation);
    pair_unnamed(project);
}

void gcm_models_read(struct gcm_project *project)
{
    gcm_each (struct gcm_source_file *, file, project->type_files) {
        if (!(*file)->document)
            continue;
        gcm_each (struct gcm_definition *, definition, (*file)->document->definitions) {
            if ((*definition)->kind == GCM_DEFINITION_ENUM && !(*definition)->extend)
                read_enum(project, *definition);
            else if (is_model(*definition))
                read_model(project, *definition);
        }
    }
    gcm_each (struct gcm_model *, model, project->models) {
        gcm_each (struct gcm_field_definition, field, (*model)->definition->fields)
            read_field(project, *model, field);
    }
    read_relations(project);
}
