/* steps: how far each step came, what the stage belongs to, and small notes. */
#include "stage/database.h"

#include <string.h>
#include <time.h>

static const char get_note[] = "SELECT text FROM note WHERE name = ?1";
static const char put_note[] = "INSERT OR REPLACE INTO note(name, text) VALUES(?1, ?2)";
static const char get_guard[] = "SELECT text FROM guard WHERE name = ?1";
static const char put_guard[] = "INSERT OR REPLACE INTO guard(name, text) VALUES(?1, ?2)";
static const char any_sent[] = "SELECT EXISTS (SELECT 1 FROM chunk WHERE tries > 0)";
static const char any_staged[] =
    "SELECT EXISTS (SELECT 1 FROM page) OR EXISTS (SELECT 1 FROM node) OR EXISTS (SELECT 1 FROM "
    "list) OR EXISTS (SELECT 1 FROM pair) OR EXISTS (SELECT 1 FROM step WHERE step <= 2 AND "
    "state = 2)";
static const char *const forget_source[] = {"DELETE FROM note WHERE name LIKE 'export.%'",
                                            "DELETE FROM step WHERE step <= 3",
                                            "DELETE FROM finding"};
static const char get_step[] =
    "SELECT state, started, ended, cursor, outcome FROM step WHERE step = ?1";
static const char put_step[] =
    "INSERT INTO step(step, state, started, ended, cursor, outcome) VALUES(?1, ?2, ?5, "
    "iif(?2 = 2, ?5, ''), ?3, ?4) ON CONFLICT(step) DO UPDATE SET state = ?2, "
    "started = iif(?2 = 1 AND state <> 1, ?5, started), ended = iif(?2 = 2, ?5, ''), "
    "cursor = ?3, outcome = ?4";
static const char drop_step[] = "DELETE FROM step WHERE step = ?1";

static struct gcm_slice get_text(struct gcm_stage *stage, const char *sql, const char *name)
{
    struct gcm_error ignored;
    struct gcm_slice text = {0};
    sqlite3_stmt *statement = gcm_db_take(stage, sql, &ignored);
    if (!statement)
        return text;
    gcm_db_bind_text(statement, 1, gcm_slice_of(name));
    if (gcm_db_step(stage, statement, &ignored) == GCM_OK)
        text = gcm_copy(stage->arena, gcm_db_text(statement, 0));
    gcm_db_give(stage, statement);
    return text;
}

static gcm_result put_text(struct gcm_stage *stage, const char *sql, const char *name,
                           struct gcm_slice text, struct gcm_error *err)
{
    sqlite3_stmt *statement = gcm_db_take(stage, sql, err);
    if (!statement)
        return err->code;
    gcm_db_bind_text(statement, 1, gcm_slice_of(name));
    gcm_db_bind_text(statement, 2, text);
    return gcm_db_run(stage, statement, err);
}

gcm_result gcm_stage_put_note(struct gcm_stage *stage, const char *name, struct gcm_slice text,
                              struct gcm_error *err)
{
    return put_text(stage, put_note, name, text, err);
}

struct gcm_slice gcm_stage_note(struct gcm_stage *stage, const char *name)
{
    return get_text(stage, get_note, name);
}

struct guarded {
    const char *name, *what, *hint;
    struct gcm_slice text;
    bool may_change;
    bool is_hash; /* says nothing to people */
};

static gcm_result refuse(struct gcm_stage *stage, const struct guarded *one,
                         struct gcm_slice before, struct gcm_error *err)
{
    if (one->is_hash)
        gcm_fail(stage->arena, err, GCM_STATE, (struct gcm_place){0}, "%.*s belongs to another %s",
                 GCM_P(stage->path), one->what);
    else
        gcm_fail(stage->arena, err, GCM_STATE, (struct gcm_place){0},
                 "%.*s belongs to another %s: it was %.*s, now it is %.*s", GCM_P(stage->path),
                 one->what, GCM_P(before), GCM_P(one->text));
    err->hint = gcm_slice_of(one->hint);
    return GCM_STATE;
}

/* What was noted about a source of which nothing was staged. */
static gcm_result forget(struct gcm_stage *stage, struct gcm_error *err)
{
    for (size_t i = 0; i < sizeof forget_source / sizeof *forget_source; i++) {
        sqlite3_stmt *statement = gcm_db_take(stage, forget_source[i], err);
        gcm_result result = statement ? gcm_db_run(stage, statement, err) : err->code;
        if (result != GCM_OK)
            return result;
    }
    return GCM_OK;
}

static gcm_result guard_one(struct gcm_stage *stage, const struct guarded *one,
                            struct gcm_error *err)
{
    struct gcm_slice before = get_text(stage, get_guard, one->name);
    if (one->text.size == 0 || gcm_slice_equal(before, one->text))
        return GCM_OK;
    if (before.size > 0 && !one->may_change)
        return refuse(stage, one, before, err);
    if (stage->use == GCM_STAGE_WATCH)
        return GCM_OK;
    gcm_result result = put_text(stage, put_guard, one->name, one->text, err);
    if (result != GCM_OK || before.size == 0 || !strcmp(one->name, "target"))
        return result;
    if (!strcmp(one->name, "plan")) /* `check` looked at other records */
        return gcm_stage_set_step(stage, GCM_STEP_CHECK, GCM_STEP_NOT_YET, GCM_S(""), GCM_S(""),
                                  err);
    return forget(stage, err);
}

static bool is_true(struct gcm_stage *stage, const char *sql)
{
    struct gcm_error ignored;
    return gcm_db_number(stage, gcm_db_take(stage, sql, &ignored), 1) > 0;
}

gcm_result gcm_stage_guard(struct gcm_stage *stage, const struct gcm_guard *guard,
                           struct gcm_error *err)
{
    bool sent = is_true(stage, any_sent);
    bool staged = sent || is_true(stage, any_staged);
    const struct guarded all[] = {
        {"project", "project: its types are not those of this one",
         "Name the project that was exported, or use another --workspace for this one.",
         guard->project, !staged, true},
        {"source", "source", "Use another --workspace for it.", guard->source, !staged, false},
        {"plan", "plan, and something was sent by that plan already",
         "Give the same --database, --target, --rules and --repair as before, or start again with "
         "another --workspace and an empty target.",
         guard->plan, !sent, true},
        {"target", "target",
         "Use another --workspace for it, or the endpoint to which the data went so far.",
         guard->target, !sent, false},
    };
    gcm_result result = GCM_OK;
    for (size_t i = 0; result == GCM_OK && i < sizeof all / sizeof all[0]; i++)
        result = guard_one(stage, &all[i], err);
    return result;
}

void gcm_stage_belongs(struct gcm_stage *stage, struct gcm_guard *guard)
{
    *guard = (struct gcm_guard){.project = get_text(stage, get_guard, "project"),
                                .source = get_text(stage, get_guard, "source"),
                                .plan = get_text(stage, get_guard, "plan"),
                                .target = get_text(stage, get_guard, "target")};
}

static enum gcm_step_state state_of(int64_t number)
{
    return number == GCM_STEP_STARTED || number == GCM_STEP_DONE ? (enum gcm_step_state)number
                                                                 : GCM_STEP_NOT_YET;
}

gcm_result gcm_stage_step(struct gcm_stage *stage, enum gcm_step step, struct gcm_step_row *row,
                          struct gcm_error *err)
{
    *row = (struct gcm_step_row){.state = GCM_STEP_NOT_YET};
    sqlite3_stmt *statement = gcm_db_take(stage, get_step, err);
    if (!statement)
        return err->code;
    sqlite3_bind_int64(statement, 1, step);
    gcm_result result = gcm_db_step(stage, statement, err);
    if (result == GCM_OK)
        *row = (struct gcm_step_row){.state = state_of(sqlite3_column_int64(statement, 0)),
                                     .started = gcm_copy(stage->arena, gcm_db_text(statement, 1)),
                                     .ended = gcm_copy(stage->arena, gcm_db_text(statement, 2)),
                                     .cursor = gcm_copy(stage->arena, gcm_db_text(statement, 3)),
                                     .outcome = gcm_copy(stage->arena, gcm_db_text(statement, 4))};
    gcm_db_give(stage, statement);
    return result == GCM_END ? GCM_OK : result;
}

gcm_result gcm_stage_set_step(struct gcm_stage *stage, enum gcm_step step,
                              enum gcm_step_state state, struct gcm_slice cursor,
                              struct gcm_slice outcome, struct gcm_error *err)
{
    char now[32];
    time_t seconds = time(NULL);
    struct tm utc;
    size_t size =
        gmtime_r(&seconds, &utc) ? strftime(now, sizeof now, "%Y-%m-%dT%H:%M:%SZ", &utc) : 0;
    sqlite3_stmt *statement =
        gcm_db_take(stage, state == GCM_STEP_NOT_YET ? drop_step : put_step, err);
    if (!statement)
        return err->code;
    sqlite3_bind_int64(statement, 1, step);
    if (state != GCM_STEP_NOT_YET) {
        sqlite3_bind_int64(statement, 2, state);
        gcm_db_bind_text(statement, 3, cursor);
        gcm_db_bind_text(statement, 4, outcome);
        gcm_db_bind_text(statement, 5, (struct gcm_slice){now, size});
    }
    return gcm_db_run(stage, statement, err);
}
