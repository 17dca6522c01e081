/* Past what the endpoint refuses. A stored value that its type no longer allows (3037, 3038), or a
 * list that the server cannot take apart (500), makes every request fail that comes to it; one that
 * starts behind it works. The place is found by requests alone: in growing steps, then by halving.
 * What lies between is read through the Simple API, which also decides which rows nobody can read.
 *
 * That requests fail at row n and work at n+1 says where to go on, no more: the server reads ahead,
 * so row n itself may be good. */
#include "transfer/export/parts.h"

struct search {
    struct gcm_exporter *exporter;
    enum gcm_ndf_kind kind;
    const struct gcm_export_types *tables;
};

static gcm_result works(const struct search *search, int64_t table, int64_t row, bool *answers)
{
    struct gcm_export_page page;
    *answers = true;
    gcm_result result = GCM_OK;
    if (table < (int64_t)search->tables->count) {
        result = gcm_export_ask(search->exporter, search->kind, table, row, &page);
        *answers = !result && page.reply == GCM_REPLY_DATA;
    }
    return result;
}

/* How many rows a table has now. */
static gcm_result count_of(const struct search *search, int64_t table, int64_t *count)
{
    struct gcm_exporter *exporter = search->exporter;
    if (exporter->counted) {
        *count = (int64_t)search->tables->at[table]->before;
        return GCM_OK;
    }
    return gcm_fail(exporter->arena, exporter->err, GCM_REMOTE, (struct gcm_place){0},
                    "the source refuses a part of its data, and its Simple API, which could tell "
                    "which part, does not answer");
}

/* Steps of 1, 2, 4 … rows, over tables, until a request works: it failed at *low and works at
 * *high, both rows of *table. */
static gcm_result gallop(const struct search *search, int64_t *table, int64_t *low, int64_t *high)
{
    bool answers = false;
    for (;;) {
        int64_t count = 0;
        gcm_result result = count_of(search, *table, &count);
        for (int64_t step = 1; !result && *low + step < count; step *= 2) {
            *high = *low + step;
            result = works(search, *table, *high, &answers);
            if (result || answers)
                return result;
            *low = *high;
        }
        if (!result)
            result = works(search, *table + 1, 0, &answers);
        *high = count > *low ? count : *low + 1;
        if (result || answers)
            return result;
        ++*table;
        *low = 0;
    }
}

static gcm_result halve(const struct search *search, int64_t table, int64_t low, int64_t *high)
{
    gcm_result result = GCM_OK;
    while (!result && *high - low > 1) {
        bool answers = false;
        int64_t middle = low + (*high - low) / 2;
        result = works(search, table, middle, &answers);
        if (answers)
            *high = middle;
        else
            low = middle;
    }
    return result;
}

gcm_result gcm_export_pass(struct gcm_exporter *exporter, enum gcm_ndf_kind kind,
                           enum gcm_export_reply reply, int64_t *table, int64_t *row)
{
    const struct search search = {.exporter = exporter,
                                  .kind = kind,
                                  .tables =
                                      kind == GCM_NDF_LISTS ? &exporter->listed : &exporter->types};
    if (*table >= (int64_t)search.tables->count)
        return gcm_fail(exporter->arena, exporter->err, GCM_BAD_INPUT, (struct gcm_place){0},
                        "the source has more types than PROJECT: it must be what is deployed");
    int64_t last = *table, low = *row, high = *row + 1;
    bool answers = false;
    gcm_result result = GCM_OK;
    if (reply == GCM_REPLY_BROKEN) /* it may have been for once */
        result = works(&search, *table, *row, &answers);
    if (result || answers)
        return result;
    gcm_progress_note(exporter->progress,
                      "the endpoint refuses %s from %.*s, row %lld on: looking for the place",
                      gcm_ndf_names[kind], GCM_P(search.tables->at[*table]->name), (long long)*row);
    result = gallop(&search, &last, &low, &high);
    if (!result)
        result = halve(&search, last, low, &high);
    for (int64_t at = *table; !result && at <= last; at++) {
        int64_t count = 0;
        result = count_of(&search, at, &count);
        struct gcm_export_span span = {.kind = kind,
                                       .type = search.tables->at[at],
                                       .table = at,
                                       .from = at == *table ? *row : 0,
                                       .to = at == last ? high : count,
                                       .refused = at == last && reply == GCM_REPLY_BROKEN};
        if (!result)
            result = gcm_export_rows(exporter, &span);
    }
    *table = last;
    *row = high;
    return result;
}
