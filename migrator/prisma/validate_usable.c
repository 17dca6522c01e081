/* I, W and U rules: what makes the server break, what stops a deployment, and what deploys into a
 * service that then cannot be used. */
#include "prisma/storage.h"
#include "prisma/validate.h"

#define WHOOPS "Whoops. Looks like an internal server error: "

/* ---- internal errors of the deployment --------------------------------------------------------
 */

/* I1: a default that is a text, but no date or no JSON. "null" is no default. */
static void unreadable_default(struct gcm_check *check, const struct gcm_prisma_field *field)
{
    const struct gcm_value *value = field->default_value;
    if (!value || value->kind != GCM_VALUE_STRING || gcm_slice_is(value->text, "null"))
        return;
    if ((gcm_slice_is(field->type_name, "DateTime") && !gcm_is_date_time(value->text)) ||
        (gcm_slice_is(field->type_name, "Json") && !gcm_is_json(value->text)))
        gcm_check_field(check, "I1", field,
                        WHOOPS "InvalidValueForScalarType(%.*s,%.*s); the default is no value of "
                               "that type",
                        GCM_P(gcm_sangria_value(check->arena, value)), GCM_P(field->type_name));
}

/* I2, I3 */
static void unreadable_list(struct gcm_check *check, const struct gcm_prisma_field *field)
{
    struct gcm_slice strategy;
    const struct gcm_directives *directives = &field->definition->directives;
    if (!field->list)
        return;
    if (field->id || field->created_at || field->updated_at)
        gcm_check_field(check, "I3", field,
                        WHOOPS "None.get; a list cannot be @id, @createdAt or @updatedAt");
    else if (gcm_directive_named(directives, "scalarList") &&
             !gcm_value_text(gcm_directive_value(directives, "scalarList", "strategy"), &strategy))
        gcm_check_field(check, "I2", field,
                        WHOOPS "None.get; `@scalarList` needs the argument `strategy`");
}

void gcm_check_internal(struct gcm_check *check)
{
    gcm_each (struct gcm_prisma_type *, type, check->datamodel->types)
        gcm_each (struct gcm_prisma_field *, at, (*type)->fields) {
            const struct gcm_prisma_field *field = *at;
            if (!field->target) {
                unreadable_default(check, field);
                unreadable_list(check, field);
            } else if (field->target->relation_table && !(*type)->relation_table)
                gcm_check_field(check, "I4", field,
                                WHOOPS "None.get; the type `%.*s` describes a join table and "
                                       "cannot be the target of a relation",
                                GCM_P(field->type_name));
        }
}

/* I5 */
void gcm_check_scalar_names(struct gcm_check *check)
{
    gcm_each (struct gcm_prisma_type *, type, check->datamodel->types)
        gcm_each (struct gcm_prisma_field *, field, (*type)->fields)
            if ((*field)->kind == GCM_PRISMA_SCALAR &&
                gcm_map_get(&check->datamodel->type_names, (*field)->type_name))
                gcm_check_field(check, "I5", *field,
                                WHOOPS "the type `%.*s` has the name of a scalar that a field has",
                                GCM_P((*field)->type_name));
}

/* I6: the server makes up a name for a relation without one, and keeps relations by name. */
void gcm_check_relation_names(struct gcm_check *check)
{
    struct gcm_map owners = {0};
    gcm_each (struct gcm_prisma_type *, type, check->datamodel->types)
        gcm_each (struct gcm_prisma_field *, field, (*type)->fields) {
            if ((*type)->relation_table || !(*field)->target)
                continue;
            struct gcm_slice name = gcm_relation_name_of(check->arena, *field);
            const struct gcm_prisma_field *other = gcm_map_put(check->arena, &owners, name, *field);
            if (other && other != (*field)->back &&
                !(other->type == *type && other->target == (*field)->target))
                gcm_check_field(check, "I6", *field,
                                "The relations of `%.*s.%.*s` and `%.*s.%.*s` would both be called "
                                "`%.*s`. Please give one of them a name: `@relation(name: "
                                "\"MyRelation\")`",
                                GCM_P(other->type->name), GCM_P(other->name), GCM_P((*type)->name),
                                GCM_P((*field)->name), GCM_P(name));
        }
}

/* ---- warnings ---------------------------------------------------------------------------------
 */

/* W1 */
static void missing_system_directive(struct gcm_check *check, const struct gcm_prisma_field *field)
{
    static const struct {
        const char *name, *when;
    } system[] = {{"createdAt", "created"}, {"updatedAt", "updated"}};
    for (size_t i = 0; i < 2; i++)
        if (gcm_slice_is(field->name, system[i].name) &&
            !gcm_directive_named(&field->definition->directives, system[i].name))
            gcm_check_field(check, "W1", field,
                            "You are adding the field `%s` but is missing the directive `@%s`. "
                            "Please specify the field as `%s: DateTime! @%s` if you want to track "
                            "the times for when a record was %s. Or deploy with `--force` to "
                            "ignore this.",
                            system[i].name, system[i].name, system[i].name, system[i].name,
                            system[i].when);
}

void gcm_check_warnings(struct gcm_check *check)
{
    gcm_each (struct gcm_prisma_type *, type, check->datamodel->types)
        gcm_each (struct gcm_prisma_field *, at, (*type)->fields) {
            const struct gcm_prisma_field *field = *at;
            if ((*type)->relation_table && field->id)
                gcm_check_field(check, "W2", field,
                                "Id fields on link tables are deprecated and will soon loose "
                                "support. Please remove it from your datamodel to remove the "
                                "underlying column.");
            else if (!(*type)->relation_table && !(*type)->embedded && !field->target)
                missing_system_directive(check, field);
        }
}

/* ---- deployed, but unusable -------------------------------------------------------------------
 */

/* U1–U3 */
static void check_ids(struct gcm_check *check, const struct gcm_prisma_type *type)
{
    bool has_id = false;
    gcm_each (struct gcm_prisma_field *, at, type->fields) {
        const struct gcm_prisma_field *field = *at;
        if (!field->id)
            continue;
        bool whole = gcm_slice_is(field->type_name, "Int");
        if (has_id)
            gcm_check_field(check, "U1", field,
                            "The type `%.*s` has a second id field: the server makes no column "
                            "for it, and nothing can be created",
                            GCM_P(type->name));
        if (field->strategy == GCM_ID_SEQUENCE && !whole)
            gcm_check_field(check, "U2", field,
                            "Id Behaviour unhandled: only ids of type `Int` can come from a "
                            "sequence; the service has no API");
        if (field->strategy == GCM_ID_SEQUENCE && whole &&
            check->database == GCM_DATABASE_POSTGRES &&
            !gcm_directive_named(&field->definition->directives, "sequence"))
            gcm_check_field(check, "U3", field,
                            "The id comes from a sequence, but there is no `@sequence`: nothing "
                            "can be created");
        has_id = true;
    }
}

/* U4, U5: PostgreSQL cuts a name at 63 bytes and the server then looks for the whole one; of two
 * columns that differ by case it reads the wrong one. */
static void check_columns(struct gcm_check *check, const struct gcm_prisma_type *type)
{
    struct gcm_map columns = {0};
    if (check->database != GCM_DATABASE_POSTGRES)
        return;
    gcm_each (struct gcm_prisma_field *, at, type->fields) {
        struct gcm_slice column = gcm_column_of(*at);
        if (!gcm_has_column(*at))
            continue;
        if (column.size > 63)
            gcm_check_field(check, "U4", *at,
                            "The column name %.*s was not found in this ResultSet: it has more "
                            "than 63 bytes, and every reading of the type fails",
                            GCM_P(column));
        struct gcm_slice lower = gcm_lower(check->arena, column);
        const struct gcm_prisma_field *other = gcm_map_put(check->arena, &columns, lower, *at);
        if (other)
            gcm_check_field(check, "U5", *at,
                            "The columns of `%.*s` and `%.*s` differ by case only: reading one "
                            "gives the value of the other",
                            GCM_P(other->name), GCM_P((*at)->name));
    }
}

static void check_type(struct gcm_check *check, const struct gcm_prisma_type *type)
{
    check_ids(check, type);
    check_columns(check, type);
    if (check->database == GCM_DATABASE_POSTGRES && !gcm_table_of(type).size)
        gcm_check_type(check, "U9", type,
                       "The table of the type has an empty name: nothing can be created");
    gcm_each (struct gcm_prisma_field *, field, type->fields)
        if (gcm_slice_is((*field)->type_name, "Enum") && (*field)->kind == GCM_PRISMA_SCALAR)
            gcm_check_field(check, "U9", *field, "The type `Enum` has no values");
}

void gcm_check_usable(struct gcm_check *check)
{
    gcm_each (struct gcm_prisma_type *, type, check->datamodel->types)
        if (!(*type)->relation_table)
            check_type(check, *type);
}
