/* shape: the plan's datamodel and renames, joined with the source's types. */
#include "transfer/records/shape.h"

#include "graphql/print.h"
#include "ndf/raw.h"
#include "prisma/storage.h"
#include "transfer/records/time.h"

#include <openssl/evp.h>

struct shaping {
    struct gcm_arena *arena;
    const struct gcm_plan *plan;
    struct gcm_shape *shape;
    struct gcm_map renamed; /* "Type.field" of the source → gcm_rename; the last one counts */
    struct gcm_map taken;   /* names that something else was renamed to: "Type", "Type.newField" */
    struct gcm_map enums;   /* by the source's name: maps of gcm_shape_value */
};

static struct gcm_slice dotted(struct gcm_arena *arena, struct gcm_slice left,
                               struct gcm_slice right)
{
    return gcm_format(arena, "%.*s.%.*s", GCM_P(left), GCM_P(right));
}

/* "Type.field" → "Type"; "Type" → "". */
static struct gcm_slice scope_of(struct gcm_slice name)
{
    size_t dot = gcm_slice_find(name, '.');
    return dot < name.size ? gcm_slice_sub(name, 0, dot) : GCM_S("");
}

static void read_renames(struct shaping *shaping)
{
    gcm_each (struct gcm_rename, rename, shaping->plan->renames)
        gcm_map_put(shaping->arena, &shaping->renamed, rename->from, rename);
    gcm_each (struct gcm_rename, rename, shaping->plan->renames) {
        if (gcm_map_get(&shaping->renamed, rename->from) != rename ||
            gcm_slice_starts(rename->from, "relation "))
            continue;
        struct gcm_slice scope = scope_of(rename->from);
        struct gcm_slice key = scope.size ? dotted(shaping->arena, scope, rename->to) : rename->to;
        gcm_map_put(shaping->arena, &shaping->taken, key, rename);
    }
}

/* What a name of the source is called in the target, if it is there at all: a name that was left
 * out may belong to something else now. */
static struct gcm_slice target_name(const struct shaping *shaping, struct gcm_slice scope,
                                    struct gcm_slice name)
{
    struct gcm_slice key = scope.size ? dotted(shaping->arena, scope, name) : name;
    const struct gcm_rename *rename = gcm_map_get(&shaping->renamed, key);
    if (rename)
        return rename->to;
    return gcm_map_get(&shaping->taken, key) ? GCM_S("") : name;
}

/* ---- enums ---- */

static bool holds(const struct gcm_slices *values, struct gcm_slice value)
{
    gcm_each (const struct gcm_slice, each, *values)
        if (gcm_slice_equal(*each, value))
            return true;
    return false;
}

static struct gcm_map *values_of(struct shaping *shaping, const struct gcm_enum *source)
{
    struct gcm_map *values = gcm_map_get(&shaping->enums, source->name);
    if (values)
        return values;
    values = GCM_NEW(shaping->arena, struct gcm_map);
    struct gcm_slice name = target_name(shaping, GCM_S(""), source->name);
    const struct gcm_prisma_enum *target = gcm_map_get(&shaping->shape->target->enum_names, name);
    gcm_each (const struct gcm_slice, from, source->values) {
        struct gcm_shape_value *value = GCM_NEW(shaping->arena, struct gcm_shape_value);
        struct gcm_slice to = target_name(shaping, source->name, *from);
        value->from = *from;
        if (target && holds(&target->values, to))
            value->to = to;
        gcm_map_put(shaping->arena, values, *from, value);
    }
    gcm_map_put(shaping->arena, &shaping->enums, source->name, values);
    return values;
}

/* ---- fields ---- */

static bool is_number(const struct gcm_value *value)
{
    return value->kind == GCM_VALUE_INT || value->kind == GCM_VALUE_FLOAT;
}

static struct gcm_slice quoted(struct gcm_arena *arena, struct gcm_slice text)
{
    struct gcm_buffer out = gcm_buffer(arena, GCM_BUFFER_CAP);
    gcm_put_raw_string(&out, text);
    return gcm_buffer_text(&out);
}

/* The parts of an element that are the same in all. */
static void write_parts(struct gcm_arena *arena, struct gcm_shape_type *type)
{
    if (!type->to)
        return;
    type->start =
        gcm_format(arena, "{\"_typeName\":%.*s,\"id\":", GCM_P(quoted(arena, type->to->name)));
    gcm_each (struct gcm_shape_field *const, field, type->fields)
        if ((*field)->to)
            (*field)->key = gcm_format(arena, ",%.*s:", GCM_P(quoted(arena, (*field)->to->name)));
}

/* A default as JSON; empty where there is none that the field can hold. */
static struct gcm_slice fill_of(struct gcm_arena *arena, const struct gcm_prisma_field *to)
{
    const struct gcm_value *value = to->default_value;
    struct gcm_raw json;
    struct gcm_raw_error ignored;
    if (!value || !to->required || to->list || to->created_at || to->updated_at)
        return GCM_S("");
    if (gcm_slice_is(to->type_name, "Int") || gcm_slice_is(to->type_name, "Float"))
        return is_number(value) ? value->raw : GCM_S("");
    if (gcm_slice_is(to->type_name, "Boolean"))
        return value->kind == GCM_VALUE_BOOLEAN ? value->raw : GCM_S("");
    if (value->kind != GCM_VALUE_STRING && value->kind != GCM_VALUE_ENUM)
        return GCM_S("");
    if (gcm_slice_is(to->type_name, "Json"))
        return gcm_raw_read(value->text, &json, &ignored) ? json.text : GCM_S("");
    if (gcm_slice_is(to->type_name, "DateTime")) {
        struct gcm_time time = gcm_time_read(value->text);
        return time.understood ? quoted(arena, gcm_time_text(arena, &time)) : GCM_S("");
    }
    return quoted(arena, value->text);
}

static struct gcm_shape_field *add_field(struct shaping *shaping, struct gcm_shape_type *type,
                                         const struct gcm_field *source, struct gcm_slice name)
{
    struct gcm_shape_field *field = GCM_NEW(shaping->arena, struct gcm_shape_field);
    field->source = source;
    field->name = name;
    field->place = type->fields.count;
    *gcm_push(shaping->arena, &type->fields) = field;
    gcm_map_put(shaping->arena, &type->by_name, name, field);
    return field;
}

/* createdAt and updatedAt go where the target keeps that behaviour, under whatever name; in the
 * older dialect the name alone makes it. */
static const struct gcm_prisma_field *behaviour(const struct gcm_prisma_type *to, bool created)
{
    gcm_each (struct gcm_prisma_field *const, field, to->fields)
        if (created ? (*field)->created_at : (*field)->updated_at)
            return *field;
    const struct gcm_prisma_field *named =
        gcm_map_get(&to->by_name, created ? GCM_S("createdAt") : GCM_S("updatedAt"));
    return named && !named->list && gcm_slice_is(named->type_name, "DateTime") ? named : NULL;
}

static bool is_behaviour(struct gcm_slice name, bool *created)
{
    *created = gcm_slice_is(name, "createdAt");
    return *created || gcm_slice_is(name, "updatedAt");
}

/* Servers up to 1.30 have columns for both, declared or not. */
static void keep_hidden(struct shaping *shaping, struct gcm_shape_field *field)
{
    const struct gcm_rules *rules = shaping->plan->rules;
    if (field->to || shaping->shape->server != GCM_SERVER_PRISMA_1_30 ||
        gcm_slice_is(gcm_strategy(rules, "system_fields"), "omit"))
        return;
    struct gcm_prisma_field *to = GCM_NEW(shaping->arena, struct gcm_prisma_field);
    to->name = field->name;
    to->type_name = GCM_S("DateTime");
    to->created_at = gcm_slice_is(field->name, "createdAt");
    to->updated_at = !to->created_at;
    field->to = to;
    field->hidden = true;
}

static void settle_field(struct shaping *shaping, const struct gcm_shape_type *type,
                         struct gcm_shape_field *field)
{
    bool created;
    if (!type->to)
        return;
    if (is_behaviour(field->name, &created)) {
        field->to = behaviour(type->to, created);
        keep_hidden(shaping, field);
        return;
    }
    struct gcm_slice name = target_name(shaping, type->name, field->name);
    const struct gcm_prisma_field *to = gcm_map_get(&type->to->by_name, name);
    if (!to || to->target)
        return;
    field->to = to;
    field->fill = fill_of(shaping->arena, to);
    if (field->source && field->source->kind == GCM_FIELD_ENUM)
        field->values = values_of(shaping, field->source->enum_type);
}

static void shape_type(struct shaping *shaping, const struct gcm_model *source)
{
    static const char *const system[] = {"id", "createdAt", "updatedAt"};
    struct gcm_shape *shape = shaping->shape;
    struct gcm_shape_type *type = GCM_NEW(shaping->arena, struct gcm_shape_type);
    type->source = source;
    type->name = source->name;
    type->to =
        gcm_map_get(&shape->target->type_names, target_name(shaping, GCM_S(""), source->name));
    gcm_each (struct gcm_field *const, field, source->fields)
        if ((*field)->kind != GCM_FIELD_RELATION)
            add_field(shaping, type, *field, (*field)->name);
    for (size_t i = 0; i < 3; i++)
        if (!gcm_map_get(&type->by_name, gcm_slice_of(system[i])))
            add_field(shaping, type, NULL, gcm_slice_of(system[i]));
    gcm_each (struct gcm_shape_field *const, field, type->fields)
        settle_field(shaping, type, *field);
    write_parts(shaping->arena, type);
    *gcm_push(shaping->arena, &shape->types) = type;
    gcm_map_put(shaping->arena, &shape->type_names, type->name, type);
}

/* ---- relations ---- */

static const struct gcm_prisma_field *relation_field(struct shaping *shaping,
                                                     const struct gcm_shape_type *type,
                                                     const struct gcm_field *field)
{
    if (!type || !type->to || !field)
        return NULL;
    const struct gcm_prisma_field *to =
        gcm_map_get(&type->to->by_name, target_name(shaping, type->name, field->name));
    return to && to->target ? to : NULL;
}

static enum gcm_relation_way way_of(const struct gcm_shape_relation *relation,
                                    const struct gcm_field *b)
{
    if (b)
        return GCM_WAY_PAIR;
    if (!relation->a_to_one)
        return GCM_WAY_SELF_LIST;
    return relation->a && relation->a->back ? GCM_WAY_SELF_TWO : GCM_WAY_SELF_BOTH;
}

/* Servers up to 1.30 keep every relation in a table of its own. */
static void settle_link(struct shaping *shaping, struct gcm_shape_relation *relation)
{
    const struct gcm_prisma_field *field = relation->a ? relation->a : relation->b;
    bool table =
        !field || shaping->shape->server == GCM_SERVER_PRISMA_1_30 || gcm_in_join_table(field);
    relation->link = table ? GCM_LINK_TABLE : GCM_LINK_INLINE;
    relation->inline_at_a = !table && relation->a && gcm_has_column(relation->a);
    if (field)
        relation->name = gcm_relation_name_of(shaping->arena, field);
}

static void add_end(struct shaping *shaping, struct gcm_shape_type *type,
                    const struct gcm_field *field, struct gcm_shape_relation *relation)
{
    gcm_map_put(shaping->arena, &type->ends, field->name, relation);
    gcm_map_put(shaping->arena, &shaping->shape->relation_ends,
                dotted(shaping->arena, type->name, field->name), relation);
}

/* Side A is the field that the documents name first, B the other one; NULL: there is none, or (of a
 * self relation) it is the same field. */
static void shape_relation(struct shaping *shaping, const struct gcm_relation *source,
                           const struct gcm_field *a, const struct gcm_field *b)
{
    const struct gcm_map *types = &shaping->shape->type_names;
    struct gcm_shape_type *a_type = gcm_map_get(types, a->model->name);
    struct gcm_shape_type *b_type = gcm_map_get(types, a->target->name);
    if (!a_type || !b_type || gcm_map_get(&a_type->ends, a->name))
        return;
    struct gcm_shape_relation *relation = GCM_NEW(shaping->arena, struct gcm_shape_relation);
    bool self = !b && a_type == b_type;
    relation->source = source;
    relation->a_type = a_type;
    relation->b_type = b_type;
    relation->a = relation_field(shaping, a_type, a);
    relation->b = b ? relation_field(shaping, b_type, b) : NULL;
    relation->a_to_one = !a->list;
    relation->b_to_one = b ? !b->list : self && !a->list;
    relation->a_required = a->required && !a->list;
    relation->b_required = b && b->required && !b->list;
    relation->way = self ? way_of(relation, b) : GCM_WAY_PAIR;
    if (relation->way == GCM_WAY_SELF_TWO)
        relation->b = relation->a->back;
    settle_link(shaping, relation);
    if (!relation->name.size)
        relation->name = dotted(shaping->arena, a_type->name, a->name);
    add_end(shaping, a_type, a, relation);
    if (b)
        add_end(shaping, b_type, b, relation);
    *gcm_push(shaping->arena, &shaping->shape->relations) = relation;
}

static bool fit(const struct gcm_field *a, const struct gcm_field *b)
{
    return a->target == b->model && b->target == a->model;
}

static void shape_relations(struct shaping *shaping)
{
    const struct gcm_project *project = shaping->plan->project;
    gcm_each (struct gcm_relation *const, relation, project->relations) {
        const struct gcm_field *a = (*relation)->a, *b = (*relation)->b;
        if (!a || a->kind != GCM_FIELD_RELATION || !a->target)
            continue;
        bool two = b && b != a && b->kind == GCM_FIELD_RELATION && fit(a, b);
        shape_relation(shaping, *relation, a, two ? b : NULL);
    }
    /* Fields that no relation claims: without a name, or one too many. */
    gcm_each (struct gcm_model *const, model, project->models)
        gcm_each (struct gcm_field *const, field, (*model)->fields)
            if ((*field)->kind == GCM_FIELD_RELATION && (*field)->target)
                shape_relation(shaping, NULL, *field, NULL);
}

/* ---- */

gcm_result gcm_shape_make(struct gcm_arena *arena, const struct gcm_plan *plan,
                          struct gcm_shape **shape, struct gcm_error *err)
{
    *shape = NULL;
    if (!plan->datamodel)
        return gcm_fail(arena, err, GCM_BAD_INPUT, (struct gcm_place){0},
                        "the project has no datamodel in Prisma; `report` says why");
    struct shaping shaping = {.arena = arena, .plan = plan};
    shaping.shape = GCM_NEW(arena, struct gcm_shape);
    shaping.shape->plan = plan;
    shaping.shape->target = gcm_datamodel_of(arena, plan->datamodel);
    shaping.shape->database = plan->options.database;
    shaping.shape->server = plan->options.target;
    read_renames(&shaping);
    gcm_each (struct gcm_model *const, model, plan->project->models)
        shape_type(&shaping, *model);
    shape_relations(&shaping);
    *shape = shaping.shape;
    return GCM_OK;
}

struct gcm_slice gcm_shape_relation_where(struct gcm_arena *arena,
                                          const struct gcm_shape_relation *relation)
{
    const struct gcm_relation *source = relation->source;
    if (source && source->a)
        return dotted(arena, source->a->model->name, source->a->name);
    return relation->name;
}

struct gcm_slice gcm_shape_hash(struct gcm_arena *arena, const struct gcm_shape *shape,
                                const struct gcm_slices *repairs)
{
    struct gcm_buffer text = gcm_buffer(arena, GCM_BUFFER_CAP);
    gcm_print_document(&text, shape->plan->datamodel);
    gcm_putf(&text, "\n%d %d\n", (int)shape->database, (int)shape->server);
    gcm_each (const struct gcm_rename, rename, shape->plan->renames)
        gcm_putf(&text, "%.*s=%.*s\n", GCM_P(rename->from), GCM_P(rename->to));
    gcm_each (struct gcm_rule *const, rule, shape->plan->rules->all)
        if (gcm_slice_is((*rule)->subject, "records") || (*rule)->from_user)
            gcm_putf(&text, "%.*s %.*s\n", GCM_P((*rule)->id), GCM_P((*rule)->action));
    for (size_t i = 0; repairs && i < repairs->count; i++)
        gcm_putf(&text, "repair %.*s\n", GCM_P(repairs->at[i]));
    struct gcm_slice all = gcm_buffer_text(&text);
    unsigned char digest[EVP_MAX_MD_SIZE];
    unsigned size = 0;
    EVP_Digest(all.at, all.size, digest, &size, EVP_sha256(), NULL);
    struct gcm_buffer hex = gcm_buffer(arena, GCM_BUFFER_CAP);
    for (unsigned i = 0; i < size; i++)
        gcm_putf(&hex, "%02x", digest[i]);
    return gcm_buffer_text(&hex);
}
