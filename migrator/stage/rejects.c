/* rejects: records that the target refused. */
#include "stage/database.h"
#include "stage/outbox.h"

static const char add_reject[] =
    "INSERT OR IGNORE INTO reject(kind, row, type, id, field, other, reason) "
    "VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7)";
static const char has_reject[] = "SELECT 1 FROM reject WHERE kind = ?1 AND row = ?2";
static const char count_rejects[] = "SELECT count(*) FROM reject";
static const char all_rejects[] =
    "SELECT kind, row, type, id, field, other, reason FROM reject ORDER BY kind, row";

gcm_result gcm_reject_add(struct gcm_stage *stage, const struct gcm_reject *reject,
                          struct gcm_error *err)
{
    sqlite3_stmt *statement = gcm_db_take(stage, add_reject, err);
    if (!statement)
        return err->code;
    sqlite3_bind_int64(statement, 1, reject->kind);
    sqlite3_bind_int64(statement, 2, reject->row);
    gcm_db_bind_text(statement, 3, reject->type);
    gcm_db_bind_text(statement, 4, reject->id);
    gcm_db_bind_text(statement, 5, reject->field);
    gcm_db_bind_text(statement, 6, reject->other);
    gcm_db_bind_text(statement, 7, reject->reason);
    return gcm_db_run(stage, statement, err);
}

bool gcm_reject_has(struct gcm_stage *stage, enum gcm_ndf_kind kind, int64_t row)
{
    struct gcm_error ignored;
    sqlite3_stmt *statement = gcm_db_take(stage, has_reject, &ignored);
    if (!statement)
        return false;
    sqlite3_bind_int64(statement, 1, kind);
    sqlite3_bind_int64(statement, 2, row);
    return gcm_db_number(stage, statement, 0) == 1;
}

uint64_t gcm_reject_count(struct gcm_stage *stage)
{
    struct gcm_error ignored;
    int64_t count = gcm_db_number(stage, gcm_db_take(stage, count_rejects, &ignored), 0);
    return count > 0 ? (uint64_t)count : 0;
}

gcm_result gcm_reject_each(struct gcm_stage *stage,
                           gcm_result (*each)(void *context, const struct gcm_reject *reject,
                                              struct gcm_error *err),
                           void *context, struct gcm_error *err)
{
    sqlite3_stmt *statement = gcm_db_take(stage, all_rejects, err);
    if (!statement)
        return err->code;
    gcm_result result;
    while ((result = gcm_db_step(stage, statement, err)) == GCM_OK) {
        int64_t kind = sqlite3_column_int64(statement, 0);
        if (kind < 0 || kind >= GCM_NDF_KINDS)
            continue;
        const struct gcm_reject reject = {.kind = (enum gcm_ndf_kind)kind,
                                          .row = sqlite3_column_int64(statement, 1),
                                          .type = gcm_db_text(statement, 2),
                                          .id = gcm_db_text(statement, 3),
                                          .field = gcm_db_text(statement, 4),
                                          .other = gcm_db_text(statement, 5),
                                          .reason = gcm_db_text(statement, 6)};
        result = each(context, &reject, err);
        if (result != GCM_OK)
            break;
    }
    gcm_db_give(stage, statement);
    return result == GCM_END ? GCM_OK : result;
}
