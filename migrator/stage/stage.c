#include "stage/database.h"

#include "core/file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum {
    LOCK_AT = 0x40000000 + 4096, /* behind the bytes that SQLite locks itself, never written */
    CHECKED_WHOLE = 64 * 1024 * 1024
};

static gcm_result no_stage(struct gcm_stage *stage, struct gcm_error *err)
{
    gcm_fail(stage->arena, err, GCM_BAD_INPUT, (struct gcm_place){0},
             "%.*s is not there: nothing was exported yet", GCM_P(stage->path));
    err->hint = GCM_S("Run \"export\" first; if it was run, give the same --out or --workspace.");
    return GCM_BAD_INPUT;
}

/* The lock belongs to the open file, not to the process: closing another descriptor of the file
 * does not drop it, and the kernel drops it when the process ends, however it ends. */
static gcm_result lock(struct gcm_stage *stage, struct gcm_error *err)
{
    const char *path = gcm_cstring(stage->arena, stage->path);
    int create = stage->use == GCM_STAGE_CREATE ? O_CREAT : 0;
    stage->lock = open(path, O_RDWR | O_CLOEXEC | create, 0600);
    if (stage->lock < 0 && errno == ENOENT)
        return no_stage(stage, err);
    if (stage->lock < 0)
        return gcm_fail(stage->arena, err, GCM_ENVIRONMENT, (struct gcm_place){0}, "%s: %s", path,
                        strerror(errno));
    struct flock whole = {.l_type = F_WRLCK, .l_whence = SEEK_SET, .l_start = LOCK_AT, .l_len = 1};
    if (fcntl(stage->lock, F_OFD_SETLK, &whole) == 0)
        return GCM_OK;
    if (errno != EAGAIN && errno != EACCES)
        return gcm_fail(stage->arena, err, GCM_ENVIRONMENT, (struct gcm_place){0},
                        "%s cannot be locked: %s", path, strerror(errno));
    gcm_fail(stage->arena, err, GCM_STATE, (struct gcm_place){0},
             "another process works on %s at this moment", path);
    err->hint = GCM_S("Wait for it, or stop it; \"status\" shows how far it is.");
    return GCM_STATE;
}

/* Asked before SQLite opens the file: closing a descriptor later would drop SQLite's own locks. */
static bool is_locked(struct gcm_stage *stage)
{
    struct flock whole = {.l_type = F_WRLCK, .l_whence = SEEK_SET, .l_start = LOCK_AT, .l_len = 1};
    int fd = open(gcm_cstring(stage->arena, stage->path), O_RDONLY | O_CLOEXEC);
    bool locked = fd >= 0 && fcntl(fd, F_OFD_GETLK, &whole) == 0 && whole.l_type != F_UNLCK;
    if (fd >= 0)
        close(fd);
    return locked;
}

bool gcm_stage_in_use(const struct gcm_stage *stage)
{
    return stage->in_use;
}

/* A name as a URI of SQLite, for the options that only a URI has. */
static const char *uri_of(struct gcm_stage *stage, const char *options)
{
    struct gcm_buffer uri = gcm_buffer(stage->arena, GCM_BUFFER_CAP);
    gcm_puts(&uri, "file:");
    for (size_t i = 0; i < stage->path.size; i++) {
        unsigned char c = (unsigned char)stage->path.at[i];
        if (c == '%' || c == '?' || c == '#' || c < ' ')
            gcm_putf(&uri, "%%%02x", c);
        else
            gcm_putc(&uri, (char)c);
    }
    gcm_puts(&uri, options);
    return gcm_buffer_text(&uri).at;
}

static gcm_result open_file(struct gcm_stage *stage, const char *options, struct gcm_error *err)
{
    int flags = SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_URI |
                (stage->use == GCM_STAGE_WATCH ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE);
    if (sqlite3_open_v2(uri_of(stage, options), &stage->db, flags, NULL) != SQLITE_OK)
        return gcm_db_fail(stage, err);
    sqlite3_extended_result_codes(stage->db, 1);
    sqlite3_db_config(stage->db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
    sqlite3_db_config(stage->db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
    sqlite3_db_config(stage->db, SQLITE_DBCONFIG_ENABLE_TRIGGER, 0, NULL);
    sqlite3_db_config(stage->db, SQLITE_DBCONFIG_ENABLE_VIEW, 0, NULL);
    sqlite3_busy_timeout(stage->db, 5000); /* a reader that happens to look on */
    return gcm_db_execute(stage,
                          "PRAGMA page_size = 65536; " /* of a new file */
                          "PRAGMA cell_size_check = ON; PRAGMA cache_size = -" GCM_STAGE_CACHE "; "
                          "PRAGMA wal_autocheckpoint = 64; "
                          "PRAGMA mmap_size = 0; PRAGMA foreign_keys = OFF",
                          err);
}

static gcm_result not_a_stage(struct gcm_stage *stage, struct gcm_error *err)
{
    return gcm_fail(stage->arena, err, GCM_STATE, (struct gcm_place){0},
                    "%.*s is no stage of graphcool-migrate", GCM_P(stage->path));
}

/* What is read, and when, stands in docs/stage-file.md. */
static gcm_result check_integrity(struct gcm_stage *stage, const char *pragma,
                                  struct gcm_error *err)
{
    sqlite3_stmt *statement = gcm_db_take(stage, pragma, err);
    if (!statement)
        return err->code;
    gcm_result result = gcm_db_step(stage, statement, err);
    struct gcm_slice says = gcm_copy(stage->arena, gcm_db_text(statement, 0));
    gcm_db_give(stage, statement);
    if (result != GCM_OK || gcm_slice_is(says, "ok"))
        return result;
    gcm_fail(stage->arena, err, GCM_ENVIRONMENT, (struct gcm_place){0}, "%.*s is damaged: %.*s",
             GCM_P(stage->path), GCM_P(says));
    err->hint = GCM_S("Delete it and export again; what was sent already must then be removed "
                      "from the target, too.");
    return GCM_ENVIRONMENT;
}

static struct gcm_slice boot_id(struct gcm_stage *stage)
{
    char text[64];
    int fd = open("/proc/sys/kernel/random/boot_id", O_RDONLY | O_CLOEXEC);
    ssize_t size = fd >= 0 ? read(fd, text, sizeof text) : -1;
    if (fd >= 0)
        close(fd);
    if (size <= 0)
        return GCM_S("unknown");
    return gcm_copy(stage->arena, gcm_slice_trim((struct gcm_slice){text, (size_t)size}));
}

/* ---- what was there when the stage was closed ---- */

static const char open_note[] = "open since boot", closed_note[] = "closed";

/* Under which start of the machine, and when the file was changed last. */
static struct gcm_slice describe(struct gcm_stage *stage, struct timespec changed)
{
    return gcm_format(stage->arena, "%.*s %lld.%09ld", GCM_P(boot_id(stage)),
                      (long long)changed.tv_sec, changed.tv_nsec);
}

/* The file is as we left it: nobody has written to it, and the machine did not go down. */
static bool is_untouched(struct gcm_stage *stage, const struct stat *status)
{
    struct gcm_slice closed = gcm_stage_note(stage, closed_note);
    return closed.size && gcm_slice_equal(closed, describe(stage, status->st_mtim)) &&
           !gcm_stage_note(stage, open_note).size;
}

static gcm_result mark_open(struct gcm_stage *stage, struct gcm_error *err)
{
    gcm_result result = gcm_stage_put_note(stage, open_note, boot_id(stage), err);
    stage->marked = result == GCM_OK;
    stage->changes = sqlite3_total_changes64(stage->db);
    return result;
}

/* The file's time is set to the one that is noted in it: whoever writes to it later changes that.
 * Where nothing was changed, both stay as they were. */
static void mark_closed(struct gcm_stage *stage)
{
    struct gcm_error ignored;
    bool anew = sqlite3_total_changes64(stage->db) != stage->changes || !stage->closed.tv_sec;
    if (anew)
        clock_gettime(CLOCK_REALTIME, &stage->closed);
    gcm_result result = gcm_stage_begin(stage, &ignored);
    if (result == GCM_OK)
        result = gcm_db_execute(stage, "DELETE FROM note WHERE name = 'open since boot'", &ignored);
    if (result == GCM_OK && !stage->damaged && anew)
        result = gcm_stage_put_note(stage, closed_note, describe(stage, stage->closed), &ignored);
    if (result == GCM_OK)
        result = gcm_stage_commit(stage, &ignored);
    if (result != GCM_OK)
        gcm_stage_rollback(stage);
}

/* A process that was killed cannot damage the file: what it wrote is in the system's cache. A
 * machine that went down can, with a disk that lies. So the whole of a large file is read only if
 * it was not closed under this boot, and of a small one if it is not as it was closed. */
static gcm_result check_and_mark_open(struct gcm_stage *stage, struct gcm_error *err)
{
    static const char *const small[] = {
        "PRAGMA quick_check(guard)", "PRAGMA quick_check(step)",   "PRAGMA quick_check(note)",
        "PRAGMA quick_check(name)",  "PRAGMA quick_check(link)",   "PRAGMA quick_check(total)",
        "PRAGMA quick_check(chunk)", "PRAGMA quick_check(reject)",
    };
    struct stat status = {0};
    struct gcm_slice boot = boot_id(stage), before = gcm_stage_note(stage, open_note);
    fstat(stage->lock, &status);
    bool untouched = is_untouched(stage, &status);
    if (untouched)
        stage->closed = status.st_mtim;
    if ((status.st_size <= CHECKED_WHOLE && !untouched) ||
        (before.size > 0 && !gcm_slice_equal(before, boot)))
        return check_integrity(stage, "PRAGMA quick_check(1)", err);
    gcm_result result = GCM_OK;
    for (size_t i = 0; result == GCM_OK && i < sizeof small / sizeof small[0]; i++)
        result = check_integrity(stage, small[i], err);
    return result;
}

static gcm_result open_for_work(struct gcm_stage *stage, struct gcm_error *err)
{
    gcm_result result = lock(stage, err);
    if (result == GCM_OK)
        result = open_file(stage, "", err);
    if (result == GCM_OK)
        result = gcm_db_execute(stage, "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL", err);
    if (result == GCM_OK)
        result = gcm_stage_prepare(stage, err);
    if (result == GCM_OK)
        result = check_and_mark_open(stage, err);
    if (result == GCM_OK)
        result = mark_open(stage, err);
    return result;
}

/* A folder that may only be read has no place for SQLite's shared memory: then nobody writes
 * either, and the file is read as it is. */
static gcm_result open_to_watch(struct gcm_stage *stage, struct gcm_error *err)
{
    if (!gcm_file_exists(stage->arena, stage->path))
        return no_stage(stage, err);
    stage->in_use = is_locked(stage);
    gcm_result result = open_file(stage, "", err);
    if (result == GCM_OK)
        result = gcm_stage_prepare(stage, err);
    if (result != GCM_ENVIRONMENT || (sqlite3_errcode(stage->db) & 0xff) != SQLITE_CANTOPEN)
        return result;
    gcm_each (struct gcm_statement, kept, stage->statements)
        sqlite3_finalize(kept->statement);
    stage->statements.count = 0;
    sqlite3_close(stage->db);
    stage->db = NULL;
    result = open_file(stage, "?immutable=1", err);
    return result == GCM_OK ? gcm_stage_prepare(stage, err) : result;
}

/* The folder is made for its owner alone, and says to git that nothing in it is for others. */
static gcm_result make_folder(struct gcm_arena *arena, struct gcm_slice folder,
                              struct gcm_error *err)
{
    if (gcm_folder_exists(arena, folder))
        return GCM_OK;
    gcm_result result = gcm_make_folder(arena, folder, err);
    if (result == GCM_OK && chmod(gcm_cstring(arena, folder), 0700) == 0)
        result = gcm_file_write(arena, gcm_path_join(arena, folder, GCM_S(".gitignore")),
                                GCM_S("*\n"), err);
    return result;
}

gcm_result gcm_stage_open(struct gcm_arena *arena, struct gcm_slice folder, enum gcm_stage_use use,
                          struct gcm_stage **stage, struct gcm_error *err)
{
    struct gcm_stage *made = GCM_NEW(arena, struct gcm_stage);
    *made = (struct gcm_stage){.arena = arena,
                               .path = gcm_path_join(arena, folder, GCM_S("stage.db")),
                               .lock = -1,
                               .use = use};
    *stage = NULL;
    gcm_stage_forget(made);
#ifdef GCM_MARKS
    gcm_stage_mark_writes();
#endif
    gcm_result result = GCM_OK;
    if (use == GCM_STAGE_CREATE)
        result = make_folder(arena, folder, err);
    if (result == GCM_OK)
        result = use == GCM_STAGE_WATCH ? open_to_watch(made, err) : open_for_work(made, err);
    if (result != GCM_OK && made->db && sqlite3_errcode(made->db) == SQLITE_NOTADB)
        result = not_a_stage(made, err);
    if (result == GCM_OK)
        *stage = made;
    else
        gcm_stage_close(made);
    return result;
}

gcm_result gcm_stage_beside(struct gcm_arena *arena, const struct gcm_stage *stage,
                            struct gcm_stage **beside, struct gcm_error *err)
{
    struct gcm_stage *made = GCM_NEW(arena, struct gcm_stage);
    *made = (struct gcm_stage){
        .arena = arena, .path = gcm_copy(arena, stage->path), .lock = -1, .use = GCM_STAGE_WATCH};
    gcm_stage_forget(made);
    *beside = NULL;
    gcm_result result = open_file(made, "", err);
    if (result == GCM_OK)
        result = gcm_stage_prepare(made, err);
    if (result == GCM_OK)
        result = gcm_findings_aside(made, err);
    if (result == GCM_OK)
        *beside = made;
    else
        gcm_stage_close(made);
    return result;
}

void gcm_stage_close(struct gcm_stage *stage)
{
    gcm_stage_rollback(stage);
    if (stage->marked)
        mark_closed(stage);
    gcm_each (struct gcm_statement, kept, stage->statements)
        sqlite3_finalize(kept->statement);
    stage->statements.count = 0;
    sqlite3_close(stage->db); /* the last one out writes the checkpoint and removes the WAL */
    stage->db = NULL;
    const struct timespec times[2] = {stage->closed, stage->closed};
    if (stage->marked && !stage->damaged)
        (void)futimens(stage->lock, times); /* where that fails, all of the file is read again */
    if (stage->lock >= 0)
        close(stage->lock);
    stage->lock = -1;
}

gcm_result gcm_stage_begin(struct gcm_stage *stage, struct gcm_error *err)
{
    if (stage->in_transaction)
        return gcm_fail(stage->arena, err, GCM_BUG, (struct gcm_place){0},
                        "a transaction of the stage within another");
    static const char sql[] = "BEGIN IMMEDIATE";
    sqlite3_stmt *statement = gcm_db_take(stage, sql, err);
    if (!statement)
        return err->code;
    gcm_result result = gcm_db_run(stage, statement, err);
    stage->in_transaction = result == GCM_OK;
    return result;
}

gcm_result gcm_stage_commit(struct gcm_stage *stage, struct gcm_error *err)
{
    static const char sql[] = "COMMIT";
    gcm_rows_close(stage->node_rows); /* as long as anything is read, the log only grows */
    stage->node_rows = NULL;
    gcm_result result = gcm_stage_write_totals(stage, err);
    sqlite3_stmt *statement = result == GCM_OK ? gcm_db_take(stage, sql, err) : NULL;
    if (statement)
        result = gcm_db_run(stage, statement, err);
    else if (result == GCM_OK)
        result = err->code;
    if (result == GCM_OK)
        stage->in_transaction = false;
    else
        gcm_stage_rollback(stage);
    return result;
}

void gcm_stage_rollback(struct gcm_stage *stage)
{
    if (!stage->in_transaction || !stage->db)
        return;
    sqlite3_exec(stage->db, "ROLLBACK", NULL, NULL, NULL);
    stage->in_transaction = false;
    gcm_stage_forget(stage);
}
