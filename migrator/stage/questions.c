#include "stage/questions.h"

#include "stage/database.h"

#include <openssl/evp.h>

static const char pair_row[] = "SELECT row FROM pair WHERE link = ?1 AND b = ?2 AND a = ?3 "
                               "ORDER BY row LIMIT 1";
static const char repeated[] =
    "SELECT type, id FROM node WHERE (type, id) > (?1, ?2) GROUP BY type, id "
    "HAVING count(*) > 1 ORDER BY type, id LIMIT 1";
static const char start_uniques[] =
    "DROP TABLE IF EXISTS temp.unique_key;"
    "CREATE TEMP TABLE unique_key(field INTEGER NOT NULL, key BLOB NOT NULL, row INTEGER NOT NULL)";
static const char put_unique[] = "INSERT INTO temp.unique_key(field, key, row) VALUES(?1, ?2, ?3)";
static const char same_uniques[] =
    "SELECT u.field, n.id, o.id FROM (SELECT field, row, first_value(row) OVER (PARTITION BY "
    "field, key ORDER BY row) AS first FROM temp.unique_key) AS u, main.node AS n, main.node AS o "
    "WHERE u.first <> u.row AND n.row = u.row AND o.row = u.first ORDER BY u.field, u.row";
static const char uniques_of[] = "SELECT n.id FROM temp.unique_key AS u, main.node AS n "
                                 "WHERE u.field = ?1 AND n.row = u.row ORDER BY u.row";
static const char end_uniques[] = "DROP TABLE IF EXISTS temp.unique_key";

enum { WHOLE_KEY = 48 };

int64_t gcm_stage_pair_row(struct gcm_stage *stage, int64_t link, struct gcm_slice b,
                           struct gcm_slice a)
{
    struct gcm_error ignored;
    sqlite3_stmt *statement = gcm_db_take(stage, pair_row, &ignored);
    if (!statement)
        return 0;
    sqlite3_bind_int64(statement, 1, link);
    gcm_db_bind_text(statement, 2, b);
    gcm_db_bind_text(statement, 3, a);
    return gcm_db_number(stage, statement, 0);
}

gcm_result gcm_stage_repeated(struct gcm_stage *stage, struct gcm_arena *arena, int64_t *type,
                              struct gcm_slice *id, struct gcm_error *err)
{
    sqlite3_stmt *statement = gcm_db_take(stage, repeated, err);
    if (!statement)
        return err->code;
    sqlite3_bind_int64(statement, 1, *type);
    gcm_db_bind_text(statement, 2, *id);
    gcm_result result = gcm_db_step(stage, statement, err);
    if (result == GCM_OK) {
        *type = sqlite3_column_int64(statement, 0);
        *id = gcm_copy(arena, gcm_db_text(statement, 1));
    }
    gcm_db_give(stage, statement);
    return result;
}

gcm_result gcm_uniques_start(struct gcm_stage *stage, struct gcm_error *err)
{
    return gcm_db_execute(stage, start_uniques, err);
}

/* Of a long key a digest is kept. */
gcm_result gcm_uniques_put(struct gcm_stage *stage, int64_t field, struct gcm_slice key,
                           int64_t row, struct gcm_error *err)
{
    unsigned char digest[EVP_MAX_MD_SIZE];
    unsigned size = 0;
    sqlite3_stmt *statement = gcm_db_take(stage, put_unique, err);
    if (!statement)
        return err->code;
    if (key.size > WHOLE_KEY) {
        EVP_Digest(key.at, key.size, digest, &size, EVP_sha256(), NULL);
        key = (struct gcm_slice){(const char *)digest, size};
    }
    sqlite3_bind_int64(statement, 1, field);
    gcm_db_bind_bytes(statement, 2, key);
    sqlite3_bind_int64(statement, 3, row);
    return gcm_db_run(stage, statement, err);
}

gcm_result gcm_uniques_each(struct gcm_stage *stage,
                            gcm_result (*each)(void *context, int64_t field, struct gcm_slice id,
                                               struct gcm_slice first_id, struct gcm_error *err),
                            void *context, struct gcm_error *err)
{
    sqlite3_stmt *statement = gcm_db_take(stage, same_uniques, err);
    if (!statement)
        return err->code;
    gcm_result result;
    while ((result = gcm_db_step(stage, statement, err)) == GCM_OK) {
        result = each(context, sqlite3_column_int64(statement, 0), gcm_db_text(statement, 1),
                      gcm_db_text(statement, 2), err);
        if (result != GCM_OK)
            break;
    }
    gcm_db_give(stage, statement);
    return result == GCM_END ? GCM_OK : result;
}

gcm_result gcm_uniques_of(struct gcm_stage *stage, int64_t field,
                          gcm_result (*each)(void *context, struct gcm_slice id,
                                             struct gcm_error *err),
                          void *context, struct gcm_error *err)
{
    sqlite3_stmt *statement = gcm_db_take(stage, uniques_of, err);
    if (!statement)
        return err->code;
    sqlite3_bind_int64(statement, 1, field);
    gcm_result result;
    while ((result = gcm_db_step(stage, statement, err)) == GCM_OK) {
        result = each(context, gcm_db_text(statement, 0), err);
        if (result != GCM_OK)
            break;
    }
    gcm_db_give(stage, statement);
    return result == GCM_END ? GCM_OK : result;
}

void gcm_uniques_end(struct gcm_stage *stage)
{
    sqlite3_exec(stage->db, end_uniques, NULL, NULL, NULL);
}
