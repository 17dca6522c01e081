#include "core/yaml.h"

#include <string.h>
#include <yaml.h>

#include "core/map.h"
#include "core/yaml_errors.h"

/* A value that an anchor names, with what it costs to repeat it. */
struct anchored {
    struct gcm_yaml *value; /* NULL while it is still being read */
    size_t nodes, depth;
};

struct reader {
    struct gcm_arena *arena;
    const struct gcm_file *file;
    struct gcm_error *err;
    yaml_parser_t parser;
    yaml_event_t event;
    bool has_event;
    struct gcm_yaml_cursor cursor; /* at the start of the latest event */
    struct gcm_map anchors;        /* struct anchored by name */
    size_t nodes;                  /* with those that aliases repeat */
    size_t deepest; /* how deep the value that was just read goes, its own level included */
};

static const char merge_key[] = "<<";
static const char standard_tag[] = "tag:yaml.org,2002:";

static gcm_result read_value(struct reader *r, size_t depth, struct gcm_yaml **value);

static void drop_event(struct reader *r)
{
    if (r->has_event)
        yaml_event_delete(&r->event);
    r->has_event = false;
}

/* Fetches the next event into r->event. */
static gcm_result next_event(struct reader *r)
{
    drop_event(r);
    if (!yaml_parser_parse(&r->parser, &r->event))
        return gcm_yaml_explain(r->arena, r->file, &r->parser, r->err);
    r->has_event = true;
    gcm_yaml_advance(&r->cursor, r->file->text, r->event.start_mark.index);
    return GCM_OK;
}

/* From the start of the event to its end. */
static struct gcm_place event_place(const struct reader *r)
{
    struct gcm_yaml_cursor end = r->cursor;
    gcm_yaml_advance(&end, r->file->text, r->event.end_mark.index);
    return (struct gcm_place){.file = r->file,
                              .offset = (uint32_t)r->cursor.offset,
                              .size = (uint32_t)(end.offset - r->cursor.offset),
                              .line = r->cursor.line,
                              .column = r->cursor.column};
}

static gcm_result fail(struct reader *r, struct gcm_place place, const char *hint, const char *what)
{
    gcm_result result = gcm_fail(r->arena, r->err, GCM_BAD_INPUT, place, "%s", what);
    r->err->hint = gcm_slice_of(hint);
    return result;
}

static gcm_result count_nodes(struct reader *r, size_t nodes)
{
    r->nodes += nodes;
    if (r->nodes <= GCM_YAML_NODES)
        return GCM_OK;
    return gcm_fail(r->arena, r->err, GCM_BAD_INPUT, event_place(r),
                    "too many values: at most %d are read, with those that aliases repeat",
                    GCM_YAML_NODES);
}

static gcm_result check_depth(struct reader *r, size_t depth)
{
    if (depth <= GCM_YAML_DEPTH)
        return GCM_OK;
    return gcm_fail(r->arena, r->err, GCM_BAD_INPUT, event_place(r),
                    "nested too deep: at most %d levels are read", GCM_YAML_DEPTH);
}

static struct gcm_slice slice_of(const yaml_char_t *text)
{
    return gcm_slice_of((const char *)text);
}

/* Remembers the anchor of a value that starts; NULL where it has none. */
static struct anchored *open_anchor(struct reader *r, const yaml_char_t *name)
{
    if (!name)
        return NULL;
    struct anchored *anchor = GCM_NEW(r->arena, struct anchored);
    gcm_map_put(r->arena, &r->anchors, gcm_copy(r->arena, slice_of(name)), anchor);
    return anchor;
}

static gcm_result read_alias(struct reader *r, size_t depth, struct gcm_yaml **value)
{
    struct gcm_slice name = slice_of(r->event.data.alias.anchor);
    const struct anchored *anchor = gcm_map_get(&r->anchors, name);
    struct gcm_place place = event_place(r);
    if (!anchor || !anchor->value) {
        gcm_result result =
            gcm_fail(r->arena, r->err, GCM_BAD_INPUT, place,
                     anchor ? "the alias *%.*s stands inside the value that it repeats"
                            : "the alias *%.*s repeats a value that nothing above names",
                     GCM_P(name));
        r->err->hint =
            GCM_S("a text that starts with * needs quotes; an alias needs its &name before it");
        return result;
    }
    gcm_result result = count_nodes(r, anchor->nodes);
    if (result == GCM_OK)
        result = check_depth(r, depth + anchor->depth - 1);
    if (result != GCM_OK)
        return result;
    r->deepest = anchor->depth;
    *value = GCM_NEW(r->arena, struct gcm_yaml);
    **value = *anchor->value;
    (*value)->place = place;
    return GCM_OK;
}

/* The type that a tag gives: "!!int" and the like. Quoted texts and "!" are strings. */
static gcm_result scalar_type(struct reader *r, struct gcm_yaml *scalar)
{
    static const struct {
        const char *name;
        enum gcm_yaml_type type;
    } tags[] = {{"str", GCM_YAML_STRING},    {"null", GCM_YAML_NULL},
                {"bool", GCM_YAML_BOOLEAN},  {"int", GCM_YAML_INT},
                {"float", GCM_YAML_FLOAT},   {"timestamp", GCM_YAML_TIMESTAMP},
                {"binary", GCM_YAML_STRING}, {"merge", GCM_YAML_STRING}};
    struct gcm_slice tag = slice_of(r->event.data.scalar.tag);
    if (!tag.size || gcm_slice_is(tag, "!")) {
        scalar->type =
            scalar->quoted || tag.size ? GCM_YAML_STRING : gcm_yaml_plain_type(scalar->text);
        return GCM_OK;
    }
    if (gcm_slice_starts(tag, standard_tag)) {
        tag = gcm_slice_sub(tag, sizeof standard_tag - 1, tag.size);
        for (size_t i = 0; i < sizeof tags / sizeof *tags; i++) {
            if (!gcm_slice_is(tag, tags[i].name))
                continue;
            scalar->type = tags[i].type;
            return GCM_OK;
        }
    }
    gcm_result result = gcm_fail(r->arena, r->err, GCM_BAD_INPUT, scalar->place,
                                 "the tag \"%.*s\" is unknown", GCM_P(tag));
    r->err->hint = GCM_S("a text that starts with ! needs quotes");
    return result;
}

static gcm_result read_scalar(struct reader *r, struct gcm_yaml **value)
{
    *value = GCM_NEW(r->arena, struct gcm_yaml);
    struct gcm_yaml *scalar = *value;
    scalar->kind = GCM_YAML_SCALAR;
    scalar->quoted = r->event.data.scalar.style != YAML_PLAIN_SCALAR_STYLE;
    scalar->place = event_place(r);
    scalar->text = gcm_copy(r->arena, (struct gcm_slice){(const char *)r->event.data.scalar.value,
                                                         r->event.data.scalar.length});
    r->deepest = 1;
    return scalar_type(r, scalar);
}

struct nodes {
    struct gcm_yaml **at;
    size_t count, room;
};

/* The end of a collection: where its last value ends (libyaml puts the end of a block behind the
 * comments that follow), or the closing bracket. */
static void close_place(struct reader *r, struct gcm_yaml *collection, bool flow)
{
    size_t end = collection->place.offset;
    if (flow) {
        struct gcm_place bracket = event_place(r);
        end = bracket.offset + bracket.size;
    } else if (collection->count) {
        const struct gcm_yaml *last = collection->items[collection->count - 1];
        end = last->place.offset + last->place.size;
    }
    if (end > collection->place.offset)
        collection->place.size = (uint32_t)(end - collection->place.offset);
}

static gcm_result read_list(struct reader *r, size_t depth, struct gcm_yaml *list)
{
    struct nodes items = {0};
    size_t deepest = 0;
    bool flow = r->event.data.sequence_start.style == YAML_FLOW_SEQUENCE_STYLE;
    for (;;) {
        gcm_result result = next_event(r);
        if (result != GCM_OK)
            return result;
        if (r->event.type == YAML_SEQUENCE_END_EVENT)
            break;
        struct gcm_yaml *item = NULL;
        result = read_value(r, depth + 1, &item);
        if (result != GCM_OK)
            return result;
        *gcm_push(r->arena, &items) = item;
        deepest = r->deepest > deepest ? r->deepest : deepest;
    }
    list->items = items.at;
    list->count = items.count;
    r->deepest = deepest + 1;
    close_place(r, list, flow);
    return GCM_OK;
}

/* A mapping while it is read. */
struct mapping {
    struct nodes keys, items;
    struct gcm_map by_key; /* struct pair by text */
};

struct pair {
    const struct gcm_yaml *key;
    size_t index;
    bool merged; /* it came with `<<`: one that is written replaces it */
};

static void push_pair(struct reader *r, struct mapping *m, struct gcm_yaml *key,
                      struct gcm_yaml *item, bool merged)
{
    struct pair *pair = GCM_NEW(r->arena, struct pair);
    *pair = (struct pair){key, m->keys.count, merged};
    gcm_map_put(r->arena, &m->by_key, key->text, pair);
    *gcm_push(r->arena, &m->keys) = key;
    *gcm_push(r->arena, &m->items) = item;
}

static gcm_result add_pair(struct reader *r, struct mapping *m, struct gcm_yaml *key,
                           struct gcm_yaml *item)
{
    struct pair *before = gcm_map_get(&m->by_key, key->text);
    if (!before) {
        push_pair(r, m, key, item, false);
        return GCM_OK;
    }
    if (before->merged) {
        *before = (struct pair){key, before->index, false};
        m->keys.at[before->index] = key;
        m->items.at[before->index] = item;
        return GCM_OK;
    }
    gcm_fail(r->arena, r->err, GCM_BAD_INPUT, key->place,
             "the key \"%.*s\" stands here a second time, first in line %u", GCM_P(key->text),
             before->key->place.line);
    r->err->hint = GCM_S("remove or rename one of the two");
    return GCM_BAD_INPUT;
}

static gcm_result merge_map(struct reader *r, struct mapping *m, const struct gcm_yaml *source,
                            struct gcm_place place)
{
    if (source->kind != GCM_YAML_MAP)
        return fail(r, place, "use << with an alias of a mapping, or a list of such aliases",
                    "<< can only merge mappings");
    gcm_result result = count_nodes(r, source->count);
    if (result != GCM_OK)
        return result;
    for (size_t i = 0; i < source->count; i++)
        if (!gcm_map_get(&m->by_key, source->keys[i]->text))
            push_pair(r, m, source->keys[i], source->items[i], true);
    return GCM_OK;
}

static gcm_result merge(struct reader *r, struct mapping *m, const struct gcm_yaml *source)
{
    if (source->kind != GCM_YAML_LIST)
        return merge_map(r, m, source, source->place);
    for (size_t i = 0; i < source->count; i++) {
        gcm_result result = merge_map(r, m, source->items[i], source->items[i]->place);
        if (result != GCM_OK)
            return result;
    }
    return GCM_OK;
}

static gcm_result read_pair(struct reader *r, size_t depth, struct mapping *m, size_t *deepest)
{
    struct gcm_yaml *key = NULL, *item = NULL;
    gcm_result result = read_value(r, depth + 1, &key);
    if (result != GCM_OK || !key)
        return result;
    if (key->kind != GCM_YAML_SCALAR)
        return fail(r, key->place, "quotes around the key make it a text",
                    "a key must be a text, not a list or a mapping");
    if (key->type == GCM_YAML_NULL)
        key->text = GCM_S("null");
    bool merges = !key->quoted && gcm_slice_is(key->text, merge_key);
    result = next_event(r);
    if (result == GCM_OK)
        result = read_value(r, depth + 1, &item);
    if (result != GCM_OK)
        return result;
    *deepest = r->deepest > *deepest ? r->deepest : *deepest;
    return merges ? merge(r, m, item) : add_pair(r, m, key, item);
}

static gcm_result read_map(struct reader *r, size_t depth, struct gcm_yaml *map)
{
    struct mapping m = {0};
    size_t deepest = 0;
    bool flow = r->event.data.mapping_start.style == YAML_FLOW_MAPPING_STYLE;
    for (;;) {
        gcm_result result = next_event(r);
        if (result != GCM_OK)
            return result;
        if (r->event.type == YAML_MAPPING_END_EVENT)
            break;
        result = read_pair(r, depth, &m, &deepest);
        if (result != GCM_OK)
            return result;
    }
    map->keys = m.keys.at;
    map->items = m.items.at;
    map->count = m.keys.count;
    r->deepest = deepest + 1;
    close_place(r, map, flow);
    return GCM_OK;
}

static gcm_result read_collection(struct reader *r, size_t depth, struct gcm_yaml **value)
{
    *value = GCM_NEW(r->arena, struct gcm_yaml);
    (*value)->place = event_place(r);
    bool list = r->event.type == YAML_SEQUENCE_START_EVENT;
    (*value)->kind = list ? GCM_YAML_LIST : GCM_YAML_MAP;
    return list ? read_list(r, depth, *value) : read_map(r, depth, *value);
}

/* Reads the value that r->event starts. `depth` is its level, the root's being 1. */
static gcm_result read_value(struct reader *r, size_t depth, struct gcm_yaml **value)
{
    gcm_result result = check_depth(r, depth);
    if (result == GCM_OK)
        result = count_nodes(r, 1);
    if (result != GCM_OK)
        return result;
    if (r->event.type == YAML_ALIAS_EVENT)
        return read_alias(r, depth, value);
    size_t before = r->nodes - 1;
    struct anchored *anchor = NULL;
    if (r->event.type == YAML_SCALAR_EVENT) {
        anchor = open_anchor(r, r->event.data.scalar.anchor);
        result = read_scalar(r, value);
    } else {
        anchor = open_anchor(r, r->event.type == YAML_SEQUENCE_START_EVENT
                                    ? r->event.data.sequence_start.anchor
                                    : r->event.data.mapping_start.anchor);
        result = read_collection(r, depth, value);
    }
    if (result == GCM_OK && anchor)
        *anchor = (struct anchored){*value, r->nodes - before, r->deepest};
    return result;
}

/* STREAM-START, then one document or none, then STREAM-END. */
static gcm_result read_stream(struct reader *r, struct gcm_yaml **root)
{
    gcm_result result = next_event(r);
    if (result == GCM_OK)
        result = next_event(r);
    if (result != GCM_OK || r->event.type == YAML_STREAM_END_EVENT)
        return result;
    result = next_event(r); /* behind DOCUMENT-START */
    if (result == GCM_OK)
        result = read_value(r, 1, root);
    if (result == GCM_OK)
        result = next_event(r); /* DOCUMENT-END */
    if (result == GCM_OK)
        result = next_event(r);
    if (result == GCM_OK && r->event.type != YAML_STREAM_END_EVENT)
        return fail(r, event_place(r), "remove the \"---\" and what belongs to the other document",
                    "a second document starts here; one is expected");
    return result;
}

static const char byte_order_mark[] = "\xef\xbb\xbf";

gcm_result gcm_yaml_read(struct gcm_arena *arena, const struct gcm_file *file,
                         struct gcm_yaml **root, struct gcm_error *err)
{
    struct reader r = {.arena = arena, .file = file, .err = err};
    *root = NULL;
    if (file->text.size > GCM_YAML_BYTES)
        return gcm_fail(arena, err, GCM_BAD_INPUT, (struct gcm_place){.file = file},
                        "has %zu bytes; at most %d are read of a YAML file", file->text.size,
                        GCM_YAML_BYTES);
    size_t skipped = gcm_slice_starts(file->text, byte_order_mark) ? sizeof byte_order_mark - 1 : 0;
    r.cursor = (struct gcm_yaml_cursor){.offset = skipped, .line = 1, .column = 1};
    if (!yaml_parser_initialize(&r.parser))
        return gcm_fail(arena, err, GCM_ENVIRONMENT, (struct gcm_place){.file = file},
                        "out of memory");
    struct gcm_slice text = gcm_slice_sub(file->text, skipped, file->text.size);
    yaml_parser_set_input_string(&r.parser, (const unsigned char *)(text.at ? text.at : ""),
                                 text.size);
    yaml_parser_set_encoding(&r.parser, YAML_UTF8_ENCODING);
    gcm_result result = read_stream(&r, root);
    drop_event(&r);
    yaml_parser_delete(&r.parser);
    if (result != GCM_OK)
        *root = NULL;
    return result;
}

struct gcm_yaml *gcm_yaml_key(const struct gcm_yaml *map, const char *key)
{
    for (size_t i = 0; map && map->kind == GCM_YAML_MAP && i < map->count; i++)
        if (gcm_slice_is(map->keys[i]->text, key))
            return map->keys[i];
    return NULL;
}

struct gcm_yaml *gcm_yaml_get(const struct gcm_yaml *map, const char *key)
{
    for (size_t i = 0; map && map->kind == GCM_YAML_MAP && i < map->count; i++)
        if (gcm_slice_is(map->keys[i]->text, key))
            return map->items[i];
    return NULL;
}

struct gcm_slice gcm_yaml_text(const struct gcm_yaml *scalar)
{
    if (!scalar || scalar->kind != GCM_YAML_SCALAR || scalar->type == GCM_YAML_NULL)
        return GCM_S("");
    return scalar->text;
}

bool gcm_yaml_is_true(const struct gcm_yaml *scalar)
{
    return scalar && scalar->kind == GCM_YAML_SCALAR && scalar->type == GCM_YAML_BOOLEAN &&
           gcm_slice_equal_nocase(scalar->text, GCM_S("true"));
}

bool gcm_yaml_is_null(const struct gcm_yaml *value)
{
    return !value || (value->kind == GCM_YAML_SCALAR && value->type == GCM_YAML_NULL);
}

bool gcm_yaml_is_string(const struct gcm_yaml *value)
{
    return value && value->kind == GCM_YAML_SCALAR && value->type == GCM_YAML_STRING;
}
