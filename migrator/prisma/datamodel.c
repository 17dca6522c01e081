#include "prisma/datamodel.h"

#include "core/plural.h"

/* Enum and GraphQLID are the server's own names for two of its scalars; it takes them as types. */
static const char *const scalars[] = {"String", "Int",  "Float", "Boolean",   "DateTime", "Json",
                                      "ID",     "UUID", "Enum",  "GraphQLID", NULL};

static bool is_text(const struct gcm_value *value)
{
    return value && value->kind != GCM_VALUE_LIST && value->kind != GCM_VALUE_OBJECT &&
           value->kind != GCM_VALUE_NULL && value->kind != GCM_VALUE_VARIABLE;
}

static struct gcm_slice argument_text(const struct gcm_directive *directive, const char *name)
{
    const struct gcm_value *value =
        directive ? gcm_argument_named(&directive->arguments, name) : NULL;
    return value && is_text(value) ? value->text : GCM_S("");
}

static bool is_required(const struct gcm_type_ref *type)
{
    return type->non_null && !type->of;
}

static void read_directives(struct gcm_prisma_field *field)
{
    const struct gcm_directives *directives = &field->definition->directives;
    const struct gcm_directive *id = gcm_directive_named(directives, "id");
    const struct gcm_directive *standard = gcm_directive_named(directives, "default");
    const struct gcm_directive *relation = gcm_directive_named(directives, "relation");
    struct gcm_slice strategy = argument_text(id, "strategy");
    struct gcm_slice link = argument_text(relation, "link");

    field->db_name = argument_text(gcm_directive_named(directives, "db"), "name");
    field->id = id != NULL;
    field->strategy = gcm_slice_is(strategy, "NONE")       ? GCM_ID_NONE
                      : gcm_slice_is(strategy, "SEQUENCE") ? GCM_ID_SEQUENCE
                                                           : GCM_ID_AUTO;
    field->unique = gcm_directive_named(directives, "unique") != NULL;
    field->created_at = gcm_directive_named(directives, "createdAt") != NULL;
    field->updated_at = gcm_directive_named(directives, "updatedAt") != NULL;
    field->default_value = standard ? gcm_argument_named(&standard->arguments, "value") : NULL;
    field->relation_name = argument_text(relation, "name");
    field->cascade = gcm_slice_is(argument_text(relation, "onDelete"), "CASCADE");
    field->link = gcm_slice_is(link, "TABLE")    ? GCM_LINK_TABLE
                  : gcm_slice_is(link, "INLINE") ? GCM_LINK_INLINE
                                                 : GCM_LINK_UNSET;
}

static void add_field(struct gcm_arena *arena, struct gcm_prisma_type *type,
                      const struct gcm_field_definition *definition)
{
    struct gcm_prisma_field *field = GCM_NEW(arena, struct gcm_prisma_field);
    field->name = definition->name;
    field->definition = definition;
    field->type = type;
    field->type_name = gcm_type_name(definition->type);
    field->list = definition->type->of != NULL;
    field->required = is_required(definition->type);
    read_directives(field);
    *gcm_push(arena, &type->fields) = field;
    if (!gcm_map_get(&type->by_name, field->name))
        gcm_map_put(arena, &type->by_name, field->name, field);
}

static void add_type(struct gcm_arena *arena, struct gcm_datamodel *datamodel,
                     const struct gcm_definition *definition)
{
    struct gcm_prisma_type *type = GCM_NEW(arena, struct gcm_prisma_type);
    type->name = definition->name;
    type->definition = definition;
    type->db_name = argument_text(gcm_directive_named(&definition->directives, "db"), "name");
    type->embedded = gcm_directive_named(&definition->directives, "embedded") != NULL;
    type->relation_table = gcm_directive_named(&definition->directives, "relationTable") != NULL;
    gcm_each (struct gcm_field_definition, field, definition->fields)
        add_field(arena, type, field);
    *gcm_push(arena, &datamodel->types) = type;
    if (!gcm_map_get(&datamodel->type_names, type->name))
        gcm_map_put(arena, &datamodel->type_names, type->name, type);
}

static void add_enum(struct gcm_arena *arena, struct gcm_datamodel *datamodel,
                     const struct gcm_definition *definition)
{
    struct gcm_prisma_enum *found = GCM_NEW(arena, struct gcm_prisma_enum);
    found->name = definition->name;
    found->definition = definition;
    gcm_each (struct gcm_enum_value_definition, value, definition->values)
        *gcm_push(arena, &found->values) = value->name;
    *gcm_push(arena, &datamodel->enums) = found;
    if (!gcm_map_get(&datamodel->enum_names, found->name))
        gcm_map_put(arena, &datamodel->enum_names, found->name, found);
}

/* As the server sorts fields: an enum wins over a scalar of its name, both over a type. */
static void resolve(const struct gcm_datamodel *datamodel, struct gcm_prisma_field *field)
{
    if (gcm_map_get(&datamodel->enum_names, field->type_name)) {
        field->kind = GCM_PRISMA_ENUM;
        return;
    }
    if (gcm_slice_in(field->type_name, scalars)) {
        field->kind = GCM_PRISMA_SCALAR;
        return;
    }
    field->target = gcm_map_get(&datamodel->type_names, field->type_name);
    field->kind = field->target ? GCM_PRISMA_RELATION : GCM_PRISMA_UNKNOWN;
}

/* What pairs the two sides of a relation: where it comes from, where it points, its name. */
static struct gcm_slice side(struct gcm_arena *arena, struct gcm_slice from, struct gcm_slice to,
                             struct gcm_slice relation)
{
    return gcm_format(arena, "%.*s %.*s %.*s", GCM_P(from), GCM_P(to), GCM_P(relation));
}

struct sides {
    GCM_VEC(struct gcm_prisma_field *) fields;
};

static void note_side(struct gcm_arena *arena, struct gcm_map *all, struct gcm_prisma_field *field)
{
    struct gcm_slice key = side(arena, field->type->name, field->type_name, field->relation_name);
    struct sides *sides = gcm_map_get(all, key);
    if (!sides) {
        sides = GCM_NEW(arena, struct sides);
        gcm_map_put(arena, all, key, sides);
    }
    if (sides->fields.count < 2)
        *gcm_push(arena, &sides->fields) = field;
}

/* The other side of a relation (§1.5): the first other field of the target that points back and
 * carries the same relation name, or none where this one carries none. */
static struct gcm_prisma_field *opposite(struct gcm_arena *arena, const struct gcm_map *all,
                                         const struct gcm_prisma_field *field)
{
    const struct sides *sides =
        gcm_map_get(all, side(arena, field->type_name, field->type->name, field->relation_name));
    for (size_t i = 0; sides && i < sides->fields.count; i++)
        if (sides->fields.at[i] != field)
            return sides->fields.at[i];
    return NULL;
}

static void pair_relations(struct gcm_arena *arena, struct gcm_datamodel *datamodel)
{
    struct gcm_map all = {0};
    gcm_each (struct gcm_prisma_type *, type, datamodel->types) {
        gcm_each (struct gcm_prisma_field *, field, (*type)->fields) {
            if ((*field)->target)
                note_side(arena, &all, *field);
        }
    }
    gcm_each (struct gcm_prisma_type *, type, datamodel->types) {
        gcm_each (struct gcm_prisma_field *, field, (*type)->fields) {
            if ((*field)->target)
                (*field)->back = opposite(arena, &all, *field);
        }
    }
}

struct gcm_datamodel *gcm_datamodel_of(struct gcm_arena *arena, const struct gcm_document *document)
{
    struct gcm_datamodel *datamodel = GCM_NEW(arena, struct gcm_datamodel);
    datamodel->document = document;
    gcm_each (struct gcm_definition *, at, document->definitions) {
        const struct gcm_definition *definition = *at;
        if (definition->extend)
            continue;
        if (definition->kind == GCM_DEFINITION_OBJECT)
            add_type(arena, datamodel, definition);
        else if (definition->kind == GCM_DEFINITION_ENUM)
            add_enum(arena, datamodel, definition);
    }
    gcm_each (struct gcm_prisma_type *, type, datamodel->types) {
        gcm_each (struct gcm_prisma_field *, field, (*type)->fields)
            resolve(datamodel, *field);
    }
    pair_relations(arena, datamodel);
    return datamodel;
}

struct gcm_prisma_queries gcm_prisma_queries_of(struct gcm_arena *arena, struct gcm_slice type)
{
    struct gcm_slice many = gcm_uncapitalize(arena, gcm_plural_prisma(arena, type));
    return (struct gcm_prisma_queries){
        .one = gcm_uncapitalize(arena, type),
        .many = many,
        .connection = gcm_format(arena, "%.*sConnection", GCM_P(many)),
    };
}
