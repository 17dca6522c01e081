/* Subscriptions: what they filter by and what an event carries (spec/prisma1.md §4.1, §4.3). */
#include "api/prisma_parts.h"

static void mutation_type(struct gcm_prisma_api *prisma)
{
    if (gcm_map_get(&prisma->api.by_name, GCM_S("MutationType")))
        return;
    struct gcm_definition *to =
        gcm_api_define(&prisma->api, GCM_DEFINITION_ENUM, GCM_S("MutationType"));
    gcm_api_value(&prisma->api, to, GCM_S("CREATED"));
    gcm_api_value(&prisma->api, to, GCM_S("UPDATED"));
    gcm_api_value(&prisma->api, to, GCM_S("DELETED"));
}

static void where_fill(struct gcm_prisma_api *prisma, struct gcm_definition *to,
                       const struct gcm_prisma_type *type, const struct gcm_prisma_field *without)
{
    struct gcm_input_values *in = &to->inputs;
    struct gcm_slice many = gcm_prisma_list(prisma, to->name);
    (void)without;
    mutation_type(prisma);
    gcm_prisma_input(prisma, in, "AND", many);
    gcm_prisma_input(prisma, in, "OR", many);
    gcm_prisma_input(prisma, in, "NOT", many);
    gcm_prisma_input(prisma, in, "mutation_in", GCM_S("[MutationType!]"));
    gcm_prisma_input(prisma, in, "updatedFields_contains", GCM_S("String"));
    gcm_prisma_input(prisma, in, "updatedFields_contains_every", GCM_S("[String!]"));
    gcm_prisma_input(prisma, in, "updatedFields_contains_some", GCM_S("[String!]"));
    gcm_prisma_input(prisma, in, "node", gcm_prisma_where(prisma, type));
}

struct gcm_slice gcm_prisma_subscription_where(struct gcm_prisma_api *prisma,
                                               const struct gcm_prisma_type *type)
{
    struct gcm_slice name = gcm_prisma_join(prisma, "", type->name, "SubscriptionWhereInput");
    return gcm_prisma_want(prisma, GCM_DEFINITION_INPUT, name, where_fill, type, NULL);
}

static void previous_values_fill(struct gcm_prisma_api *prisma, struct gcm_definition *to,
                                 const struct gcm_prisma_type *type,
                                 const struct gcm_prisma_field *without)
{
    (void)without;
    gcm_each (struct gcm_prisma_field *, at, type->fields) {
        const struct gcm_prisma_field *field = *at;
        if (!gcm_prisma_is_scalar(field) && !gcm_prisma_is_list(field))
            continue;
        struct gcm_slice value = gcm_prisma_value_type(prisma, field);
        if (field->list)
            value = gcm_prisma_join(prisma, "[", value, "!]!");
        else if (field->required)
            value = gcm_prisma_required(prisma, value);
        gcm_api_field(&prisma->api, to, field->name, value);
    }
}

/* A type of the old dialect may have nothing but relations. */
static bool has_values(const struct gcm_prisma_type *type)
{
    gcm_each (struct gcm_prisma_field *, field, type->fields) {
        if (gcm_prisma_is_scalar(*field) || gcm_prisma_is_list(*field))
            return true;
    }
    return false;
}

static void payload_fill(struct gcm_prisma_api *prisma, struct gcm_definition *to,
                         const struct gcm_prisma_type *type, const struct gcm_prisma_field *without)
{
    struct gcm_slice previous = gcm_prisma_join(prisma, "", type->name, "PreviousValues");
    (void)without;
    mutation_type(prisma);
    gcm_api_field(&prisma->api, to, GCM_S("mutation"), GCM_S("MutationType!"));
    gcm_api_field(&prisma->api, to, GCM_S("node"), gcm_prisma_object(prisma, type));
    gcm_api_field(&prisma->api, to, GCM_S("updatedFields"), GCM_S("[String!]"));
    if (!has_values(type))
        return;
    gcm_prisma_want(prisma, GCM_DEFINITION_OBJECT, previous, previous_values_fill, type, NULL);
    gcm_api_field(&prisma->api, to, GCM_S("previousValues"), previous);
}

struct gcm_slice gcm_prisma_subscription_payload(struct gcm_prisma_api *prisma,
                                                 const struct gcm_prisma_type *type)
{
    struct gcm_slice name = gcm_prisma_join(prisma, "", type->name, "SubscriptionPayload");
    return gcm_prisma_want(prisma, GCM_DEFINITION_OBJECT, name, payload_fill, type, NULL);
}
