#include "stage/outbox.h"

#include "stage/database.h"

static const char reached[] = "SELECT max(last) FROM chunk WHERE kind = ?1 AND relation = ?2";
static const char add_chunk[] =
    "INSERT INTO chunk(kind, relation, first, last, skip, take, elements, bytes, state, tries) "
    "VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)";
static const char set_chunk[] =
    "UPDATE chunk SET state = ?2, tries = tries + (?2 = 1) WHERE key = ?1";
static const char drop_chunk[] = "DELETE FROM chunk WHERE key = ?1";
static const char next_chunk[] =
    "SELECT key, first, last, skip, take, elements, bytes, tries FROM chunk "
    "WHERE state = ?1 AND kind = ?2 AND relation = ?3 ORDER BY first, skip LIMIT 1";
static const char recover[] = "UPDATE chunk SET state = 2 WHERE state = 1";
static const char count_chunks[] = "SELECT count(*), coalesce(sum(iif(take = 0, elements, 0)), 0), "
                                   "coalesce(sum(bytes), 0) FROM chunk "
                                   "WHERE state = ?1 AND kind = ?2";
static const char any_chunk[] = "SELECT EXISTS (SELECT 1 FROM chunk WHERE tries > 0)";

int64_t gcm_outbox_reached(struct gcm_stage *stage, enum gcm_ndf_kind kind, struct gcm_slice group)
{
    struct gcm_error ignored;
    sqlite3_stmt *statement = gcm_db_take(stage, reached, &ignored);
    if (!statement)
        return 0;
    sqlite3_bind_int64(statement, 1, kind);
    gcm_db_bind_text(statement, 2, group);
    return gcm_db_number(stage, statement, 0);
}

static gcm_result add(struct gcm_stage *stage, const struct gcm_chunk *chunk, struct gcm_error *err)
{
    sqlite3_stmt *statement = gcm_db_take(stage, add_chunk, err);
    if (!statement)
        return err->code;
    const int64_t numbers[] = {chunk->first,
                               chunk->last,
                               (int64_t)chunk->skip,
                               (int64_t)chunk->take,
                               (int64_t)chunk->elements,
                               (int64_t)chunk->bytes,
                               chunk->state,
                               chunk->tries};
    sqlite3_bind_int64(statement, 1, chunk->kind);
    gcm_db_bind_text(statement, 2, chunk->group);
    for (int i = 0; i < 8; i++)
        sqlite3_bind_int64(statement, i + 3, numbers[i]);
    return gcm_db_run(stage, statement, err);
}

gcm_result gcm_outbox_add(struct gcm_stage *stage, struct gcm_chunk *chunk, struct gcm_error *err)
{
    chunk->tries = chunk->state == GCM_CHUNK_SENT;
    gcm_result result = add(stage, chunk, err);
    chunk->key = sqlite3_last_insert_rowid(stage->db);
    return result;
}

gcm_result gcm_outbox_set(struct gcm_stage *stage, int64_t key, enum gcm_chunk_state state,
                          struct gcm_error *err)
{
    sqlite3_stmt *statement = gcm_db_take(stage, set_chunk, err);
    if (!statement)
        return err->code;
    sqlite3_bind_int64(statement, 1, key);
    sqlite3_bind_int64(statement, 2, state);
    return gcm_db_run(stage, statement, err);
}

gcm_result gcm_outbox_replace(struct gcm_stage *stage, const struct gcm_chunk *chunk,
                              const struct gcm_chunk *pieces, size_t count, struct gcm_error *err)
{
    sqlite3_stmt *statement = gcm_db_take(stage, drop_chunk, err);
    if (!statement)
        return err->code;
    sqlite3_bind_int64(statement, 1, chunk->key);
    gcm_result result = gcm_db_run(stage, statement, err);
    for (size_t i = 0; result == GCM_OK && i < count; i++) {
        struct gcm_chunk piece = pieces[i];
        piece.kind = chunk->kind;
        piece.group = chunk->group;
        piece.tries = chunk->tries;
        result = add(stage, &piece, err);
    }
    return result;
}

gcm_result gcm_outbox_next(struct gcm_stage *stage, enum gcm_ndf_kind kind, struct gcm_slice group,
                           enum gcm_chunk_state state, struct gcm_chunk *chunk,
                           struct gcm_error *err)
{
    sqlite3_stmt *statement = gcm_db_take(stage, next_chunk, err);
    if (!statement)
        return err->code;
    sqlite3_bind_int64(statement, 1, state);
    sqlite3_bind_int64(statement, 2, kind);
    gcm_db_bind_text(statement, 3, group);
    gcm_result result = gcm_db_step(stage, statement, err);
    if (result == GCM_OK)
        *chunk = (struct gcm_chunk){.key = sqlite3_column_int64(statement, 0),
                                    .kind = kind,
                                    .group = group,
                                    .first = sqlite3_column_int64(statement, 1),
                                    .last = sqlite3_column_int64(statement, 2),
                                    .skip = (uint64_t)sqlite3_column_int64(statement, 3),
                                    .take = (uint64_t)sqlite3_column_int64(statement, 4),
                                    .elements = (uint64_t)sqlite3_column_int64(statement, 5),
                                    .bytes = (uint64_t)sqlite3_column_int64(statement, 6),
                                    .state = state,
                                    .tries = (unsigned)sqlite3_column_int64(statement, 7)};
    gcm_db_give(stage, statement);
    return result;
}

gcm_result gcm_outbox_recover(struct gcm_stage *stage, struct gcm_error *err)
{
    sqlite3_stmt *statement = gcm_db_take(stage, recover, err);
    return statement ? gcm_db_run(stage, statement, err) : err->code;
}

struct gcm_outbox_count gcm_outbox_count(struct gcm_stage *stage, enum gcm_ndf_kind kind,
                                         enum gcm_chunk_state state)
{
    struct gcm_error ignored;
    struct gcm_outbox_count count = {0};
    sqlite3_stmt *statement = gcm_db_take(stage, count_chunks, &ignored);
    if (!statement)
        return count;
    sqlite3_bind_int64(statement, 1, state);
    sqlite3_bind_int64(statement, 2, kind);
    if (gcm_db_step(stage, statement, &ignored) == GCM_OK)
        count = (struct gcm_outbox_count){(uint64_t)sqlite3_column_int64(statement, 0),
                                          (uint64_t)sqlite3_column_int64(statement, 1),
                                          (uint64_t)sqlite3_column_int64(statement, 2)};
    gcm_db_give(stage, statement);
    return count;
}

bool gcm_outbox_empty(struct gcm_stage *stage)
{
    struct gcm_error ignored;
    return gcm_db_number(stage, gcm_db_take(stage, any_chunk, &ignored), 1) == 0;
}
