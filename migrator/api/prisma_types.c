/* What queries and mutations answer (spec/prisma1.md §4.1). */
#include "api/prisma_parts.h"

static void field(struct gcm_prisma_api *prisma, struct gcm_definition *to, const char *name,
                  const char *type)
{
    gcm_api_field(&prisma->api, to, gcm_slice_of(name), gcm_slice_of(type));
}

/* The definition, if it isn't there yet. */
static struct gcm_definition *define(struct gcm_prisma_api *prisma, enum gcm_definition_kind kind,
                                     struct gcm_slice name)
{
    return gcm_map_get(&prisma->api.by_name, name) ? NULL
                                                   : gcm_api_define(&prisma->api, kind, name);
}

struct gcm_slice gcm_prisma_node(struct gcm_prisma_api *prisma)
{
    struct gcm_slice name = GCM_S("Node");
    struct gcm_definition *to = define(prisma, GCM_DEFINITION_INTERFACE, name);
    if (to)
        field(prisma, to, "id", "ID!");
    return name;
}

static void page_info(struct gcm_prisma_api *prisma)
{
    struct gcm_definition *to = define(prisma, GCM_DEFINITION_OBJECT, GCM_S("PageInfo"));
    if (!to)
        return;
    field(prisma, to, "hasNextPage", "Boolean!");
    field(prisma, to, "hasPreviousPage", "Boolean!");
    field(prisma, to, "startCursor", "String");
    field(prisma, to, "endCursor", "String");
}

struct gcm_slice gcm_prisma_batch_payload(struct gcm_prisma_api *prisma)
{
    struct gcm_slice name = GCM_S("BatchPayload");
    struct gcm_definition *to = define(prisma, GCM_DEFINITION_OBJECT, name);
    if (to) {
        gcm_prisma_scalar(prisma, "Long");
        field(prisma, to, "count", "Long!");
    }
    return name;
}

static bool is_node(const struct gcm_prisma_type *type)
{
    const struct gcm_prisma_field *id = gcm_map_get(&type->by_name, GCM_S("id"));
    return id && gcm_prisma_is_scalar(id) && gcm_slice_is(id->type_name, "ID");
}

/* A list of nodes is null-able however it was declared, a list of scalars never is. */
static struct gcm_slice answer_type(struct gcm_prisma_api *prisma,
                                    const struct gcm_prisma_field *source)
{
    struct gcm_slice name = gcm_prisma_is_relation(source)
                                ? gcm_prisma_object(prisma, source->target)
                                : gcm_prisma_value_type(prisma, source);
    if (gcm_prisma_is_list(source))
        return gcm_prisma_join(prisma, "[", name, "!]!");
    if (source->list)
        return gcm_prisma_list(prisma, name);
    return source->required ? gcm_prisma_required(prisma, name) : name;
}

static void object_fill(struct gcm_prisma_api *prisma, struct gcm_definition *to,
                        const struct gcm_prisma_type *type, const struct gcm_prisma_field *without)
{
    (void)without;
    if (is_node(type))
        *gcm_push(prisma->api.arena, &to->names) = gcm_prisma_node(prisma);
    gcm_each (struct gcm_prisma_field *, source, type->fields) {
        if ((*source)->kind == GCM_PRISMA_UNKNOWN)
            continue;
        struct gcm_field_definition *made =
            gcm_api_field(&prisma->api, to, (*source)->name, answer_type(prisma, *source));
        if (gcm_prisma_is_relation(*source) && (*source)->list)
            made->arguments = gcm_prisma_paging(prisma, (*source)->target);
    }
}

struct gcm_slice gcm_prisma_object(struct gcm_prisma_api *prisma,
                                   const struct gcm_prisma_type *type)
{
    return gcm_prisma_want(prisma, GCM_DEFINITION_OBJECT, type->name, object_fill, type, NULL);
}

static void edge_fill(struct gcm_prisma_api *prisma, struct gcm_definition *to,
                      const struct gcm_prisma_type *type, const struct gcm_prisma_field *without)
{
    (void)without;
    gcm_api_field(&prisma->api, to, GCM_S("node"), gcm_prisma_required(prisma, type->name));
    field(prisma, to, "cursor", "String!");
}

static void aggregate_fill(struct gcm_prisma_api *prisma, struct gcm_definition *to,
                           const struct gcm_prisma_type *type,
                           const struct gcm_prisma_field *without)
{
    (void)type, (void)without;
    field(prisma, to, "count", "Int!");
}

static void connection_fill(struct gcm_prisma_api *prisma, struct gcm_definition *to,
                            const struct gcm_prisma_type *type,
                            const struct gcm_prisma_field *without)
{
    (void)without;
    struct gcm_slice edge = gcm_prisma_join(prisma, "", type->name, "Edge");
    struct gcm_slice aggregate = gcm_prisma_join(prisma, "Aggregate", type->name, "");
    gcm_prisma_want(prisma, GCM_DEFINITION_OBJECT, edge, edge_fill, type, NULL);
    gcm_prisma_want(prisma, GCM_DEFINITION_OBJECT, aggregate, aggregate_fill, type, NULL);
    page_info(prisma);
    field(prisma, to, "pageInfo", "PageInfo!");
    gcm_api_field(&prisma->api, to, GCM_S("edges"), gcm_prisma_join(prisma, "[", edge, "]!"));
    gcm_api_field(&prisma->api, to, GCM_S("aggregate"), gcm_prisma_required(prisma, aggregate));
}

struct gcm_slice gcm_prisma_connection(struct gcm_prisma_api *prisma,
                                       const struct gcm_prisma_type *type)
{
    struct gcm_slice name = gcm_prisma_join(prisma, "", type->name, "Connection");
    return gcm_prisma_want(prisma, GCM_DEFINITION_OBJECT, name, connection_fill, type, NULL);
}
