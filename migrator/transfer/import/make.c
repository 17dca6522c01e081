/* make: the body of a request, from a run of rows. The same rows give the same bytes, so a
 * chunk is known by its rows alone. */
#include "transfer/import/parts.h"

enum {
    RECORDS = 10000, /* of one request: more gains nothing, and costs more when one fails */
    SCRATCH_RECORDS = 256,
    SCRATCH_BYTES = 256 * 1024 /* of records, then scratch memory is given back */
};

/* Is it time to give scratch memory back? */
struct since {
    size_t records, bytes;
};
static bool is_enough(struct since *since, const struct gcm_record *record)
{
    since->records++;
    since->bytes += record->text[0].size;
    if (since->records < SCRATCH_RECORDS && since->bytes < SCRATCH_BYTES)
        return false;
    *since = (struct since){0};
    return true;
}

gcm_result import_reject(struct import *import, const struct gcm_reject *reject,
                         struct gcm_error *err)
{
    gcm_result result = gcm_reject_add(import->stage, reject, err);
    if (result != GCM_OK)
        return result;
    import->rejects++;
    import->node_rejects += reject->kind == GCM_NDF_NODES;
    import->list_rejects += reject->kind == GCM_NDF_LISTS;
    gcm_progress_note(import->progress, "rejected: %.*s %.*s%s%.*s: %.*s", GCM_P(reject->type),
                      GCM_P(reject->id), reject->field.size ? " " : "", GCM_P(reject->field),
                      GCM_P(gcm_slice_sub(reject->reason, 0, 200)));
    return GCM_OK;
}

static gcm_result reject_record(struct import *import, const struct gcm_record *record,
                                struct gcm_slice reason, struct gcm_error *err)
{
    const struct gcm_reject reject = {.kind = import->kind,
                                      .row = record->row,
                                      .type = record->type,
                                      .id = record->id,
                                      .field = record->field,
                                      .other = record->other,
                                      .reason = reason};
    return import_reject(import, &reject, err);
}

static bool node_is_rejected(struct import *import, struct gcm_slice type, struct gcm_slice id)
{
    struct gcm_error ignored;
    struct gcm_staged_node node;
    int64_t name = gcm_stage_name(import->stage, type, false);
    return name && gcm_stage_node(import->stage, name, id, &node, &ignored) == GCM_OK &&
           gcm_reject_has(import->stage, GCM_NDF_NODES, node.row);
}

/* A list or a relation of a node that the target refused cannot be stored. Where the relation is a
 * column of that node the server would even answer that all is well (spec/prisma1.md §3.2). */
static bool belongs_to_a_reject(struct import *import, const struct gcm_record *record)
{
    if (!import->node_rejects || import->kind == GCM_NDF_NODES)
        return false;
    if (node_is_rejected(import, record->type, record->id))
        return true;
    return import->relation &&
           node_is_rejected(import, import->relation->a_type->name, record->other);
}

/* What follows a part of a list that was rejected must not close up with what stands before it. */
static bool follows_a_reject(struct import *import, const struct gcm_record *record)
{
    struct gcm_error ignored;
    struct gcm_rows *rows = NULL;
    struct gcm_staged_list list;
    bool follows = false;
    if (!import->list_rejects || import->kind != GCM_NDF_LISTS ||
        gcm_rows_lists_of(import->stage, gcm_stage_name(import->stage, record->type, false),
                          record->id, gcm_stage_name(import->stage, record->field, false), &rows,
                          &ignored) != GCM_OK)
        return false;
    while (!follows && gcm_rows_list(rows, &list, &ignored) == GCM_OK && list.row < record->row)
        follows = gcm_reject_has(import->stage, GCM_NDF_LISTS, list.row);
    gcm_rows_close(rows);
    return follows;
}

/* Is the record part of the request? If it must not be sent, that is written down. */
static gcm_result wanted(struct import *import, struct gcm_arena *scratch,
                         const struct gcm_record *record, bool *is, struct gcm_error *err)
{
    *is = false;
    if (import->rejects && gcm_reject_has(import->stage, import->kind, record->row))
        return GCM_OK;
    if (record->withheld)
        return reject_record(import, record, gcm_fault_text(scratch, record->withheld), err);
    if (!record->count)
        return GCM_OK;
    if (belongs_to_a_reject(import, record))
        return reject_record(import, record, GCM_S("its node is not in the target"), err);
    if (follows_a_reject(import, record))
        return reject_record(import, record, GCM_S("an earlier part of the list was rejected"),
                             err);
    *is = true;
    return GCM_OK;
}

/* ---- parts of a list ---- */

struct gcm_raw import_list_array(struct gcm_slice text, struct gcm_slice *field)
{
    struct gcm_raw value = {0}, member;
    struct gcm_raw_error ignored;
    if (!gcm_raw_read(text, &value, &ignored))
        return value;
    struct gcm_raw_walk walk = gcm_raw_walk(value);
    while (gcm_raw_next(&walk, field, &member))
        if (!gcm_slice_is(*field, "_typeName") && !gcm_slice_is(*field, "id"))
            return member;
    return (struct gcm_raw){0};
}

struct gcm_slice import_list_part(struct gcm_arena *arena, struct gcm_slice text, uint64_t skip,
                                  uint64_t take)
{
    struct gcm_slice field;
    if (!skip && !take)
        return text;
    struct gcm_raw array = import_list_array(text, &field), element;
    struct gcm_buffer out = gcm_buffer(arena, GCM_BUFFER_CAP);
    if (!array.text.at)
        return text;
    gcm_put(&out, gcm_slice_sub(text, 0, (size_t)(array.text.at - text.at)));
    gcm_putc(&out, '[');
    struct gcm_raw_walk walk = gcm_raw_walk(array);
    for (uint64_t i = 0, put = 0; gcm_raw_next(&walk, NULL, &element) && (!take || put < take); i++)
        if (i >= skip) {
            gcm_puts(&out, put++ ? "," : "");
            gcm_put(&out, element.text);
        }
    gcm_puts(&out, "]}");
    return gcm_buffer_text(&out);
}

/* ---- the body ---- */

struct making {
    struct import *import;
    struct work *work;
    struct gcm_buffer body;
    struct gcm_arena scratch, last; /* of records; of the last list's name */
    struct gcm_slice type, id, field;
    size_t limit, records;
};

static bool same_list(const struct making *making, const struct gcm_record *record)
{
    return making->import->kind == GCM_NDF_LISTS && gcm_slice_equal(making->id, record->id) &&
           gcm_slice_equal(making->field, record->field) &&
           gcm_slice_equal(making->type, record->type);
}

static void remember_list(struct making *making, const struct gcm_record *record)
{
    if (making->import->kind != GCM_NDF_LISTS)
        return;
    gcm_arena_reuse(&making->last);
    making->type = gcm_copy(&making->last, record->type);
    making->id = gcm_copy(&making->last, record->id);
    making->field = gcm_copy(&making->last, record->field);
}

/* A list in several rows is kept together as long as that does not double the request. */
static bool is_full(struct making *making, const struct gcm_record *record, size_t size)
{
    if (!making->records)
        return false;
    if (making->records < RECORDS && making->body.size + size <= making->limit)
        return false;
    making->work->cut = same_list(making, record);
    return !making->work->cut || making->body.size + size > 2 * making->limit;
}

static gcm_result put(struct making *making, const struct gcm_record *record)
{
    const struct gcm_chunk *chunk = &making->work->chunk;
    for (unsigned i = 0; i < record->count; i++) {
        gcm_puts(&making->body, making->body.at[making->body.size - 1] == '[' ? "" : ",");
        gcm_put(&making->body,
                import_list_part(&making->scratch, record->text[i], chunk->skip, chunk->take));
    }
    making->records++;
    remember_list(making, record);
    return GCM_OK;
}

static gcm_result make_all(struct making *making, struct gcm_records *records,
                           struct gcm_error *err)
{
    struct gcm_chunk *chunk = &making->work->chunk;
    struct gcm_record record;
    gcm_result result;
    struct since since = {0};
    int64_t reached = chunk->first - 1;
    while ((result = gcm_records_next(records, &making->scratch, &record, err)) == GCM_OK) {
        bool is;
        result = wanted(making->import, &making->scratch, &record, &is, err);
        if (result != GCM_OK)
            return result;
        if (is && is_full(making, &record, record.text[0].size + record.text[1].size)) {
            chunk->last = reached;
            making->import->full = making->records < RECORDS;
            return GCM_OK;
        }
        making->work->cut = false;
        if (is)
            put(making, &record);
        reached = record.row;
        if (is_enough(&since, &record)) {
            gcm_arena_reuse(&making->scratch);
            gcm_http_push(making->import->http); /* the chunks before this one */
        }
    }
    return result == GCM_END ? GCM_OK : result;
}

gcm_result import_make(struct import *import, struct work *work, size_t limit,
                       struct gcm_error *err)
{
    struct gcm_chunk *chunk = &work->chunk;
    struct making making = {.import = import, .work = work, .limit = limit};
    struct gcm_records *records = NULL;
    making.body = gcm_buffer(&work->arena, GCM_BUFFER_CAP);
    if (import->usual) { /* as large as it will be: a buffer that grows leaves its old places */
        making.body.room = import->full ? limit + limit / 16 : import->usual + import->usual / 8;
        making.body.at = gcm_arena_text(&work->arena, making.body.room);
    }
    work->cut = false;
    gcm_putf(&making.body, "{\"valueType\":\"%s\",\"values\":[", gcm_ndf_names[import->kind]);
    gcm_result result = gcm_records_open(import->maker, import->kind, import->group, chunk->first,
                                         chunk->last, &records, err);
    if (result == GCM_OK)
        result = make_all(&making, records, err);
    gcm_records_close(records);
    gcm_arena_free(&making.scratch);
    gcm_arena_free(&making.last);
    gcm_puts(&making.body, "]}");
    work->body = gcm_buffer_text(&making.body);
    chunk->elements = making.records;
    chunk->bytes = work->body.size;
    if (work->body.size > import->usual || work->body.size < import->usual / 2)
        import->usual = work->body.size;
    return result;
}

gcm_result import_records(struct import *import, const struct gcm_chunk *chunk, import_each *each,
                          void *context, struct gcm_error *err)
{
    struct gcm_arena scratch = {0};
    struct gcm_records *records = NULL;
    struct gcm_record record;
    struct since since = {0};
    gcm_result result = gcm_records_open(import->maker, import->kind, import->group, chunk->first,
                                         chunk->last, &records, err);
    while (result == GCM_OK &&
           (result = gcm_records_next(records, &scratch, &record, err)) == GCM_OK) {
        bool is;
        result = wanted(import, &scratch, &record, &is, err);
        for (unsigned i = 0; result == GCM_OK && is && i < record.count; i++)
            record.text[i] = import_list_part(&scratch, record.text[i], chunk->skip, chunk->take);
        if (result == GCM_OK && is)
            result = each(context, &record, err);
        if (is_enough(&since, &record))
            gcm_arena_reuse(&scratch);
    }
    gcm_records_close(records);
    gcm_arena_free(&scratch);
    return result == GCM_END ? GCM_OK : result;
}
