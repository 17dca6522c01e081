#include "transfer/check_unique.h"

#include "stage/questions.h"
#include "transfer/collation.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A field whose values must differ; of ids `field` is NULL. */
struct unique {
    const struct gcm_shape_type *type;
    const struct gcm_shape_field *field;
};

struct gcm_uniqueness {
    const struct gcm_record_maker *maker;
    bool mysql, postgres;
    GCM_VEC(struct unique) uniques; /* those of one type lie together */
};

gcm_result gcm_uniqueness_start(struct gcm_arena *arena, const struct gcm_record_maker *maker,
                                struct gcm_uniqueness **uniqueness, struct gcm_error *err)
{
    struct gcm_uniqueness *made = GCM_NEW(arena, struct gcm_uniqueness);
    made->maker = maker;
    made->mysql = maker->shape->database == GCM_DATABASE_MYSQL;
    made->postgres = maker->shape->database == GCM_DATABASE_POSTGRES;
    gcm_each (struct gcm_shape_type *const, type, maker->shape->types) {
        *gcm_push(arena, &made->uniques) = (struct unique){*type, NULL};
        gcm_each (struct gcm_shape_field *const, field, (*type)->fields)
            if ((*field)->to && (*field)->to->unique && !(*field)->to->id && !(*field)->to->list &&
                !gcm_slice_is((*field)->name, "id"))
                *gcm_push(arena, &made->uniques) = (struct unique){*type, *field};
    }
    *uniqueness = made;
    return gcm_uniques_start(maker->stage, err);
}

/* ---- keys ---- */

/* Days that the reform of the calendar left out are stored as those ten days later (truth/ndf). */
static struct gcm_slice time_key(struct gcm_arena *arena, struct gcm_slice text)
{
    if (text.size < 11 || !gcm_slice_starts(text, "1582-10-"))
        return text;
    int day = (text.at[8] - '0') * 10 + text.at[9] - '0';
    if (day < 5 || day > 14)
        return text;
    return gcm_format(arena, "1582-10-%02d%.*s", day + 10,
                      GCM_P(gcm_slice_sub(text, 10, text.size)));
}

static struct gcm_slice number_key(const struct gcm_uniqueness *uniqueness, struct gcm_arena *arena,
                                   struct gcm_slice text)
{
    double number = strtod(gcm_cstring(arena, text), NULL);
    return gcm_format(arena, "%.*g", uniqueness->postgres ? 15 : 17, number == 0 ? 0.0 : number);
}

static struct gcm_slice key_of(const struct gcm_uniqueness *uniqueness, struct gcm_arena *arena,
                               const struct gcm_prisma_field *to, struct gcm_raw value)
{
    if (value.kind != GCM_RAW_STRING)
        return value.kind == GCM_RAW_NUMBER ? number_key(uniqueness, arena, value.text)
                                            : value.text;
    struct gcm_slice text = gcm_raw_string(arena, value);
    if (gcm_slice_is(to->type_name, "DateTime"))
        return time_key(arena, text);
    if (gcm_slice_is(to->type_name, "ID"))
        return uniqueness->mysql ? gcm_id_key(arena, text) : text;
    return gcm_unique_key(arena, text, uniqueness->mysql);
}

/* ---- */

/* Small letters and digits alone: such ids are the same only where their bytes are. */
static bool is_plain(struct gcm_slice id)
{
    for (size_t i = 0; i < id.size; i++)
        if (!gcm_is_digit(id.at[i]) && !gcm_is_lower(id.at[i]))
            return false;
    return true;
}

/* Ids that are not plain are compared with each other. */
static gcm_result put_id(struct gcm_uniqueness *uniqueness, struct gcm_arena *scratch,
                         int64_t number, const struct gcm_record *record, struct gcm_error *err)
{
    if (!uniqueness->mysql || is_plain(record->id))
        return GCM_OK;
    return gcm_uniques_put(uniqueness->maker->stage, number, gcm_id_key(scratch, record->id),
                           record->row, err);
}

static gcm_result put_value(struct gcm_uniqueness *uniqueness, struct gcm_arena *scratch,
                            int64_t number, const struct gcm_record *record, struct gcm_raw node,
                            struct gcm_error *err)
{
    const struct gcm_prisma_field *to = uniqueness->uniques.at[number].field->to;
    struct gcm_raw value;
    if (!gcm_raw_member(node, gcm_cstring(scratch, to->name), &value) || value.kind == GCM_RAW_NULL)
        return GCM_OK;
    return gcm_uniques_put(uniqueness->maker->stage, number, key_of(uniqueness, scratch, to, value),
                           record->row, err);
}

gcm_result gcm_uniqueness_put(struct gcm_uniqueness *uniqueness, struct gcm_arena *scratch,
                              const struct gcm_record *record, struct gcm_error *err)
{
    struct gcm_raw node = {record->text[0], GCM_RAW_OBJECT};
    const struct gcm_shape_type *type =
        gcm_map_get(&uniqueness->maker->shape->type_names, record->type);
    gcm_result result = GCM_OK;
    for (size_t i = 0; result == GCM_OK && i < uniqueness->uniques.count; i++) {
        const struct unique *unique = &uniqueness->uniques.at[i];
        if (unique->type != type)
            continue;
        result = unique->field ? put_value(uniqueness, scratch, (int64_t)i, record, node, err)
                               : put_id(uniqueness, scratch, (int64_t)i, record, err);
    }
    return result;
}

/* ---- collisions ---- */

struct collecting {
    const struct gcm_uniqueness *uniqueness;
    gcm_result (*each)(void *context, const struct gcm_collision *found, struct gcm_error *err);
    void *context;
};

static gcm_result collided(void *context, int64_t number, struct gcm_slice id,
                           struct gcm_slice first_id, struct gcm_error *err)
{
    const struct collecting *collecting = context;
    const struct unique *unique = &collecting->uniqueness->uniques.at[number];
    if (gcm_slice_equal(id, first_id))
        return GCM_OK; /* the id itself is there twice: that is said already */
    struct gcm_collision found = {.of_ids = !unique->field,
                                  .type = unique->type->name,
                                  .field = unique->field ? unique->field->name : GCM_S("id"),
                                  .id = id,
                                  .other = first_id};
    return collecting->each(collecting->context, &found, err);
}

struct plain_search {
    struct collecting *collecting;
    int64_t number;
    int64_t type; /* key of its name */
};

/* An id with capitals, or blanks behind, whose small form is the plain id of another node. */
static gcm_result search_plain(void *context, struct gcm_slice id, struct gcm_error *err)
{
    const struct plain_search *search = context;
    struct gcm_arena scratch = {0};
    struct gcm_slice small = gcm_lower(&scratch, id);
    while (small.size && small.at[small.size - 1] == ' ')
        small.size--;
    gcm_result result = GCM_OK;
    if (is_plain(small) &&
        gcm_stage_has_node(search->collecting->uniqueness->maker->stage, search->type, small))
        result = collided(search->collecting, search->number, id, small, err);
    gcm_arena_free(&scratch);
    return result;
}

static gcm_result search_ids(struct collecting *collecting, struct gcm_error *err)
{
    const struct gcm_uniqueness *uniqueness = collecting->uniqueness;
    struct gcm_stage *stage = uniqueness->maker->stage;
    gcm_result result = GCM_OK;
    for (size_t i = 0; result == GCM_OK && i < uniqueness->uniques.count; i++) {
        const struct unique *unique = &uniqueness->uniques.at[i];
        struct plain_search search = {collecting, (int64_t)i,
                                      gcm_stage_name(stage, unique->type->name, false)};
        if (!unique->field && search.type)
            result = gcm_uniques_of(stage, (int64_t)i, search_plain, &search, err);
    }
    return result;
}

gcm_result gcm_uniqueness_each(struct gcm_uniqueness *uniqueness,
                               gcm_result (*each)(void *context, const struct gcm_collision *found,
                                                  struct gcm_error *err),
                               void *context, struct gcm_error *err)
{
    struct collecting collecting = {uniqueness, each, context};
    gcm_result result = gcm_uniques_each(uniqueness->maker->stage, collided, &collecting, err);
    if (result == GCM_OK && uniqueness->mysql)
        result = search_ids(&collecting, err);
    return result;
}

void gcm_uniqueness_end(struct gcm_uniqueness *uniqueness)
{
    if (uniqueness)
        gcm_uniques_end(uniqueness->maker->stage);
}
