/* records: putting what the source gave. */
#include "stage/database.h"

#include <string.h>

static const char put_node[] = "INSERT INTO node(row, type, id, body) VALUES(?1, ?2, ?3, ?4)";
static const char put_list[] =
    "INSERT INTO list(row, type, field, id, body) VALUES(?1, ?2, ?3, ?4, ?5)";
static const char put_pair[] = "INSERT INTO pair(row, link, b, a) VALUES(?1, ?2, ?3, ?4)";
static const char put_page[] =
    "INSERT INTO page(kind, name, elements, bytes) VALUES(?1, ?2, ?3, ?4)";
static const char *const clear_rows[GCM_NDF_KINDS] = {
    "DROP INDEX IF EXISTS node_of; DELETE FROM node",
    "DROP INDEX IF EXISTS list_of; DELETE FROM list",
    "DROP INDEX IF EXISTS pair_b; DROP INDEX IF EXISTS pair_a; DELETE FROM pair; DELETE FROM link"};
static const char clear_pages[] = "DELETE FROM page WHERE kind = ?1";
static const char clear_totals[] = "DELETE FROM total WHERE kind = ?1";

static gcm_result name_of(struct gcm_stage *stage, struct gcm_slice text, int64_t *key,
                          struct gcm_error *err)
{
    *key = gcm_stage_name(stage, text, true);
    return *key ? GCM_OK : gcm_db_fail(stage, err);
}

/* A type or link that begins must be one that has no rows yet. */
static void look_at_order(struct gcm_stage *stage, enum gcm_ndf_kind kind, int64_t name,
                          struct gcm_slice id)
{
    struct gcm_ascent *ascent = &stage->ascents[kind];
    struct gcm_slice last = {ascent->id, ascent->size};
    if (ascent->state == GCM_ASCENT_NEW)
        ascent->state = gcm_stage_last_row(stage, kind) ? GCM_ASCENT_UNKNOWN : GCM_ASCENT_SURE;
    if (ascent->state == GCM_ASCENT_UNKNOWN)
        return;
    bool rises = name == ascent->name ? gcm_slice_compare(last, id) < 0
                                      : !gcm_stage_total(stage, kind, name, false);
    if (!rises || id.size > GCM_ASCENT_ID) {
        ascent->state = GCM_ASCENT_UNKNOWN;
        return;
    }
    ascent->name = name;
    ascent->size = id.size;
    memcpy(ascent->id, id.at ? id.at : "", id.size);
}

/* Runs an INSERT of a record, and counts it. */
static gcm_result count(struct gcm_stage *stage, sqlite3_stmt *statement, enum gcm_ndf_kind kind,
                        int64_t name, struct gcm_slice id, size_t bytes, struct gcm_error *err)
{
    int64_t row = gcm_stage_last_row(stage, kind) + 1;
    look_at_order(stage, kind, name, id);
    sqlite3_bind_int64(statement, 1, row);
    gcm_result result = gcm_db_run(stage, statement, err);
    if (result != GCM_OK)
        return result;
    stage->rows[kind] = row;
    gcm_stage_add_total(stage, kind, name, row, (int64_t)bytes);
    return GCM_OK;
}

gcm_result gcm_stage_put_node(struct gcm_stage *stage, struct gcm_slice type, struct gcm_slice id,
                              struct gcm_slice body, struct gcm_error *err)
{
    int64_t name;
    gcm_stage_forget_presence(stage);
    gcm_result result = name_of(stage, type, &name, err);
    sqlite3_stmt *statement = result == GCM_OK ? gcm_db_take(stage, put_node, err) : NULL;
    if (!statement)
        return err->code;
    sqlite3_bind_int64(statement, 2, name);
    gcm_db_bind_text(statement, 3, id);
    gcm_db_bind_bytes(statement, 4, body);
    return count(stage, statement, GCM_NDF_NODES, name, id, body.size, err);
}

gcm_result gcm_stage_put_list(struct gcm_stage *stage, struct gcm_slice type, struct gcm_slice id,
                              struct gcm_slice field, struct gcm_slice body, struct gcm_error *err)
{
    int64_t name, field_name = 0;
    gcm_result result = name_of(stage, type, &name, err);
    if (result == GCM_OK)
        result = name_of(stage, field, &field_name, err);
    sqlite3_stmt *statement = result == GCM_OK ? gcm_db_take(stage, put_list, err) : NULL;
    if (!statement)
        return err->code;
    sqlite3_bind_int64(statement, 2, name);
    sqlite3_bind_int64(statement, 3, field_name);
    gcm_db_bind_text(statement, 4, id);
    gcm_db_bind_bytes(statement, 5, body);
    return count(stage, statement, GCM_NDF_LISTS, name, id, body.size, err);
}

gcm_result gcm_stage_put_pair(struct gcm_stage *stage, const struct gcm_ndf_end *b,
                              const struct gcm_ndf_end *a, struct gcm_error *err)
{
    int64_t link = 0;
    gcm_result result = gcm_stage_link(stage, b, a, &link, err);
    sqlite3_stmt *statement = result == GCM_OK ? gcm_db_take(stage, put_pair, err) : NULL;
    if (!statement)
        return err->code;
    sqlite3_bind_int64(statement, 2, link);
    gcm_db_bind_text(statement, 3, b->id);
    gcm_db_bind_text(statement, 4, a->id);
    return count(stage, statement, GCM_NDF_RELATIONS, link, a->id, b->id.size + a->id.size, err);
}

gcm_result gcm_stage_put_page(struct gcm_stage *stage, enum gcm_ndf_kind kind,
                              struct gcm_slice name, uint64_t elements, uint64_t bytes,
                              struct gcm_error *err)
{
    sqlite3_stmt *statement = gcm_db_take(stage, put_page, err);
    if (!statement)
        return err->code;
    sqlite3_bind_int64(statement, 1, kind);
    gcm_db_bind_text(statement, 2, name);
    sqlite3_bind_int64(statement, 3, (int64_t)elements);
    sqlite3_bind_int64(statement, 4, (int64_t)bytes);
    return gcm_db_run(stage, statement, err);
}

static gcm_result run_for(struct gcm_stage *stage, const char *sql, enum gcm_ndf_kind kind,
                          struct gcm_error *err)
{
    sqlite3_stmt *statement = gcm_db_take(stage, sql, err);
    if (!statement)
        return err->code;
    sqlite3_bind_int64(statement, 1, kind);
    return gcm_db_run(stage, statement, err);
}

gcm_result gcm_stage_clear(struct gcm_stage *stage, enum gcm_ndf_kind kind, struct gcm_error *err)
{
    gcm_rows_close(stage->node_rows); /* an index that is read cannot be dropped */
    stage->node_rows = NULL;
    gcm_result result = gcm_stage_write_totals(stage, err);
    if (result == GCM_OK)
        result = gcm_db_execute(stage, clear_rows[kind], err);
    if (result == GCM_OK)
        result = run_for(stage, clear_pages, kind, err);
    if (result == GCM_OK)
        result = run_for(stage, clear_totals, kind, err);
    if (result == GCM_OK)
        result =
            gcm_stage_set_step(stage, GCM_STEP_CHECK, GCM_STEP_NOT_YET, GCM_S(""), GCM_S(""), err);
    gcm_stage_forget(stage);
    stage->ascents[kind].state = GCM_ASCENT_NEW;
    return result;
}
