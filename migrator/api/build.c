#include "api/build.h"

const struct gcm_api_filter gcm_api_filters[GCM_API_FILTERS_TEXT] = {
    {"", false},
    {"_not", false},
    {"_in", true},
    {"_not_in", true},
    {"_lt", false},
    {"_lte", false},
    {"_gt", false},
    {"_gte", false},
    {"_contains", false},
    {"_not_contains", false},
    {"_starts_with", false},
    {"_not_starts_with", false},
    {"_ends_with", false},
    {"_not_ends_with", false},
};

#include <stdlib.h>

struct gcm_definition *gcm_api_define(struct gcm_api *api, enum gcm_definition_kind kind,
                                      struct gcm_slice name)
{
    struct gcm_definition *known = gcm_map_get(&api->by_name, name);
    if (known)
        return known->kind == kind ? known : NULL;
    struct gcm_definition *definition = GCM_NEW(api->arena, struct gcm_definition);
    definition->kind = kind;
    definition->name = name;
    *gcm_push(api->arena, &api->definitions) = definition;
    gcm_map_put(api->arena, &api->by_name, name, definition);
    return definition;
}

struct gcm_type_ref *gcm_api_type(struct gcm_api *api, struct gcm_slice text)
{
    struct gcm_type_ref *type = gcm_map_get(&api->types, text);
    if (!type) {
        type = gcm_type_make(api->arena, text);
        gcm_map_put(api->arena, &api->types, text, type);
    }
    return type;
}

struct gcm_field_definition *gcm_api_field(struct gcm_api *api, struct gcm_definition *to,
                                           struct gcm_slice name, struct gcm_slice type)
{
    struct gcm_field_definition *field = gcm_push(api->arena, &to->fields);
    *field = (struct gcm_field_definition){.name = name, .type = gcm_api_type(api, type)};
    return field;
}

void gcm_api_input(struct gcm_api *api, struct gcm_input_values *to, struct gcm_slice name,
                   struct gcm_slice type)
{
    struct gcm_input_value *input = gcm_push(api->arena, to);
    *input = (struct gcm_input_value){.name = name, .type = gcm_api_type(api, type)};
}

void gcm_api_value(struct gcm_api *api, struct gcm_definition *to, struct gcm_slice name)
{
    struct gcm_enum_value_definition *value = gcm_push(api->arena, &to->values);
    *value = (struct gcm_enum_value_definition){.name = name};
}

static int by_name(const void *a, const void *b)
{
    const struct gcm_definition *const *left = a, *const *right = b;
    return gcm_slice_compare((*left)->name, (*right)->name);
}

struct gcm_document *gcm_api_document(struct gcm_api *api)
{
    struct gcm_document *document = GCM_NEW(api->arena, struct gcm_document);
    if (api->definitions.count)
        qsort(api->definitions.at, api->definitions.count, sizeof *api->definitions.at, by_name);
    document->definitions.at = api->definitions.at;
    document->definitions.count = api->definitions.count;
    document->definitions.room = api->definitions.room;
    return document;
}
