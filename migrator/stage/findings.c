#include "stage/findings.h"

#include "stage/database.h"

static const char add_finding[] = "INSERT INTO finding(step, rule, type, id, field, detail) "
                                  "VALUES(?1, ?2, ?3, ?4, ?5, ?6)";
static const char clear_findings[] = "DELETE FROM finding WHERE step = ?1";
static const char count_findings[] = "SELECT rule, type, field, count(*) FROM finding "
                                     "GROUP BY rule, type, field ORDER BY rule, type, field";
static const char every_finding[] =
    "SELECT rule, type, id, field, detail FROM finding ORDER BY row LIMIT ?1";
static const char findings_of_rule[] =
    "SELECT rule, type, id, field, detail FROM finding WHERE rule = ?2 ORDER BY row LIMIT ?1";
static const char any_finding[] = "SELECT 1 FROM finding WHERE rule = ?1 AND type = ?2 AND "
                                  "field = ?3 AND id = ?4 LIMIT 1";

gcm_result gcm_finding_add(struct gcm_stage *stage, enum gcm_step step,
                           const struct gcm_finding *finding, struct gcm_error *err)
{
    sqlite3_stmt *statement = gcm_db_take(stage, add_finding, err);
    if (!statement)
        return err->code;
    sqlite3_bind_int64(statement, 1, step);
    gcm_db_bind_text(statement, 2, finding->rule);
    gcm_db_bind_text(statement, 3, finding->type);
    gcm_db_bind_text(statement, 4, finding->id);
    gcm_db_bind_text(statement, 5, finding->field);
    gcm_db_bind_text(statement, 6, finding->detail);
    return gcm_db_run(stage, statement, err);
}

/* A table of the connection hides the file's. */
gcm_result gcm_findings_aside(struct gcm_stage *stage, struct gcm_error *err)
{
    return gcm_db_execute(stage,
                          "CREATE TEMP TABLE finding(row INTEGER PRIMARY KEY, step, rule, type, "
                          "id, field, detail)",
                          err);
}

struct move {
    struct gcm_stage *to;
    enum gcm_step step;
};

static gcm_result move_one(void *context, const struct gcm_finding *finding, struct gcm_error *err)
{
    const struct move *move = context;
    return gcm_finding_add(move->to, move->step, finding, err);
}

gcm_result gcm_findings_move(struct gcm_stage *stage, struct gcm_stage *beside, enum gcm_step step,
                             struct gcm_error *err)
{
    struct move move = {stage, step};
    return gcm_findings_each(beside, GCM_S(""), 0, move_one, &move, err);
}

gcm_result gcm_findings_clear(struct gcm_stage *stage, enum gcm_step step, struct gcm_error *err)
{
    sqlite3_stmt *statement = gcm_db_take(stage, clear_findings, err);
    if (!statement)
        return err->code;
    sqlite3_bind_int64(statement, 1, step);
    return gcm_db_run(stage, statement, err);
}

gcm_result gcm_findings_count(struct gcm_stage *stage, struct gcm_arena *arena,
                              struct gcm_finding_counts *counts, struct gcm_error *err)
{
    sqlite3_stmt *statement = gcm_db_take(stage, count_findings, err);
    if (!statement)
        return err->code;
    gcm_result result;
    while ((result = gcm_db_step(stage, statement, err)) == GCM_OK)
        *gcm_push(arena, counts) =
            (struct gcm_finding_count){.rule = gcm_copy(arena, gcm_db_text(statement, 0)),
                                       .type = gcm_copy(arena, gcm_db_text(statement, 1)),
                                       .field = gcm_copy(arena, gcm_db_text(statement, 2)),
                                       .count = (uint64_t)sqlite3_column_int64(statement, 3)};
    gcm_db_give(stage, statement);
    return result == GCM_END ? GCM_OK : result;
}

gcm_result gcm_findings_each(struct gcm_stage *stage, struct gcm_slice rule, uint64_t limit,
                             gcm_result (*each)(void *context, const struct gcm_finding *finding,
                                                struct gcm_error *err),
                             void *context, struct gcm_error *err)
{
    sqlite3_stmt *statement = gcm_db_take(stage, rule.size ? findings_of_rule : every_finding, err);
    if (!statement)
        return err->code;
    sqlite3_bind_int64(statement, 1, limit && limit < INT64_MAX ? (int64_t)limit : -1);
    if (rule.size)
        gcm_db_bind_text(statement, 2, rule);
    gcm_result result;
    while ((result = gcm_db_step(stage, statement, err)) == GCM_OK) {
        const struct gcm_finding finding = {.rule = gcm_db_text(statement, 0),
                                            .type = gcm_db_text(statement, 1),
                                            .id = gcm_db_text(statement, 2),
                                            .field = gcm_db_text(statement, 3),
                                            .detail = gcm_db_text(statement, 4)};
        result = each(context, &finding, err);
        if (result != GCM_OK)
            break;
    }
    gcm_db_give(stage, statement);
    return result == GCM_END ? GCM_OK : result;
}

bool gcm_finding_has(struct gcm_stage *stage, struct gcm_slice rule, struct gcm_slice type,
                     struct gcm_slice id, struct gcm_slice field)
{
    struct gcm_error ignored;
    sqlite3_stmt *statement = gcm_db_take(stage, any_finding, &ignored);
    if (!statement)
        return false;
    gcm_db_bind_text(statement, 1, rule);
    gcm_db_bind_text(statement, 2, type);
    gcm_db_bind_text(statement, 3, field);
    gcm_db_bind_text(statement, 4, id);
    return gcm_db_number(stage, statement, 0) == 1;
}
