/* seal: a kind was read whole. Its indexes are made now, which is faster than keeping them row by
 * row; and rows that came twice are dropped. */
#include "stage/database.h"

enum { BATCH = 1000 };

static const char node_index[] = "CREATE INDEX IF NOT EXISTS node_of ON node(type, id)";
static const char list_index[] = "CREATE INDEX IF NOT EXISTS list_of ON list(type, id, field)";
static const char pair_indexes[] = "CREATE INDEX IF NOT EXISTS pair_b ON pair(link, b, a);"
                                   "CREATE INDEX IF NOT EXISTS pair_a ON pair(link, a)";
static const char *const make_indexes[GCM_NDF_KINDS] = {node_index, list_index, pair_indexes};

/* Sorting has the cache's memory, and a file where that is too small. */
static const char room_to_sort[] = "PRAGMA cache_size = -16000";
static const char usual_room[] = "PRAGMA cache_size = -" GCM_STAGE_CACHE;

/* Keys that several rows share, found in the index alone, a batch behind the last. */
static const char same_nodes[] =
    "SELECT type, id, 0, '' FROM node WHERE (type, id) > (?1, ?2) GROUP BY type, id "
    "HAVING count(*) > 1 ORDER BY type, id LIMIT ?5";
static const char same_lists[] =
    "SELECT type, id, field, '' FROM list WHERE (type, id, field) > (?1, ?2, ?3) "
    "GROUP BY type, id, field HAVING count(*) > 1 ORDER BY type, id, field LIMIT ?5";
static const char same_pairs[] =
    "SELECT link, b, 0, a FROM pair WHERE (link, b, a) > (?1, ?2, ?4) GROUP BY link, b, a "
    "HAVING count(*) > 1 ORDER BY link, b, a LIMIT ?5";

static const char drop_nodes[] =
    "DELETE FROM node WHERE row IN (SELECT n.row FROM node AS n, node AS o WHERE n.type = ?1 AND "
    "n.id = ?2 AND o.type = ?1 AND o.id = ?2 AND o.row < n.row AND o.body = n.body) "
    "RETURNING length(body)";
static const char drop_pairs[] =
    "DELETE FROM pair WHERE link = ?1 AND b = ?2 AND a = ?4 AND row > (SELECT min(row) FROM pair "
    "WHERE link = ?1 AND b = ?2 AND a = ?4) RETURNING length(CAST(b AS BLOB)) + length(CAST(a AS "
    "BLOB))";
static const char list_pieces[] =
    "SELECT row, body FROM list WHERE type = ?1 AND id = ?2 AND field = ?3 ORDER BY row";
static const char drop_piece[] = "DELETE FROM list WHERE row = ?1 RETURNING length(body)";

/* What rows that came twice have in common: type and id; field; or link, b and a. */
struct same {
    int64_t name, field;
    struct gcm_slice id, other;
};

struct seal {
    struct gcm_stage *stage;
    enum gcm_ndf_kind kind;
    uint64_t dropped, found; /* rows; keys that several rows shared */
};

static void bind_same(sqlite3_stmt *statement, const struct same *same)
{
    int count = sqlite3_bind_parameter_count(statement);
    sqlite3_bind_int64(statement, 1, same->name);
    gcm_db_bind_text(statement, 2, same->id);
    if (count >= 3)
        sqlite3_bind_int64(statement, 3, same->field);
    if (count >= 4)
        gcm_db_bind_text(statement, 4, same->other);
}

/* Runs a DELETE … RETURNING size, and takes what it deleted out of the totals. */
static gcm_result drop(struct seal *seal, sqlite3_stmt *statement, int64_t name,
                       struct gcm_error *err)
{
    gcm_result result;
    struct gcm_total *total = gcm_stage_total(seal->stage, seal->kind, name, true);
    while ((result = gcm_db_step(seal->stage, statement, err)) == GCM_OK) {
        total->rows--;
        total->bytes -= sqlite3_column_int64(statement, 0);
        total->changed = true;
        seal->dropped++;
    }
    gcm_db_give(seal->stage, statement);
    return result == GCM_END ? GCM_OK : result;
}

static gcm_result drop_same(struct seal *seal, const char *sql, const struct same *same,
                            struct gcm_error *err)
{
    sqlite3_stmt *statement = gcm_db_take(seal->stage, sql, err);
    if (!statement)
        return err->code;
    bind_same(statement, same);
    return drop(seal, statement, same->name, err);
}

struct piece {
    int64_t row;
    struct gcm_slice body;
    size_t run; /* where its run begins: pieces[run…] */
};
struct pieces {
    struct piece *at;
    size_t count, room;
};

static gcm_result read_pieces(struct seal *seal, struct gcm_arena *arena, const struct same *same,
                              struct pieces *pieces, struct gcm_error *err)
{
    sqlite3_stmt *statement = gcm_db_take(seal->stage, list_pieces, err);
    if (!statement)
        return err->code;
    bind_same(statement, same);
    gcm_result result;
    while ((result = gcm_db_step(seal->stage, statement, err)) == GCM_OK) {
        struct piece *piece = gcm_push(arena, pieces);
        *piece = (struct piece){.row = sqlite3_column_int64(statement, 0),
                                .body = gcm_copy(arena, gcm_db_bytes(statement, 1)),
                                .run = pieces->count - 1};
        if (pieces->count > 1 && piece[-1].row + 1 == piece->row)
            piece->run = piece[-1].run;
    }
    gcm_db_give(seal->stage, statement);
    return result == GCM_END ? GCM_OK : result;
}

static bool same_run(const struct pieces *pieces, size_t one, size_t other)
{
    size_t i = 0;
    while (one + i < pieces->count && pieces->at[one + i].run == one && other + i < pieces->count &&
           pieces->at[other + i].run == other) {
        if (!gcm_slice_equal(pieces->at[one + i].body, pieces->at[other + i].body))
            return false;
        i++;
    }
    return (one + i == pieces->count || pieces->at[one + i].run != one) &&
           (other + i == pieces->count || pieces->at[other + i].run != other);
}

/* A long list may come in pieces that are equal, one row behind the other: those are all wanted.
 * The whole list again, somewhere else, is a repeat. */
static gcm_result drop_lists(struct seal *seal, const struct same *same, struct gcm_error *err)
{
    struct gcm_arena arena = {0};
    struct pieces pieces = {0};
    gcm_result result = read_pieces(seal, &arena, same, &pieces, err);
    for (size_t i = 1; result == GCM_OK && i < pieces.count; i++) {
        size_t run = pieces.at[i].run;
        if (run == 0 || !same_run(&pieces, 0, run))
            continue;
        sqlite3_stmt *statement = gcm_db_take(seal->stage, drop_piece, err);
        if (!statement) {
            result = err->code;
            break;
        }
        sqlite3_bind_int64(statement, 1, pieces.at[i].row);
        result = drop(seal, statement, same->name, err);
    }
    gcm_arena_free(&arena);
    return result;
}

struct sames {
    struct same *at;
    size_t count, room;
};

static gcm_result find(struct seal *seal, struct gcm_arena *arena, const struct same *behind,
                       struct sames *sames, struct gcm_error *err)
{
    static const char *const sqls[GCM_NDF_KINDS] = {same_nodes, same_lists, same_pairs};
    sqlite3_stmt *statement = gcm_db_take(seal->stage, sqls[seal->kind], err);
    if (!statement)
        return err->code;
    bind_same(statement, behind);
    sqlite3_bind_int64(statement, 5, BATCH);
    gcm_result result;
    while ((result = gcm_db_step(seal->stage, statement, err)) == GCM_OK)
        *gcm_push(arena, sames) =
            (struct same){.name = sqlite3_column_int64(statement, 0),
                          .id = gcm_copy(arena, gcm_db_text(statement, 1)),
                          .field = sqlite3_column_int64(statement, 2),
                          .other = gcm_copy(arena, gcm_db_text(statement, 3))};
    gcm_db_give(seal->stage, statement);
    return result == GCM_END ? GCM_OK : result;
}

static gcm_result drop_repeats(struct seal *seal, struct gcm_error *err)
{
    struct same last = {.name = INT64_MIN};
    struct gcm_arena arenas[2] = {{0}, {0}}; /* the last of a batch is needed for the next */
    gcm_result result;
    size_t found;
    unsigned turn = 0;
    do {
        struct sames sames = {0};
        result = find(seal, &arenas[turn++ % 2], &last, &sames, err);
        for (size_t i = 0; result == GCM_OK && i < sames.count; i++) {
            if (seal->kind == GCM_NDF_NODES)
                result = drop_same(seal, drop_nodes, &sames.at[i], err);
            else if (seal->kind == GCM_NDF_LISTS)
                result = drop_lists(seal, &sames.at[i], err);
            else
                result = drop_same(seal, drop_pairs, &sames.at[i], err);
        }
        found = sames.count;
        seal->found += found;
        if (found)
            last = sames.at[found - 1];
        gcm_arena_free(&arenas[turn % 2]);
    } while (result == GCM_OK && found == BATCH);
    gcm_arena_free(&arenas[0]);
    gcm_arena_free(&arenas[1]);
    return result;
}

gcm_result gcm_stage_seal(struct gcm_stage *stage, enum gcm_ndf_kind kind, uint64_t *dropped,
                          struct gcm_error *err)
{
    struct seal seal = {.stage = stage, .kind = kind};
    bool alone = !stage->in_transaction;
    gcm_result result = alone ? gcm_stage_begin(stage, err) : GCM_OK;
    if (result == GCM_OK)
        result = gcm_db_execute(stage, room_to_sort, err);
    if (result == GCM_OK)
        result = gcm_db_execute(stage, make_indexes[kind], err);
    if (result == GCM_OK)
        result = gcm_db_execute(stage, usual_room, err);
    if (result == GCM_OK && stage->ascents[kind].state != GCM_ASCENT_SURE)
        result = drop_repeats(&seal, err);
    if (result == GCM_OK && kind == GCM_NDF_NODES)
        result = gcm_stage_put_note(stage, "repeated", seal.found ? GCM_S("") : GCM_S("none"), err);
    if (alone && result == GCM_OK)
        result = gcm_stage_commit(stage, err);
    else if (alone)
        gcm_stage_rollback(stage);
    *dropped = seal.dropped;
    return result;
}
