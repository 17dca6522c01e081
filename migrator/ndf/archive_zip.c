/* archive_zip: NDF in a zip, a stranger's input. Every entry is looked at before one is read. */
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zip.h>

#include "core/map.h"
#include "ndf/archive_parts.h"

struct entry {
    struct gcm_slice name;
    zip_stat_t stat;
};

static gcm_result refuse(struct gcm_archive *archive, struct gcm_error *err, struct gcm_slice name,
                         const char *why)
{
    return gcm_fail(archive->arena, err, GCM_BAD_INPUT, gcm_archive_place(archive), "\"%.*s\" %s",
                    GCM_P(gcm_archive_shown(archive, name)), why);
}

static bool has_part(struct gcm_slice name, const char *part)
{
    while (name.size) {
        size_t slash = gcm_slice_find(name, '/');
        if (gcm_slice_is(gcm_slice_sub(name, 0, slash), part))
            return true;
        name = gcm_slice_sub(name, slash + 1, name.size);
    }
    return false;
}

/* Names that would lead out of a folder if somebody unpacked them. */
static const char *wrong_name(struct gcm_slice name)
{
    if (!name.size)
        return "is an empty name";
    if (name.at[0] == '/')
        return "is an absolute name";
    if (name.size > 1 && name.at[1] == ':')
        return "is a name with a drive";
    if (gcm_slice_find(name, '\\') < name.size)
        return "is a name with a backslash";
    if (gcm_slice_find(name, '\0') < name.size)
        return "is a name with a NUL";
    if (has_part(name, ".."))
        return "is a name that leads out of the zip";
    return NULL;
}

/* Links, devices and the like, as the system that made the zip noted them. */
static bool is_special(zip_t *zip, zip_uint64_t index)
{
    zip_uint8_t system;
    zip_uint32_t attributes;
    if (zip_file_get_external_attributes(zip, index, 0, &system, &attributes) != 0)
        return true;
    mode_t type = (mode_t)(attributes >> 16) & S_IFMT;
    return system == ZIP_OPSYS_UNIX && type && type != S_IFREG && type != S_IFDIR;
}

static bool is_bomb(const zip_stat_t *stat)
{
    return stat->size > UINT64_C(1024) * 1024 && stat->size / GCM_ARCHIVE_RATIO > stat->comp_size;
}

/* Why an entry is refused, whatever it holds; NULL if it isn't. */
static const char *wrong_entry(zip_t *zip, zip_uint64_t index, const struct entry *entry)
{
    const char *why = wrong_name(entry->name);
    if (why)
        return why;
    if (is_special(zip, index))
        return "is a link or another thing that is no file";
    if (entry->stat.encryption_method != ZIP_EM_NONE)
        return "is encrypted";
    if (is_bomb(&entry->stat))
        return "would be more than 1,000 times as large unpacked";
    return NULL;
}

/* An entry as libzip sees it, if that is what stands in the directory. */
static gcm_result look_at(struct gcm_archive *archive, zip_t *zip, zip_uint64_t index,
                          const struct gcm_zip_place *place, struct entry *entry,
                          struct gcm_error *err)
{
    const zip_uint64_t needed =
        ZIP_STAT_SIZE | ZIP_STAT_COMP_SIZE | ZIP_STAT_ENCRYPTION_METHOD | ZIP_STAT_COMP_METHOD;
    entry->name = gcm_copy(archive->arena, place->name);
    const char *why = wrong_name(entry->name);
    if (why)
        return refuse(archive, err, entry->name, why);
    const char *name = zip_get_name(zip, index, ZIP_FL_ENC_RAW);
    if (!name || zip_stat_index(zip, index, 0, &entry->stat) != 0 ||
        (entry->stat.valid & needed) != needed || !gcm_slice_is(entry->name, name) ||
        entry->stat.size != place->size || entry->stat.comp_size != place->packed)
        return refuse(archive, err, entry->name, "can be read in two ways");
    why = wrong_entry(zip, index, entry);
    return why ? refuse(archive, err, entry->name, why) : GCM_OK;
}

/* "nodes/" where nodes, lists and relations stand at the top; with one folder around them its name
 * and a slash: "export/". */
static gcm_result find_root(struct gcm_archive *archive, const struct gcm_zip_places *places,
                            struct gcm_slice *root, struct gcm_error *err)
{
    struct gcm_slice around = {0};
    enum gcm_ndf_kind kind;
    *root = (struct gcm_slice){0};
    for (size_t i = 0; i < places->count; i++) {
        struct gcm_slice name = places->at[i].name;
        size_t first = gcm_slice_find(name, '/');
        if (first < name.size && gcm_archive_is_kind(gcm_slice_sub(name, 0, first), &kind))
            return GCM_OK;
        struct gcm_slice outer = gcm_slice_sub(name, 0, first + 1);
        struct gcm_slice inner = gcm_slice_sub(name, first + 1, name.size);
        size_t second = gcm_slice_find(inner, '/');
        if (second == inner.size || gcm_slice_is(outer, "__MACOSX/") ||
            !gcm_archive_is_kind(gcm_slice_sub(inner, 0, second), &kind))
            continue;
        if (around.size && !gcm_slice_equal(around, outer))
            return gcm_fail(archive->arena, err, GCM_BAD_INPUT, gcm_archive_place(archive),
                            "holds two exports: \"%.*s\" and \"%.*s\"",
                            GCM_P(gcm_archive_shown(archive, around)),
                            GCM_P(gcm_archive_shown(archive, outer)));
        around = outer;
    }
    *root = gcm_copy(archive->arena, around);
    return GCM_OK;
}

static gcm_result add_entry(struct gcm_archive *archive, zip_uint64_t index,
                            const struct entry *entry, struct gcm_slice root, struct gcm_error *err)
{
    struct gcm_slice name = entry->name;
    if (root.size && gcm_slice_equal(gcm_slice_sub(name, 0, root.size), root))
        name = gcm_slice_sub(name, root.size, name.size);
    else if (root.size) {
        *gcm_push(archive->arena, &archive->ignored) = name;
        return GCM_OK;
    }
    if (!name.size)
        return GCM_OK;
    size_t files = archive->files.count;
    gcm_result result = gcm_archive_add(archive, name, entry->stat.size, index, err);
    if (!result && archive->files.count > files && entry->stat.comp_method != ZIP_CM_STORE &&
        entry->stat.comp_method != ZIP_CM_DEFLATE)
        return refuse(archive, err, entry->name, "is packed with a method other than deflate");
    return result;
}

static gcm_result add_entries(struct gcm_archive *archive, const struct gcm_zip_places *places,
                              struct gcm_arena *scratch, struct gcm_error *err)
{
    zip_t *zip = archive->handle;
    struct gcm_map names = {0};
    struct gcm_slice root;
    gcm_result result = find_root(archive, places, &root, err);
    if (!result && (zip_uint64_t)zip_get_num_entries(zip, 0) != places->count)
        result = gcm_fail(archive->arena, err, GCM_BAD_INPUT, gcm_archive_place(archive),
                          "is a zip with two directories");
    for (size_t i = 0; !result && i < places->count; i++) {
        struct entry entry;
        result = look_at(archive, zip, i, &places->at[i], &entry, err);
        if (!result && gcm_map_put(scratch, &names, entry.name, archive))
            result = refuse(archive, err, entry.name, "is there twice");
        if (!result)
            result = add_entry(archive, i, &entry, root, err);
    }
    return result;
}

gcm_result gcm_archive_open_zip(struct gcm_archive *archive, int fd, struct gcm_error *err)
{
    struct gcm_arena scratch = {0};
    struct gcm_zip_places places = {0};
    gcm_result result = gcm_zip_places(archive, &scratch, fd, &places, err);
    if (result) {
        close(fd);
    } else {
        int code = 0;
        archive->handle = lseek(fd, 0, SEEK_SET) == 0 ? zip_fdopen(fd, 0, &code) : NULL;
        if (archive->handle) {
            result = add_entries(archive, &places, &scratch, err);
        } else {
            zip_error_t error;
            zip_error_init_with_code(&error, code);
            result = gcm_fail(archive->arena, err, GCM_BAD_INPUT, gcm_archive_place(archive),
                              "cannot be read as a zip: %s", zip_error_strerror(&error));
            zip_error_fini(&error);
            close(fd);
        }
    }
    gcm_arena_free(&scratch);
    return result;
}

gcm_result gcm_archive_read_zip(struct gcm_archive *archive, const struct gcm_archive_file *entry,
                                char *text, struct gcm_error *err)
{
    zip_t *zip = archive->handle;
    zip_file_t *file = zip_fopen_index(zip, entry->place, 0);
    if (!file)
        return gcm_fail(archive->arena, err, GCM_BAD_INPUT, gcm_archive_place(archive),
                        "\"%.*s\" cannot be unpacked: %s", GCM_P(entry->name), zip_strerror(zip));
    uint64_t have = 0;
    zip_int64_t more;
    /* One byte more than promised; the checksum is compared where the data end. */
    while ((more = zip_fread(file, text + have, entry->size + 1 - have)) > 0 && have <= entry->size)
        have += (uint64_t)more;
    gcm_result result = GCM_OK;
    if (more < 0)
        result = gcm_fail(archive->arena, err, GCM_BAD_INPUT, gcm_archive_place(archive),
                          "\"%.*s\" cannot be unpacked: %s", GCM_P(entry->name),
                          zip_file_strerror(file));
    else if (have != entry->size)
        result = gcm_fail(archive->arena, err, GCM_BAD_INPUT, gcm_archive_place(archive),
                          "\"%.*s\" has another size than the zip says", GCM_P(entry->name));
    zip_fclose(file);
    return result;
}

void gcm_archive_close_zip(struct gcm_archive *archive)
{
    if (archive->handle)
        zip_discard(archive->handle);
}
