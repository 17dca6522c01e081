#include "core/yaml_pack.h"

enum { NOTHING = 3, KIND_BITS = 2, TYPE_BITS = 3 };

/* ---- to bytes ---- */

static void put_number(struct gcm_buffer *out, size_t number)
{
    for (; number > 0x7f; number >>= 7)
        gcm_putc(out, (char)(0x80 | (number & 0x7f)));
    gcm_putc(out, (char)number);
}

/* The depth is that of a tree of gcm_yaml_read: GCM_YAML_DEPTH at most. */
static void put_value(struct gcm_buffer *out, const struct gcm_yaml *value)
{
    put_number(out, (size_t)value->kind | (size_t)value->type << KIND_BITS |
                        (size_t)value->quoted << (KIND_BITS + TYPE_BITS));
    put_number(out, value->place.offset);
    put_number(out, value->place.size);
    put_number(out, value->place.line);
    put_number(out, value->place.column);
    put_number(out, value->kind == GCM_YAML_SCALAR ? value->text.size : value->count);
    if (value->kind == GCM_YAML_SCALAR) {
        gcm_put(out, value->text);
        gcm_putc(out, '\0');
    }
    for (size_t i = 0; i < value->count; i++) {
        if (value->kind == GCM_YAML_MAP)
            put_value(out, value->keys[i]);
        put_value(out, value->items[i]);
    }
}

void gcm_yaml_pack(struct gcm_buffer *out, const struct gcm_yaml *root)
{
    if (root)
        put_value(out, root);
    else
        put_number(out, NOTHING);
}

/* ---- from bytes ---- */

struct unpacker {
    struct gcm_arena *arena;
    const struct gcm_file *file;
    const char *at;
};

static size_t take_number(struct unpacker *unpacker)
{
    size_t number = 0;
    unsigned shift = 0;
    for (; *unpacker->at & 0x80; shift += 7)
        number |= (size_t)(*unpacker->at++ & 0x7f) << shift;
    return number | (size_t)*unpacker->at++ << shift;
}

static struct gcm_yaml *take_value(struct unpacker *unpacker)
{
    size_t head = take_number(unpacker);
    if (head == NOTHING)
        return NULL;
    struct gcm_yaml *value = GCM_NEW(unpacker->arena, struct gcm_yaml);
    value->kind = head & ((1 << KIND_BITS) - 1);
    value->type = head >> KIND_BITS & ((1 << TYPE_BITS) - 1);
    value->quoted = head >> (KIND_BITS + TYPE_BITS);
    value->place.file = unpacker->file;
    value->place.offset = (uint32_t)take_number(unpacker);
    value->place.size = (uint32_t)take_number(unpacker);
    value->place.line = (uint32_t)take_number(unpacker);
    value->place.column = (uint32_t)take_number(unpacker);
    size_t size = take_number(unpacker);
    if (value->kind == GCM_YAML_SCALAR) {
        value->text = (struct gcm_slice){unpacker->at, size};
        unpacker->at += size + 1;
        return value;
    }
    value->count = size;
    value->items = gcm_arena_alloc(unpacker->arena, size * sizeof(struct gcm_yaml *));
    if (value->kind == GCM_YAML_MAP)
        value->keys = gcm_arena_alloc(unpacker->arena, size * sizeof(struct gcm_yaml *));
    for (size_t i = 0; i < size; i++) {
        if (value->kind == GCM_YAML_MAP)
            value->keys[i] = take_value(unpacker);
        value->items[i] = take_value(unpacker);
    }
    return value;
}

struct gcm_yaml *gcm_yaml_unpack(struct gcm_arena *arena, const struct gcm_file *file,
                                 const char *packed)
{
    struct unpacker unpacker = {arena, file, packed};
    return take_value(&unpacker);
}
