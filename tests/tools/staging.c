/* staging FOLDER PAGE…: puts pages of NDF nodes into a stage as `export` does (sliced and checked,
 * one transaction for each page, indexes at the end), and the same rows into a bare table by
 * prepared inserts. Prints the microseconds of both: "OURS BARE ROWS BYTES". */
#include "core/file.h"
#include "stage/records.h"

#include <sqlite3.h>
#include <stdio.h>
#include <time.h>

enum { PAGE_CAP = 64 * 1024 * 1024 };

struct row {
    struct gcm_slice type, id, body;
};

struct pages {
    GCM_VEC(struct gcm_file *) files;
    struct {
        struct row *at;
        size_t count, room;
    } rows;
    GCM_VEC(size_t) ends; /* rows up to the end of each page */
};

static int64_t now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec * 1000000 + time.tv_nsec / 1000;
}

static void stop(const char *what)
{
    fprintf(stderr, "staging: %s\n", what);
    _Exit(1);
}

static void must(gcm_result result, const struct gcm_error *err)
{
    if (result == GCM_OK)
        return;
    fprintf(stderr, "staging: %.*s\n", GCM_P(err->message));
    _Exit(1);
}

/* One page, as the export reader stages it; the rows are kept for the bare run where wanted. */
static void stage_page(struct gcm_stage *stage, const struct gcm_file *page, struct gcm_arena *keep,
                       struct pages *pages)
{
    struct gcm_arena arena = {0};
    struct gcm_error err = {0};
    enum gcm_ndf_kind kind = GCM_NDF_NODES;
    struct gcm_raw elements, raw;
    uint64_t count = 0;
    must(gcm_ndf_page(&arena, page, &kind, &elements, &err), &err);
    if (stage)
        must(gcm_stage_begin(stage, &err), &err);
    struct gcm_raw_walk walk = gcm_raw_walk(elements);
    for (; gcm_raw_next(&walk, NULL, &raw); count++) {
        struct gcm_ndf_element element;
        must(gcm_ndf_element(&arena, GCM_NDF_NODES, raw, &element, &err), &err);
        if (stage)
            must(gcm_stage_put_node(stage, element.type, element.id, element.raw.text, &err), &err);
        else
            *gcm_push(keep, &pages->rows) = (struct row){
                gcm_copy(keep, element.type), gcm_copy(keep, element.id), element.raw.text};
    }
    if (stage) {
        must(gcm_stage_put_page(stage, GCM_NDF_NODES, page->path, count, page->text.size, &err),
             &err);
        must(gcm_stage_commit(stage, &err), &err);
    } else {
        *gcm_push(keep, &pages->ends) = pages->rows.count;
    }
    gcm_arena_free(&arena);
}

static int64_t ours(const char *folder, const struct pages *pages)
{
    struct gcm_arena arena = {0};
    struct gcm_error err = {0};
    struct gcm_stage *stage = NULL;
    uint64_t dropped = 0;
    must(gcm_stage_open(&arena, gcm_slice_of(folder), GCM_STAGE_CREATE, &stage, &err), &err);
    int64_t start = now();
    for (size_t i = 0; i < pages->files.count; i++)
        stage_page(stage, pages->files.at[i], NULL, NULL);
    must(gcm_stage_seal(stage, GCM_NDF_NODES, &dropped, &err), &err);
    int64_t taken = now() - start;
    gcm_stage_close(stage);
    gcm_arena_free(&arena);
    return taken;
}

static void sql(sqlite3 *db, const char *text)
{
    if (sqlite3_exec(db, text, NULL, NULL, NULL) != SQLITE_OK)
        stop(sqlite3_errmsg(db));
}

/* The same rows, sliced beforehand: one prepared insert each, one transaction for each page. */
static int64_t bare(const char *path, const struct pages *pages)
{
    sqlite3 *db = NULL;
    sqlite3_stmt *insert = NULL;
    if (sqlite3_open(path, &db) != SQLITE_OK)
        stop("the bare database cannot be made");
    sql(db, "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;"
            "CREATE TABLE node(row INTEGER PRIMARY KEY, type TEXT, id TEXT, body BLOB);");
    if (sqlite3_prepare_v2(db, "INSERT INTO node(type, id, body) VALUES (?,?,?)", -1, &insert,
                           NULL) != SQLITE_OK)
        stop(sqlite3_errmsg(db));
    int64_t start = now();
    size_t at = 0;
    for (size_t page = 0; page < pages->ends.count; page++) {
        sql(db, "BEGIN");
        for (; at < pages->ends.at[page]; at++) {
            const struct row *row = &pages->rows.at[at];
            sqlite3_bind_text(insert, 1, row->type.at, (int)row->type.size, SQLITE_STATIC);
            sqlite3_bind_text(insert, 2, row->id.at, (int)row->id.size, SQLITE_STATIC);
            sqlite3_bind_blob(insert, 3, row->body.at, (int)row->body.size, SQLITE_STATIC);
            if (sqlite3_step(insert) != SQLITE_DONE)
                stop(sqlite3_errmsg(db));
            sqlite3_reset(insert);
        }
        sql(db, "COMMIT");
    }
    int64_t taken = now() - start;
    sqlite3_finalize(insert);
    sqlite3_close(db);
    return taken;
}

int main(int argc, char **argv)
{
    struct gcm_arena arena = {0};
    struct gcm_error err = {0};
    struct pages pages = {0};
    size_t bytes = 0;
    if (argc < 3)
        stop("usage: staging FOLDER PAGE…");
    for (int i = 2; i < argc; i++) {
        struct gcm_slice path = gcm_slice_of(argv[i]);
        struct gcm_file *file = NULL;
        must(gcm_file_read(&arena, path, path, PAGE_CAP, &file, &err), &err);
        *gcm_push(&arena, &pages.files) = file;
        stage_page(NULL, file, &arena, &pages);
        bytes += file->text.size;
    }
    const char *beside =
        gcm_cstring(&arena, gcm_path_join(&arena, gcm_slice_of(argv[1]), GCM_S("bare.db")));
    int64_t reference = bare(beside, &pages), stage = ours(argv[1], &pages);
    printf("%lld %lld %zu %zu\n", (long long)stage, (long long)reference, pages.rows.count, bytes);
    gcm_arena_free(&arena);
    return 0;
}
