/* staged: a project in memory with a stage on disk, for tests of what becomes of records. Included
 * by unit tests only. */
#ifndef GCM_TESTS_STAGED_H
#define GCM_TESTS_STAGED_H

#include "stage/findings.h"
#include "transfer/check.h"

#include <stdlib.h>
#include <unistd.h>

struct staged {
    struct gcm_arena *arena;
    char folder[32];
    struct gcm_stage *stage;
    struct gcm_shape *shape;
    struct gcm_repairs repairs;
    struct gcm_record_maker maker;
    struct gcm_slices texts;    /* every element that was made, in the order of sending */
    struct gcm_slices messages; /* what `check` found: "GCM-REC-001 text" */
    size_t withheld;
    struct gcm_check_result result;
};

static inline void staged_open(struct staged *staged, struct gcm_arena *arena,
                               const struct gcm_plan *plan)
{
    struct gcm_error err = {0};
    *staged = (struct staged){.arena = arena, .folder = "/tmp/gcm-records-XXXXXX"};
    assert_non_null(mkdtemp(staged->folder));
    assert_int_equal(gcm_shape_make(arena, plan, &staged->shape, &err), GCM_OK);
    assert_int_equal(
        gcm_stage_open(arena, gcm_slice_of(staged->folder), GCM_STAGE_CREATE, &staged->stage, &err),
        GCM_OK);
    staged->maker = (struct gcm_record_maker){.stage = staged->stage,
                                              .shape = staged->shape,
                                              .repairs = &staged->repairs,
                                              .memory = gcm_maker_memory(arena)};
}

static inline void staged_close(struct staged *staged)
{
    static const char *const names[] = {"stage.db", "stage.db-wal", "stage.db-shm", ".gitignore"};
    gcm_stage_close(staged->stage);
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        unlink(gcm_format(staged->arena, "%s/%s", staged->folder, names[i]).at);
    rmdir(staged->folder);
}

/* An element of NDF. */
static inline void staged_put(struct staged *staged, enum gcm_ndf_kind kind, struct gcm_slice json)
{
    struct gcm_error err = {0};
    struct gcm_raw_error wrong;
    struct gcm_raw raw, value;
    struct gcm_ndf_element element;
    assert_true(gcm_raw_read(json, &raw, &wrong));
    assert_int_equal(gcm_ndf_element(staged->arena, kind, raw, &element, &err), GCM_OK);
    gcm_result result = GCM_OK;
    if (kind == GCM_NDF_NODES)
        result = gcm_stage_put_node(staged->stage, element.type, element.id, raw.text, &err);
    if (kind == GCM_NDF_RELATIONS)
        result = gcm_stage_put_pair(staged->stage, &element.ends[0], &element.ends[1], &err);
    struct gcm_raw_walk walk = gcm_raw_walk(raw);
    struct gcm_slice key;
    while (kind == GCM_NDF_LISTS && result == GCM_OK && gcm_raw_next(&walk, &key, &value))
        if (value.kind == GCM_RAW_ARRAY)
            result =
                gcm_stage_put_list(staged->stage, element.type, element.id, key, value.text, &err);
    assert_int_equal(result, GCM_OK);
}

static inline void staged_seal(struct staged *staged)
{
    struct gcm_error err = {0};
    uint64_t dropped;
    for (int kind = 0; kind < GCM_NDF_KINDS; kind++) {
        assert_int_equal(gcm_stage_seal(staged->stage, (enum gcm_ndf_kind)kind, &dropped, &err),
                         GCM_OK);
        assert_int_equal(gcm_stage_set_step(staged->stage, (enum gcm_step)(GCM_STEP_NODES + kind),
                                            GCM_STEP_DONE, GCM_S(""), GCM_S(""), &err),
                         GCM_OK);
    }
}

static inline void staged_make_group(struct staged *staged, enum gcm_ndf_kind kind,
                                     struct gcm_slice group)
{
    struct gcm_error err = {0};
    struct gcm_records *records = NULL;
    struct gcm_record record;
    assert_int_equal(gcm_records_open(&staged->maker, kind, group, 1, INT64_MAX, &records, &err),
                     GCM_OK);
    while (gcm_records_next(records, staged->arena, &record, &err) == GCM_OK) {
        for (unsigned i = 0; i < record.count; i++)
            *gcm_push(staged->arena, &staged->texts) = record.text[i];
        staged->withheld += record.withheld != NULL;
    }
    gcm_records_close(records);
}

/* Every record as it is going to be sent. */
static inline void staged_make(struct staged *staged)
{
    staged->texts.count = staged->withheld = 0;
    staged_make_group(staged, GCM_NDF_NODES, GCM_S(""));
    staged_make_group(staged, GCM_NDF_LISTS, GCM_S(""));
    gcm_each (struct gcm_shape_relation *const, relation, staged->shape->relations)
        staged_make_group(staged, GCM_NDF_RELATIONS, (*relation)->name);
    staged_make_group(staged, GCM_NDF_RELATIONS, GCM_S(""));
}

static inline gcm_result staged_add_message(void *context, const struct gcm_finding *finding,
                                            struct gcm_error *err)
{
    (void)err;
    struct staged *staged = context;
    struct gcm_fault fault = {.type = gcm_copy(staged->arena, finding->type),
                              .field = gcm_copy(staged->arena, finding->field),
                              .detail = gcm_copy(staged->arena, finding->detail),
                              .rule = gcm_rule_named(staged->shape->plan->rules, finding->rule)};
    *gcm_push(staged->arena, &staged->messages) =
        gcm_format(staged->arena, "%.*s %.*s", GCM_P(finding->rule),
                   GCM_P(gcm_fault_text(staged->arena, &fault)));
    return GCM_OK;
}

static inline void staged_check(struct staged *staged)
{
    struct gcm_error err = {0};
    staged->messages.count = 0;
    gcm_result result = gcm_check(staged->arena, &staged->maker, NULL, &staged->result, &err);
    if (result != GCM_OK)
        print_message("# %.*s\n", GCM_P(err.message));
    assert_int_equal(result, GCM_OK);
    assert_int_equal(
        gcm_findings_each(staged->stage, GCM_S(""), 0, staged_add_message, staged, &err), GCM_OK);
}

/* Asks for the repair of a rule; what was remembered of others goes. */
static inline void staged_repair(struct staged *staged, struct gcm_slice rule)
{
    *gcm_push(staged->arena, &staged->repairs.rules) = rule;
    staged->maker.memory = gcm_maker_memory(staged->arena);
}

static inline bool staged_has(const struct gcm_slices *texts, struct gcm_slice part,
                              struct gcm_arena *arena)
{
    for (size_t i = 0; i < texts->count; i++)
        if (gcm_slice_has(texts->at[i], gcm_cstring(arena, part)))
            return true;
    return false;
}

#endif
