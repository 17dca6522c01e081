/* read: a cursor over staged rows that makes a record of each. */
#include "transfer/records/making.h"

struct source {
    struct gcm_rows *rows;
    struct gcm_staged_pair pair; /* the next one, if there is any; its texts live with `rows` */
    bool there;
};

struct gcm_records {
    struct gcm_arena arena;
    const struct gcm_record_maker *maker;
    enum gcm_ndf_kind kind;
    struct gcm_rows *rows;          /* nodes, lists */
    GCM_VEC(struct source) sources; /* pairs: one for each link of the relation */
    struct source *taken;           /* whose pair was given last */
};

static gcm_result advance(struct source *source, struct gcm_error *err)
{
    gcm_result result = gcm_rows_pair(source->rows, &source->pair, err);
    source->there = result == GCM_OK;
    return result == GCM_END ? GCM_OK : result;
}

/* The links of the group's relation; of the empty group those that no relation claims. */
static bool is_of_group(const struct gcm_record_maker *maker, const struct gcm_staged_link *link,
                        struct gcm_slice group)
{
    bool swapped;
    const struct gcm_shape_relation *relation = gcm_shape_of_link(maker->shape, link, &swapped);
    return relation ? gcm_slice_equal(relation->name, group) : !group.size;
}

static gcm_result open_pairs(struct gcm_records *records, struct gcm_slice group, int64_t first,
                             int64_t last, struct gcm_error *err)
{
    struct gcm_staged_links links = {0};
    struct gcm_stage *stage = records->maker->stage;
    gcm_result result = gcm_stage_links(stage, &records->arena, &links, err);
    for (size_t i = 0; result == GCM_OK && i < links.count; i++) {
        if (!is_of_group(records->maker, &links.at[i], group))
            continue;
        struct source *source = gcm_push(&records->arena, &records->sources);
        result = gcm_rows_pairs(stage, links.at[i].key, first, last, &source->rows, err);
        if (result == GCM_OK)
            result = advance(source, err);
    }
    return result;
}

gcm_result gcm_records_open(const struct gcm_record_maker *maker, enum gcm_ndf_kind kind,
                            struct gcm_slice group, int64_t first, int64_t last,
                            struct gcm_records **records, struct gcm_error *err)
{
    struct gcm_arena arena = {0};
    *records = GCM_NEW(&arena, struct gcm_records);
    (*records)->arena = arena;
    (*records)->maker = maker;
    (*records)->kind = kind;
    if (kind == GCM_NDF_NODES)
        return gcm_rows_nodes(maker->stage, first, last, &(*records)->rows, err);
    if (kind == GCM_NDF_LISTS)
        return gcm_rows_lists(maker->stage, first, last, &(*records)->rows, err);
    return open_pairs(*records, group, first, last, err);
}

/* Rows of several links in one order. */
static gcm_result next_pair(struct gcm_records *records, struct gcm_arena *arena,
                            struct gcm_record *record, struct gcm_error *err)
{
    struct source *next = NULL;
    gcm_result result = records->taken ? advance(records->taken, err) : GCM_OK;
    records->taken = NULL;
    if (result != GCM_OK)
        return result;
    gcm_each (struct source, source, records->sources)
        if (source->there && (!next || source->pair.row < next->pair.row))
            next = source;
    if (!next)
        return GCM_END;
    records->taken = next;
    return gcm_record_of_pair(records->maker, arena, &next->pair, record, err);
}

gcm_result gcm_records_next(struct gcm_records *records, struct gcm_arena *arena,
                            struct gcm_record *record, struct gcm_error *err)
{
    struct gcm_staged_node node;
    struct gcm_staged_list list;
    if (records->kind == GCM_NDF_RELATIONS)
        return next_pair(records, arena, record, err);
    gcm_result result = records->kind == GCM_NDF_NODES ? gcm_rows_node(records->rows, &node, err)
                                                       : gcm_rows_list(records->rows, &list, err);
    if (result != GCM_OK)
        return result;
    return records->kind == GCM_NDF_NODES
               ? gcm_record_of_node(records->maker, arena, &node, record, err)
               : gcm_record_of_list(records->maker, arena, &list, record, err);
}

void gcm_records_close(struct gcm_records *records)
{
    if (!records)
        return;
    gcm_rows_close(records->rows);
    gcm_each (struct source, source, records->sources)
        gcm_rows_close(source->rows);
    struct gcm_arena arena = records->arena;
    gcm_arena_free(&arena);
}
