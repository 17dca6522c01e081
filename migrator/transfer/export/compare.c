/* An archive beside the endpoint that it came from: a kind in which the two differ is read anew
 * from the endpoint, and what the archive had lost or changed is named. */
#include "transfer/export/parts.h"

static const struct gcm_slice none = {0};

/* --- lists --- */

struct elements {
    struct gcm_raw *at;
    size_t count, room;
};

static bool add_elements(struct gcm_arena *arena, struct elements *elements, struct gcm_slice body)
{
    struct gcm_raw list, each;
    struct gcm_raw_error wrong;
    if (!gcm_raw_read(body, &list, &wrong))
        return false;
    for (struct gcm_raw_walk walk = gcm_raw_walk(list); gcm_raw_next(&walk, NULL, &each);)
        *gcm_push(arena, elements) = each;
    return true;
}

static bool same_run(struct gcm_arena *arena, const struct elements *a, size_t from,
                     const struct elements *b)
{
    for (size_t i = 0; i < b->count; i++)
        if (!gcm_raw_equal(arena, a->at[from + i], b->at[i]))
            return false;
    return true;
}

/* What became of a list in the archive; NULL: nothing. */
static const char *fate_of(struct gcm_arena *arena, const struct elements *truth,
                           const struct elements *staged)
{
    if (!staged->count)
        return truth->count ? "lost" : NULL;
    if (staged->count > truth->count)
        return "changed";
    if (same_run(arena, truth, 0, staged))
        return staged->count == truth->count ? NULL : "cut at the end";
    return staged->count < truth->count &&
                   same_run(arena, truth, truth->count - staged->count, staged)
               ? "cut at the start"
               : "changed";
}

static gcm_result staged_elements(struct gcm_exporter *exporter, struct gcm_arena *arena,
                                  struct gcm_export_type *type, struct gcm_slice id,
                                  struct gcm_slice field, struct elements *elements)
{
    int64_t key = gcm_stage_name(exporter->stage, field, false);
    struct gcm_rows *rows = NULL;
    struct gcm_staged_list list;
    if (!type->key)
        type->key = gcm_stage_name(exporter->stage, type->name, false);
    if (!key || !type->key)
        return GCM_OK;
    gcm_result result =
        gcm_rows_lists_of(exporter->stage, type->key, id, key, &rows, exporter->err);
    while (!result && !(result = gcm_rows_list(rows, &list, exporter->err)))
        add_elements(arena, elements, gcm_copy(arena, list.body));
    gcm_rows_close(rows);
    return result == GCM_END ? GCM_OK : result;
}

gcm_result gcm_export_compare_list(struct gcm_exporter *exporter, struct gcm_arena *page,
                                   struct gcm_export_type *type, struct gcm_slice id,
                                   struct gcm_slice field, struct gcm_slice body)
{
    struct elements truth = {0}, staged = {0};
    if (!add_elements(page, &truth, body))
        return GCM_OK;
    gcm_result result = staged_elements(exporter, page, type, id, field, &staged);
    const char *fate = result ? NULL : fate_of(page, &truth, &staged);
    exporter->compared += staged.count > 0;
    if (!fate)
        return result;
    exporter->differing++;
    return gcm_export_find(exporter, GCM_NDF_LISTS, GCM_EXP_LIST_DIFFERS, type->name, id, field,
                           "%s: %zu elements at the source, %zu in the archive", fate, truth.count,
                           staged.count);
}

/* Lists of the stage, each counted once however many pieces it has. */
static gcm_result count_lists(struct gcm_exporter *exporter, uint64_t *count)
{
    struct gcm_rows *rows = NULL;
    struct gcm_staged_list list;
    struct gcm_arena arena = {0};
    struct gcm_slice id = {0};
    int64_t type = 0, field = 0;
    *count = 0;
    gcm_result result = gcm_rows_lists(exporter->stage, 1, INT64_MAX, &rows, exporter->err);
    while (!result && !(result = gcm_rows_list(rows, &list, exporter->err))) {
        if (list.type == type && list.field == field && gcm_slice_equal(list.id, id))
            continue;
        gcm_arena_free(&arena);
        id = gcm_copy(&arena, list.id);
        type = list.type;
        field = list.field;
        ++*count;
    }
    gcm_rows_close(rows);
    gcm_arena_free(&arena);
    return result == GCM_END ? GCM_OK : result;
}

static gcm_result lists_differ(struct gcm_exporter *exporter, bool *differ)
{
    uint64_t staged = 0;
    exporter->comparing = true;
    exporter->compared = exporter->differing = 0;
    gcm_result result = gcm_export_read_lists(exporter);
    exporter->comparing = false;
    if (!result)
        result = count_lists(exporter, &staged);
    *differ = exporter->differing || staged != exporter->compared;
    return result;
}

/* --- nodes --- */

struct doubt {
    struct gcm_slice type, id, field;
};
struct doubts {
    struct gcm_arena *arena;
    struct doubt *at;
    size_t count, room;
};

static gcm_result take_doubt(void *context, const struct gcm_finding *finding,
                             struct gcm_error *err)
{
    struct doubts *doubts = context;
    (void)err;
    struct doubt doubt = {.type = gcm_copy(doubts->arena, finding->type),
                          .id = gcm_copy(doubts->arena, finding->id),
                          .field = gcm_copy(doubts->arena, finding->field)};
    *gcm_push(doubts->arena, doubts) = doubt;
    return GCM_OK;
}

/* A Json value of the archive that may have gone through JavaScript, against the source's. */
static gcm_result check_doubt(struct gcm_exporter *exporter, struct gcm_arena *arena,
                              const struct doubt *doubt, bool *differ)
{
    struct gcm_buffer query = gcm_buffer(arena, GCM_BUFFER_CAP);
    struct gcm_export_answer answer;
    struct gcm_staged_node node;
    struct gcm_raw row, live, body, staged;
    struct gcm_raw_error wrong;
    gcm_putf(&query, "{row:%.*s(id:", GCM_P(doubt->type));
    gcm_put_raw_string(&query, doubt->id);
    gcm_putf(&query, "){value:%.*s}}", GCM_P(doubt->field));
    gcm_result result = gcm_export_query(exporter, gcm_buffer_text(&query), &answer);
    if (result)
        return result;
    if (answer.reply != GCM_REPLY_DATA || !gcm_raw_member(answer.data, "row", &row) ||
        !gcm_raw_member(row, "value", &live))
        return GCM_OK;
    result = gcm_stage_node(exporter->stage, gcm_stage_name(exporter->stage, doubt->type, false),
                            doubt->id, &node, exporter->err);
    if (result)
        return result == GCM_END ? GCM_OK : result;
    const char *field = gcm_cstring(arena, doubt->field);
    if (gcm_raw_read(node.body, &body, &wrong) && gcm_raw_member(body, field, &staged) &&
        gcm_raw_equal(arena, live, staged))
        return GCM_OK;
    *differ = true;
    return gcm_export_find(exporter, GCM_NDF_NODES, GCM_EXP_NODE_DIFFERS, doubt->type, doubt->id,
                           doubt->field, "changed: the client printed its numbers anew");
}

/* Lists have elements, and are compared as a whole. */
static bool is_list(struct gcm_exporter *exporter, const struct doubt *doubt)
{
    const struct gcm_export_field *field =
        gcm_export_field(gcm_export_type(exporter, doubt->type), doubt->field);
    return field && field->list;
}

static gcm_result check_doubts(struct gcm_exporter *exporter, const struct doubts *doubts,
                               bool *differ)
{
    gcm_result result = GCM_OK;
    for (size_t i = 0; !result && i < doubts->count; i++) {
        struct gcm_arena arena = {0};
        if (!is_list(exporter, &doubts->at[i]))
            result = check_doubt(exporter, &arena, &doubts->at[i], differ);
        gcm_arena_free(&arena);
    }
    return result;
}

static gcm_result check_nodes(struct gcm_exporter *exporter, bool *differ)
{
    gcm_each (struct gcm_export_type *, each, exporter->types) {
        const struct gcm_export_type *type = *each;
        uint64_t staged =
            gcm_stage_count_of(exporter->stage, gcm_stage_name(exporter->stage, type->name, false));
        if (!exporter->counted || staged == type->before)
            continue;
        *differ = true;
        gcm_result result =
            gcm_export_find(exporter, GCM_NDF_NODES, GCM_EXP_NODE_DIFFERS, type->name, none, none,
                            "%llu nodes at the source, %llu in the archive",
                            (unsigned long long)type->before, (unsigned long long)staged);
        if (result)
            return result;
    }
    return GCM_OK;
}

/* More doubtful values than are asked for one by one: all nodes are read anew. */
enum { DOUBTS = 2000 };

static gcm_result nodes_differ(struct gcm_exporter *exporter, const struct doubts *doubts,
                               bool *differ)
{
    gcm_result result = gcm_stage_begin(exporter->stage, exporter->err);
    if (result)
        return result;
    result = check_nodes(exporter, differ);
    if (!result && !*differ)
        result = check_doubts(exporter, doubts, differ);
    *differ |= doubts->count >= DOUBTS;
    if (!result)
        return gcm_stage_commit(exporter->stage, exporter->err);
    gcm_stage_rollback(exporter->stage);
    return result;
}

/* --- relations --- */

static gcm_result pairs_differ(struct gcm_exporter *exporter, bool *differ)
{
    uint64_t live = 0, staged = gcm_stage_count(exporter->stage, GCM_NDF_RELATIONS);
    int64_t table = 0, row = 0;
    gcm_result result = GCM_OK;
    for (bool full = true; full && !result;) {
        struct gcm_arena arena = {0};
        struct gcm_export_page page;
        struct gcm_raw each;
        result = gcm_export_ask(exporter, GCM_NDF_RELATIONS, table, row, &page);
        full = !result && page.reply == GCM_REPLY_DATA && page.full &&
               (page.table != table || page.row != row);
        if (!result && page.reply == GCM_REPLY_DATA)
            while (gcm_raw_next(&page.elements, NULL, &each))
                live++;
        table = page.table;
        row = page.row;
        gcm_arena_free(&arena);
    }
    *differ = live != staged;
    if (result || !*differ)
        return result;
    return gcm_export_find(exporter, GCM_NDF_RELATIONS, GCM_EXP_PAIRS_DIFFER, none, none, none,
                           "%llu rows at the source, %llu in the archive", (unsigned long long)live,
                           (unsigned long long)staged);
}

/* --- all three --- */

static gcm_result take_doubts(struct gcm_exporter *exporter, struct doubts *doubts)
{
    static const char *const rules[] = {GCM_EXP_JSON_DIGITS, GCM_EXP_JSON_NULL};
    gcm_result result = GCM_OK;
    for (size_t i = 0; !result && i < 2; i++)
        result = gcm_findings_each(exporter->stage, gcm_slice_of(rules[i]), DOUBTS, take_doubt,
                                   doubts, exporter->err);
    return result;
}

/* An archive that shows that lists are missing: what the source says of them is wanted in full,
 * with all that is to be said about its reading. */
static bool has_signs(struct gcm_exporter *exporter)
{
    static const char *const rules[] = {GCM_EXP_FOLDER_MISSING, GCM_EXP_FOLDER_EMPTY,
                                        GCM_EXP_NUMBER_GAP, GCM_EXP_LAST_FULL, GCM_EXP_LIST_CUT};
    struct gcm_finding_counts counts = {0};
    if (gcm_findings_count(exporter->stage, exporter->arena, &counts, exporter->err))
        return true;
    gcm_each (const struct gcm_finding_count, count, counts)
        for (size_t i = 0; i < sizeof rules / sizeof *rules; i++)
            if (gcm_slice_is(count->rule, rules[i]))
                return true;
    return false;
}

/* The archive's own signs count no more: the source itself is looked at. */
static gcm_result compare_kind(struct gcm_exporter *exporter, enum gcm_ndf_kind kind, bool *differ)
{
    struct gcm_arena arena = {0};
    struct doubts doubts = {.arena = &arena};
    bool suspect = kind == GCM_NDF_LISTS && has_signs(exporter);
    gcm_result result = GCM_OK;
    if (kind == GCM_NDF_NODES)
        result = take_doubts(exporter, &doubts);
    if (!result)
        result = gcm_findings_clear(exporter->stage, gcm_export_step(kind), exporter->err);
    if (!result && kind == GCM_NDF_NODES)
        result = nodes_differ(exporter, &doubts, differ);
    if (!result && kind == GCM_NDF_LISTS)
        result = lists_differ(exporter, differ);
    if (!result && kind == GCM_NDF_RELATIONS)
        result = pairs_differ(exporter, differ);
    *differ |= suspect;
    gcm_arena_free(&arena);
    return result;
}

static gcm_result settle_kind(struct gcm_exporter *exporter, enum gcm_ndf_kind kind)
{
    struct gcm_step_row step;
    bool differ = false;
    gcm_result result =
        gcm_stage_step(exporter->stage, gcm_export_step(kind), &step, exporter->err);
    if (!result && step.state == GCM_STEP_DONE) {
        result = compare_kind(exporter, kind, &differ);
        if (!result && differ)
            result = gcm_export_anew(exporter, kind);
    } else {
        differ = true; /* an earlier run was reading it anew */
    }
    if (!result && differ)
        result = gcm_export_live(exporter, kind);
    return result;
}

gcm_result gcm_export_compare(struct gcm_exporter *exporter)
{
    struct gcm_slice done =
        gcm_copy(exporter->arena, gcm_stage_note(exporter->stage, "export.compared"));
    gcm_result result = GCM_OK;
    for (enum gcm_ndf_kind kind = 0; !result && kind < GCM_NDF_KINDS; kind++) {
        if (gcm_slice_has(done, gcm_ndf_names[kind]))
            continue;
        result = settle_kind(exporter, kind);
        done = gcm_format(exporter->arena, "%.*s %s", GCM_P(done), gcm_ndf_names[kind]);
        if (!result)
            result = gcm_stage_put_note(exporter->stage, "export.compared", done, exporter->err);
    }
    return result;
}
