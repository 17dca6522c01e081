/* Nodes and relations of a live endpoint: its cursor is followed as it is given, which is exact
 * (truth/ndf). The cursor is committed with the records of its page. */
#include "transfer/export/parts.h"

#include "core/interrupt.h"
#include "core/mark.h"

bool gcm_export_cursor(struct gcm_slice text, int64_t *table, int64_t *row)
{
    if (!gcm_slice_starts(text, "live "))
        return false;
    text = gcm_slice_sub(text, 5, text.size);
    size_t blank = gcm_slice_find(text, ' ');
    return gcm_number_integer(gcm_slice_sub(text, 0, blank), table) &&
           gcm_number_integer(gcm_slice_sub(text, blank + 1, text.size), row);
}

gcm_result gcm_export_keep(struct gcm_exporter *exporter, enum gcm_ndf_kind kind, int64_t table,
                           int64_t row)
{
    if (exporter->comparing)
        return GCM_OK;
    struct gcm_arena arena = {0};
    struct gcm_slice cursor =
        gcm_format(&arena, "live %lld %lld", (long long)table, (long long)row);
    struct gcm_slice none = {0};
    gcm_result result = gcm_stage_set_step(exporter->stage, gcm_export_step(kind), GCM_STEP_STARTED,
                                           cursor, none, exporter->err);
    if (!result)
        result = gcm_export_keep_types(exporter);
    gcm_arena_free(&arena);
    gcm_mark("export-put");
    return result;
}

gcm_result gcm_export_anew(struct gcm_exporter *exporter, enum gcm_ndf_kind kind)
{
    gcm_result result = gcm_stage_begin(exporter->stage, exporter->err);
    if (result)
        return result;
    result = gcm_stage_clear(exporter->stage, kind, exporter->err);
    if (kind == GCM_NDF_NODES) {
        gcm_each (struct gcm_export_type *, type, exporter->types)
            (*type)->first = 0, (*type)->holes.count = 0;
        exporter->changed = true;
        exporter->unread = 0;
    }
    if (!result)
        result = gcm_export_keep(exporter, kind, 0, 0);
    if (!result)
        return gcm_stage_commit(exporter->stage, exporter->err);
    gcm_stage_rollback(exporter->stage);
    return result;
}

gcm_result gcm_export_put_page(struct gcm_exporter *exporter, struct gcm_arena *arena,
                               const struct gcm_export_page *page, const struct gcm_export_put *put,
                               int64_t table, int64_t row)
{
    uint64_t count = 0;
    gcm_result result = gcm_stage_begin(exporter->stage, exporter->err);
    if (result)
        return result;
    result = gcm_export_put_elements(exporter, arena, page->elements, put, &count);
    if (!result && put->unsures)
        result = gcm_export_put_unsure(exporter, arena, put->unsures);
    if (!result && !exporter->comparing)
        result = gcm_stage_put_page(exporter->stage, put->kind, put->name, count, page->bytes,
                                    exporter->err);
    if (!result)
        result = gcm_export_keep(exporter, put->kind, table, row);
    if (!result) {
        result = gcm_stage_commit(exporter->stage, exporter->err);
        gcm_progress_advance(exporter->progress, count, page->bytes);
        return result;
    }
    gcm_stage_rollback(exporter->stage);
    return result;
}

static gcm_result put_page(struct gcm_exporter *exporter, struct gcm_arena *arena,
                           enum gcm_ndf_kind kind, const struct gcm_export_page *page,
                           int64_t table, int64_t row)
{
    const struct gcm_export_put put = {.kind = kind,
                                       .name =
                                           gcm_format(arena, "%s %lld/%lld", gcm_ndf_names[kind],
                                                      (long long)table, (long long)row),
                                       .repeats = true,
                                       .limit = SIZE_MAX};
    return gcm_export_put_page(exporter, arena, page, &put, page->table, page->row);
}

/* One element larger than a page: it never comes, and the cursor stays (§7.2). */
static gcm_result pass_large(struct gcm_exporter *exporter, enum gcm_ndf_kind kind, int64_t table,
                             int64_t *row)
{
    if (kind != GCM_NDF_NODES || table < 0 || (size_t)table >= exporter->types.count)
        return gcm_fail(exporter->arena, exporter->err, GCM_REMOTE, (struct gcm_place){0},
                        "the source's cursor for %s stays at table %lld, row %lld",
                        gcm_ndf_names[kind], (long long)table, (long long)*row);
    struct gcm_export_span span = {.kind = kind,
                                   .type = exporter->types.at[table],
                                   .table = table,
                                   .from = *row,
                                   .to = *row + 1};
    ++*row;
    return gcm_export_rows(exporter, &span);
}

static bool is_empty(struct gcm_raw_walk elements)
{
    struct gcm_raw first;
    return !gcm_raw_next(&elements, NULL, &first);
}

static gcm_result take(struct gcm_exporter *exporter, struct gcm_arena *arena,
                       enum gcm_ndf_kind kind, int64_t *table, int64_t *row, bool *done)
{
    struct gcm_export_page page;
    gcm_result result = gcm_export_ask(exporter, kind, *table, *row, &page);
    if (result)
        return result;
    if (page.reply != GCM_REPLY_DATA && kind == GCM_NDF_NODES)
        return gcm_export_pass(exporter, kind, page.reply, table, row);
    if (page.reply != GCM_REPLY_DATA)
        return gcm_fail(exporter->arena, exporter->err, GCM_REMOTE, (struct gcm_place){0},
                        "the source refuses its relations: %.*s",
                        GCM_P(page.problem.size ? page.problem : GCM_S("an internal error")));
    bool stays = page.full && page.table == *table && page.row == *row;
    if (stays && is_empty(page.elements))
        return pass_large(exporter, kind, *table, row);
    if (stays)
        return gcm_fail(exporter->arena, exporter->err, GCM_REMOTE, (struct gcm_place){0},
                        "the source gives a full page of %s without moving its cursor",
                        gcm_ndf_names[kind]);
    if (page.full)
        gcm_export_ask_ahead(exporter, kind, page.table, page.row);
    else
        gcm_export_ask_behind(exporter, kind);
    result = put_page(exporter, arena, kind, &page, *table, *row);
    *table = page.table;
    *row = page.row;
    *done = !page.full;
    return result;
}

gcm_result gcm_export_read(struct gcm_exporter *exporter, enum gcm_ndf_kind kind)
{
    struct gcm_step_row step;
    gcm_result result =
        gcm_stage_step(exporter->stage, gcm_export_step(kind), &step, exporter->err);
    if (result || step.state == GCM_STEP_DONE)
        return result;
    int64_t table = 0, row = 0;
    if (!gcm_export_cursor(step.cursor, &table, &row))
        table = row = 0;
    /* The last page was committed, the end was not. */
    struct gcm_arena arena = {0}; /* of a page */
    for (bool done = table < 0; !done && !result;) {
        result = take(exporter, &arena, kind, &table, &row, &done);
        gcm_arena_reuse(&arena);
        if (!result && !done && gcm_interrupted())
            result = gcm_fail(exporter->arena, exporter->err, GCM_INTERRUPTED,
                              (struct gcm_place){0}, "interrupted; what was read is kept");
    }
    gcm_arena_free(&arena);
    return result;
}
