/* What is written: flat arguments become `data`, ids become connections, nodes in nodes become
 * nested creates (truth: translation.md, "Mutations"). */
#include "operations/converting.h"

#include <string.h>

struct gcm_arguments entries_of(struct converting *converting, const struct gcm_value *object)
{
    struct gcm_arguments entries = {0};
    for (size_t i = 0; i < object->count; i++)
        *gcm_push(converting->arena, &entries) =
            (struct gcm_argument){object->items[i]->place, object->keys[i], object->items[i]};
    return entries;
}

static struct gcm_value *value_at(const struct gcm_value *object, struct gcm_slice key)
{
    for (size_t i = 0; i < object->count; i++)
        if (gcm_slice_equal(object->keys[i], key))
            return object->items[i];
    return NULL;
}

/* The relation that "authorId" or "tagsIds" sets, or NULL. */
static const struct gcm_field *field_by_id(const struct gcm_model *model, struct gcm_slice name)
{
    gcm_each (struct gcm_field *const, field, model->fields) {
        const char *suffix = (*field)->list ? "Ids" : "Id";
        size_t size = strlen(suffix);
        if ((*field)->kind == GCM_FIELD_RELATION && gcm_slice_ends(name, suffix) &&
            gcm_slice_equal((*field)->name, gcm_slice_sub(name, 0, name.size - size)))
            return *field;
    }
    return NULL;
}

/* {id: …}. An id that a client may leave out cannot be left out of it. */
static struct gcm_value *node_of(struct converting *converting, const struct gcm_field *field,
                                 const struct gcm_value *id)
{
    if (may_be_absent(converting, id))
        note(converting, id->place,
             "$%.*s must always be given now: where it is null or absent, send an operation "
             "without `%.*s`",
             GCM_P(id->text), GCM_P(field->name));
    return object_of(converting, "id", value_copy(converting, id));
}

/* A list of ids as a list of nodes; a variable changes its type. */
static struct gcm_value *nodes_of(struct converting *converting, const struct gcm_field *field,
                                  const struct gcm_value *ids)
{
    if (ids->kind == GCM_VALUE_VARIABLE)
        return value_copy(converting, ids);
    struct gcm_value *list = list_new(converting);
    if (ids->kind != GCM_VALUE_LIST)
        list_put(converting, list, node_of(converting, field, ids));
    for (size_t i = 0; ids->kind == GCM_VALUE_LIST && i < ids->count; i++)
        list_put(converting, list, node_of(converting, field, ids->items[i]));
    return list;
}

/* One node or a list of them, to be created. */
static struct gcm_value *created(struct converting *converting, const struct gcm_field *field,
                                 const struct gcm_value *value)
{
    if (value->kind == GCM_VALUE_OBJECT) {
        struct gcm_arguments entries = entries_of(converting, value);
        return convert_create(converting, field->target, &entries, field, value->place);
    }
    if (value->kind != GCM_VALUE_LIST)
        return value_copy(converting, value);
    struct gcm_value *list = list_new(converting);
    for (size_t i = 0; i < value->count; i++)
        list_put(converting, list, created(converting, field, value->items[i]));
    return list;
}

static bool is_nothing(const struct gcm_value *value)
{
    return is_null(value) || (value->kind == GCM_VALUE_LIST && !value->count);
}

/* ---- scalars -------------------------------------------------------------------------------- */

static void put_scalar(struct converting *converting, const struct gcm_field *field,
                       struct gcm_slice target, const struct gcm_value *value,
                       struct gcm_value *data)
{
    struct gcm_value *scalar = convert_scalar(converting, field, value);
    if (field && field->list && field->required && is_null(value))
        refuse(converting, value->place, "give it a list",
               "null for the required list `%.*s` was always refused by Graphcool (3020)",
               GCM_P(field->name));
    if (field && field->list && is_null(value))
        scalar = list_new(converting);
    object_put(converting, data, target,
               field && field->list ? object_of(converting, "set", scalar) : scalar);
}

/* ---- relations ------------------------------------------------------------------------------ */

struct written {
    const struct gcm_field *field;
    bool by_id;
    struct gcm_place place;
    const struct gcm_value *value;
};

static void create_relation(struct converting *converting, const struct written *written,
                            struct gcm_value *to)
{
    const struct gcm_field *field = written->field;
    if (is_nothing(written->value))
        return;
    if (!written->by_id)
        object_put(converting, to, GCM_S("create"), created(converting, field, written->value));
    else if (field->list)
        object_put(converting, to, GCM_S("connect"), nodes_of(converting, field, written->value));
    else
        object_put(converting, to, GCM_S("connect"), node_of(converting, field, written->value));
}

static void update_to_one(struct converting *converting, const struct written *written,
                          struct gcm_value *to)
{
    const struct gcm_field *field = written->field;
    if (!is_null(written->value)) {
        create_relation(converting, written, to);
    } else if (field->required) {
        refuse(converting, written->place, "give it another node, or make the field optional",
               "null takes the required %.*s.%.*s away, which Prisma cannot do",
               GCM_P(field->model->name), GCM_P(field->name));
    } else {
        note(converting, written->place,
             "taking away what is not connected is error 3041 of Prisma; Graphcool let it pass");
        object_put(converting, to, GCM_S("disconnect"),
                   gcm_value_make(converting->arena, GCM_VALUE_BOOLEAN, GCM_S("true")));
    }
}

/* The nodes of a to-many relation are replaced: by ids with `set`; by new ones after the old ones
 * were let go in a field of its own, since Prisma would let go of the new ones, too. */
static void update_to_many(struct converting *converting, const struct written *written,
                           struct gcm_value *to, struct gcm_slice target, struct gcm_value *cleared)
{
    const struct gcm_field *field = written->field;
    if (field->back && field->back->required && !field->back->list)
        note(converting, written->place,
             "nodes that leave %.*s lose their required `%.*s`: Graphcool refused that (3032), "
             "Prisma does not",
             GCM_P(field->name), GCM_P(field->back->name));
    bool by_id = written->by_id || is_nothing(written->value);
    if (by_id && to->count)
        return; /* of ids and new nodes Graphcool kept the new nodes */
    to->count = 0;
    if (by_id) {
        object_put(converting, to, GCM_S("set"),
                   is_null(written->value) ? list_new(converting)
                                           : nodes_of(converting, field, written->value));
        return;
    }
    object_put(converting, to, GCM_S("create"), created(converting, field, written->value));
    object_put(converting, cleared, target, object_of(converting, "set", list_new(converting)));
}

static void put_relation(struct converting *converting, const struct written *written,
                         struct gcm_value *data, struct gcm_value *cleared)
{
    const struct gcm_field *field = written->field;
    struct gcm_slice target = field_target(converting, field->model, field->name, written->place);
    note_one_way(converting, field, written->place);
    struct gcm_value *known = value_at(data, target), *to = known;
    if (!to)
        to = object_new(converting);
    if (!cleared)
        create_relation(converting, written, to);
    else if (!field->list)
        update_to_one(converting, written, to);
    else
        update_to_many(converting, written, to, target, cleared);
    if (!known && to->count)
        object_put(converting, data, target, to);
}

/* ---- all that is written of a model --------------------------------------------------------- */

struct writing {
    const struct gcm_model *model;
    const struct gcm_field *from; /* the field that a nested node is created through, or NULL */
    struct gcm_value *data;
    struct gcm_value *cleared; /* NULL: a create */
};

static void put_entry(struct converting *converting, const struct writing *writing,
                      const struct gcm_argument *entry)
{
    const struct gcm_model *model = writing->model;
    const struct gcm_field *field = gcm_map_get(&model->by_name, entry->name);
    const struct gcm_field *by_id = field ? NULL : field_by_id(model, entry->name);
    struct written written = {by_id ? by_id : field, by_id != NULL, entry->place, entry->value};
    if (!by_id && (!field || field->kind != GCM_FIELD_RELATION)) {
        put_scalar(converting, field, field_target(converting, model, entry->name, entry->place),
                   entry->value, writing->data);
        return;
    }
    if (!writing->from || writing->from->back != written.field)
        put_relation(converting, &written, writing->data, writing->cleared);
    else if (!is_nothing(entry->value))
        refuse(converting, entry->place, "connect the others in an operation of their own",
               "a node that is created through %.*s.%.*s has no %.*s in Prisma",
               GCM_P(writing->from->model->name), GCM_P(writing->from->name), GCM_P(entry->name));
}

/* A required node that nothing gives: Graphcool took the operation and then always failed. */
static void refuse_without_required(struct converting *converting, const struct writing *writing,
                                    const struct gcm_arguments *entries, struct gcm_place place)
{
    gcm_each (struct gcm_field *const, field, writing->model->fields) {
        if ((*field)->kind != GCM_FIELD_RELATION || (*field)->list || !(*field)->required ||
            (writing->from && writing->from->back == *field))
            continue;
        bool given = false;
        gcm_each (const struct gcm_argument, entry, *entries)
            given |= !is_null(entry->value) && (gcm_slice_equal(entry->name, (*field)->name) ||
                                                field_by_id(writing->model, entry->name) == *field);
        if (!given)
            refuse(converting, place, "give it, or it fails afterwards, too",
                   "a %.*s without its required `%.*s` was always refused by Graphcool (3032)",
                   GCM_P(writing->model->name), GCM_P((*field)->name));
    }
}

struct gcm_value *convert_create(struct converting *converting, const struct gcm_model *model,
                                 const struct gcm_arguments *entries, const struct gcm_field *from,
                                 struct gcm_place place)
{
    struct writing writing = {.model = model, .from = from, .data = object_new(converting)};
    refuse_without_required(converting, &writing, entries, place);
    gcm_each (const struct gcm_argument, entry, *entries)
        put_entry(converting, &writing, entry);
    return writing.data;
}

struct gcm_value *convert_update(struct converting *converting, const struct gcm_model *model,
                                 const struct gcm_arguments *entries, struct gcm_value *cleared)
{
    struct writing writing = {.model = model, .data = object_new(converting), .cleared = cleared};
    gcm_each (const struct gcm_argument, entry, *entries)
        if (!gcm_slice_is(entry->name, "id"))
            put_entry(converting, &writing, entry);
    return writing.data;
}
