#include "transfer/verify/parts.h"

const char *const gcm_difference_names[GCM_DIFFERENCE_KINDS] = {
    "missing", "extra", "value", "list", "missing pair", "extra pair"};

/* ---- telling ---- */

void tell_difference(struct verify *verify, struct gcm_tally *tally,
                     const struct gcm_difference *difference)
{
    if (difference->known.size) {
        tally->known++;
        verify->result->known++;
    } else {
        verify->result->differences++;
    }
    if (verify->sink && verify->sink->difference)
        verify->sink->difference(verify->sink->context, difference);
}

void tell_unchecked(struct verify *verify, struct gcm_slice type, struct gcm_slice id,
                    struct gcm_slice field, struct gcm_slice reason)
{
    struct gcm_unchecked unchecked = {type, id, field, reason};
    verify->result->unchecked++;
    if (verify->sink && verify->sink->unchecked)
        verify->sink->unchecked(verify->sink->context, &unchecked);
}

enum gcm_verdict_of_data gcm_verify_verdict(const struct gcm_verify_result *result)
{
    if (result->differences)
        return GCM_DATA_DIFFERS;
    if (result->unchecked)
        return GCM_DATA_UNCHECKED;
    return result->known ? GCM_DATA_PARTIAL : GCM_DATA_EQUAL;
}

/* ---- what was seen ---- */

bool is_seen(const struct verify *verify, int64_t row)
{
    return row > 0 && row <= verify->last_row && verify->seen[row / 8] >> row % 8 & 1;
}

bool mark_seen(struct verify *verify, int64_t row)
{
    if (row <= 0 || row > verify->last_row || is_seen(verify, row))
        return false;
    verify->seen[row / 8] |= (unsigned char)(1u << row % 8);
    return true;
}

/* ---- the passes ---- */

static void add_types(struct verify *verify)
{
    struct gcm_arena *arena = verify->arena;
    struct gcm_verify_result *result = verify->result;
    gcm_each (struct gcm_shape_type *const, type, verify->maker->shape->types) {
        if (!(*type)->to)
            continue;
        *gcm_push(arena, &verify->types) =
            (struct type_pass){.verify = verify,
                               .type = *type,
                               .key = gcm_stage_name(verify->maker->stage, (*type)->name, false)};
        gcm_push(arena, &result->types)->name = (*type)->to->name;
    }
    for (size_t i = 0; i < verify->types.count; i++)
        verify->types.at[i].verified = &result->types.at[i];
}

static void add_relations(struct verify *verify)
{
    struct gcm_arena *arena = verify->arena;
    struct gcm_verify_result *result = verify->result;
    gcm_each (struct gcm_shape_relation *const, relation, verify->maker->shape->relations) {
        struct relation_pass pass = {.verify = verify, .relation = *relation};
        choose_side(&pass);
        if (!pass.field)
            continue;
        *gcm_push(arena, &verify->relations) = pass;
        gcm_push(arena, &result->relations)->name = (*relation)->name;
    }
    for (size_t i = 0; i < verify->relations.count; i++)
        verify->relations.at[i].verified = &result->relations.at[i];
}

static gcm_result prepare(struct verify *verify, struct gcm_error *err)
{
    struct gcm_stage *stage = verify->maker->stage;
    verify->last_row = gcm_stage_last_row(stage, GCM_NDF_NODES);
    verify->seen = gcm_arena_alloc(verify->arena, (size_t)verify->last_row / 8 + 1);
    add_types(verify);
    add_relations(verify);
    return gcm_stage_links(stage, verify->arena, &verify->links, err);
}

static gcm_result compare_all(struct verify *verify, struct gcm_error *err)
{
    struct gcm_stage *stage = verify->maker->stage;
    gcm_result result = GCM_OK;
    gcm_progress_start(verify->progress, "nodes", gcm_stage_count(stage, GCM_NDF_NODES), 0);
    gcm_each (struct type_pass, pass, verify->types)
        if (result == GCM_OK)
            result = verify_nodes(pass, err);
    if (result == GCM_OK)
        result = verify_missing(verify, err);
    if (result != GCM_OK)
        return result;
    gcm_progress_start(verify->progress, "relations", gcm_stage_count(stage, GCM_NDF_RELATIONS), 0);
    gcm_each (struct relation_pass, pass, verify->relations)
        if (result == GCM_OK)
            result = verify_relation(pass, err);
    if (result == GCM_OK)
        gcm_progress_end(verify->progress);
    return result;
}

/* ---- sums ---- */

static void add_tally(struct gcm_tally *sum, const struct gcm_tally *tally)
{
    sum->expected += tally->expected;
    sum->equal += tally->equal;
    sum->different += tally->different;
    sum->missing += tally->missing;
    sum->extra += tally->extra;
    sum->known += tally->known;
    sum->unchecked += tally->unchecked;
}

static void sum_up(struct gcm_verify_result *result)
{
    result->all = (struct gcm_verified){.name = GCM_S("all")};
    gcm_each (const struct gcm_verified, type, result->types) {
        add_tally(&result->all.nodes, &type->nodes);
        add_tally(&result->all.values, &type->values);
        add_tally(&result->all.lists, &type->lists);
    }
    gcm_each (const struct gcm_verified, relation, result->relations)
        add_tally(&result->all.pairs, &relation->pairs);
}

gcm_result gcm_verify(struct gcm_arena *arena, const struct gcm_record_maker *maker,
                      const struct gcm_verify_options *options, const struct gcm_verify_sink *sink,
                      struct gcm_progress *progress, struct gcm_verify_result *result,
                      struct gcm_error *err)
{
    struct verify verify = {.arena = arena,
                            .maker = maker,
                            .options = options,
                            .sink = sink,
                            .progress = progress,
                            .result = result};
    struct gcm_http_options http = options->http;
    http.retrying = gcm_progress_retry;
    http.context = progress;
    *result = (struct gcm_verify_result){0};
    gcm_result code = gcm_http_open(arena, &http, &verify.http, err);
    if (code == GCM_OK)
        code = prepare(&verify, err);
    if (code == GCM_OK)
        code = compare_all(&verify, err);
    sum_up(result);
    gcm_http_close(verify.http);
    gcm_arena_free(&verify.page);
    return code;
}
