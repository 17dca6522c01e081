#include "prisma/datamodel.h"

static const char *const scalars[] = {"String", "Int", "Float", "Boolean", "DateTime",
                                      "Json",   "ID",  "UUID",  NULL};

static struct gcm_slice argument_text(const struct gcm_directive *directive, const char *name)
{
    const struct gcm_value *value =
        directive ? gcm_argument_named(&directive->arguments, name) : NULL;
    return value && value->kind != GCM_VALUE_LIST && value->kind != GCM_VALUE_OBJECT ? value->text
                                                                                     : GCM_S("");
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

/* A type wins over an enum of its name, both over a scalar (spec/prisma1.md §1.1, A1). */
static void resolve(const struct gcm_datamodel *datamodel, struct gcm_prisma_field *field)
{
    field->target = gcm_map_get(&datamodel->type_names, field->type_name);
    if (field->target)
        field->kind = GCM_PRISMA_RELATION;
    else if (gcm_map_get(&datamodel->enum_names, field->type_name))
        field->kind = GCM_PRISMA_ENUM;
    else
        field->kind =
            gcm_slice_in(field->type_name, scalars) ? GCM_PRISMA_SCALAR : GCM_PRISMA_UNKNOWN;
}

/* The other side of a relation (§1.5): the first field of the target that points back and carries
 * the same relation name, or none where this one carries none. Since a type has few fields that
 * point at one other type, a scan of the target is enough. */
static struct gcm_prisma_field *opposite(const struct gcm_prisma_field *field)
{
    gcm_each (struct gcm_prisma_field *, at, field->target->fields) {
        struct gcm_prisma_field *other = *at;
        if (other != field && other->target == field->type &&
            gcm_slice_equal(other->relation_name, field->relation_name))
            return other;
    }
    return NULL;
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
    gcm_each (struct gcm_prisma_type *, type, datamodel->types) {
        gcm_each (struct gcm_prisma_field *, field, (*type)->fields) {
            if ((*field)->target)
                (*field)->back = opposite(*field);
        }
    }
    return datamodel;
}
