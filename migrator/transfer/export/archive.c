/* A zip or folder of NDF into the stage: one transaction for each file, in order. */
#include "transfer/export/parts.h"

#include "core/interrupt.h"
#include "core/mark.h"

/* "file 3": the files that are staged, counted over all kinds. */
static gcm_result keep(struct gcm_exporter *exporter, enum gcm_ndf_kind kind, size_t files)
{
    struct gcm_arena arena = {0};
    struct gcm_slice none = {0};
    gcm_result result =
        gcm_stage_set_step(exporter->stage, gcm_export_step(kind), GCM_STEP_STARTED,
                           gcm_format(&arena, "file %zu", files), none, exporter->err);
    if (!result)
        result = gcm_export_keep_types(exporter);
    gcm_arena_free(&arena);
    gcm_mark("export-put");
    return result;
}

static gcm_result put_file(struct gcm_exporter *exporter, struct gcm_arena *arena,
                           struct gcm_archive *archive, size_t at)
{
    const struct gcm_archive_file *entry = &archive->files.at[at];
    struct gcm_file file = {0};
    enum gcm_ndf_kind kind = entry->kind;
    struct gcm_raw_walk elements = {0};
    uint64_t count = 0;
    gcm_result result = gcm_archive_read(archive, entry, arena, &file, exporter->err);
    if (!result)
        result = gcm_ndf_walk(arena, &file, &kind, &elements, exporter->err);
    if (!result && kind != entry->kind)
        result = gcm_fail(exporter->arena, exporter->err, GCM_BAD_INPUT, (struct gcm_place){0},
                          "%.*s says of itself that it holds %s", GCM_P(entry->name),
                          gcm_ndf_names[kind]);
    if (result)
        return result;
    struct gcm_export_put put = {
        .kind = kind, .name = entry->name, .limit = SIZE_MAX, .archive = true};
    result = gcm_export_page_signs(exporter, archive, at, elements, &put);
    if (!result)
        result = gcm_export_put_elements(exporter, arena, elements, &put, &count);
    if (!result)
        result = gcm_stage_put_page(exporter->stage, kind, entry->name, count, entry->size,
                                    exporter->err);
    if (!result)
        result = keep(exporter, kind, at + 1);
    if (!result)
        gcm_progress_advance(exporter->progress, count, entry->size);
    return result;
}

/* The error's place points into a page that is gone with its arena. */
static gcm_result settle_error(struct gcm_exporter *exporter, const struct gcm_archive_file *entry,
                               gcm_result result)
{
    struct gcm_error *err = exporter->err;
    if (!result || !err->place.file)
        return result;
    struct gcm_slice message =
        gcm_format(exporter->arena, "%.*s, line %u, column %u: %.*s", GCM_P(entry->name),
                   err->place.line, err->place.column, GCM_P(err->message));
    err->place = (struct gcm_place){0};
    err->message = message;
    return result;
}

static gcm_result take(struct gcm_exporter *exporter, struct gcm_archive *archive, size_t at)
{
    struct gcm_arena arena = {0};
    gcm_result result = gcm_stage_begin(exporter->stage, exporter->err);
    if (!result) {
        result = put_file(exporter, &arena, archive, at);
        result = settle_error(exporter, &archive->files.at[at], result);
        if (!result)
            result = gcm_stage_commit(exporter->stage, exporter->err);
        else
            gcm_stage_rollback(exporter->stage);
    }
    gcm_arena_free(&arena);
    if (!result && gcm_interrupted())
        result = gcm_fail(exporter->arena, exporter->err, GCM_INTERRUPTED, (struct gcm_place){0},
                          "interrupted; what was read is kept");
    return result;
}

/* How many files were staged already, or SIZE_MAX where the kind was read from the endpoint. */
static size_t reached(struct gcm_slice cursor)
{
    int64_t files = 0;
    if (gcm_slice_starts(cursor, "live "))
        return SIZE_MAX;
    if (!gcm_slice_starts(cursor, "file ") ||
        !gcm_number_integer(gcm_slice_sub(cursor, 5, cursor.size), &files))
        return 0;
    return (size_t)files;
}

static gcm_result end_kind(struct gcm_exporter *exporter, const struct gcm_archive *archive,
                           enum gcm_ndf_kind kind)
{
    uint64_t dropped = 0;
    struct gcm_slice none = {0};
    gcm_result result = gcm_stage_seal(exporter->stage, kind, &dropped, exporter->err);
    if (!result)
        result = gcm_stage_begin(exporter->stage, exporter->err);
    if (result)
        return result;
    result = gcm_export_file_signs(exporter, archive, kind);
    if (!result && dropped)
        result = gcm_export_find(exporter, kind, GCM_EXP_REPEATED, none, none, none,
                                 "%llu %s came twice; each is kept once",
                                 (unsigned long long)dropped, gcm_ndf_names[kind]);
    if (!result)
        result = gcm_stage_set_step(
            exporter->stage, gcm_export_step(kind), GCM_STEP_DONE, GCM_S("files"),
            gcm_format(exporter->arena, "%llu %s",
                       (unsigned long long)gcm_stage_count(exporter->stage, kind),
                       gcm_ndf_names[kind]),
            exporter->err);
    if (!result)
        return gcm_stage_commit(exporter->stage, exporter->err);
    gcm_stage_rollback(exporter->stage);
    return result;
}

static gcm_result take_kind(struct gcm_exporter *exporter, struct gcm_archive *archive,
                            enum gcm_ndf_kind kind)
{
    struct gcm_step_row step;
    gcm_result result =
        gcm_stage_step(exporter->stage, gcm_export_step(kind), &step, exporter->err);
    size_t done = reached(step.cursor);
    if (result || step.state == GCM_STEP_DONE || done == SIZE_MAX)
        return result;
    gcm_progress_start(exporter->progress, gcm_ndf_names[kind], 0,
                       gcm_stage_count(exporter->stage, kind));
    for (size_t at = 0; !result && at < archive->files.count; at++) {
        const struct gcm_archive_file *file = &archive->files.at[at];
        if (file->kind == kind && at >= done)
            result = take(exporter, archive, at);
    }
    if (!result)
        result = end_kind(exporter, archive, kind);
    gcm_progress_end(exporter->progress);
    return result;
}

static gcm_result take_all(struct gcm_exporter *exporter, struct gcm_archive *archive)
{
    gcm_result result = GCM_OK;
    for (enum gcm_ndf_kind kind = 0; !result && kind < GCM_NDF_KINDS; kind++)
        result = take_kind(exporter, archive, kind);
    if (result || gcm_stage_note(exporter->stage, "export.ends").size)
        return result;
    result = gcm_stage_begin(exporter->stage, exporter->err);
    if (result)
        return result;
    result = gcm_export_dangling(exporter);
    if (!result)
        result =
            gcm_stage_put_note(exporter->stage, "export.ends", GCM_S("checked"), exporter->err);
    if (!result)
        return gcm_stage_commit(exporter->stage, exporter->err);
    gcm_stage_rollback(exporter->stage);
    return result;
}

/* The console's own export (`exportData`, §7.9) has a file for each model, and no folders. */
static void hint_at_legacy(struct gcm_exporter *exporter, const struct gcm_archive *archive)
{
    gcm_each (const struct gcm_slice, name, archive->ignored)
        if (gcm_slice_ends(*name, ".json") && gcm_slice_find(*name, '/') == name->size)
            exporter->err->hint =
                GCM_S("This looks like the console's \"export data\", one file for each type: "
                      "relations and lists stand in it otherwise. Export with `graphcool export` "
                      "of the Framework's CLI, or from the service itself (--endpoint).");
}

gcm_result gcm_export_archive(struct gcm_exporter *exporter)
{
    struct gcm_archive archive = {0};
    gcm_result result =
        gcm_archive_open(exporter->arena, exporter->options->archive, &archive, exporter->err);
    if (result)
        hint_at_legacy(exporter, &archive);
    if (!result)
        result = take_all(exporter, &archive);
    gcm_archive_close(&archive);
    return result;
}
