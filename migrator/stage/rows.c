/* rows: reading what was staged, in order. */
#include "stage/database.h"

static const char nodes_between[] =
    "SELECT row, type, id, body FROM node WHERE row BETWEEN ?1 AND ?2 ORDER BY row";
static const char lists_between[] =
    "SELECT row, type, id, body, field FROM list WHERE row BETWEEN ?1 AND ?2 ORDER BY row";
static const char pairs_between[] =
    "SELECT row, link, b, a FROM pair WHERE row BETWEEN ?1 AND ?2 AND +link = ?3 ORDER BY row";
static const char pair_at[] = "SELECT row, link, b, a FROM pair WHERE row = ?1";
static const char lists_of[] = "SELECT row, type, id, body, field FROM list WHERE type = ?1 AND "
                               "id = ?2 ORDER BY field, row";
static const char lists_of_field[] =
    "SELECT row, type, id, body, field FROM list WHERE type = ?1 AND "
    "id = ?2 AND field = ?3 ORDER BY row";
static const char pairs_of_a[] =
    "SELECT row, link, b, a FROM pair WHERE link = ?1 AND a = ?2 ORDER BY row";
static const char pairs_of_b[] =
    "SELECT row, link, b, a FROM pair WHERE link = ?1 AND b = ?2 ORDER BY row";
static const char one_node[] =
    "SELECT row, type, id, body FROM node WHERE type = ?1 AND id = ?2 ORDER BY row LIMIT 1";

struct gcm_rows {
    struct gcm_stage *stage;
    sqlite3_stmt *statement;
};

/* A cursor around a statement; closed ones are used again, so that a million of them need no more
 * memory than those that are open at once. */
static struct gcm_rows *open_rows(struct gcm_stage *stage, const char *sql, struct gcm_error *err)
{
    sqlite3_stmt *statement = gcm_db_take(stage, sql, err);
    if (!statement)
        return NULL;
    struct gcm_rows *rows = stage->free_rows.count ? stage->free_rows.at[--stage->free_rows.count]
                                                   : GCM_NEW(stage->arena, struct gcm_rows);
    *rows = (struct gcm_rows){.stage = stage, .statement = statement};
    return rows;
}

void gcm_rows_close(struct gcm_rows *rows)
{
    if (!rows || !rows->statement)
        return;
    gcm_db_give(rows->stage, rows->statement);
    rows->statement = NULL;
    *gcm_push(rows->stage->arena, &rows->stage->free_rows) = rows;
}

static gcm_result open_between(struct gcm_stage *stage, const char *sql, int64_t first,
                               int64_t last, struct gcm_rows **rows, struct gcm_error *err)
{
    *rows = open_rows(stage, sql, err);
    if (!*rows)
        return err->code;
    sqlite3_bind_int64((*rows)->statement, 1, first);
    sqlite3_bind_int64((*rows)->statement, 2, last);
    return GCM_OK;
}

gcm_result gcm_rows_nodes(struct gcm_stage *stage, int64_t first, int64_t last,
                          struct gcm_rows **rows, struct gcm_error *err)
{
    return open_between(stage, nodes_between, first, last, rows, err);
}

gcm_result gcm_rows_lists(struct gcm_stage *stage, int64_t first, int64_t last,
                          struct gcm_rows **rows, struct gcm_error *err)
{
    return open_between(stage, lists_between, first, last, rows, err);
}

/* The pairs of a link lie together: between its first and its last row there is little else. */
gcm_result gcm_rows_pairs(struct gcm_stage *stage, int64_t link, int64_t first, int64_t last,
                          struct gcm_rows **rows, struct gcm_error *err)
{
    const struct gcm_total *total = gcm_stage_total(stage, GCM_NDF_RELATIONS, link, false);
    if (total && first < total->first)
        first = total->first;
    if (!total || last > total->last)
        last = total ? total->last : first - 1;
    gcm_result result = open_between(stage, pairs_between, first, last, rows, err);
    if (result == GCM_OK)
        sqlite3_bind_int64((*rows)->statement, 3, link);
    return result;
}

gcm_result gcm_rows_pair_at(struct gcm_stage *stage, int64_t row, struct gcm_rows **rows,
                            struct gcm_error *err)
{
    *rows = open_rows(stage, pair_at, err);
    if (!*rows)
        return err->code;
    sqlite3_bind_int64((*rows)->statement, 1, row);
    return GCM_OK;
}

static gcm_result open_of(struct gcm_stage *stage, const char *sql, int64_t key,
                          struct gcm_slice id, struct gcm_rows **rows, struct gcm_error *err)
{
    *rows = open_rows(stage, sql, err);
    if (!*rows)
        return err->code;
    sqlite3_bind_int64((*rows)->statement, 1, key);
    sqlite3_bind_text64((*rows)->statement, 2, id.at ? id.at : "", id.size, SQLITE_TRANSIENT,
                        SQLITE_UTF8);
    return GCM_OK;
}

gcm_result gcm_rows_lists_of(struct gcm_stage *stage, int64_t type, struct gcm_slice id,
                             int64_t field, struct gcm_rows **rows, struct gcm_error *err)
{
    gcm_result result = open_of(stage, field ? lists_of_field : lists_of, type, id, rows, err);
    if (result == GCM_OK && field)
        sqlite3_bind_int64((*rows)->statement, 3, field);
    return result;
}

gcm_result gcm_rows_pairs_of(struct gcm_stage *stage, int64_t link, char side, struct gcm_slice id,
                             struct gcm_rows **rows, struct gcm_error *err)
{
    return open_of(stage, side == 'A' ? pairs_of_a : pairs_of_b, link, id, rows, err);
}

gcm_result gcm_rows_node(struct gcm_rows *rows, struct gcm_staged_node *node, struct gcm_error *err)
{
    gcm_result result = gcm_db_step(rows->stage, rows->statement, err);
    if (result == GCM_OK)
        *node = (struct gcm_staged_node){.row = sqlite3_column_int64(rows->statement, 0),
                                         .type = sqlite3_column_int64(rows->statement, 1),
                                         .id = gcm_db_text(rows->statement, 2),
                                         .body = gcm_db_bytes(rows->statement, 3)};
    return result;
}

gcm_result gcm_rows_list(struct gcm_rows *rows, struct gcm_staged_list *list, struct gcm_error *err)
{
    gcm_result result = gcm_db_step(rows->stage, rows->statement, err);
    if (result == GCM_OK)
        *list = (struct gcm_staged_list){.row = sqlite3_column_int64(rows->statement, 0),
                                         .type = sqlite3_column_int64(rows->statement, 1),
                                         .id = gcm_db_text(rows->statement, 2),
                                         .body = gcm_db_bytes(rows->statement, 3),
                                         .field = sqlite3_column_int64(rows->statement, 4)};
    return result;
}

gcm_result gcm_rows_pair(struct gcm_rows *rows, struct gcm_staged_pair *pair, struct gcm_error *err)
{
    gcm_result result = gcm_db_step(rows->stage, rows->statement, err);
    if (result == GCM_OK)
        *pair = (struct gcm_staged_pair){.row = sqlite3_column_int64(rows->statement, 0),
                                         .link = sqlite3_column_int64(rows->statement, 1),
                                         .b = gcm_db_text(rows->statement, 2),
                                         .a = gcm_db_text(rows->statement, 3)};
    return result;
}

gcm_result gcm_stage_node(struct gcm_stage *stage, int64_t type, struct gcm_slice id,
                          struct gcm_staged_node *node, struct gcm_error *err)
{
    gcm_rows_close(stage->node_rows);
    stage->node_rows = NULL;
    gcm_result result = open_of(stage, one_node, type, id, &stage->node_rows, err);
    return result == GCM_OK ? gcm_rows_node(stage->node_rows, node, err) : result;
}
