/* files: the records as NDF files for the real `prisma1 import`. Its own validation stops at
 * the first value that it does not like, imports nothing and ends with exit code 0 (spec/prisma1.md
 * §3.7): what it would refuse must not be in the files. */
#include "core/interrupt.h"
#include "ndf/pack.h"
#include "transfer/import/parts.h"

struct filing {
    struct gcm_arena *arena, scratch;
    const struct gcm_record_maker *maker;
    const struct gcm_import_files *files;
    struct gcm_progress *progress;
    struct gcm_import_result *result;
    struct gcm_pack *pack;
};

static void leave_out(struct filing *filing, const struct gcm_record *record,
                      struct gcm_slice field, struct gcm_slice reason)
{
    const struct gcm_left_out left_out = {
        .type = record->type, .id = record->id, .field = field, .reason = reason};
    filing->result->rejects++;
    filing->files->left_out(filing->files->context, &left_out);
}

/* Nothing, or why the CLI refuses the value. */
static const char *refuses(const struct gcm_prisma_field *field, struct gcm_raw value)
{
    bool text = value.kind == GCM_RAW_STRING;
    if (gcm_slice_is(field->type_name, "Json"))
        return value.kind == GCM_RAW_OBJECT || value.kind == GCM_RAW_ARRAY ||
                       value.kind == GCM_RAW_NULL
                   ? NULL
                   : "prisma1 takes only objects and arrays as Json";
    if (value.kind == GCM_RAW_NULL)
        return "prisma1 takes no null";
    if (gcm_slice_is(field->type_name, "UUID") && !field->id)
        return "prisma1 has no validation for UUID and refuses every value";
    if (gcm_slice_is(field->type_name, "Int") || gcm_slice_is(field->type_name, "Float"))
        return value.kind == GCM_RAW_NUMBER ? NULL : "prisma1 takes only numbers here";
    if (gcm_slice_is(field->type_name, "Boolean"))
        return value.kind == GCM_RAW_TRUE || value.kind == GCM_RAW_FALSE
                   ? NULL
                   : "prisma1 takes only true and false here";
    return text ? NULL : "prisma1 takes only a text here";
}

static const struct gcm_prisma_type *type_of(const struct filing *filing, struct gcm_raw node,
                                             struct gcm_arena *arena)
{
    struct gcm_raw name;
    if (!gcm_raw_member(node, "_typeName", &name))
        return NULL;
    return gcm_map_get(&filing->maker->shape->target->type_names, gcm_raw_string(arena, name));
}

/* A required scalar that is not there stops the CLI, even one that has a default. */
static bool lacks_required(struct filing *filing, const struct gcm_prisma_type *type,
                           struct gcm_raw node, const struct gcm_record *record)
{
    struct gcm_raw ignored;
    gcm_each (struct gcm_prisma_field *, field, type->fields) {
        if (!(*field)->required || (*field)->kind == GCM_PRISMA_RELATION ||
            gcm_raw_member(node, gcm_cstring(&filing->scratch, (*field)->name), &ignored))
            continue;
        leave_out(filing, record, GCM_S(""),
                  gcm_format(&filing->scratch, "the required field %.*s has no value",
                             GCM_P((*field)->name)));
        return true;
    }
    return false;
}

/* The node without what the CLI refuses; empty: the node cannot be in the files. */
static struct gcm_slice node_text(struct filing *filing, const struct gcm_record *record)
{
    struct gcm_raw node, value, id;
    struct gcm_raw_error ignored;
    struct gcm_slice key;
    struct gcm_buffer out = gcm_buffer(&filing->scratch, GCM_BUFFER_CAP);
    const struct gcm_prisma_type *type = NULL;
    if (gcm_raw_read(record->text[0], &node, &ignored))
        type = type_of(filing, node, &filing->scratch);
    if (!type)
        return GCM_S("");
    if (!gcm_raw_member(node, "id", &id) || id.text.size <= 2) {
        leave_out(filing, record, GCM_S(""), GCM_S("prisma1 takes no empty id"));
        return GCM_S("");
    }
    struct gcm_raw_walk walk = gcm_raw_walk(node);
    gcm_putc(&out, '{');
    while (gcm_raw_next(&walk, &key, &value)) {
        const struct gcm_prisma_field *field = gcm_map_get(&type->by_name, key);
        const char *reason = field && !field->id ? refuses(field, value) : NULL;
        if (reason && field->required) {
            leave_out(filing, record, GCM_S(""),
                      gcm_format(&filing->scratch, "%.*s: %s", GCM_P(key), reason));
            return GCM_S("");
        }
        if (reason) {
            leave_out(filing, record, key, gcm_slice_of(reason));
            continue;
        }
        gcm_puts(&out, out.size > 1 ? ",\"" : "\"");
        gcm_put(&out, key);
        gcm_puts(&out, "\":");
        gcm_put(&out, value.text);
    }
    gcm_putc(&out, '}');
    return lacks_required(filing, type, node, record) ? GCM_S("") : gcm_buffer_text(&out);
}

/* A list with an element that the CLI refuses cannot lose just that element. */
static struct gcm_slice list_text(struct filing *filing, const struct gcm_record *record)
{
    struct gcm_raw list, element;
    struct gcm_raw_error ignored;
    struct gcm_slice name;
    const struct gcm_prisma_type *type = NULL;
    struct gcm_raw array = import_list_array(record->text[0], &name);
    if (gcm_raw_read(record->text[0], &list, &ignored))
        type = type_of(filing, list, &filing->scratch);
    const struct gcm_prisma_field *field = type ? gcm_map_get(&type->by_name, name) : NULL;
    struct gcm_raw_walk walk = gcm_raw_walk(array);
    while (field && gcm_raw_next(&walk, NULL, &element)) {
        const char *reason = refuses(field, element);
        if (!reason)
            continue;
        leave_out(filing, record, record->field, gcm_slice_of(reason));
        return GCM_S("");
    }
    return record->text[0];
}

static void count(struct gcm_import_result *result, enum gcm_ndf_kind kind, size_t bytes)
{
    uint64_t *counts[GCM_NDF_KINDS] = {&result->nodes, &result->lists, &result->pairs};
    ++*counts[kind];
    result->bytes += bytes;
}

static gcm_result put(struct filing *filing, const struct gcm_record *record, struct gcm_error *err)
{
    gcm_result result = GCM_OK;
    if (record->withheld)
        leave_out(filing, record, record->field,
                  gcm_fault_text(&filing->scratch, record->withheld));
    for (unsigned i = 0; result == GCM_OK && !record->withheld && i < record->count; i++) {
        struct gcm_slice text = record->kind == GCM_NDF_NODES   ? node_text(filing, record)
                                : record->kind == GCM_NDF_LISTS ? list_text(filing, record)
                                                                : record->text[i];
        if (!text.size)
            continue;
        result = gcm_pack_put(filing->pack, record->kind, text, err);
        count(filing->result, record->kind, text.size);
    }
    gcm_progress_advance(filing->progress, 1, record->text[0].size);
    return result;
}

static gcm_result put_all(struct filing *filing, enum gcm_ndf_kind kind, struct gcm_slice group,
                          struct gcm_error *err)
{
    struct gcm_records *records = NULL;
    struct gcm_record record;
    gcm_result result = gcm_records_open(filing->maker, kind, group, 1, INT64_MAX, &records, err);
    for (unsigned since = 1; result == GCM_OK; since++) {
        result = gcm_records_next(records, &filing->scratch, &record, err);
        if (result == GCM_OK)
            result = gcm_interrupted() ? GCM_INTERRUPTED : put(filing, &record, err);
        if (since % 256 == 0)
            gcm_arena_free(&filing->scratch);
    }
    gcm_records_close(records);
    gcm_arena_free(&filing->scratch);
    return result == GCM_END ? GCM_OK : result;
}

static gcm_result put_kinds(struct filing *filing, struct gcm_error *err)
{
    const struct gcm_shape *shape = filing->maker->shape;
    gcm_result result = put_all(filing, GCM_NDF_NODES, GCM_S(""), err);
    if (result == GCM_OK)
        result = put_all(filing, GCM_NDF_LISTS, GCM_S(""), err);
    gcm_each (struct gcm_shape_relation *const, relation, shape->relations)
        if (result == GCM_OK)
            result = put_all(filing, GCM_NDF_RELATIONS, (*relation)->name, err);
    return result == GCM_OK ? put_all(filing, GCM_NDF_RELATIONS, GCM_S(""), err) : result;
}

gcm_result gcm_import_to_files(struct gcm_arena *arena, const struct gcm_record_maker *maker,
                               const struct gcm_import_files *files, struct gcm_progress *progress,
                               struct gcm_import_result *result, struct gcm_error *err)
{
    struct filing filing = {
        .arena = arena, .maker = maker, .files = files, .progress = progress, .result = result};
    uint64_t records = 0;
    *result = (struct gcm_import_result){0};
    for (int kind = 0; kind < GCM_NDF_KINDS; kind++)
        records += gcm_stage_count(maker->stage, (enum gcm_ndf_kind)kind);
    gcm_result code = gcm_pack_start(arena, files->path, files->chunk_size, &filing.pack, err);
    if (code != GCM_OK)
        return code;
    gcm_progress_start(progress, "import", records, 0);
    code = put_kinds(&filing, err);
    if (code == GCM_OK)
        code = gcm_pack_finish(filing.pack, err);
    else
        gcm_pack_drop(filing.pack);
    gcm_progress_end(progress);
    return code;
}
