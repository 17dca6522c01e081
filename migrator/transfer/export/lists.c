/* Lists of a live endpoint. Its own list cursor loses and repeats (§7.5 L4, L5), so it is never
 * followed: of a full page the last node's lists are dropped, since they may be cut, and reading
 * goes on at that node, whose place is known from the export of the nodes. Exact for every service
 * that was tried (truth/ndf, "Reading the endpoint"). */
#include "transfer/export/parts.h"

#include "core/interrupt.h"

/* The nodes of a page. */
struct run {
    struct gcm_slice type, id; /* in the page's arena */
    size_t start;              /* its first element */
};
struct runs {
    struct run *at;
    size_t count, room;
};

static bool same_node(const struct run *a, const struct run *b)
{
    return gcm_slice_equal(a->id, b->id) && gcm_slice_equal(a->type, b->type);
}

/* At most `limit` of them. */
static gcm_result find_runs(struct gcm_exporter *exporter, struct gcm_arena *arena,
                            struct gcm_raw_walk walk, size_t limit, struct runs *runs)
{
    struct gcm_raw raw;
    for (size_t at = 0; runs->count < limit && gcm_raw_next(&walk, NULL, &raw); at++) {
        struct gcm_ndf_element element;
        gcm_result result = gcm_ndf_element(arena, GCM_NDF_LISTS, raw, &element, exporter->err);
        if (result) {
            struct gcm_slice why = gcm_copy(exporter->arena, exporter->err->message);
            return gcm_fail(exporter->arena, exporter->err, GCM_REMOTE, (struct gcm_place){0},
                            "a page of lists holds %.*s", GCM_P(why));
        }
        struct run run = {.type = element.type, .id = element.id, .start = at};
        if (!runs->count || !same_node(&run, &runs->at[runs->count - 1]))
            *gcm_push(arena, runs) = run;
    }
    return GCM_OK;
}

/* The last node, from where the page has it first: a page that came twice over has it twice, and
 * both times cut. */
static const struct run *find_tail(const struct runs *runs)
{
    const struct run *last = &runs->at[runs->count - 1];
    for (const struct run *run = runs->at; run < last; run++)
        if (same_node(run, last))
            return run;
    return last;
}

/* Which table of lists a type is. */
static int64_t table_of(const struct gcm_exporter *exporter, struct gcm_slice type)
{
    for (size_t i = 0; i < exporter->listed.count; i++)
        if (gcm_slice_equal(exporter->listed.at[i]->name, type))
            return (int64_t)i;
    return -1;
}

static gcm_result unknown_table(struct gcm_exporter *exporter, struct gcm_slice type)
{
    gcm_result result = gcm_fail(
        exporter->arena, exporter->err, GCM_BAD_INPUT, (struct gcm_place){0},
        "the source has lists of the type %.*s, for which PROJECT has no list field", GCM_P(type));
    exporter->err->hint = GCM_S("PROJECT must be what is deployed: its types say where the reading "
                                "of lists goes on.");
    return result;
}

/* Reading went on at a node, and the server's page starts with another one. */
static gcm_result moved(struct gcm_exporter *exporter, struct gcm_slice expected)
{
    gcm_result result = GCM_OK;
    if (!exporter->comparing)
        result = gcm_export_anew(exporter, GCM_NDF_LISTS);
    if (result)
        return result;
    result = gcm_fail(exporter->arena, exporter->err, GCM_REMOTE, (struct gcm_place){0},
                      "the source was changed while its lists were read: the lists of %.*s are not "
                      "where they were",
                      GCM_P(expected));
    exporter->err->hint = GCM_S("Stop everything that writes to the source, then export again: "
                                "lists are read anew, what else was read is kept.");
    exporter->err->retryable = true;
    return result;
}

struct position {
    int64_t table, row;
    struct gcm_slice expected; /* the node that the next page starts with; or empty */
    bool done;
};

static gcm_result put_page(struct gcm_exporter *exporter, struct gcm_arena *arena,
                           const struct gcm_export_page *page, size_t limit,
                           const struct position *from, const struct position *to)
{
    struct gcm_export_unsures unsures = {0};
    const struct gcm_export_put put = {
        .kind = GCM_NDF_LISTS,
        .name = gcm_format(arena, "lists %lld/%lld", (long long)from->table, (long long)from->row),
        .repeats = true,
        .limit = limit,
        .unsures = &unsures};
    return gcm_export_put_page(exporter, arena, page, &put, to->table, to->row);
}

/* Lists that nobody's page can hold come through the Simple API. */
static gcm_result by_api(struct gcm_exporter *exporter, struct position *at, int64_t row)
{
    struct gcm_export_span span = {.kind = GCM_NDF_LISTS,
                                   .type = exporter->listed.at[at->table],
                                   .table = at->table,
                                   .from = row,
                                   .to = row + 1};
    at->row = row + 1;
    return gcm_export_rows(exporter, &span);
}

/* A full page without an element: one value is larger than a page. Whose it is the cursor does not
 * say: the next node that has lists. */
static gcm_result pass_large(struct gcm_exporter *exporter, struct position *at)
{
    if (at->table >= (int64_t)exporter->listed.count)
        return unknown_table(exporter, GCM_S("?"));
    struct gcm_export_span span = {.kind = GCM_NDF_LISTS,
                                   .type = exporter->listed.at[at->table],
                                   .table = at->table,
                                   .from = at->row};
    int64_t next = -1;
    gcm_result result = gcm_export_next_lists(exporter, &span, &next);
    at->table += next < 0;
    at->row = next < 0 ? 0 : next;
    at->done = at->table >= (int64_t)exporter->listed.count;
    return result;
}

/* A full page: everything but its last node, then on at that node. */
static gcm_result take_full(struct gcm_exporter *exporter, struct gcm_arena *arena,
                            const struct gcm_export_page *page, const struct run *tail,
                            struct position *at)
{
    struct position next = {.table = table_of(exporter, tail->type)};
    if (next.table < 0)
        return unknown_table(exporter, tail->type);
    struct gcm_export_type *type = exporter->listed.at[next.table];
    next.row = gcm_export_rank(exporter, type, tail->id);
    if (next.row < 0)
        return moved(exporter, gcm_copy(exporter->arena, tail->id));
    if (tail->start == 0) { /* one node fills the page */
        at->table = next.table;
        at->expected = (struct gcm_slice){0};
        return by_api(exporter, at, next.row);
    }
    next.expected = gcm_copy(exporter->arena, tail->id);
    gcm_export_ask_ahead(exporter, GCM_NDF_LISTS, next.table, next.row);
    gcm_result result = put_page(exporter, arena, page, tail->start, at, &next);
    *at = next;
    return result;
}

static gcm_result take(struct gcm_exporter *exporter, struct gcm_arena *arena, struct position *at)
{
    struct gcm_export_page page;
    struct runs runs = {0};
    gcm_result result = gcm_export_ask(exporter, GCM_NDF_LISTS, at->table, at->row, &page);
    if (result)
        return result;
    if (page.reply != GCM_REPLY_DATA) {
        at->expected = (struct gcm_slice){0};
        result = gcm_export_pass(exporter, GCM_NDF_LISTS, page.reply, &at->table, &at->row);
        at->done = at->table >= (int64_t)exporter->listed.count;
        return result;
    }
    result = find_runs(exporter, arena, page.elements, page.full ? SIZE_MAX : 1, &runs);
    if (result)
        return result;
    if (at->expected.size && runs.count && !gcm_slice_equal(at->expected, runs.at[0].id))
        return moved(exporter, at->expected);
    if (page.full)
        return runs.count ? take_full(exporter, arena, &page, find_tail(&runs), at)
                          : pass_large(exporter, at);
    struct position end = {.table = -1, .row = -1};
    at->done = true;
    gcm_export_ask_behind(exporter, GCM_NDF_LISTS);
    return put_page(exporter, arena, &page, SIZE_MAX, at, &end);
}

gcm_result gcm_export_read_lists(struct gcm_exporter *exporter)
{
    struct gcm_step_row step;
    struct position at = {0};
    gcm_result result = gcm_stage_step(exporter->stage, GCM_STEP_LISTS, &step, exporter->err);
    if (result || (step.state == GCM_STEP_DONE && !exporter->comparing))
        return result;
    if (exporter->comparing || !gcm_export_cursor(step.cursor, &at.table, &at.row))
        at.table = at.row = 0;
    at.done =
        at.table < 0 || exporter->listed.count == 0 || at.table >= (int64_t)exporter->listed.count;
    struct gcm_arena arena = {0}; /* of a page */
    while (!at.done && !result) {
        result = take(exporter, &arena, &at);
        gcm_arena_reuse(&arena);
        if (!result && !at.done && gcm_interrupted())
            result = gcm_fail(exporter->arena, exporter->err, GCM_INTERRUPTED,
                              (struct gcm_place){0}, "interrupted; what was read is kept");
    }
    gcm_arena_free(&arena);
    return result;
}
