#include "core/buffer.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

struct gcm_buffer gcm_buffer(struct gcm_arena *arena, size_t cap)
{
    return (struct gcm_buffer){.arena = arena, .cap = cap};
}

/* Room for `more` bytes and a NUL behind them. */
static bool reserve(struct gcm_buffer *buffer, size_t more)
{
    if (buffer->full || more > buffer->cap - buffer->size) {
        buffer->full = true;
        return false;
    }
    size_t wanted = buffer->size + more + 1;
    if (buffer->at && wanted <= buffer->room)
        return true;
    size_t room = buffer->room ? buffer->room * 2 : 256;
    if (room < wanted)
        room = wanted;
    buffer->at = gcm_arena_widen(buffer->arena, buffer->at, buffer->room, room);
    buffer->room = room;
    return true;
}

void gcm_put_wider(struct gcm_buffer *buffer, struct gcm_slice slice)
{
    if (!slice.size || !reserve(buffer, slice.size))
        return;
    memcpy(buffer->at + buffer->size, slice.at, slice.size);
    buffer->size += slice.size;
}

void gcm_putf(struct gcm_buffer *buffer, const char *format, ...)
{
    char first[256];
    va_list arguments, again;
    va_start(arguments, format);
    va_copy(again, arguments);
    int size = vsnprintf(first, sizeof first, format, arguments);
    va_end(arguments);
    if (size > 0 && (size_t)size < sizeof first) {
        gcm_put(buffer, (struct gcm_slice){first, (size_t)size});
    } else if (size > 0 && reserve(buffer, (size_t)size)) {
        vsnprintf(buffer->at + buffer->size, (size_t)size + 1, format, again);
        buffer->size += (size_t)size;
    }
    va_end(again);
}

struct gcm_slice gcm_buffer_text(struct gcm_buffer *buffer)
{
    if (!buffer->at && !reserve(buffer, 0))
        return GCM_S("");
    buffer->at[buffer->size] = '\0';
    return (struct gcm_slice){buffer->at, buffer->size};
}
