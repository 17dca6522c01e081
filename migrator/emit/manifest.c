#include "emit/manifest.h"

#include "report/json.h"

#include <cjson/cJSON.h>
#include <inttypes.h>

struct gcm_slice gcm_checksum(struct gcm_arena *arena, struct gcm_slice text)
{
    uint64_t sum = 14695981039346656037u;
    for (size_t i = 0; i < text.size; i++)
        sum = (sum ^ (unsigned char)text.at[i]) * 1099511628211u;
    return gcm_format(arena, "fnv1a64:%016" PRIx64, sum);
}

void gcm_manifest_add(struct gcm_arena *arena, struct gcm_manifest *manifest,
                      struct gcm_manifest_entry entry)
{
    struct gcm_manifest_entry *added = GCM_NEW(arena, struct gcm_manifest_entry);
    *added = entry;
    *gcm_push(arena, &manifest->files) = added;
    gcm_map_put(arena, &manifest->by_path, added->path, added);
}

bool gcm_manifest_knows(const struct gcm_manifest *manifest, struct gcm_slice path,
                        struct gcm_slice checksum)
{
    const struct gcm_manifest_entry *entry = gcm_map_get(&manifest->by_path, path);
    return entry && (gcm_slice_equal(checksum, entry->checksum) ||
                     (entry->before.size && gcm_slice_equal(checksum, entry->before)));
}

static struct gcm_slice text_of(struct gcm_arena *arena, const cJSON *object, const char *name)
{
    const cJSON *member = cJSON_GetObjectItemCaseSensitive(object, name);
    return gcm_copy(arena, gcm_slice_of(cJSON_IsString(member) ? member->valuestring : NULL));
}

gcm_result gcm_manifest_read(struct gcm_arena *arena, const struct gcm_file *file,
                             struct gcm_manifest *manifest, struct gcm_error *err)
{
    cJSON *root = cJSON_ParseWithLength(file->text.at, file->text.size);
    const cJSON *tool = cJSON_GetObjectItemCaseSensitive(root, "tool");
    const cJSON *files = cJSON_GetObjectItemCaseSensitive(root, "written");
    gcm_result result = GCM_OK;
    if (!gcm_slice_is(text_of(arena, tool, "name"), "graphcool-migrate") || !cJSON_IsArray(files))
        result = gcm_fail(arena, err, GCM_BAD_INPUT, (struct gcm_place){.file = file},
                          "was not written by graphcool-migrate, or was damaged");
    const cJSON *entry = result == GCM_OK ? files->child : NULL;
    for (; entry; entry = entry->next)
        gcm_manifest_add(arena, manifest,
                         (struct gcm_manifest_entry){
                             .path = text_of(arena, entry, "path"),
                             .checksum = text_of(arena, entry, "checksum"),
                             .before = text_of(arena, entry, "before"),
                         });
    cJSON_Delete(root);
    return result;
}

struct gcm_slice gcm_manifest_text(struct gcm_arena *arena, const struct gcm_manifest *manifest,
                                   const struct gcm_plan *plan)
{
    struct gcm_buffer out = gcm_buffer(arena, GCM_BUFFER_CAP);
    struct gcm_json json = gcm_json(&out);
    gcm_json_open(&json, '{');
    gcm_report_members(&json, plan);
    gcm_json_key(&json, "written");
    gcm_json_open(&json, '[');
    gcm_each (struct gcm_manifest_entry *, entry, manifest->files) {
        gcm_json_open(&json, '{');
        gcm_json_member(&json, "path", (*entry)->path);
        gcm_json_member(&json, "checksum", (*entry)->checksum);
        if ((*entry)->before.size)
            gcm_json_member(&json, "before", (*entry)->before);
        gcm_json_close(&json, '}');
    }
    gcm_json_close(&json, ']');
    gcm_json_close(&json, '}');
    return gcm_buffer_text(&out);
}
