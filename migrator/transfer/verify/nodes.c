/* nodes: the nodes of a type with their values and lists, against the stage's. */
#include "stage/outbox.h"
#include "transfer/verify/parts.h"

enum { FIRST_PAGE = 100, FREE_EVERY = 1000 };

struct element {
    struct gcm_raw value;
    int64_t row; /* of list */
};

/* A field that is compared. */
struct compared {
    const struct gcm_shape_field *field;
    struct gcm_raw expected, actual;
    GCM_VEC(struct element) elements; /* expected, of a list */
    struct gcm_faults faults;         /* of a list */
    struct gcm_slice known;           /* a part of the list was withheld, by that rule */
};

struct node_reading {
    struct type_pass *pass;
    GCM_VEC(struct compared) fields;
    struct gcm_map by_name; /* by the target's name */
    size_t count;           /* nodes of the page */
};

struct gcm_slice known_absence(struct verify *verify, const struct gcm_record *record)
{
    if (gcm_reject_has(verify->maker->stage, record->kind, record->row))
        return GCM_S("rejected");
    if (record->withheld)
        return record->withheld->rule ? record->withheld->rule->id
                                      : gcm_slice_of(record->withheld->name);
    return GCM_S("");
}

/* ---- what is expected, what is there ---- */

static void assign(struct node_reading *reading, struct gcm_raw object, bool expected)
{
    struct gcm_raw_walk walk = gcm_raw_walk(object);
    struct gcm_slice key;
    struct gcm_raw value;
    while (gcm_raw_next(&walk, &key, &value)) {
        struct compared *compared = gcm_map_get(&reading->by_name, key);
        if (compared && expected)
            compared->expected = value;
        else if (compared)
            compared->actual = value;
    }
}

static void forget(struct node_reading *reading)
{
    gcm_each (struct compared, compared, reading->fields) {
        const struct gcm_shape_field *field = compared->field;
        *compared = (struct compared){.field = field};
    }
}

/* Texts that we made are JSON. */
static struct gcm_raw raw_of(struct gcm_slice text)
{
    struct gcm_raw value = {0};
    struct gcm_raw_error ignored;
    return gcm_raw_read(text, &value, &ignored) ? value : (struct gcm_raw){0};
}

static void add_elements(struct verify *verify, struct compared *compared,
                         const struct gcm_record *record)
{
    struct gcm_raw_walk walk = gcm_raw_walk(raw_of(record->text[0])), inside;
    struct gcm_slice key;
    struct gcm_raw list, element;
    while (gcm_raw_next(&walk, &key, &list)) {
        if (!gcm_slice_equal(key, compared->field->to->name))
            continue;
        inside = gcm_raw_walk(list);
        while (gcm_raw_next(&inside, NULL, &element))
            *gcm_push(&verify->page, &compared->elements) = (struct element){element, record->row};
    }
}

static struct compared *field_of_list(struct node_reading *reading, const struct gcm_record *record)
{
    const struct gcm_shape_field *field = gcm_map_get(&reading->pass->type->by_name, record->field);
    return field && field->to ? gcm_map_get(&reading->by_name, field->to->name) : NULL;
}

static gcm_result expect_lists(struct node_reading *reading, struct gcm_slice id,
                               struct gcm_error *err)
{
    struct verify *verify = reading->pass->verify;
    struct gcm_rows *rows = NULL;
    struct gcm_staged_list list;
    struct gcm_record record;
    gcm_result result =
        gcm_rows_lists_of(verify->maker->stage, reading->pass->key, id, 0, &rows, err);
    while (result == GCM_OK && (result = gcm_rows_list(rows, &list, err)) == GCM_OK &&
           (result = gcm_record_of_list(verify->maker, &verify->page, &list, &record, err)) ==
               GCM_OK) {
        struct compared *compared = field_of_list(reading, &record);
        gcm_each (const struct gcm_fault, fault, record.faults)
            if (compared)
                *gcm_push(&verify->page, &compared->faults) = *fault;
        if (compared && record.count)
            add_elements(verify, compared, &record);
        else if (compared && record.withheld)
            compared->known = known_absence(verify, &record);
    }
    gcm_rows_close(rows);
    return result == GCM_END ? GCM_OK : result;
}

/* ---- comparing ---- */

static void tell(struct node_reading *reading, struct gcm_tally *tally,
                 const struct compared *compared, struct gcm_slice id,
                 struct gcm_difference difference)
{
    difference.type = reading->pass->type->to->name;
    difference.id = id;
    difference.field = compared->field->to->name;
    tell_difference(reading->pass->verify, tally, &difference);
}

static bool compare_value(struct node_reading *reading, const struct compared *compared,
                          const struct gcm_record *record)
{
    struct verify *verify = reading->pass->verify;
    struct gcm_tally *tally = &reading->pass->verified->values;
    const struct gcm_prisma_field *to = compared->field->to;
    if (!compared->expected.text.size && (to->created_at || to->updated_at))
        return true; /* the server's own time: the source has none */
    tally->expected++;
    if (same_value(&verify->page, to, compared->expected, compared->actual)) {
        tally->equal++;
        return true;
    }
    struct gcm_slice known = known_change(verify, &record->faults, compared->field,
                                          compared->expected, compared->actual);
    tally->different++;
    tell(reading, tally, compared, record->id,
         (struct gcm_difference){
             .kind = GCM_DIFFERENCE_VALUE,
             .source = shown_value(&verify->page, compared->field, compared->expected),
             .target = shown_value(&verify->page, compared->field, compared->actual),
             .known = known});
    return false;
}

/* Where a list and what is there part: with an explanation, or without. */
struct parting {
    bool differs;
    struct gcm_slice known; /* the first explanation; empty: none was needed */
    size_t at;              /* the index of the first element that is not the same */
    struct gcm_raw expected, actual;
};

static void part(struct parting *parting, size_t at, struct gcm_raw expected, struct gcm_raw actual,
                 struct gcm_slice known)
{
    bool first = !parting->differs && (!parting->known.size || !known.size);
    if (first)
        *parting =
            (struct parting){.known = known, .at = at, .expected = expected, .actual = actual};
    parting->differs |= !known.size;
}

/* Elements of a rejected row may be missing: MySQL stores those that it can. */
static struct parting compare_elements(struct verify *verify, const struct compared *compared)
{
    const struct gcm_raw nothing = {0};
    struct parting parting = {0};
    struct gcm_raw_walk walk = gcm_raw_walk(compared->actual);
    struct gcm_raw there = {0};
    bool more = gcm_raw_next(&walk, NULL, &there);
    size_t at = 0;
    gcm_each (const struct element, element, compared->elements) {
        struct gcm_slice known = GCM_S("");
        bool same = more && same_value(&verify->page, compared->field->to, element->value, there);
        if (!same && more)
            known = known_change(verify, &compared->faults, compared->field, element->value, there);
        bool lost = !same && !known.size &&
                    gcm_reject_has(verify->maker->stage, GCM_NDF_LISTS, element->row);
        if (!same)
            part(&parting, at, element->value, more ? there : nothing,
                 lost ? GCM_S("rejected") : known);
        if (more && !lost)
            more = gcm_raw_next(&walk, NULL, &there);
        at++;
    }
    if (more)
        part(&parting, at, nothing, there, GCM_S(""));
    return parting;
}

static size_t count_of(struct gcm_raw list)
{
    struct gcm_raw_walk walk = gcm_raw_walk(list);
    struct gcm_raw element;
    size_t count = 0;
    while (gcm_raw_next(&walk, NULL, &element))
        count++;
    return count;
}

static struct gcm_slice element_text(struct verify *verify, const struct compared *compared,
                                     struct gcm_raw element, size_t at, size_t count)
{
    if (!element.text.size)
        return gcm_format(&verify->page, "%zu elements", count);
    struct gcm_slice shown = shown_value(&verify->page, compared->field, element);
    return gcm_format(&verify->page, "element %zu of %zu: %.*s", at + 1, count, GCM_P(shown));
}

static bool compare_list(struct node_reading *reading, const struct compared *compared,
                         const struct gcm_record *record)
{
    struct verify *verify = reading->pass->verify;
    struct gcm_tally *tally = &reading->pass->verified->lists;
    struct parting parting = compare_elements(verify, compared);
    size_t expected = compared->elements.count, actual = count_of(compared->actual);
    if (!expected && !actual && !compared->known.size)
        return true; /* no list, like an empty one */
    tally->expected++;
    if (!parting.differs && !parting.known.size && !compared->known.size) {
        tally->equal++;
        return true;
    }
    bool withheld = !parting.differs && !parting.known.size;
    tally->different++;
    tell(reading, tally, compared, record->id,
         (struct gcm_difference){
             .kind = GCM_DIFFERENCE_LIST,
             .source = withheld
                           ? GCM_S("withheld")
                           : element_text(verify, compared, parting.expected, parting.at, expected),
             .target = withheld
                           ? GCM_S("not there")
                           : element_text(verify, compared, parting.actual, parting.at, actual),
             .known = withheld ? compared->known : parting.known});
    return false;
}

static gcm_result compare_node(struct node_reading *reading, const struct gcm_record *record,
                               struct gcm_raw actual, struct gcm_error *err)
{
    struct gcm_tally *tally = &reading->pass->verified->nodes;
    forget(reading);
    assign(reading, raw_of(record->text[0]), true);
    assign(reading, actual, false);
    gcm_result result = expect_lists(reading, record->id, err);
    if (result != GCM_OK)
        return result;
    bool equal = true;
    gcm_each (const struct compared, compared, reading->fields) {
        if (!compared->actual.text.size) /* could not be read, which was told */
            continue;
        equal &= compared->field->to->list ? compare_list(reading, compared, record)
                                           : compare_value(reading, compared, record);
    }
    tally->equal += equal;
    tally->different += !equal;
    return GCM_OK;
}

/* ---- what read_pages calls ---- */

static void tell_extra(struct node_reading *reading, struct gcm_slice id)
{
    struct gcm_tally *tally = &reading->pass->verified->nodes;
    tally->extra++;
    tell_difference(reading->pass->verify, tally,
                    &(struct gcm_difference){.kind = GCM_DIFFERENCE_EXTRA,
                                             .type = reading->pass->type->to->name,
                                             .id = id});
}

static gcm_result each_node(void *context, struct gcm_slice id, struct gcm_raw node,
                            struct gcm_error *err)
{
    struct node_reading *reading = context;
    struct type_pass *pass = reading->pass;
    struct verify *verify = pass->verify;
    struct gcm_staged_node staged;
    struct gcm_record record = {0};
    gcm_result result =
        pass->key ? gcm_stage_node(verify->maker->stage, pass->key, id, &staged, err) : GCM_END;
    if (result == GCM_OK)
        result = gcm_record_of_node(verify->maker, &verify->page, &staged, &record, err);
    if (result != GCM_OK && result != GCM_END)
        return result;
    reading->count++;
    if (!record.count) {
        tell_extra(reading, id);
        return GCM_OK;
    }
    if (!mark_seen(verify, record.row)) {
        tell_unchecked(verify, pass->type->to->name, id, GCM_S(""),
                       GCM_S("the target answered this node twice"));
        return GCM_OK;
    }
    pass->verified->nodes.expected++;
    return compare_node(reading, &record, node, err);
}

/* Reads the node field by field, and compares what can be read. */
static gcm_result broken_node(void *context, struct gcm_slice id, struct gcm_slice reason,
                              struct gcm_error *err)
{
    struct node_reading *reading = context;
    struct verify *verify = reading->pass->verify;
    struct gcm_slice name = list_query(&verify->page, reading->pass->type->to);
    struct gcm_buffer node = gcm_buffer(&verify->page, GCM_BUFFER_CAP);
    struct gcm_buffer variables = gcm_buffer(&verify->page, GCM_BUFFER_CAP);
    bool told = false;
    put_variable(&variables, "i", id);
    gcm_puts(&node, "{\"id\":");
    gcm_put_raw_string(&node, id);
    gcm_each (const struct compared, compared, reading->fields) {
        struct api_answer answer;
        struct gcm_raw list, there, value;
        struct gcm_slice field = compared->field->to->name;
        struct gcm_slice query = gcm_format(
            &verify->page, "query($i:ID!){r:%.*s(where:{id:$i}){%.*s}}", GCM_P(name), GCM_P(field));
        gcm_result result =
            api_ask(verify, &verify->page, query, gcm_buffer_text(&variables), &answer, err);
        if (result != GCM_OK)
            return result;
        struct gcm_raw_walk walk = {0};
        if (!answer.errors && !answer.trouble && gcm_raw_member(answer.data, "r", &list))
            walk = gcm_raw_walk(list);
        if (gcm_raw_next(&walk, NULL, &there) &&
            gcm_raw_member(there, gcm_cstring(&verify->page, field), &value)) {
            gcm_putf(&node, ",\"%.*s\":", GCM_P(field));
            gcm_put(&node, value.text);
            continue;
        }
        told = true;
        struct gcm_tally *tally = compared->field->to->list ? &reading->pass->verified->lists
                                                            : &reading->pass->verified->values;
        tally->expected++;
        tally->unchecked++;
        tell_unchecked(verify, reading->pass->type->to->name, id, field, answer.reason);
    }
    gcm_putc(&node, '}');
    if (!told)
        tell_unchecked(verify, reading->pass->type->to->name, id, GCM_S(""), reason);
    return each_node(reading, id, raw_of(gcm_buffer_text(&node)), err);
}

static gcm_result behind_page(void *context, size_t bytes, struct gcm_error *err)
{
    struct node_reading *reading = context;
    (void)err;
    gcm_progress_advance(reading->pass->verify->progress, reading->count, bytes);
    reading->count = 0;
    return GCM_OK;
}

/* ---- a type ---- */

static struct gcm_slice prepare(struct node_reading *reading)
{
    struct gcm_arena *arena = reading->pass->verify->arena;
    struct gcm_buffer selection = gcm_buffer(arena, GCM_BUFFER_CAP);
    gcm_each (struct gcm_shape_field *const, field, reading->pass->type->fields) {
        const struct gcm_prisma_field *to = (*field)->to;
        if (!to || (*field)->hidden || gcm_slice_is(to->name, "id"))
            continue;
        gcm_push(arena, &reading->fields)->field = *field;
        gcm_put(&selection, to->name);
        gcm_putc(&selection, ' ');
    }
    gcm_each (struct compared, compared, reading->fields)
        gcm_map_put(arena, &reading->by_name, compared->field->to->name, compared);
    return gcm_buffer_text(&selection);
}

/* The server's own count, so that a node which no page showed is not overlooked. */
static gcm_result compare_count(struct type_pass *pass, uint64_t read, struct gcm_error *err)
{
    struct verify *verify = pass->verify;
    struct gcm_slice name = list_query(&verify->page, pass->type->to);
    struct gcm_slice query =
        gcm_format(&verify->page, "{r:%.*sConnection{aggregate{count}}}", GCM_P(name));
    struct api_answer answer;
    struct gcm_raw inside;
    int64_t count;
    gcm_result result = api_ask(verify, &verify->page, query, GCM_S(""), &answer, err);
    if (result != GCM_OK)
        return result;
    bool known = gcm_raw_member(answer.data, "r", &inside) &&
                 gcm_raw_member(inside, "aggregate", &inside) &&
                 gcm_raw_member(inside, "count", &inside) && inside.kind == GCM_RAW_NUMBER &&
                 gcm_number_integer(inside.text, &count);
    if (!known || (uint64_t)count != read) {
        struct gcm_slice said = known ? inside.text : GCM_S("nothing");
        tell_unchecked(verify, pass->type->to->name, GCM_S(""), GCM_S(""),
                       gcm_format(&verify->page, "the target counts %.*s nodes, its pages gave %zu",
                                  GCM_P(said), (size_t)read));
    }
    gcm_arena_free(&verify->page);
    return GCM_OK;
}

gcm_result verify_nodes(struct type_pass *pass, struct gcm_error *err)
{
    struct node_reading reading = {.pass = pass};
    struct pages pages = {.verify = pass->verify,
                          .type = pass->type->to,
                          .selection = prepare(&reading),
                          .first = FIRST_PAGE,
                          .context = &reading,
                          .each = each_node,
                          .broken = broken_node,
                          .behind = behind_page};
    gcm_result result = read_pages(&pages, err);
    pass->unreadable = result != GCM_OK;
    if (result == GCM_END)
        return GCM_OK;
    if (result != GCM_OK)
        return result;
    return compare_count(pass, pass->verified->nodes.expected + pass->verified->nodes.extra, err);
}

/* ---- what was not seen ---- */

static struct type_pass *pass_of(struct verify *verify, int64_t key)
{
    gcm_each (struct type_pass, pass, verify->types)
        if (pass->key == key)
            return pass;
    return NULL;
}

/* The rows of a node that is missing are missing with it. */
static gcm_result miss_pairs(struct type_pass *pass, const struct gcm_record *record, bool known,
                             struct gcm_error *err)
{
    struct verify *verify = pass->verify;
    gcm_each (struct relation_pass, relation, verify->relations) {
        struct partners partners = {.arena = &verify->page};
        if (!relation->field || relation->owner != pass->type)
            continue;
        gcm_result result = expected_partners(relation, record->id, 0, 1, &partners, err);
        if (result != GCM_OK)
            return result;
        struct gcm_tally *tally = &relation->verified->pairs;
        tally->expected += partners.list.count;
        tally->missing += partners.list.count;
        tally->known += known ? partners.list.count : 0;
    }
    return GCM_OK;
}

static gcm_result miss_node(struct type_pass *pass, const struct gcm_staged_node *node,
                            struct gcm_error *err)
{
    struct verify *verify = pass->verify;
    struct gcm_tally *tally = &pass->verified->nodes;
    struct gcm_record record;
    struct gcm_staged_node first;
    gcm_result result = gcm_record_of_node(verify->maker, &verify->page, node, &record, err);
    if (result != GCM_OK || (!record.count && !record.withheld))
        return result;
    if (gcm_stage_node(verify->maker->stage, pass->key, record.id, &first, err) == GCM_OK &&
        first.row != record.row)
        return GCM_OK; /* the same id twice in the source, which check names */
    tally->expected++;
    if (pass->unreadable) {
        tally->unchecked++;
        return GCM_OK;
    }
    struct gcm_slice known = known_absence(verify, &record);
    tally->missing++;
    tell_difference(verify, tally,
                    &(struct gcm_difference){.kind = GCM_DIFFERENCE_MISSING,
                                             .type = pass->type->to->name,
                                             .id = record.id,
                                             .known = known});
    return miss_pairs(pass, &record, known.size > 0, err);
}

static bool all_seen(struct verify *verify)
{
    gcm_each (const struct type_pass, pass, verify->types)
        if (pass->key &&
            pass->verified->nodes.expected < gcm_stage_count_of(verify->maker->stage, pass->key))
            return false;
    return true;
}

gcm_result verify_missing(struct verify *verify, struct gcm_error *err)
{
    struct gcm_rows *rows = NULL;
    struct gcm_staged_node node;
    size_t count = 0;
    if (all_seen(verify))
        return GCM_OK;
    gcm_result result = gcm_rows_nodes(verify->maker->stage, 1, verify->last_row, &rows, err);
    while (result == GCM_OK && (result = gcm_rows_node(rows, &node, err)) == GCM_OK) {
        struct type_pass *pass = is_seen(verify, node.row) ? NULL : pass_of(verify, node.type);
        if (pass)
            result = miss_node(pass, &node, err);
        if (++count % FREE_EVERY == 0)
            gcm_arena_free(&verify->page);
    }
    gcm_rows_close(rows);
    gcm_arena_free(&verify->page);
    return result == GCM_END ? GCM_OK : result;
}
