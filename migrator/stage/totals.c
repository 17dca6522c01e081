/* totals: how many rows and bytes there are of each type and link, kept while rows are put, so that
 * nobody has to count a million rows to say what is there. */
#include "stage/database.h"

#include <string.h>

static const char all_totals[] = "SELECT kind, name, rows, bytes, first, last FROM total";
static const char put_total[] =
    "INSERT OR REPLACE INTO total(kind, name, rows, bytes, first, last) "
    "VALUES(?1, ?2, ?3, ?4, ?5, ?6)";
static const char *const last_rows[GCM_NDF_KINDS] = {
    "SELECT max(row) FROM node", "SELECT max(row) FROM list", "SELECT max(row) FROM pair"};

static void read_totals(struct gcm_stage *stage)
{
    struct gcm_error ignored;
    if (stage->totals_read)
        return;
    sqlite3_stmt *statement = gcm_db_take(stage, all_totals, &ignored);
    if (!statement)
        return;
    while (gcm_db_step(stage, statement, &ignored) == GCM_OK) {
        int64_t kind = sqlite3_column_int64(statement, 0);
        if (kind < 0 || kind >= GCM_NDF_KINDS)
            continue;
        *gcm_push(stage->arena, &stage->totals) =
            (struct gcm_total){.kind = (enum gcm_ndf_kind)kind,
                               .name = sqlite3_column_int64(statement, 1),
                               .rows = sqlite3_column_int64(statement, 2),
                               .bytes = sqlite3_column_int64(statement, 3),
                               .first = sqlite3_column_int64(statement, 4),
                               .last = sqlite3_column_int64(statement, 5)};
    }
    gcm_db_give(stage, statement);
    stage->totals_read = true;
}

struct gcm_total *gcm_stage_total(struct gcm_stage *stage, enum gcm_ndf_kind kind, int64_t name,
                                  bool make)
{
    read_totals(stage);
    if (stage->last_total < stage->totals.count) {
        struct gcm_total *last = &stage->totals.at[stage->last_total];
        if (last->kind == kind && last->name == name)
            return last;
    }
    gcm_each (struct gcm_total, total, stage->totals)
        if (total->kind == kind && total->name == name) {
            stage->last_total = (size_t)(total - stage->totals.at);
            return total;
        }
    if (!make)
        return NULL;
    struct gcm_total *total = gcm_push(stage->arena, &stage->totals);
    *total = (struct gcm_total){.kind = kind, .name = name};
    stage->last_total = stage->totals.count - 1;
    return total;
}

void gcm_stage_add_total(struct gcm_stage *stage, enum gcm_ndf_kind kind, int64_t name, int64_t row,
                         int64_t bytes)
{
    struct gcm_total *total = gcm_stage_total(stage, kind, name, true);
    if (total->rows == 0)
        total->first = row;
    total->last = row;
    total->rows++;
    total->bytes += bytes;
    total->changed = true;
}

gcm_result gcm_stage_write_totals(struct gcm_stage *stage, struct gcm_error *err)
{
    gcm_each (struct gcm_total, total, stage->totals) {
        if (!total->changed)
            continue;
        sqlite3_stmt *statement = gcm_db_take(stage, put_total, err);
        if (!statement)
            return err->code;
        const int64_t values[] = {total->kind,  total->name,  total->rows,
                                  total->bytes, total->first, total->last};
        for (int i = 0; i < 6; i++)
            sqlite3_bind_int64(statement, i + 1, values[i]);
        gcm_result result = gcm_db_run(stage, statement, err);
        if (result != GCM_OK)
            return result;
        total->changed = false;
    }
    return GCM_OK;
}

void gcm_stage_forget(struct gcm_stage *stage)
{
    stage->name_keys = (struct gcm_map){0};
    memset(stage->last_name, 0, sizeof stage->last_name);
    stage->names.count = stage->links.count = stage->totals.count = 0;
    stage->names_read = stage->links_read = stage->totals_read = false;
    stage->last_link = stage->last_total = 0;
    for (int kind = 0; kind < GCM_NDF_KINDS; kind++)
        stage->rows[kind] = -1;
    for (int kind = 0; kind < GCM_NDF_KINDS; kind++)
        if (stage->ascents[kind].state == GCM_ASCENT_SURE)
            stage->ascents[kind].state = GCM_ASCENT_UNKNOWN;
    gcm_stage_forget_presence(stage);
}

int64_t gcm_stage_last_row(struct gcm_stage *stage, enum gcm_ndf_kind kind)
{
    struct gcm_error ignored;
    if (stage->rows[kind] < 0)
        stage->rows[kind] = gcm_db_number(stage, gcm_db_take(stage, last_rows[kind], &ignored), 0);
    return stage->rows[kind];
}

uint64_t gcm_stage_count_of(struct gcm_stage *stage, int64_t type)
{
    const struct gcm_total *total = gcm_stage_total(stage, GCM_NDF_NODES, type, false);
    return total ? (uint64_t)total->rows : 0;
}

uint64_t gcm_stage_count(struct gcm_stage *stage, enum gcm_ndf_kind kind)
{
    int64_t rows = 0;
    read_totals(stage);
    gcm_each (struct gcm_total, total, stage->totals)
        rows += total->kind == kind ? total->rows : 0;
    return rows > 0 ? (uint64_t)rows : 0;
}

uint64_t gcm_stage_bytes(struct gcm_stage *stage, enum gcm_ndf_kind kind)
{
    int64_t bytes = 0;
    read_totals(stage);
    gcm_each (struct gcm_total, total, stage->totals)
        bytes += total->kind == kind ? total->bytes : 0;
    return bytes > 0 ? (uint64_t)bytes : 0;
}
