/* The types of the source: which there are, in which order the server keeps them, and which rows of
 * the stage are whose. */
#include "transfer/export/parts.h"

#include "core/plural.h"

#include <stdlib.h>
#include <string.h>

static int by_name(const void *a, const void *b)
{
    const struct gcm_export_type *const *left = a, *const *right = b;
    return gcm_slice_compare((*left)->name, (*right)->name);
}

static struct gcm_export_type *add_type(struct gcm_exporter *exporter, struct gcm_slice name)
{
    struct gcm_export_type *type = GCM_NEW(exporter->arena, struct gcm_export_type);
    type->name = gcm_copy(exporter->arena, name);
    type->plural = gcm_plural(exporter->arena, type->name);
    type->known = gcm_map_get(&exporter->project->model_names, name) != NULL;
    *gcm_push(exporter->arena, &exporter->types) = type;
    gcm_map_put(exporter->arena, &exporter->by_name, type->name, type);
    return type;
}

static void add_field(struct gcm_exporter *exporter, struct gcm_export_type *type,
                      struct gcm_slice name, struct gcm_slice scalar, bool list)
{
    *gcm_push(exporter->arena, &type->fields) =
        (struct gcm_export_field){.name = gcm_copy(exporter->arena, name),
                                  .type = gcm_copy(exporter->arena, scalar),
                                  .scalar = gcm_scalar_of(scalar),
                                  .list = list};
    type->listed |= list;
}

/* Fields get no more; the order of the server's tables is that of the names. */
static void settle(struct gcm_exporter *exporter)
{
    qsort(exporter->types.at, exporter->types.count, sizeof *exporter->types.at, by_name);
    exporter->listed = (struct gcm_export_types){0};
    gcm_each (struct gcm_export_type *, each, exporter->types) {
        struct gcm_export_type *type = *each;
        unsigned dates = 0;
        gcm_each (struct gcm_export_field, field, type->fields) {
            gcm_map_put(exporter->arena, &type->by_name, field->name, field);
            dates +=
                gcm_slice_is(field->name, "createdAt") || gcm_slice_is(field->name, "updatedAt");
        }
        type->dated = dates == 2;
        if (type->listed)
            *gcm_push(exporter->arena, &exporter->listed) = type;
    }
}

void gcm_export_project_types(struct gcm_exporter *exporter)
{
    gcm_each (struct gcm_model *, model, exporter->project->models) {
        struct gcm_export_type *type = add_type(exporter, (*model)->name);
        gcm_each (struct gcm_field *, each, (*model)->fields) {
            const struct gcm_field *field = *each;
            if (field->kind == GCM_FIELD_SCALAR)
                add_field(exporter, type, field->name, gcm_slice_of(gcm_scalar_name(field->scalar)),
                          field->list);
            else if (field->kind == GCM_FIELD_ENUM)
                add_field(exporter, type, field->name, field->enum_type->name, field->list);
        }
    }
    settle(exporter);
}

static struct gcm_slice text_of(struct gcm_arena *arena, struct gcm_raw object, const char *name)
{
    struct gcm_raw value;
    return gcm_raw_member(object, name, &value) && value.kind == GCM_RAW_STRING
               ? gcm_raw_string(arena, value)
               : (struct gcm_slice){0};
}

static bool implements_node(struct gcm_arena *arena, struct gcm_raw type)
{
    struct gcm_raw interfaces, each;
    if (!gcm_raw_member(type, "interfaces", &interfaces))
        return false;
    for (struct gcm_raw_walk walk = gcm_raw_walk(interfaces); gcm_raw_next(&walk, NULL, &each);)
        if (gcm_slice_is(text_of(arena, each, "name"), "Node"))
            return true;
    return false;
}

static void read_field(struct gcm_exporter *exporter, struct gcm_arena *arena,
                       struct gcm_export_type *type, struct gcm_raw field)
{
    bool list = false;
    struct gcm_raw at;
    if (!gcm_raw_member(field, "type", &at))
        return;
    for (int depth = 0; depth < 4; depth++) {
        struct gcm_slice kind = text_of(arena, at, "kind");
        list |= gcm_slice_is(kind, "LIST");
        if (gcm_slice_is(kind, "SCALAR") || gcm_slice_is(kind, "ENUM"))
            add_field(exporter, type, text_of(arena, field, "name"), text_of(arena, at, "name"),
                      list);
        if (!gcm_raw_member(at, "ofType", &at))
            return;
    }
}

static void read_schema(struct gcm_exporter *exporter, struct gcm_arena *arena,
                        struct gcm_raw schema)
{
    struct gcm_raw types, each, fields, field;
    if (!gcm_raw_member(schema, "types", &types))
        return;
    for (struct gcm_raw_walk walk = gcm_raw_walk(types); gcm_raw_next(&walk, NULL, &each);) {
        if (!implements_node(arena, each) || !gcm_raw_member(each, "fields", &fields))
            continue;
        struct gcm_export_type *type = add_type(exporter, text_of(arena, each, "name"));
        for (struct gcm_raw_walk walk2 = gcm_raw_walk(fields); gcm_raw_next(&walk2, NULL, &field);)
            read_field(exporter, arena, type, field);
    }
}

gcm_result gcm_export_server_types(struct gcm_exporter *exporter)
{
    static const char query[] =
        "{__schema{types{name interfaces{name} fields{name type{kind name ofType{kind name "
        "ofType{kind name ofType{kind name}}}}}}}}";
    struct gcm_arena arena = {0};
    struct gcm_export_answer answer;
    gcm_result result = gcm_export_query(exporter, gcm_slice_of(query), &answer);
    struct gcm_raw schema;
    if (!result && answer.reply == GCM_REPLY_DATA &&
        gcm_raw_member(answer.data, "__schema", &schema)) {
        struct gcm_export_types types = exporter->types;
        struct gcm_map names = exporter->by_name;
        exporter->types = (struct gcm_export_types){0};
        exporter->by_name = (struct gcm_map){0};
        read_schema(exporter, &arena, schema);
        if (exporter->types.count) {
            settle(exporter);
        } else {
            exporter->types = types;
            exporter->by_name = names;
        }
    }
    gcm_arena_free(&arena);
    return result;
}

struct gcm_export_type *gcm_export_type(struct gcm_exporter *exporter, struct gcm_slice name)
{
    if (exporter->current && gcm_slice_equal(exporter->current->name, name))
        return exporter->current;
    struct gcm_export_type *type = gcm_map_get(&exporter->by_name, name);
    if (!type)
        type = add_type(exporter, name);
    return exporter->current = type;
}

const struct gcm_export_field *gcm_export_field(const struct gcm_export_type *type,
                                                struct gcm_slice name)
{
    return gcm_map_get(&type->by_name, name);
}

/* One line for each type with nodes: its name, first row and holes. */
gcm_result gcm_export_keep_types(struct gcm_exporter *exporter)
{
    if (!exporter->changed)
        return GCM_OK;
    struct gcm_arena arena = {0};
    struct gcm_buffer out = gcm_buffer(&arena, GCM_BUFFER_CAP);
    gcm_each (struct gcm_export_type *, each, exporter->types) {
        const struct gcm_export_type *type = *each;
        if (!type->first && !type->holes.count)
            continue;
        gcm_putf(&out, "%.*s %lld", GCM_P(type->name), (long long)type->first);
        gcm_each (const int64_t, hole, type->holes)
            gcm_putf(&out, " %lld", (long long)*hole);
        gcm_putc(&out, '\n');
    }
    gcm_result result =
        gcm_stage_put_note(exporter->stage, "export.types", gcm_buffer_text(&out), exporter->err);
    gcm_arena_free(&arena);
    exporter->changed = false;
    return result;
}

/* Cuts the next word off a line. */
static struct gcm_slice next_word(struct gcm_slice *rest)
{
    size_t end = gcm_slice_find(*rest, ' ');
    struct gcm_slice word = gcm_slice_sub(*rest, 0, end);
    *rest = gcm_slice_sub(*rest, end + 1, rest->size);
    return word;
}

void gcm_export_recall_types(struct gcm_exporter *exporter)
{
    struct gcm_slice rest =
        gcm_copy(exporter->arena, gcm_stage_note(exporter->stage, "export.types"));
    while (rest.size) {
        size_t end = gcm_slice_find(rest, '\n');
        struct gcm_slice line = gcm_slice_sub(rest, 0, end);
        rest = gcm_slice_sub(rest, end + 1, rest.size);
        struct gcm_export_type *type = gcm_export_type(exporter, next_word(&line));
        type->key = gcm_stage_name(exporter->stage, type->name, false);
        type->holes.count = 0;
        if (!gcm_number_integer(next_word(&line), &type->first))
            type->first = 0;
        int64_t hole;
        while (line.size && gcm_number_integer(next_word(&line), &hole)) {
            *gcm_push(exporter->arena, &type->holes) = hole;
            exporter->unread++;
        }
    }
}

int64_t gcm_export_rank(struct gcm_exporter *exporter, struct gcm_export_type *type,
                        struct gcm_slice id)
{
    struct gcm_staged_node node;
    if (!type->key)
        type->key = gcm_stage_name(exporter->stage, type->name, false);
    if (!type->key || gcm_stage_node(exporter->stage, type->key, id, &node, exporter->err))
        return -1;
    int64_t rank = node.row - type->first;
    gcm_each (const int64_t, hole, type->holes)
        rank += *hole <= rank;
    return rank;
}

void gcm_export_add_hole(struct gcm_exporter *exporter, struct gcm_export_type *type, int64_t rank)
{
    *gcm_push(exporter->arena, &type->holes) = rank;
    exporter->unread++;
    exporter->changed = true;
}
