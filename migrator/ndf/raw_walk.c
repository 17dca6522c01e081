/* raw_walk: over the elements and members of what was checked. */
#include <string.h>

#include "ndf/raw_check.h"

struct gcm_raw_walk gcm_raw_walk(struct gcm_raw value)
{
    struct gcm_raw_walk walk = {0};
    if (value.kind == GCM_RAW_ARRAY || value.kind == GCM_RAW_OBJECT) {
        walk.end = value.text.at + value.text.size - 1;
        walk.at = gcm_raw_blanks(value.text.at + 1, walk.end);
        walk.object = value.kind == GCM_RAW_OBJECT;
    }
    return walk;
}

struct gcm_raw_walk gcm_raw_walk_ends(struct gcm_raw value, const struct gcm_raw_ends *ends,
                                      unsigned level)
{
    struct gcm_raw_walk walk = gcm_raw_walk(value);
    if (ends->start && walk.at < walk.end) {
        walk.start = ends->start;
        walk.ends = ends->at[level].at;
    }
    return walk;
}

/* From an opening quote to behind the closing one. */
static const char *skip_string(const char *at, const char *end)
{
    for (at = gcm_raw_special(at + 1, end); *at != '"'; at = gcm_raw_special(at, end))
        at += *at == '\\' ? 2 : 1;
    return at + 1;
}

static const char *skip_nested(const char *at, const char *end)
{
    size_t depth = 0;
    do {
        if (*at == '"') {
            at = skip_string(at, end);
            continue;
        }
        depth += *at == '{' || *at == '[';
        depth -= *at == '}' || *at == ']';
        at++;
    } while (depth);
    return at;
}

static const char *skip_value(struct gcm_raw_walk *walk, const char *at)
{
    if (*at == '"')
        return skip_string(at, walk->end);
    if ((*at == '{' || *at == '[') && walk->start) {
        uint32_t offset = (uint32_t)(at - walk->start);
        while (*walk->ends <= offset)
            walk->ends++;
        return walk->start + *walk->ends++;
    }
    if (*at == '{' || *at == '[')
        return skip_nested(at, walk->end);
    while (at < walk->end && *at != ',' && *at != ' ' && *at != '\n' && *at != '\r' && *at != '\t')
        at++;
    return at;
}

bool gcm_raw_next(struct gcm_raw_walk *walk, struct gcm_slice *key, struct gcm_raw *value)
{
    const char *at = walk->at, *end = walk->end;
    if (at == end)
        return false;
    struct gcm_slice name = {0};
    if (walk->object) {
        const char *behind = skip_string(at, end);
        name = (struct gcm_slice){at + 1, (size_t)(behind - at - 2)};
        at = gcm_raw_blanks(gcm_raw_blanks(behind, end) + 1, end);
    }
    if (key)
        *key = name;
    const char *behind = skip_value(walk, at);
    *value = (struct gcm_raw){{at, (size_t)(behind - at)}, gcm_raw_kind_of(*at)};
    behind = gcm_raw_blanks(behind, end);
    walk->at = behind < end ? gcm_raw_blanks(behind + 1, end) : end;
    return true;
}

static unsigned put_utf8(uint32_t code, char out[4])
{
    if (code < 0x80) {
        out[0] = (char)code;
        return 1;
    }
    unsigned size = code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
    for (unsigned i = size - 1; i > 0; i--, code >>= 6)
        out[i] = (char)(0x80 | (code & 0x3f));
    static const unsigned char lead[] = {0, 0, 0xc0, 0xe0, 0xf0};
    out[0] = (char)(lead[size] | code);
    return size;
}

static uint32_t unit_at(const char *at)
{
    uint32_t unit = 0;
    for (int i = 0; i < 4; i++)
        unit = unit * 16 + (uint32_t)gcm_raw_hex(at[i]);
    return unit;
}

unsigned gcm_raw_character(const char **at, char out[4])
{
    const char *from = *at;
    if (*from != '\\') {
        out[0] = *from;
        *at = from + 1;
        return 1;
    }
    *at = from + 2;
    switch (from[1]) {
    case 'b':
        out[0] = '\b';
        return 1;
    case 'f':
        out[0] = '\f';
        return 1;
    case 'n':
        out[0] = '\n';
        return 1;
    case 'r':
        out[0] = '\r';
        return 1;
    case 't':
        out[0] = '\t';
        return 1;
    case 'u':
        break;
    default:
        out[0] = from[1];
        return 1;
    }
    uint32_t code = unit_at(from + 2);
    *at = from + 6;
    if (code >= 0xd800 && code <= 0xdbff) {
        code = 0x10000 + ((code - 0xd800) << 10) + (unit_at(from + 8) - 0xdc00);
        *at = from + 12;
    }
    return put_utf8(code, out);
}

static bool has_escape(struct gcm_slice text)
{
    return text.size && memchr(text.at, '\\', text.size);
}

bool gcm_raw_same_text(struct gcm_slice a, struct gcm_slice b)
{
    if (gcm_slice_equal(a, b))
        return true;
    if (!has_escape(a) && !has_escape(b))
        return false;
    const char *left = a.at, *right = b.at, *left_end = left + a.size, *right_end = right + b.size;
    char one[4] = {0}, other[4] = {0};
    unsigned one_size = 0, other_size = 0, i = 0, j = 0;
    /* Byte by byte: the characters of one side need not start where those of the other do. */
    for (;; i++, j++) {
        if (i == one_size && left < left_end) {
            one_size = gcm_raw_character(&left, one);
            i = 0;
        }
        if (j == other_size && right < right_end) {
            other_size = gcm_raw_character(&right, other);
            j = 0;
        }
        if (i == one_size || j == other_size)
            return i == one_size && j == other_size;
        if (one[i] != other[j])
            return false;
    }
}

bool gcm_raw_member(struct gcm_raw object, const char *name, struct gcm_raw *value)
{
    struct gcm_slice wanted = gcm_slice_of(name), key;
    struct gcm_raw member;
    bool found = false;
    if (object.kind != GCM_RAW_OBJECT)
        return false;
    for (struct gcm_raw_walk walk = gcm_raw_walk(object); gcm_raw_next(&walk, &key, &member);)
        if (gcm_raw_is(key, wanted)) {
            *value = member;
            found = true;
        }
    return found;
}

void gcm_raw_members(struct gcm_raw_walk walk, const char *const *names, struct gcm_raw *values)
{
    struct gcm_slice key;
    struct gcm_raw member;
    for (size_t i = 0; names[i]; i++)
        values[i] = (struct gcm_raw){0};
    while (walk.object && gcm_raw_next(&walk, &key, &member))
        for (size_t i = 0; names[i]; i++)
            if (gcm_raw_is(key, gcm_slice_of(names[i])))
                values[i] = member;
}

struct gcm_slice gcm_raw_string(struct gcm_arena *arena, struct gcm_raw string)
{
    struct gcm_slice inside = gcm_raw_inside(string.text);
    if (!inside.size || !memchr(inside.at, '\\', inside.size))
        return inside;
    /* Decoded, no character has more bytes than before. */
    char *text = gcm_arena_text(arena, inside.size + 4);
    size_t size = 0;
    for (const char *at = inside.at, *end = at + inside.size; at < end;)
        size += gcm_raw_character(&at, text + size);
    text[size] = '\0';
    return (struct gcm_slice){text, size};
}

void gcm_put_raw_string(struct gcm_buffer *out, struct gcm_slice text)
{
    static const char hex[] = "0123456789abcdef";
    size_t from = 0;
    gcm_putc(out, '"');
    for (size_t i = 0; i < text.size; i++) {
        unsigned char byte = (unsigned char)text.at[i];
        if (byte >= 0x20 && byte != '"' && byte != '\\')
            continue;
        gcm_put(out, gcm_slice_sub(text, from, i - from));
        from = i + 1;
        const char *known = byte ? strchr("\"\"\\\\\nn\rr\tt", byte) : NULL;
        gcm_putc(out, '\\');
        if (known) {
            gcm_putc(out, known[1]);
        } else {
            gcm_puts(out, "u00");
            gcm_putc(out, hex[byte >> 4]);
            gcm_putc(out, hex[byte & 15]);
        }
    }
    gcm_put(out, gcm_slice_sub(text, from, text.size - from));
    gcm_putc(out, '"');
}
