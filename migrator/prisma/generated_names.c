/* U6–U8: names of the generated API that meet. The server finds out when it builds the API, after
 * the deployment: then every request fails (spec/prisma1.md §1.1). Only the names are made here,
 * after the rules of §4; the API itself is api/. */
#include "core/plural.h"
#include "prisma/validate.h"

enum kind { OBJECT = 1, INPUT = 2, ENUM = 4, SCALAR = 8, INTERFACE = 16 };

struct kinds {
    unsigned set;
};

struct names {
    struct gcm_check *check;
    struct gcm_map kinds;           /* struct kinds, by name of a type of the API */
    struct gcm_map query, mutation; /* who made a root field: struct gcm_prisma_type */
    struct gcm_prisma_type node;    /* who made the root field `node` */
};

/* ---- U8: one name, several kinds of type -------------------------------------------------------
 */

static struct kinds *kinds_of(struct names *names, struct gcm_slice name)
{
    struct kinds *kinds = gcm_map_get(&names->kinds, name);
    if (!kinds) {
        kinds = GCM_NEW(names->check->arena, struct kinds);
        gcm_map_put(names->check->arena, &names->kinds, name, kinds);
    }
    return kinds;
}

static void add(struct names *names, enum kind kind, struct gcm_slice name)
{
    kinds_of(names, name)->set |= (unsigned)kind;
}

/* Adds BEFORE + type + BEHIND for each pair of a table that ends with a NULL. */
static void add_all(struct names *names, enum kind kind, struct gcm_slice type,
                    const char *const (*around)[2])
{
    for (; (*around)[0]; around++)
        add(names, kind,
            gcm_format(names->check->arena, "%s%.*s%s", (*around)[0], GCM_P(type), (*around)[1]));
}

static void add_fixed(struct names *names)
{
    static const char *const objects[] = {"Query",    "Mutation",     "Subscription",
                                          "PageInfo", "BatchPayload", NULL};
    static const char *const used[] = {"String", "Int", "Boolean", "ID", "Long", NULL};
    for (size_t i = 0; objects[i]; i++)
        add(names, OBJECT, gcm_slice_of(objects[i]));
    for (size_t i = 0; used[i]; i++)
        add(names, SCALAR, gcm_slice_of(used[i]));
    add(names, INTERFACE, GCM_S("Node"));
    add(names, ENUM, GCM_S("MutationType"));
}

/* The inputs that write through a relation field, named after its target (§4.4). */
static void add_relation(struct names *names, const struct gcm_prisma_field *field)
{
    struct gcm_arena *arena = names->check->arena;
    struct gcm_slice target = field->target->name;
    const struct gcm_prisma_field *back = field->back;
    struct gcm_slice without =
        back ? gcm_format(arena, "Without%.*s", GCM_P(gcm_capitalize(arena, back->name)))
             : GCM_S("");
    const char *list = field->list ? "Many" : "One";
    const char *required = !field->list && field->required ? "Required" : "";
    add(names, INPUT,
        gcm_format(arena, "%.*sCreate%s%.*sInput", GCM_P(target), list, GCM_P(without)));
    add(names, INPUT,
        gcm_format(arena, "%.*sUpdate%s%s%.*sInput", GCM_P(target), list, required,
                   GCM_P(without)));
    add(names, INPUT, gcm_format(arena, "%.*sCreate%.*sInput", GCM_P(target), GCM_P(without)));
    add(names, INPUT, gcm_format(arena, "%.*sUpdate%.*sDataInput", GCM_P(target), GCM_P(without)));
    if (!back)
        without = GCM_S("Nested");
    if (!field->list) {
        add(names, INPUT, gcm_format(arena, "%.*sUpsert%.*sInput", GCM_P(target), GCM_P(without)));
        return;
    }
    add(names, INPUT,
        gcm_format(arena, "%.*sUpdateWithWhereUnique%.*sInput", GCM_P(target), GCM_P(without)));
    add(names, INPUT,
        gcm_format(arena, "%.*sUpsertWithWhereUnique%.*sInput", GCM_P(target), GCM_P(without)));
    add(names, INPUT, gcm_format(arena, "%.*sScalarWhereInput", GCM_P(target)));
    add(names, INPUT, gcm_format(arena, "%.*sUpdateManyDataInput", GCM_P(target)));
    add(names, INPUT, gcm_format(arena, "%.*sUpdateManyWithWhereNestedInput", GCM_P(target)));
}

static void add_field_types(struct names *names, const struct gcm_prisma_field *field)
{
    struct gcm_arena *arena = names->check->arena;
    struct gcm_slice type = field->type->name;
    if (field->target) {
        add_relation(names, field);
        return;
    }
    add(names, field->kind == GCM_PRISMA_ENUM ? ENUM : SCALAR, field->type_name);
    if (!field->list)
        return;
    add(names, INPUT, gcm_format(arena, "%.*sCreate%.*sInput", GCM_P(type), GCM_P(field->name)));
    add(names, INPUT, gcm_format(arena, "%.*sUpdate%.*sInput", GCM_P(type), GCM_P(field->name)));
}

static void add_types(struct names *names, const struct gcm_prisma_type *type)
{
    static const char *const objects[][2] = {
        {"", ""},          {"", "Connection"},          {"", "Edge"},
        {"Aggregate", ""}, {"", "SubscriptionPayload"}, {"", "PreviousValues"},
        {NULL, NULL}};
    static const char *const inputs[][2] = {
        {"", "WhereInput"},  {"", "WhereUniqueInput"},        {"", "CreateInput"},
        {"", "UpdateInput"}, {"", "UpdateManyMutationInput"}, {"", "SubscriptionWhereInput"},
        {NULL, NULL}};
    static const char *const enums[][2] = {{"", "OrderByInput"}, {NULL, NULL}};
    if (type->embedded) {
        add(names, OBJECT, type->name);
    } else {
        add_all(names, OBJECT, type->name, objects);
        add_all(names, INPUT, type->name, inputs);
        add_all(names, ENUM, type->name, enums);
    }
    gcm_each (struct gcm_prisma_field *, field, type->fields)
        add_field_types(names, *field);
}

static const char *kind_name(unsigned kind)
{
    switch (kind) {
    case OBJECT:
        return "ObjectType";
    case INPUT:
        return "InputObjectType";
    case ENUM:
        return "EnumType";
    case SCALAR:
        return "ScalarType";
    default:
        return "InterfaceType";
    }
}

/* One clash, shown at the type or enum of the datamodel that has the name. */
static void report_kinds(struct names *names, unsigned own, struct gcm_slice name,
                         struct gcm_place place)
{
    unsigned set = kinds_of(names, name)->set & ~own;
    if (!set)
        return;
    struct gcm_datamodel_error error = {
        .rule = "U8",
        .type = name,
        .place = place,
        .unusable = true,
        .message = gcm_format(names->check->arena,
                              "Schema contains validation errors. Type name '%.*s' is used for "
                              "several conflicting GraphQL type kinds: %s, %s.",
                              GCM_P(name), kind_name(own), kind_name(set & (~set + 1)))};
    gcm_check_add(names->check, &error);
}

static bool is_used(const struct gcm_map *used, const struct gcm_prisma_enum *type)
{
    return gcm_map_get(used, type->name) != NULL;
}

static void check_kinds(struct names *names)
{
    const struct gcm_datamodel *datamodel = names->check->datamodel;
    struct gcm_map used = {0};
    add_fixed(names);
    gcm_each (struct gcm_prisma_type *, type, datamodel->types) {
        if ((*type)->relation_table)
            continue;
        add_types(names, *type);
        gcm_each (struct gcm_prisma_field *, field, (*type)->fields)
            if ((*field)->kind == GCM_PRISMA_ENUM)
                gcm_map_put(names->check->arena, &used, (*field)->type_name, *field);
    }
    gcm_each (struct gcm_prisma_type *, type, datamodel->types)
        if (!(*type)->relation_table)
            report_kinds(names, OBJECT, (*type)->name, (*type)->definition->place);
    gcm_each (struct gcm_prisma_enum *, type, datamodel->enums)
        if (is_used(&used, *type))
            report_kinds(names, ENUM, (*type)->name, (*type)->definition->place);
}

/* ---- U6: root fields ----------------------------------------------------------------------------
 */

static void add_root(struct names *names, struct gcm_map *root, const char *root_name,
                     const struct gcm_prisma_type *type, struct gcm_slice field)
{
    union {
        const struct gcm_prisma_type *in;
        void *out;
    } value = {.in = type};
    const struct gcm_prisma_type *other = gcm_map_put(names->check->arena, root, field, value.out);
    if (other)
        gcm_check_type(names->check, "U6", type,
                       "All fields within '%s' type should have unique names! Non-unique fields: "
                       "'%.*s'. The types `%.*s` and `%.*s` both make it.",
                       root_name, GCM_P(field), GCM_P(other->name), GCM_P(type->name));
}

static void add_roots(struct names *names, const struct gcm_prisma_type *type)
{
    struct gcm_arena *arena = names->check->arena;
    struct gcm_slice plural = gcm_plural_prisma(arena, type->name);
    struct gcm_prisma_queries queries = gcm_prisma_queries_of(arena, type->name);
    static const char *const single[] = {"create", "update", "upsert", "delete"};
    static const char *const many[] = {"updateMany", "deleteMany"};
    add_root(names, &names->query, "Query", type, queries.one);
    add_root(names, &names->query, "Query", type, queries.many);
    add_root(names, &names->query, "Query", type, queries.connection);
    for (size_t i = 0; i < sizeof single / sizeof *single; i++)
        add_root(names, &names->mutation, "Mutation", type,
                 gcm_format(arena, "%s%.*s", single[i], GCM_P(type->name)));
    for (size_t i = 0; i < sizeof many / sizeof *many; i++)
        add_root(names, &names->mutation, "Mutation", type,
                 gcm_format(arena, "%s%.*s", many[i], GCM_P(plural)));
}

/* ---- U7: filters
 * ---------------------------------------------------------------------------------- */

/* The suffixes of a field's filters, without the bare name (§4.3). */
static const char *const *suffixes_of(const struct gcm_prisma_field *field)
{
    static const char *const text[] = {"_not",
                                       "_in",
                                       "_not_in",
                                       "_lt",
                                       "_lte",
                                       "_gt",
                                       "_gte",
                                       "_contains",
                                       "_not_contains",
                                       "_starts_with",
                                       "_not_starts_with",
                                       "_ends_with",
                                       "_not_ends_with",
                                       NULL};
    static const char *const ordered[] = {"_not", "_in", "_not_in", "_lt",
                                          "_lte", "_gt", "_gte",    NULL};
    static const char *const equal[] = {"_not", "_in", "_not_in", NULL};
    static const char *const truth[] = {"_not", NULL};
    static const char *const many[] = {"_every", "_some", "_none", NULL};
    static const char *const none[] = {NULL};
    struct gcm_slice type = field->type_name;
    if (field->target)
        return field->list ? many : none;
    if (field->list || gcm_slice_is(type, "Json"))
        return none;
    if (field->kind == GCM_PRISMA_ENUM || gcm_slice_is(type, "UUID"))
        return equal;
    if (gcm_slice_is(type, "Boolean"))
        return truth;
    if (gcm_slice_is(type, "String") || gcm_slice_is(type, "ID") || gcm_slice_is(type, "GraphQLID"))
        return text;
    return ordered;
}

/* Has the field a filter of its bare name? */
static bool has_plain_filter(const struct gcm_prisma_field *field)
{
    return !field->list && (field->target || !gcm_slice_is(field->type_name, "Json"));
}

static void add_filter(struct gcm_check *check, struct gcm_map *filters,
                       const struct gcm_prisma_field *field, struct gcm_slice name)
{
    if (!gcm_map_put(check->arena, filters, name, filters))
        return;
    gcm_check_field(check, "U7", field,
                    "All fields within '%.*sWhereInput' type should have unique names! Non-unique "
                    "fields: '%.*s'.",
                    GCM_P(field->type->name), GCM_P(name));
}

static void check_filters(struct gcm_check *check, const struct gcm_prisma_type *type)
{
    static const char *const combinators[] = {"AND", "OR", "NOT"};
    struct gcm_map filters = {0};
    for (size_t i = 0; i < sizeof combinators / sizeof *combinators; i++)
        gcm_map_put(check->arena, &filters, gcm_slice_of(combinators[i]), &filters);
    gcm_each (struct gcm_prisma_field *, at, type->fields) {
        const struct gcm_prisma_field *field = *at;
        if (has_plain_filter(field))
            add_filter(check, &filters, field, field->name);
        for (const char *const *suffix = suffixes_of(field); *suffix; suffix++)
            add_filter(check, &filters, field,
                       gcm_format(check->arena, "%.*s%s", GCM_P(field->name), *suffix));
    }
}

void gcm_check_generated_names(struct gcm_check *check)
{
    struct names names = {.check = check, .node = {.name = GCM_S("Node")}};
    check_kinds(&names);
    gcm_map_put(check->arena, &names.query, GCM_S("node"), &names.node);
    gcm_each (struct gcm_prisma_type *, type, check->datamodel->types) {
        if ((*type)->relation_table)
            continue;
        check_filters(check, *type);
        if (!(*type)->embedded)
            add_roots(&names, *type);
    }
}
