/* Fields of one response name. Those that can meet in one object must be the same field with the
 * same arguments; all of them must give the same shape. Two passes over sets of fields, each set
 * looked at once: the algorithm that Sangria and Xing use, since comparing pairs takes exponential
 * time on documents that were written for that. */
#include <stdlib.h>
#include <string.h>

#include "graphql/validator.h"

enum { LEVELS = 500, WORK = 2000000 };

struct node {
    const struct gcm_selection *field;
    const struct gcm_schema_entry *parent;
    const struct gcm_field_definition *known; /* NULL: the walk has reported it */
};
typedef GCM_VEC(struct node) nodes;

struct merge {
    struct gcm_validator *validator;
    struct gcm_map seen[2]; /* sets by the addresses of their fields, for each pass */
    size_t work;
    unsigned level;
    bool given_up;
};

enum pass { SHAPES, NAMES };

struct source {
    const struct gcm_selections *selections;
    const struct gcm_schema_entry *parent;
};

static struct gcm_slice response_name(const struct gcm_selection *field)
{
    return field->alias.size ? field->alias : field->name;
}

static const struct gcm_schema_entry *entry_of(struct merge *merge,
                                               const struct gcm_field_definition *field)
{
    return field ? gcm_schema_entry(merge->validator->schema, gcm_type_name(field->type)) : NULL;
}

static struct node node_of(struct merge *merge, const struct gcm_selection *field,
                           const struct gcm_schema_entry *parent)
{
    return (struct node){field, parent,
                         parent ? gcm_schema_field(merge->validator->schema, parent, field->name)
                                : NULL};
}

typedef GCM_VEC(struct source) sources;

/* The fields of selections, those of fragments among them; a fragment counts once in a set. */
static nodes collect(struct merge *merge, sources todo)
{
    struct gcm_validator *validator = merge->validator;
    nodes found = {0};
    struct gcm_map spread = {0};
    for (size_t i = 0; i < todo.count; i++) {
        struct source source = todo.at[i];
        for (size_t j = 0; j < source.selections->count; j++) {
            const struct gcm_selection *selection = &source.selections->at[j];
            merge->work++;
            if (selection->kind == GCM_SELECTION_FIELD) {
                *gcm_push(validator->arena, &found) = node_of(merge, selection, source.parent);
            } else if (selection->kind == GCM_SELECTION_INLINE) {
                *gcm_push(validator->arena, &todo) = (struct source){
                    &selection->selections, selection->on.size
                                                ? gcm_schema_entry(validator->schema, selection->on)
                                                : source.parent};
            } else {
                struct gcm_scope *scope = gcm_map_get(&validator->fragments, selection->name);
                if (scope && !gcm_map_put(validator->arena, &spread, selection->name, scope))
                    *gcm_push(validator->arena, &todo) =
                        (struct source){&scope->definition->selections,
                                        gcm_schema_entry(validator->schema, scope->definition->on)};
            }
        }
    }
    return found;
}

static int by_address(const void *a, const void *b)
{
    const struct gcm_selection *const *x = a, *const *y = b;
    return (*x > *y) - (*x < *y);
}

/* Was this set of fields looked at before? */
static bool is_known(struct merge *merge, enum pass pass, const nodes *set)
{
    struct gcm_arena *arena = merge->validator->arena;
    size_t size = set->count * sizeof(const struct gcm_selection *);
    const struct gcm_selection **key = gcm_arena_alloc(arena, size);
    for (size_t i = 0; i < set->count; i++)
        key[i] = set->at[i].field;
    qsort(key, set->count, sizeof *key, by_address);
    return gcm_map_put(arena, &merge->seen[pass], (struct gcm_slice){(const char *)key, size},
                       merge) != NULL;
}

static bool same_value(const struct gcm_value *a, const struct gcm_value *b)
{
    if (a->kind != b->kind || a->count != b->count)
        return false;
    if (a->kind != GCM_VALUE_LIST && a->kind != GCM_VALUE_OBJECT)
        return gcm_slice_equal(a->text, b->text);
    for (size_t i = 0; i < a->count; i++) {
        size_t at = i;
        if (a->kind == GCM_VALUE_OBJECT)
            for (at = 0; at < b->count && !gcm_slice_equal(a->keys[i], b->keys[at]);)
                at++;
        if (at == b->count || !same_value(a->items[i], b->items[at]))
            return false;
    }
    return true;
}

static bool same_field(const struct gcm_selection *a, const struct gcm_selection *b)
{
    if (!gcm_slice_equal(a->name, b->name) || a->arguments.count != b->arguments.count)
        return false;
    for (size_t i = 0; i < a->arguments.count; i++) {
        size_t at = 0;
        while (at < b->arguments.count &&
               !gcm_slice_equal(a->arguments.at[i].name, b->arguments.at[at].name))
            at++;
        if (at == b->arguments.count ||
            !same_value(a->arguments.at[i].value, b->arguments.at[at].value))
            return false;
    }
    return true;
}

static bool same_shape(struct merge *merge, const struct node *x, const struct node *y)
{
    if (!x->known || !y->known)
        return true;
    const struct gcm_type_ref *a = x->known->type, *b = y->known->type;
    for (; a->of && b->of; a = a->of, b = b->of)
        if (a->non_null != b->non_null)
            return false;
    if (a->of || b->of || a->non_null != b->non_null)
        return false;
    const struct gcm_schema_entry *one = entry_of(merge, x->known),
                                  *other = entry_of(merge, y->known);
    return !one || !other || one == other ||
           (gcm_entry_is_composite(one) && gcm_entry_is_composite(other));
}

static void conflict(struct merge *merge, const struct node *a, const struct node *b,
                     const char *why)
{
    gcm_invalid(merge->validator, b->field->place,
                "Fields \"%.*s\" conflict because \"%.*s\" and \"%.*s\" %s. Use different aliases.",
                GCM_P(response_name(b->field)), GCM_P(a->field->name), GCM_P(b->field->name), why);
}

static void check_set(struct merge *merge, enum pass pass, nodes set);

/* What stands below a group of fields, as one set. */
static void check_children(struct merge *merge, enum pass pass, const nodes *group)
{
    sources below = {0};
    for (size_t i = 0; i < group->count; i++)
        if (group->at[i].field->selections.count)
            *gcm_push(merge->validator->arena, &below) = (struct source){
                &group->at[i].field->selections, entry_of(merge, group->at[i].known)};
    if (below.count)
        check_set(merge, pass, collect(merge, below));
}

static void check_shapes(struct merge *merge, const nodes *group)
{
    for (size_t i = 1; i < group->count; i++)
        if (!same_shape(merge, &group->at[0], &group->at[i]))
            conflict(merge, &group->at[0], &group->at[i], "return conflicting types");
    check_children(merge, SHAPES, group);
}

static void check_same(struct merge *merge, const nodes *group)
{
    for (size_t i = 1; i < group->count; i++)
        if (!same_field(group->at[0].field, group->at[i].field))
            conflict(merge, &group->at[0], &group->at[i],
                     "are different fields or have different arguments");
    check_children(merge, NAMES, group);
}

/* Fields of different object types never meet; those of interfaces meet all of them. */
static void check_names(struct merge *merge, const nodes *group)
{
    struct gcm_arena *arena = merge->validator->arena;
    nodes abstract = {0};
    struct gcm_map by_parent = {0};
    GCM_VEC(nodes *) objects = {0};
    for (size_t i = 0; i < group->count; i++) {
        const struct gcm_schema_entry *parent = group->at[i].parent;
        if (!parent || parent->definition->kind != GCM_DEFINITION_OBJECT) {
            *gcm_push(arena, &abstract) = group->at[i];
            continue;
        }
        nodes *same = gcm_map_get(&by_parent, parent->definition->name);
        if (!same) {
            same = GCM_NEW(arena, nodes);
            gcm_map_put(arena, &by_parent, parent->definition->name, same);
            *gcm_push(arena, &objects) = same;
        }
        *gcm_push(arena, same) = group->at[i];
    }
    for (size_t i = 0; i < objects.count && !merge->given_up; i++) {
        for (size_t j = 0; j < abstract.count; j++)
            *gcm_push(arena, objects.at[i]) = abstract.at[j];
        merge->work += abstract.count;
        check_same(merge, objects.at[i]);
    }
    if (!objects.count)
        check_same(merge, &abstract);
}

static bool give_up(struct merge *merge)
{
    if (merge->given_up || (merge->level < LEVELS && merge->work < WORK))
        return merge->given_up;
    merge->given_up = true;
    gcm_invalid(merge->validator, (struct gcm_place){.file = merge->validator->document->file},
                "The fragments of this document are too entangled to be checked.");
    return true;
}

static void check_set(struct merge *merge, enum pass pass, nodes set)
{
    struct gcm_arena *arena = merge->validator->arena;
    if (give_up(merge) || is_known(merge, pass, &set))
        return;
    merge->level++;
    struct gcm_map by_name = {0};
    GCM_VEC(nodes *) groups = {0};
    for (size_t i = 0; i < set.count; i++) {
        struct gcm_slice name = response_name(set.at[i].field);
        nodes *group = gcm_map_get(&by_name, name);
        if (!group) {
            group = GCM_NEW(arena, nodes);
            gcm_map_put(arena, &by_name, name, group);
            *gcm_push(arena, &groups) = group;
        }
        *gcm_push(arena, group) = set.at[i];
    }
    for (size_t i = 0; i < groups.count && !merge->given_up; i++) {
        if (pass == SHAPES)
            check_shapes(merge, groups.at[i]);
        else
            check_names(merge, groups.at[i]);
    }
    merge->level--;
}

/* A subscription is about one thing. */
static void check_single(struct merge *merge, const struct gcm_definition *operation,
                         const nodes *set)
{
    for (size_t i = 1; i < set->count; i++)
        if (!gcm_slice_equal(response_name(set->at[0].field), response_name(set->at[i].field))) {
            gcm_invalid(merge->validator, set->at[i].field->place,
                        "Subscription \"%.*s\" must select only one top level field.",
                        GCM_P(operation->name));
            return;
        }
}

void gcm_check_merging(struct gcm_validator *validator, const struct gcm_definition *operation)
{
    struct merge merge = {.validator = validator};
    sources top = {0};
    *gcm_push(validator->arena, &top) =
        (struct source){&operation->selections, validator->schema->roots[operation->operation]};
    nodes set = collect(&merge, top);
    if (operation->operation == GCM_OPERATION_SUBSCRIPTION)
        check_single(&merge, operation, &set);
    check_set(&merge, SHAPES, set);
    check_set(&merge, NAMES, set);
}
