/* The files of a client's folder. */
#include "core/file.h"
#include "operations/clients.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { DEPTH = 64 };

struct walk {
    struct gcm_arena *arena;
    struct gcm_clients *clients;
    struct gcm_slices files, folders; /* below the folder; folders wait to be looked into */
};

static struct gcm_slice below(struct gcm_arena *arena, struct gcm_slice folder, const char *name)
{
    return folder.size ? gcm_format(arena, "%.*s/%s", GCM_P(folder), name)
                       : gcm_copy(arena, gcm_slice_of(name));
}

static size_t depth_of(struct gcm_slice path)
{
    size_t depth = 0;
    for (size_t i = 0; i < path.size; i++)
        depth += path.at[i] == '/';
    return depth;
}

static void problem(struct walk *walk, struct gcm_slice path, const char *what)
{
    struct gcm_file *file = GCM_NEW(walk->arena, struct gcm_file);
    file->path = path;
    gcm_add_error(walk->arena, &walk->clients->problems, (struct gcm_place){.file = file}, NULL,
                  "%s", what);
}

static void look_at(struct walk *walk, struct gcm_slice folder, const char *name)
{
    struct gcm_slice path = below(walk->arena, folder, name);
    struct gcm_slice full = gcm_path_join(walk->arena, walk->clients->folder, path);
    struct stat status;
    if (name[0] == '.' || !strcmp(name, "node_modules") ||
        lstat(gcm_cstring(walk->arena, full), &status) != 0)
        return;
    if (S_ISDIR(status.st_mode)) {
        if (depth_of(path) < DEPTH)
            *gcm_push(walk->arena, &walk->folders) = path;
        else
            problem(walk, full, "lies too deep; it was not looked into");
    } else if (gcm_client_name(path)) {
        *gcm_push(walk->arena, &walk->files) = path;
    }
}

static bool read_folder(struct walk *walk, struct gcm_slice folder)
{
    struct gcm_slice full = gcm_path_join(walk->arena, walk->clients->folder, folder);
    DIR *open = opendir(gcm_cstring(walk->arena, full));
    if (!open)
        return false;
    for (struct dirent *entry = readdir(open); entry; entry = readdir(open))
        look_at(walk, folder, entry->d_name);
    closedir(open);
    return true;
}

static int by_path(const void *a, const void *b)
{
    const struct gcm_slice *left = a, *right = b;
    return gcm_slice_compare(*left, *right);
}

static void read_file(struct walk *walk, struct gcm_slice path)
{
    struct gcm_slice full = gcm_path_join(walk->arena, walk->clients->folder, path);
    struct gcm_file *file = NULL;
    struct gcm_error err = {0};
    if (gcm_file_read(walk->arena, full, full, GCM_SOURCE_FILE_CAP, &file, &err) == GCM_OK)
        gcm_clients_add(walk->arena, walk->clients, path, file);
    else
        *gcm_push(walk->arena, &walk->clients->problems) = err;
}

gcm_result gcm_clients_read(struct gcm_arena *arena, struct gcm_slice folder,
                            struct gcm_clients **clients, struct gcm_error *err)
{
    struct walk walk = {.arena = arena, .clients = GCM_NEW(arena, struct gcm_clients)};
    walk.clients->folder = folder;
    *clients = walk.clients;
    if (!read_folder(&walk, GCM_S(""))) {
        struct gcm_file *file = GCM_NEW(arena, struct gcm_file);
        file->path = folder;
        return gcm_fail(arena, err, GCM_BAD_INPUT, (struct gcm_place){.file = file},
                        "is not a folder that can be read (%s)", strerror(errno));
    }
    while (walk.folders.count) {
        struct gcm_slice next = walk.folders.at[--walk.folders.count];
        if (!read_folder(&walk, next))
            problem(&walk, gcm_path_join(arena, folder, next), "cannot be read");
    }
    if (walk.files.count)
        qsort(walk.files.at, walk.files.count, sizeof *walk.files.at, by_path);
    gcm_each (const struct gcm_slice, file, walk.files)
        read_file(&walk, *file);
    return GCM_OK;
}
