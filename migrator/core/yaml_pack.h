/* yaml_pack: the tree of a YAML file as bytes, which are read a hundred times faster than the file.
 * The build packs the files of rules/ (migrator/pack_rules.c), since they are read at every start.
 * A tree in pre-order, numbers in groups of seven bits; texts stay where they are. */
#ifndef GCM_CORE_YAML_PACK_H
#define GCM_CORE_YAML_PACK_H

#include "core/yaml.h"

/* The root may be NULL: an empty file. */
void gcm_yaml_pack(struct gcm_buffer *out, const struct gcm_yaml *root);

/* What was packed of that file; places point into it. The bytes are our own, and live on. */
struct gcm_yaml *gcm_yaml_unpack(struct gcm_arena *arena, const struct gcm_file *file,
                                 const char *packed);

#endif
