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

/* Adds a field that is named after the type: before, name and behind in one. */
static struct gcm_input_values *add(struct gcm_prisma_api *prisma, struct gcm_definition *root,
                                    const char *before, struct gcm_slice name, const char *behind,
                                    struct gcm_slice type)
{
    name = gcm_prisma_join(prisma, before, name, behind);
    return &gcm_api_field(&prisma->api, root, name, type)->arguments;
}

static struct gcm_slice plural_of(struct gcm_prisma_api *prisma, const struct gcm_prisma_type *type)
{
    return gcm_plural_prisma(prisma->api.arena, type->name);
}

static struct gcm_slice unique_of(struct gcm_prisma_api *prisma, const struct gcm_prisma_type *type)
{
    return gcm_prisma_required(prisma, gcm_prisma_where_unique(prisma, type));
}

static void add_list(struct gcm_prisma_api *prisma, struct gcm_definition *root,
                     const struct gcm_prisma_type *type)
{
    struct gcm_slice name = gcm_uncapitalize(prisma->api.arena, plural_of(prisma, type));
    struct gcm_slice answer = gcm_prisma_join(prisma, "[", gcm_prisma_object(prisma, type), "]!");
    *add(prisma, root, "", name, "", answer) = gcm_prisma_paging(prisma, type);
}

static void add_connection(struct gcm_prisma_api *prisma, struct gcm_definition *root,
                           const struct gcm_prisma_type *type)
{
    struct gcm_slice name = gcm_uncapitalize(prisma->api.arena, plural_of(prisma, type));
    struct gcm_slice answer = gcm_prisma_required(prisma, gcm_prisma_connection(prisma, type));
    *add(prisma, root, "", name, "Connection", answer) = gcm_prisma_paging(prisma, type);
}

static void add_single(struct gcm_prisma_api *prisma, struct gcm_definition *root,
                       const struct gcm_prisma_type *type)
{
    struct gcm_slice name = gcm_uncapitalize(prisma->api.arena, type->name);
    struct gcm_slice unique = unique_of(prisma, type);
    if (unique.size)
        gcm_prisma_input(prisma, add(prisma, root, "", name, "", gcm_prisma_object(prisma, type)),
                         "where", unique);
}

static void add_create(struct gcm_prisma_api *prisma, struct gcm_definition *root,
                       const struct gcm_prisma_type *type)
{
    struct gcm_slice node = gcm_prisma_required(prisma, gcm_prisma_object(prisma, type));
    struct gcm_slice data = gcm_prisma_create(prisma, type, NULL);
    gcm_prisma_input(prisma, add(prisma, root, "create", type->name, "", node), "data",
                     gcm_prisma_required(prisma, data));
}

static void add_update(struct gcm_prisma_api *prisma, struct gcm_definition *root,
                       const struct gcm_prisma_type *type)
{
    struct gcm_slice data = gcm_prisma_update(prisma, type), unique = unique_of(prisma, type);
    if (!data.size || !unique.size)
        return;
    struct gcm_slice node = gcm_prisma_object(prisma, type);
    struct gcm_input_values *in = add(prisma, root, "update", type->name, "", node);
    gcm_prisma_input(prisma, in, "data", gcm_prisma_required(prisma, data));
    gcm_prisma_input(prisma, in, "where", unique);
}

static void add_delete(struct gcm_prisma_api *prisma, struct gcm_definition *root,
                       const struct gcm_prisma_type *type)
{
    struct gcm_slice unique = unique_of(prisma, type), node = gcm_prisma_object(prisma, type);
    if (unique.size)
        gcm_prisma_input(prisma, add(prisma, root, "delete", type->name, "", node), "where",
                         unique);
}

static void add_upsert(struct gcm_prisma_api *prisma, struct gcm_definition *root,
                       const struct gcm_prisma_type *type)
{
    struct gcm_slice create = gcm_prisma_create(prisma, type, NULL);
    struct gcm_slice update = gcm_prisma_update(prisma, type), unique = unique_of(prisma, type);
    if (!create.size || !update.size || !unique.size)
        return;
    struct gcm_slice node = gcm_prisma_required(prisma, gcm_prisma_object(prisma, type));
    struct gcm_input_values *in = add(prisma, root, "upsert", type->name, "", node);
    gcm_prisma_input(prisma, in, "where", unique);
    gcm_prisma_input(prisma, in, "create", gcm_prisma_required(prisma, create));
    gcm_prisma_input(prisma, in, "update", gcm_prisma_required(prisma, update));
}

static void add_update_many(struct gcm_prisma_api *prisma, struct gcm_definition *root,
                            const struct gcm_prisma_type *type)
{
    struct gcm_slice data = gcm_prisma_update_many(prisma, type);
    if (!data.size)
        return;
    struct gcm_slice batch = gcm_prisma_required(prisma, gcm_prisma_batch_payload(prisma));
    struct gcm_input_values *in =
        add(prisma, root, "updateMany", plural_of(prisma, type), "", batch);
    gcm_prisma_input(prisma, in, "data", gcm_prisma_required(prisma, data));
    gcm_prisma_input(prisma, in, "where", gcm_prisma_where(prisma, type));
}

static void add_delete_many(struct gcm_prisma_api *prisma, struct gcm_definition *root,
                            const struct gcm_prisma_type *type)
{
    struct gcm_slice batch = gcm_prisma_required(prisma, gcm_prisma_batch_payload(prisma));
    gcm_prisma_input(prisma, add(prisma, root, "deleteMany", plural_of(prisma, type), "", batch),
                     "where", gcm_prisma_where(prisma, type));
}

static void add_subscription(struct gcm_prisma_api *prisma, struct gcm_definition *root,
                             const struct gcm_prisma_type *type)
{
    struct gcm_slice name = gcm_uncapitalize(prisma->api.arena, type->name);
    struct gcm_slice payload = gcm_prisma_subscription_payload(prisma, type);
    gcm_prisma_input(prisma, add(prisma, root, "", name, "", payload), "where",
                     gcm_prisma_subscription_where(prisma, type));
}

typedef void add_root_field(struct gcm_prisma_api *prisma, struct gcm_definition *root,
                            const struct gcm_prisma_type *type);

/* One kind of field after the other, each for all models, as the server has them. */
static void add_root(struct gcm_prisma_api *prisma, const char *name, add_root_field *const *kinds)
{
    struct gcm_definition *root = NULL;
    for (; *kinds; kinds++) {
        gcm_each (struct gcm_prisma_type *, type, prisma->datamodel->types) {
            if (!is_model(*type))
                continue;
            if (!root)
                root = gcm_api_define(&prisma->api, GCM_DEFINITION_OBJECT, gcm_slice_of(name));
            (*kinds)(prisma, root, *type);
        }
    }
}

/* There is a query even where there is no model. */
static void add_node_query(struct gcm_prisma_api *prisma)
{
    struct gcm_definition *query =
        gcm_api_define(&prisma->api, GCM_DEFINITION_OBJECT, GCM_S("Query"));
    gcm_prisma_input(prisma, add(prisma, query, "", GCM_S("node"), "", gcm_prisma_node(prisma)),
                     "id", GCM_S("ID!"));
}

/* Types are filled one after the other: each in the same wide arrays, then kept in its own. */
static void fill_all(struct gcm_prisma_api *prisma)
{
    struct gcm_field_definitions fields = {0};
    struct gcm_input_values inputs = {0};
    struct gcm_enum_value_definitions values = {0};
    while (prisma->queue.count) {
        struct gcm_prisma_wanted next = prisma->queue.at[--prisma->queue.count];
        next.to->fields = fields;
        next.to->inputs = inputs;
        next.to->values = values;
        next.fill(prisma, next.to, next.type, next.without);
        gcm_settle(prisma->api.arena, &next.to->fields, &fields);
        gcm_settle(prisma->api.arena, &next.to->inputs, &inputs);
        gcm_settle(prisma->api.arena, &next.to->values, &values);
    }
}

struct gcm_document *gcm_api_prisma(struct gcm_arena *arena, const struct gcm_datamodel *datamodel)
{
    static add_root_field *const queries[] = {add_list, add_single, add_connection, NULL};
    static add_root_field *const mutations[] = {
        add_create, add_update, add_delete, add_upsert, add_update_many, add_delete_many, NULL};
    static add_root_field *const subscriptions[] = {add_subscription, NULL};
    struct gcm_prisma_api prisma = {.api = {.arena = arena}, .datamodel = datamodel};
    prisma.legacy = is_legacy(datamodel);
    add_root(&prisma, "Query", queries);
    add_node_query(&prisma);
    add_root(&prisma, "Mutation", mutations);
    add_root(&prisma, "Subscription", subscriptions);
    fill_all(&prisma);
    return gcm_api_document(&prisma.api);
}
