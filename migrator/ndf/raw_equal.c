/* raw_equal: are two values the same, whatever their text? */
#include "core/map.h"
#include "ndf/raw_text.h"

static bool equal(struct gcm_arena *scratch, struct gcm_raw a, struct gcm_raw b);

static bool equal_arrays(struct gcm_arena *scratch, struct gcm_raw a, struct gcm_raw b)
{
    struct gcm_raw_walk left = gcm_raw_walk(a), right = gcm_raw_walk(b);
    struct gcm_raw one, other;
    for (;;) {
        bool more = gcm_raw_next(&left, NULL, &one);
        if (more != gcm_raw_next(&right, NULL, &other))
            return false;
        if (!more)
            return true;
        if (!equal(scratch, one, other))
            return false;
    }
}

/* The members by their decoded names; of repeated ones the last. */
static struct gcm_map members(struct gcm_arena *scratch, struct gcm_raw object)
{
    struct gcm_map map = {0};
    struct gcm_slice key;
    struct gcm_raw value;
    for (struct gcm_raw_walk walk = gcm_raw_walk(object); gcm_raw_next(&walk, &key, &value);) {
        struct gcm_raw *kept = GCM_NEW(scratch, struct gcm_raw);
        *kept = value;
        struct gcm_raw quoted = {{key.at - 1, key.size + 2}, GCM_RAW_STRING};
        gcm_map_put(scratch, &map, gcm_raw_string(scratch, quoted), kept);
    }
    return map;
}

static bool equal_objects(struct gcm_arena *scratch, struct gcm_raw a, struct gcm_raw b)
{
    struct gcm_map left = members(scratch, a), right = members(scratch, b);
    if (left.count != right.count)
        return false;
    struct gcm_slice key;
    struct gcm_raw value;
    for (struct gcm_raw_walk walk = gcm_raw_walk(a); gcm_raw_next(&walk, &key, &value);) {
        struct gcm_raw quoted = {{key.at - 1, key.size + 2}, GCM_RAW_STRING};
        struct gcm_slice name = gcm_raw_string(scratch, quoted);
        const struct gcm_raw *one = gcm_map_get(&left, name), *other = gcm_map_get(&right, name);
        if (!other)
            return false;
        if (one->text.at == value.text.at && !equal(scratch, *one, *other))
            return false;
    }
    return true;
}

/* Goes down as far as the values are nested: they were read, so at most GCM_RAW_DEPTH levels. */
static bool equal(struct gcm_arena *scratch, struct gcm_raw a, struct gcm_raw b)
{
    if (a.kind != b.kind)
        return false;
    if (gcm_slice_equal(a.text, b.text))
        return true;
    switch (a.kind) {
    case GCM_RAW_NUMBER:
        return !gcm_number_compare(a.text, b.text);
    case GCM_RAW_STRING:
        return gcm_raw_same_text(gcm_raw_inside(a.text), gcm_raw_inside(b.text));
    case GCM_RAW_ARRAY:
        return equal_arrays(scratch, a, b);
    case GCM_RAW_OBJECT:
        return equal_objects(scratch, a, b);
    default:
        return true;
    }
}

bool gcm_raw_equal(struct gcm_arena *scratch, struct gcm_raw a, struct gcm_raw b)
{
    return equal(scratch, a, b);
}
