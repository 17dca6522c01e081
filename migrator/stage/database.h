/* database: what the files of stage/ share: prepared statements, kept for the stage's life, and
 * SQLite's errors as ours. Included nowhere else. */
#ifndef GCM_STAGE_DATABASE_H
#define GCM_STAGE_DATABASE_H

#include "core/map.h"
#include "stage/records.h"

#include <sqlite3.h>
#include <time.h>

/* A statement of the cache. Several cursors may run the same SQL at once: each has its own. */
struct gcm_statement {
    const char *sql; /* a literal: compared as a pointer */
    sqlite3_stmt *statement;
    bool busy;
};

/* How many rows and bytes of a kind belong to a type (relations: to a link). */
struct gcm_total {
    enum gcm_ndf_kind kind;
    int64_t name; /* key of the type, or of the link */
    int64_t rows, bytes, first, last;
    bool changed;
};

/* Do the ids of a kind's rows ascend within each type or link, from its first row on? Then none is
 * there twice. */
enum { GCM_ASCENT_ID = 64 };
struct gcm_ascent {
    enum { GCM_ASCENT_NEW, GCM_ASCENT_SURE, GCM_ASCENT_UNKNOWN } state;
    int64_t name;
    size_t size;
    char id[GCM_ASCENT_ID]; /* of the last row */
};

struct gcm_name {
    int64_t key;
    struct gcm_slice text;
};

enum { GCM_LAST_NAMES = 8 };
#define GCM_STAGE_CACHE "4000" /* KB of SQLite's cache */

struct gcm_stage {
    struct gcm_arena *arena;
    struct gcm_slice path;
    sqlite3 *db;
    int lock; /* -1: none (WATCH) */
    enum gcm_stage_use use;
    bool in_transaction, in_use;
    bool marked;            /* it is noted in the file that it is open */
    int64_t changes;        /* rows changed by then */
    struct timespec closed; /* when it was closed, if it is as it was then; otherwise zero */
    bool damaged;           /* SQLite said so */
    GCM_VEC(struct gcm_statement) statements;
    GCM_VEC(struct gcm_rows *) free_rows;
    struct gcm_rows *node_rows;    /* of gcm_stage_node: its body lives until the next call */
    struct gcm_presence *presence; /* of gcm_stage_has_node; NULL: not asked yet */

    /* Copies of small tables. A rollback drops them. */
    struct gcm_map name_keys;                         /* text → struct gcm_name */
    GCM_VEC(struct gcm_name *) names;                 /* by key - 1 */
    const struct gcm_name *last_name[GCM_LAST_NAMES]; /* asked for last, by their size */
    GCM_VEC(struct gcm_staged_link) links;
    size_t last_link;
    GCM_VEC(struct gcm_total) totals;
    size_t last_total;
    bool names_read, links_read, totals_read;
    struct gcm_ascent ascents[GCM_NDF_KINDS]; /* relations: the ids of side A */
    int64_t rows[GCM_NDF_KINDS];              /* last row of each kind; -1: not asked yet */
};

/* The statement of an SQL literal, ready to be bound; NULL with *err. Give it back in any case. */
sqlite3_stmt *gcm_db_take(struct gcm_stage *stage, const char *sql, struct gcm_error *err);
void gcm_db_give(struct gcm_stage *stage, sqlite3_stmt *statement); /* may be NULL */

/* GCM_OK with a row, GCM_END, or an error. */
gcm_result gcm_db_step(struct gcm_stage *stage, sqlite3_stmt *statement, struct gcm_error *err);
/* Runs a statement that gives no rows, and gives it back. */
gcm_result gcm_db_run(struct gcm_stage *stage, sqlite3_stmt *statement, struct gcm_error *err);
/* SQL without parameters; several statements. */
gcm_result gcm_db_execute(struct gcm_stage *stage, const char *sql, struct gcm_error *err);
/* The number that a statement's first row begins with; `otherwise` if there is none, or an error.
 * Gives it back. */
int64_t gcm_db_number(struct gcm_stage *stage, sqlite3_stmt *statement, int64_t otherwise);

/* What SQLite says, with a code of ours. */
gcm_result gcm_db_fail(struct gcm_stage *stage, struct gcm_error *err);

/* Borrowed until the statement is given back. */
void gcm_db_bind_text(sqlite3_stmt *statement, int place, struct gcm_slice text);
void gcm_db_bind_bytes(sqlite3_stmt *statement, int place, struct gcm_slice bytes);
/* Until the next step. */
struct gcm_slice gcm_db_text(sqlite3_stmt *statement, int column);
struct gcm_slice gcm_db_bytes(sqlite3_stmt *statement, int column);

/* schema.c: makes the tables of an empty file, or makes sure that the file is a stage. */
gcm_result gcm_stage_prepare(struct gcm_stage *stage, struct gcm_error *err);

/* totals.c: the running totals. */
struct gcm_total *gcm_stage_total(struct gcm_stage *stage, enum gcm_ndf_kind kind, int64_t name,
                                  bool make);
void gcm_stage_add_total(struct gcm_stage *stage, enum gcm_ndf_kind kind, int64_t name, int64_t row,
                         int64_t bytes);
gcm_result gcm_stage_write_totals(struct gcm_stage *stage, struct gcm_error *err);
void gcm_stage_forget(struct gcm_stage *stage); /* copies of tables, after a rollback */

/* findings.c: findings go into a table of this connection alone. */
gcm_result gcm_findings_aside(struct gcm_stage *stage, struct gcm_error *err);

/* presence.c: to be called when nodes are put or taken back. */
void gcm_stage_forget_presence(struct gcm_stage *stage);

/* names.c */
gcm_result gcm_stage_link(struct gcm_stage *stage, const struct gcm_ndf_end *b,
                          const struct gcm_ndf_end *a, int64_t *key, struct gcm_error *err);
gcm_result gcm_stage_read_links(struct gcm_stage *stage, struct gcm_error *err);

#ifdef GCM_MARKS
void gcm_stage_mark_writes(void); /* marks.c: a VFS that passes marks around writes and syncs */
#endif

#endif
