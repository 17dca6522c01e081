/* marks: in the build for crash tests, a VFS over SQLite's own that passes a mark before each write
 * and around each sync, so that a test can end the process in the middle of a transaction or of a
 * checkpoint. */
#include "stage/database.h"

#ifdef GCM_MARKS

#include "core/mark.h"

/* SQLite's VFS has one set of methods for the database's file and another for the log: a copy of
 * each stands in for it. */
struct marked {
    sqlite3_io_methods methods; /* first: a file's methods are a pointer to it */
    const sqlite3_io_methods *real;
};
static struct marked sets[4];
static sqlite3_vfs marked_vfs;
static sqlite3_vfs *real_vfs;

static const sqlite3_io_methods *real_of(const sqlite3_file *file)
{
    return ((const struct marked *)file->pMethods)->real;
}

static int marked_write(sqlite3_file *file, const void *bytes, int size, sqlite3_int64 offset)
{
    gcm_mark("stage-write");
    return real_of(file)->xWrite(file, bytes, size, offset);
}

static int marked_sync(sqlite3_file *file, int flags)
{
    gcm_mark("stage-sync");
    int result = real_of(file)->xSync(file, flags);
    gcm_mark("stage-sync");
    return result;
}

static int marked_open(sqlite3_vfs *vfs, const char *name, sqlite3_file *file, int flags, int *out)
{
    (void)vfs;
    int result = real_vfs->xOpen(real_vfs, name, file, flags, out);
    if (result != SQLITE_OK || !file->pMethods)
        return result;
    for (size_t i = 0; i < sizeof sets / sizeof *sets; i++) {
        if (sets[i].real && sets[i].real != file->pMethods)
            continue;
        sets[i].real = file->pMethods;
        sets[i].methods = *file->pMethods;
        sets[i].methods.xWrite = marked_write;
        sets[i].methods.xSync = marked_sync;
        file->pMethods = &sets[i].methods;
        break;
    }
    return result;
}

void gcm_stage_mark_writes(void)
{
    if (real_vfs)
        return;
    real_vfs = sqlite3_vfs_find(NULL);
    marked_vfs = *real_vfs;
    marked_vfs.zName = "marked";
    marked_vfs.xOpen = marked_open;
    sqlite3_vfs_register(&marked_vfs, 1);
}

#endif
