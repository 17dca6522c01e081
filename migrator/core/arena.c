#include "core/arena.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct gcm_arena_block {
    struct gcm_arena_block *older;
    size_t used, size;
    size_t stale; /* what stood here before the last reuse reaches to here; behind it all is zero */
    _Alignas(max_align_t) char bytes[];
};

enum { FIRST_BLOCK = 16 * 1024, LARGEST_BLOCK = 4 * 1024 * 1024 };

static void out_of_memory(void)
{
    static const char line[] = "graphcool-migrate: out of memory; nothing was written\n";
    fwrite(line, 1, sizeof line - 1, stderr);
    _Exit(8);
}

static struct gcm_arena_block *add_block(struct gcm_arena *arena, size_t wanted)
{
    size_t size = arena->newest ? arena->newest->size * 2 : FIRST_BLOCK;
    if (size > LARGEST_BLOCK)
        size = LARGEST_BLOCK;
    if (size < wanted)
        size = wanted;
    size_t total;
    if (__builtin_add_overflow(sizeof(struct gcm_arena_block), size, &total))
        out_of_memory();
    struct gcm_arena_block *block = calloc(1, total);
    if (!block)
        out_of_memory();
    block->size = size;
    block->older = arena->newest;
    arena->newest = block;
    return block;
}

/* New parts of a block hold nothing of its last use. */
static void clear(struct gcm_arena_block *block, size_t from, size_t to)
{
    if (to > block->stale)
        to = block->stale;
    if (from < to)
        memset(block->bytes + from, 0, to - from);
}

/* Memory that starts at a multiple of `alignment`, not cleared. */
static void *take(struct gcm_arena *arena, size_t size, size_t alignment)
{
    struct gcm_arena_block *block = arena->newest;
    size_t start = block ? (block->used + alignment - 1) & ~(alignment - 1) : 0;
    if (!block || start > block->size || block->size - start < size) {
        block = add_block(arena, size);
        start = 0;
    }
    block->used = start + size;
    return block->bytes + start;
}

void *gcm_arena_alloc(struct gcm_arena *arena, size_t size)
{
    char *at = take(arena, size, _Alignof(max_align_t));
    clear(arena->newest, arena->newest->used - size, arena->newest->used);
    return at;
}

static bool extend(struct gcm_arena *arena, const void *at, size_t size, size_t wider)
{
    struct gcm_arena_block *block = arena->newest;
    if (!block || size > block->used || block->bytes + block->used - size != (const char *)at)
        return false;
    size_t start = block->used - size;
    if (wider > block->size - start)
        return false;
    block->used = start + wider;
    return true;
}

bool gcm_arena_extend(struct gcm_arena *arena, const void *at, size_t size, size_t wider)
{
    if (!extend(arena, at, size, wider))
        return false;
    clear(arena->newest, arena->newest->used - (wider - size), arena->newest->used);
    return true;
}

void *gcm_arena_widen(struct gcm_arena *arena, void *at, size_t size, size_t wider)
{
    struct gcm_arena_block *block = arena->newest;
    if (!at)
        return take(arena, wider, 1);
    if (extend(arena, at, size, wider))
        return at;
    size_t total;
    if (at != block->bytes || block->used != size || size < LARGEST_BLOCK) {
        void *moved = take(arena, wider, 1);
        memcpy(moved, at, size);
        return moved;
    }
    if (__builtin_add_overflow(sizeof *block, wider, &total))
        out_of_memory();
    block = realloc(block, total);
    if (!block)
        out_of_memory();
    block->size = block->used = wider;
    arena->newest = block;
    return block->bytes;
}

void *gcm_arena_text(struct gcm_arena *arena, size_t size)
{
    char *text = take(arena, size, 1);
    if (size)
        text[size - 1] = '\0';
    return text;
}

void gcm_arena_free(struct gcm_arena *arena)
{
    while (arena->newest) {
        struct gcm_arena_block *older = arena->newest->older;
        free(arena->newest);
        arena->newest = older;
    }
}

void gcm_arena_reuse(struct gcm_arena *arena)
{
    struct gcm_arena_block *kept = arena->newest;
    if (!kept || kept->size > LARGEST_BLOCK) {
        gcm_arena_free(arena);
        return;
    }
    struct gcm_arena older = {kept->older};
    gcm_arena_free(&older);
    if (kept->stale < kept->used)
        kept->stale = kept->used;
    kept->older = NULL;
    kept->used = 0;
}

struct gcm_slice gcm_copy(struct gcm_arena *arena, struct gcm_slice slice)
{
    size_t size;
    if (__builtin_add_overflow(slice.size, (size_t)1, &size))
        out_of_memory();
    char *copy = take(arena, size, 1);
    if (slice.size)
        memcpy(copy, slice.at, slice.size);
    copy[slice.size] = '\0';
    return (struct gcm_slice){copy, slice.size};
}

struct gcm_slice gcm_format(struct gcm_arena *arena, const char *format, ...)
{
    char first[256];
    va_list arguments, again;
    va_start(arguments, format);
    va_copy(again, arguments);
    int length = vsnprintf(first, sizeof first, format, arguments);
    va_end(arguments);
    size_t size = length > 0 ? (size_t)length : 0;
    struct gcm_slice text = {first, size};
    if (size < sizeof first) {
        text = gcm_copy(arena, text);
    } else {
        char *longer = take(arena, size + 1, 1);
        vsnprintf(longer, size + 1, format, again);
        text.at = longer;
    }
    va_end(again);
    return text;
}

const char *gcm_cstring(struct gcm_arena *arena, struct gcm_slice slice)
{
    return gcm_copy(arena, slice).at;
}

static struct gcm_slice with_first(struct gcm_arena *arena, struct gcm_slice slice, bool upper)
{
    struct gcm_slice copy = gcm_copy(arena, slice);
    char *text = (char *)(uintptr_t)copy.at; /* ours, just made */
    if (copy.size && (upper ? gcm_is_lower(text[0]) : gcm_is_upper(text[0])))
        text[0] = (char)(text[0] ^ 0x20);
    return copy;
}

struct gcm_slice gcm_capitalize(struct gcm_arena *arena, struct gcm_slice slice)
{
    return with_first(arena, slice, true);
}

struct gcm_slice gcm_uncapitalize(struct gcm_arena *arena, struct gcm_slice slice)
{
    return with_first(arena, slice, false);
}

struct gcm_slice gcm_lower(struct gcm_arena *arena, struct gcm_slice slice)
{
    struct gcm_slice copy = gcm_copy(arena, slice);
    char *text = (char *)(uintptr_t)copy.at; /* ours, just made */
    for (size_t i = 0; i < copy.size; i++)
        if (gcm_is_upper(text[i]))
            text[i] = (char)(text[i] + ('a' - 'A'));
    return copy;
}
