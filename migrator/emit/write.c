/* How files get into place.
 *
 * A folder that does not exist is made under a temporary name and renamed once. In one that exists,
 * the files are made in a folder inside of it and renamed one by one, the manifest first: it knows
 * the checksum of each file as it should be and as it was, so after a kill in between the next run
 * takes neither for an edit. */
#include "emit/write.h"

#include "core/file.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

enum { LONGEST_NAME = 256 }; /* of what is written below the folder */

struct writing {
    struct gcm_arena *arena;
    const struct gcm_outputs *outputs;
    const struct gcm_plan *plan;
    const struct gcm_emit_options *options;
    struct gcm_emit_result *result;
    struct gcm_error *err;
    struct gcm_slice folder;          /* absolute, links resolved */
    struct gcm_slice parent, staging; /* beside it; where the files are made */
    bool exists;
    struct gcm_manifest old, new;
    struct gcm_slice manifest_text, old_manifest_text;
};

static gcm_result fail(struct writing *writing, struct gcm_slice path, const char *what)
{
    struct gcm_file *file = GCM_NEW(writing->arena, struct gcm_file);
    file->path = path;
    return gcm_fail(writing->arena, writing->err, GCM_ENVIRONMENT, (struct gcm_place){.file = file},
                    "%s: %s", what, strerror(errno));
}

static struct gcm_slice path_in(struct writing *writing, struct gcm_slice folder,
                                struct gcm_slice path)
{
    return gcm_path_join(writing->arena, folder, path);
}

/* ---- where ---- */

static bool resolve(struct gcm_arena *arena, struct gcm_slice path, struct gcm_slice *resolved)
{
    char buffer[PATH_MAX];
    if (!realpath(gcm_cstring(arena, path), buffer))
        return false;
    *resolved = gcm_copy(arena, gcm_slice_of(buffer));
    return true;
}

static gcm_result find_folder(struct writing *writing)
{
    struct gcm_arena *arena = writing->arena;
    struct gcm_slice wanted = writing->options->folder;
    while (wanted.size > 1 && wanted.at[wanted.size - 1] == '/')
        wanted.size--;
    writing->exists = resolve(arena, wanted, &writing->folder);
    if (writing->exists) {
        writing->parent = gcm_path_folder(writing->folder);
        writing->staging = path_in(writing, writing->folder, GCM_S(".graphcool-migrate.tmp"));
        errno = ENOTDIR;
        return gcm_folder_exists(arena, writing->folder)
                   ? GCM_OK
                   : fail(writing, wanted, "cannot be written to");
    }
    struct gcm_slice parent = gcm_path_folder(wanted), name = gcm_path_name(wanted);
    if (!wanted.size || gcm_slice_is(name, "..") || gcm_slice_is(name, ".")) {
        errno = ENOENT;
        return fail(writing, wanted, "cannot be made");
    }
    if (wanted.size + LONGEST_NAME > PATH_MAX) {
        errno = ENAMETOOLONG;
        return fail(writing, wanted, "cannot be made");
    }
    if (!writing->options->dry_run) {
        gcm_result result = gcm_make_folder(arena, gcm_copy(arena, parent), writing->err);
        if (result != GCM_OK) {
            writing->err->code = GCM_ENVIRONMENT;
            return GCM_ENVIRONMENT;
        }
    }
    if (!resolve(arena, parent, &writing->parent))
        writing->parent = parent;
    writing->folder = path_in(writing, writing->parent, name);
    writing->staging = path_in(writing, writing->parent,
                               gcm_format(arena, ".%.*s.graphcool-migrate.tmp", GCM_P(name)));
    return GCM_OK;
}

/* ---- what becomes of each file ---- */

static gcm_result read_old(struct writing *writing)
{
    struct gcm_slice path = path_in(writing, writing->folder, GCM_S(GCM_MANIFEST));
    if (!writing->exists || !gcm_file_exists(writing->arena, path))
        return GCM_OK;
    struct gcm_file *file = NULL;
    struct gcm_slice shown = path_in(writing, writing->options->folder, GCM_S(GCM_MANIFEST));
    gcm_result result =
        gcm_file_read(writing->arena, path, shown, GCM_BUFFER_CAP, &file, writing->err);
    if (result == GCM_OK)
        result = gcm_manifest_read(writing->arena, file, &writing->old, writing->err);
    if (result == GCM_OK)
        writing->old_manifest_text = file->text;
    if (result == GCM_BAD_INPUT)
        writing->err->hint = GCM_S("Move it away, or choose another folder.");
    return result;
}

static struct gcm_emitted *add_fate(struct writing *writing, struct gcm_slice path,
                                    enum gcm_emit_fate fate)
{
    struct gcm_emitted *emitted = gcm_push(writing->arena, &writing->result->files);
    *emitted = (struct gcm_emitted){.path = path, .fate = fate};
    return emitted;
}

static gcm_result settle_fate(struct writing *writing, const struct gcm_output *output)
{
    struct gcm_arena *arena = writing->arena;
    struct gcm_slice path = path_in(writing, writing->folder, output->path);
    struct gcm_manifest_entry entry = {.path = output->path,
                                       .checksum = gcm_checksum(arena, output->text)};
    struct stat status;
    bool there = lstat(gcm_cstring(arena, path), &status) == 0;
    enum gcm_emit_fate fate = GCM_EMIT_WRITTEN;
    if (there) {
        struct gcm_file *file = NULL;
        gcm_result result =
            gcm_file_read(arena, path, path_in(writing, writing->options->folder, output->path),
                          GCM_BUFFER_CAP, &file, writing->err);
        if (result != GCM_OK)
            return writing->err->code = GCM_ENVIRONMENT;
        struct gcm_slice found = gcm_checksum(arena, file->text);
        bool known = gcm_manifest_knows(&writing->old, output->path, found);
        if (gcm_slice_equal(file->text, output->text))
            fate = GCM_EMIT_SAME;
        else if (known)
            entry.before = found;
        else
            fate = writing->options->force ? GCM_EMIT_REPLACED : GCM_EMIT_LEFT;
    }
    add_fate(writing, output->path, fate);
    const struct gcm_manifest_entry *old = gcm_map_get(&writing->old.by_path, output->path);
    if (fate != GCM_EMIT_LEFT)
        gcm_manifest_add(arena, &writing->new, entry);
    else if (old)
        gcm_manifest_add(arena, &writing->new, *old);
    return GCM_OK;
}

static gcm_result settle_fates(struct writing *writing)
{
    gcm_result result = read_old(writing);
    for (size_t i = 0; result == GCM_OK && i < writing->outputs->count; i++)
        result = settle_fate(writing, &writing->outputs->at[i]);
    if (result != GCM_OK)
        return result;
    struct gcm_map wanted = {0};
    for (size_t i = 0; i < writing->outputs->count; i++)
        gcm_map_put(writing->arena, &wanted, writing->outputs->at[i].path, writing);
    gcm_each (struct gcm_manifest_entry *, old, writing->old.files) {
        struct gcm_slice path = path_in(writing, writing->folder, (*old)->path);
        if (gcm_map_get(&wanted, (*old)->path) || !gcm_file_exists(writing->arena, path))
            continue;
        add_fate(writing, (*old)->path, GCM_EMIT_STALE);
        gcm_manifest_add(writing->arena, &writing->new, **old);
    }
    writing->manifest_text = gcm_manifest_text(writing->arena, &writing->new, writing->plan);
    return GCM_OK;
}

/* ---- making the files ---- */

static int remove_one(const char *path, const struct stat *status, int type, struct FTW *where)
{
    (void)status;
    (void)type;
    (void)where;
    return remove(path);
}

/* Removes what a killed run left. The name is ours alone, and nobody else works on it: the folder
 * above is locked. */
static void remove_staging(struct writing *writing)
{
    nftw(gcm_cstring(writing->arena, writing->staging), remove_one, 8, FTW_DEPTH | FTW_PHYS);
}

/* Holds others out until the program ends or the descriptor is closed. */
static gcm_result lock(struct writing *writing, int *descriptor)
{
    *descriptor =
        open(gcm_cstring(writing->arena, writing->parent), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (*descriptor < 0)
        return fail(writing, writing->parent, "cannot be opened");
    while (flock(*descriptor, LOCK_EX) != 0)
        if (errno != EINTR)
            return fail(writing, writing->parent, "cannot be locked");
    return GCM_OK;
}

static gcm_result stage_one(struct writing *writing, struct gcm_slice path, struct gcm_slice text)
{
    struct gcm_slice staged = path_in(writing, writing->staging, path);
    gcm_result result = gcm_make_folder(
        writing->arena, gcm_copy(writing->arena, gcm_path_folder(staged)), writing->err);
    if (result == GCM_OK)
        result = gcm_file_write(writing->arena, staged, text, writing->err);
    if (result != GCM_OK)
        writing->err->code = GCM_ENVIRONMENT;
    return result == GCM_OK ? GCM_OK : GCM_ENVIRONMENT;
}

static bool is_written(const struct gcm_emitted *emitted)
{
    return emitted->fate == GCM_EMIT_WRITTEN || emitted->fate == GCM_EMIT_REPLACED;
}

static gcm_result stage_all(struct writing *writing)
{
    remove_staging(writing);
    if (mkdir(gcm_cstring(writing->arena, writing->staging), 0755) != 0)
        return fail(writing, writing->options->folder, "cannot be written to");
    gcm_result result = GCM_OK;
    for (size_t i = 0; result == GCM_OK && i < writing->outputs->count; i++)
        if (is_written(&writing->result->files.at[i]))
            result = stage_one(writing, writing->outputs->at[i].path, writing->outputs->at[i].text);
    if (result == GCM_OK)
        result = stage_one(writing, GCM_S(GCM_MANIFEST), writing->manifest_text);
    return result;
}

/* ---- moving them into place ---- */

static void sync_folder(struct writing *writing, struct gcm_slice folder)
{
    int descriptor = open(gcm_cstring(writing->arena, folder), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (descriptor < 0)
        return;
    fsync(descriptor);
    close(descriptor);
}

/* The folder of every file is there and can be written, before the first one is moved. */
static gcm_result prepare_folders(struct writing *writing)
{
    for (size_t i = 0; i < writing->outputs->count; i++) {
        struct gcm_slice path = path_in(writing, writing->folder, writing->outputs->at[i].path);
        struct gcm_slice folder = gcm_copy(writing->arena, gcm_path_folder(path));
        if (!is_written(&writing->result->files.at[i]))
            continue;
        if (gcm_make_folder(writing->arena, folder, writing->err) != GCM_OK)
            return writing->err->code = GCM_ENVIRONMENT;
        if (access(gcm_cstring(writing->arena, folder), W_OK | X_OK) != 0)
            return fail(writing, folder, "cannot be written to");
    }
    return GCM_OK;
}

/* Keeps an edited file under a second name. It stays where it is until the new one is renamed over
 * it, so that there is a file at every moment. */
static gcm_result back_up(struct writing *writing, struct gcm_emitted *emitted)
{
    struct gcm_slice path = path_in(writing, writing->folder, emitted->path);
    for (unsigned number = 1; number < 10000; number++) {
        struct gcm_slice name =
            number == 1 ? gcm_format(writing->arena, "%.*s.bak", GCM_P(emitted->path))
                        : gcm_format(writing->arena, "%.*s.bak.%u", GCM_P(emitted->path), number);
        struct gcm_slice backup = path_in(writing, writing->folder, name);
        if (link(gcm_cstring(writing->arena, path), gcm_cstring(writing->arena, backup)) == 0) {
            emitted->backup = name;
            return GCM_OK;
        }
        if (errno == EEXIST)
            continue;
        struct gcm_file *file = NULL; /* a file system without links: a copy does as well */
        gcm_result result =
            gcm_file_read(writing->arena, path, path, GCM_BUFFER_CAP, &file, writing->err);
        if (result == GCM_OK)
            result = gcm_file_write(writing->arena, backup, file->text, writing->err);
        emitted->backup = name;
        return result;
    }
    errno = EEXIST;
    return fail(writing, path, "has too many backups");
}

static gcm_result move(struct writing *writing, struct gcm_slice path)
{
    struct gcm_slice to = path_in(writing, writing->folder, path);
    if (rename(gcm_cstring(writing->arena, path_in(writing, writing->staging, path)),
               gcm_cstring(writing->arena, to)) != 0)
        return fail(writing, to, "cannot be written");
    return GCM_OK;
}

static gcm_result move_all(struct writing *writing)
{
    gcm_result result = prepare_folders(writing);
    for (size_t i = 0; result == GCM_OK && i < writing->outputs->count; i++)
        if (writing->result->files.at[i].fate == GCM_EMIT_REPLACED)
            result = back_up(writing, &writing->result->files.at[i]);
    if (result == GCM_OK)
        result = move(writing, GCM_S(GCM_MANIFEST));
    for (size_t i = 0; result == GCM_OK && i < writing->outputs->count; i++) {
        if (!is_written(&writing->result->files.at[i]))
            continue;
        result = move(writing, writing->outputs->at[i].path);
        sync_folder(writing, gcm_path_folder(
                                 path_in(writing, writing->folder, writing->outputs->at[i].path)));
    }
    sync_folder(writing, writing->folder);
    return result;
}

static gcm_result move_folder(struct writing *writing)
{
    if (rename(gcm_cstring(writing->arena, writing->staging),
               gcm_cstring(writing->arena, writing->folder)) != 0)
        return fail(writing, writing->options->folder, "cannot be made");
    sync_folder(writing, writing->parent);
    return GCM_OK;
}

static gcm_result write_locked(struct writing *writing)
{
    gcm_result result = find_folder(writing); /* again: somebody may have made it meanwhile */
    if (result == GCM_OK)
        result = settle_fates(writing);
    if (result != GCM_OK)
        return result;
    /* an interrupt waits for these few milliseconds, so that it leaves nothing half-written */
    sigset_t interrupts, before;
    sigemptyset(&interrupts);
    sigaddset(&interrupts, SIGINT);
    sigaddset(&interrupts, SIGTERM);
    sigaddset(&interrupts, SIGHUP);
    sigprocmask(SIG_BLOCK, &interrupts, &before);
    result = stage_all(writing);
    if (result == GCM_OK)
        result = writing->exists ? move_all(writing) : move_folder(writing);
    remove_staging(writing);
    sigprocmask(SIG_SETMASK, &before, NULL);
    return result;
}

gcm_result gcm_write_outputs(struct gcm_arena *arena, const struct gcm_outputs *outputs,
                             const struct gcm_plan *plan, const struct gcm_emit_options *options,
                             struct gcm_emit_result *result, struct gcm_error *err)
{
    struct writing writing = {.arena = arena,
                              .outputs = outputs,
                              .plan = plan,
                              .options = options,
                              .result = result,
                              .err = err};
    int descriptor = -1;
    gcm_result code = find_folder(&writing);
    if (code == GCM_OK && options->dry_run)
        code = settle_fates(&writing);
    else if (code == GCM_OK && (code = lock(&writing, &descriptor)) == GCM_OK)
        code = write_locked(&writing);
    if (descriptor >= 0)
        close(descriptor);
    if (code == GCM_OK)
        add_fate(&writing, GCM_S(GCM_MANIFEST),
                 gcm_slice_equal(writing.manifest_text, writing.old_manifest_text)
                     ? GCM_EMIT_SAME
                     : GCM_EMIT_WRITTEN);
    return code;
}
