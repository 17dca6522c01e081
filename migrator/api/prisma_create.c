/* What createX takes, and what a relation field takes inside it (spec/prisma1.md §4.4). */
#include "api/prisma_parts.h"

static void set_fill(struct gcm_prisma_api *prisma, struct gcm_definition *to,
                     const struct gcm_prisma_type *type, const struct gcm_prisma_field *list)
{
    (void)type;
    struct gcm_slice element = gcm_prisma_value_type(prisma, list);
    gcm_prisma_input(prisma, &to->inputs, "set", gcm_prisma_list(prisma, element));
}

struct gcm_slice gcm_prisma_set_list(struct gcm_prisma_api *prisma,
                                     const struct gcm_prisma_field *field, const char *what)
{
    struct gcm_slice name = gcm_format(prisma->api.arena, "%.*s%s%.*sInput",
                                       GCM_P(field->type->name), what, GCM_P(field->name));
    return gcm_prisma_want(prisma, GCM_DEFINITION_INPUT, name, set_fill, field->type, field);
}

static void nested_fill(struct gcm_prisma_api *prisma, struct gcm_definition *to,
                        const struct gcm_prisma_type *type, const struct gcm_prisma_field *field)
{
    (void)type;
    const struct gcm_prisma_type *target = field->target;
    struct gcm_slice create = gcm_prisma_create(prisma, target, field->back);
    struct gcm_slice unique =
        target->embedded ? GCM_S("") : gcm_prisma_where_unique(prisma, target);
    if (field->list) {
        create = gcm_prisma_list(prisma, create);
        unique = gcm_prisma_list(prisma, unique);
    }
    gcm_prisma_input(prisma, &to->inputs, "create", create);
    gcm_prisma_input(prisma, &to->inputs, "connect", unique);
}

static bool nothing_to_create(const struct gcm_prisma_api *prisma,
                              const struct gcm_prisma_type *type,
                              const struct gcm_prisma_field *without)
{
    gcm_each (struct gcm_prisma_field *, field, type->fields) {
        if (gcm_prisma_is_writable(prisma, *field) || gcm_prisma_is_list(*field) ||
            (gcm_prisma_is_relation(*field) && *field != without))
            return false;
    }
    return true;
}

static struct gcm_slice nested_create(struct gcm_prisma_api *prisma,
                                      const struct gcm_prisma_field *field)
{
    if (nothing_to_create(prisma, field->target, field->back) &&
        !gcm_prisma_where_unique(prisma, field->target).size)
        return GCM_S("");
    struct gcm_slice name = gcm_prisma_name(
        prisma, field->target, field->list ? "CreateMany" : "CreateOne", field->back, "Input");
    return gcm_prisma_want(prisma, GCM_DEFINITION_INPUT, name, nested_fill, field->type, field);
}

/* The client must give it: `T!` that nothing else gives a value to. */
static bool must_be_given(const struct gcm_prisma_api *prisma, const struct gcm_prisma_field *field)
{
    bool made = gcm_prisma_is_id(prisma, field) && field->strategy == GCM_ID_AUTO;
    return field->required && !field->default_value && !made;
}

static void create_fill(struct gcm_prisma_api *prisma, struct gcm_definition *to,
                        const struct gcm_prisma_type *type, const struct gcm_prisma_field *without)
{
    struct gcm_api *api = &prisma->api;
    gcm_each (struct gcm_prisma_field *, at, type->fields) {
        const struct gcm_prisma_field *field = *at;
        if (!gcm_prisma_is_writable(prisma, field))
            continue;
        struct gcm_slice value = gcm_prisma_value_type(prisma, field);
        if (must_be_given(prisma, field))
            value = gcm_prisma_required(prisma, value);
        gcm_api_input(api, &to->inputs, field->name, value);
    }
    gcm_each (struct gcm_prisma_field *, field, type->fields) {
        if (gcm_prisma_is_list(*field))
            gcm_api_input(api, &to->inputs, (*field)->name,
                          gcm_prisma_set_list(prisma, *field, "Create"));
    }
    gcm_each (struct gcm_prisma_field *, at, type->fields) {
        const struct gcm_prisma_field *field = *at;
        if (!gcm_prisma_is_relation(field) || field == without)
            continue;
        struct gcm_slice nested = nested_create(prisma, field);
        if (field->required)
            nested = gcm_prisma_required(prisma, nested);
        if (nested.size)
            gcm_api_input(api, &to->inputs, field->name, nested);
    }
}

struct gcm_slice gcm_prisma_create(struct gcm_prisma_api *prisma,
                                   const struct gcm_prisma_type *type,
                                   const struct gcm_prisma_field *without)
{
    if (nothing_to_create(prisma, type, without))
        return GCM_S("");
    struct gcm_slice name = gcm_prisma_name(prisma, type, "Create", without, "Input");
    return gcm_prisma_want(prisma, GCM_DEFINITION_INPUT, name, create_fill, type, without);
}
