/* records: nodes and lists of the stage as elements of the target. */
#include "transfer/records/making.h"

static struct gcm_slice name_text(const struct gcm_record_maker *maker, int64_t key)
{
    return key ? gcm_stage_name_text(maker->stage, key) : GCM_S("");
}

/* `{"_typeName":"Post","id":"…"` */
static void put_start(struct gcm_buffer *out, const struct gcm_shape_type *type,
                      struct gcm_slice id)
{
    gcm_put(out, type->start);
    gcm_put_raw_string(out, id);
}

static gcm_result cannot_read(struct making *making, struct gcm_error *err)
{
    return gcm_fail(making->arena, err, GCM_BAD_INPUT, (struct gcm_place){0},
                    "the stage's record of %.*s %.*s is damaged", GCM_P(making->record->type),
                    GCM_P(making->record->id));
}

/* The type that the record belongs to in the target; false where it goes nowhere. */
static bool find_type(struct making *making)
{
    making->type = gcm_map_get(&making->maker->shape->type_names, making->record->type);
    if (!making->type)
        making_fault(making, "type-unknown", GCM_S(""), GCM_S(""));
    return making->type && making->type->to;
}

/* ---- nodes ---- */

static bool is_envelope(struct gcm_slice key)
{
    return gcm_slice_is(key, "_typeName") || gcm_slice_is(key, "id");
}

/* Fields come in much the same order in every node: the one behind the last is the likeliest. */
static const struct gcm_shape_field *field_named(const struct gcm_shape_type *type,
                                                 struct gcm_slice name, size_t *likely)
{
    size_t place = *likely;
    if (place >= type->fields.count || !gcm_slice_equal(type->fields.at[place]->name, name)) {
        const struct gcm_shape_field *field = gcm_map_get(&type->by_name, name);
        if (field)
            *likely = field->place + 1;
        return field;
    }
    ++*likely;
    return type->fields.at[place];
}

/* The values of the node's fields, in the places of its type: of a repeated key the last counts. */
static struct gcm_raw *values_of(struct making *making, struct gcm_raw node)
{
    struct gcm_raw *values =
        gcm_arena_alloc(making->arena, (making->type->fields.count + 1) * sizeof(struct gcm_raw));
    struct gcm_raw_walk walk = gcm_raw_walk(node);
    struct gcm_slice key;
    struct gcm_raw value;
    size_t likely = 0;
    while (gcm_raw_next(&walk, &key, &value)) {
        if (is_envelope(key)) {
            likely += likely < making->type->fields.count &&
                      gcm_slice_equal(making->type->fields.at[likely]->name, key);
            continue;
        }
        if (gcm_slice_find(key, '\\') < key.size)
            key = gcm_raw_string(making->arena,
                                 (struct gcm_raw){{key.at - 1, key.size + 2}, GCM_RAW_STRING});
        const struct gcm_shape_field *field = field_named(making->type, key, &likely);
        if (field)
            values[field->place] = value;
        else if (value.kind != GCM_RAW_NULL)
            making_fault(making, "field-unknown", gcm_copy(making->arena, key), value.text);
    }
    return values;
}

static bool is_json(const struct gcm_shape_field *field)
{
    return gcm_slice_is(field->to->type_name, "Json");
}

/* The field's value; null is no value, but in Json. */
static void put_field(struct making *making, struct gcm_buffer *out,
                      const struct gcm_shape_field *field, struct gcm_raw value)
{
    size_t before = out->size;
    if (!field->to || field->to->id || gcm_slice_is(field->name, "id"))
        return;
    if (value.text.size && (value.kind != GCM_RAW_NULL || (is_json(field) && !field->to->list))) {
        gcm_put(out, field->key);
        if (making_value(making, out, field, value, false))
            return;
        out->size = before;
    }
    bool own = field->to->created_at || field->to->updated_at;
    if (!field->to->required || own)
        return;
    if (field->fill.size) {
        gcm_put(out, field->key);
        gcm_put(out, field->fill);
        making_value_fault(making, "filled", field, field->fill);
    } else {
        making_value_fault(making, "missing", field, GCM_S(""));
    }
}

gcm_result gcm_record_of_node(const struct gcm_record_maker *maker, struct gcm_arena *arena,
                              const struct gcm_staged_node *node, struct gcm_record *record,
                              struct gcm_error *err)
{
    struct making making = {.maker = maker, .arena = arena, .record = record};
    struct gcm_raw body;
    struct gcm_raw_error ignored;
    *record = (struct gcm_record){.kind = GCM_NDF_NODES,
                                  .row = node->row,
                                  .type = name_text(maker, node->type),
                                  .id = gcm_copy(arena, node->id)};
    if (!gcm_raw_read(node->body, &body, &ignored) || body.kind != GCM_RAW_OBJECT)
        return cannot_read(&making, err);
    if (!find_type(&making)) {
        making_end(&making);
        return GCM_OK;
    }
    struct gcm_raw *values = values_of(&making, body);
    making_id(&making, record->id);
    struct gcm_buffer out = gcm_buffer(arena, GCM_BUFFER_CAP);
    out.room = node->body.size + node->body.size / 4 + 128; /* it will be about as large */
    out.at = gcm_arena_text(arena, out.room);
    put_start(&out, making.type, record->id);
    gcm_each (struct gcm_shape_field *const, field, making.type->fields)
        put_field(&making, &out, *field, values[(*field)->place]);
    gcm_putc(&out, '}');
    record->text[0] = gcm_buffer_text(&out);
    record->count = 1;
    making_end(&making);
    return GCM_OK;
}

/* ---- lists ---- */

static size_t put_elements(struct making *making, struct gcm_buffer *out,
                           const struct gcm_shape_field *field, struct gcm_raw list)
{
    struct gcm_raw_walk walk = gcm_raw_walk(list);
    struct gcm_raw element;
    size_t count = 0;
    while (gcm_raw_next(&walk, NULL, &element)) {
        size_t before = out->size;
        if (count)
            gcm_putc(out, ',');
        if (making_value(making, out, field, element, true))
            count++;
        else
            out->size = before;
    }
    return count;
}

static const struct gcm_shape_field *list_field(struct making *making)
{
    const struct gcm_shape_field *field =
        gcm_map_get(&making->type->by_name, making->record->field);
    if (!field || !field->source || !field->source->list)
        making_fault(making, "list-unknown", making->record->field, GCM_S(""));
    else if (field->to && field->to->list)
        return field;
    return NULL;
}

static void make_list(struct making *making, struct gcm_raw body, int64_t type)
{
    struct gcm_record *record = making->record;
    const struct gcm_shape_field *field = find_type(making) ? list_field(making) : NULL;
    if (!field)
        return;
    if (!gcm_stage_has_node(making->maker->stage, type, record->id)) {
        making_fault(making, "list-orphan", record->field, GCM_S(""));
        return;
    }
    struct gcm_buffer out = gcm_buffer(making->arena, GCM_BUFFER_CAP);
    put_start(&out, making->type, record->id);
    gcm_put(&out, field->key);
    gcm_putc(&out, '[');
    size_t count = put_elements(making, &out, field, body);
    gcm_puts(&out, "]}");
    record->text[0] = gcm_buffer_text(&out);
    record->count = count > 0;
}

gcm_result gcm_record_of_list(const struct gcm_record_maker *maker, struct gcm_arena *arena,
                              const struct gcm_staged_list *list, struct gcm_record *record,
                              struct gcm_error *err)
{
    struct making making = {.maker = maker, .arena = arena, .record = record};
    struct gcm_raw body;
    struct gcm_raw_error ignored;
    *record = (struct gcm_record){.kind = GCM_NDF_LISTS,
                                  .row = list->row,
                                  .type = name_text(maker, list->type),
                                  .id = gcm_copy(arena, list->id),
                                  .field = name_text(maker, list->field)};
    if (!gcm_raw_read(list->body, &body, &ignored) || body.kind != GCM_RAW_ARRAY)
        return cannot_read(&making, err);
    make_list(&making, body, list->type);
    making_end(&making);
    return GCM_OK;
}
