#include "core/vec.h"

#include <stdlib.h>
#include <string.h>

void *gcm_vec_grow(struct gcm_arena *arena, void *at, size_t count, size_t *room,
                   size_t element_size)
{
    if (count < *room)
        return at;
    size_t wider = *room ? *room * 2 : 4, size;
    if (__builtin_mul_overflow(wider, element_size, &size))
        size = SIZE_MAX / 2; /* the arena refuses it */
    void *moved = gcm_arena_alloc(arena, size);
    if (count)
        memcpy(moved, at, count * element_size);
    *room = wider;
    return moved;
}
