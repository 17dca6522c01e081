/* Values and selections that are put together. */
#include "operations/converting.h"

#include <string.h>

void note_add(struct converting *converting, struct gcm_place place, struct gcm_slice message)
{
    gcm_each (const struct gcm_conversion_note, known, converting->now->notes)
        if (gcm_slice_equal(known->message, message))
            return;
    *gcm_push(converting->arena, &converting->now->notes) =
        (struct gcm_conversion_note){place, message};
}

static struct gcm_slice target_or_refusal(struct converting *converting, struct gcm_slice target,
                                          struct gcm_slice subject, struct gcm_place place)
{
    if (target.size)
        return target;
    const struct gcm_decision *decision = gcm_target_refusal(converting->targets, subject);
    refuse(converting, place, NULL, "%.*s is not in the Prisma service%s%.*s%s", GCM_P(subject),
           decision ? " (" : "", GCM_P(decision ? decision->id : GCM_S("")), decision ? ")" : "");
    return subject;
}

struct gcm_slice model_target(struct converting *converting, const struct gcm_model *model,
                              struct gcm_place place)
{
    return target_or_refusal(converting, gcm_target_model(converting->targets, model), model->name,
                             place);
}

struct gcm_slice field_target(struct converting *converting, const struct gcm_model *model,
                              struct gcm_slice name, struct gcm_place place)
{
    return target_or_refusal(
        converting, gcm_target_field(converting->targets, model, name),
        gcm_format(converting->arena, "%.*s.%.*s", GCM_P(model->name), GCM_P(name)), place);
}

void note_one_way(struct converting *converting, const struct gcm_field *field,
                  struct gcm_place place)
{
    if (field->back != field || field->list)
        return;
    const struct gcm_prisma_field *target =
        gcm_target_prisma(converting->targets, field->model, field->name);
    if (target && target->back && target->back != target)
        note(converting, place,
             "`%.*s` is one direction of the relation now; where this node is the other end, it is "
             "`%.*s`",
             GCM_P(field->name), GCM_P(target->back->name));
}

static struct gcm_value *value_new(struct converting *converting, enum gcm_value_kind kind)
{
    struct gcm_value *value = GCM_NEW(converting->arena, struct gcm_value);
    value->kind = kind;
    return value;
}

struct gcm_value *object_new(struct converting *converting)
{
    return value_new(converting, GCM_VALUE_OBJECT);
}

struct gcm_value *list_new(struct converting *converting)
{
    return value_new(converting, GCM_VALUE_LIST);
}

void list_put(struct converting *converting, struct gcm_value *list, struct gcm_value *value)
{
    size_t count = list->count + 1;
    struct gcm_value **items = gcm_arena_alloc(converting->arena, count * sizeof *items);
    if (list->count)
        memcpy(items, list->items, list->count * sizeof *items);
    items[list->count] = value;
    list->items = items;
    list->count = count;
}

void object_put(struct converting *converting, struct gcm_value *object, struct gcm_slice key,
                struct gcm_value *value)
{
    struct gcm_slice *keys = gcm_arena_alloc(converting->arena, (object->count + 1) * sizeof *keys);
    if (object->count)
        memcpy(keys, object->keys, object->count * sizeof *keys);
    keys[object->count] = key;
    object->keys = keys;
    list_put(converting, object, value);
}

struct gcm_value *object_of(struct converting *converting, const char *key, struct gcm_value *value)
{
    struct gcm_value *object = object_new(converting);
    object_put(converting, object, gcm_slice_of(key), value);
    return object;
}

/* As deep as the parser let it be. */
struct gcm_value *value_copy(struct converting *converting, const struct gcm_value *value)
{
    struct gcm_value *copy = GCM_NEW(converting->arena, struct gcm_value);
    *copy = *value;
    copy->items = NULL;
    copy->count = 0;
    for (size_t i = 0; i < value->count; i++)
        list_put(converting, copy, value_copy(converting, value->items[i]));
    return copy;
}

void argument_put(struct converting *converting, struct gcm_arguments *to, const char *name,
                  struct gcm_value *value)
{
    gcm_argument_add(converting->arena, to, name, value);
}

bool is_null(const struct gcm_value *value)
{
    return value->kind == GCM_VALUE_NULL;
}

bool may_be_absent(const struct converting *converting, const struct gcm_value *value)
{
    if (value->kind == GCM_VALUE_VARIABLE)
        gcm_each (const struct gcm_input_value, variable, converting->now->part.definition->inputs)
            if (gcm_slice_equal(variable->name, value->text))
                return !variable->type->non_null && !variable->default_value;
    return false;
}

struct gcm_selection field_of(const struct gcm_selection *from, struct gcm_slice name)
{
    struct gcm_selection field = *from;
    struct gcm_slice key = from->alias.size ? from->alias : from->name;
    field.name = name;
    field.alias = gcm_slice_equal(key, name) ? GCM_S("") : key;
    return field;
}
