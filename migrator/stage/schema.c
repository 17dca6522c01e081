/* schema: the tables (docs/stage-file.md says what is in them), and whether a file has them. */
#include "stage/database.h"

#include <stdio.h>
#include <string.h>

enum {
    APPLICATION = 0x47434d53, /* "GCMS" */
    VERSION = 1
};

struct object {
    const char *name, *sql;
};

/* Compared word for word when a file is opened: a file that has anything else is none of ours, and
 * so no trigger, view or odd column of a stranger's file is ever run or read. */
static const struct object tables[] = {
    {"guard", "CREATE TABLE guard(name TEXT PRIMARY KEY, text TEXT NOT NULL) STRICT, WITHOUT "
              "ROWID"},
    {"step", "CREATE TABLE step(step INTEGER PRIMARY KEY, state INTEGER NOT NULL, started TEXT NOT "
             "NULL, ended TEXT NOT NULL, cursor TEXT NOT NULL, outcome TEXT NOT NULL) STRICT"},
    {"note", "CREATE TABLE note(name TEXT PRIMARY KEY, text TEXT NOT NULL) STRICT, WITHOUT ROWID"},
    {"name", "CREATE TABLE name(key INTEGER PRIMARY KEY, text TEXT NOT NULL UNIQUE) STRICT"},
    {"node", "CREATE TABLE node(row INTEGER PRIMARY KEY, type INTEGER NOT NULL, id TEXT NOT NULL, "
             "body BLOB NOT NULL) STRICT"},
    {"list", "CREATE TABLE list(row INTEGER PRIMARY KEY, type INTEGER NOT NULL, field INTEGER NOT "
             "NULL, id TEXT NOT NULL, body BLOB NOT NULL) STRICT"},
    {"link", "CREATE TABLE link(key INTEGER PRIMARY KEY, b_type INTEGER NOT NULL, b_field INTEGER "
             "NOT NULL, a_type INTEGER NOT NULL, a_field INTEGER NOT NULL) STRICT"},
    {"pair", "CREATE TABLE pair(row INTEGER PRIMARY KEY, link INTEGER NOT NULL, b TEXT NOT NULL, a "
             "TEXT NOT NULL) STRICT"},
    {"page", "CREATE TABLE page(row INTEGER PRIMARY KEY, kind INTEGER NOT NULL, name TEXT NOT "
             "NULL, elements INTEGER NOT NULL, bytes INTEGER NOT NULL) STRICT"},
    {"total", "CREATE TABLE total(kind INTEGER NOT NULL, name INTEGER NOT NULL, rows INTEGER NOT "
              "NULL, bytes INTEGER NOT NULL, first INTEGER NOT NULL, last INTEGER NOT NULL, "
              "PRIMARY KEY(kind, name)) STRICT, WITHOUT ROWID"},
    {"finding", "CREATE TABLE finding(row INTEGER PRIMARY KEY, step INTEGER NOT NULL, rule TEXT "
                "NOT NULL, type TEXT NOT NULL, id TEXT NOT NULL, field TEXT NOT NULL, detail TEXT "
                "NOT NULL) STRICT"},
    {"chunk",
     "CREATE TABLE chunk(key INTEGER PRIMARY KEY, kind INTEGER NOT NULL, relation TEXT "
     "NOT NULL, first INTEGER NOT NULL, last INTEGER NOT NULL, skip INTEGER NOT NULL, take "
     "INTEGER NOT NULL, elements INTEGER NOT NULL, bytes INTEGER NOT NULL, state INTEGER NOT NULL, "
     "tries INTEGER NOT NULL) STRICT"},
    {"reject", "CREATE TABLE reject(kind INTEGER NOT NULL, row INTEGER NOT NULL, type TEXT NOT "
               "NULL, id TEXT NOT NULL, field TEXT NOT NULL, other TEXT NOT NULL, reason TEXT NOT "
               "NULL, PRIMARY KEY(kind, row)) STRICT, WITHOUT ROWID"},
    {"finding_of", "CREATE INDEX finding_of ON finding(rule, type, field, id)"},
    {"chunk_of", "CREATE INDEX chunk_of ON chunk(state, kind, relation, first)"},
    {"chunk_end", "CREATE INDEX chunk_end ON chunk(kind, relation, last)"},
};

/* Made by gcm_stage_seal; a file may have them or not. */
static const struct object indexes[] = {
    {"node_of", "CREATE INDEX node_of ON node(type, id)"},
    {"list_of", "CREATE INDEX list_of ON list(type, id, field)"},
    {"pair_b", "CREATE INDEX pair_b ON pair(link, b, a)"},
    {"pair_a", "CREATE INDEX pair_a ON pair(link, a)"},
};

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static gcm_result make_tables(struct gcm_stage *stage, struct gcm_error *err)
{
    char pragmas[96];
    gcm_result result = gcm_db_execute(stage, "BEGIN IMMEDIATE", err);
    for (size_t i = 0; result == GCM_OK && i < COUNT(tables); i++)
        result = gcm_db_execute(stage, tables[i].sql, err);
    snprintf(pragmas, sizeof pragmas, "PRAGMA application_id = %d; PRAGMA user_version = %d",
             APPLICATION, VERSION);
    if (result == GCM_OK)
        result = gcm_db_execute(stage, pragmas, err);
    if (result == GCM_OK)
        result = gcm_db_execute(stage, "COMMIT", err);
    else
        sqlite3_exec(stage->db, "ROLLBACK", NULL, NULL, NULL);
    return result;
}

static gcm_result read_number(struct gcm_stage *stage, const char *sql, int64_t *number,
                              struct gcm_error *err)
{
    sqlite3_stmt *statement = gcm_db_take(stage, sql, err);
    if (!statement)
        return err->code;
    gcm_result result = gcm_db_step(stage, statement, err);
    *number = result == GCM_OK ? sqlite3_column_int64(statement, 0) : 0;
    gcm_db_give(stage, statement);
    return result == GCM_END ? GCM_OK : result;
}

static const struct object *object_named(struct gcm_slice name)
{
    for (size_t i = 0; i < COUNT(tables); i++)
        if (gcm_slice_is(name, tables[i].name))
            return &tables[i];
    for (size_t i = 0; i < COUNT(indexes); i++)
        if (gcm_slice_is(name, indexes[i].name))
            return &indexes[i];
    return NULL;
}

static gcm_result no_stage(struct gcm_stage *stage, struct gcm_error *err)
{
    return gcm_fail(stage->arena, err, GCM_STATE, (struct gcm_place){0},
                    "%.*s is no stage of graphcool-migrate", GCM_P(stage->path));
}

static gcm_result compare_tables(struct gcm_stage *stage, struct gcm_error *err)
{
    sqlite3_stmt *statement = gcm_db_take(
        stage, "SELECT name, sql FROM sqlite_schema WHERE name NOT LIKE 'sqlite\\_%' ESCAPE '\\'",
        err);
    if (!statement)
        return err->code;
    size_t found = 0;
    gcm_result result;
    while ((result = gcm_db_step(stage, statement, err)) == GCM_OK) {
        const struct object *object = object_named(gcm_db_text(statement, 0));
        if (!object || !gcm_slice_is(gcm_db_text(statement, 1), object->sql))
            break;
        if (object >= tables && object < tables + COUNT(tables))
            found++;
    }
    gcm_db_give(stage, statement);
    if (result == GCM_OK || (result == GCM_END && found != COUNT(tables)))
        return no_stage(stage, err);
    return result == GCM_END ? GCM_OK : result;
}

gcm_result gcm_stage_prepare(struct gcm_stage *stage, struct gcm_error *err)
{
    int64_t application = 0, version = 0, objects = 0;
    gcm_result result = read_number(stage, "PRAGMA application_id", &application, err);
    if (result == GCM_OK)
        result = read_number(stage, "PRAGMA user_version", &version, err);
    if (result == GCM_OK)
        result = read_number(stage, "SELECT count(*) FROM sqlite_schema", &objects, err);
    if (result != GCM_OK)
        return result;
    if (application == 0 && version == 0 && objects == 0) {
        if (stage->use == GCM_STAGE_CREATE)
            return make_tables(stage, err);
        return gcm_fail(stage->arena, err, GCM_BAD_INPUT, (struct gcm_place){0},
                        "%.*s is empty: nothing was exported yet", GCM_P(stage->path));
    }
    if (application != APPLICATION)
        return no_stage(stage, err);
    if (version > VERSION) {
        gcm_fail(stage->arena, err, GCM_STATE, (struct gcm_place){0},
                 "%.*s was made by a newer graphcool-migrate (version %lld of the file; this "
                 "program knows %d)",
                 GCM_P(stage->path), (long long)version, VERSION);
        return GCM_STATE;
    }
    return version == VERSION ? compare_tables(stage, err) : no_stage(stage, err);
}
