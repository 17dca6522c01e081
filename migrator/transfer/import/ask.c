/* ask: which records of a chunk does the target have? Asked through its GraphQL API: nodes
 * by id, lists by value, relations by pair. Only what a query answers without touching a relation
 * that may be broken is selected: a required field without a row would null the whole node. */
#include "core/plural.h"
#include "transfer/import/parts.h"
#include "transfer/verify/parts.h"

#include <math.h>
#include <stdlib.h>

enum {
    IDS = 500,                    /* of one query */
    LIST_BYTES = 4 * 1024 * 1024, /* of the lists that one query asks for */
    PAIRS_BY_FILTER = 50          /* pairs of one query that asks for each by itself */
};

struct asking {
    struct import *import;
    struct gcm_arena *arena; /* of the question */
    struct items *items;
    size_t from, to; /* items[from…to-1] are asked for; all of one type */
};

/* The root field of a type's list: "users". */
static struct gcm_slice root_of(struct gcm_arena *arena, struct gcm_slice type)
{
    return gcm_uncapitalize(arena, gcm_plural_prisma(arena, type));
}

static struct gcm_slice string_of(struct gcm_arena *arena, struct gcm_raw object, const char *name)
{
    struct gcm_raw member;
    if (!gcm_raw_member(object, name, &member) || member.kind != GCM_RAW_STRING)
        return (struct gcm_slice){0};
    return gcm_raw_string(arena, member);
}

/* Puts a text into a JSON array once. */
static void put_once(struct gcm_arena *arena, struct gcm_buffer *out, struct gcm_map *seen,
                     struct gcm_slice text)
{
    if (gcm_map_put(arena, seen, text, seen))
        return;
    gcm_puts(out, out->size ? "," : "[");
    gcm_put_raw_string(out, text);
}

static struct gcm_slice ids_of(const struct asking *asking)
{
    struct gcm_buffer ids = gcm_buffer(asking->arena, GCM_BUFFER_CAP);
    struct gcm_map seen = {0};
    for (size_t i = asking->from; i < asking->to; i++)
        put_once(asking->arena, &ids, &seen, asking->items->at[i].id);
    gcm_putc(&ids, ']');
    return gcm_format(asking->arena, "\"i\":%.*s", GCM_P(gcm_buffer_text(&ids)));
}

/* The rows of an answer's field `n`, by id. The database may compare ids without case: the map does
 * not. */
static void read_rows(struct asking *asking, struct gcm_raw data, struct gcm_map *rows)
{
    struct gcm_raw list, row;
    if (!gcm_raw_member(data, "n", &list))
        return;
    struct gcm_raw_walk walk = gcm_raw_walk(list);
    while (gcm_raw_next(&walk, NULL, &row)) {
        struct gcm_raw *kept = GCM_NEW(asking->arena, struct gcm_raw);
        *kept = row;
        if (row.kind == GCM_RAW_OBJECT)
            gcm_map_put(asking->arena, rows, string_of(asking->arena, row, "id"), kept);
    }
}

/* MySQL's columns of ids hold three bytes of UTF-8 at most: asking for others is an internal error,
 * and storing them another (spec/prisma1.md §3.2). */
static bool has_four_bytes(struct gcm_slice text)
{
    for (size_t i = 0; i < text.size; i++)
        if ((unsigned char)text.at[i] >= 0xf0)
            return true;
    return false;
}

/* The server does not answer even for this one: nobody knows, so nothing may be sent. */
static gcm_result unanswered(struct asking *asking, struct gcm_error *err)
{
    struct import *import = asking->import;
    const struct item *item = &asking->items->at[asking->from];
    if (has_four_bytes(import->kind == GCM_NDF_RELATIONS ? item->text[0] : item->id))
        return GCM_OK;
    gcm_fail(import->arena, err, GCM_REMOTE, (struct gcm_place){0},
             "%.*s does not say what it holds of %.*s \"%.*s\": %.*s",
             GCM_P(import->options->endpoint), GCM_P(item->source_type), GCM_P(item->source_id),
             GCM_P(import->refusal));
    err->hint = GCM_S("Import again when the server answers; nothing was sent twice.");
    return GCM_REMOTE;
}

/* Asks, and if the server cannot answer so much at once, asks for each half. */
static gcm_result ask_range(struct asking *asking,
                            gcm_result (*ask)(struct asking *asking, bool *answered,
                                              struct gcm_error *err),
                            struct gcm_error *err)
{
    struct gcm_arena arena = {0}, *outer = asking->arena;
    size_t from = asking->from, to = asking->to;
    bool answered = false;
    asking->arena = &arena;
    gcm_result result = ask(asking, &answered, err);
    if (result == GCM_OK && !answered && to - from <= 1)
        result = ask(asking, &answered, err); /* maybe it was only busy */
    gcm_arena_free(&arena);
    asking->arena = outer;
    if (result != GCM_OK || answered)
        return result;
    if (to - from <= 1)
        return unanswered(asking, err);
    asking->to = from + (to - from) / 2; /* halves: at most 9 levels deep */
    result = ask_range(asking, ask, err);
    asking->from = from + (to - from) / 2;
    asking->to = to;
    return result == GCM_OK ? ask_range(asking, ask, err) : result;
}

/* ---- nodes ---- */

static gcm_result ask_nodes(struct asking *asking, bool *answered, struct gcm_error *err)
{
    struct gcm_map rows = {0};
    struct gcm_raw data;
    struct gcm_slice root = root_of(asking->arena, asking->items->at[asking->from].type);
    struct gcm_slice query =
        gcm_format(asking->arena, "query($i:[ID!]){n:%.*s(where:{id_in:$i}){id}}", GCM_P(root));
    gcm_result result =
        import_question(asking->import, asking->arena, query, ids_of(asking), &data, err);
    if (result != GCM_OK || data.kind != GCM_RAW_OBJECT)
        return result;
    *answered = true;
    read_rows(asking, data, &rows);
    for (size_t i = asking->from; i < asking->to; i++) {
        struct item *item = &asking->items->at[i];
        item->presence = gcm_map_get(&rows, item->id) ? PRESENCE_THERE : PRESENCE_ABSENT;
    }
    return GCM_OK;
}

/* ---- lists ---- */

struct raws {
    struct gcm_raw *at;
    size_t count, room;
};

static struct raws elements_of(struct gcm_arena *arena, struct gcm_raw array)
{
    struct raws raws = {0};
    struct gcm_raw element;
    struct gcm_raw_walk walk = gcm_raw_walk(array);
    while (gcm_raw_next(&walk, NULL, &element))
        *gcm_push(arena, &raws) = element;
    return raws;
}

/* The same element, as far as the database can keep it: 15 digits of a Float on PostgreSQL, 30
 * decimals on both (truth/ndf). */
static bool same_element(struct asking *asking, const struct item *item, struct gcm_raw sent,
                         struct gcm_raw stored)
{
    const struct gcm_datamodel *target = asking->import->maker->shape->target;
    const struct gcm_prisma_type *type = gcm_map_get(&target->type_names, item->type);
    const struct gcm_prisma_field *field = type ? gcm_map_get(&type->by_name, item->field) : NULL;
    if (!field || same_value(asking->arena, field, sent, stored))
        return field != NULL;
    if (!gcm_slice_is(field->type_name, "Float") || sent.kind != GCM_RAW_NUMBER ||
        stored.kind != GCM_RAW_NUMBER)
        return false;
    double before = strtod(gcm_cstring(asking->arena, sent.text), NULL);
    double after = strtod(gcm_cstring(asking->arena, stored.text), NULL);
    return fabs(before - after) <= fabs(before) * 1e-14 + 1e-30;
}

/* What was sent, without what is stored, if the rest is in the same order: the elements that the
 * target left out. */
static struct gcm_slice left_out(struct asking *asking, const struct item *item,
                                 const struct raws *sent, const struct raws *stored, size_t from)
{
    struct gcm_buffer out = gcm_buffer(asking->import->arena, GCM_BUFFER_CAP);
    gcm_putc(&out, '[');
    for (size_t i = 0; i < sent->count; i++) {
        if (from < stored->count && same_element(asking, item, sent->at[i], stored->at[from])) {
            from++;
            continue;
        }
        gcm_puts(&out, out.size > 1 ? "," : "");
        gcm_put(&out, sent->at[i].text);
    }
    gcm_putc(&out, ']');
    return from == stored->count ? gcm_buffer_text(&out) : (struct gcm_slice){0};
}

/* The elements that are stored behind the `base` ones that stand before this chunk's. */
static void compare_list(struct asking *asking, struct item *item, struct gcm_raw array)
{
    struct raws sent = elements_of(asking->arena, item->array);
    struct raws stored = elements_of(asking->arena, array);
    size_t base = (size_t)item->base, same = 0;
    while (same < sent.count && base + same < stored.count &&
           same_element(asking, item, sent.at[same], stored.at[base + same]))
        same++;
    item->there = same;
    if (stored.count < base)
        item->presence = PRESENCE_ODD;
    else if (same == sent.count)
        item->presence = PRESENCE_THERE; /* what follows is of the next row, or not */
    else if (base + same == stored.count)
        item->presence = same ? PRESENCE_PART : PRESENCE_ABSENT;
    else {
        item->presence = PRESENCE_ODD;
        item->missing = left_out(asking, item, &sent, &stored, base);
    }
}

static gcm_result ask_lists(struct asking *asking, bool *answered, struct gcm_error *err)
{
    struct gcm_map rows = {0}, fields = {0};
    struct gcm_raw data, array;
    struct gcm_buffer query = gcm_buffer(asking->arena, GCM_BUFFER_CAP);
    gcm_putf(&query, "query($i:[ID!]){n:%.*s(where:{id_in:$i}){id",
             GCM_P(root_of(asking->arena, asking->items->at[asking->from].type)));
    for (size_t i = asking->from; i < asking->to; i++)
        if (!gcm_map_put(asking->arena, &fields, asking->items->at[i].field, asking))
            gcm_putf(&query, " %.*s", GCM_P(asking->items->at[i].field));
    gcm_puts(&query, "}}");
    gcm_result result = import_question(asking->import, asking->arena, gcm_buffer_text(&query),
                                        ids_of(asking), &data, err);
    if (result != GCM_OK || data.kind != GCM_RAW_OBJECT)
        return result;
    *answered = true;
    read_rows(asking, data, &rows);
    for (size_t i = asking->from; i < asking->to; i++) {
        struct item *item = &asking->items->at[i];
        const struct gcm_raw *row = gcm_map_get(&rows, item->id);
        item->presence = PRESENCE_ABSENT;
        item->there = 0;
        if (row && gcm_raw_member(*row, gcm_cstring(asking->arena, item->field), &array))
            compare_list(asking, item, array);
    }
    return GCM_OK;
}

/* ---- pairs ---- */

/* One element of a relation, seen from the field that it names. */
struct link {
    struct gcm_slice type, field, id; /* who owns the field */
    struct gcm_slice other;
    const struct gcm_prisma_field *definition;
};

static struct link link_of(struct asking *asking, struct gcm_slice text)
{
    struct gcm_raw value, ends[2] = {{{0}, GCM_RAW_NULL}, {{0}, GCM_RAW_NULL}};
    struct gcm_raw_error ignored;
    struct link link = {0};
    if (!gcm_raw_read(text, &value, &ignored))
        return link;
    struct gcm_raw_walk walk = gcm_raw_walk(value);
    for (int i = 0; i < 2 && gcm_raw_next(&walk, NULL, &ends[i]);)
        i++;
    int owner = string_of(asking->arena, ends[0], "fieldName").size ? 0 : 1;
    link.type = string_of(asking->arena, ends[owner], "_typeName");
    link.field = string_of(asking->arena, ends[owner], "fieldName");
    link.id = string_of(asking->arena, ends[owner], "id");
    link.other = string_of(asking->arena, ends[1 - owner], "id");
    const struct gcm_prisma_type *type =
        gcm_map_get(&asking->import->maker->shape->target->type_names, link.type);
    link.definition = type ? gcm_map_get(&type->by_name, link.field) : NULL;
    return link;
}

/* The same link from its other end, if it has a field that is a list: only lists can be asked for
 * several pairs at once, and show every row of a relation that should have one. */
static struct link from_the_list(struct link link)
{
    const struct gcm_prisma_field *back = link.definition ? link.definition->back : NULL;
    if (!link.definition || link.definition->list || !back || !back->list)
        return link;
    return (struct link){.type = link.definition->target->name,
                         .field = back->name,
                         .id = link.other,
                         .other = link.id,
                         .definition = back};
}

static struct gcm_slice key_of(struct gcm_arena *arena, struct gcm_slice id, struct gcm_slice other)
{
    return gcm_format(arena, "%zu:%.*s:%.*s", id.size, GCM_P(id), GCM_P(other));
}

static void read_pairs(struct asking *asking, struct gcm_raw data, struct gcm_map *pairs)
{
    struct gcm_raw list, row, others, other;
    if (!gcm_raw_member(data, "n", &list))
        return;
    struct gcm_raw_walk walk = gcm_raw_walk(list);
    while (gcm_raw_next(&walk, NULL, &row)) {
        struct gcm_slice id = string_of(asking->arena, row, "id");
        if (row.kind != GCM_RAW_OBJECT || !gcm_raw_member(row, "f", &others))
            continue;
        struct gcm_raw_walk inner = gcm_raw_walk(others);
        while (gcm_raw_next(&inner, NULL, &other))
            gcm_map_put(asking->arena, pairs,
                        key_of(asking->arena, id, string_of(asking->arena, other, "id")), asking);
    }
}

/* All pairs that a list field holds between these ids. */
static gcm_result ask_pairs_of_list(struct asking *asking, unsigned nth, bool *answered,
                                    struct gcm_error *err)
{
    struct gcm_map seen[2] = {{0}, {0}}, pairs = {0};
    struct gcm_buffer ids = gcm_buffer(asking->arena, GCM_BUFFER_CAP), others = ids;
    struct gcm_raw data;
    struct link first = {0};
    for (size_t i = asking->from; i < asking->to; i++) {
        if (nth >= asking->items->at[i].count)
            continue;
        struct link link = from_the_list(link_of(asking, asking->items->at[i].text[nth]));
        first = first.field.size ? first : link;
        put_once(asking->arena, &ids, &seen[0], link.id);
        put_once(asking->arena, &others, &seen[1], link.other);
    }
    struct gcm_slice query = gcm_format(
        asking->arena,
        "query($i:[ID!],$o:[ID!]){n:%.*s(where:{id_in:$i}){id f:%.*s(where:{id_in:$o}){id}}}",
        GCM_P(root_of(asking->arena, first.type)), GCM_P(first.field));
    struct gcm_slice variables =
        gcm_format(asking->arena, "\"i\":%.*s],\"o\":%.*s]", GCM_P(gcm_buffer_text(&ids)),
                   GCM_P(gcm_buffer_text(&others)));
    gcm_result result =
        import_question(asking->import, asking->arena, query, variables, &data, err);
    if (result != GCM_OK || data.kind != GCM_RAW_OBJECT)
        return result;
    *answered = true;
    read_pairs(asking, data, &pairs);
    for (size_t i = asking->from; i < asking->to; i++) {
        struct item *item = &asking->items->at[i];
        if (nth >= item->count)
            continue;
        struct link link = from_the_list(link_of(asking, item->text[nth]));
        if (!gcm_map_get(&pairs, key_of(asking->arena, link.id, link.other)))
            item->presence = PRESENCE_ABSENT;
    }
    return GCM_OK;
}

/* Each pair by a filter: finds it even where the field shows another row. */
static gcm_result ask_pairs_by_filter(struct asking *asking, unsigned nth, bool *answered,
                                      struct gcm_error *err)
{
    struct gcm_buffer query = gcm_buffer(asking->arena, GCM_BUFFER_CAP);
    struct gcm_raw data, found, row;
    gcm_putc(&query, '{');
    for (size_t i = asking->from; i < asking->to; i++) {
        if (nth >= asking->items->at[i].count)
            continue;
        struct link link = link_of(asking, asking->items->at[i].text[nth]);
        gcm_putf(&query, "p%zu:%.*s(where:{id:", i, GCM_P(root_of(asking->arena, link.type)));
        gcm_put_raw_string(&query, link.id);
        gcm_putf(&query, ",%.*s:{id:", GCM_P(link.field));
        gcm_put_raw_string(&query, link.other);
        gcm_puts(&query, "}}){id}");
    }
    gcm_putc(&query, '}');
    gcm_result result = import_question(asking->import, asking->arena, gcm_buffer_text(&query),
                                        GCM_S(""), &data, err);
    if (result != GCM_OK || data.kind != GCM_RAW_OBJECT)
        return result;
    *answered = true;
    for (size_t i = asking->from; i < asking->to; i++) {
        struct item *item = &asking->items->at[i];
        if (nth >= item->count)
            continue;
        bool there = gcm_raw_member(data, gcm_format(asking->arena, "p%zu", i).at, &found);
        struct gcm_raw_walk walk = gcm_raw_walk(found);
        if (!there || !gcm_raw_next(&walk, NULL, &row))
            item->presence = PRESENCE_ABSENT;
    }
    return GCM_OK;
}

static gcm_result ask_pairs(struct asking *asking, bool *answered, struct gcm_error *err)
{
    gcm_result result = GCM_OK;
    for (size_t i = asking->from; i < asking->to; i++)
        asking->items->at[i].presence = PRESENCE_THERE;
    struct link link = from_the_list(link_of(asking, asking->items->at[asking->from].text[0]));
    bool all = true;
    for (unsigned nth = 0; result == GCM_OK && nth < 2; nth++) {
        bool has = false, this = false;
        for (size_t i = asking->from; i < asking->to; i++)
            has |= nth < asking->items->at[i].count;
        if (!has)
            continue;
        if (link.definition && link.definition->list)
            result = ask_pairs_of_list(asking, nth, &this, err);
        else
            result = ask_pairs_by_filter(asking, nth, &this, err);
        all &= this;
    }
    *answered = all;
    if (!all)
        for (size_t i = asking->from; i < asking->to; i++)
            asking->items->at[i].presence = PRESENCE_ABSENT;
    return result;
}

/* ---- */

/* How far items are of one type and little enough for one question. */
static size_t range_end(const struct import *import, const struct items *items, size_t from)
{
    size_t bytes = 0, to = from;
    size_t most = IDS;
    if (import->kind == GCM_NDF_RELATIONS &&
        !(import->relation && ((import->relation->a && import->relation->a->list) ||
                               (import->relation->b && import->relation->b->list))))
        most = PAIRS_BY_FILTER;
    while (to < items->count && to - from < most && (to == from || bytes < LIST_BYTES) &&
           gcm_slice_equal(items->at[to].type, items->at[from].type)) {
        bytes += import->kind == GCM_NDF_LISTS ? items->at[to].text[0].size : 0;
        to++;
    }
    return to;
}

gcm_result import_ask(struct import *import, struct gcm_arena *arena, struct items *items,
                      struct gcm_error *err)
{
    gcm_result result = GCM_OK;
    for (size_t from = 0; result == GCM_OK && from < items->count;) {
        struct asking asking = {.import = import, .arena = arena, .items = items, .from = from};
        asking.to = range_end(import, items, from);
        from = asking.to;
        result = ask_range(&asking,
                           import->kind == GCM_NDF_NODES   ? ask_nodes
                           : import->kind == GCM_NDF_LISTS ? ask_lists
                                                           : ask_pairs,
                           err);
    }
    return result;
}

gcm_result import_ask_filled(struct import *import, struct gcm_slice *type, struct gcm_error *err)
{
    const struct gcm_shape *shape = import->maker->shape;
    gcm_result result = GCM_OK;
    *type = (struct gcm_slice){0};
    gcm_each (struct gcm_shape_type *, one, shape->types) {
        struct gcm_arena arena = {0};
        struct gcm_raw data, list, row;
        if (!(*one)->to || type->size)
            continue;
        struct gcm_slice query =
            gcm_format(&arena, "{n:%.*s(first:1){id}}", GCM_P(root_of(&arena, (*one)->to->name)));
        result = import_question(import, &arena, query, GCM_S(""), &data, err);
        if (result == GCM_OK && data.kind != GCM_RAW_OBJECT) {
            result = gcm_fail(import->arena, err, GCM_REMOTE, (struct gcm_place){0},
                              "%.*s cannot be asked about the type %.*s: %.*s",
                              GCM_P(import->options->endpoint), GCM_P((*one)->to->name),
                              GCM_P(import->refusal));
            err->hint =
                GCM_S("Is the converted project deployed there as it is now (prisma1 deploy)?");
        }
        if (result == GCM_OK && gcm_raw_member(data, "n", &list)) {
            struct gcm_raw_walk walk = gcm_raw_walk(list);
            if (gcm_raw_next(&walk, NULL, &row))
                *type = (*one)->to->name;
        }
        gcm_arena_free(&arena);
        if (result != GCM_OK)
            break;
    }
    return result;
}
