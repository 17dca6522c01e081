/* buffer: text that grows up to a cap given at the start. Writing past the cap sets `full` and
 * drops the rest; whoever hands the text on checks it once with gcm_buffer_text. */
#ifndef GCM_CORE_BUFFER_H
#define GCM_CORE_BUFFER_H

#include "core/arena.h"

struct gcm_buffer {
    struct gcm_arena *arena;
    char *at;
    size_t size, room, cap;
    bool full;
};

/* For texts that we make ourselves, which must never be cut: no cap but memory, and the arena ends
 * the process, with a message, where that is gone. */
#define GCM_BUFFER_CAP (SIZE_MAX / 4)

struct gcm_buffer gcm_buffer(struct gcm_arena *arena, size_t cap);
void gcm_put_wider(struct gcm_buffer *buffer, struct gcm_slice slice); /* as gcm_put: the rest */

static inline void gcm_put(struct gcm_buffer *buffer, struct gcm_slice slice)
{
    size_t size = buffer->size;
    if (buffer->full || !slice.size || slice.size >= buffer->room - size ||
        slice.size > buffer->cap - size) {
        gcm_put_wider(buffer, slice);
        return;
    }
    memcpy(buffer->at + size, slice.at, slice.size);
    buffer->size = size + slice.size;
}

static inline void gcm_puts(struct gcm_buffer *buffer, const char *text)
{
    gcm_put(buffer, gcm_slice_of(text));
}

static inline void gcm_putc(struct gcm_buffer *buffer, char c)
{
    gcm_put(buffer, (struct gcm_slice){&c, 1});
}
void gcm_putf(struct gcm_buffer *buffer, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* What was written, NUL-terminated behind its end; lives as long as the arena, if nothing more is
 * written. */
struct gcm_slice gcm_buffer_text(struct gcm_buffer *buffer);

#endif
