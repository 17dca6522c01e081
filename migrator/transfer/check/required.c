#include "transfer/check/required.h"

struct filler {
    int64_t link;
    char side;          /* the one that the node stands on */
    int64_t other_type; /* key */
};

struct required_field {
    struct gcm_slice type, name; /* of the source */
    GCM_VEC(struct filler) fillers;
};

struct gcm_required {
    struct gcm_arena *arena;
    struct gcm_stage *stage;
    GCM_VEC(struct required_field) fields;
};

static void add_field(struct gcm_required *required, const struct gcm_record_maker *maker,
                      const struct gcm_shape_relation *relation, char side,
                      const struct gcm_staged_links *links)
{
    bool at_a = side == 'A';
    const struct gcm_relation *source = relation->source;
    struct required_field *field = gcm_push(required->arena, &required->fields);
    field->type = (at_a ? relation->a_type : relation->b_type)->name;
    field->name = at_a ? source->a->name : source->b->name;
    for (size_t i = 0; i < links->count; i++) {
        const struct gcm_staged_link *link = &links->at[i];
        bool swapped;
        if (gcm_shape_of_link(maker->shape, link, &swapped) != relation)
            continue;
        bool on_a = at_a != swapped;
        struct filler *filler = gcm_push(required->arena, &field->fillers);
        filler->link = link->key;
        filler->side = on_a ? 'A' : 'B';
        filler->other_type =
            gcm_stage_name(required->stage, on_a ? link->b.type : link->a.type, false);
    }
}

gcm_result gcm_required_start(struct gcm_arena *arena, const struct gcm_record_maker *maker,
                              struct gcm_required **required, struct gcm_error *err)
{
    struct gcm_staged_links links = {0};
    gcm_result result = gcm_stage_links(maker->stage, arena, &links, err);
    struct gcm_required *made = GCM_NEW(arena, struct gcm_required);
    made->arena = arena;
    made->stage = maker->stage;
    gcm_each (struct gcm_shape_relation *const, relation, maker->shape->relations) {
        const struct gcm_relation *source = (*relation)->source;
        if (source && (*relation)->a && (*relation)->a->required)
            add_field(made, maker, *relation, 'A', &links);
        if (source && source->b && source->b != source->a && (*relation)->b &&
            (*relation)->b->required)
            add_field(made, maker, *relation, 'B', &links);
    }
    *required = made;
    return result;
}

static gcm_result is_filled(struct gcm_required *required, const struct required_field *field,
                            struct gcm_slice id, bool *filled, struct gcm_error *err)
{
    gcm_result result = GCM_OK;
    gcm_each (const struct filler, filler, field->fillers) {
        struct gcm_rows *rows = NULL;
        struct gcm_staged_pair pair;
        if (*filled || result != GCM_OK)
            break;
        result = gcm_rows_pairs_of(required->stage, filler->link, filler->side, id, &rows, err);
        while (result == GCM_OK && !*filled && (result = gcm_rows_pair(rows, &pair, err)) == GCM_OK)
            *filled = gcm_stage_has_node(required->stage, filler->other_type,
                                         filler->side == 'A' ? pair.b : pair.a);
        gcm_rows_close(rows);
        result = result == GCM_END ? GCM_OK : result;
    }
    return result;
}

gcm_result gcm_required_check(struct gcm_required *required, const struct gcm_record *record,
                              gcm_result (*missing)(void *context, struct gcm_slice type,
                                                    struct gcm_slice id, struct gcm_slice field,
                                                    struct gcm_error *err),
                              void *context, struct gcm_error *err)
{
    gcm_result result = GCM_OK;
    gcm_each (const struct required_field, field, required->fields) {
        bool filled = false;
        if (result != GCM_OK || !gcm_slice_equal(field->type, record->type))
            continue;
        result = is_filled(required, field, record->id, &filled, err);
        if (result == GCM_OK && !filled)
            result = missing(context, field->type, record->id, field->name, err);
    }
    return result;
}
