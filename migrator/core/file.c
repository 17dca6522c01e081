#include "core/file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static struct gcm_place whole(struct gcm_arena *arena, struct gcm_slice path)
{
    struct gcm_file *file = GCM_NEW(arena, struct gcm_file);
    file->path = path;
    return (struct gcm_place){.file = file};
}

static gcm_result fail_errno(struct gcm_arena *arena, struct gcm_error *err, struct gcm_slice path,
                             const char *what)
{
    gcm_result code = errno == ENOENT || errno == ENOTDIR ? GCM_BAD_INPUT : GCM_ENVIRONMENT;
    return gcm_fail(arena, err, code, whole(arena, path), "%s: %s", what, strerror(errno));
}

static gcm_result read_all(struct gcm_arena *arena, int fd, size_t size, size_t cap,
                           struct gcm_slice shown, struct gcm_slice *text, struct gcm_error *err)
{
    /* one byte more than the size says: a file that grew is noticed, a short one ends early */
    char *bytes = gcm_arena_alloc(arena, size + 2);
    size_t have = 0;
    while (have <= size) {
        ssize_t more = read(fd, bytes + have, size + 1 - have);
        if (more < 0 && errno == EINTR)
            continue;
        if (more < 0)
            return fail_errno(arena, err, shown, "cannot be read");
        if (more == 0)
            break;
        have += (size_t)more;
    }
    if (have > size || have > cap)
        return gcm_fail(arena, err, GCM_ENVIRONMENT, whole(arena, shown),
                        "changed while it was read");
    bytes[have] = '\0';
    *text = (struct gcm_slice){bytes, have};
    return GCM_OK;
}

gcm_result gcm_file_read(struct gcm_arena *arena, struct gcm_slice path, struct gcm_slice shown,
                         size_t cap, struct gcm_file **file, struct gcm_error *err)
{
    int fd = open(gcm_cstring(arena, path), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (fd < 0)
        return fail_errno(arena, err, shown, "cannot be opened");
    struct stat status;
    struct gcm_slice text = {0};
    gcm_result result = GCM_OK;
    if (fstat(fd, &status) != 0)
        result = fail_errno(arena, err, shown, "cannot be read");
    else if (!S_ISREG(status.st_mode))
        result = gcm_fail(arena, err, GCM_BAD_INPUT, whole(arena, shown), "is not a regular file");
    else if ((uintmax_t)status.st_size > cap)
        result = gcm_fail(arena, err, GCM_BAD_INPUT, whole(arena, shown),
                          "has %jd bytes; at most %zu are read", (intmax_t)status.st_size, cap);
    else
        result = read_all(arena, fd, (size_t)status.st_size, cap, shown, &text, err);
    close(fd);
    if (result != GCM_OK)
        return result;
    *file = GCM_NEW(arena, struct gcm_file);
    **file = (struct gcm_file){.path = shown, .text = text};
    return GCM_OK;
}

static bool write_all(int fd, struct gcm_slice text)
{
    size_t done = 0;
    while (done < text.size) {
        ssize_t more = write(fd, text.at + done, text.size - done);
        if (more < 0 && errno == EINTR)
            continue;
        if (more <= 0)
            break;
        done += (size_t)more;
    }
    return done == text.size;
}

/* A device or a pipe is written to as it is: nothing can be renamed over it. */
static gcm_result write_device(struct gcm_arena *arena, struct gcm_slice path,
                               struct gcm_slice text, struct gcm_error *err)
{
    int fd = open(gcm_cstring(arena, path), O_WRONLY | O_CLOEXEC);
    if (fd < 0)
        return fail_errno(arena, err, path, "cannot be written");
    bool written = write_all(fd, text);
    gcm_result result = written ? GCM_OK : fail_errno(arena, err, path, "cannot be written");
    if (close(fd) != 0 && result == GCM_OK)
        result = fail_errno(arena, err, path, "cannot be written");
    return result;
}

static mode_t usual_mode(void)
{
    mode_t mask = umask(0);
    umask(mask);
    return 0666 & ~mask;
}

gcm_result gcm_file_write(struct gcm_arena *arena, struct gcm_slice path, struct gcm_slice text,
                          struct gcm_error *err)
{
    struct stat status;
    bool there = path.size && stat(gcm_cstring(arena, path), &status) == 0;
    if (there && !S_ISREG(status.st_mode))
        return write_device(arena, path, text, err);
    /* a link stays one: what it names is written */
    char *linked = there ? realpath(gcm_cstring(arena, path), NULL) : NULL;
    struct gcm_slice target = linked ? gcm_copy(arena, gcm_slice_of(linked)) : path;
    free(linked);
    char *temporary = (char *)(uintptr_t)gcm_format(arena, "%.*s.XXXXXX", GCM_P(target)).at;
    int fd = mkstemp(temporary);
    if (fd < 0)
        return fail_errno(arena, err, path, "cannot be written");
    mode_t mode = there ? status.st_mode & 0777 : usual_mode();
    bool written = write_all(fd, text) && fchmod(fd, mode) == 0 && fsync(fd) == 0;
    written = close(fd) == 0 && written;
    if (written && rename(temporary, gcm_cstring(arena, target)) == 0)
        return GCM_OK;
    gcm_result result = fail_errno(arena, err, path, "cannot be written");
    unlink(temporary);
    return result;
}

gcm_result gcm_make_folder(struct gcm_arena *arena, struct gcm_slice path, struct gcm_error *err)
{
    char *folder = (char *)(uintptr_t)gcm_cstring(arena, path);
    for (size_t i = 1; i <= path.size; i++) {
        if (i < path.size && folder[i] != '/')
            continue;
        folder[i] = '\0';
        if (mkdir(folder, 0755) != 0 && errno != EEXIST)
            return fail_errno(arena, err, path, "this folder cannot be made");
        if (i < path.size)
            folder[i] = '/';
    }
    if (!gcm_folder_exists(arena, path))
        return gcm_fail(arena, err, GCM_ENVIRONMENT, whole(arena, path), "is not a folder");
    return GCM_OK;
}

bool gcm_file_exists(struct gcm_arena *arena, struct gcm_slice path)
{
    struct stat status;
    return stat(gcm_cstring(arena, path), &status) == 0 && S_ISREG(status.st_mode);
}

bool gcm_folder_exists(struct gcm_arena *arena, struct gcm_slice path)
{
    struct stat status;
    return stat(gcm_cstring(arena, path), &status) == 0 && S_ISDIR(status.st_mode);
}

struct gcm_slice gcm_path_join(struct gcm_arena *arena, struct gcm_slice folder,
                               struct gcm_slice path)
{
    while (gcm_slice_starts(path, "./"))
        path = gcm_slice_sub(path, 2, path.size);
    if (gcm_slice_starts(path, "/") || gcm_slice_is(folder, ".") || !folder.size)
        return path;
    if (gcm_slice_ends(folder, "/"))
        return gcm_format(arena, "%.*s%.*s", GCM_P(folder), GCM_P(path));
    return gcm_format(arena, "%.*s/%.*s", GCM_P(folder), GCM_P(path));
}

static size_t last_slash(struct gcm_slice path)
{
    for (size_t i = path.size; i > 0; i--)
        if (path.at[i - 1] == '/')
            return i;
    return 0;
}

struct gcm_slice gcm_path_folder(struct gcm_slice path)
{
    size_t slash = last_slash(path);
    if (slash == 0)
        return GCM_S(".");
    return gcm_slice_sub(path, 0, slash > 1 ? slash - 1 : 1);
}

struct gcm_slice gcm_path_name(struct gcm_slice path)
{
    return gcm_slice_sub(path, last_slash(path), path.size);
}
