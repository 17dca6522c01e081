/* What is selected: names, arguments of lists, type conditions. */
#include "operations/converting.h"

#include <string.h>

static struct gcm_slice without(struct gcm_slice name, const char *suffix)
{
    return gcm_slice_sub(name, 0, name.size - strlen(suffix));
}

/* What a type condition leads to, and its new name. */
static struct scope scope_on(struct converting *converting, struct gcm_slice on,
                             struct gcm_place place, struct gcm_slice *target)
{
    static const char *const roots[] = {"Query", "Mutation", "Subscription"};
    static const struct {
        const char *suffix;
        enum scope_kind kind;
    } derived[] = {
        {"", SCOPE_MODEL}, {"SubscriptionPayload", SCOPE_EVENT}, {"PreviousValues", SCOPE_VALUES}};
    *target = on;
    for (size_t i = 0; i < sizeof derived / sizeof *derived; i++) {
        const struct gcm_model *model =
            gcm_slice_ends(on, derived[i].suffix)
                ? gcm_map_get(&converting->project->model_names, without(on, derived[i].suffix))
                : NULL;
        if (!model)
            continue;
        *target = gcm_format(converting->arena, "%.*s%s",
                             GCM_P(model_target(converting, model, place)), derived[i].suffix);
        return (struct scope){.kind = derived[i].kind, .model = model};
    }
    for (int i = 0; i < 3; i++)
        if (gcm_slice_is(on, roots[i]))
            return (struct scope){.kind = SCOPE_ROOT, .operation = (enum gcm_operation_kind)i};
    if (gcm_slice_is(on, "_QueryMeta") || gcm_map_get(&converting->payloads, on))
        refuse(converting, place, "select its fields where it is used",
               "the native API has no type %.*s", GCM_P(on));
    return (struct scope){.kind = SCOPE_SAME};
}

static struct gcm_selection inner(struct converting *converting, struct scope scope,
                                  const struct gcm_selection *from, struct gcm_slice name)
{
    struct gcm_selection to = field_of(from, name);
    to.selections = convert_selections(converting, scope, &from->selections);
    return to;
}

/* `_commentsMeta { count }`: Prisma counts at the top only, so the ids are asked for. */
static bool convert_nested_meta(struct converting *converting, const struct gcm_model *model,
                                const struct gcm_selection *from, struct gcm_selections *to)
{
    if (!gcm_slice_starts(from->name, "_") || !gcm_slice_ends(from->name, "Meta"))
        return false;
    struct gcm_slice name = gcm_slice_sub(without(from->name, "Meta"), 1, SIZE_MAX);
    const struct gcm_field *field = gcm_map_get(&model->by_name, name);
    if (!field || field->kind != GCM_FIELD_RELATION)
        return false;
    struct gcm_selection list = field_of(from, field_target(converting, model, name, from->place));
    list.arguments = (struct gcm_arguments){0};
    const struct gcm_value *filter = gcm_argument_named(&from->arguments, "filter");
    if (filter)
        argument_put(converting, &list.arguments, "where",
                     convert_where(converting, field->target, filter));
    list.selections = (struct gcm_selections){0};
    *gcm_push(converting->arena, &list.selections) =
        (struct gcm_selection){.kind = GCM_SELECTION_FIELD, .name = GCM_S("id")};
    *gcm_push(converting->arena, to) = list;
    struct gcm_slice key = from->alias.size ? from->alias : from->name;
    note(converting, from->place,
         "%.*s: Prisma counts root lists only; this gives the nodes' ids, whose number (`.length`) "
         "is what `.count` was",
         GCM_P(key));
    return true;
}

static void convert_model_field(struct converting *converting, const struct gcm_model *model,
                                const struct gcm_selection *from, struct gcm_selections *to)
{
    const struct gcm_field *field = gcm_map_get(&model->by_name, from->name);
    if (!field && convert_nested_meta(converting, model, from, to))
        return;
    struct gcm_slice name = field_target(converting, model, from->name, from->place);
    struct scope scope = {.kind = SCOPE_SAME};
    if (field && field->kind == GCM_FIELD_RELATION) {
        scope = (struct scope){.kind = SCOPE_MODEL, .model = field->target};
        note_one_way(converting, field, from->place);
    }
    if (field && field->enum_type && gcm_target_renamed(converting->targets, field->enum_type))
        note(converting, from->place, "%.*s: values of the enum %.*s have new names",
             GCM_P(from->name), GCM_P(field->enum_type->name));
    if (field && field->kind != GCM_FIELD_RELATION && field->list && !field->required)
        note(converting, from->place, "`%.*s`: a list that was never given is [] now, not null",
             GCM_P(from->alias.size ? from->alias : from->name));
    struct gcm_selection made = inner(converting, scope, from, name);
    if (field && field->kind == GCM_FIELD_RELATION && field->list)
        made.arguments = convert_paging(converting, field->target, from);
    else if (from->arguments.count)
        refuse(converting, from->place, "ask for the node and look at it in the client",
               "a field of one node has no arguments in Prisma: %.*s.%.*s cannot be filtered",
               GCM_P(model->name), GCM_P(from->name));
    *gcm_push(converting->arena, to) = made;
}

static void convert_event_field(struct converting *converting, const struct gcm_model *model,
                                const struct gcm_selection *from, struct gcm_selections *to)
{
    struct scope scope = {.kind = SCOPE_SAME, .model = model};
    if (gcm_slice_is(from->name, "node"))
        scope.kind = SCOPE_MODEL;
    if (gcm_slice_is(from->name, "previousValues"))
        scope.kind = SCOPE_VALUES;
    if (gcm_slice_is(from->name, "updatedFields") &&
        gcm_target_fields_renamed(converting->targets, model))
        note(converting, from->place, "updatedFields names the fields as Prisma calls them");
    *gcm_push(converting->arena, to) = inner(converting, scope, from, from->name);
}

static void convert_root_field(struct converting *converting, enum gcm_operation_kind operation,
                               const struct gcm_selection *from, struct gcm_selections *to)
{
    const struct simple_root *root = gcm_map_get(&converting->roots[operation], from->name);
    if (root) {
        convert_root(converting, root, from, to);
        return;
    }
    struct scope scope = {.kind = SCOPE_SAME};
    if (operation == GCM_OPERATION_QUERY && gcm_slice_is(from->name, "user"))
        scope =
            (struct scope){.kind = SCOPE_MODEL,
                           .model = gcm_map_get(&converting->project->model_names, GCM_S("User"))};
    if (operation == GCM_OPERATION_QUERY && gcm_slice_is(from->name, "user") && !scope.model)
        scope.kind = SCOPE_SAME;
    *gcm_push(converting->arena, to) = inner(converting, scope, from, from->name);
}

static void note_typename(struct converting *converting, const struct gcm_model *model,
                          const struct gcm_selection *from)
{
    struct gcm_slice target = gcm_target_model(converting->targets, model);
    if (!gcm_slice_equal(target, model->name))
        note(converting, from->place, "`%.*s` is %.*s now, not %.*s",
             GCM_P(from->alias.size ? from->alias : from->name), GCM_P(target), GCM_P(model->name));
}

static void convert_field(struct converting *converting, struct scope scope,
                          const struct gcm_selection *from, struct gcm_selections *to)
{
    static const struct scope same = {.kind = SCOPE_SAME};
    if (scope.kind == SCOPE_MODEL && gcm_slice_is(from->name, "__typename"))
        note_typename(converting, scope.model, from);
    if (gcm_slice_starts(from->name, "__") || scope.kind == SCOPE_SAME)
        *gcm_push(converting->arena, to) = inner(converting, same, from, from->name);
    else if (scope.kind == SCOPE_ROOT)
        convert_root_field(converting, scope.operation, from, to);
    else if (scope.kind == SCOPE_EVENT)
        convert_event_field(converting, scope.model, from, to);
    else
        convert_model_field(converting, scope.model, from, to);
}

struct gcm_selections convert_selections(struct converting *converting, struct scope scope,
                                         const struct gcm_selections *from)
{
    struct gcm_selections to = {0};
    gcm_each (const struct gcm_selection, selection, *from) {
        if (selection->kind == GCM_SELECTION_FIELD) {
            convert_field(converting, scope, selection, &to);
            continue;
        }
        struct gcm_selection *copy = gcm_push(converting->arena, &to);
        *copy = *selection;
        struct scope on = scope;
        if (selection->kind == GCM_SELECTION_INLINE && selection->on.size)
            on = scope_on(converting, selection->on, selection->place, &copy->on);
        copy->selections = convert_selections(converting, on, &selection->selections);
    }
    return to;
}

struct gcm_selections convert_fragment(struct converting *converting,
                                       const struct gcm_definition *fragment,
                                       struct gcm_slice *target)
{
    struct scope scope = scope_on(converting, fragment->on, fragment->place, target);
    return convert_selections(converting, scope, &fragment->selections);
}
