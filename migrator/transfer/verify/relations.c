/* relations: the rows of a relation, read from that of its fields which answers them all. */
#include "stage/outbox.h"
#include "transfer/verify/parts.h"

enum {
    FIRST_PAGE = 100,
    NESTED = 500,     /* partners of a node in one answer */
    TOGETHER = 50000, /* partners of a node in memory */
    FREE_EVERY = 256
};

struct relation_reading {
    struct relation_pass *pass;
    struct hidden hidden; /* of the page */
    uint64_t pairs;
};

/* ---- from which field ---- */

static bool answers_all(const struct gcm_shape_relation *relation,
                        const struct gcm_prisma_field *field, bool at_a)
{
    return field->list || (relation->link == GCM_LINK_INLINE && relation->inline_at_a == at_a);
}

/* The to-one field beside its column, then a list, then what there is. */
void choose_side(struct relation_pass *pass)
{
    const struct gcm_shape_relation *relation = pass->relation;
    const struct gcm_prisma_field *fields[] = {relation->a, relation->b};
    int best = 0;
    for (int side = 0; side < 2; side++) {
        const struct gcm_prisma_field *field = fields[side];
        bool at_a = side == 0;
        if (!field || (side && field == fields[0]))
            continue;
        bool all = answers_all(relation, field, at_a);
        int worth = !all ? 1 : field->list ? 2 : 3;
        if (worth <= best)
            continue;
        best = worth;
        pass->field = field;
        pass->owner = at_a ? relation->a_type : relation->b_type;
        pass->hides = !all;
    }
}

/* ---- what must be there ---- */

/* One end of an element that import sends. */
struct sent_end {
    struct gcm_slice id, field;
};

static void read_ends(struct gcm_arena *arena, struct gcm_slice element, struct sent_end *ends)
{
    struct gcm_raw pair, end, text;
    struct gcm_raw_error ignored;
    if (!gcm_raw_read(element, &pair, &ignored))
        return;
    struct gcm_raw_walk walk = gcm_raw_walk(pair);
    for (int i = 0; i < 2 && gcm_raw_next(&walk, NULL, &end); i++) {
        ends[i].id = id_of(arena, end);
        if (gcm_raw_member(end, "fieldName", &text) && text.kind == GCM_RAW_STRING)
            ends[i].field = gcm_raw_string(arena, text);
    }
}

/* The partner that the element gives to the node through the field, as the server reads it: the
 * first end with a field is its owner (spec/prisma1.md §3.2). Empty if it gives none. */
static struct gcm_slice partner_in(struct relation_pass *pass, struct gcm_arena *arena,
                                   struct gcm_slice element, struct gcm_slice id)
{
    struct sent_end ends[2] = {0};
    read_ends(arena, element, ends);
    int chosen = ends[0].field.size ? 0 : 1;
    bool is_field = gcm_slice_equal(ends[chosen].field, pass->field->name);
    const struct sent_end *owner = is_field ? &ends[chosen] : &ends[1 - chosen];
    const struct sent_end *other = is_field ? &ends[1 - chosen] : &ends[chosen];
    return gcm_slice_equal(owner->id, id) ? other->id : (struct gcm_slice){0};
}

static bool is_part(struct gcm_slice id, unsigned part, unsigned parts)
{
    uint32_t hash = 2166136261u; /* FNV-1a */
    for (size_t i = 0; i < id.size; i++)
        hash = (hash ^ (unsigned char)id.at[i]) * 16777619u;
    return parts <= 1 || hash % parts == part;
}

/* The rows of one link in which the node is on that side. */
static gcm_result add_rows(struct relation_pass *pass, int64_t link, char side, struct gcm_slice id,
                           unsigned part, unsigned parts, struct partners *partners,
                           struct gcm_error *err)
{
    const struct gcm_record_maker *maker = pass->verify->maker;
    struct gcm_arena scratch = {0};
    struct gcm_rows *rows = NULL;
    struct gcm_staged_pair pair;
    struct gcm_record record;
    size_t count = 0;
    gcm_result result = gcm_rows_pairs_of(maker->stage, link, side, id, &rows, err);
    while (result == GCM_OK && (result = gcm_rows_pair(rows, &pair, err)) == GCM_OK) {
        if (side == 'B' && gcm_slice_equal(pair.a, pair.b) &&
            pass->relation->a_type == pass->relation->b_type)
            continue; /* seen on side A */
        result = gcm_record_of_pair(maker, &scratch, &pair, &record, err);
        for (unsigned i = 0; result == GCM_OK && i < record.count; i++) {
            struct gcm_slice other = partner_in(pass, &scratch, record.text[i], id);
            if (other.at && is_part(other, part, parts))
                *gcm_push(partners->arena, &partners->list) =
                    (struct partner){.id = gcm_copy(partners->arena, other), .row = record.row};
        }
        if (++count % FREE_EVERY == 0)
            gcm_arena_free(&scratch);
    }
    gcm_rows_close(rows);
    gcm_arena_free(&scratch);
    return result == GCM_END ? GCM_OK : result;
}

gcm_result expected_partners(struct relation_pass *pass, struct gcm_slice id, unsigned part,
                             unsigned parts, struct partners *partners, struct gcm_error *err)
{
    struct verify *verify = pass->verify;
    gcm_result result = GCM_OK;
    gcm_each (const struct gcm_staged_link, link, verify->links) {
        bool swapped;
        if (gcm_shape_of_link(verify->maker->shape, link, &swapped) != pass->relation)
            continue;
        if (result == GCM_OK && gcm_slice_equal(link->a.type, pass->owner->name))
            result = add_rows(pass, link->key, 'A', id, part, parts, partners, err);
        if (result == GCM_OK && gcm_slice_equal(link->b.type, pass->owner->name))
            result = add_rows(pass, link->key, 'B', id, part, parts, partners, err);
    }
    return result;
}

/* ---- telling ---- */

/* The row was rejected, or the node at its other end was. */
static struct gcm_slice known_pair(struct relation_pass *pass, const struct partner *partner)
{
    struct verify *verify = pass->verify;
    struct gcm_stage *stage = verify->maker->stage;
    const struct gcm_shape_relation *relation = pass->relation;
    if (gcm_reject_has(stage, GCM_NDF_RELATIONS, partner->row))
        return GCM_S("rejected");
    const struct gcm_shape_type *type =
        pass->owner == relation->a_type ? relation->b_type : relation->a_type;
    int64_t key = gcm_stage_name(stage, type->name, false);
    struct gcm_staged_node node;
    struct gcm_record record;
    struct gcm_error ignored;
    if (!key || gcm_stage_node(stage, key, partner->id, &node, &ignored) != GCM_OK ||
        is_seen(verify, node.row) ||
        gcm_record_of_node(verify->maker, &verify->page, &node, &record, &ignored) != GCM_OK)
        return GCM_S("");
    return known_absence(verify, &record);
}

void tell_missing_pair(struct relation_pass *pass, struct gcm_slice id,
                       const struct partner *partner)
{
    struct gcm_tally *tally = &pass->verified->pairs;
    tally->missing++;
    tell_difference(pass->verify, tally,
                    &(struct gcm_difference){.kind = GCM_DIFFERENCE_MISSING_PAIR,
                                             .type = pass->owner->to->name,
                                             .id = id,
                                             .field = pass->field->name,
                                             .source = partner->id,
                                             .known = known_pair(pass, partner)});
}

void tell_extra_pair(struct relation_pass *pass, struct gcm_slice id, struct gcm_slice other)
{
    struct gcm_tally *tally = &pass->verified->pairs;
    tally->extra++;
    tell_difference(pass->verify, tally,
                    &(struct gcm_difference){.kind = GCM_DIFFERENCE_EXTRA_PAIR,
                                             .type = pass->owner->to->name,
                                             .id = id,
                                             .field = pass->field->name,
                                             .target = other});
}

/* ---- a to-one field ---- */

static gcm_result compare_one(struct relation_reading *reading, struct gcm_slice id,
                              struct gcm_raw node, struct gcm_error *err)
{
    struct relation_pass *pass = reading->pass;
    struct gcm_arena *arena = &pass->verify->page;
    struct partners partners = {.arena = arena};
    struct gcm_raw value = {0};
    struct gcm_slice answered = {0};
    bool found = false;
    if (node.kind == GCM_RAW_OBJECT && gcm_raw_member(node, "f", &value) &&
        value.kind == GCM_RAW_OBJECT)
        answered = id_of(arena, value);
    gcm_result result = expected_partners(pass, id, 0, 1, &partners, err);
    if (result != GCM_OK)
        return result;
    struct gcm_tally *tally = &pass->verified->pairs;
    tally->expected += partners.list.count;
    reading->pairs += partners.list.count;
    gcm_each (struct partner, partner, partners.list) {
        partner->seen = answered.at && gcm_slice_equal(partner->id, answered);
        found |= partner->seen;
        tally->equal += partner->seen;
        if (!partner->seen && !(pass->hides && answered.at))
            tell_missing_pair(pass, id, partner);
    }
    if (answered.at && !found)
        tell_extra_pair(pass, id, answered);
    if (answered.at && pass->hides)
        *gcm_push(arena, &reading->hidden.nodes) = (struct hidden_node){id, answered, partners};
    return GCM_OK;
}

/* ---- a list ---- */

struct list_reading {
    struct relation_pass *pass;
    struct partners partners; /* of this part */
    struct gcm_map by_id;
    unsigned part, parts;
    struct gcm_slice last;
    size_t count; /* in the last answer */
};

static void meet(struct list_reading *list, struct gcm_arena *arena, struct gcm_slice id,
                 struct gcm_raw partners)
{
    struct gcm_raw_walk walk = gcm_raw_walk(partners);
    struct gcm_raw node;
    list->count = 0;
    list->last = GCM_S("");
    while (gcm_raw_next(&walk, NULL, &node)) {
        struct gcm_slice other = id_of(arena, node);
        list->count++;
        list->last = other;
        if (!is_part(other, list->part, list->parts))
            continue;
        struct partner *partner = gcm_map_get(&list->by_id, other);
        if (!partner)
            tell_extra_pair(list->pass, id, other);
        else
            partner->seen = true;
    }
}

/* The partners behind the last one. */
static gcm_result ask_more(struct list_reading *list, struct gcm_arena *arena, struct gcm_slice id,
                           struct gcm_raw *partners, struct gcm_error *err)
{
    struct verify *verify = list->pass->verify;
    struct gcm_slice name = list_query(arena, list->pass->owner->to);
    struct gcm_slice query =
        gcm_format(arena,
                   "query($i:ID!,$a:String%s){r:%.*s(where:{id:$i}){id "
                   "f:%.*s(orderBy:id_ASC,first:%d%s){id}}}",
                   list->last.size ? "!" : "", GCM_P(name), GCM_P(list->pass->field->name), NESTED,
                   list->last.size ? ",after:$a" : "");
    struct gcm_buffer variables = gcm_buffer(arena, GCM_BUFFER_CAP);
    put_variable(&variables, "i", id);
    put_variable(&variables, "a", list->last);
    struct api_answer answer;
    struct gcm_raw nodes, node = {0};
    gcm_result result = api_ask(verify, arena, query, gcm_buffer_text(&variables), &answer, err);
    if (result != GCM_OK)
        return result;
    if (answer.trouble)
        return GCM_REMOTE;
    struct gcm_raw_walk walk = {0};
    if (!answer.errors && gcm_raw_member(answer.data, "r", &nodes))
        walk = gcm_raw_walk(nodes);
    if (gcm_raw_next(&walk, NULL, &node) && gcm_raw_member(node, "f", partners))
        return GCM_OK;
    tell_unchecked(verify, list->pass->owner->to->name, id, list->pass->field->name,
                   answer.errors ? answer.reason : GCM_S("the node went away"));
    return GCM_END;
}

static gcm_result meet_all(struct list_reading *list, struct gcm_slice id, struct gcm_raw first,
                           struct gcm_error *err)
{
    struct gcm_arena arenas[2] = {{0}, {0}};
    unsigned turn = 0;
    gcm_result result = GCM_OK;
    meet(list, &arenas[turn], id, first);
    while (result == GCM_OK && list->count >= NESTED) {
        struct gcm_raw more;
        turn = !turn; /* the last id is in the other one */
        gcm_arena_free(&arenas[turn]);
        result = ask_more(list, &arenas[turn], id, &more, err);
        if (result == GCM_OK)
            meet(list, &arenas[turn], id, more);
    }
    gcm_arena_free(&arenas[0]);
    gcm_arena_free(&arenas[1]);
    return result;
}

static gcm_result compare_part(struct list_reading *list, struct gcm_slice id, struct gcm_raw first,
                               struct gcm_error *err)
{
    struct gcm_tally *tally = &list->pass->verified->pairs;
    gcm_result result =
        expected_partners(list->pass, id, list->part, list->parts, &list->partners, err);
    if (result != GCM_OK)
        return result;
    gcm_each (struct partner, partner, list->partners.list)
        gcm_map_put(list->partners.arena, &list->by_id, partner->id, partner);
    tally->expected += list->partners.list.count;
    result = meet_all(list, id, first, err);
    if (result == GCM_END) {
        tally->unchecked += list->partners.list.count;
        return GCM_OK;
    }
    gcm_each (const struct partner, partner, list->partners.list) {
        tally->equal += partner->seen;
        if (!partner->seen && result == GCM_OK)
            tell_missing_pair(list->pass, id, partner);
    }
    return result;
}

/* How many rows the stage has for the node, roughly. */
static gcm_result count_rows(struct relation_pass *pass, struct gcm_slice id, uint64_t *count,
                             struct gcm_error *err)
{
    struct verify *verify = pass->verify;
    gcm_result result = GCM_OK;
    *count = 0;
    gcm_each (const struct gcm_staged_link, link, verify->links) {
        bool swapped;
        struct gcm_rows *rows = NULL;
        struct gcm_staged_pair pair;
        if (gcm_shape_of_link(verify->maker->shape, link, &swapped) != pass->relation)
            continue;
        char side = gcm_slice_equal(link->a.type, pass->owner->name) ? 'A' : 'B';
        result = gcm_rows_pairs_of(verify->maker->stage, link->key, side, id, &rows, err);
        while (result == GCM_OK && (result = gcm_rows_pair(rows, &pair, err)) == GCM_OK)
            ++*count;
        gcm_rows_close(rows);
        if (result != GCM_OK && result != GCM_END)
            return result;
    }
    return GCM_OK;
}

static gcm_result compare_list(struct relation_reading *reading, struct gcm_slice id,
                               struct gcm_raw node, struct gcm_error *err)
{
    struct relation_pass *pass = reading->pass;
    struct gcm_raw first = {0};
    uint64_t rows;
    gcm_result result = count_rows(pass, id, &rows, err);
    if (!gcm_raw_member(node, "f", &first) || result != GCM_OK)
        return result;
    unsigned parts = (unsigned)(rows / TOGETHER) + 1;
    for (unsigned part = 0; result == GCM_OK && part < parts; part++) {
        struct gcm_arena own = {0};
        struct list_reading list = {.pass = pass,
                                    .part = part,
                                    .parts = parts,
                                    .partners = {.arena = parts > 1 ? &own : &pass->verify->page}};
        result = compare_part(&list, id, first, err);
        reading->pairs += list.partners.list.count;
        gcm_arena_free(&own);
    }
    return result;
}

/* ---- what read_pages calls ---- */

static gcm_result each_node(void *context, struct gcm_slice id, struct gcm_raw node,
                            struct gcm_error *err)
{
    struct relation_reading *reading = context;
    return reading->pass->field->list ? compare_list(reading, id, node, err)
                                      : compare_one(reading, id, node, err);
}

static gcm_result broken_node(void *context, struct gcm_slice id, struct gcm_slice reason,
                              struct gcm_error *err)
{
    struct relation_reading *reading = context;
    struct relation_pass *pass = reading->pass;
    uint64_t rows;
    gcm_result result = count_rows(pass, id, &rows, err);
    pass->verified->pairs.expected += rows;
    pass->verified->pairs.unchecked += rows;
    tell_unchecked(pass->verify, pass->owner->to->name, id, pass->field->name, reason);
    return result;
}

static gcm_result behind_page(void *context, size_t bytes, struct gcm_error *err)
{
    struct relation_reading *reading = context;
    gcm_progress_advance(reading->pass->verify->progress, reading->pairs, bytes);
    reading->pairs = 0;
    gcm_result result = GCM_OK;
    if (reading->hidden.nodes.count)
        result = verify_hidden(reading->pass, &reading->hidden, err);
    reading->hidden = (struct hidden){0};
    return result;
}

gcm_result verify_relation(struct relation_pass *pass, struct gcm_error *err)
{
    struct verify *verify = pass->verify;
    struct relation_reading reading = {.pass = pass};
    if (!pass->field)
        return GCM_OK;
    struct gcm_buffer selection = gcm_buffer(verify->arena, GCM_BUFFER_CAP);
    gcm_putf(&selection, "f:%.*s", GCM_P(pass->field->name));
    if (pass->field->list)
        gcm_putf(&selection, "(orderBy:id_ASC,first:%d)", NESTED);
    gcm_puts(&selection, "{id}");
    struct pages pages = {.verify = verify,
                          .type = pass->owner->to,
                          .selection = gcm_buffer_text(&selection),
                          .doubled = pass->field->required && !pass->field->list,
                          .first = FIRST_PAGE,
                          .most = pass->hides ? FIRST_PAGE : 0,
                          .context = &reading,
                          .each = each_node,
                          .broken = broken_node,
                          .behind = behind_page};
    gcm_result result = read_pages(&pages, err);
    return result == GCM_END ? GCM_OK : result;
}
