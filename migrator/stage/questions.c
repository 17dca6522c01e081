#include "stage/questions.h"

#include "stage/database.h"

#include <openssl/evp.h>

static const char pair_row[] = "SELECT row FROM pair WHERE link = ?1 AND b = ?2 AND a = ?3 "
                               "ORDER BY row LIMIT 1";
static const char several_of_a[] =
    "SELECT EXISTS (SELECT 1 FROM pair WHERE link = ?1 GROUP BY a HAVING count(*) > 1)";
static const char several_of_b[] =
    "SELECT EXISTS (SELECT 1 FROM pair WHERE link = ?1 GROUP BY b HAVING count(*) > 1)";
static const char repeated[] =
    "SELECT type, id FROM node WHERE (type, id) > (?1, ?2) GROUP BY type, id "
    "HAVING count(*) > 1 ORDER BY type, id LIMIT 1";
static const char start_uniques[] =
    "DROP TABLE IF EXISTS temp.unique_key;"
    "CREATE TEMP TABLE unique_key(field INTEGER NOT NULL, key BLOB NOT NULL, row INTEGER NOT NULL)";
static const char put_unique[] = "INSERT INTO temp.unique_key(field, key, row) VALUES(?1, ?2, ?3)";
/* Only what several rows share is looked at one by one. */
static const char start_clashes[] =
    "DROP TABLE IF EXISTS temp.clash; DROP TABLE IF EXISTS temp.held;"
    "CREATE TEMP TABLE clash AS SELECT row, field, key FROM (SELECT row, field, key, count(*) OVER "
    "(PARTITION BY field, key) AS times FROM (SELECT DISTINCT row, field, key FROM "
    "temp.unique_key)) WHERE times > 1 ORDER BY row, field;"
    "CREATE TEMP TABLE held(field INTEGER, key BLOB, row INTEGER, PRIMARY KEY(field, key)) WITHOUT "
    "ROWID";
static const char clashes[] =
    "SELECT c.row, c.field, c.key, n.id FROM temp.clash AS c, main.node AS n WHERE n.row = c.row "
    "ORDER BY c.rowid";
static const char get_held[] = "SELECT n.id FROM temp.held AS h, main.node AS n WHERE h.field = ?1 "
                               "AND h.key = ?2 AND n.row = h.row";
static const char put_held[] =
    "INSERT OR IGNORE INTO temp.held(field, key, row) VALUES(?1, ?2, ?3)";
static const char ids_of[] = "SELECT id FROM node WHERE type = ?1";
static const char end_uniques[] =
    "DROP TABLE IF EXISTS temp.unique_key; DROP TABLE IF EXISTS temp.clash; DROP TABLE IF EXISTS "
    "temp.held";

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

bool gcm_stage_pairs_are_single(struct gcm_stage *stage, int64_t link, char side)
{
    struct gcm_error ignored;
    sqlite3_stmt *statement =
        gcm_db_take(stage, side == 'A' ? several_of_a : several_of_b, &ignored);
    if (!statement)
        return false;
    sqlite3_bind_int64(statement, 1, link);
    return gcm_db_number(stage, statement, 1) == 0;
}

gcm_result gcm_stage_repeated(struct gcm_stage *stage, struct gcm_arena *arena, int64_t *type,
                              struct gcm_slice *id, struct gcm_error *err)
{
    if (gcm_slice_is(gcm_stage_note(stage, "repeated"), "none"))
        return GCM_END; /* gcm_stage_seal has looked */
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

static bool is_odd(struct gcm_slice id)
{
    for (size_t i = 0; i < id.size; i++)
        if (!gcm_is_lower(id.at[i]) && !gcm_is_digit(id.at[i]))
            return true;
    return false;
}

bool gcm_stage_has_odd_ids(struct gcm_stage *stage, int64_t type)
{
    struct gcm_error ignored;
    sqlite3_stmt *statement = gcm_db_take(stage, ids_of, &ignored);
    bool odd = false;
    if (statement)
        sqlite3_bind_int64(statement, 1, type);
    while (statement && !odd && gcm_db_step(stage, statement, &ignored) == GCM_OK)
        odd = is_odd(gcm_db_text(statement, 0));
    gcm_db_give(stage, statement);
    return odd;
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

/* The keys of one row that others have, too. */
struct clash {
    int64_t field;
    struct gcm_slice key;
};

struct clashing {
    struct gcm_stage *stage;
    struct gcm_arena arena; /* of a row */
    GCM_VEC(struct clash) keys;
    int64_t row;
    struct gcm_slice id;
    gcm_result (*each)(void *context, int64_t field, struct gcm_slice id, struct gcm_slice first_id,
                       struct gcm_error *err);
    void *context;
};

/* Calls back where an earlier row holds the key. */
static gcm_result ask_holder(struct clashing *clashing, const struct clash *clash, bool *taken,
                             struct gcm_error *err)
{
    sqlite3_stmt *statement = gcm_db_take(clashing->stage, get_held, err);
    if (!statement)
        return err->code;
    sqlite3_bind_int64(statement, 1, clash->field);
    gcm_db_bind_bytes(statement, 2, clash->key);
    gcm_result result = gcm_db_step(clashing->stage, statement, err);
    struct gcm_slice holder = gcm_copy(&clashing->arena, gcm_db_text(statement, 0));
    gcm_db_give(clashing->stage, statement);
    if (result != GCM_OK)
        return result == GCM_END ? GCM_OK : result;
    *taken = true;
    return clashing->each(clashing->context, clash->field, clashing->id, holder, err);
}

static gcm_result hold(struct clashing *clashing, const struct clash *clash, struct gcm_error *err)
{
    sqlite3_stmt *statement = gcm_db_take(clashing->stage, put_held, err);
    if (!statement)
        return err->code;
    sqlite3_bind_int64(statement, 1, clash->field);
    gcm_db_bind_bytes(statement, 2, clash->key);
    sqlite3_bind_int64(statement, 3, clashing->row);
    return gcm_db_run(clashing->stage, statement, err);
}

/* A row that is refused holds none of its keys. */
static gcm_result settle_row(struct clashing *clashing, struct gcm_error *err)
{
    gcm_result result = GCM_OK;
    bool taken = false;
    gcm_each (const struct clash, clash, clashing->keys)
        if (result == GCM_OK)
            result = ask_holder(clashing, clash, &taken, err);
    gcm_each (const struct clash, clash, clashing->keys)
        if (result == GCM_OK && !taken)
            result = hold(clashing, clash, err);
    gcm_arena_free(&clashing->arena);
    clashing->keys.at = NULL;
    clashing->keys.count = clashing->keys.room = 0;
    return result;
}

static gcm_result walk_clashes(struct clashing *clashing, sqlite3_stmt *statement,
                               struct gcm_error *err)
{
    gcm_result result;
    while ((result = gcm_db_step(clashing->stage, statement, err)) == GCM_OK) {
        int64_t row = sqlite3_column_int64(statement, 0);
        if (row != clashing->row) {
            result = settle_row(clashing, err);
            if (result != GCM_OK)
                return result;
            clashing->row = row;
            clashing->id = gcm_copy(&clashing->arena, gcm_db_text(statement, 3));
        }
        *gcm_push(&clashing->arena, &clashing->keys) =
            (struct clash){sqlite3_column_int64(statement, 1),
                           gcm_copy(&clashing->arena, gcm_db_bytes(statement, 2))};
    }
    return result == GCM_END ? settle_row(clashing, err) : result;
}

gcm_result gcm_uniques_each(struct gcm_stage *stage,
                            gcm_result (*each)(void *context, int64_t field, struct gcm_slice id,
                                               struct gcm_slice first_id, struct gcm_error *err),
                            void *context, struct gcm_error *err)
{
    struct clashing clashing = {.stage = stage, .each = each, .context = context};
    gcm_result result = gcm_db_execute(stage, start_clashes, err);
    sqlite3_stmt *statement = result == GCM_OK ? gcm_db_take(stage, clashes, err) : NULL;
    if (!statement)
        return err->code;
    result = walk_clashes(&clashing, statement, err);
    gcm_arena_free(&clashing.arena);
    gcm_db_give(stage, statement);
    return result;
}

void gcm_uniques_end(struct gcm_stage *stage)
{
    sqlite3_exec(stage->db, end_uniques, NULL, NULL, NULL);
}
