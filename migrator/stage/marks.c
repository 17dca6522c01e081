/* marks: in the build for crash tests, a VFS over SQLite's own that passes a mark before each write
 * and around each sync, so that a test can end the process in the middle of a transaction or of a
 * checkpoint. */
#include "stage/database.h"

#ifdef GCM_MARKS

#include "core/mark.h"

static const sqlite3_io_methods *real_methods;
static sqlite3_io_methods marked_methods;
static sqlite3_vfs marked_vfs;
static sqlite3_vfs *real_vfs;

static int marked_write(sqlite3_file *file, const void *bytes, int size, sqlite3_int64 offset)
{
    gcm_mark("stage-write");
    return real_methods->xWrite(file, bytes, size, offset);
}

static int marked_sync(sqlite3_file *file, int flags)
{
    gcm_mark("stage-sync");
    int result = real_methods->xSync(file, flags);
    gcm_mark("stage-sync");
    return result;
}

/* Every file of SQLite's VFS has the same methods here: the copy stands in for them. */
static int marked_open(sqlite3_vfs *vfs, const char *name, sqlite3_file *file, int flags, int *out)
{
    (void)vfs;
    int result = real_vfs->xOpen(real_vfs, name, file, flags, out);
    if (result == SQLITE_OK && file->pMethods &&
        (!real_methods || real_methods == file->pMethods)) {
        real_methods = file->pMethods;
        marked_methods = *real_methods;
        marked_methods.xWrite = marked_write;
        marked_methods.xSync = marked_sync;
        file->pMethods = &marked_methods;
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
