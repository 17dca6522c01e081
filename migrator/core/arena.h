/* arena: memory that is freed all at once, one arena for each phase of a command.
 * Nothing that lives in an arena is freed alone. Allocation never returns NULL: a process without
 * memory ends at once with one line on stderr and exit code 8; outputs are written to temporary
 * places and renamed, so nothing is left half-written. */
#ifndef GCM_CORE_ARENA_H
#define GCM_CORE_ARENA_H

#include "core/slice.h"

struct gcm_arena {
    struct gcm_arena_block *newest; /* all zero is an empty arena */
};

void *gcm_arena_alloc(struct gcm_arena *arena, size_t size); /* zeroed, aligned for every type */
void gcm_arena_free(struct gcm_arena *arena);                /* the arena is empty afterwards */
/* The same, but a block of memory is kept for what comes next: for arenas of a page or a batch. */
void gcm_arena_reuse(struct gcm_arena *arena);

/* Memory for bytes, not aligned and not zeroed, but for the last one. Widened, they may move, and
 * the old place is then gone. */
void *gcm_arena_text(struct gcm_arena *arena, size_t size);
void *gcm_arena_widen(struct gcm_arena *arena, void *at, size_t size, size_t wider);

/* Widens what was allocated last, where it is; the new part is zeroed. False, and nothing changed,
 * if something was allocated since or its block has no room. */
bool gcm_arena_extend(struct gcm_arena *arena, const void *at, size_t size, size_t wider);

#define GCM_NEW(arena, type) ((type *)gcm_arena_alloc((arena), sizeof(type)))

/* Copies into the arena. The results are NUL-terminated as well (the NUL is not counted). */
struct gcm_slice gcm_copy(struct gcm_arena *arena, struct gcm_slice slice);
struct gcm_slice gcm_format(struct gcm_arena *arena, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
const char *
gcm_cstring(struct gcm_arena *arena,
            struct gcm_slice slice); /* for calls that want a C string; cut at a NUL inside */

/* First letter changed, the rest as it is; lower: every ASCII letter. */
struct gcm_slice gcm_capitalize(struct gcm_arena *arena, struct gcm_slice slice);
struct gcm_slice gcm_uncapitalize(struct gcm_arena *arena, struct gcm_slice slice);
struct gcm_slice gcm_lower(struct gcm_arena *arena, struct gcm_slice slice);

#endif
