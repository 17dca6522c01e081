#include "ndf/archive.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "ndf/archive_parts.h"

struct gcm_place gcm_archive_place(struct gcm_archive *archive)
{
    struct gcm_file *file = GCM_NEW(archive->arena, struct gcm_file);
    file->path = archive->path;
    return (struct gcm_place){.file = file};
}

struct gcm_slice gcm_archive_shown(struct gcm_archive *archive, struct gcm_slice name)
{
    struct gcm_buffer out = gcm_buffer(archive->arena, GCM_BUFFER_CAP);
    gcm_put_visible(&out, gcm_slice_sub(name, 0, 200));
    if (name.size > 200)
        gcm_puts(&out, "...");
    return gcm_buffer_text(&out);
}

bool gcm_archive_is_kind(struct gcm_slice part, enum gcm_ndf_kind *kind)
{
    for (enum gcm_ndf_kind each = 0; each < GCM_NDF_KINDS; each++)
        if (gcm_slice_is(part, gcm_ndf_names[each])) {
            *kind = each;
            return true;
        }
    return false;
}

/* NUMBER.json; *fits is false where the number is larger than any that can be counted. */
static bool is_numbered(struct gcm_slice name, uint64_t *number, bool *fits)
{
    if (name.size < 6 || !gcm_slice_ends(name, ".json"))
        return false;
    *number = 0;
    *fits = true;
    for (size_t i = 0; i < name.size - 5; i++) {
        if (!gcm_is_digit(name.at[i]))
            return false;
        if (*number > (UINT64_MAX - 9) / 10)
            *fits = false;
        else
            *number = *number * 10 + (uint64_t)(name.at[i] - '0');
    }
    return true;
}

gcm_result gcm_archive_add(struct gcm_archive *archive, struct gcm_slice name, uint64_t size,
                           uint64_t place, struct gcm_error *err)
{
    enum gcm_ndf_kind kind;
    size_t slash = gcm_slice_find(name, '/');
    struct gcm_slice rest = gcm_slice_sub(name, slash + 1, name.size);
    uint64_t number;
    bool fits;
    if (slash == name.size || !gcm_archive_is_kind(gcm_slice_sub(name, 0, slash), &kind)) {
        *gcm_push(archive->arena, &archive->ignored) = name;
        return GCM_OK;
    }
    archive->folder_there[kind] = true;
    if (!rest.size)
        return GCM_OK;
    if (!is_numbered(rest, &number, &fits)) {
        *gcm_push(archive->arena, &archive->ignored) = name;
        return GCM_OK;
    }
    struct gcm_slice shown = gcm_archive_shown(archive, name);
    if (!fits)
        return gcm_fail(archive->arena, err, GCM_BAD_INPUT, gcm_archive_place(archive),
                        "the number of \"%.*s\" is too large", GCM_P(shown));
    if (size > GCM_ARCHIVE_FILE_SIZE)
        return gcm_fail(archive->arena, err, GCM_BAD_INPUT, gcm_archive_place(archive),
                        "\"%.*s\" has %llu bytes; at most %d are read", GCM_P(shown),
                        (unsigned long long)size, GCM_ARCHIVE_FILE_SIZE);
    *gcm_push(archive->arena, &archive->files) =
        (struct gcm_archive_file){kind, name, number, size, place};
    return GCM_OK;
}

static int by_kind_and_number(const void *a, const void *b)
{
    const struct gcm_archive_file *one = a, *other = b;
    if (one->kind != other->kind)
        return one->kind < other->kind ? -1 : 1;
    if (one->number != other->number)
        return one->number < other->number ? -1 : 1;
    return gcm_slice_compare(one->name, other->name);
}

/* In order; two files with one number would be read in an order that nobody gave. */
static gcm_result sort(struct gcm_archive *archive, struct gcm_error *err)
{
    struct gcm_archive_file *files = archive->files.at;
    if (archive->files.count)
        qsort(files, archive->files.count, sizeof *files, by_kind_and_number);
    for (size_t i = 1; i < archive->files.count; i++)
        if (files[i - 1].kind == files[i].kind && files[i - 1].number == files[i].number)
            return gcm_fail(archive->arena, err, GCM_BAD_INPUT, gcm_archive_place(archive),
                            "\"%.*s\" and \"%.*s\" have the same number", GCM_P(files[i - 1].name),
                            GCM_P(files[i].name));
    if (!archive->folder_there[GCM_NDF_NODES] && !archive->folder_there[GCM_NDF_LISTS] &&
        !archive->folder_there[GCM_NDF_RELATIONS])
        return gcm_fail(archive->arena, err, GCM_BAD_INPUT, gcm_archive_place(archive),
                        "holds none of the folders nodes, lists and relations");
    return GCM_OK;
}

gcm_result gcm_archive_open(struct gcm_arena *arena, struct gcm_slice path,
                            struct gcm_archive *archive, struct gcm_error *err)
{
    *archive = (struct gcm_archive){.arena = arena, .path = path};
    int fd = open(gcm_cstring(arena, path), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    struct stat status;
    if (fd < 0 || fstat(fd, &status) != 0) {
        gcm_result code = errno == ENOENT || errno == ENOTDIR ? GCM_BAD_INPUT : GCM_ENVIRONMENT;
        gcm_fail(archive->arena, err, code, gcm_archive_place(archive), "cannot be opened: %s",
                 strerror(errno));
        if (fd >= 0)
            close(fd);
        return code;
    }
    gcm_result result;
    archive->zip = S_ISREG(status.st_mode);
    if (archive->zip) {
        result = gcm_archive_open_zip(archive, fd, err);
    } else {
        close(fd);
        result = S_ISDIR(status.st_mode)
                     ? gcm_archive_open_folder(archive, err)
                     : gcm_fail(archive->arena, err, GCM_BAD_INPUT, gcm_archive_place(archive),
                                "is neither a zip nor a folder");
    }
    return result ? result : sort(archive, err);
}

gcm_result gcm_archive_read(struct gcm_archive *archive, const struct gcm_archive_file *entry,
                            struct gcm_arena *arena, struct gcm_file *file, struct gcm_error *err)
{
    char *text = gcm_arena_text(arena, (size_t)entry->size + 1);
    gcm_result result = archive->zip ? gcm_archive_read_zip(archive, entry, text, err)
                                     : gcm_archive_read_folder(archive, entry, text, err);
    *file =
        (struct gcm_file){gcm_format(arena, "%.*s/%.*s", GCM_P(archive->path), GCM_P(entry->name)),
                          {text, (size_t)entry->size}};
    return result;
}

void gcm_archive_close(struct gcm_archive *archive)
{
    if (archive->zip)
        gcm_archive_close_zip(archive);
    archive->handle = NULL;
}
