#include "prisma/storage.h"

enum { RELATION_NAME_LIMIT = 54 };

/* An empty name in @db is a name; @db without one is nothing. */
static bool is_renamed(const struct gcm_directives *directives)
{
    const struct gcm_directive *db = gcm_directive_named(directives, "db");
    const struct gcm_value *name = db ? gcm_argument_named(&db->arguments, "name") : NULL;
    return name && name->kind != GCM_VALUE_LIST && name->kind != GCM_VALUE_OBJECT &&
           name->kind != GCM_VALUE_NULL && name->kind != GCM_VALUE_VARIABLE;
}

struct gcm_slice gcm_table_of(const struct gcm_prisma_type *type)
{
    return is_renamed(&type->definition->directives) ? type->db_name : type->name;
}

struct gcm_slice gcm_column_of(const struct gcm_prisma_field *field)
{
    return is_renamed(&field->definition->directives) ? field->db_name : field->name;
}

struct gcm_slice gcm_list_table_of(struct gcm_arena *arena, const struct gcm_prisma_field *field)
{
    return gcm_format(arena, "%.*s_%.*s", GCM_P(gcm_table_of(field->type)),
                      GCM_P(gcm_column_of(field)));
}

bool gcm_in_join_table(const struct gcm_prisma_field *field)
{
    const struct gcm_prisma_field *back = field->back;
    if (!field->target || field->target->embedded)
        return false;
    if (field->link != GCM_LINK_UNSET)
        return field->link == GCM_LINK_TABLE;
    if (back && back->link != GCM_LINK_UNSET)
        return back->link == GCM_LINK_TABLE;
    return field->list && (!back || back->list);
}

/* A relation between two single fields that is inline is so on the side that says it. */
bool gcm_has_column(const struct gcm_prisma_field *field)
{
    const struct gcm_prisma_field *back = field->back;
    if (!field->target)
        return !field->list;
    return !field->list && !gcm_in_join_table(field) &&
           !(back && !back->list && back->link == GCM_LINK_INLINE);
}

static struct gcm_slice made_up(struct gcm_arena *arena, struct gcm_slice a, struct gcm_slice b)
{
    return gcm_format(arena, "%.*sTo%.*s", GCM_P(a), GCM_P(b));
}

static bool is_relation_name(struct gcm_slice name)
{
    if (name.size > RELATION_NAME_LIMIT || !gcm_is_upper(name.at[0]))
        return false;
    for (size_t i = 0; i < name.size; i++)
        if (!gcm_is_name_part(name.at[i]))
            return false;
    return true;
}

/* The longer type name is shortened until the whole is a valid name: a type that starts with a
 * small letter loses all of it. */
struct gcm_slice gcm_relation_name_of(struct gcm_arena *arena, const struct gcm_prisma_field *field)
{
    if (field->relation_name.size)
        return field->relation_name;
    if (field->back && field->back->relation_name.size)
        return field->back->relation_name;
    struct gcm_slice a = field->type->name, b = field->target->name;
    if (gcm_slice_compare(a, b) > 0) {
        a = field->target->name;
        b = field->type->name;
    }
    struct gcm_slice name = made_up(arena, a, b);
    while (!is_relation_name(name)) { /* ends at "To" */
        if (b.size > a.size)
            b.size--;
        else
            a.size--;
        name = made_up(arena, a, b);
    }
    return name;
}
