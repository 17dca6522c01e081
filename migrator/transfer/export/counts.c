/* What the source counts (`_all…Meta`), before and after, against what is staged. */
#include "transfer/export/parts.h"

static struct gcm_slice count_query(struct gcm_arena *arena, const struct gcm_exporter *exporter)
{
    struct gcm_buffer out = gcm_buffer(arena, GCM_BUFFER_CAP);
    gcm_putc(&out, '{');
    for (size_t i = 0; i < exporter->types.count; i++)
        gcm_putf(&out, "c%zu:_all%.*sMeta{count} ", i, GCM_P(exporter->types.at[i]->plural));
    gcm_putc(&out, '}');
    return gcm_buffer_text(&out);
}

static bool read_count(struct gcm_arena *arena, struct gcm_raw data, size_t at, uint64_t *count)
{
    struct gcm_raw meta, number;
    int64_t value = 0;
    if (!gcm_raw_member(data, gcm_cstring(arena, gcm_format(arena, "c%zu", at)), &meta) ||
        !gcm_raw_member(meta, "count", &number) || !gcm_number_integer(number.text, &value))
        return false;
    *count = (uint64_t)value;
    return true;
}

/* The newest updatedAt of every type that shows it, in one text: whatever writes a node makes it
 * another one. Empty where no type does. */
static struct gcm_slice newest_query(struct gcm_arena *arena, const struct gcm_exporter *exporter)
{
    struct gcm_buffer query = gcm_buffer(arena, GCM_BUFFER_CAP);
    size_t asked = 0;
    gcm_putc(&query, '{');
    gcm_each (struct gcm_export_type *, type, exporter->types)
        if ((*type)->dated)
            gcm_putf(&query, "u%zu:all%.*s(first:1,orderBy:updatedAt_DESC){updatedAt} ", asked++,
                     GCM_P((*type)->plural));
    gcm_putc(&query, '}');
    return asked ? gcm_buffer_text(&query) : (struct gcm_slice){0};
}

/* Empty where the source cannot tell. */
static gcm_result ask_newest(struct gcm_exporter *exporter, struct gcm_arena *arena,
                             struct gcm_slice *newest)
{
    struct gcm_export_answer answer;
    struct gcm_slice query = newest_query(arena, exporter);
    *newest = (struct gcm_slice){0};
    if (!query.size)
        return GCM_OK;
    gcm_result result = gcm_export_query(exporter, query, &answer);
    if (!result && answer.reply == GCM_REPLY_DATA)
        *newest = gcm_copy(exporter->arena, answer.data.text);
    return result;
}

/* The slower question of the two with which the source is asked at the end. */
void gcm_export_count_ahead(struct gcm_exporter *exporter)
{
    struct gcm_arena arena = {0};
    struct gcm_slice query = newest_query(&arena, exporter);
    if (query.size && exporter->counted)
        gcm_export_query_ahead(exporter, query);
    gcm_arena_free(&arena);
}

/* What was counted at the start stays, however often the export is resumed. */
static bool recall(struct gcm_exporter *exporter, struct gcm_arena *arena)
{
    struct gcm_slice text = gcm_copy(arena, gcm_stage_note(exporter->stage, "export.counts"));
    struct gcm_raw data;
    struct gcm_raw_error wrong;
    if (!text.size || !gcm_raw_read(text, &data, &wrong))
        return false;
    exporter->counted = true;
    for (size_t i = 0; i < exporter->types.count; i++)
        exporter->counted &= read_count(arena, data, i, &exporter->types.at[i]->before);
    exporter->newest_before =
        gcm_copy(exporter->arena, gcm_stage_note(exporter->stage, "export.newest"));
    return true;
}

static gcm_result ask_counts(struct gcm_exporter *exporter, struct gcm_arena *arena, bool after)
{
    struct gcm_export_answer answer;
    exporter->counted = false;
    gcm_result result = gcm_export_query(exporter, count_query(arena, exporter), &answer);
    if (result || answer.reply != GCM_REPLY_DATA)
        return result;
    exporter->counted = true;
    for (size_t i = 0; i < exporter->types.count; i++) {
        struct gcm_export_type *type = exporter->types.at[i];
        exporter->counted &=
            read_count(arena, answer.data, i, after ? &type->after : &type->before);
    }
    return after ? GCM_OK
                 : gcm_stage_put_note(exporter->stage, "export.counts", answer.data.text,
                                      exporter->err);
}

gcm_result gcm_export_count(struct gcm_exporter *exporter, bool after)
{
    struct gcm_arena arena = {0};
    struct gcm_slice *newest = after ? &exporter->newest_after : &exporter->newest_before;
    gcm_result result = GCM_OK;
    if (exporter->types.count && (after || !recall(exporter, &arena))) {
        result = ask_newest(exporter, &arena, newest);
        if (!result)
            result = ask_counts(exporter, &arena, after);
        if (!result && !after)
            result = gcm_stage_put_note(exporter->stage, "export.newest", *newest, exporter->err);
    }
    gcm_arena_free(&arena);
    return result;
}

/* Newer than the export itself: said apart, since no row may be missing. */
static gcm_result compare_count(struct gcm_exporter *exporter, const struct gcm_export_type *type,
                                bool *differs)
{
    struct gcm_slice none = {0};
    uint64_t staged =
        gcm_stage_count_of(exporter->stage, gcm_stage_name(exporter->stage, type->name, false));
    if (type->before != type->after) {
        gcm_result result =
            gcm_export_find(exporter, GCM_NDF_RELATIONS, GCM_EXP_CHANGED, type->name, none, none,
                            "%llu nodes at the start, %llu at the end",
                            (unsigned long long)type->before, (unsigned long long)type->after);
        if (result)
            return result;
    }
    if (staged + type->holes.count == type->after)
        return GCM_OK;
    *differs = true;
    return gcm_export_find(exporter, GCM_NDF_RELATIONS, GCM_EXP_COUNT, type->name, none, none,
                           "%llu nodes at the source, %llu here", (unsigned long long)type->after,
                           (unsigned long long)staged);
}

gcm_result gcm_export_check_counts(struct gcm_exporter *exporter, bool *differs)
{
    struct gcm_slice none = {0};
    *differs = false;
    if (!exporter->counted)
        return GCM_OK;
    gcm_result result = gcm_stage_begin(exporter->stage, exporter->err);
    if (result)
        return result;
    gcm_each (struct gcm_export_type *, type, exporter->types)
        if (!result)
            result = compare_count(exporter, *type, differs);
    if (!result && exporter->newest_before.size && exporter->newest_after.size &&
        !gcm_slice_equal(exporter->newest_before, exporter->newest_after))
        result = gcm_export_find(exporter, GCM_NDF_RELATIONS, GCM_EXP_CHANGED, none, none, none,
                                 "an updatedAt became newer while the source was read");
    if (!result)
        return gcm_stage_commit(exporter->stage, exporter->err);
    gcm_stage_rollback(exporter->stage);
    return result;
}
