/* Mutations of a relation: addToR, removeFromR, setR, unsetR become an update of one of the two
 * nodes. Their payload held both nodes; an update gives one of them, whose fields are then asked
 * for directly, and the other one through the relation (truth: translation.md, "Mutations"). */
#include "api/api.h"
#include "operations/converting.h"

struct side {
    const struct gcm_model *model;
    const struct gcm_field *field; /* its way to the other side */
    struct gcm_slice name;         /* of its node in the payload */
    const struct gcm_value *id;
    const struct gcm_selection *selected; /* NULL: the client does not ask for it */
};

struct edge {
    struct side a, b;
    bool both_ways; /* one field is both sides: Prisma follows it in one direction only */
};

static const struct gcm_value *id_of(struct converting *converting,
                                     const struct gcm_selection *from, struct gcm_slice name)
{
    struct gcm_slice argument = gcm_format(converting->arena, "%.*sId", GCM_P(name));
    return gcm_argument_named(&from->arguments, argument.at);
}

static void find_selected(struct converting *converting, const struct gcm_selection *from,
                          struct edge *edge)
{
    gcm_each (const struct gcm_selection, selection, from->selections) {
        struct side *side = gcm_slice_equal(selection->name, edge->a.name)   ? &edge->a
                            : gcm_slice_equal(selection->name, edge->b.name) ? &edge->b
                                                                             : NULL;
        if (selection->kind != GCM_SELECTION_FIELD || !side)
            note(converting, selection->place, "the payload of %.*s is gone, and with it %.*s",
                 GCM_P(from->name), GCM_P(selection->name));
        else if (side->selected)
            refuse(converting, selection->place, "ask for each node once",
                   "%.*s is asked for twice", GCM_P(selection->name));
        else
            side->selected = selection;
        if (selection->kind != GCM_SELECTION_FIELD)
            refuse(converting, selection->place, "write its fields in the mutation",
                   "the native API has no type for the payload of %.*s", GCM_P(from->name));
    }
}

static struct edge edge_of(struct converting *converting, const struct gcm_relation *relation,
                           const struct gcm_selection *from)
{
    struct gcm_simple_edge names = gcm_api_simple_edge(converting->arena, relation);
    struct edge edge = {.both_ways = relation->a == relation->b};
    edge.a = (struct side){.model = relation->a->model,
                           .field = relation->a,
                           .name = names.of_a,
                           .id = id_of(converting, from, names.of_a)};
    edge.b = (struct side){.model = relation->b->model,
                           .field = relation->b,
                           .name = names.of_b,
                           .id = id_of(converting, from, names.of_b)};
    find_selected(converting, from, &edge);
    return edge;
}

static struct gcm_value *where_of(struct converting *converting, const struct side *side)
{
    return object_of(converting, "id", value_copy(converting, side->id));
}

/* {posts: {connect: [{id: …}]}} */
static struct gcm_value *data_of(struct converting *converting, const struct side *from,
                                 const struct side *to, bool link)
{
    struct gcm_value *node = where_of(converting, to), *data = object_new(converting);
    if (from->field->list) {
        struct gcm_value *list = list_new(converting);
        list_put(converting, list, node);
        node = list;
    } else if (!link) {
        node = gcm_value_make(converting->arena, GCM_VALUE_BOOLEAN, GCM_S("true"));
    }
    object_put(converting, data,
               field_target(converting, from->model, from->field->name, to->id->place),
               object_of(converting, link ? "connect" : "disconnect", node));
    return data;
}

static struct gcm_selection update_of(struct converting *converting, const struct side *side,
                                      struct gcm_slice alias, struct gcm_value *data)
{
    struct gcm_slice target = model_target(converting, side->model, side->id->place);
    struct gcm_selection made = {.kind = GCM_SELECTION_FIELD, .alias = alias};
    made.name = gcm_format(converting->arena, "update%.*s", GCM_P(target));
    argument_put(converting, &made.arguments, "where", where_of(converting, side));
    argument_put(converting, &made.arguments, "data", data);
    made.has_selections = true;
    return made;
}

static struct gcm_selections nodes_of(struct converting *converting, const struct side *side)
{
    struct scope scope = {.kind = SCOPE_MODEL, .model = side->model};
    return convert_selections(converting, scope, &side->selected->selections);
}

static struct gcm_slice key_of(const struct gcm_selection *selection)
{
    return selection->alias.size ? selection->alias : selection->name;
}

/* The fields of the node that the update gives, without a key of their own; under a directive of
 * the client, in a fragment. */
static void put_own(struct converting *converting, const struct side *side, struct gcm_slice key,
                    struct gcm_selections *to)
{
    struct gcm_selections own = nodes_of(converting, side);
    note(converting, side->selected->place, "the fields of `%.*s.%.*s` are directly in `%.*s` now",
         GCM_P(key), GCM_P(key_of(side->selected)), GCM_P(key));
    if (side->selected->directives.count) {
        struct gcm_selection *inline_fragment = gcm_push(converting->arena, to);
        inline_fragment->kind = GCM_SELECTION_INLINE;
        inline_fragment->directives = side->selected->directives;
        inline_fragment->selections = own;
        inline_fragment->has_selections = true;
        return;
    }
    gcm_each (const struct gcm_selection, selection, own)
        *gcm_push(converting->arena, to) = *selection;
}

/* The other node, through the relation. */
static void put_other(struct converting *converting, const struct side *own,
                      const struct side *other, struct gcm_slice key, struct gcm_selections *to)
{
    struct gcm_selection made =
        field_of(other->selected,
                 field_target(converting, own->model, own->field->name, other->selected->place));
    made.arguments = (struct gcm_arguments){0};
    made.selections = nodes_of(converting, other);
    if (own->field->list) {
        argument_put(converting, &made.arguments, "where", where_of(converting, other));
        note(converting, other->selected->place, "`%.*s.%.*s` is a list with that one node now",
             GCM_P(key), GCM_P(key_of(other->selected)));
    }
    *gcm_push(converting->arena, to) = made;
}

static void put_id(struct converting *converting, struct gcm_selections *to)
{
    if (!to->count)
        *gcm_push(converting->arena, to) =
            (struct gcm_selection){.kind = GCM_SELECTION_FIELD, .name = GCM_S("id")};
}

static struct gcm_slice more(struct converting *converting, struct gcm_slice key,
                             struct gcm_slice what)
{
    return gcm_format(converting->arena, "%.*s_%.*s", GCM_P(key), GCM_P(what));
}

/* The other direction of a relation whose one field is both sides. */
static void put_back(struct converting *converting, const struct edge *edge, struct gcm_slice key,
                     bool link, struct gcm_selections *to)
{
    if (!edge->both_ways)
        return;
    struct gcm_selection made =
        update_of(converting, &edge->b, more(converting, key, GCM_S("back")),
                  data_of(converting, &edge->b, &edge->a, link));
    put_id(converting, &made.selections);
    *gcm_push(converting->arena, to) = made;
    note(converting, edge->b.id->place,
         "Prisma follows %.*s in one direction: `%.*s` writes the other one",
         GCM_P(edge->a.field->name), GCM_P(made.alias));
}

/* The node from which the payload keeps most of its shape: of one that is asked for, the other one
 * if that leads to it alone; else one that leads to one node. */
static bool starts_at_b(const struct edge *edge)
{
    if (!edge->a.selected != !edge->b.selected) {
        bool other_is_b = edge->a.selected != NULL;
        const struct side *other = other_is_b ? &edge->b : &edge->a;
        return other->field->list ? !other_is_b : other_is_b;
    }
    return edge->a.field->list && !edge->b.field->list;
}

static void convert_link(struct converting *converting, const struct edge *edge,
                         struct gcm_slice key, struct gcm_selections *to)
{
    bool swapped = !edge->both_ways && starts_at_b(edge);
    const struct side *own = swapped ? &edge->b : &edge->a;
    const struct side *other = swapped ? &edge->a : &edge->b;
    struct gcm_selection made =
        update_of(converting, own, key, data_of(converting, own, other, true));
    if (own->selected)
        put_own(converting, own, key, &made.selections);
    if (other->selected)
        put_other(converting, own, other, key, &made.selections);
    put_id(converting, &made.selections);
    put_back(converting, edge, key, true, to);
    *gcm_push(converting->arena, to) = made;
}

/* Once the edge is gone, the other node is out of reach: an update that changes nothing gives it.
 * From a list only that one node is taken away. */
static void convert_unlink(struct converting *converting, const struct edge *edge,
                           struct gcm_slice key, struct gcm_selections *to)
{
    bool swapped = !edge->both_ways && edge->b.field->list && !edge->a.field->list;
    const struct side *own = swapped ? &edge->b : &edge->a;
    const struct side *other = swapped ? &edge->a : &edge->b;
    struct gcm_selection made =
        update_of(converting, own, key, data_of(converting, own, other, false));
    if (own->selected)
        put_own(converting, own, key, &made.selections);
    put_id(converting, &made.selections);
    put_back(converting, edge, key, false, to);
    *gcm_push(converting->arena, to) = made;
    note(converting, own->id->place,
         "taking away what is not connected is error 3041 of Prisma; Graphcool let it pass");
    if (!own->field->list)
        note(converting, own->id->place,
             "whatever `%.*s` holds is let go, also if it is another node than the one named",
             GCM_P(own->field->name));
    if (!other->selected)
        return;
    struct gcm_selection rest = update_of(
        converting, other, more(converting, key, key_of(other->selected)), object_new(converting));
    rest.selections = nodes_of(converting, other);
    rest.directives = other->selected->directives;
    *gcm_push(converting->arena, to) = rest;
    note(converting, other->selected->place, "`%.*s.%.*s` is at `%.*s` now", GCM_P(key),
         GCM_P(key_of(other->selected)), GCM_P(rest.alias));
}

void convert_edge(struct converting *converting, const struct simple_root *root,
                  const struct gcm_selection *from, struct gcm_selections *to)
{
    struct edge edge = edge_of(converting, root->relation, from);
    struct gcm_slice key = key_of(from);
    size_t first = to->count;
    if (!edge.a.id || !edge.b.id) {
        refuse(converting, from->place, NULL, "it does not name two nodes");
        return;
    }
    if (root->kind == SIMPLE_LINK)
        convert_link(converting, &edge, key, to);
    else
        convert_unlink(converting, &edge, key, to);
    for (size_t i = first; i < to->count; i++)
        gcm_each (const struct gcm_directive, directive, from->directives)
            *gcm_push(converting->arena, &to->at[i].directives) = *directive;
}
