/* pack_rules FILE OUT: a program of the build, which packs the tree of a YAML file
 * (core/yaml_pack.h). */
#include <stdio.h>
#include <stdlib.h>

#include "core/file.h"
#include "core/yaml_pack.h"

static void write_pack(struct gcm_arena *arena, const char *from, const char *to)
{
    struct gcm_file *file = NULL;
    struct gcm_yaml *root = NULL;
    struct gcm_error err = {0};
    struct gcm_slice path = gcm_slice_of(from);
    struct gcm_buffer out = gcm_buffer(arena, GCM_BUFFER_CAP);
    if (gcm_file_read(arena, path, path, GCM_YAML_BYTES, &file, &err) != GCM_OK ||
        gcm_yaml_read(arena, file, &root, &err) != GCM_OK) {
        gcm_put_error(&out, &err);
        fputs(gcm_buffer_text(&out).at, stderr);
        exit(1);
    }
    gcm_yaml_pack(&out, root);
    if (gcm_file_write(arena, gcm_slice_of(to), gcm_buffer_text(&out), &err) != GCM_OK)
        exit(1);
}

int main(int argc, char **argv)
{
    struct gcm_arena arena = {0};
    if (argc != 3)
        return 1;
    write_pack(&arena, argv[1], argv[2]);
    gcm_arena_free(&arena);
    return 0;
}
