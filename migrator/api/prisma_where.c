/* Which nodes are meant: filters, unique fields, order and paging (spec/prisma1.md §4.3). */
#include "api/prisma_parts.h"

static size_t filter_count(const struct gcm_prisma_field *field)
{
    struct gcm_slice name = field->type_name;
    if (field->kind == GCM_PRISMA_ENUM || gcm_slice_is(name, "UUID"))
        return GCM_API_FILTERS_IN;
    if (gcm_slice_is(name, "Json"))
        return 0;
    if (gcm_slice_is(name, "Boolean"))
        return GCM_API_FILTERS_EQUAL;
    if (gcm_slice_is(name, "String") || gcm_slice_is(name, "ID"))
        return GCM_API_FILTERS_TEXT;
    return GCM_API_FILTERS_ORDER; /* Int, Float, DateTime */
}

/* Filters are most of an API's text: their types are found once. */
static void scalar_filters(struct gcm_prisma_api *prisma, struct gcm_definition *to,
                           const struct gcm_prisma_type *type)
{
    static const char *const combinators[] = {"AND", "OR", "NOT"};
    struct gcm_slice many = gcm_prisma_list(prisma, to->name);
    for (size_t i = 0; i < 3; i++)
        gcm_prisma_input(prisma, &to->inputs, combinators[i], many);
    gcm_each (struct gcm_prisma_field *, at, type->fields) {
        const struct gcm_prisma_field *field = *at;
        if (!gcm_prisma_is_scalar(field) || !filter_count(field))
            continue;
        struct gcm_slice name = gcm_prisma_value_type(prisma, field);
        struct gcm_type_ref *one = gcm_api_type(&prisma->api, name);
        struct gcm_type_ref *list = gcm_api_type(&prisma->api, gcm_prisma_list(prisma, name));
        for (size_t i = 0; i < filter_count(field); i++) {
            struct gcm_input_value *input = gcm_push(prisma->api.arena, &to->inputs);
            *input = (struct gcm_input_value){
                .name = gcm_prisma_join(prisma, "", field->name, gcm_api_filters[i].suffix),
                .type = gcm_api_filters[i].list ? list : one};
        }
    }
}

static void scalar_where_fill(struct gcm_prisma_api *prisma, struct gcm_definition *to,
                              const struct gcm_prisma_type *type,
                              const struct gcm_prisma_field *without)
{
    (void)without;
    scalar_filters(prisma, to, type);
}

static void where_fill(struct gcm_prisma_api *prisma, struct gcm_definition *to,
                       const struct gcm_prisma_type *type, const struct gcm_prisma_field *without)
{
    static const char *const quantifiers[] = {"_every", "_some", "_none"};
    (void)without;
    scalar_filters(prisma, to, type);
    gcm_each (struct gcm_prisma_field *, at, type->fields) {
        const struct gcm_prisma_field *field = *at;
        if (!gcm_prisma_is_relation(field))
            continue;
        struct gcm_slice where = gcm_prisma_where(prisma, field->target);
        if (!field->list)
            gcm_api_input(&prisma->api, &to->inputs, field->name, where);
        for (size_t i = 0; field->list && i < 3; i++)
            gcm_api_input(&prisma->api, &to->inputs,
                          gcm_prisma_join(prisma, "", field->name, quantifiers[i]), where);
    }
}

struct gcm_slice gcm_prisma_where(struct gcm_prisma_api *prisma, const struct gcm_prisma_type *type)
{
    struct gcm_slice name = gcm_prisma_join(prisma, "", type->name, "WhereInput");
    return gcm_prisma_want(prisma, GCM_DEFINITION_INPUT, name, where_fill, type, NULL);
}

struct gcm_slice gcm_prisma_scalar_where(struct gcm_prisma_api *prisma,
                                         const struct gcm_prisma_type *type)
{
    struct gcm_slice name = gcm_prisma_join(prisma, "", type->name, "ScalarWhereInput");
    return gcm_prisma_want(prisma, GCM_DEFINITION_INPUT, name, scalar_where_fill, type, NULL);
}

/* `@unique` on a list is taken by the server, which then offers a list here. */
static bool is_unique(const struct gcm_prisma_api *prisma, const struct gcm_prisma_field *field)
{
    return (gcm_prisma_is_scalar(field) || gcm_prisma_is_list(field)) &&
           (field->unique || gcm_prisma_is_id(prisma, field));
}

static void where_unique_fill(struct gcm_prisma_api *prisma, struct gcm_definition *to,
                              const struct gcm_prisma_type *type,
                              const struct gcm_prisma_field *without)
{
    (void)without;
    gcm_each (struct gcm_prisma_field *, field, type->fields) {
        if (!is_unique(prisma, *field))
            continue;
        struct gcm_slice value = gcm_prisma_value_type(prisma, *field);
        if ((*field)->list)
            value = gcm_prisma_list(prisma, value);
        gcm_api_input(&prisma->api, &to->inputs, (*field)->name, value);
    }
}

struct gcm_slice gcm_prisma_where_unique(struct gcm_prisma_api *prisma,
                                         const struct gcm_prisma_type *type)
{
    struct gcm_slice name = gcm_prisma_join(prisma, "", type->name, "WhereUniqueInput");
    gcm_each (struct gcm_prisma_field *, field, type->fields) {
        if (is_unique(prisma, *field))
            return gcm_prisma_want(prisma, GCM_DEFINITION_INPUT, name, where_unique_fill, type,
                                   NULL);
    }
    return GCM_S("");
}

static void order(struct gcm_prisma_api *prisma, struct gcm_definition *to, struct gcm_slice field)
{
    gcm_api_value(&prisma->api, to, gcm_prisma_join(prisma, "", field, "_ASC"));
    gcm_api_value(&prisma->api, to, gcm_prisma_join(prisma, "", field, "_DESC"));
}

static void order_by_fill(struct gcm_prisma_api *prisma, struct gcm_definition *to,
                          const struct gcm_prisma_type *type,
                          const struct gcm_prisma_field *without)
{
    static const char *const reserved[] = {"id", "createdAt", "updatedAt"};
    (void)without;
    gcm_each (struct gcm_prisma_field *, field, type->fields) {
        if (gcm_prisma_is_scalar(*field))
            order(prisma, to, (*field)->name);
    }
    /* Where the old dialect does not declare them, they are hidden; but one can order by them. */
    for (size_t i = 0; prisma->legacy && !type->embedded && i < 3; i++)
        if (!gcm_map_get(&type->by_name, gcm_slice_of(reserved[i])))
            order(prisma, to, gcm_slice_of(reserved[i]));
}

static struct gcm_slice order_by(struct gcm_prisma_api *prisma, const struct gcm_prisma_type *type)
{
    struct gcm_slice name = gcm_prisma_join(prisma, "", type->name, "OrderByInput");
    return gcm_prisma_want(prisma, GCM_DEFINITION_ENUM, name, order_by_fill, type, NULL);
}

struct gcm_input_values gcm_prisma_paging(struct gcm_prisma_api *prisma,
                                          const struct gcm_prisma_type *type)
{
    struct gcm_input_values *known = gcm_map_get(&prisma->paging, type->name);
    if (known)
        return *known;
    known = GCM_NEW(prisma->api.arena, struct gcm_input_values);
    known->room = 7;
    known->at = gcm_arena_alloc(prisma->api.arena, known->room * sizeof *known->at);
    gcm_prisma_input(prisma, known, "where", gcm_prisma_where(prisma, type));
    gcm_prisma_input(prisma, known, "orderBy", order_by(prisma, type));
    gcm_prisma_input(prisma, known, "skip", GCM_S("Int"));
    gcm_prisma_input(prisma, known, "after", GCM_S("String"));
    gcm_prisma_input(prisma, known, "before", GCM_S("String"));
    gcm_prisma_input(prisma, known, "first", GCM_S("Int"));
    gcm_prisma_input(prisma, known, "last", GCM_S("Int"));
    gcm_map_put(prisma->api.arena, &prisma->paging, type->name, known);
    return *known;
}
