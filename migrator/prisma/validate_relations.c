/* Rules of relations: A4–A9 between fields, B1–B5 of links, B7 of relation tables. */
#include "prisma/validate.h"

#include "graphql/print.h"

/* ---- phase A ------------------------------------------------------------------------------ */

/* How often a relation name stands between two types, and whether a field without one does. */
struct uses {
    size_t count;
    bool unnamed;
};

/* The first and last field that carry a relation name. */
struct name_uses {
    const struct gcm_prisma_field *first, *last;
};

struct gcm_check_relations {
    struct gcm_map uses;                            /* struct uses by "FROM TO NAME" */
    GCM_VEC(const struct gcm_prisma_field *) named; /* with a name in @relation */
    struct gcm_check_part part;                     /* A7, A8, A9 of the whole document */
    bool reported;
};

/* Everything that is neither scalar nor enum is a relation for the server, also a type that there
 * isn't. */
static bool is_relation(const struct gcm_prisma_field *field)
{
    return field->kind == GCM_PRISMA_RELATION || field->kind == GCM_PRISMA_UNKNOWN;
}

static bool is_self(const struct gcm_prisma_field *field)
{
    return gcm_slice_equal(field->type->name, field->type_name);
}

static struct uses *uses_of(struct gcm_check *check, struct gcm_check_relations *relations,
                            struct gcm_slice from, struct gcm_slice to, struct gcm_slice name)
{
    struct gcm_slice key =
        gcm_format(check->arena, "%.*s %.*s %.*s", GCM_P(from), GCM_P(to), GCM_P(name));
    struct uses *uses = gcm_map_get(&relations->uses, key);
    if (!uses) {
        uses = GCM_NEW(check->arena, struct uses);
        gcm_map_put(check->arena, &relations->uses, key, uses);
    }
    return uses;
}

/* Fields between the two types that carry this field's name. Throws, as the server does, if the
 * other type isn't there. */
static bool count_uses(struct gcm_check *check, struct gcm_check_relations *relations,
                       const struct gcm_prisma_field *field, struct gcm_check_part *part,
                       size_t *count)
{
    if (!gcm_map_get(&check->datamodel->type_names, field->type_name)) {
        gcm_check_throw(check, part, "A2", field->definition->place,
                        "java.lang.RuntimeException: Could not find the object type %.*s!",
                        GCM_P(field->type_name));
        return false;
    }
    *count =
        uses_of(check, relations, field->type->name, field->type_name, field->relation_name)->count;
    if (!is_self(field))
        *count +=
            uses_of(check, relations, field->type_name, field->type->name, field->relation_name)
                ->count;
    return true;
}

/* The name that the field's relation had before: oldName, else name. */
static struct gcm_slice previous_name(const struct gcm_prisma_field *field)
{
    struct gcm_slice old;
    return gcm_value_text(
               gcm_directive_value(&field->definition->directives, "relation", "oldName"), &old)
               ? old
               : field->relation_name;
}

/* A9 */
static void mismatch(struct gcm_check *check, const struct gcm_prisma_field *field,
                     const struct gcm_prisma_field *other)
{
    if (gcm_slice_equal(field->type_name, other->type->name))
        return;
    struct gcm_buffer type = gcm_buffer(check->arena, GCM_BUFFER_CAP);
    gcm_print_type(&type, field->definition->type);
    gcm_check_field(check, "A9", field,
                    "The relation field `%.*s` has the type `%.*s`. But the other directive for "
                    "this relation appeared on the type `%.*s`",
                    GCM_P(field->name), GCM_P(gcm_buffer_text(&type)), GCM_P(other->type->name));
}

static void check_pairs(struct gcm_check *check, struct gcm_check_relations *relations)
{
    struct gcm_map names = {0};
    GCM_VEC(struct name_uses *) all = {0};
    gcm_each (const struct gcm_prisma_field *, field, relations->named) {
        struct name_uses *uses = gcm_map_get(&names, previous_name(*field));
        if (!uses) {
            uses = GCM_NEW(check->arena, struct name_uses);
            uses->first = *field;
            gcm_map_put(check->arena, &names, previous_name(*field), uses);
            *gcm_push(check->arena, &all) = uses;
        }
        uses->last = *field;
    }
    gcm_each (struct name_uses *, uses, all) {
        if ((*uses)->first == (*uses)->last)
            continue;
        mismatch(check, (*uses)->first, (*uses)->last);
        mismatch(check, (*uses)->last, (*uses)->first);
    }
}

/* A7 */
static void check_one_sided_names(struct gcm_check *check, struct gcm_check_relations *relations)
{
    gcm_each (const struct gcm_prisma_field *, at, relations->named) {
        const struct gcm_prisma_field *field = *at;
        size_t count;
        if (is_self(field))
            continue;
        if (!count_uses(check, relations, field, &relations->part, &count))
            return;
        if (count == 1 &&
            uses_of(check, relations, field->type_name, field->type->name, GCM_S(""))->unnamed)
            gcm_check_field(check, "A7", field,
                            "You are trying to set the relation '%.*s' from `%.*s` to `%.*s` and "
                            "are only providing a relation directive with a name on `%.*s`. "
                            "Please also provide the same named relation directive on the "
                            "relation field on `%.*s` pointing towards `%.*s`.",
                            GCM_P(previous_name(field)), GCM_P(field->type->name),
                            GCM_P(field->type_name), GCM_P(field->type->name),
                            GCM_P(field->type_name), GCM_P(field->type->name));
    }
}

/* A8 */
static void check_names(struct gcm_check *check, struct gcm_check_relations *relations)
{
    gcm_each (const struct gcm_prisma_field *, field, relations->named) {
        if (!gcm_is_prisma_name((*field)->relation_name, 54))
            gcm_check_field(check, "A8", *field,
                            "The field `%.*s` has an invalid name in the `@relation` directive. "
                            "It can only have up to 54 characters and must have the shape "
                            "[A-Z][a-zA-Z0-9]*",
                            GCM_P((*field)->name));
    }
}

struct gcm_check_relations *gcm_check_relations_of(struct gcm_check *check)
{
    struct gcm_check_relations *relations = GCM_NEW(check->arena, struct gcm_check_relations);
    gcm_each (struct gcm_prisma_type *, type, check->datamodel->types) {
        gcm_each (struct gcm_prisma_field *, at, (*type)->fields) {
            const struct gcm_prisma_field *field = *at;
            bool named = gcm_relation_named(field);
            struct uses *uses = uses_of(check, relations, field->type->name, field->type_name,
                                        named ? field->relation_name : GCM_S(""));
            if (named)
                uses->count++;
            else if (is_relation(field))
                uses->unnamed = true;
            if (named && is_relation(field))
                *gcm_push(check->arena, &relations->named) = field;
        }
    }
    struct gcm_check own = *check;
    struct gcm_map seen = {0};
    own.errors = &relations->part.errors;
    own.seen = &seen;
    check_pairs(&own, relations);
    check_one_sided_names(&own, relations);
    check_names(&own, relations);
    return relations;
}

/* A4–A6 of one field that is not the only one between its type and its target. */
static void check_ambiguous(struct gcm_check *check, struct gcm_check_relations *relations,
                            const struct gcm_prisma_field *field, struct gcm_check_part *part)
{
    size_t count;
    if (!gcm_relation_named(field)) {
        gcm_check_field(check, "A4", field,
                        "The relation field `%.*s` must specify a `@relation` directive: "
                        "`@relation(name: \"MyRelation\")`",
                        GCM_P(field->name));
        return;
    }
    if (!count_uses(check, relations, field, part, &count))
        return;
    if (!is_self(field) && count > 2)
        gcm_check_field(check, "A5", field,
                        "A relation directive cannot appear more than twice. Relation name: "
                        "'%.*s'",
                        GCM_P(previous_name(field)));
    if (is_self(field) && count != 1 && count != 2)
        gcm_check_field(check, "A6", field,
                        "A relation directive for a self relation must appear either 1 or 2 "
                        "times. Relation name: '%.*s'",
                        GCM_P(previous_name(field)));
}

void gcm_check_model_relations(struct gcm_check *check, struct gcm_check_relations *relations,
                               const struct gcm_prisma_type *type, struct gcm_check_part *part)
{
    struct gcm_map targets = {0}, doubles = {0}, seen = {0};
    struct gcm_check own = *check;
    own.errors = &part->errors;
    own.seen = &seen;
    gcm_each (struct gcm_prisma_field *, field, type->fields) {
        if (is_relation(*field) && gcm_map_put(check->arena, &targets, (*field)->type_name, *field))
            gcm_map_put(check->arena, &doubles, (*field)->type_name, *field);
    }
    gcm_each (struct gcm_prisma_field *, field, type->fields) {
        if (is_relation(*field) && gcm_map_get(&doubles, (*field)->type_name))
            check_ambiguous(&own, relations, *field, part);
    }
    if (!part->thrown.rule)
        part->thrown = relations->part.thrown;
    if (part->thrown.rule)
        return;
    gcm_each (struct gcm_datamodel_error, error, part->errors)
        gcm_check_add(check, error);
    if (relations->reported)
        return;
    relations->reported = true;
    gcm_each (struct gcm_datamodel_error, error, relations->part.errors)
        gcm_check_add(check, error);
}

/* ---- phase B ------------------------------------------------------------------------------ */

static void missing_link(struct gcm_check *check, const struct gcm_prisma_field *field)
{
    const struct gcm_prisma_field *back = field->back;
    bool mongo = check->database == GCM_DATABASE_MONGO;
    bool one_to_one = !field->list && back && !back->list;
    if (field->link != GCM_LINK_UNSET || (back && back->link != GCM_LINK_UNSET) ||
        !(mongo || one_to_one) || field->type->embedded || field->target->embedded)
        return;
    gcm_check_field(check, "B1", field,
                    "The field `%.*s` must provide a relation link mode. Either specify it on this "
                    "field or the opposite field. Valid values are: %s`@relation(link: INLINE)`",
                    GCM_P(field->name), mongo ? "" : "`@relation(link: TABLE)`,");
}

static void back_of_embedded(struct gcm_check *check, const struct gcm_prisma_field *field)
{
    if (field->back && field->target->embedded)
        gcm_check_field(check, "B4", field->back,
                        "The type `%.*s` specifies the back relation field `%.*s`, which is "
                        "disallowed for embedded types.",
                        GCM_P(field->target->name), GCM_P(field->back->name));
}

static void double_link(struct gcm_check *check, const struct gcm_prisma_field *field)
{
    if (field->back && field->link != GCM_LINK_UNSET && field->back->link != GCM_LINK_UNSET)
        gcm_check_field(check, "B2", field,
                        "The `link` argument must be specified only on one side of a relation. The "
                        "field `%.*s` provides a link mode and the opposite field `%.*s` as "
                        "well.}",
                        GCM_P(field->name), GCM_P(field->back->name));
}

static void inline_list(struct gcm_check *check, const struct gcm_prisma_field *field)
{
    if (!field->list || field->link != GCM_LINK_INLINE || check->database == GCM_DATABASE_MONGO)
        return;
    struct gcm_slice hint = GCM_S("You could fix this by using the strategy `TABLE` instead.");
    if (field->back && !field->back->list)
        hint = gcm_format(check->arena,
                          "You could fix this by putting `link: INLINE` on the opposite field "
                          "`%.*s` in the model `%.*s`.",
                          GCM_P(field->back->name), GCM_P(field->back->type->name));
    gcm_check_field(check, "B3", field,
                    "This connector does not support the `INLINE` strategy for list relation "
                    "fields. %.*s",
                    GCM_P(hint));
}

static void cascade_on_mongo(struct gcm_check *check, const struct gcm_prisma_field *field)
{
    if (field->cascade && check->database == GCM_DATABASE_MONGO)
        gcm_check_field(check, "B5", field,
                        "The Mongo connector currently does not support Cascading Deletes, but "
                        "the field `%.*s` defines cascade behaviour. Please remove the onDelete "
                        "argument.}",
                        GCM_P(field->name));
}

/* B6 */
static void list_strategy(struct gcm_check *check, const struct gcm_prisma_field *field)
{
    struct gcm_slice strategy;
    if (!field->list || field->kind == GCM_PRISMA_RELATION || check->database == GCM_DATABASE_MONGO)
        return;
    if (!gcm_value_text(
            gcm_directive_value(&field->definition->directives, "scalarList", "strategy"),
            &strategy))
        gcm_check_field(check, "B6", field,
                        "Valid values for the strategy argument of `@scalarList` are: RELATION.");
}

void gcm_check_links(struct gcm_check *check)
{
    static void (*const rules[])(struct gcm_check *, const struct gcm_prisma_field *) = {
        missing_link, back_of_embedded, double_link, inline_list, cascade_on_mongo, list_strategy};
    for (size_t i = 0; i < sizeof rules / sizeof *rules; i++)
        gcm_each (struct gcm_prisma_type *, type, check->datamodel->types)
            gcm_each (struct gcm_prisma_field *, field, (*type)->fields)
                if (!(*type)->relation_table && ((*field)->target || rules[i] == list_strategy))
                    rules[i](check, *field);
}

/* ---- relation tables: B7 ------------------------------------------------------------------ */

/* The fields of models whose relation carries a name: the first one and how many types they join.
 */
struct linked {
    struct gcm_map types; /* names of the types on both ends */
};

static struct gcm_map linked_types(struct gcm_check *check)
{
    struct gcm_map all = {0};
    gcm_each (struct gcm_prisma_type *, type, check->datamodel->types) {
        gcm_each (struct gcm_prisma_field *, at, (*type)->fields) {
            struct gcm_prisma_field *field = *at;
            if ((*type)->relation_table || !field->target || !gcm_relation_named(field))
                continue;
            struct linked *linked = gcm_map_get(&all, field->relation_name);
            if (!linked) {
                linked = GCM_NEW(check->arena, struct linked);
                gcm_map_put(check->arena, &all, field->relation_name, linked);
            }
            gcm_map_put(check->arena, &linked->types, (*type)->name, field);
            gcm_map_put(check->arena, &linked->types, field->target->name, field);
        }
    }
    return all;
}

static bool links_these(struct gcm_check *check, const struct gcm_prisma_type *table,
                        const struct linked *linked)
{
    struct gcm_map own = {0};
    gcm_each (struct gcm_prisma_field *, field, table->fields) {
        if (!(*field)->target)
            continue;
        if (!gcm_map_get(&linked->types, (*field)->target->name))
            return false;
        gcm_map_put(check->arena, &own, (*field)->target->name, *field);
    }
    return own.count == linked->types.count;
}

static void table_shape(struct gcm_check *check, const struct gcm_prisma_type *table)
{
    size_t relations = 0;
    gcm_each (struct gcm_prisma_field *, field, table->fields)
        relations += (*field)->target != NULL;
    if (relations != 2)
        gcm_check_type(check, "B7", table,
                       "A link table must specify exactly two relation fields.");
    gcm_each (struct gcm_prisma_field *, field, table->fields)
        if (!(*field)->target && !(*field)->id)
            gcm_check_field(check, "B7", *field,
                            "A link table must not specify any additional scalar fields.");
    gcm_each (struct gcm_prisma_field *, field, table->fields)
        if ((*field)->id && !gcm_slice_is((*field)->type_name, "ID"))
            gcm_check_field(check, "B7", *field,
                            "The id field of a link table must be of type `ID!`.");
}

void gcm_check_relation_tables(struct gcm_check *check)
{
    struct gcm_map all = linked_types(check);
    bool unreferenced = false;
    gcm_each (struct gcm_prisma_type *, table, check->datamodel->types) {
        if (!(*table)->relation_table || gcm_map_get(&all, (*table)->name))
            continue;
        unreferenced = true;
        gcm_check_type(check, "B7", *table,
                       "The link table `%.*s` is not referenced in any relation field.",
                       GCM_P((*table)->name));
    }
    gcm_each (struct gcm_prisma_type *, table, check->datamodel->types) {
        const struct linked *linked =
            (*table)->relation_table ? gcm_map_get(&all, (*table)->name) : NULL;
        if (!unreferenced && linked && !links_these(check, *table, linked))
            gcm_check_type(check, "B7", *table,
                           "The link table `%.*s` is not referencing the right types.",
                           GCM_P((*table)->name));
    }
    gcm_each (struct gcm_prisma_type *, table, check->datamodel->types)
        if ((*table)->relation_table)
            table_shape(check, *table);
}
