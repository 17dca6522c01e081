/* The API that Prisma 1.34 generates for a datamodel, as MySQL and PostgreSQL have it
 * (spec/prisma1.md §4): the root fields, from which everything else follows. */
#include "api/api.h"
#include "api/prisma_parts.h"

/* Embedded types and join tables have no root fields. */
static bool is_model(const struct gcm_prisma_type *type)
{
    return !type->embedded && !type->relation_table;
}

/* From 1.31 on every model must have an `@id`; before, nothing had one (spec/prisma1.md §1.7). */
static bool is_legacy(const struct gcm_datamodel *datamodel)
{
    gcm_each (struct gcm_prisma_type *, type, datamodel->types) {
        gcm_each (struct gcm_prisma_field *, field, (*type)->fields) {
            if ((*field)->id)
                return false;
        }
    }
    return true;
}

/* Adds a root field, with its arguments yet to come. */
static struct gcm_input_values *root_field(struct gcm_prisma_api *prisma,
                                           struct gcm_definition *root, struct gcm_slice name,
                                           struct gcm_slice type)
{
    return &gcm_api_field(&prisma->api, root, name, type)->arguments;
}

static void add_query(struct gcm_prisma_api *prisma, struct gcm_definition *root,
                      const struct gcm_prisma_type *type)
{
    struct gcm_arena *arena = prisma->api.arena;
    struct gcm_slice object = gcm_prisma_object(prisma, type);
    struct gcm_slice unique = gcm_prisma_where_unique(prisma, type);
    struct gcm_slice connection = gcm_prisma_connection(prisma, type);
    struct gcm_slice plural = gcm_uncapitalize(arena, gcm_plural_prisma(arena, type->name));
    *root_field(prisma, root, plural, gcm_prisma_join(prisma, "[", object, "]!")) =
        gcm_prisma_paging(prisma, type);
    if (unique.size)
        gcm_prisma_input(prisma,
                         root_field(prisma, root, gcm_uncapitalize(arena, type->name), object),
                         "where", gcm_prisma_required(prisma, unique));
    *root_field(prisma, root, gcm_prisma_join(prisma, "", plural, "Connection"),
                gcm_prisma_required(prisma, connection)) = gcm_prisma_paging(prisma, type);
}

/* createX, updateX, deleteX, upsertX */
static void add_single_mutations(struct gcm_prisma_api *prisma, struct gcm_definition *root,
                                 const struct gcm_prisma_type *type)
{
    struct gcm_slice object = gcm_prisma_object(prisma, type), name = type->name;
    struct gcm_slice one = gcm_prisma_required(prisma, object);
    struct gcm_slice where = gcm_prisma_required(prisma, gcm_prisma_where_unique(prisma, type));
    struct gcm_slice create = gcm_prisma_required(prisma, gcm_prisma_create(prisma, type, NULL));
    struct gcm_slice update = gcm_prisma_required(prisma, gcm_prisma_update(prisma, type));
    struct gcm_input_values *in;

    in = root_field(prisma, root, gcm_prisma_join(prisma, "create", name, ""), one);
    gcm_prisma_input(prisma, in, "data", create);
    if (!where.size)
        return;
    if (update.size) {
        in = root_field(prisma, root, gcm_prisma_join(prisma, "update", name, ""), object);
        gcm_prisma_input(prisma, in, "data", update);
        gcm_prisma_input(prisma, in, "where", where);
    }
    in = root_field(prisma, root, gcm_prisma_join(prisma, "delete", name, ""), object);
    gcm_prisma_input(prisma, in, "where", where);
    if (update.size && create.size) {
        in = root_field(prisma, root, gcm_prisma_join(prisma, "upsert", name, ""), one);
        gcm_prisma_input(prisma, in, "where", where);
        gcm_prisma_input(prisma, in, "create", create);
        gcm_prisma_input(prisma, in, "update", update);
    }
}

/* updateManyXs, deleteManyXs */
static void add_many_mutations(struct gcm_prisma_api *prisma, struct gcm_definition *root,
                               const struct gcm_prisma_type *type)
{
    struct gcm_slice plural = gcm_plural_prisma(prisma->api.arena, type->name);
    struct gcm_slice where = gcm_prisma_where(prisma, type);
    struct gcm_slice update = gcm_prisma_update_many(prisma, type);
    struct gcm_slice batch = gcm_prisma_required(prisma, gcm_prisma_batch_payload(prisma));
    struct gcm_input_values *in;

    if (update.size) {
        in = root_field(prisma, root, gcm_prisma_join(prisma, "updateMany", plural, ""), batch);
        gcm_prisma_input(prisma, in, "data", gcm_prisma_required(prisma, update));
        gcm_prisma_input(prisma, in, "where", where);
    }
    in = root_field(prisma, root, gcm_prisma_join(prisma, "deleteMany", plural, ""), batch);
    gcm_prisma_input(prisma, in, "where", where);
}

static void add_subscription(struct gcm_prisma_api *prisma, struct gcm_definition *root,
                             const struct gcm_prisma_type *type)
{
    struct gcm_slice name = gcm_uncapitalize(prisma->api.arena, type->name);
    struct gcm_slice payload = gcm_prisma_subscription_payload(prisma, type);
    gcm_prisma_input(prisma, root_field(prisma, root, name, payload), "where",
                     gcm_prisma_subscription_where(prisma, type));
}

static void fill_all(struct gcm_prisma_api *prisma)
{
    while (prisma->queue.count) {
        struct gcm_prisma_wanted next = prisma->queue.at[--prisma->queue.count];
        next.fill(prisma, next.to, next.type, next.without);
    }
}

struct gcm_document *gcm_api_prisma(struct gcm_arena *arena, const struct gcm_datamodel *datamodel)
{
    struct gcm_prisma_api prisma = {.api = {.arena = arena}, .datamodel = datamodel};
    struct gcm_api *api = &prisma.api;
    struct gcm_definition *query = gcm_api_define(api, GCM_DEFINITION_OBJECT, GCM_S("Query"));
    prisma.legacy = is_legacy(datamodel);
    gcm_each (struct gcm_prisma_type *, type, datamodel->types) {
        if (!is_model(*type))
            continue;
        struct gcm_definition *mutation =
            gcm_api_define(api, GCM_DEFINITION_OBJECT, GCM_S("Mutation"));
        struct gcm_definition *subscription =
            gcm_api_define(api, GCM_DEFINITION_OBJECT, GCM_S("Subscription"));
        add_query(&prisma, query, *type);
        add_single_mutations(&prisma, mutation, *type);
        add_many_mutations(&prisma, mutation, *type);
        add_subscription(&prisma, subscription, *type);
    }
    gcm_prisma_input(&prisma, root_field(&prisma, query, GCM_S("node"), gcm_prisma_node(&prisma)),
                     "id", GCM_S("ID!"));
    fill_all(&prisma);
    return gcm_api_document(api);
}
