/* Rows through the Simple API, where the endpoint cannot give them: by their place in the order of
 * ids, which is the order of the export. One row more than asked for is read by the server: a page
 * fails, too, if it ends directly before a row whose stored value is invalid; the row before such a
 * one is read from behind (truth/ndf, "Stored value invalid"). */
#include "transfer/export/parts.h"

#include "core/interrupt.h"

#include <string.h>

enum { ROWS_AT_FIRST = 20, ROWS_AT_MOST = 1000, SMALL_ANSWER = 256 * 1024, LARGE_ANSWER = 2 << 20 };

struct reader {
    struct gcm_exporter *exporter;
    const struct gcm_export_span *span;
    struct gcm_slice fields;  /* of the query */
    struct gcm_slice last_id; /* of the row before */
    bool found;               /* a row had lists */
    bool comma;               /* the row taken last has a text list with a comma */
    int64_t found_at;
};

static struct gcm_slice fields_of(struct gcm_arena *arena, const struct gcm_export_span *span)
{
    struct gcm_buffer out = gcm_buffer(arena, GCM_BUFFER_CAP);
    gcm_puts(&out, "{id");
    gcm_each (const struct gcm_export_field, field, span->type->fields)
        if (field->list == (span->kind == GCM_NDF_LISTS) && !gcm_slice_is(field->name, "id"))
            gcm_putf(&out, " %.*s", GCM_P(field->name));
    gcm_putc(&out, '}');
    return gcm_buffer_text(&out);
}

static gcm_result ask(struct reader *reader, struct gcm_arena *arena, int64_t at, int64_t count,
                      struct gcm_export_answer *answer)
{
    const struct gcm_export_type *type = reader->span->type;
    struct gcm_slice query =
        gcm_format(arena, "{rows:all%.*s(first:%lld,skip:%lld,orderBy:id_ASC)%.*s}",
                   GCM_P(type->plural), (long long)count, (long long)at, GCM_P(reader->fields));
    return gcm_export_query(reader->exporter, query, answer);
}

static gcm_result count_rows(struct reader *reader, struct gcm_arena *arena, int64_t *count)
{
    struct gcm_export_answer answer;
    struct gcm_raw meta, number;
    struct gcm_slice query =
        gcm_format(arena, "{meta:_all%.*sMeta{count}}", GCM_P(reader->span->type->plural));
    gcm_result result = gcm_export_query(reader->exporter, query, &answer);
    *count = -1;
    if (!result && answer.reply == GCM_REPLY_DATA && gcm_raw_member(answer.data, "meta", &meta) &&
        gcm_raw_member(meta, "count", &number) && !gcm_number_integer(number.text, count))
        *count = -1;
    return result;
}

/* One row, read from the end of the type. */
static gcm_result ask_backwards(struct reader *reader, struct gcm_arena *arena, int64_t at,
                                struct gcm_export_answer *answer)
{
    const struct gcm_export_type *type = reader->span->type;
    int64_t count = -1;
    gcm_result result = count_rows(reader, arena, &count);
    *answer = (struct gcm_export_answer){.reply = GCM_REPLY_BROKEN};
    if (result || count <= at)
        return result;
    struct gcm_slice query =
        gcm_format(arena, "{rows:all%.*s(first:1,skip:%lld,orderBy:id_DESC)%.*s}",
                   GCM_P(type->plural), (long long)(count - 1 - at), GCM_P(reader->fields));
    return gcm_export_query(reader->exporter, query, answer);
}

/* {"_typeName": …, the row's members that are not null}: what the export would have given. */
static struct gcm_slice node_text(struct gcm_arena *arena, const struct gcm_export_type *type,
                                  struct gcm_raw row)
{
    struct gcm_buffer out = gcm_buffer(arena, GCM_BUFFER_CAP);
    struct gcm_raw_walk walk = gcm_raw_walk(row);
    struct gcm_slice key;
    struct gcm_raw value;
    gcm_puts(&out, "{\"_typeName\":");
    gcm_put_raw_string(&out, type->name);
    while (gcm_raw_next(&walk, &key, &value))
        if (value.kind != GCM_RAW_NULL) {
            gcm_puts(&out, ",\"");
            gcm_put(&out, key);
            gcm_puts(&out, "\":");
            gcm_put(&out, value.text);
        }
    gcm_putc(&out, '}');
    return gcm_buffer_text(&out);
}

static gcm_result put_node(struct reader *reader, struct gcm_arena *arena, struct gcm_slice id,
                           struct gcm_raw row)
{
    struct gcm_exporter *exporter = reader->exporter;
    struct gcm_export_type *type = reader->span->type;
    gcm_result result = gcm_export_put_node(exporter, type, id, node_text(arena, type, row));
    if (!result && !type->dated)
        result = gcm_export_find(exporter, GCM_NDF_NODES, GCM_EXP_NO_DATES, type->name, id,
                                 (struct gcm_slice){0},
                                 "read through the Simple API, which does not show createdAt and "
                                 "updatedAt of this type");
    return result;
}

static bool has_comma(struct gcm_arena *arena, struct gcm_raw list)
{
    struct gcm_raw_walk walk = gcm_raw_walk(list);
    struct gcm_raw element;
    while (gcm_raw_next(&walk, NULL, &element))
        if (element.kind == GCM_RAW_STRING && gcm_slice_has(gcm_raw_string(arena, element), ","))
            return true;
    return false;
}

static bool is_empty(struct gcm_raw list)
{
    struct gcm_raw_walk walk = gcm_raw_walk(list);
    struct gcm_raw element;
    return !gcm_raw_next(&walk, NULL, &element);
}

static gcm_result put_lists(struct reader *reader, struct gcm_arena *arena, struct gcm_slice id,
                            struct gcm_raw row, int64_t at)
{
    struct gcm_exporter *exporter = reader->exporter;
    struct gcm_export_type *type = reader->span->type;
    struct gcm_raw_walk walk = gcm_raw_walk(row);
    struct gcm_slice key;
    struct gcm_raw list;
    reader->comma = false;
    while (gcm_raw_next(&walk, &key, &list)) {
        const struct gcm_export_field *field = gcm_export_field(type, key);
        if (!field || !field->list || list.kind != GCM_RAW_ARRAY)
            continue;
        gcm_result result;
        if (is_empty(list)) {
            result = gcm_export_find(exporter, GCM_NDF_LISTS, GCM_EXP_API_LISTS, type->name, id,
                                     key, "[]");
        } else {
            reader->found = true;
            reader->found_at = at;
            reader->comma |= field->scalar == GCM_SCALAR_STRING && has_comma(arena, list);
            result = gcm_export_put_list(exporter, arena, type, id, key, list.text);
        }
        if (result)
            return result;
    }
    return GCM_OK;
}

static gcm_result put_row(struct reader *reader, struct gcm_arena *arena, struct gcm_raw row,
                          int64_t at)
{
    struct gcm_exporter *exporter = reader->exporter;
    const struct gcm_export_span *span = reader->span;
    struct gcm_raw value;
    if (!gcm_raw_member(row, "id", &value) || value.kind != GCM_RAW_STRING)
        return gcm_fail(exporter->arena, exporter->err, GCM_REMOTE, (struct gcm_place){0},
                        "the Simple API answers a %.*s without an id", GCM_P(span->type->name));
    struct gcm_slice id = gcm_raw_string(arena, value);
    reader->last_id = id;
    if (span->kind == GCM_NDF_NODES)
        return put_node(reader, arena, id, row);
    gcm_result result = GCM_OK;
    if (gcm_export_rank(exporter, span->type, id) != at)
        result = gcm_export_find(exporter, GCM_NDF_LISTS, GCM_EXP_CHANGED, span->type->name, id,
                                 (struct gcm_slice){0}, "not where it was among the nodes");
    if (!result)
        result = put_lists(reader, arena, id, row, at);
    if (!result && span->refused && at == span->to - 1 && !reader->comma)
        result =
            gcm_export_find(exporter, GCM_NDF_LISTS, GCM_EXP_LIST_REFUSED, span->type->name, id,
                            (struct gcm_slice){0},
                            "the endpoint fails at this node's lists, and no comma explains it");
    return result;
}

/* An answer's rows, with the cursor behind them. */
static gcm_result put_rows(struct reader *reader, struct gcm_arena *arena,
                           const struct gcm_export_answer *answer, int64_t at, int64_t *count)
{
    struct gcm_exporter *exporter = reader->exporter;
    const struct gcm_export_span *span = reader->span;
    struct gcm_raw rows, row;
    *count = 0;
    if (!gcm_raw_member(answer->data, "rows", &rows))
        return GCM_OK;
    gcm_result result = gcm_stage_begin(exporter->stage, exporter->err);
    if (result)
        return result;
    struct gcm_raw_walk walk = gcm_raw_walk(rows);
    for (; !result && gcm_raw_next(&walk, NULL, &row); ++*count)
        result = put_row(reader, arena, row, at + *count);
    reader->last_id = gcm_copy(exporter->arena, reader->last_id); /* the answer goes */
    if (!result && !exporter->comparing)
        result = gcm_stage_put_page(
            exporter->stage, span->kind,
            gcm_format(arena, "Simple API, %.*s %lld", GCM_P(span->type->name), (long long)at),
            (uint64_t)*count, answer->bytes, exporter->err);
    if (!result)
        result = gcm_export_keep(exporter, span->kind, span->table, at + *count);
    if (!result) {
        result = gcm_stage_commit(exporter->stage, exporter->err);
        gcm_progress_advance(exporter->progress, (uint64_t)*count, answer->bytes);
        return result;
    }
    gcm_stage_rollback(exporter->stage);
    return result;
}

/* The id of the node behind an unreadable one, for people; empty where it cannot be had either. */
static gcm_result id_behind(struct reader *reader, struct gcm_arena *arena, int64_t at,
                            struct gcm_slice *id)
{
    struct reader only_ids = *reader;
    struct gcm_export_answer answer;
    struct gcm_raw rows, row, value;
    only_ids.fields = GCM_S("{id}");
    gcm_result result = ask(&only_ids, arena, at + 1, 1, &answer);
    if (result || answer.reply != GCM_REPLY_DATA || !gcm_raw_member(answer.data, "rows", &rows))
        return result;
    struct gcm_raw_walk walk = gcm_raw_walk(rows);
    if (gcm_raw_next(&walk, NULL, &row) && gcm_raw_member(row, "id", &value))
        *id = gcm_copy(reader->exporter->arena, gcm_raw_string(arena, value));
    return GCM_OK;
}

static struct gcm_slice id_before(struct reader *reader)
{
    struct gcm_exporter *exporter = reader->exporter;
    const struct gcm_export_type *type = reader->span->type;
    if (reader->last_id.size || reader->span->kind != GCM_NDF_NODES || !type->first)
        return reader->last_id;
    int64_t last = gcm_stage_last_row(exporter->stage, GCM_NDF_NODES);
    struct gcm_rows *rows = NULL;
    struct gcm_staged_node node;
    struct gcm_slice id = {0};
    if (!gcm_rows_nodes(exporter->stage, last, last, &rows, exporter->err) &&
        !gcm_rows_node(rows, &node, exporter->err))
        id = gcm_copy(exporter->arena, node.id);
    gcm_rows_close(rows);
    return id;
}

/* Nobody can read it: named by its place and its neighbours, since no answer gives its id. */
static gcm_result name_row(struct reader *reader, struct gcm_arena *arena, int64_t at,
                           struct gcm_slice problem)
{
    struct gcm_exporter *exporter = reader->exporter;
    const struct gcm_export_span *span = reader->span;
    struct gcm_slice none = {0}, behind = {0}, before = id_before(reader);
    struct gcm_slice words = gcm_copy(exporter->arena, problem);
    gcm_result result = id_behind(reader, arena, at, &behind);
    if (!result)
        result = gcm_stage_begin(exporter->stage, exporter->err);
    if (result)
        return result;
    if (span->kind == GCM_NDF_NODES)
        gcm_export_add_hole(exporter, span->type, at);
    result = gcm_export_find(exporter, span->kind, GCM_EXP_UNREADABLE, span->type->name, none, none,
                             "number %lld in the order of ids%s%.*s%s%.*s: %.*s", (long long)at + 1,
                             before.size ? ", behind " : "", GCM_P(before),
                             behind.size ? ", before " : "", GCM_P(behind), GCM_P(words));
    if (!result)
        result = gcm_export_keep(exporter, span->kind, span->table, at + 1);
    if (!result)
        return gcm_stage_commit(exporter->stage, exporter->err);
    gcm_stage_rollback(exporter->stage);
    return result;
}

static bool is_hole(const struct reader *reader, int64_t at)
{
    if (reader->span->kind == GCM_NDF_LISTS)
        gcm_each (const int64_t, hole, reader->span->type->holes)
            if (*hole == at)
                return true;
    return false;
}

static gcm_result fail(struct reader *reader, const struct gcm_export_answer *answer)
{
    struct gcm_exporter *exporter = reader->exporter;
    gcm_result result = gcm_fail(exporter->arena, exporter->err, GCM_REMOTE, (struct gcm_place){0},
                                 "the Simple API does not answer for %.*s: %.*s",
                                 GCM_P(reader->span->type->name), GCM_P(answer->problem));
    exporter->err->hint = GCM_S("PROJECT must be what is deployed.");
    return result;
}

/* One row that a page of its own could not give: from behind, or never. */
static gcm_result take_alone(struct reader *reader, struct gcm_arena *arena, int64_t *at,
                             struct gcm_slice problem)
{
    struct gcm_export_answer answer;
    int64_t count = 0;
    struct gcm_slice words = gcm_copy(reader->exporter->arena, problem);
    gcm_result result = ask_backwards(reader, arena, *at, &answer);
    if (!result && answer.reply == GCM_REPLY_DATA)
        result = put_rows(reader, arena, &answer, *at, &count);
    if (!result && !count)
        result = name_row(reader, arena, *at, words);
    ++*at;
    return result;
}

/* The next rows; *room is how many to ask for. */
static gcm_result take(struct reader *reader, struct gcm_arena *arena, int64_t *at, int64_t *room,
                       bool *end)
{
    int64_t left = reader->span->to - *at, ask_for = left < *room ? left : *room, count = 0;
    struct gcm_export_answer answer;
    if (is_hole(reader, *at)) {
        ++*at;
        return GCM_OK;
    }
    gcm_result result = ask(reader, arena, *at, ask_for, &answer);
    if (result)
        return result;
    if (answer.reply == GCM_REPLY_ERROR)
        return fail(reader, &answer);
    if (answer.reply != GCM_REPLY_DATA && ask_for > 1) {
        *room = ask_for / 2;
        return GCM_OK;
    }
    if (answer.reply != GCM_REPLY_DATA)
        return take_alone(reader, arena, at, answer.problem);
    result = put_rows(reader, arena, &answer, *at, &count);
    *at += count;
    *end = count < ask_for;
    if (answer.bytes < SMALL_ANSWER && *room < ROWS_AT_MOST)
        *room *= 2;
    if (answer.bytes > LARGE_ANSWER && *room > 1)
        *room /= 2;
    if (*room > ROWS_AT_MOST)
        *room = ROWS_AT_MOST;
    return result;
}

static gcm_result read_rows(struct reader *reader, bool until_found)
{
    struct gcm_exporter *exporter = reader->exporter;
    int64_t at = reader->span->from, room = until_found ? 1 : ROWS_AT_FIRST;
    gcm_result result = GCM_OK;
    for (bool end = false; !result && !end && at < reader->span->to;) {
        struct gcm_arena arena = {0};
        if (until_found && room > 1)
            room = 1;
        result = take(reader, &arena, &at, &room, &end);
        gcm_arena_free(&arena);
        end |= until_found && reader->found;
        if (!result && !end && gcm_interrupted())
            result = gcm_fail(exporter->arena, exporter->err, GCM_INTERRUPTED,
                              (struct gcm_place){0}, "interrupted; what was read is kept");
    }
    return result;
}

gcm_result gcm_export_rows(struct gcm_exporter *exporter, const struct gcm_export_span *span)
{
    struct reader reader = {.exporter = exporter, .span = span};
    reader.fields = fields_of(exporter->arena, span);
    return read_rows(&reader, false);
}

gcm_result gcm_export_next_lists(struct gcm_exporter *exporter, const struct gcm_export_span *span,
                                 int64_t *next)
{
    struct gcm_export_span all = *span;
    all.to = INT64_MAX;
    struct reader reader = {.exporter = exporter, .span = &all};
    reader.fields = fields_of(exporter->arena, span);
    gcm_result result = read_rows(&reader, true);
    *next = reader.found ? reader.found_at + 1 : -1;
    return result;
}
