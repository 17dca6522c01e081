/* check: every record is made as `import` will make it; what is wrong with it is a finding. Nodes
 * are one half of the work, lists and relations the other, in a thread beside it. Then come the
 * questions that only the whole stage can answer. */
#include "transfer/check.h"

#include "core/clock.h"
#include "core/interrupt.h"
#include "stage/questions.h"
#include "transfer/check/required.h"
#include "transfer/check/unique.h"
#include "transfer/records/making.h"

#include <pthread.h>
#include <stdatomic.h>

enum { BATCH = 500, LOOK_EVERY = 50 /* ms */ };

/* One half of the work. */
struct checking {
    const struct gcm_record_maker *maker;
    struct gcm_stage *stage;
    struct gcm_arena *arena;           /* of errors */
    struct gcm_arena batch;            /* freed after each batch */
    struct gcm_uniqueness *uniqueness; /* of nodes */
    struct gcm_required *required;
    uint64_t count; /* records of the batch */
    bool beside;
    struct tally *done; /* of both halves */
};
struct tally {
    struct gcm_progress *progress; /* of the thread that checks the nodes */
    atomic_ullong beside;          /* records that the other one has done, not told yet */
    atomic_bool stop;              /* one of them has failed */
};

static gcm_result add_findings(struct checking *checking, const struct gcm_faults *faults,
                               struct gcm_error *err)
{
    gcm_result result = GCM_OK;
    for (size_t i = 0; result == GCM_OK && i < faults->count; i++) {
        const struct gcm_fault *fault = &faults->at[i];
        if (!fault->rule)
            continue;
        struct gcm_finding finding = {.rule = fault->rule->id,
                                      .type = fault->type,
                                      .id = fault->id,
                                      .field = fault->field,
                                      .detail = fault->detail};
        result = gcm_finding_add(checking->stage, GCM_STEP_CHECK, &finding, err);
    }
    return result;
}

/* A finding about a record that is not being made. */
static gcm_result add_finding(struct checking *checking, const char *name, struct gcm_slice type,
                              struct gcm_slice id, struct gcm_slice field, struct gcm_slice detail,
                              struct gcm_error *err)
{
    struct gcm_record record = {.type = type, .id = id};
    struct making making = {.maker = checking->maker, .arena = &checking->batch, .record = &record};
    making_fault(&making, name, field, detail);
    return add_findings(checking, &record.faults, err);
}

static gcm_result without_required(void *context, struct gcm_slice type, struct gcm_slice id,
                                   struct gcm_slice field, struct gcm_error *err)
{
    return add_finding(context, "required-relation", type, id, field, GCM_S(""), err);
}

/* ---- records ---- */

static void tell(struct tally *done, uint64_t count)
{
    gcm_progress_advance(done->progress, count + atomic_exchange(&done->beside, 0), 0);
}

static gcm_result next_batch(struct checking *checking, struct gcm_error *err)
{
    gcm_arena_reuse(&checking->batch);
    if (checking->beside)
        atomic_fetch_add(&checking->done->beside, checking->count);
    else
        tell(checking->done, checking->count);
    checking->count = 0;
    if (gcm_interrupted() || atomic_load(&checking->done->stop))
        return gcm_fail(checking->arena, err, GCM_INTERRUPTED, (struct gcm_place){0},
                        "interrupted; check again from the start");
    return GCM_OK;
}

static gcm_result check_record(struct checking *checking, const struct gcm_record *record,
                               struct gcm_error *err)
{
    gcm_result result = add_findings(checking, &record->faults, err);
    if (result != GCM_OK || record->kind != GCM_NDF_NODES || !record->count)
        return result;
    result = gcm_required_check(checking->required, record, without_required, checking, err);
    if (result == GCM_OK)
        result = gcm_uniqueness_put(checking->uniqueness, &checking->batch, record, err);
    return result;
}

static gcm_result check_group(struct checking *checking, enum gcm_ndf_kind kind,
                              struct gcm_slice group, struct gcm_error *err)
{
    struct gcm_records *records = NULL;
    struct gcm_record record;
    gcm_result result = gcm_records_open(checking->maker, kind, group, 1, INT64_MAX, &records, err);
    while (result == GCM_OK &&
           (result = gcm_records_next(records, &checking->batch, &record, err)) == GCM_OK) {
        result = check_record(checking, &record, err);
        if (result == GCM_OK && ++checking->count == BATCH)
            result = next_batch(checking, err);
    }
    gcm_records_close(records);
    return result == GCM_END ? next_batch(checking, err) : result;
}

static gcm_result check_lists_and_pairs(struct checking *checking, struct gcm_error *err)
{
    gcm_result result = check_group(checking, GCM_NDF_LISTS, GCM_S(""), err);
    gcm_each (struct gcm_shape_relation *const, relation, checking->maker->shape->relations)
        if (result == GCM_OK)
            result = check_group(checking, GCM_NDF_RELATIONS, (*relation)->name, err);
    if (result == GCM_OK)
        result = check_group(checking, GCM_NDF_RELATIONS, GCM_S(""), err);
    return result;
}

/* ---- the other half ---- */

struct beside {
    pthread_t thread;
    struct checking checking;
    struct gcm_record_maker maker;
    struct gcm_arena arena;
    struct gcm_error err;
    gcm_result result;
};

static void *run_beside(void *context)
{
    struct beside *beside = context;
    beside->result = check_lists_and_pairs(&beside->checking, &beside->err);
    return NULL;
}

static gcm_result start_beside(struct beside *beside, const struct checking *checking,
                               struct gcm_error *err)
{
    beside->maker = *checking->maker;
    beside->maker.memory = gcm_maker_memory(&beside->arena);
    gcm_result result =
        gcm_stage_beside(&beside->arena, checking->stage, &beside->maker.stage, err);
    beside->checking = (struct checking){.maker = &beside->maker,
                                         .stage = beside->maker.stage,
                                         .arena = &beside->arena,
                                         .beside = true,
                                         .done = checking->done};
    if (result == GCM_OK && pthread_create(&beside->thread, NULL, run_beside, beside) != 0)
        result = gcm_fail(checking->arena, err, GCM_ENVIRONMENT, (struct gcm_place){0},
                          "the system gives no thread");
    return result;
}

/* Waits for it, and tells meanwhile how far it is. */
static void join_beside(struct beside *beside, struct tally *done)
{
    struct timespec until;
    do {
        tell(done, 0);
        until = gcm_in_ms(LOOK_EVERY);
    } while (pthread_timedjoin_np(beside->thread, NULL, &until) != 0);
    tell(done, 0);
}

static gcm_result take_over(struct beside *beside, const struct checking *checking,
                            struct gcm_error *err)
{
    if (beside->result == GCM_OK)
        return gcm_findings_move(checking->stage, beside->maker.stage, GCM_STEP_CHECK, err);
    *err = beside->err;
    err->message = gcm_copy(checking->arena, err->message);
    err->hint = gcm_copy(checking->arena, err->hint);
    return beside->result;
}

static void end_beside(struct beside *beside)
{
    if (beside->checking.stage)
        gcm_stage_close(beside->checking.stage);
    gcm_arena_free(&beside->checking.batch);
    gcm_arena_free(&beside->arena);
}

static gcm_result check_records(struct checking *checking, struct gcm_error *err)
{
    struct beside beside = {.result = GCM_OK};
    gcm_result result = start_beside(&beside, checking, err);
    if (result == GCM_OK) {
        result = check_group(checking, GCM_NDF_NODES, GCM_S(""), err);
        atomic_store(&checking->done->stop, result != GCM_OK);
        join_beside(&beside, checking->done);
        if (result == GCM_OK)
            result = take_over(&beside, checking, err);
    }
    end_beside(&beside);
    return result;
}

/* ---- the whole ---- */

static gcm_result check_repeated(struct checking *checking, struct gcm_error *err)
{
    int64_t type = 0;
    struct gcm_slice id = GCM_S("");
    gcm_result result;
    struct gcm_arena arenas[2] = {{0}, {0}}; /* the last id is needed for the next */
    unsigned turn = 0;
    while ((result = gcm_stage_repeated(checking->stage, &arenas[turn % 2], &type, &id, err)) ==
           GCM_OK) {
        result = add_finding(checking, "id-repeated", gcm_stage_name_text(checking->stage, type),
                             id, GCM_S("id"), GCM_S(""), err);
        if (result != GCM_OK)
            break;
        gcm_arena_free(&arenas[++turn % 2]);
    }
    gcm_arena_free(&arenas[0]);
    gcm_arena_free(&arenas[1]);
    return result == GCM_END ? next_batch(checking, err) : result;
}

static gcm_result collision(void *context, const struct gcm_collision *found, struct gcm_error *err)
{
    return add_finding(context, found->of_ids ? "id-case" : "unique-repeated", found->type,
                       found->id, found->field, found->other, err);
}

static gcm_result check_all(struct checking *checking, struct gcm_error *err)
{
    gcm_result result = gcm_findings_clear(checking->stage, GCM_STEP_CHECK, err);
    if (result == GCM_OK)
        result = check_records(checking, err);
    if (result == GCM_OK)
        result = check_repeated(checking, err);
    if (result == GCM_OK)
        result = gcm_uniqueness_each(checking->uniqueness, collision, checking, err);
    return result;
}

static gcm_result is_exported(struct gcm_arena *arena, struct gcm_stage *stage,
                              struct gcm_error *err)
{
    static const enum gcm_step steps[] = {GCM_STEP_NODES, GCM_STEP_LISTS, GCM_STEP_RELATIONS};
    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
        struct gcm_step_row row = {0};
        gcm_result result = gcm_stage_step(stage, steps[i], &row, err);
        if (result != GCM_OK)
            return result;
        if (row.state == GCM_STEP_DONE)
            continue;
        gcm_fail(arena, err, GCM_STATE, (struct gcm_place){0}, "the export is not finished");
        err->hint = GCM_S("Run export again: it goes on where it stopped.");
        return GCM_STATE;
    }
    return GCM_OK;
}

bool gcm_is_repaired(const struct gcm_repairs *repairs, struct gcm_slice rule)
{
    for (size_t i = 0; repairs && i < repairs->rules.count; i++)
        if (gcm_slice_equal(repairs->rules.at[i], rule))
            return true;
    return false;
}

static void sum_up(const struct gcm_record_maker *maker, struct gcm_check_result *result)
{
    for (size_t i = 0; i < result->counts.count; i++) {
        const struct gcm_finding_count *count = &result->counts.at[i];
        const struct gcm_rule *rule = gcm_rule_named(maker->shape->plan->rules, count->rule);
        if (!rule)
            continue;
        bool repaired = gcm_is_repaired(maker->repairs, rule->id);
        result->outcomes[repaired ? GCM_ADAPTED : rule->outcome] += count->count;
        result->repaired += repaired ? count->count : 0;
    }
}

static gcm_result finish(struct gcm_arena *arena, struct gcm_stage *stage,
                         const struct gcm_check_result *result, struct gcm_error *err)
{
    struct gcm_slice outcome = gcm_format(
        arena, "%llu refused, %llu to review, %llu adapted", result->outcomes[GCM_REFUSED],
        result->outcomes[GCM_REVIEW], result->outcomes[GCM_ADAPTED]);
    return gcm_stage_set_step(stage, GCM_STEP_CHECK, GCM_STEP_DONE, GCM_S(""), outcome, err);
}

/* One transaction: an interrupted check leaves the findings of the one before. */
gcm_result gcm_check(struct gcm_arena *arena, const struct gcm_record_maker *maker,
                     struct gcm_progress *progress, struct gcm_check_result *result,
                     struct gcm_error *err)
{
    struct gcm_stage *stage = maker->stage;
    struct tally done = {.progress = progress};
    struct checking checking = {.maker = maker, .stage = stage, .arena = arena, .done = &done};
    *result = (struct gcm_check_result){.nodes = gcm_stage_count(stage, GCM_NDF_NODES),
                                        .lists = gcm_stage_count(stage, GCM_NDF_LISTS),
                                        .pairs = gcm_stage_count(stage, GCM_NDF_RELATIONS)};
    gcm_result code = is_exported(arena, stage, err);
    if (code != GCM_OK)
        return code;
    gcm_progress_start(progress, "check", result->nodes + result->lists + result->pairs, 0);
    code = gcm_uniqueness_start(arena, maker, &checking.uniqueness, err);
    if (code == GCM_OK)
        code = gcm_required_start(arena, maker, &checking.required, err);
    if (code == GCM_OK)
        code = gcm_stage_begin(stage, err);
    if (code == GCM_OK) {
        code = check_all(&checking, err);
        if (code == GCM_OK)
            code = gcm_findings_count(stage, arena, &result->counts, err);
        if (code == GCM_OK) {
            sum_up(maker, result);
            code = finish(arena, stage, result, err);
        }
        if (code == GCM_OK)
            code = gcm_stage_commit(stage, err);
        else
            gcm_stage_rollback(stage);
    }
    gcm_arena_free(&checking.batch);
    gcm_uniqueness_end(checking.uniqueness);
    gcm_progress_end(progress);
    return code;
}
