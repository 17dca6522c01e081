#include "core/vec.h"

#include <stdlib.h>
#include <string.h>

/* Large elements start with room for one: most fields have one argument, or one directive. */
enum { LARGE_ELEMENT = 32, FEW = 4 };

static size_t wider_than(size_t room, size_t element_size)
{
    if (room >= FEW)
        return room * 2;
    return room || element_size < LARGE_ELEMENT ? FEW : 1;
}

void *gcm_vec_grow(struct gcm_arena *arena, void *at, size_t count, size_t *room,
                   size_t element_size)
{
    if (count < *room)
        return at;
    size_t wider = wider_than(*room, element_size), size;
    if (__builtin_mul_overflow(wider, element_size, &size))
        size = SIZE_MAX / 2; /* the arena refuses it */
    bool extended = at && gcm_arena_extend(arena, at, *room * element_size, size);
    void *moved = extended ? at : gcm_arena_alloc(arena, size);
    if (at && !extended)
        memcpy(moved, at, count * element_size);
    *room = wider;
    return moved;
}

void *gcm_vec_copy(struct gcm_arena *arena, const void *at, size_t count, size_t element_size)
{
    if (!count)
        return NULL;
    void *copy = gcm_arena_alloc(arena, count * element_size);
    memcpy(copy, at, count * element_size);
    return copy;
}
