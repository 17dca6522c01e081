/* embedded: the files of rules/ as part of the binary (core/embed.sh makes the table). */
#ifndef GCM_CORE_EMBEDDED_H
#define GCM_CORE_EMBEDDED_H

#include "core/error.h"

/* The file of that path ("rules/types.yml"), or NULL. The text lives as long as the process. */
struct gcm_file *gcm_embedded(struct gcm_arena *arena, struct gcm_slice path);

/* The n-th file, in the order of their paths, or NULL behind the last. */
struct gcm_file *gcm_embedded_at(struct gcm_arena *arena, size_t n);

/* The packed tree of an embedded YAML file (core/yaml_pack.h); NULL: it has none. */
const char *gcm_embedded_pack(const struct gcm_file *file);

#endif
