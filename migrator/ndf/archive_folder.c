/* archive_folder: NDF as a folder. No link is followed but those of the path that was given. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/file.h"
#include "ndf/archive_parts.h"

/* What a name inside of the folder is, links not followed. */
static mode_t type_of(struct gcm_arena *arena, struct gcm_slice path, uint64_t *size)
{
    struct stat status;
    if (lstat(gcm_cstring(arena, path), &status) != 0)
        return 0;
    *size = (uint64_t)status.st_size;
    return status.st_mode & S_IFMT;
}

/* The names in a folder, but for "." and "..". */
static gcm_result names_in(struct gcm_archive *archive, struct gcm_slice path,
                           struct gcm_slices *names, struct gcm_error *err)
{
    DIR *folder = opendir(gcm_cstring(archive->arena, path));
    if (!folder)
        return gcm_fail(archive->arena, err, GCM_ENVIRONMENT, gcm_archive_place(archive),
                        "\"%.*s\" cannot be opened: %s", GCM_P(gcm_archive_shown(archive, path)),
                        strerror(errno));
    gcm_result result = GCM_OK;
    for (struct dirent *entry; result == GCM_OK && (entry = readdir(folder));) {
        if (!strcmp(entry->d_name, ".") || !strcmp(entry->d_name, ".."))
            continue;
        *gcm_push(archive->arena, names) = gcm_copy(archive->arena, gcm_slice_of(entry->d_name));
        if (names->count > GCM_ARCHIVE_FILES)
            result = gcm_fail(archive->arena, err, GCM_BAD_INPUT, gcm_archive_place(archive),
                              "holds more than %d files", GCM_ARCHIVE_FILES);
    }
    closedir(folder);
    return result;
}

static gcm_result add_file(struct gcm_archive *archive, struct gcm_slice root,
                           struct gcm_slice name, struct gcm_error *err)
{
    struct gcm_arena *arena = archive->arena;
    uint64_t size = 0;
    mode_t type = type_of(arena, gcm_path_join(arena, root, name), &size);
    size_t files = archive->files.count;
    gcm_result result = gcm_archive_add(archive, name, size, 0, err);
    if (result || archive->files.count == files || type == S_IFREG)
        return result;
    return gcm_fail(archive->arena, err, GCM_BAD_INPUT, gcm_archive_place(archive),
                    "\"%.*s\" is %s", GCM_P(gcm_archive_shown(archive, name)),
                    type == S_IFLNK ? "a link, which is not followed" : "no file");
}

static gcm_result add_kind(struct gcm_archive *archive, struct gcm_slice root,
                           struct gcm_slice folder, struct gcm_error *err)
{
    struct gcm_arena *arena = archive->arena;
    struct gcm_slice path = gcm_path_join(arena, root, folder);
    struct gcm_slices names = {0};
    uint64_t size;
    mode_t type = type_of(arena, path, &size);
    if (type != S_IFDIR)
        return gcm_fail(archive->arena, err, GCM_BAD_INPUT, gcm_archive_place(archive),
                        "\"%.*s\" is %s", GCM_P(folder),
                        type == S_IFLNK ? "a link, which is not followed" : "no folder");
    gcm_result result =
        gcm_archive_add(archive, gcm_format(arena, "%.*s/", GCM_P(folder)), 0, 0, err);
    if (!result)
        result = names_in(archive, path, &names, err);
    for (size_t i = 0; !result && i < names.count; i++)
        result = add_file(archive, root, gcm_path_join(arena, folder, names.at[i]), err);
    return result;
}

static bool has_kind(const struct gcm_slices *names)
{
    enum gcm_ndf_kind kind;
    for (size_t i = 0; i < names->count; i++)
        if (gcm_archive_is_kind(names->at[i], &kind))
            return true;
    return false;
}

/* The one folder around the three, where there is one. */
static gcm_result see_through(struct gcm_archive *archive, struct gcm_slice *root,
                              struct gcm_slices *names, struct gcm_error *err)
{
    struct gcm_slice around = {0};
    struct gcm_slices inside = {0};
    for (size_t i = 0; i < names->count; i++) {
        struct gcm_slice path = gcm_path_join(archive->arena, *root, names->at[i]);
        struct gcm_slices found = {0};
        uint64_t size;
        if (type_of(archive->arena, path, &size) != S_IFDIR)
            continue;
        gcm_result result = names_in(archive, path, &found, err);
        if (result)
            return result;
        if (!has_kind(&found))
            continue;
        if (around.size)
            return gcm_fail(archive->arena, err, GCM_BAD_INPUT, gcm_archive_place(archive),
                            "holds two exports: \"%.*s\" and \"%.*s\"",
                            GCM_P(gcm_archive_shown(archive, around)),
                            GCM_P(gcm_archive_shown(archive, names->at[i])));
        around = names->at[i];
        inside = found;
    }
    if (around.size) {
        *root = gcm_path_join(archive->arena, *root, around);
        *names = inside;
    }
    return GCM_OK;
}

gcm_result gcm_archive_open_folder(struct gcm_archive *archive, struct gcm_error *err)
{
    struct gcm_slice root = archive->path;
    struct gcm_slices names = {0};
    gcm_result result = names_in(archive, root, &names, err);
    if (!result && !has_kind(&names))
        result = see_through(archive, &root, &names, err);
    struct gcm_slice *kept = GCM_NEW(archive->arena, struct gcm_slice);
    *kept = root;
    archive->handle = kept;
    for (size_t i = 0; !result && i < names.count; i++) {
        enum gcm_ndf_kind kind;
        if (gcm_archive_is_kind(names.at[i], &kind))
            result = add_kind(archive, root, names.at[i], err);
        else
            *gcm_push(archive->arena, &archive->ignored) = names.at[i];
    }
    return result;
}

gcm_result gcm_archive_read_folder(struct gcm_archive *archive,
                                   const struct gcm_archive_file *entry, char *text,
                                   struct gcm_error *err)
{
    const struct gcm_slice *root = archive->handle;
    struct gcm_arena scratch = {0};
    const char *path = gcm_cstring(&scratch, gcm_path_join(&scratch, *root, entry->name));
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    gcm_result result = GCM_OK;
    uint64_t have = 0;
    /* One byte more than the size says: a file that grew is noticed. */
    while (fd >= 0 && have <= entry->size) {
        ssize_t more = read(fd, text + have, (size_t)(entry->size + 1 - have));
        if (more < 0 && errno == EINTR)
            continue;
        if (more <= 0)
            break;
        have += (uint64_t)more;
    }
    if (fd < 0)
        result = gcm_fail(archive->arena, err, GCM_ENVIRONMENT, gcm_archive_place(archive),
                          "\"%.*s\" cannot be opened: %s", GCM_P(entry->name), strerror(errno));
    else if (have != entry->size)
        result = gcm_fail(archive->arena, err, GCM_BAD_INPUT, gcm_archive_place(archive),
                          "\"%.*s\" changed while it was read", GCM_P(entry->name));
    if (fd >= 0)
        close(fd);
    gcm_arena_free(&scratch);
    return result;
}
