/* vec: growing arrays in an arena.
 *
 *     GCM_VEC(struct gcm_field) fields;           all zero is empty
 *     *gcm_push(arena, &fields) = field;          the new element is zeroed; earlier elements may
 * move gcm_each(struct gcm_field, field, fields)   for (struct gcm_field *field = …)
 *
 * Since elements move when the array grows, things that others point at are kept as GCM_VEC(struct
 * x *). */
#ifndef GCM_CORE_VEC_H
#define GCM_CORE_VEC_H

#include "core/arena.h"

#define GCM_VEC(type)                                                                              \
    struct {                                                                                       \
        type *at;                                                                                  \
        size_t count, room;                                                                        \
    }

#define gcm_push(arena, vec)                                                                       \
    ((vec)->at = gcm_vec_grow((arena), (vec)->at, (vec)->count, &(vec)->room, sizeof *(vec)->at),  \
     &(vec)->at[(vec)->count++])

#define gcm_each(type, item, vec)                                                                  \
    for (__typeof__(type) *item = (vec).at,                                                        \
                          *item##_end = (vec).at ? (vec).at + (vec).count : (vec).at;              \
         item != item##_end; item++)

/* Moves the elements of a finished list to an array without spare room. Its wide array goes to
 * `spare`, of the same type, where the next list starts: with old elements, which gcm_push then
 * does not zero. */
#define gcm_settle(arena, vec, spare)                                                              \
    ((spare)->at = (vec)->at, (spare)->room = (vec)->room,                                         \
     (vec)->at = gcm_vec_copy((arena), (spare)->at, (vec)->count, sizeof *(vec)->at),              \
     (vec)->room = (vec)->count)

/* Room for one more element; returns the array, moved if it had to be. */
void *gcm_vec_grow(struct gcm_arena *arena, void *at, size_t count, size_t *room,
                   size_t element_size);
void *gcm_vec_copy(struct gcm_arena *arena, const void *at, size_t count, size_t element_size);

/* The vectors that several headers pass around. */
struct gcm_slices {
    struct gcm_slice *at;
    size_t count, room;
};

#endif
