#include "api/prisma_parts.h"

#include <string.h>

bool gcm_prisma_is_scalar(const struct gcm_prisma_field *field)
{
    return !field->list && (field->kind == GCM_PRISMA_SCALAR || field->kind == GCM_PRISMA_ENUM);
}

bool gcm_prisma_is_list(const struct gcm_prisma_field *field)
{
    return field->list && (field->kind == GCM_PRISMA_SCALAR || field->kind == GCM_PRISMA_ENUM);
}

bool gcm_prisma_is_relation(const struct gcm_prisma_field *field)
{
    return field->kind == GCM_PRISMA_RELATION;
}

bool gcm_prisma_is_id(const struct gcm_prisma_api *prisma, const struct gcm_prisma_field *field)
{
    return field->id || (prisma->legacy && gcm_slice_is(field->name, "id"));
}

bool gcm_prisma_is_writable(const struct gcm_prisma_api *prisma,
                            const struct gcm_prisma_field *field)
{
    if (!gcm_prisma_is_scalar(field) || field->created_at || field->updated_at)
        return false;
    if (prisma->legacy)
        return !gcm_slice_is(field->name, "createdAt") && !gcm_slice_is(field->name, "updatedAt");
    bool counted = field->strategy == GCM_ID_SEQUENCE ||
                   (field->strategy == GCM_ID_AUTO && gcm_slice_is(field->type_name, "Int"));
    return !field->id || !counted;
}

struct gcm_slice gcm_prisma_name(struct gcm_prisma_api *prisma, const struct gcm_prisma_type *type,
                                 const char *what, const struct gcm_prisma_field *without,
                                 const char *ending)
{
    struct gcm_arena *arena = prisma->api.arena;
    if (!without)
        return gcm_format(arena, "%.*s%s%s", GCM_P(type->name), what, ending);
    struct gcm_slice back = gcm_capitalize(arena, without->name);
    return gcm_format(arena, "%.*s%sWithout%.*s%s", GCM_P(type->name), what, GCM_P(back), ending);
}

/* A model has hundreds of such names: printf would be most of the work. */
struct gcm_slice gcm_prisma_join(struct gcm_prisma_api *prisma, const char *before,
                                 struct gcm_slice name, const char *behind)
{
    const struct gcm_slice parts[] = {gcm_slice_of(before), name, gcm_slice_of(behind)};
    char *text =
        gcm_arena_text(prisma->api.arena, parts[0].size + parts[1].size + parts[2].size + 1);
    size_t size = 0;
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        if (parts[i].size)
            memcpy(text + size, parts[i].at, parts[i].size);
        size += parts[i].size;
    }
    return (struct gcm_slice){text, size};
}

struct gcm_slice gcm_prisma_list(struct gcm_prisma_api *prisma, struct gcm_slice name)
{
    return name.size ? gcm_prisma_join(prisma, "[", name, "!]") : name;
}

struct gcm_slice gcm_prisma_required(struct gcm_prisma_api *prisma, struct gcm_slice name)
{
    return name.size ? gcm_prisma_join(prisma, "", name, "!") : name;
}

struct gcm_slice gcm_prisma_want(struct gcm_prisma_api *prisma, enum gcm_definition_kind kind,
                                 struct gcm_slice name, gcm_prisma_fill *fill,
                                 const struct gcm_prisma_type *type,
                                 const struct gcm_prisma_field *without)
{
    if (gcm_map_get(&prisma->api.by_name, name))
        return name;
    struct gcm_definition *to = gcm_api_define(&prisma->api, kind, name);
    *gcm_push(prisma->api.arena, &prisma->queue) =
        (struct gcm_prisma_wanted){fill, to, type, without};
    return name;
}

struct gcm_slice gcm_prisma_scalar(struct gcm_prisma_api *prisma, const char *name)
{
    struct gcm_slice text = gcm_slice_of(name);
    gcm_api_define(&prisma->api, GCM_DEFINITION_SCALAR, text);
    return text;
}

struct gcm_slice gcm_prisma_value_type(struct gcm_prisma_api *prisma,
                                       const struct gcm_prisma_field *field)
{
    static const char *const built_in[] = {"String", "Int", "Float", "Boolean", "ID", NULL};
    struct gcm_slice name = field->type_name;
    if (field->kind == GCM_PRISMA_SCALAR && !gcm_slice_in(name, built_in))
        gcm_api_define(&prisma->api, GCM_DEFINITION_SCALAR, name);
    if (field->kind != GCM_PRISMA_ENUM || gcm_map_get(&prisma->api.by_name, name))
        return name;
    const struct gcm_prisma_enum *source = gcm_map_get(&prisma->datamodel->enum_names, name);
    struct gcm_definition *to = gcm_api_define(&prisma->api, GCM_DEFINITION_ENUM, name);
    gcm_each (struct gcm_slice, value, source->values)
        gcm_api_value(&prisma->api, to, *value);
    return name;
}

void gcm_prisma_input(struct gcm_prisma_api *prisma, struct gcm_input_values *to, const char *name,
                      struct gcm_slice type)
{
    if (type.size)
        gcm_api_input(&prisma->api, to, gcm_slice_of(name), type);
}
