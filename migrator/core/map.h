/* map: from text to a pointer, in an arena. Keeps no order; keys are borrowed.
 * Hashing is keyed by a random seed of the process, so that no input can make it slow on purpose.
 */
#ifndef GCM_CORE_MAP_H
#define GCM_CORE_MAP_H

#include "core/arena.h"

struct gcm_map {
    struct gcm_map_slot *slots; /* all zero is empty */
    size_t count, size;
};

void *gcm_map_get(const struct gcm_map *map, struct gcm_slice key); /* NULL where there is none */

/* Puts a value (not NULL) and returns the one that the key had before, or NULL. */
void *gcm_map_put(struct gcm_arena *arena, struct gcm_map *map, struct gcm_slice key, void *value);

#endif
