/* Root fields: what was generated for a model. */
#include "core/plural.h"
#include "operations/converting.h"

struct gcm_selection root_field(struct converting *converting, const struct gcm_selection *from,
                                const char *verb, struct gcm_slice name)
{
    struct gcm_selection to =
        field_of(from, gcm_format(converting->arena, "%s%.*s", verb, GCM_P(name)));
    to.arguments = (struct gcm_arguments){0};
    return to;
}

static struct gcm_selections nodes(struct converting *converting, const struct gcm_model *model,
                                   const struct gcm_selection *from)
{
    struct scope scope = {.kind = SCOPE_MODEL, .model = model};
    return convert_selections(converting, scope, &from->selections);
}

static struct gcm_slice list_name(struct converting *converting, struct gcm_slice target)
{
    struct gcm_arena *arena = converting->arena;
    return gcm_uncapitalize(arena, gcm_plural_prisma(arena, target));
}

static void convert_all(struct converting *converting, const struct gcm_model *model,
                        struct gcm_slice target, const struct gcm_selection *from,
                        struct gcm_selections *to)
{
    struct gcm_selection made = root_field(converting, from, "", list_name(converting, target));
    made.arguments = convert_paging(converting, model, from);
    made.selections = nodes(converting, model, from);
    *gcm_push(converting->arena, to) = made;
}

/* Graphcool counted all that the filter found, whatever the page. */
static void convert_meta(struct converting *converting, const struct gcm_model *model,
                         struct gcm_slice target, const struct gcm_selection *from,
                         struct gcm_selections *to)
{
    struct gcm_slice name =
        gcm_format(converting->arena, "%.*sConnection", GCM_P(list_name(converting, target)));
    struct gcm_selection made = root_field(converting, from, "", name);
    const struct gcm_value *filter = gcm_argument_named(&from->arguments, "filter");
    if (filter)
        argument_put(converting, &made.arguments, "where",
                     convert_where(converting, model, filter));
    made.selections = (struct gcm_selections){0};
    *gcm_push(converting->arena, &made.selections) =
        (struct gcm_selection){.kind = GCM_SELECTION_FIELD,
                               .name = GCM_S("aggregate"),
                               .selections = from->selections,
                               .closing = from->closing,
                               .has_selections = true};
    made.closing = (struct gcm_slices){0};
    *gcm_push(converting->arena, to) = made;
    struct gcm_slice key = from->alias.size ? from->alias : from->name;
    note(converting, from->place, "the count is at `%.*s.aggregate.count` now, not at `%.*s.count`",
         GCM_P(key), GCM_P(key));
}

/* Of several arguments the server took the first one, by name, that was not null. */
static const struct gcm_argument *unique_of(struct converting *converting,
                                            const struct gcm_selection *from)
{
    const struct gcm_argument *first = NULL;
    size_t given = 0;
    gcm_each (const struct gcm_argument, argument, from->arguments) {
        if (is_null(argument->value))
            continue;
        given++;
        if (!first || gcm_slice_compare(argument->name, first->name) < 0)
            first = argument;
    }
    if (!first)
        refuse(converting, from->place, "say which node it is",
               "without a value for a unique field Graphcool answered error 3000");
    else if (given > 1 && first->value->kind == GCM_VALUE_VARIABLE)
        refuse(converting, from->place, "write one operation for each",
               "it asks by several unique fields, of which Graphcool took the first that was not "
               "null; Prisma takes one");
    return first;
}

static void convert_single(struct converting *converting, const struct gcm_model *model,
                           struct gcm_slice target, const struct gcm_selection *from,
                           struct gcm_selections *to)
{
    const struct gcm_argument *unique = unique_of(converting, from);
    struct gcm_selection made =
        root_field(converting, from, "", gcm_uncapitalize(converting->arena, target));
    struct gcm_value *where = object_new(converting);
    if (unique)
        object_put(
            converting, where, field_target(converting, model, unique->name, unique->place),
            convert_scalar(converting, gcm_map_get(&model->by_name, unique->name), unique->value));
    argument_put(converting, &made.arguments, "where", where);
    made.selections = nodes(converting, model, from);
    *gcm_push(converting->arena, to) = made;
}

/* {id: …} */
static struct gcm_value *where_id(struct converting *converting, const struct gcm_model *model,
                                  const struct gcm_value *id, struct gcm_place place)
{
    struct gcm_value *where = object_new(converting);
    if (id)
        object_put(converting, where, field_target(converting, model, GCM_S("id"), place),
                   value_copy(converting, id));
    else
        refuse(converting, place, NULL, "%.*s has no id to find the node by", GCM_P(model->name));
    return where;
}

static void convert_create_field(struct converting *converting, const struct gcm_model *model,
                                 struct gcm_slice target, const struct gcm_selection *from,
                                 struct gcm_selections *to)
{
    struct gcm_selection made = root_field(converting, from, "create", target);
    argument_put(converting, &made.arguments, "data",
                 convert_create(converting, model, &from->arguments, NULL, from->place));
    made.selections = nodes(converting, model, from);
    *gcm_push(converting->arena, to) = made;
}

/* An update of its own that lets go of the nodes which the next one replaces. */
static void put_cleared(struct converting *converting, struct gcm_slice target,
                        const struct gcm_selection *from, struct gcm_value *where,
                        struct gcm_value *cleared, struct gcm_selections *to)
{
    if (!cleared->count)
        return;
    struct gcm_slice key = from->alias.size ? from->alias : from->name;
    struct gcm_selection made = root_field(converting, from, "update", target);
    made.alias = gcm_format(converting->arena, "%.*s_emptied", GCM_P(key));
    made.selections = (struct gcm_selections){0};
    *gcm_push(converting->arena, &made.selections) =
        (struct gcm_selection){.kind = GCM_SELECTION_FIELD, .name = GCM_S("id")};
    argument_put(converting, &made.arguments, "where", value_copy(converting, where));
    argument_put(converting, &made.arguments, "data", cleared);
    *gcm_push(converting->arena, to) = made;
    note(converting, from->place,
         "nodes that replace the old ones need two steps in Prisma; `%.*s` is the first",
         GCM_P(made.alias));
}

static void convert_update_field(struct converting *converting, const struct gcm_model *model,
                                 struct gcm_slice target, const struct gcm_selection *from,
                                 struct gcm_selections *to)
{
    const struct gcm_value *id = gcm_argument_named(&from->arguments, "id");
    struct gcm_selection made = root_field(converting, from, "update", target);
    struct gcm_value *cleared = object_new(converting);
    struct gcm_value *where = where_id(converting, model, id, from->place);
    struct gcm_value *data = convert_update(converting, model, &from->arguments, cleared);
    put_cleared(converting, target, from, where, cleared, to);
    argument_put(converting, &made.arguments, "where", where);
    argument_put(converting, &made.arguments, "data", data);
    made.selections = nodes(converting, model, from);
    *gcm_push(converting->arena, to) = made;
}

/* The id that stands in `update`, NULL if none does; of a variable that holds all of it a new
 * one. */
static struct gcm_value *id_of_update(struct converting *converting, const struct gcm_value *update)
{
    for (size_t i = 0; i < update->count; i++)
        if (gcm_slice_is(update->keys[i], "id"))
            return value_copy(converting, update->items[i]);
    if (update->kind != GCM_VALUE_VARIABLE)
        return NULL;
    struct gcm_slice name = gcm_format(converting->arena, "%.*sId", GCM_P(update->text));
    *gcm_push(converting->arena, &converting->now->variables) = (struct gcm_variable_change){
        .name = name,
        .to = GCM_S("ID!"),
        .pass = gcm_format(converting->arena, "the id that $%.*s had", GCM_P(update->text))};
    return gcm_value_make(converting->arena, GCM_VALUE_VARIABLE, name);
}

static struct gcm_value *data_of(struct converting *converting, const struct gcm_model *model,
                                 const struct gcm_value *from, struct gcm_value *cleared)
{
    if (!from)
        return object_new(converting);
    if (from->kind != GCM_VALUE_OBJECT)
        return value_copy(converting, from);
    struct gcm_arguments entries = entries_of(converting, from);
    return cleared ? convert_update(converting, model, &entries, cleared)
                   : convert_create(converting, model, &entries, NULL, from->place);
}

static void convert_upsert(struct converting *converting, const struct gcm_model *model,
                           struct gcm_slice target, const struct gcm_selection *from,
                           struct gcm_selections *to)
{
    const struct gcm_value *update = gcm_argument_named(&from->arguments, "update");
    const struct gcm_value *create = gcm_argument_named(&from->arguments, "create");
    struct gcm_selection made = root_field(converting, from, "upsert", target);
    if (!update) {
        refuse(converting, from->place, NULL, "it says nothing to update");
        return;
    }
    struct gcm_value *cleared = object_new(converting);
    struct gcm_value *id = id_of_update(converting, update);
    struct gcm_value *where = where_id(converting, model, id, from->place);
    struct gcm_value *data = data_of(converting, model, update, cleared);
    if (cleared->count)
        refuse(converting, from->place, "update and create in two operations",
               "it replaces the nodes of a relation in a node that may not be there yet");
    argument_put(converting, &made.arguments, "where", where);
    argument_put(converting, &made.arguments, "update", data);
    argument_put(converting, &made.arguments, "create", data_of(converting, model, create, NULL));
    made.selections = nodes(converting, model, from);
    *gcm_push(converting->arena, to) = made;
}

/* They are stored apart, and gone when the answer is made. */
static void note_lists(struct converting *converting, const struct gcm_model *model,
                       const struct gcm_selection *from)
{
    gcm_each (const struct gcm_selection, selection, from->selections) {
        const struct gcm_field *field = gcm_map_get(&model->by_name, selection->name);
        if (field && field->list && field->kind != GCM_FIELD_RELATION)
            note(converting, selection->place,
                 "lists of scalars are [] in the answer to a deletion, whatever they held");
    }
}

static void convert_delete(struct converting *converting, const struct gcm_model *model,
                           struct gcm_slice target, const struct gcm_selection *from,
                           struct gcm_selections *to)
{
    const struct gcm_value *id = gcm_argument_named(&from->arguments, "id");
    struct gcm_selection made = root_field(converting, from, "delete", target);
    argument_put(converting, &made.arguments, "where",
                 where_id(converting, model, id, from->place));
    note_lists(converting, model, from);
    made.selections = nodes(converting, model, from);
    *gcm_push(converting->arena, to) = made;
}

static void convert_event(struct converting *converting, const struct gcm_model *model,
                          struct gcm_slice target, const struct gcm_selection *from,
                          struct gcm_selections *to)
{
    struct scope scope = {.kind = SCOPE_EVENT, .model = model};
    struct gcm_selection made =
        root_field(converting, from, "", gcm_uncapitalize(converting->arena, target));
    const struct gcm_value *filter = gcm_argument_named(&from->arguments, "filter");
    if (filter)
        argument_put(converting, &made.arguments, "where",
                     convert_event_where(converting, model, filter));
    made.selections = convert_selections(converting, scope, &from->selections);
    *gcm_push(converting->arena, to) = made;
}

typedef void convert_kind(struct converting *converting, const struct gcm_model *model,
                          struct gcm_slice target, const struct gcm_selection *from,
                          struct gcm_selections *to);

void convert_root(struct converting *converting, const struct simple_root *root,
                  const struct gcm_selection *from, struct gcm_selections *to)
{
    static convert_kind *const kinds[] = {
        [SIMPLE_ALL] = convert_all,
        [SIMPLE_META] = convert_meta,
        [SIMPLE_SINGLE] = convert_single,
        [SIMPLE_CREATE] = convert_create_field,
        [SIMPLE_UPDATE] = convert_update_field,
        [SIMPLE_UPDATE_OR_CREATE] = convert_upsert,
        [SIMPLE_DELETE] = convert_delete,
        [SIMPLE_EVENT] = convert_event,
    };
    if (root->relation) {
        convert_edge(converting, root, from, to);
        return;
    }
    struct gcm_slice target = model_target(converting, root->model, from->place);
    kinds[root->kind](converting, root->model, target, from, to);
}
