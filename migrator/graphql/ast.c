#include "graphql/print.h"

const struct gcm_directive *gcm_directive_named(const struct gcm_directives *directives,
                                                const char *name)
{
    for (size_t i = 0; i < directives->count; i++)
        if (gcm_slice_is(directives->at[i].name, name))
            return &directives->at[i];
    return NULL;
}

const struct gcm_value *gcm_argument_named(const struct gcm_arguments *arguments, const char *name)
{
    for (size_t i = 0; i < arguments->count; i++)
        if (gcm_slice_is(arguments->at[i].name, name))
            return arguments->at[i].value;
    return NULL;
}

struct gcm_definition *gcm_definition_named(const struct gcm_document *document,
                                            struct gcm_slice name)
{
    for (size_t i = 0; i < document->definitions.count; i++)
        if (gcm_slice_equal(document->definitions.at[i]->name, name))
            return document->definitions.at[i];
    return NULL;
}

struct gcm_field_definition *gcm_field_named(const struct gcm_definition *definition,
                                             struct gcm_slice name)
{
    for (size_t i = 0; i < definition->fields.count; i++)
        if (gcm_slice_equal(definition->fields.at[i].name, name))
            return &definition->fields.at[i];
    return NULL;
}

struct gcm_slice gcm_type_name(const struct gcm_type_ref *type)
{
    while (type->of)
        type = type->of;
    return type->name;
}

struct gcm_type_ref *gcm_type_make(struct gcm_arena *arena, struct gcm_slice text)
{
    struct gcm_type_ref *type = GCM_NEW(arena, struct gcm_type_ref), *outer = type;
    for (; text.size; type = type->of) {
        type->non_null = text.at[text.size - 1] == '!';
        text.size -= type->non_null;
        if (!text.size || text.at[0] != '[') {
            type->name = text;
            break;
        }
        text = gcm_slice_sub(text, 1, text.size - 2);
        type->of = GCM_NEW(arena, struct gcm_type_ref);
    }
    return outer;
}

struct gcm_value *gcm_value_make(struct gcm_arena *arena, enum gcm_value_kind kind,
                                 struct gcm_slice text)
{
    struct gcm_value *value = GCM_NEW(arena, struct gcm_value);
    value->kind = kind;
    value->raw = value->text = text;
    if (kind == GCM_VALUE_STRING) {
        struct gcm_buffer raw = gcm_buffer(arena, GCM_BUFFER_CAP);
        gcm_print_string(&raw, text);
        value->raw = gcm_buffer_text(&raw);
    } else if (kind == GCM_VALUE_VARIABLE) {
        value->raw = gcm_format(arena, "$%.*s", GCM_P(text));
    }
    return value;
}

struct gcm_directive *gcm_directive_add(struct gcm_arena *arena, struct gcm_directives *to,
                                        const char *name)
{
    struct gcm_directive *directive = gcm_push(arena, to);
    *directive = (struct gcm_directive){.name = gcm_slice_of(name)};
    return directive;
}

void gcm_argument_add(struct gcm_arena *arena, struct gcm_arguments *to, const char *name,
                      struct gcm_value *value)
{
    *gcm_push(arena, to) = (struct gcm_argument){.name = gcm_slice_of(name), .value = value};
}
