/* pack_zip: the files of a pack, zipped. libzip reads them one after the other, so memory stays
 * flat. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zip.h>

#include "core/interrupt.h"
#include "ndf/pack_parts.h"

enum { FAST = 1 }; /* of deflate's nine levels: higher ones are slower than any network */

static bool add_file(zip_t *zip, struct gcm_pack *pack, enum gcm_ndf_kind kind, unsigned number)
{
    struct gcm_slice name = gcm_pack_name(pack->arena, kind, number);
    struct gcm_slice path = gcm_format(pack->arena, "%s/%.*s", pack->folder, GCM_P(name));
    zip_source_t *source = zip_source_file(zip, path.at, 0, -1);
    if (!source)
        return false;
    zip_int64_t index = zip_file_add(zip, name.at, source, ZIP_FL_ENC_UTF_8);
    if (index < 0) {
        zip_source_free(source);
        return false;
    }
    return zip_set_file_compression(zip, (zip_uint64_t)index, ZIP_CM_DEFLATE, FAST) == 0;
}

static bool add_files(zip_t *zip, struct gcm_pack *pack)
{
    for (enum gcm_ndf_kind kind = 0; kind < GCM_NDF_KINDS; kind++) {
        if (zip_dir_add(zip, gcm_ndf_names[kind], ZIP_FL_ENC_UTF_8) < 0)
            return false;
        for (unsigned number = 1; number <= pack->files[kind]; number++)
            if (!add_file(zip, pack, kind, number))
                return false;
    }
    return true;
}

static int interrupted(zip_t *zip, void *state)
{
    (void)zip;
    (void)state;
    return gcm_interrupted();
}

static bool synchronize(const char *path)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    bool good = fd >= 0 && fsync(fd) == 0;
    if (fd >= 0)
        close(fd);
    return good;
}

static gcm_result fail_zip(struct gcm_pack *pack, zip_t *zip, struct gcm_error *err)
{
    struct gcm_file *file = GCM_NEW(pack->arena, struct gcm_file);
    file->path = pack->path;
    if (zip_error_code_zip(zip_get_error(zip)) == ZIP_ER_CANCELLED)
        return gcm_fail(pack->arena, err, GCM_INTERRUPTED, (struct gcm_place){.file = file},
                        "was not written: interrupted");
    return gcm_fail(pack->arena, err, GCM_ENVIRONMENT, (struct gcm_place){.file = file},
                    "cannot be written: %s", zip_strerror(zip));
}

static gcm_result write_zip(struct gcm_pack *pack, const char *name, struct gcm_error *err)
{
    zip_t *zip = zip_open(name, ZIP_CREATE | ZIP_TRUNCATE, NULL);
    if (!zip)
        return gcm_pack_fail(pack, err);
    if (!add_files(zip, pack) ||
        zip_register_cancel_callback_with_state(zip, interrupted, NULL, NULL) != 0 ||
        zip_close(zip) != 0) {
        gcm_result result = fail_zip(pack, zip, err);
        zip_discard(zip);
        return result;
    }
    return synchronize(name) ? GCM_OK : gcm_pack_fail(pack, err);
}

gcm_result gcm_pack_zip(struct gcm_pack *pack, char *name, struct gcm_error *err)
{
    int fd = mkstemp(name);
    if (fd < 0)
        return gcm_pack_fail(pack, err);
    bool good = fchmod(fd, gcm_pack_mode(0666)) == 0;
    close(fd);
    gcm_result result = good ? write_zip(pack, name, err) : gcm_pack_fail(pack, err);
    if (result)
        unlink(name);
    return result;
}
