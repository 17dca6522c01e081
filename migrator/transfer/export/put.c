/* A page's elements into the stage, as the values that were meant. */
#include "transfer/export/parts.h"

#include <string.h>

/* In a zip of the official CLI, numbers went through JavaScript. */
static gcm_result doubt_json(struct gcm_exporter *exporter, enum gcm_ndf_kind kind,
                             const struct gcm_export_type *type, struct gcm_slice id,
                             struct gcm_slice field, struct gcm_slice json)
{
    switch (gcm_export_doubt(json)) {
    case GCM_DOUBT_DIGITS:
        return gcm_export_find(exporter, kind, GCM_EXP_JSON_DIGITS, type->name, id, field,
                               "a number of 16 digits or more");
    case GCM_DOUBT_NULL:
        return gcm_export_find(exporter, kind, GCM_EXP_JSON_NULL, type->name, id, field, "a null");
    case GCM_DOUBT_NONE:
        break;
    }
    return GCM_OK;
}

static gcm_result doubt_node(struct gcm_exporter *exporter, struct gcm_export_type *type,
                             struct gcm_slice id, struct gcm_raw node)
{
    struct gcm_raw_walk walk = gcm_raw_walk(node);
    struct gcm_slice key;
    struct gcm_raw value;
    while (gcm_raw_next(&walk, &key, &value)) {
        const struct gcm_export_field *field = gcm_export_field(type, key);
        if (!field || field->scalar != GCM_SCALAR_JSON)
            continue;
        gcm_result result = doubt_json(exporter, GCM_NDF_NODES, type, id, field->name, value.text);
        if (result)
            return result;
    }
    return GCM_OK;
}

/* Said once for each such type. */
static gcm_result name_unknown(struct gcm_exporter *exporter, const struct gcm_export_type *type)
{
    struct gcm_slice none = {0};
    if (type->known ||
        gcm_finding_has(exporter->stage, GCM_S(GCM_EXP_TYPE_UNKNOWN), type->name, none, none))
        return GCM_OK;
    return gcm_export_find(exporter, GCM_NDF_NODES, GCM_EXP_TYPE_UNKNOWN, type->name, none, none,
                           "the source has nodes of this type");
}

gcm_result gcm_export_put_node(struct gcm_exporter *exporter, struct gcm_export_type *type,
                               struct gcm_slice id, struct gcm_slice body)
{
    gcm_result result = GCM_OK;
    if (!type->first)
        result = name_unknown(exporter, type);
    if (!result)
        result = gcm_stage_put_node(exporter->stage, type->name, id, body, exporter->err);
    if (!result && !type->first) {
        type->first = gcm_stage_last_row(exporter->stage, GCM_NDF_NODES);
        type->key = gcm_stage_name(exporter->stage, type->name, true);
        exporter->changed = true;
    }
    return result;
}

gcm_result gcm_export_put_list(struct gcm_exporter *exporter, struct gcm_arena *page,
                               struct gcm_export_type *type, struct gcm_slice id,
                               struct gcm_slice field, struct gcm_slice body)
{
    if (exporter->comparing)
        return gcm_export_compare_list(exporter, page, type, id, field, body);
    return gcm_stage_put_list(exporter->stage, type->name, id, field, body, exporter->err);
}

static gcm_result put_node(struct gcm_exporter *exporter, const struct gcm_ndf_element *element,
                           const struct gcm_export_put *put)
{
    struct gcm_export_type *type = gcm_export_type(exporter, element->type);
    gcm_result result = gcm_export_put_node(exporter, type, element->id, element->raw.text);
    if (!result && put->archive)
        result = doubt_node(exporter, type, element->id, element->raw);
    return result;
}

gcm_result gcm_export_doubt_list(struct gcm_exporter *exporter,
                                 const struct gcm_export_unsure *unsure)
{
    if (unsure->how == GCM_LIST_AMBIGUOUS)
        return gcm_export_find(exporter, GCM_NDF_LISTS, GCM_EXP_LIST_AMBIGUOUS, unsure->type->name,
                               unsure->id, unsure->field,
                               "two empty texts in a row: the export gives one comma so, too");
    return gcm_export_find(exporter, GCM_NDF_LISTS, GCM_EXP_LIST_ODD, unsure->type->name,
                           unsure->id, unsure->field,
                           "an element that no export of this server can hold");
}

/* One field of a list element. */
static gcm_result put_field(struct gcm_exporter *exporter, struct gcm_arena *page,
                            const struct gcm_ndf_element *element, struct gcm_slice key,
                            struct gcm_raw value, const struct gcm_export_put *put)
{
    struct gcm_export_unsure list = {
        .type = gcm_export_type(exporter, element->type), .id = element->id, .field = key};
    const struct gcm_export_field *field = gcm_export_field(list.type, key);
    list.body = gcm_export_true_list(page, field, value, &list.how);
    if (list.how != GCM_LIST_GOOD && put->unsures) {
        list.id = gcm_copy(page, list.id);
        list.field = gcm_copy(page, list.field);
        list.body = gcm_copy(page, list.body);
        *gcm_push(page, put->unsures) = list;
        return GCM_OK;
    }
    gcm_result result =
        gcm_export_put_list(exporter, page, list.type, list.id, list.field, list.body);
    if (!result && list.how != GCM_LIST_GOOD)
        result = gcm_export_doubt_list(exporter, &list);
    if (!result && put->archive && field && field->scalar == GCM_SCALAR_JSON)
        result = doubt_json(exporter, GCM_NDF_LISTS, list.type, list.id, key, value.text);
    return result;
}

/* An earlier page has the lists of this node. */
static bool is_again(struct gcm_exporter *exporter, const struct gcm_ndf_element *element,
                     const struct gcm_export_put *put)
{
    return put->again && gcm_slice_equal(put->again->name, element->type) &&
           gcm_export_rank(exporter, put->again, element->id) <= put->again_to;
}

static gcm_result put_lists(struct gcm_exporter *exporter, struct gcm_arena *page,
                            const struct gcm_ndf_element *element, const struct gcm_export_put *put)
{
    struct gcm_raw_walk walk = gcm_raw_walk(element->raw);
    struct gcm_slice key;
    struct gcm_raw value;
    if (is_again(exporter, element, put))
        return GCM_OK;
    while (gcm_raw_next(&walk, &key, &value)) {
        if (gcm_slice_is(key, "_typeName") || gcm_slice_is(key, "id"))
            continue;
        if (value.kind != GCM_RAW_ARRAY)
            return gcm_fail(exporter->arena, exporter->err, GCM_BAD_INPUT, (struct gcm_place){0},
                            "%.*s: the list %.*s of %.*s is no array", GCM_P(put->name), GCM_P(key),
                            GCM_P(element->id));
        gcm_result result = put_field(exporter, page, element, key, value, put);
        if (result)
            return result;
    }
    return GCM_OK;
}

static gcm_result put_element(struct gcm_exporter *exporter, struct gcm_arena *page,
                              const struct gcm_ndf_element *element,
                              const struct gcm_export_put *put)
{
    switch (put->kind) {
    case GCM_NDF_NODES:
        return put_node(exporter, element, put);
    case GCM_NDF_LISTS:
        return put_lists(exporter, page, element, put);
    default:
        return gcm_stage_put_pair(exporter->stage, &element->ends[0], &element->ends[1],
                                  exporter->err);
    }
}

static gcm_result read_element(struct gcm_exporter *exporter, struct gcm_arena *page,
                               struct gcm_raw raw, const struct gcm_export_put *put,
                               struct gcm_ndf_element *element)
{
    gcm_result result = gcm_ndf_element(page, put->kind, raw, element, exporter->err);
    if (!result)
        return result;
    struct gcm_slice why = exporter->err->message;
    return gcm_fail(exporter->arena, exporter->err, result, (struct gcm_place){0}, "%.*s: %.*s",
                    GCM_P(put->name), GCM_P(why));
}

/* --- elements that a page holds twice: it went through a faulty gateway --- */

struct repeats {
    struct gcm_arena *page;
    struct gcm_raw_walk start; /* of the page */
    size_t count;              /* elements so far */
    struct gcm_slice type, id; /* of the last one */
    bool mapped;               /* their order says nothing: all are in the map */
    struct gcm_map seen;
};

static void map_all(struct repeats *repeats)
{
    struct gcm_raw raw;
    for (size_t i = 0; i < repeats->count && gcm_raw_next(&repeats->start, NULL, &raw); i++)
        gcm_map_put(repeats->page, &repeats->seen, raw.text, repeats);
    repeats->mapped = true;
}

/* As long as types and ids ascend, none can be there twice. */
static bool is_repeated(struct repeats *repeats, const struct gcm_ndf_element *element)
{
    if (!repeats->mapped) {
        int order = gcm_slice_compare(repeats->type, element->type);
        if (!order)
            order = gcm_slice_compare(repeats->id, element->id);
        repeats->type = element->type;
        repeats->id = element->id;
        if (order >= 0)
            map_all(repeats);
    }
    repeats->count++;
    return repeats->mapped &&
           gcm_map_put(repeats->page, &repeats->seen, element->raw.text, repeats);
}

gcm_result gcm_export_put_elements(struct gcm_exporter *exporter, struct gcm_arena *page,
                                   struct gcm_raw_walk walk, const struct gcm_export_put *put,
                                   uint64_t *count)
{
    struct gcm_raw raw;
    struct gcm_ndf_element element;
    struct repeats repeats = {.page = page, .start = walk};
    *count = 0;
    for (size_t at = 0; at < put->limit && gcm_raw_next(&walk, NULL, &raw); at++) {
        gcm_result result = read_element(exporter, page, raw, put, &element);
        if (!result && put->repeats && is_repeated(&repeats, &element))
            continue;
        if (!result)
            result = put_element(exporter, page, &element, put);
        if (result)
            return result;
        ++*count;
    }
    return GCM_OK;
}
