/* .graphcoolrc beside the project: which targets this checkout was deployed to. Names and ids only;
 * tokens and secrets of clusters are never looked at (spec/graphcool-framework.md §1.12). */
#include "source/reader.h"

static void add_target(struct gcm_reader *reader, const struct gcm_yaml *name,
                       const struct gcm_yaml *value, struct gcm_slice cluster)
{
    struct gcm_target target = {.name = name->text, .cluster = cluster};
    target.service_id = gcm_yaml_text(value);
    size_t slash = gcm_slice_find(target.service_id, '/');
    if (slash < target.service_id.size) {
        target.cluster = gcm_slice_sub(target.service_id, 0, slash);
        target.service_id = gcm_slice_sub(target.service_id, slash + 1, target.service_id.size);
    }
    if (target.service_id.size)
        *gcm_push(reader->arena, &reader->project->targets) = target;
}

static void add_targets(struct gcm_reader *reader, const struct gcm_yaml *map,
                        struct gcm_slice cluster)
{
    if (map && map->kind == GCM_YAML_MAP)
        for (size_t i = 0; i < map->count; i++)
            add_target(reader, map->keys[i], map->items[i], cluster);
}

void gcm_read_rc(struct gcm_reader *reader)
{
    struct gcm_slice path = GCM_S(".graphcoolrc");
    struct gcm_error err = {0};
    struct gcm_yaml *root = NULL;
    if (!gcm_files_has(reader->files, reader->arena, path))
        return;
    const struct gcm_file *file = gcm_read_file(reader, path, &err);
    if (!file || gcm_yaml_read(reader->arena, file, &root, &err) != GCM_OK) {
        *gcm_push(reader->arena, &reader->project->problems) = err;
        return;
    }
    if (gcm_yaml_get(root, "graphcool-framework")) /* the last CLI nested its part */
        root = gcm_yaml_get(root, "graphcool-framework");
    add_targets(reader, gcm_yaml_get(root, "targets"), GCM_S(""));
    /* the shape before targets: one hosted cluster was all there was */
    add_targets(reader, gcm_yaml_get(root, "environments"), GCM_S("shared-eu-west-1"));
}
