#include "transfer/check/unique.h"

#include "stage/questions.h"
#include "transfer/records/collation.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A field whose values must differ; of ids `field` is NULL. */
struct unique {
    const struct gcm_shape_type *type;
    const struct gcm_shape_field *field;
    bool odd; /* ids of the type may be the same to MySQL though their bytes differ */
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
        int64_t key = gcm_stage_name(maker->stage, (*type)->name, false);
        *gcm_push(arena, &made->uniques) = (struct unique){
            .type = *type, .odd = made->mysql && gcm_stage_has_odd_ids(maker->stage, key)};
        gcm_each (struct gcm_shape_field *const, field, (*type)->fields)
            if ((*field)->to && (*field)->to->unique && !(*field)->to->id && !(*field)->to->list &&
                !gcm_slice_is((*field)->name, "id"))
                *gcm_push(arena, &made->uniques) = (struct unique){.type = *type, .field = *field};
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

static gcm_result put_id(struct gcm_uniqueness *uniqueness, struct gcm_arena *scratch,
                         int64_t number, const struct gcm_record *record, struct gcm_error *err)
{
    if (!uniqueness->uniques.at[number].odd)
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

/* The target does not take it: `do: note` of a rule says that it does. */
static bool is_refused(const struct gcm_record *record)
{
    gcm_each (const struct gcm_fault, fault, record->faults)
        if (fault->rule && fault->rule->outcome == GCM_REFUSED && !fault->repaired &&
            !gcm_slice_is(fault->rule->action, "note"))
            return true;
    return !record->count;
}

gcm_result gcm_uniqueness_put(struct gcm_uniqueness *uniqueness, struct gcm_arena *scratch,
                              const struct gcm_record *record, struct gcm_error *err)
{
    struct gcm_raw node = {record->text[0], GCM_RAW_OBJECT};
    const struct gcm_shape_type *type =
        gcm_map_get(&uniqueness->maker->shape->type_names, record->type);
    gcm_result result = GCM_OK;
    if (is_refused(record))
        return GCM_OK;
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

gcm_result gcm_uniqueness_each(struct gcm_uniqueness *uniqueness,
                               gcm_result (*each)(void *context, const struct gcm_collision *found,
                                                  struct gcm_error *err),
                               void *context, struct gcm_error *err)
{
    struct collecting collecting = {uniqueness, each, context};
    return gcm_uniques_each(uniqueness->maker->stage, collided, &collecting, err);
}

void gcm_uniqueness_end(struct gcm_uniqueness *uniqueness)
{
    if (uniqueness)
        gcm_uniques_end(uniqueness->maker->stage);
}
