#include "ndf/pack.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/file.h"
#include "ndf/pack_parts.h"

enum {
    USUAL_FILE = 1000 * 1000, /* bytes; docs of the server advise about 1 MB a request */
    MOST_ELEMENTS = 1000,     /* of nodes or relations in a file */
    LAST_NUMBER = 999999      /* six digits: files are sent in the order of their names */
};

static gcm_result fail(struct gcm_pack *pack, struct gcm_error *err, const char *what)
{
    struct gcm_file *file = GCM_NEW(pack->arena, struct gcm_file);
    file->path = pack->path;
    return gcm_fail(pack->arena, err, GCM_ENVIRONMENT, (struct gcm_place){.file = file}, "%s: %s",
                    what, strerror(errno));
}

gcm_result gcm_pack_fail(struct gcm_pack *pack, struct gcm_error *err)
{
    return fail(pack, err, "cannot be written");
}

mode_t gcm_pack_mode(mode_t mode)
{
    mode_t mask = umask(0);
    umask(mask);
    return mode & ~mask;
}

/* A name beside the place of the result, hidden. */
static char *beside(struct gcm_arena *arena, struct gcm_slice path)
{
    while (path.size > 1 && gcm_slice_ends(path, "/"))
        path.size--;
    struct gcm_slice name = gcm_format(arena, ".%.*s.XXXXXX", GCM_P(gcm_path_name(path)));
    struct gcm_slice folder = gcm_path_folder(path);
    return (char *)(uintptr_t)gcm_format(arena, "%.*s/%.*s", GCM_P(folder), GCM_P(name)).at;
}

static gcm_result make_folders(struct gcm_pack *pack, struct gcm_error *err)
{
    pack->folder = beside(pack->arena, pack->path);
    if (!mkdtemp(pack->folder)) {
        pack->folder = NULL;
        return gcm_pack_fail(pack, err);
    }
    if (chmod(pack->folder, gcm_pack_mode(0777)) != 0)
        return gcm_pack_fail(pack, err);
    for (enum gcm_ndf_kind kind = 0; kind < GCM_NDF_KINDS; kind++) {
        struct gcm_slice folder =
            gcm_format(pack->arena, "%s/%s", pack->folder, gcm_ndf_names[kind]);
        if (mkdir(folder.at, 0777) != 0)
            return gcm_pack_fail(pack, err);
    }
    return GCM_OK;
}

gcm_result gcm_pack_start(struct gcm_arena *arena, struct gcm_slice path, size_t file_size,
                          struct gcm_pack **started, struct gcm_error *err)
{
    struct gcm_pack *pack = GCM_NEW(arena, struct gcm_pack);
    *pack = (struct gcm_pack){.arena = arena,
                              .path = gcm_copy(arena, path),
                              .file_size = file_size ? file_size : USUAL_FILE,
                              .zip = gcm_slice_ends(path, ".zip")};
    *started = pack;
    struct stat status;
    if (lstat(pack->path.at, &status) == 0) {
        errno = EEXIST;
        return fail(pack, err, "cannot be written");
    }
    gcm_result result = make_folders(pack, err);
    if (result)
        gcm_pack_drop(pack);
    return result;
}

struct gcm_slice gcm_pack_name(struct gcm_arena *arena, enum gcm_ndf_kind kind, unsigned number)
{
    return gcm_format(arena, "%s/%06u.json", gcm_ndf_names[kind], number);
}

static gcm_result write_page(struct gcm_pack *pack, struct gcm_error *err)
{
    struct gcm_arena *page = &pack->page;
    gcm_puts(&pack->text, "]}");
    struct gcm_slice text = gcm_buffer_text(&pack->text);
    if (pack->files[pack->kind] == LAST_NUMBER) {
        errno = EFBIG;
        return gcm_pack_fail(pack, err);
    }
    struct gcm_slice name = gcm_pack_name(page, pack->kind, ++pack->files[pack->kind]);
    struct gcm_slice path = gcm_format(page, "%s/%.*s", pack->folder, GCM_P(name));
    int fd = open(path.at, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    bool written = fd >= 0;
    for (size_t done = 0; written && done < text.size;) {
        ssize_t more = write(fd, text.at + done, text.size - done);
        if (more < 0 && errno == EINTR)
            continue;
        written = more > 0;
        done += written ? (size_t)more : 0;
    }
    /* A zip is synchronized as a whole: what lies here then is taken away again. */
    written = written && (pack->zip || fsync(fd) == 0);
    gcm_result result = written ? GCM_OK : gcm_pack_fail(pack, err);
    if (fd >= 0 && close(fd) != 0 && result == GCM_OK)
        result = gcm_pack_fail(pack, err);
    gcm_arena_free(page);
    pack->open = false;
    return result;
}

static void open_page(struct gcm_pack *pack)
{
    pack->text = gcm_buffer(&pack->page, GCM_BUFFER_CAP);
    gcm_putf(&pack->text, "{\"valueType\":\"%s\",\"values\":[", gcm_ndf_names[pack->kind]);
    pack->elements = 0;
    pack->open = true;
}

/* Ends the kind that is being written. One without elements has a file as well, as the official
 * exports: an empty folder is easily lost. */
static gcm_result end_kind(struct gcm_pack *pack, struct gcm_error *err)
{
    if (!pack->open && !pack->files[pack->kind])
        open_page(pack);
    gcm_result result = pack->open ? write_page(pack, err) : GCM_OK;
    pack->kind++;
    return result;
}

gcm_result gcm_pack_put(struct gcm_pack *pack, enum gcm_ndf_kind kind, struct gcm_slice element,
                        struct gcm_error *err)
{
    gcm_result result = GCM_OK;
    if (kind < pack->kind)
        return gcm_fail(pack->arena, err, GCM_BUG, (struct gcm_place){0},
                        "%s behind the last of them", gcm_ndf_names[kind]);
    while (!result && pack->kind < kind)
        result = end_kind(pack, err);
    if (!result && pack->open) {
        bool many = kind != GCM_NDF_LISTS && pack->elements == MOST_ELEMENTS;
        size_t size = pack->text.size + 3; /* the comma, and the end of the page */
        if (many || size > pack->file_size || element.size > pack->file_size - size)
            result = write_page(pack, err);
    }
    if (result)
        return result;
    if (pack->open)
        gcm_putc(&pack->text, ',');
    else
        open_page(pack);
    gcm_put(&pack->text, element);
    pack->elements++;
    return GCM_OK;
}

/* Gives the result its name, never over something else. */
static gcm_result place(struct gcm_pack *pack, const char *from, struct gcm_error *err)
{
    const char *to = pack->path.at;
    if (renameat2(AT_FDCWD, from, AT_FDCWD, to, RENAME_NOREPLACE) == 0)
        return GCM_OK;
    struct stat status;
    /* Not every file system can do it in one step. */
    if (errno == EINVAL && lstat(to, &status) != 0 && rename(from, to) == 0)
        return GCM_OK;
    return gcm_pack_fail(pack, err);
}

static void remove_folder(struct gcm_pack *pack)
{
    struct gcm_arena scratch = {0};
    for (enum gcm_ndf_kind kind = 0; pack->folder && kind < GCM_NDF_KINDS; kind++) {
        for (unsigned number = 1; number <= pack->files[kind]; number++) {
            struct gcm_slice name = gcm_pack_name(&scratch, kind, number);
            unlink(gcm_format(&scratch, "%s/%.*s", pack->folder, GCM_P(name)).at);
        }
        rmdir(gcm_format(&scratch, "%s/%s", pack->folder, gcm_ndf_names[kind]).at);
        gcm_arena_free(&scratch);
    }
    if (pack->folder)
        rmdir(pack->folder);
    pack->folder = NULL;
}

gcm_result gcm_pack_finish(struct gcm_pack *pack, struct gcm_error *err)
{
    gcm_result result = GCM_OK;
    while (!result && pack->kind < GCM_NDF_KINDS)
        result = end_kind(pack, err);
    if (!result && pack->zip) {
        char *zip = beside(pack->arena, pack->path);
        result = gcm_pack_zip(pack, zip, err);
        if (!result) {
            result = place(pack, zip, err);
            if (result)
                unlink(zip);
        }
    } else if (!result) {
        result = place(pack, pack->folder, err);
        if (!result)
            pack->folder = NULL; /* it is the result now */
    }
    gcm_pack_drop(pack);
    return result;
}

void gcm_pack_drop(struct gcm_pack *pack)
{
    gcm_arena_free(&pack->page);
    remove_folder(pack);
}
