#include "stage/database.h"

gcm_result gcm_db_fail(struct gcm_stage *stage, struct gcm_error *err)
{
    int code = stage->db ? sqlite3_errcode(stage->db) : SQLITE_NOMEM;
    const char *says = stage->db ? sqlite3_errmsg(stage->db) : "out of memory";
    struct gcm_place nowhere = {0};
    switch (code & 0xff) {
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
        stage->damaged = true;
        gcm_fail(stage->arena, err, GCM_ENVIRONMENT, nowhere, "%.*s is damaged: %s",
                 GCM_P(stage->path), says);
        err->hint = GCM_S("Delete it and export again; what was sent already must then be removed "
                          "from the target, too.");
        break;
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        gcm_fail(stage->arena, err, GCM_STATE, nowhere, "%.*s is in use by another process",
                 GCM_P(stage->path));
        break;
    case SQLITE_READONLY:
    case SQLITE_IOERR:
    case SQLITE_FULL:
    case SQLITE_CANTOPEN:
    case SQLITE_PERM:
    case SQLITE_NOMEM:
    case SQLITE_TOOBIG:
    case SQLITE_NOLFS:
        gcm_fail(stage->arena, err, GCM_ENVIRONMENT, nowhere, "%.*s: %s", GCM_P(stage->path), says);
        break;
    default:
        gcm_fail(stage->arena, err, GCM_BUG, nowhere, "%.*s: %s", GCM_P(stage->path), says);
    }
    return err->code;
}

sqlite3_stmt *gcm_db_take(struct gcm_stage *stage, const char *sql, struct gcm_error *err)
{
    gcm_each (struct gcm_statement, kept, stage->statements)
        if (!kept->busy && kept->sql == sql) {
            kept->busy = true;
            return kept->statement;
        }
    sqlite3_stmt *statement = NULL;
    if (sqlite3_prepare_v3(stage->db, sql, -1, SQLITE_PREPARE_PERSISTENT, &statement, NULL) !=
        SQLITE_OK) {
        gcm_db_fail(stage, err);
        return NULL;
    }
    *gcm_push(stage->arena, &stage->statements) = (struct gcm_statement){sql, statement, true};
    return statement;
}

void gcm_db_give(struct gcm_stage *stage, sqlite3_stmt *statement)
{
    if (!statement)
        return;
    sqlite3_reset(statement);
    sqlite3_clear_bindings(statement);
    gcm_each (struct gcm_statement, kept, stage->statements)
        if (kept->statement == statement)
            kept->busy = false;
}

gcm_result gcm_db_step(struct gcm_stage *stage, sqlite3_stmt *statement, struct gcm_error *err)
{
    switch (sqlite3_step(statement)) {
    case SQLITE_ROW:
        return GCM_OK;
    case SQLITE_DONE:
        return GCM_END;
    default:
        return gcm_db_fail(stage, err);
    }
}

gcm_result gcm_db_run(struct gcm_stage *stage, sqlite3_stmt *statement, struct gcm_error *err)
{
    gcm_result result = gcm_db_step(stage, statement, err);
    gcm_db_give(stage, statement);
    return result == GCM_END ? GCM_OK : result;
}

gcm_result gcm_db_execute(struct gcm_stage *stage, const char *sql, struct gcm_error *err)
{
    return sqlite3_exec(stage->db, sql, NULL, NULL, NULL) == SQLITE_OK ? GCM_OK
                                                                       : gcm_db_fail(stage, err);
}

int64_t gcm_db_number(struct gcm_stage *stage, sqlite3_stmt *statement, int64_t otherwise)
{
    if (!statement)
        return otherwise;
    if (sqlite3_step(statement) == SQLITE_ROW &&
        sqlite3_column_type(statement, 0) == SQLITE_INTEGER)
        otherwise = sqlite3_column_int64(statement, 0);
    gcm_db_give(stage, statement);
    return otherwise;
}

void gcm_db_bind_text(sqlite3_stmt *statement, int place, struct gcm_slice text)
{
    sqlite3_bind_text64(statement, place, text.at ? text.at : "", text.size, SQLITE_STATIC,
                        SQLITE_UTF8);
}

void gcm_db_bind_bytes(sqlite3_stmt *statement, int place, struct gcm_slice bytes)
{
    sqlite3_bind_blob64(statement, place, bytes.at ? bytes.at : "", bytes.size, SQLITE_STATIC);
}

struct gcm_slice gcm_db_text(sqlite3_stmt *statement, int column)
{
    const unsigned char *text = sqlite3_column_text(statement, column);
    int size = sqlite3_column_bytes(statement, column);
    return text ? (struct gcm_slice){(const char *)text, (size_t)size} : (struct gcm_slice){0};
}

struct gcm_slice gcm_db_bytes(sqlite3_stmt *statement, int column)
{
    const void *bytes = sqlite3_column_blob(statement, column);
    int size = sqlite3_column_bytes(statement, column);
    return bytes ? (struct gcm_slice){bytes, (size_t)size} : (struct gcm_slice){0};
}
