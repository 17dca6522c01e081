#include "core/redact.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

__attribute__((format(printf, 2, 0))) static struct gcm_slice
vformat(struct gcm_arena *arena, const char *format, va_list arguments)
{
    va_list again;
    va_copy(again, arguments);
    int size = vsnprintf(NULL, 0, format, arguments);
    char *text = gcm_arena_alloc(arena, size > 0 ? (size_t)size + 1 : 1);
    vsnprintf(text, size > 0 ? (size_t)size + 1 : 1, format, again);
    va_end(again);
    return (struct gcm_slice){text, size > 0 ? (size_t)size : 0};
}

gcm_result gcm_fail(struct gcm_arena *arena, struct gcm_error *err, gcm_result code,
                    struct gcm_place place, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    *err = (struct gcm_error){
        .code = code, .place = place, .message = vformat(arena, format, arguments)};
    va_end(arguments);
    return code;
}

void gcm_add_error(struct gcm_arena *arena, struct gcm_errors *errors, struct gcm_place place,
                   const char *hint, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    struct gcm_slice message = vformat(arena, format, arguments);
    va_end(arguments);
    *gcm_push(arena, errors) = (struct gcm_error){
        .code = GCM_BAD_INPUT, .place = place, .message = message, .hint = gcm_slice_of(hint)};
}

static bool starts_character(char c)
{
    return ((unsigned char)c & 0xc0) != 0x80;
}

struct gcm_place gcm_place_in(const struct gcm_file *file, size_t offset, size_t size)
{
    struct gcm_place place = {
        .file = file, .offset = (uint32_t)offset, .size = (uint32_t)size, .line = 1, .column = 1};
    for (size_t i = 0; i < offset && i < file->text.size; i++) {
        if (file->text.at[i] == '\n') {
            place.line++;
            place.column = 1;
        } else if (starts_character(file->text.at[i])) {
            place.column++;
        }
    }
    return place;
}

static bool ends_line(char c)
{
    return c == '\n' || c == '\r';
}

static size_t line_start(struct gcm_place place)
{
    size_t start = place.offset;
    while (start > 0 && !ends_line(place.file->text.at[start - 1]))
        start--;
    /* a byte order mark has no column */
    bool marked =
        start == 0 && place.offset >= 3 && gcm_slice_starts(place.file->text, "\xef\xbb\xbf");
    return marked ? 3 : start;
}

struct gcm_slice gcm_place_line(struct gcm_place place)
{
    if (!place.file || !place.line || place.offset > place.file->text.size)
        return GCM_S("");
    size_t start = line_start(place), end = place.offset;
    while (end < place.file->text.size && !ends_line(place.file->text.at[end]))
        end++;
    return gcm_slice_sub(place.file->text, start, end - start);
}

void gcm_put_place(struct gcm_buffer *out, struct gcm_place place)
{
    if (!place.file)
        return;
    gcm_put(out, place.file->path);
    if (place.line)
        gcm_putf(out, ":%u:%u", place.line, place.column);
}

enum { CARET_BEFORE = 60, CARET_WIDTH = 96 };

/* Moves an offset to the start of the character that it is in. */
static size_t character_start(struct gcm_slice line, size_t at)
{
    while (at > 0 && at < line.size && !starts_character(line.at[at]))
        at--;
    return at;
}

static size_t width(struct gcm_slice text)
{
    size_t characters = 0;
    for (size_t i = 0; i < text.size; i++)
        characters += starts_character(text.at[i]);
    return characters;
}

void gcm_put_visible(struct gcm_buffer *out, struct gcm_slice text)
{
    for (size_t i = 0; i < text.size; i++)
        gcm_putc(out, (unsigned char)text.at[i] < 0x20 || text.at[i] == 0x7f ? ' ' : text.at[i]);
}

static void put_times(struct gcm_buffer *out, char c, size_t times)
{
    while (times-- > 0)
        gcm_putc(out, c);
}

void gcm_put_caret_at(struct gcm_buffer *out, struct gcm_place place, unsigned indent)
{
    struct gcm_shown_line shown = gcm_redact(out->arena, place);
    if (!shown.text.size)
        return;
    struct gcm_slice line = shown.text;
    size_t from = shown.at > CARET_BEFORE && line.size > CARET_WIDTH
                      ? character_start(line, shown.at - CARET_BEFORE)
                      : 0;
    size_t to =
        line.size - from > CARET_WIDTH ? character_start(line, from + CARET_WIDTH) : line.size;
    put_times(out, ' ', indent);
    gcm_put_visible(out, gcm_slice_sub(line, from, to - from));
    gcm_putc(out, '\n');
    put_times(out, ' ', indent + width(gcm_slice_sub(line, from, shown.at - from)));
    size_t size = shown.size < to - shown.at ? shown.size : to - shown.at;
    size_t marked = width(gcm_slice_sub(line, shown.at, size));
    put_times(out, '^', marked ? marked : 1);
    gcm_putc(out, '\n');
}

void gcm_put_caret(struct gcm_buffer *out, struct gcm_place place)
{
    gcm_put_caret_at(out, place, 4);
}

void gcm_put_error(struct gcm_buffer *out, const struct gcm_error *error)
{
    if (error->place.file) {
        gcm_put_place(out, error->place);
        gcm_puts(out, ": ");
    }
    gcm_put(out, error->message);
    gcm_putc(out, '\n');
    gcm_put_caret(out, error->place);
    if (error->hint.size)
        gcm_putf(out, "    hint: %.*s\n", GCM_P(error->hint));
}
