#include "transfer/import/parts.h"

#include "core/interrupt.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

enum {
    IN_FLIGHT = 4,
    FIRST_CHUNK = 1024 * 1024,
    LARGEST_CHUNK = 8 * 1024 * 1024,
    ALL_CHUNKS = 24 * 1024 * 1024 /* in memory, of all requests in flight */
};

static uint64_t confirmed(struct gcm_stage *stage, enum gcm_ndf_kind kind)
{
    return gcm_outbox_count(stage, kind, GCM_CHUNK_CONFIRMED).elements;
}

static gcm_result count_reject(void *context, const struct gcm_reject *reject,
                               struct gcm_error *err)
{
    struct import *import = context;
    (void)err;
    import->node_rejects += reject->kind == GCM_NDF_NODES;
    import->list_rejects += reject->kind == GCM_NDF_LISTS;
    return GCM_OK;
}

/* The size that an earlier run has learned, or the first one. */
static void begin_with(struct import *import)
{
    size_t chunk = 0, ceiling = 0;
    struct gcm_slice note = gcm_stage_note(import->stage, "chunk size");
    import->ceiling = ALL_CHUNKS / import->limit;
    if (import->ceiling > LARGEST_CHUNK)
        import->ceiling = LARGEST_CHUNK;
    import->chunk = FIRST_CHUNK;
    if (import->options->chunk_size) {
        import->chunk = import->ceiling = import->options->chunk_size;
    } else if (note.size) {
        char *end;
        chunk = (size_t)strtoull(gcm_cstring(import->arena, note), &end, 10);
        ceiling = (size_t)strtoull(end, NULL, 10);
        if (chunk >= 1024 && ceiling >= chunk && ceiling <= import->ceiling) {
            import->chunk = chunk;
            import->ceiling = ceiling;
        }
    }
}

/* A target with nodes that this stage did not send is another's: records would be mixed, and lists
 * appended to lists. */
static gcm_result refuse_filled(struct import *import, struct gcm_error *err)
{
    struct gcm_slice type;
    if (import->options->into_filled || !gcm_outbox_empty(import->stage))
        return GCM_OK;
    gcm_result result = import_ask_filled(import, &type, err);
    if (result != GCM_OK || !type.size)
        return result;
    gcm_fail(import->arena, err, GCM_STATE, (struct gcm_place){0},
             "%.*s is not empty: it has nodes of the type %.*s", GCM_P(import->options->endpoint),
             GCM_P(type));
    err->hint = GCM_S("Import into an empty service (prisma1 reset empties one), or say "
                      "--into-filled if the data belongs together.");
    return GCM_STATE;
}

static void start_progress(struct import *import)
{
    uint64_t all = 0, done = 0;
    for (int kind = 0; kind < GCM_NDF_KINDS; kind++) {
        all += gcm_stage_count(import->stage, (enum gcm_ndf_kind)kind);
        done += confirmed(import->stage, (enum gcm_ndf_kind)kind);
    }
    gcm_progress_start(import->progress, "import", all, done);
}

/* Relations that the plan does not know come last: none of their rows is sent, each is listed. */
static gcm_result send_all(struct import *import, struct gcm_error *err)
{
    const struct gcm_shape *shape = import->maker->shape;
    gcm_result result = import_phase(import, GCM_NDF_NODES, NULL, err);
    if (result == GCM_OK && !import->result->too_many_rejects)
        result = import_phase(import, GCM_NDF_LISTS, NULL, err);
    gcm_each (struct gcm_shape_relation *, relation, shape->relations) {
        if (result != GCM_OK || import->result->too_many_rejects)
            return result;
        result = import_phase(import, GCM_NDF_RELATIONS, *relation, err);
    }
    if (result == GCM_OK && !import->result->too_many_rejects)
        result = import_phase(import, GCM_NDF_RELATIONS, NULL, err);
    return result;
}

static void fill_result(struct import *import)
{
    struct gcm_import_result *result = import->result;
    result->nodes = confirmed(import->stage, GCM_NDF_NODES);
    result->lists = confirmed(import->stage, GCM_NDF_LISTS);
    result->pairs = confirmed(import->stage, GCM_NDF_RELATIONS);
    result->rejects = gcm_reject_count(import->stage);
}

static struct gcm_slice outcome(struct import *import)
{
    const struct gcm_import_result *result = import->result;
    return gcm_format(import->arena,
                      "%" PRIu64 " nodes, %" PRIu64 " lists and %" PRIu64
                      " relations sent, %" PRIu64 " rejected",
                      result->nodes, result->lists, result->pairs, result->rejects);
}

/* What was rejected is written even if the rest failed: the list is all that is known so far. */
static gcm_result finish(struct import *import, gcm_result result, struct gcm_error *err)
{
    struct gcm_error second;
    bool whole = result == GCM_OK && !import->result->too_many_rejects;
    fill_result(import);
    gcm_result written = GCM_OK;
    if (import->options->rejects_folder.size)
        written = import_write_rejects(import->arena, import->maker,
                                       import->options->rejects_folder, &second);
    if (written == GCM_OK && (whole || result == GCM_OK))
        written = gcm_stage_set_step(import->stage, GCM_STEP_IMPORT,
                                     whole ? GCM_STEP_DONE : GCM_STEP_STARTED, GCM_S(""),
                                     outcome(import), &second);
    if (result == GCM_OK && written != GCM_OK)
        *err = second;
    return result == GCM_OK ? written : result;
}

gcm_result gcm_import(struct gcm_arena *arena, const struct gcm_record_maker *maker,
                      const struct gcm_import_options *options, struct gcm_progress *progress,
                      struct gcm_import_result *result, struct gcm_error *err)
{
    struct import import = {.arena = arena,
                            .maker = maker,
                            .options = options,
                            .progress = progress,
                            .result = result,
                            .stage = maker->stage,
                            .url = gcm_format(arena, "%.*s/import", GCM_P(options->endpoint))};
    *result = (struct gcm_import_result){0};
    import.limit = options->in_flight ? options->in_flight : IN_FLIGHT;
    if (import.limit > WORKS)
        import.limit = WORKS;
    begin_with(&import);
    import.rejects = gcm_reject_count(maker->stage);
    const struct gcm_guard guard = {.target = options->endpoint};
    gcm_result code = gcm_reject_each(maker->stage, count_reject, &import, err);
    if (code == GCM_OK)
        code = import_connect(&import, err);
    if (code == GCM_OK)
        code = gcm_stage_guard(maker->stage, &guard, err);
    if (code == GCM_OK)
        code = refuse_filled(&import, err);
    if (code == GCM_OK)
        code = gcm_outbox_recover(maker->stage, err);
    if (code == GCM_OK)
        code = gcm_stage_set_step(maker->stage, GCM_STEP_IMPORT, GCM_STEP_STARTED, GCM_S(""),
                                  GCM_S(""), err);
    if (code == GCM_OK) {
        start_progress(&import);
        code = finish(&import, send_all(&import, err), err);
        gcm_progress_end(progress);
    }
    gcm_http_close(import.http);
    gcm_http_close(import.asking);
    return code;
}
