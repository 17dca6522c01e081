/* What is asked for: filters, orders, pages, enum values. */
#include "api/build.h"
#include "operations/converting.h"

#include <string.h>

static struct gcm_value *enum_value(struct converting *converting,
                                    const struct gcm_enum *enumeration,
                                    const struct gcm_value *value)
{
    struct gcm_slice to = gcm_target_value(converting->targets, enumeration, value->text);
    if (!to.size) {
        refuse(converting, value->place, NULL, "%.*s.%.*s is not in the Prisma service",
               GCM_P(enumeration->name), GCM_P(value->text));
        to = value->text;
    }
    return gcm_value_make(converting->arena, GCM_VALUE_ENUM, to);
}

/* A literal, a list of them or a variable. */
struct gcm_value *convert_scalar(struct converting *converting, const struct gcm_field *field,
                                 const struct gcm_value *value)
{
    const struct gcm_enum *enumeration = field ? field->enum_type : NULL;
    if (!enumeration)
        return value_copy(converting, value);
    if (value->kind == GCM_VALUE_ENUM)
        return enum_value(converting, enumeration, value);
    if (value->kind == GCM_VALUE_VARIABLE && gcm_target_renamed(converting->targets, enumeration))
        note(converting, value->place,
             "values of the enum %.*s have new names; pass those in $%.*s",
             GCM_P(enumeration->name), GCM_P(value->text));
    if (value->kind != GCM_VALUE_LIST)
        return value_copy(converting, value);
    struct gcm_value *list = list_new(converting);
    for (size_t i = 0; i < value->count; i++)
        list_put(converting, list, convert_scalar(converting, field, value->items[i]));
    return list;
}

/* ---- filters -------------------------------------------------------------------------------- */

/* "title_contains": the field `title` and the rest. The longest field name that fits: fields may
 * have underscores themselves. False if there is none. */
static bool split(const struct gcm_model *model, struct gcm_slice key, struct gcm_slice *name,
                  struct gcm_slice *rest)
{
    static const char *const others[] = {"_every", "_some", "_none"};
    static const char *const system[] = {"id", "createdAt", "updatedAt", NULL};
    for (size_t i = 0; i < GCM_API_FILTERS_TEXT + 3; i++) {
        const char *suffix =
            i < GCM_API_FILTERS_TEXT ? gcm_api_filters[i].suffix : others[i - GCM_API_FILTERS_TEXT];
        size_t size = strlen(suffix);
        if (!gcm_slice_ends(key, suffix))
            continue;
        *name = gcm_slice_sub(key, 0, key.size - size);
        *rest = gcm_slice_sub(key, key.size - size, size);
        if (gcm_map_get(&model->by_name, *name) || gcm_slice_in(*name, system))
            return true;
    }
    return false;
}

static const char *const in[] = {"_in", "_not_in", NULL};
static const char *const not_like[] = {"_not_contains", "_not_starts_with", "_not_ends_with", NULL};
static const char *const like[] = {"_contains", "_starts_with", "_ends_with", NULL};

/* A variable may be null where null means something else now. */
static void note_absent(struct converting *converting, struct gcm_slice key, struct gcm_slice rest,
                        const struct gcm_value *value)
{
    if (!may_be_absent(converting, value))
        return;
    if (gcm_slice_in(rest, in))
        note(converting, value->place,
             "%.*s: null found nothing in Graphcool; Prisma compares with null", GCM_P(key));
    if (gcm_slice_in(rest, not_like))
        note(converting, value->place,
             "%.*s: null found all that have a value in Graphcool; Prisma finds nothing",
             GCM_P(key));
}

/* In a pattern of Graphcool a backslash took the character behind it as it is; for Prisma it is
 * itself. What it made of % and _ cannot be said. */
static struct gcm_value *convert_pattern(struct converting *converting,
                                         const struct gcm_value *value)
{
    struct gcm_buffer out = gcm_buffer(converting->arena, GCM_BUFFER_CAP);
    struct gcm_slice text = value->text;
    for (size_t i = 0; i < text.size; i++) {
        bool escapes = text.at[i] == '\\';
        char next = i + 1 < text.size ? text.at[i + 1] : '%';
        if (escapes && (next == '%' || next == '_')) {
            refuse(converting, value->place, "search for less, and look closer in the client",
                   "in its pattern a backslash takes %% or _ as they are, which Prisma cannot do");
            break;
        }
        gcm_putc(&out, escapes ? next : text.at[i]);
        i += escapes;
    }
    return gcm_value_make(converting->arena, GCM_VALUE_STRING, gcm_buffer_text(&out));
}

static struct gcm_slice joined(struct converting *converting, struct gcm_slice name,
                               struct gcm_slice rest)
{
    return gcm_format(converting->arena, "%.*s%.*s", GCM_P(name), GCM_P(rest));
}

/* A filter of a scalar, as Prisma says the same (truth: translation.md, "Reading"). */
static void convert_condition(struct converting *converting, const struct gcm_model *model,
                              struct gcm_slice name, struct gcm_slice rest,
                              const struct gcm_value *value, struct gcm_value *to)
{
    const struct gcm_field *field = gcm_map_get(&model->by_name, name);
    struct gcm_slice target = field_target(converting, model, name, value->place);
    bool pattern = gcm_slice_in(rest, like) || gcm_slice_in(rest, not_like);
    note_absent(converting, joined(converting, name, rest), rest, value);
    if (is_null(value) && gcm_slice_in(rest, in)) /* found nothing */
        object_put(converting, to, GCM_S("id_in"), list_new(converting));
    else if (is_null(value) && gcm_slice_in(rest, not_like)) /* found all that have a value */
        object_put(converting, to, joined(converting, target, GCM_S("_not")),
                   value_copy(converting, value));
    else if (pattern && value->kind == GCM_VALUE_STRING &&
             gcm_slice_find(value->text, '\\') < value->text.size)
        object_put(converting, to, joined(converting, target, rest),
                   convert_pattern(converting, value));
    else
        object_put(converting, to, joined(converting, target, rest),
                   convert_scalar(converting, field, value));
}

/* AND and OR. Graphcool did not see empty lists, nor what held nothing else; for Prisma an empty OR
 * finds nothing. */
static void convert_group(struct converting *converting, const struct gcm_model *model,
                          struct gcm_slice key, const struct gcm_value *value, struct gcm_value *to)
{
    if (value->kind != GCM_VALUE_LIST) {
        object_put(converting, to, key, convert_where(converting, model, value));
        return;
    }
    struct gcm_value *list = list_new(converting);
    for (size_t i = 0; i < value->count; i++) {
        struct gcm_value *item = convert_where(converting, model, value->items[i]);
        if (item->count || item->kind != GCM_VALUE_OBJECT || !value->items[i]->count)
            list_put(converting, list, item);
    }
    if (list->count)
        object_put(converting, to, key, list);
}

static void convert_entry(struct converting *converting, const struct gcm_model *model,
                          struct gcm_slice key, const struct gcm_value *value, struct gcm_value *to)
{
    struct gcm_slice name, rest;
    if (gcm_slice_is(key, "AND") || gcm_slice_is(key, "OR")) {
        convert_group(converting, model, key, value, to);
        return;
    }
    if (!split(model, key, &name, &rest)) {
        refuse(converting, value->place, NULL, "the filter has no field %.*s", GCM_P(key));
        return;
    }
    const struct gcm_field *field = gcm_map_get(&model->by_name, name);
    if (!field || field->kind != GCM_FIELD_RELATION) {
        convert_condition(converting, model, name, rest, value, to);
        return;
    }
    struct gcm_slice target = field_target(converting, model, name, value->place);
    object_put(converting, to, joined(converting, target, rest),
               convert_where(converting, field->target, value));
}

struct gcm_value *convert_where(struct converting *converting, const struct gcm_model *model,
                                const struct gcm_value *value)
{
    if (value->kind != GCM_VALUE_OBJECT)
        return value_copy(converting, value);
    struct gcm_value *to = object_new(converting);
    for (size_t i = 0; i < value->count; i++)
        convert_entry(converting, model, value->keys[i], value->items[i], to);
    return to;
}

/* mutation_in, updatedFields_…, node, AND, OR: the same, but for the node. */
struct gcm_value *convert_event_where(struct converting *converting, const struct gcm_model *model,
                                      const struct gcm_value *value)
{
    if (value->kind == GCM_VALUE_LIST) {
        struct gcm_value *list = list_new(converting);
        for (size_t i = 0; i < value->count; i++)
            list_put(converting, list, convert_event_where(converting, model, value->items[i]));
        return list;
    }
    if (value->kind != GCM_VALUE_OBJECT)
        return value_copy(converting, value);
    struct gcm_value *to = object_new(converting);
    for (size_t i = 0; i < value->count; i++) {
        struct gcm_slice key = value->keys[i];
        const struct gcm_value *item = value->items[i];
        bool deeper = gcm_slice_is(key, "AND") || gcm_slice_is(key, "OR");
        object_put(converting, to, key,
                   gcm_slice_is(key, "node") ? convert_where(converting, model, item)
                   : deeper                  ? convert_event_where(converting, model, item)
                                             : value_copy(converting, item));
        if (gcm_slice_starts(key, "updatedFields") &&
            gcm_target_fields_renamed(converting->targets, model))
            note(converting, item->place, "updatedFields names the fields as Prisma calls them");
    }
    return to;
}

/* ---- lists ---------------------------------------------------------------------------------- */

/* title_ASC */
struct gcm_value *convert_order(struct converting *converting, const struct gcm_model *model,
                                const struct gcm_value *value)
{
    if (value->kind != GCM_VALUE_ENUM)
        return value_copy(converting, value);
    size_t end = value->text.size;
    while (end && value->text.at[end - 1] != '_')
        end--;
    if (!end)
        return value_copy(converting, value);
    struct gcm_slice name = gcm_slice_sub(value->text, 0, end - 1);
    struct gcm_slice target = field_target(converting, model, name, value->place);
    struct gcm_slice direction = gcm_slice_sub(value->text, end, value->text.size);
    return gcm_value_make(
        converting->arena, GCM_VALUE_ENUM,
        gcm_format(converting->arena, "%.*s_%.*s", GCM_P(target), GCM_P(direction)));
}

static bool is_above_thousand(const struct gcm_value *value)
{
    struct gcm_slice raw = value->raw;
    return value->kind == GCM_VALUE_INT && raw.at[0] != '-' &&
           (raw.size > 4 || (raw.size == 4 && gcm_slice_compare(raw, GCM_S("1000")) > 0));
}

struct gcm_arguments convert_paging(struct converting *converting, const struct gcm_model *model,
                                    const struct gcm_selection *from)
{
    struct gcm_arguments to = {0};
    bool limited = false;
    gcm_each (const struct gcm_argument, argument, from->arguments) {
        bool limits = gcm_slice_is(argument->name, "first") || gcm_slice_is(argument->name, "last");
        limited |= limits;
        if (limits && is_above_thousand(argument->value))
            note(converting, argument->place,
                 "Graphcool refused to give more than 1000 nodes (2041)");
        if (gcm_slice_is(argument->name, "filter"))
            argument_put(converting, &to, "where",
                         convert_where(converting, model, argument->value));
        else if (gcm_slice_is(argument->name, "orderBy"))
            argument_put(converting, &to, "orderBy",
                         convert_order(converting, model, argument->value));
        else
            argument_put(converting, &to, gcm_cstring(converting->arena, argument->name),
                         value_copy(converting, argument->value));
    }
    if (!limited)
        *gcm_push(converting->arena, &converting->unlimited) =
            from->alias.size ? from->alias : from->name;
    return to;
}
