/* settle: a request failed, wholly or in part, or nobody knows. The target is asked which of
 * its records are there; those are confirmed, and the others go again, in smaller parts where the
 * server complained, until a part that fails is one record: that one is rejected.
 *
 * A request whose answer got lost may still be running when the target is asked. So the target is
 * asked again after a pause, and once more after longer ones, until two answers agree; only what is
 * there at once needs no second question. */
#include "transfer/import/parts.h"

#include "core/interrupt.h"

#include <time.h>

enum {
    SETTLE_MS = 1000,
    QUESTIONS = 8,  /* with growing pauses: more than two minutes */
    SUB_BATCH = 256 /* of PostgreSQL: what fails is in the first of what is missing (truth/ndf) */
};

struct settling {
    struct import *import;
    struct work *work;
    struct gcm_arena arena;
    struct items items;
    struct gcm_map complaints; /* complaint, by what it names */
};

/* ---- the chunk's records ---- */

static struct gcm_slice member_text(struct gcm_arena *arena, struct gcm_slice text,
                                    const char *name)
{
    struct gcm_raw value, member;
    struct gcm_raw_error ignored;
    if (!gcm_raw_read(text, &value, &ignored) || !gcm_raw_member(value, name, &member))
        return (struct gcm_slice){0};
    return gcm_raw_string(arena, member);
}

/* How many elements of the list the rows before this one hold: they were confirmed. */
static gcm_result count_before(struct settling *settling, const struct gcm_record *record,
                               uint64_t *base, struct gcm_error *err)
{
    struct gcm_stage *stage = settling->import->stage;
    struct gcm_rows *rows = NULL;
    struct gcm_staged_list list;
    struct gcm_arena scratch = {0};
    int64_t type = gcm_stage_name(stage, record->type, false);
    int64_t field = gcm_stage_name(stage, record->field, false);
    gcm_result result = gcm_rows_lists_of(stage, type, record->id, field, &rows, err);
    while (result == GCM_OK && (result = gcm_rows_list(rows, &list, err)) == GCM_OK &&
           list.row < record->row) {
        struct gcm_record before;
        struct gcm_slice name;
        struct gcm_raw element;
        result = gcm_record_of_list(settling->import->maker, &scratch, &list, &before, err);
        if (result != GCM_OK || !before.count || before.withheld ||
            gcm_reject_has(stage, GCM_NDF_LISTS, list.row))
            continue;
        struct gcm_raw_walk walk = gcm_raw_walk(import_list_array(before.text[0], &name));
        while (gcm_raw_next(&walk, NULL, &element))
            ++*base;
    }
    gcm_rows_close(rows);
    gcm_arena_free(&scratch);
    return result == GCM_END ? GCM_OK : result;
}

static gcm_result add_item(void *context, const struct gcm_record *record, struct gcm_error *err)
{
    struct settling *settling = context;
    struct gcm_arena *arena = &settling->arena;
    struct item *item = gcm_push(arena, &settling->items);
    *item = (struct item){.row = record->row,
                          .source_type = gcm_copy(arena, record->type),
                          .source_id = gcm_copy(arena, record->id),
                          .source_field = gcm_copy(arena, record->field),
                          .source_other = gcm_copy(arena, record->other),
                          .count = record->count};
    for (unsigned i = 0; i < record->count; i++)
        item->text[i] = gcm_copy(arena, record->text[i]);
    if (settling->import->kind == GCM_NDF_RELATIONS)
        return GCM_OK;
    item->type = member_text(arena, item->text[0], "_typeName");
    item->id = member_text(arena, item->text[0], "id");
    if (settling->import->kind == GCM_NDF_NODES)
        return GCM_OK;
    item->array = import_list_array(item->text[0], &item->field);
    item->base = settling->work->chunk.skip;
    return count_before(settling, record, &item->base, err);
}

/* ---- asking until it is quiet ---- */

static size_t count_there(const struct items *items, uint64_t *elements)
{
    size_t there = 0;
    *elements = 0;
    gcm_each (const struct item, item, *items) {
        there += item->presence == PRESENCE_THERE;
        *elements += item->there;
    }
    return there;
}

static gcm_result wait_ms(long ms)
{
    while (ms > 0 && !gcm_interrupted()) {
        long step = ms < 200 ? ms : 200;
        const struct timespec pause = {.tv_nsec = step * 1000000L};
        nanosleep(&pause, NULL);
        ms -= step;
    }
    return gcm_interrupted() ? GCM_INTERRUPTED : GCM_OK;
}

static gcm_result ask_until_quiet(struct settling *settling, bool may_run, struct gcm_error *err)
{
    struct import *import = settling->import;
    uint64_t elements, elements_before;
    long pause = import->options->settle_ms ? import->options->settle_ms : SETTLE_MS;
    gcm_result result = import_ask(import, &settling->arena, &settling->items, err);
    size_t there = count_there(&settling->items, &elements), before;
    for (unsigned i = 1; result == GCM_OK && may_run && there < settling->items.count; i++) {
        before = there;
        elements_before = elements;
        gcm_progress_note(import->progress,
                          "asking the target again in %.1f s what became of a request",
                          (double)pause / 1000);
        result = wait_ms(pause);
        if (result == GCM_OK)
            result = import_ask(import, &settling->arena, &settling->items, err);
        there = count_there(&settling->items, &elements);
        if ((there == before && elements == elements_before) || i == QUESTIONS)
            break;
        pause *= 2;
    }
    return result;
}

/* ---- who is to blame ---- */

/* The text between two marks, or nothing. */
static struct gcm_slice between(struct gcm_slice text, const char *before, const char *behind)
{
    struct gcm_slice mark = gcm_slice_of(before), end = gcm_slice_of(behind);
    for (size_t i = 0; i + mark.size <= text.size; i++) {
        if (!gcm_slice_starts(gcm_slice_sub(text, i, mark.size), before))
            continue;
        struct gcm_slice rest = gcm_slice_sub(text, i + mark.size, text.size);
        for (size_t k = 0; k + end.size <= rest.size; k++)
            if (gcm_slice_starts(gcm_slice_sub(rest, k, end.size), behind))
                return gcm_slice_sub(rest, 0, k);
        return (struct gcm_slice){0};
    }
    return (struct gcm_slice){0};
}

static struct gcm_slice key_of(struct gcm_arena *arena, struct gcm_slice one,
                               struct gcm_slice other)
{
    return gcm_format(arena, "%.*s:%.*s", GCM_P(one), GCM_P(other));
}

/* What a message names: type and id of a node, or both ids of a relation (spec/prisma1.md §3.3). */
static struct gcm_slice named_by(struct gcm_arena *arena, struct gcm_slice text)
{
    static const char *const marks[][4] = {
        {"Failure inserting ", " with Id: ", " with Id: ", ". Cause:"},
        {"The model ", " with id ", " with id ", " has an "},
        {"The model ", " with id ", " with id ", " produced an "},
        {"StringIdGCValue(", ") and StringIdGCValue(", ") and StringIdGCValue(", "). Cause:"},
    };
    for (size_t i = 0; i < sizeof marks / sizeof marks[0]; i++) {
        struct gcm_slice one = between(text, marks[i][0], marks[i][1]);
        struct gcm_slice other = between(text, marks[i][2], marks[i][3]);
        if (one.size && other.size)
            return key_of(arena, one, other);
    }
    return (struct gcm_slice){0};
}

static void read_complaints(struct settling *settling)
{
    gcm_each (struct complaint, complaint, settling->work->complaints) {
        struct gcm_slice name = named_by(&settling->arena, complaint->text);
        if (complaint->index >= 0)
            name = gcm_format(&settling->arena, "#%lld", (long long)complaint->index);
        if (name.size)
            gcm_map_put(&settling->arena, &settling->complaints, name, complaint);
    }
}

static struct gcm_slice end_id(struct settling *settling, const struct item *item, int end)
{
    struct gcm_raw value, ends[2] = {{{0}, GCM_RAW_NULL}, {{0}, GCM_RAW_NULL}}, member;
    struct gcm_raw_error ignored;
    if (!gcm_raw_read(item->text[0], &value, &ignored))
        return (struct gcm_slice){0};
    struct gcm_raw_walk walk = gcm_raw_walk(value);
    for (int i = 0; i < 2 && gcm_raw_next(&walk, NULL, &ends[i]);)
        i++;
    if (!gcm_raw_member(ends[end], "id", &member))
        return (struct gcm_slice){0};
    return gcm_raw_string(&settling->arena, member);
}

static const struct complaint *complaint_about(struct settling *settling, const struct item *item)
{
    struct gcm_arena *arena = &settling->arena;
    const struct gcm_map *map = &settling->complaints;
    size_t nth = (size_t)(item - settling->items.at);
    const struct complaint *found = gcm_map_get(map, gcm_format(arena, "#%zu", nth));
    if (found || settling->import->kind == GCM_NDF_LISTS)
        return found;
    if (settling->import->kind == GCM_NDF_NODES)
        return gcm_map_get(map, key_of(arena, item->type, item->id));
    struct gcm_slice one = end_id(settling, item, 0), other = end_id(settling, item, 1);
    found = gcm_map_get(map, key_of(arena, one, other));
    return found ? found : gcm_map_get(map, key_of(arena, other, one));
}

/* Does the message speak of this record alone? What was refused before the database always does;
 * MySQL's own words do; PostgreSQL repeats the first cause for a whole sub-batch. */
static bool is_its_own(const struct settling *settling, const struct complaint *complaint)
{
    if (gcm_slice_starts(complaint->text, "The model ") || complaint->index >= 0)
        return true;
    return settling->import->maker->shape->database == GCM_DATABASE_MYSQL &&
           (gcm_slice_has(complaint->text, "Cause: .SQL") ||
            gcm_slice_has(complaint->text, "(conn="));
}

/* ---- what is to be done ---- */

static gcm_result reject(struct settling *settling, struct item *item, struct gcm_slice reason,
                         struct gcm_slice missing, struct gcm_error *err)
{
    item->rejected = true;
    const struct gcm_reject one = {
        .kind = settling->import->kind,
        .row = item->row,
        .type = item->source_type,
        .id = item->source_id,
        .field = item->source_field,
        .other = settling->import->kind == GCM_NDF_LISTS ? missing : item->source_other,
        .reason = reason};
    return import_reject(settling->import, &one, err);
}

/* The elements of a list's row behind those that this chunk sends: they cannot follow any more. */
static gcm_result tail_of(struct settling *settling, const struct item *item,
                          struct gcm_slice *tail, struct gcm_error *err)
{
    const struct gcm_chunk *chunk = &settling->work->chunk;
    struct gcm_rows *rows = NULL;
    struct gcm_staged_list list;
    struct gcm_record record;
    struct gcm_slice field;
    *tail = GCM_S("[]");
    if (!chunk->take)
        return GCM_OK;
    gcm_result result = gcm_rows_lists(settling->import->stage, item->row, item->row, &rows, err);
    if (result == GCM_OK && (result = gcm_rows_list(rows, &list, err)) == GCM_OK)
        result = gcm_record_of_list(settling->import->maker, &settling->arena, &list, &record, err);
    if (result == GCM_OK)
        *tail = import_list_array(import_list_part(&settling->arena, record.text[0],
                                                   chunk->skip + chunk->take, 0),
                                  &field)
                    .text;
    gcm_rows_close(rows);
    return result == GCM_END ? GCM_OK : result;
}

/* A list's row that is rejected: which of its elements are not in the target? "[]": unknown. */
static gcm_result reject_list(struct settling *settling, struct item *item, struct gcm_slice reason,
                              struct gcm_error *err)
{
    struct gcm_slice tail, field, missing = item->missing;
    if (item->presence != PRESENCE_ODD)
        missing = import_list_array(
                      import_list_part(&settling->arena, item->text[0], item->there, 0), &field)
                      .text;
    gcm_result result = tail_of(settling, item, &tail, err);
    if (result != GCM_OK)
        return result;
    if (!missing.size)
        missing = GCM_S("[]");
    else if (tail.size > 2)
        missing = gcm_format(&settling->arena, "%.*s%s%.*s",
                             GCM_P(gcm_slice_sub(missing, 0, missing.size - 1)),
                             missing.size > 2 ? "," : "", GCM_P(gcm_slice_sub(tail, 1, tail.size)));
    return reject(settling, item, reason, missing, err);
}

static struct gcm_slice why(const struct settling *settling, const struct complaint *complaint)
{
    const struct work *work = settling->work;
    if (complaint)
        return complaint->text;
    if (work->complaints.count)
        return work->complaints.at[0].text;
    return work->problem.size ? work->problem : GCM_S("the server refuses it without a reason");
}

/* Confirmed, rejected (both are settled), or to be sent again? */
static gcm_result judge(struct settling *settling, struct item *item, bool *settled,
                        struct gcm_error *err)
{
    const struct work *work = settling->work;
    const struct complaint *complaint = complaint_about(settling, item);
    bool alone = settling->items.count == 1, first_try = work->chunk.tries <= 1;
    bool refused = work->said == SAID_REPORTED || (work->said == SAID_REFUSED && !first_try);
    *settled = true;
    if (item->presence == PRESENCE_THERE) {
        /* the first request that names it did not store it: somebody else had */
        if (complaint && first_try && settling->import->kind == GCM_NDF_NODES)
            return reject(settling, item, complaint->text, GCM_S(""), err);
        return GCM_OK;
    }
    if (item->presence == PRESENCE_ODD)
        return reject_list(settling, item,
                           work->complaints.count
                               ? why(settling, NULL)
                               : GCM_S("the target holds other elements than were sent"),
                           err);
    if ((complaint && is_its_own(settling, complaint)) || (alone && refused)) {
        if (settling->import->kind == GCM_NDF_LISTS)
            return reject_list(settling, item, why(settling, complaint), err);
        return reject(settling, item, why(settling, complaint), GCM_S(""), err);
    }
    *settled = false;
    return GCM_OK;
}

static void put_piece(struct settling *settling, struct gcm_chunks *pieces, size_t from, size_t to,
                      bool settled)
{
    const struct items *items = &settling->items;
    const struct gcm_chunk *chunk = &settling->work->chunk;
    struct gcm_chunk *piece = gcm_push(&settling->arena, pieces);
    *piece = (struct gcm_chunk){.first = from == 0 ? chunk->first : items->at[from - 1].row + 1,
                                .last = to == items->count ? chunk->last : items->at[to - 1].row,
                                .state = settled ? GCM_CHUNK_CONFIRMED : GCM_CHUNK_PENDING,
                                .skip = chunk->skip,
                                .take = chunk->take};
    for (size_t i = from; i < to; i++)
        piece->elements += !items->at[i].rejected;
    if (settled || items->at[from].presence != PRESENCE_PART)
        return;
    piece->skip += items->at[from].there;
    if (piece->take)
        piece->take -= items->at[from].there;
}

/* Items from…to-1 go again. Where the server complained: in smaller parts. */
static void put_pending(struct settling *settling, struct gcm_chunks *pieces, size_t from,
                        size_t to)
{
    size_t count = to - from;
    bool halve = settling->work->said == SAID_REPORTED || settling->work->said == SAID_REFUSED;
    if (settling->items.at[from].presence == PRESENCE_PART && count > 1) {
        put_piece(settling, pieces, from, from + 1, false);
        put_pending(settling, pieces, from + 1, to); /* no part behind the first of a list */
        return;
    }
    size_t middle = from + count;
    if (halve && settling->work->said == SAID_REPORTED && count > SUB_BATCH)
        middle = from + SUB_BATCH;
    else if (halve && count > 1)
        middle = from + count / 2;
    put_piece(settling, pieces, from, middle, false);
    if (middle < to)
        put_piece(settling, pieces, middle, to, false);
}

static gcm_result put_pieces(struct settling *settling, struct gcm_chunks *pieces,
                             struct gcm_error *err)
{
    gcm_result result = GCM_OK;
    size_t from = 0;
    bool settled = true, before = true;
    for (size_t i = 0; result == GCM_OK && i < settling->items.count; i++) {
        result = judge(settling, &settling->items.at[i], &settled, err);
        bool part = settling->items.at[i].presence == PRESENCE_PART;
        if (i > from && (settled != before || (part && !settled))) {
            if (before)
                put_piece(settling, pieces, from, i, true);
            else
                put_pending(settling, pieces, from, i);
            from = i;
        }
        before = settled;
    }
    if (!settling->items.count)
        put_piece(settling, pieces, 0, 0, true);
    else if (before)
        put_piece(settling, pieces, from, settling->items.count, true);
    else
        put_pending(settling, pieces, from, settling->items.count);
    return result;
}

static void report(struct settling *settling, const struct gcm_chunks *pieces)
{
    uint64_t records = 0;
    gcm_each (const struct gcm_chunk, piece, *pieces)
        records += piece->state == GCM_CHUNK_CONFIRMED ? piece->elements : 0;
    gcm_progress_advance(settling->import->progress, records, 0);
}

gcm_result import_settle(struct import *import, struct work *work, struct gcm_error *err)
{
    struct settling settling = {.import = import, .work = work};
    struct gcm_chunks pieces = {0};
    gcm_result result = gcm_stage_begin(import->stage, err);
    if (result == GCM_OK)
        result = import_records(import, &work->chunk, add_item, &settling, err);
    if (result == GCM_OK)
        result = gcm_stage_commit(import->stage, err);
    if (result == GCM_OK)
        result = ask_until_quiet(&settling, work->said == SAID_NOTHING, err);
    if (result == GCM_OK) {
        read_complaints(&settling);
        result = gcm_stage_begin(import->stage, err);
    }
    if (result == GCM_OK)
        result = put_pieces(&settling, &pieces, err);
    if (result == GCM_OK)
        result = gcm_outbox_replace(import->stage, &work->chunk, pieces.at, pieces.count, err);
    if (result == GCM_OK)
        result = gcm_stage_commit(import->stage, err);
    if (result == GCM_OK)
        report(&settling, &pieces);
    gcm_stage_rollback(import->stage);
    gcm_arena_free(&settling.arena);
    return result;
}
