/* pairs: rows of relations as the target takes them. An export gives [side B, side A]; what
 * the source answered of them depends on the relation (truth/ndf). */
#include "stage/questions.h"
#include "transfer/records/collation.h"
#include "transfer/records/making.h"
#include "transfer/records/memory.h"

#include <string.h>

/* ---- links ---- */

static const struct gcm_shape_relation *relation_of_end(const struct gcm_shape *shape,
                                                        const struct gcm_ndf_end *end)
{
    const struct gcm_shape_type *type = gcm_map_get(&shape->type_names, end->type);
    return type && end->field.size ? gcm_map_get(&type->ends, end->field) : NULL;
}

static bool is_side_a(const struct gcm_shape_relation *relation, const struct gcm_ndf_end *end)
{
    const struct gcm_relation *source = relation->source;
    if (!gcm_slice_equal(relation->a_type->name, end->type))
        return false;
    return !end->field.size || !source || gcm_slice_equal(source->a->name, end->field);
}

static bool is_side_b(const struct gcm_shape_relation *relation, const struct gcm_ndf_end *end)
{
    const struct gcm_relation *source = relation->source;
    if (!gcm_slice_equal(relation->b_type->name, end->type))
        return false;
    return !end->field.size ||
           (source && source->b && gcm_slice_equal(source->b->name, end->field));
}

/* One end may lack its field. Of a self relation with one field both ends have the same one. */
const struct gcm_shape_relation *
gcm_shape_of_link(const struct gcm_shape *shape, const struct gcm_staged_link *link, bool *swapped)
{
    const struct gcm_shape_relation *relation = relation_of_end(shape, &link->b);
    if (!relation)
        relation = relation_of_end(shape, &link->a);
    *swapped = false;
    if (!relation)
        return NULL;
    if (is_side_b(relation, &link->b) && is_side_a(relation, &link->a))
        return relation;
    *swapped = true;
    return is_side_a(relation, &link->b) && is_side_b(relation, &link->a) ? relation : NULL;
}

static gcm_result read_links(const struct gcm_record_maker *maker, struct gcm_maker_memory *memory,
                             struct gcm_error *err)
{
    struct gcm_staged_links links = {0};
    gcm_result result = gcm_stage_links(maker->stage, memory->arena, &links, err);
    for (size_t i = 0; result == GCM_OK && i < links.count; i++) {
        struct known_link *known = gcm_push(memory->arena, &memory->links);
        known->link = links.at[i];
        known->relation = gcm_shape_of_link(maker->shape, &links.at[i], &known->swapped);
        int64_t b = gcm_stage_name(maker->stage, links.at[i].b.type, false);
        int64_t a = gcm_stage_name(maker->stage, links.at[i].a.type, false);
        known->b_type = known->swapped ? a : b;
        known->a_type = known->swapped ? b : a;
    }
    gcm_each (struct known_link, link, memory->links) {
        link->alone = true;
        gcm_each (const struct known_link, other, memory->links)
            link->alone &= other == link || other->relation != link->relation;
    }
    memory->links_read = result == GCM_OK;
    return result;
}

/* ---- questions about rows ---- */

struct pairing {
    struct making making;
    struct gcm_maker_memory *memory;
    struct known_link *link;
    const struct gcm_shape_relation *relation;
    int64_t row;
    struct gcm_slice a, b; /* ids by side */
    struct gcm_error *err;
    gcm_result result;
};

/* What a node has on the other side. */
struct others {
    struct gcm_slice lowest; /* by the source's collation */
    bool several;
    size_t count;
};

static void look_at(struct pairing *pairing, struct others *others, struct gcm_slice other)
{
    others->count++;
    if (!others->lowest.at) {
        others->lowest = gcm_copy(pairing->making.arena, other);
        return;
    }
    int order = gcm_id_compare(other, others->lowest);
    others->several |= !gcm_slice_equal(other, others->lowest);
    if (order < 0)
        others->lowest = gcm_copy(pairing->making.arena, other);
}

/* Is the other end there? A row without it answers nothing. Those of the row itself are. */
static bool is_there(const struct pairing *pairing, const struct known_link *link, char side,
                     struct gcm_slice other)
{
    bool self = link->a_type == link->b_type;
    if ((gcm_slice_equal(other, pairing->a) && (self || side == 'B')) ||
        (gcm_slice_equal(other, pairing->b) && (self || side == 'A')))
        return true;
    return gcm_stage_has_node(pairing->making.maker->stage,
                              side == 'A' ? link->b_type : link->a_type, other);
}

/* Goes over the rows of one link that have `id` on `side`. */
static void look_through(struct pairing *pairing, const struct known_link *link, char side,
                         struct gcm_slice id, struct others *others)
{
    char staged = link->swapped ? (side == 'A' ? 'B' : 'A') : side;
    struct gcm_rows *rows = NULL;
    struct gcm_staged_pair pair;
    gcm_result result = gcm_rows_pairs_of(pairing->making.maker->stage, link->link.key, staged, id,
                                          &rows, pairing->err);
    bool symmetric =
        pairing->relation->way == GCM_WAY_SELF_BOTH || pairing->relation->way == GCM_WAY_SELF_TWO;
    while (result == GCM_OK && (result = gcm_rows_pair(rows, &pair, pairing->err)) == GCM_OK) {
        struct gcm_slice other = staged == 'A' ? pair.b : pair.a;
        bool itself = symmetric && gcm_slice_equal(other, id);
        if (!itself && is_there(pairing, link, side, other))
            look_at(pairing, others, other);
    }
    gcm_rows_close(rows);
    if (result != GCM_OK && result != GCM_END)
        pairing->result = result;
}

/* The first row with these ends, in any link of the relation; 0: none. */
static int64_t first_row(struct pairing *pairing, struct gcm_slice a, struct gcm_slice b)
{
    int64_t first = 0;
    gcm_each (const struct known_link, link, pairing->memory->links) {
        if (link->relation != pairing->relation)
            continue;
        int64_t row = gcm_stage_pair_row(pairing->making.maker->stage, link->link.key,
                                         link->swapped ? a : b, link->swapped ? b : a);
        if (row && (!first || row < first))
            first = row;
    }
    return first;
}

static void look_everywhere(struct pairing *pairing, const char *sides, struct gcm_slice id,
                            struct others *others)
{
    for (; *sides; sides++)
        gcm_each (const struct known_link, link, pairing->memory->links)
            if (link->relation == pairing->relation)
                look_through(pairing, link, *sides, id, others);
}

/* Nodes with many rows are remembered: each of their rows asks again. */
static struct others others_of(struct pairing *pairing, const char *sides, struct gcm_slice id)
{
    struct gcm_maker_memory *memory = pairing->memory;
    struct others others = {0};
    struct busy_node *busy = &memory->busy[gcm_id_hash(id) % BUSY_NODES];
    if (busy->relation == pairing->relation && busy->side == sides[0] &&
        gcm_slice_equal((struct gcm_slice){busy->id, busy->id_size}, id)) {
        others.lowest =
            gcm_copy(pairing->making.arena, (struct gcm_slice){busy->lowest, busy->lowest_size});
        others.several = true;
        return others;
    }
    look_everywhere(pairing, sides, id, &others);
    if (others.count < BUSY || id.size > BUSY_ID || others.lowest.size > BUSY_ID || !others.several)
        return others;
    *busy = (struct busy_node){.relation = pairing->relation, .side = sides[0]};
    memcpy(busy->id, id.at, busy->id_size = id.size);
    memcpy(busy->lowest, others.lowest.at, busy->lowest_size = others.lowest.size);
    return others;
}

/* ---- texts ---- */

static void put_end(struct gcm_buffer *out, const struct gcm_shape_type *type, struct gcm_slice id,
                    const struct gcm_prisma_field *field)
{
    gcm_put(out, type->start);
    gcm_put_raw_string(out, id);
    if (field) {
        gcm_puts(out, ",\"fieldName\":");
        gcm_put_raw_string(out, field->name);
    }
    gcm_putc(out, '}');
}

/* `[B, A]`, as an export has it. */
static void add_pair(struct pairing *pairing)
{
    const struct gcm_shape_relation *relation = pairing->relation;
    struct gcm_record *record = pairing->making.record;
    struct gcm_buffer out = gcm_buffer(pairing->making.arena, GCM_BUFFER_CAP);
    gcm_putc(&out, '[');
    put_end(&out, relation->b_type, pairing->b, relation->b);
    gcm_putc(&out, ',');
    put_end(&out, relation->a_type, pairing->a, relation->a);
    gcm_putc(&out, ']');
    record->text[record->count++] = gcm_buffer_text(&out);
}

/* `[owner with the field, other without]`: which of the two is the owner is then sure. */
static void add_owned(struct pairing *pairing, struct gcm_slice owner, struct gcm_slice other)
{
    const struct gcm_shape_relation *relation = pairing->relation;
    struct gcm_record *record = pairing->making.record;
    struct gcm_buffer out = gcm_buffer(pairing->making.arena, GCM_BUFFER_CAP);
    gcm_putc(&out, '[');
    put_end(&out, relation->a_type, owner, relation->a);
    gcm_putc(&out, ',');
    put_end(&out, relation->a_type, other, NULL);
    gcm_putc(&out, ']');
    record->text[record->count++] = gcm_buffer_text(&out);
}

/* ---- the ways ---- */

static struct gcm_slice field_at(const struct gcm_shape_relation *relation, char side)
{
    const struct gcm_relation *source = relation->source;
    if (!source)
        return GCM_S("");
    if (side == 'A' || !source->b)
        return source->a->name;
    return source->b->name;
}

/* Nearly always nobody has more than one, which is known of all rows at once. */
static bool all_are_single(struct pairing *pairing, char side)
{
    struct known_link *link = pairing->link;
    if (!link->alone)
        return false;
    bool at_a = side == 'A';
    if ((at_a ? link->at_a : link->at_b) == GCM_NOT_ASKED) {
        bool single = gcm_stage_pairs_are_single(pairing->making.maker->stage, link->link.key,
                                                 at_a != link->swapped ? 'A' : 'B');
        *(at_a ? &link->at_a : &link->at_b) = single ? GCM_SINGLE : GCM_SEVERAL;
    }
    return (at_a ? link->at_a : link->at_b) == GCM_SINGLE;
}

/* A to-one field with several rows is named once: at the row that the source answers. False: INLINE
 * has room for that row only, and this is another. */
static bool check_end(struct pairing *pairing, char side)
{
    const struct gcm_shape_relation *relation = pairing->relation;
    bool at_a = side == 'A';
    if (!(at_a ? relation->a_to_one : relation->b_to_one) || all_are_single(pairing, side))
        return true;
    struct gcm_slice id = at_a ? pairing->a : pairing->b, other = at_a ? pairing->b : pairing->a;
    struct others others = others_of(pairing, at_a ? "A" : "B", id);
    if (!others.several)
        return true;
    bool answered = gcm_slice_equal(others.lowest, other);
    bool in_column = relation->link == GCM_LINK_INLINE && relation->inline_at_a == at_a;
    if (answered || in_column)
        making_end_fault(&pairing->making, answered ? "to-one-several" : "to-one-dropped",
                         (at_a ? relation->a_type : relation->b_type)->name, id,
                         field_at(relation, side), other);
    return answered || !in_column;
}

static void make_plain(struct pairing *pairing)
{
    bool a = check_end(pairing, 'A'), b = check_end(pairing, 'B');
    if (a && b)
        add_pair(pairing);
}

static void make_list(struct pairing *pairing)
{
    if (!gcm_slice_equal(pairing->a, pairing->b) && !first_row(pairing, pairing->b, pairing->a))
        making_end_fault(&pairing->making, "one-direction", pairing->relation->a_type->name,
                         pairing->a, field_at(pairing->relation, 'A'), pairing->b);
    add_owned(pairing, pairing->a, pairing->b);
}

/* What the source answers for a node of a self relation with one to-one field: of all its rows, in
 * either direction, the one whose other end is the lowest, itself never. */
static bool answers(struct pairing *pairing, struct gcm_slice id, struct gcm_slice other)
{
    struct others others = others_of(pairing, "AB", id);
    bool answered = others.lowest.at && gcm_slice_equal(others.lowest, other);
    if (answered && others.several)
        making_end_fault(&pairing->making, "to-one-several", pairing->relation->a_type->name, id,
                         field_at(pairing->relation, 'A'), other);
    return answered;
}

static void make_symmetric(struct pairing *pairing)
{
    struct gcm_slice a = pairing->a, b = pairing->b;
    const char *left_out = NULL;
    if (gcm_slice_equal(a, b))
        left_out = "self-itself";
    int64_t back = left_out ? 0 : first_row(pairing, b, a);
    if (back && back < pairing->row)
        return; /* the other direction's row has said it all */
    bool of_a = !left_out && answers(pairing, a, b), of_b = !left_out && answers(pairing, b, a);
    if (!left_out && !of_a && !of_b)
        left_out = "self-unanswered";
    if (left_out) {
        making_end_fault(&pairing->making, left_out, pairing->relation->a_type->name, a,
                         field_at(pairing->relation, 'A'), b);
        return;
    }
    bool both = pairing->relation->way == GCM_WAY_SELF_BOTH;
    if (of_a)
        add_owned(pairing, a, b);
    if (of_b && (both || !of_a))
        add_owned(pairing, b, a);
}

/* ---- */

static bool has_ends(struct pairing *pairing)
{
    struct gcm_stage *stage = pairing->making.maker->stage;
    const struct gcm_shape_relation *relation = pairing->relation;
    bool a = gcm_stage_has_node(stage, pairing->link->a_type, pairing->a);
    bool b = gcm_stage_has_node(stage, pairing->link->b_type, pairing->b);
    if (a && b)
        return true;
    /* Named at the end that is there, with the id that is not. */
    char side = a ? 'A' : 'B';
    making_end_fault(&pairing->making, "pair-dangling",
                     (a ? relation->a_type : relation->b_type)->name, a ? pairing->a : pairing->b,
                     field_at(relation, side), a ? pairing->b : pairing->a);
    return false;
}

/* Within one link rows are there once (gcm_stage_seal); another link of the relation, with its ends
 * swapped, may say the same. */
static bool is_repeated(struct pairing *pairing)
{
    if (pairing->link->alone)
        return false;
    int64_t first = first_row(pairing, pairing->a, pairing->b);
    return first && first < pairing->row;
}

static void make_pair(struct pairing *pairing)
{
    const struct gcm_shape_relation *relation = pairing->relation;
    if (!relation->a && !relation->b)
        return;
    if (!has_ends(pairing))
        return;
    if (is_repeated(pairing)) {
        making_end_fault(&pairing->making, "pair-repeated", relation->a_type->name, pairing->a,
                         field_at(relation, 'A'), pairing->b);
        return;
    }
    switch (relation->way) {
    case GCM_WAY_PAIR:
        make_plain(pairing);
        break;
    case GCM_WAY_SELF_LIST:
        make_list(pairing);
        break;
    case GCM_WAY_SELF_BOTH:
    case GCM_WAY_SELF_TWO:
        make_symmetric(pairing);
        break;
    }
}

static struct known_link *link_of(const struct gcm_maker_memory *memory, int64_t key)
{
    size_t at = (size_t)key - 1;
    if (key > 0 && at < memory->links.count && memory->links.at[at].link.key == key)
        return &memory->links.at[at];
    gcm_each (struct known_link, link, memory->links)
        if (link->link.key == key)
            return link;
    return NULL;
}

gcm_result gcm_record_of_pair(const struct gcm_record_maker *maker, struct gcm_arena *arena,
                              const struct gcm_staged_pair *pair, struct gcm_record *record,
                              struct gcm_error *err)
{
    struct pairing pairing = {
        .making = {.maker = maker, .arena = arena, .record = record}, .row = pair->row, .err = err};
    struct gcm_maker_memory *memory = maker->memory ? maker->memory : gcm_maker_memory(arena);
    gcm_result result = memory->links_read ? GCM_OK : read_links(maker, memory, err);
    struct known_link *link = result == GCM_OK ? link_of(memory, pair->link) : NULL;
    if (!link)
        return result != GCM_OK ? result
                                : gcm_fail(arena, err, GCM_BAD_INPUT, (struct gcm_place){0},
                                           "the stage has a relation row without a link");
    bool swapped = link->swapped && link->relation;
    pairing.memory = memory;
    pairing.link = link;
    pairing.relation = link->relation;
    pairing.a = gcm_copy(arena, swapped ? pair->b : pair->a);
    pairing.b = gcm_copy(arena, swapped ? pair->a : pair->b);
    *record = (struct gcm_record){
        .kind = GCM_NDF_RELATIONS, .row = pair->row, .id = pairing.b, .other = pairing.a};
    record->type = link->relation ? link->relation->b_type->name : link->link.b.type;
    record->field = link->relation ? field_at(link->relation, 'B') : link->link.b.field;
    if (link->relation)
        make_pair(&pairing);
    else
        making_fault(&pairing.making, "link-unknown", record->field, pairing.a);
    making_end(&pairing.making);
    return pairing.result;
}
