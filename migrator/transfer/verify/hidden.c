/* hidden: a to-one field answers the row whose other end has the lowest id, and hides the
 * others; filters match all of them (spec/prisma1.md §3.2, §4.3). So nodes are asked whether they
 * match a partner that is not theirs: once with all partners of the page, and for each bit of the
 * partners' numbers those with a 0 there against the partners with a 1, and the other way round.
 * Two different numbers differ in one bit at least. */
#include "transfer/verify/parts.h"

struct question {
    struct relation_pass *pass;
    struct gcm_buffer head, query, variables;
    unsigned count;
};

static struct question question_of(struct relation_pass *pass)
{
    struct gcm_arena *arena = &pass->verify->page;
    return (struct question){.pass = pass,
                             .head = gcm_buffer(arena, GCM_BUFFER_CAP),
                             .query = gcm_buffer(arena, GCM_BUFFER_CAP),
                             .variables = gcm_buffer(arena, GCM_BUFFER_CAP)};
}

/* A list of ids as the next variable. */
static void open_ids(struct question *question, char letter)
{
    gcm_putf(&question->head, "$%c%u:[ID!]", letter, question->count);
    gcm_putf(&question->variables, "%s\"%c%u\":[", question->variables.size ? "," : "", letter,
             question->count);
}

static void put_id(struct question *question, struct gcm_slice id)
{
    struct gcm_buffer *out = &question->variables;
    if (out->at[out->size - 1] != '[')
        gcm_putc(out, ',');
    gcm_put_raw_string(out, id);
}

/* Nodes of $n that match a partner in (not in) $p. */
static void ask_for(struct question *question, const char *suffix)
{
    struct relation_pass *pass = question->pass;
    struct gcm_slice name = list_query(&pass->verify->page, pass->owner->to);
    unsigned at = question->count++;
    gcm_putf(&question->query, " q%u:%.*s(where:{id_in:$n%u,%.*s:{id_%s:$p%u}}){id}", at,
             GCM_P(name), at, GCM_P(pass->field->name), suffix, at);
}

static gcm_result ask(struct question *question, struct api_answer *answer, struct gcm_error *err)
{
    struct gcm_arena *arena = &question->pass->verify->page;
    struct gcm_slice head = gcm_buffer_text(&question->head);
    struct gcm_slice query = gcm_buffer_text(&question->query);
    query = gcm_format(arena, "query(%.*s){%.*s}", GCM_P(head), GCM_P(query));
    gcm_result result = api_ask(question->pass->verify, arena, query,
                                gcm_buffer_text(&question->variables), answer, err);
    if (result == GCM_OK && answer->trouble)
        return GCM_REMOTE;
    if (result == GCM_OK && answer->errors)
        tell_unchecked(question->pass->verify, question->pass->owner->to->name, GCM_S(""),
                       question->pass->field->name, answer->reason);
    return result == GCM_OK && answer->errors ? GCM_END : result;
}

/* ---- nodes with one row ---- */

struct numbered {
    struct gcm_map numbers; /* partner → its number, from 1 */
    struct gcm_slices partners;
};

static size_t number_of(const struct numbered *numbered, struct gcm_slice partner)
{
    return (size_t)(uintptr_t)gcm_map_get(&numbered->numbers, partner) - 1;
}

static void number(struct gcm_arena *arena, struct numbered *numbered, struct gcm_slice partner)
{
    if (gcm_map_get(&numbered->numbers, partner))
        return;
    *gcm_push(arena, &numbered->partners) = partner;
    gcm_map_put(arena, &numbered->numbers, partner, (void *)(uintptr_t)numbered->partners.count);
}

/* What it answered is all that it must have? (Something else instead was told as such.) */
static bool has_one(const struct hidden_node *node)
{
    return !node->partners.list.count ||
           (node->partners.list.count == 1 && node->partners.list.at->seen);
}

static void ask_bit(struct question *question, const struct hidden *hidden,
                    const struct numbered *numbered, unsigned bit, unsigned value)
{
    open_ids(question, 'n');
    gcm_each (const struct hidden_node, node, hidden->nodes)
        if (has_one(node) && (number_of(numbered, node->answered) >> bit & 1) == value)
            put_id(question, node->id);
    gcm_putc(&question->variables, ']');
    gcm_putc(&question->head, ' ');
    open_ids(question, 'p');
    for (size_t i = 0; i < numbered->partners.count; i++)
        if ((i >> bit & 1) != value)
            put_id(question, numbered->partners.at[i]);
    gcm_putc(&question->variables, ']');
    ask_for(question, "in");
}

static void ask_outside(struct question *question, const struct hidden *hidden,
                        const struct numbered *numbered)
{
    open_ids(question, 'n');
    gcm_each (const struct hidden_node, node, hidden->nodes)
        if (has_one(node))
            put_id(question, node->id);
    gcm_putc(&question->variables, ']');
    gcm_putc(&question->head, ' ');
    open_ids(question, 'p');
    for (size_t i = 0; i < numbered->partners.count; i++)
        put_id(question, numbered->partners.at[i]);
    gcm_putc(&question->variables, ']');
    ask_for(question, "not_in");
}

/* Each node that any of the questions gave, once. */
static void tell_found(struct relation_pass *pass, const struct api_answer *answer)
{
    struct gcm_arena *arena = &pass->verify->page;
    struct gcm_raw_walk questions = gcm_raw_walk(answer->data), nodes;
    struct gcm_map told = {0};
    struct gcm_raw list, node;
    while (gcm_raw_next(&questions, NULL, &list)) {
        nodes = gcm_raw_walk(list);
        while (gcm_raw_next(&nodes, NULL, &node)) {
            struct gcm_slice id = id_of(arena, node);
            if (!gcm_map_put(arena, &told, id, pass))
                tell_extra_pair(pass, id, GCM_S("(a row behind the one that is answered)"));
        }
    }
}

static gcm_result check_single(struct relation_pass *pass, const struct hidden *hidden,
                               struct gcm_error *err)
{
    struct gcm_arena *arena = &pass->verify->page;
    struct numbered numbered = {0};
    struct question question = question_of(pass);
    struct api_answer answer;
    gcm_each (const struct hidden_node, node, hidden->nodes)
        if (has_one(node))
            number(arena, &numbered, node->answered);
    if (!numbered.partners.count)
        return GCM_OK;
    ask_outside(&question, hidden, &numbered);
    for (unsigned bit = 0; (numbered.partners.count - 1) >> bit; bit++) {
        ask_bit(&question, hidden, &numbered, bit, 0);
        ask_bit(&question, hidden, &numbered, bit, 1);
    }
    gcm_result result = ask(&question, &answer, err);
    if (result == GCM_OK)
        tell_found(pass, &answer);
    return result == GCM_END ? GCM_OK : result;
}

/* ---- nodes with several ---- */

static void ask_one(struct question *question, struct gcm_slice id, const struct partner *partner)
{
    open_ids(question, 'n');
    put_id(question, id);
    gcm_putc(&question->variables, ']');
    gcm_putc(&question->head, ' ');
    open_ids(question, 'p');
    put_id(question, partner->id);
    gcm_putc(&question->variables, ']');
    ask_for(question, "in");
}

static void ask_others(struct question *question, const struct hidden_node *node)
{
    open_ids(question, 'n');
    put_id(question, node->id);
    gcm_putc(&question->variables, ']');
    gcm_putc(&question->head, ' ');
    open_ids(question, 'p');
    gcm_each (const struct partner, partner, node->partners.list)
        put_id(question, partner->id);
    gcm_putc(&question->variables, ']');
    ask_for(question, "not_in");
}

static bool answered_rightly(const struct hidden_node *node)
{
    gcm_each (const struct partner, partner, node->partners.list)
        if (partner->seen)
            return true;
    return false;
}

static gcm_result check_several(struct relation_pass *pass, const struct hidden_node *node,
                                struct gcm_error *err)
{
    struct gcm_arena *arena = &pass->verify->page;
    struct question question = question_of(pass);
    struct api_answer answer;
    gcm_each (const struct partner, partner, node->partners.list)
        ask_one(&question, node->id, partner);
    ask_others(&question, node);
    gcm_result result = ask(&question, &answer, err);
    if (result != GCM_OK)
        return result == GCM_END ? GCM_OK : result;
    for (unsigned i = 0; i < question.count; i++) {
        struct gcm_raw list = {0}, first;
        gcm_raw_member(answer.data, gcm_format(arena, "q%u", i).at, &list);
        struct gcm_raw_walk walk = gcm_raw_walk(list);
        bool found = gcm_raw_next(&walk, NULL, &first);
        if (i + 1 == question.count && found && answered_rightly(node))
            tell_extra_pair(pass, node->id, GCM_S("(a row behind the one that is answered)"));
        if (i + 1 == question.count || node->partners.list.at[i].seen)
            continue;
        pass->verified->pairs.equal += found;
        if (!found)
            tell_missing_pair(pass, node->id, &node->partners.list.at[i]);
    }
    return GCM_OK;
}

gcm_result verify_hidden(struct relation_pass *pass, const struct hidden *hidden,
                         struct gcm_error *err)
{
    gcm_result result = check_single(pass, hidden, err);
    gcm_each (const struct hidden_node, node, hidden->nodes)
        if (result == GCM_OK && !has_one(node))
            result = check_several(pass, node, err);
    return result;
}
