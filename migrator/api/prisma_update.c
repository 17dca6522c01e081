/* What updateX and updateManyX take, and what a relation field takes inside them (spec/prisma1.md
 * §4.4). */
#include "api/prisma_parts.h"

static struct gcm_slice nested_update(struct gcm_prisma_api *prisma,
                                      const struct gcm_prisma_field *field);

static bool has_values(const struct gcm_prisma_api *prisma, const struct gcm_prisma_type *type)
{
    gcm_each (struct gcm_prisma_field *, field, type->fields) {
        if (gcm_prisma_is_list(*field) ||
            (gcm_prisma_is_writable(prisma, *field) && !gcm_prisma_is_id(prisma, *field)))
            return true;
    }
    return false;
}

static bool has_relations(const struct gcm_prisma_type *type,
                          const struct gcm_prisma_field *without)
{
    gcm_each (struct gcm_prisma_field *, field, type->fields) {
        if (gcm_prisma_is_relation(*field) && *field != without)
            return true;
    }
    return false;
}

static void values_fill(struct gcm_prisma_api *prisma, struct gcm_definition *to,
                        const struct gcm_prisma_type *type, const struct gcm_prisma_field *without)
{
    (void)without;
    gcm_each (struct gcm_prisma_field *, field, type->fields) {
        if (gcm_prisma_is_writable(prisma, *field) && !gcm_prisma_is_id(prisma, *field))
            gcm_api_input(&prisma->api, &to->inputs, (*field)->name,
                          gcm_prisma_value_type(prisma, *field));
    }
    gcm_each (struct gcm_prisma_field *, field, type->fields) {
        if (gcm_prisma_is_list(*field))
            gcm_api_input(&prisma->api, &to->inputs, (*field)->name,
                          gcm_prisma_set_list(prisma, *field, "Update"));
    }
}

static void update_fill(struct gcm_prisma_api *prisma, struct gcm_definition *to,
                        const struct gcm_prisma_type *type, const struct gcm_prisma_field *without)
{
    values_fill(prisma, to, type, NULL);
    gcm_each (struct gcm_prisma_field *, field, type->fields) {
        if (gcm_prisma_is_relation(*field) && *field != without)
            gcm_api_input(&prisma->api, &to->inputs, (*field)->name, nested_update(prisma, *field));
    }
}

struct gcm_slice gcm_prisma_update(struct gcm_prisma_api *prisma,
                                   const struct gcm_prisma_type *type)
{
    if (!has_values(prisma, type) && !has_relations(type, NULL))
        return GCM_S("");
    struct gcm_slice name = gcm_prisma_name(prisma, type, "Update", NULL, "Input");
    return gcm_prisma_want(prisma, GCM_DEFINITION_INPUT, name, update_fill, type, NULL);
}

struct gcm_slice gcm_prisma_update_many(struct gcm_prisma_api *prisma,
                                        const struct gcm_prisma_type *type)
{
    if (!has_values(prisma, type))
        return GCM_S("");
    struct gcm_slice name = gcm_prisma_name(prisma, type, "UpdateManyMutation", NULL, "Input");
    return gcm_prisma_want(prisma, GCM_DEFINITION_INPUT, name, values_fill, type, NULL);
}

/* The data of a nested update. */
static struct gcm_slice nested_data(struct gcm_prisma_api *prisma,
                                    const struct gcm_prisma_type *type,
                                    const struct gcm_prisma_field *without)
{
    if (!has_values(prisma, type) && !has_relations(type, without))
        return GCM_S("");
    struct gcm_slice name = gcm_prisma_name(prisma, type, "Update", without, "DataInput");
    return gcm_prisma_want(prisma, GCM_DEFINITION_INPUT, name, update_fill, type, without);
}

static void upsert_fill(struct gcm_prisma_api *prisma, struct gcm_definition *to,
                        const struct gcm_prisma_type *type, const struct gcm_prisma_field *without)
{
    struct gcm_slice update = nested_data(prisma, type, without);
    struct gcm_slice create = gcm_prisma_create(prisma, type, without);
    gcm_prisma_input(prisma, &to->inputs, "update", gcm_prisma_required(prisma, update));
    gcm_prisma_input(prisma, &to->inputs, "create", gcm_prisma_required(prisma, create));
}

static void upsert_unique_fill(struct gcm_prisma_api *prisma, struct gcm_definition *to,
                               const struct gcm_prisma_type *type,
                               const struct gcm_prisma_field *without)
{
    struct gcm_slice unique = gcm_prisma_where_unique(prisma, type);
    gcm_prisma_input(prisma, &to->inputs, "where", gcm_prisma_required(prisma, unique));
    upsert_fill(prisma, to, type, without);
}

static void update_unique_fill(struct gcm_prisma_api *prisma, struct gcm_definition *to,
                               const struct gcm_prisma_type *type,
                               const struct gcm_prisma_field *without)
{
    struct gcm_slice unique = gcm_prisma_where_unique(prisma, type);
    struct gcm_slice data = nested_data(prisma, type, without);
    gcm_prisma_input(prisma, &to->inputs, "where", gcm_prisma_required(prisma, unique));
    gcm_prisma_input(prisma, &to->inputs, "data", gcm_prisma_required(prisma, data));
}

static void update_many_fill(struct gcm_prisma_api *prisma, struct gcm_definition *to,
                             const struct gcm_prisma_type *type,
                             const struct gcm_prisma_field *without)
{
    (void)without;
    struct gcm_slice where = gcm_prisma_scalar_where(prisma, type);
    struct gcm_slice data = gcm_prisma_name(prisma, type, "UpdateMany", NULL, "DataInput");
    gcm_prisma_want(prisma, GCM_DEFINITION_INPUT, data, values_fill, type, NULL);
    gcm_prisma_input(prisma, &to->inputs, "where", gcm_prisma_required(prisma, where));
    gcm_prisma_input(prisma, &to->inputs, "data", gcm_prisma_required(prisma, data));
}

static struct gcm_slice want_input(struct gcm_prisma_api *prisma,
                                   const struct gcm_prisma_field *field, const char *what,
                                   gcm_prisma_fill *fill)
{
    struct gcm_slice name = gcm_prisma_name(prisma, field->target, what, field->back,
                                            field->back ? "Input" : "NestedInput");
    return gcm_prisma_want(prisma, GCM_DEFINITION_INPUT, name, fill, field->target, field->back);
}

static void to_many_fill(struct gcm_prisma_api *prisma, struct gcm_definition *to,
                         const struct gcm_prisma_type *type, const struct gcm_prisma_field *field)
{
    const struct gcm_prisma_type *target = field->target;
    struct gcm_input_values *in = &to->inputs;
    struct gcm_slice create = gcm_prisma_create(prisma, target, field->back);
    struct gcm_slice data = nested_data(prisma, target, field->back);
    struct gcm_slice unique = gcm_prisma_where_unique(prisma, target);
    struct gcm_slice list = gcm_prisma_list(prisma, unique), none = GCM_S(""), name;
    struct gcm_slice link = target->embedded ? none : list;
    (void)type;

    gcm_prisma_input(prisma, in, "create", gcm_prisma_list(prisma, create));
    gcm_prisma_input(prisma, in, "connect", link);
    gcm_prisma_input(prisma, in, "set", link);
    gcm_prisma_input(prisma, in, "disconnect", link);
    gcm_prisma_input(prisma, in, "delete", list);
    if (data.size && unique.size) {
        name = want_input(prisma, field, "UpdateWithWhereUnique", update_unique_fill);
        gcm_prisma_input(prisma, in, "update", gcm_prisma_list(prisma, name));
    }
    if (has_values(prisma, target)) {
        name = gcm_prisma_name(prisma, target, "UpdateManyWithWhere", NULL, "NestedInput");
        gcm_prisma_want(prisma, GCM_DEFINITION_INPUT, name, update_many_fill, target, NULL);
        gcm_prisma_input(prisma, in, "updateMany", gcm_prisma_list(prisma, name));
    }
    name = gcm_prisma_scalar_where(prisma, target);
    gcm_prisma_input(prisma, in, "deleteMany", gcm_prisma_list(prisma, name));
    if (data.size && create.size && unique.size) {
        name = want_input(prisma, field, "UpsertWithWhereUnique", upsert_unique_fill);
        gcm_prisma_input(prisma, in, "upsert", gcm_prisma_list(prisma, name));
    }
}

static void to_one_fill(struct gcm_prisma_api *prisma, struct gcm_definition *to,
                        const struct gcm_prisma_type *type, const struct gcm_prisma_field *field)
{
    const struct gcm_prisma_type *target = field->target;
    struct gcm_input_values *in = &to->inputs;
    struct gcm_slice create = gcm_prisma_create(prisma, target, field->back);
    struct gcm_slice data = nested_data(prisma, target, field->back);
    (void)type;

    gcm_prisma_input(prisma, in, "create", create);
    if (!target->embedded)
        gcm_prisma_input(prisma, in, "connect", gcm_prisma_where_unique(prisma, target));
    if (!field->required && !target->embedded)
        gcm_prisma_input(prisma, in, "disconnect", GCM_S("Boolean"));
    if (!field->required)
        gcm_prisma_input(prisma, in, "delete", GCM_S("Boolean"));
    gcm_prisma_input(prisma, in, "update", data);
    if (data.size && create.size)
        gcm_prisma_input(prisma, in, "upsert", want_input(prisma, field, "Upsert", upsert_fill));
}

static struct gcm_slice nested_update(struct gcm_prisma_api *prisma,
                                      const struct gcm_prisma_field *field)
{
    const char *what = field->list       ? "UpdateMany"
                       : field->required ? "UpdateOneRequired"
                                         : "UpdateOne";
    struct gcm_slice name = gcm_prisma_name(prisma, field->target, what, field->back, "Input");
    return gcm_prisma_want(prisma, GCM_DEFINITION_INPUT, name,
                           field->list ? to_many_fill : to_one_fill, field->type, field);
}
