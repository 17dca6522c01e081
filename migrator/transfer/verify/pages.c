/* pages: all nodes of a type, page by page in the order of their ids. The size of a page
 * follows the size of the answers. What the server cannot answer is isolated by halving. */
#include "transfer/verify/parts.h"

#include "core/interrupt.h"
#include "core/plural.h"

enum { PAGE_BYTES = 1000000, LARGEST_PAGE = 2000, SHRINK = 8 };

struct gcm_slice list_query(struct gcm_arena *arena, const struct gcm_prisma_type *type)
{
    return gcm_uncapitalize(arena, gcm_plural_prisma(arena, type->name));
}

/* Where the reading stands. */
struct reading {
    struct pages *pages;
    struct gcm_slice query;
    size_t first;
    bool started;
    struct gcm_slice after, start; /* ids: of the last node, and of the page before */
    struct gcm_arena hold;         /* of the two */
};

static void put_list(struct gcm_buffer *out, const struct reading *reading, const char *alias,
                     struct gcm_slice selection)
{
    gcm_putf(out, " %s:%.*s(orderBy:id_ASC,first:$f%s){id %.*s}", alias, GCM_P(reading->query),
             reading->started ? ",after:$a" : "", GCM_P(selection));
}

static gcm_result ask_page(struct reading *reading, struct gcm_slice selection, bool doubled,
                           size_t first, struct api_answer *answer, struct gcm_error *err)
{
    struct verify *verify = reading->pages->verify;
    struct gcm_buffer query = gcm_buffer(&verify->page, GCM_BUFFER_CAP);
    gcm_puts(&query, reading->started ? "query($f:Int!,$a:String!){" : "query($f:Int!){");
    if (doubled)
        put_list(&query, reading, "n", GCM_S(""));
    put_list(&query, reading, "r", selection);
    gcm_puts(&query, "}");
    struct gcm_buffer variables = gcm_buffer(&verify->page, GCM_BUFFER_CAP);
    gcm_putf(&variables, "\"f\":%zu", first);
    if (reading->started)
        put_variable(&variables, "a", reading->after);
    struct gcm_slice text = gcm_buffer_text(&query);
    return api_ask(verify, &verify->page, text, gcm_buffer_text(&variables), answer, err);
}

static void go_on_behind(struct reading *reading, struct gcm_slice start, struct gcm_slice last)
{
    struct gcm_arena hold = {0};
    reading->start = gcm_copy(&hold, start);
    reading->after = gcm_copy(&hold, last);
    reading->started = true;
    gcm_arena_free(&reading->hold);
    reading->hold = hold;
}

static gcm_result give_up(struct reading *reading, struct gcm_slice reason)
{
    tell_unchecked(reading->pages->verify, reading->pages->type->name, GCM_S(""), GCM_S(""),
                   reason);
    return GCM_END;
}

/* One node cannot be read: its id can, maybe. */
static gcm_result isolate(struct reading *reading, struct gcm_slice reason, struct gcm_error *err)
{
    struct pages *pages = reading->pages;
    struct api_answer answer;
    struct gcm_raw list, node = {0};
    gcm_result result = ask_page(reading, GCM_S(""), false, 1, &answer, err);
    if (result != GCM_OK)
        return result;
    if (answer.trouble)
        return GCM_REMOTE;
    if (answer.errors || !gcm_raw_member(answer.data, "r", &list))
        return give_up(reading, answer.errors ? answer.reason : reason);
    struct gcm_raw_walk walk = gcm_raw_walk(list);
    if (!gcm_raw_next(&walk, NULL, &node))
        return give_up(reading, reason);
    struct gcm_slice id = id_of(&pages->verify->page, node);
    result = pages->broken(pages->context, id, reason, err);
    go_on_behind(reading, id, id);
    return result;
}

/* Hands the nodes of a page on; *count of them. */
static gcm_result hand_on(struct reading *reading, const struct api_answer *answer, size_t *count,
                          struct gcm_error *err)
{
    struct pages *pages = reading->pages;
    struct gcm_arena *arena = &pages->verify->page;
    struct gcm_raw list, names, node, name = {0};
    struct gcm_slice start = GCM_S(""), last = GCM_S("");
    *count = 0;
    if (!gcm_raw_member(answer->data, "r", &list) || list.kind != GCM_RAW_ARRAY ||
        !gcm_raw_member(answer->data, pages->doubled ? "n" : "r", &names))
        return give_up(reading, GCM_S("an answer without nodes"));
    struct gcm_raw_walk walk = gcm_raw_walk(list), along = gcm_raw_walk(names);
    while (gcm_raw_next(&walk, NULL, &node)) {
        if (!gcm_raw_next(&along, NULL, &name) || name.kind != GCM_RAW_OBJECT)
            return give_up(reading, GCM_S("a page with a null in place of a node"));
        struct gcm_slice id = id_of(arena, name);
        if (node.kind == GCM_RAW_OBJECT && !gcm_slice_equal(id, id_of(arena, node)))
            return give_up(reading, GCM_S("the target changed while it was read"));
        if (!(*count)++)
            start = id;
        if (*count == 1 && reading->started && gcm_slice_equal(id, reading->start))
            return give_up(reading, GCM_S("the same page came twice"));
        last = id;
        gcm_result result = pages->each(pages->context, id, node, err);
        if (result != GCM_OK)
            return result;
    }
    if (*count)
        go_on_behind(reading, start, last);
    return GCM_OK;
}

/* So many that the next answer has about the size that is wanted, not more than twice as many. */
static void fit(struct reading *reading, size_t count, size_t bytes)
{
    size_t wanted = reading->pages->verify->options->page_bytes;
    if (!wanted)
        wanted = PAGE_BYTES;
    size_t each = count ? bytes / count + 1 : 1, first = wanted / each;
    if (first > reading->first * 2)
        first = reading->first * 2;
    size_t most = reading->pages->most ? reading->pages->most : LARGEST_PAGE;
    reading->first = first < 1 ? 1 : first > most ? most : first;
}

static gcm_result read_page(struct reading *reading, struct gcm_error *err)
{
    struct pages *pages = reading->pages;
    struct api_answer answer;
    size_t count;
    gcm_result result =
        ask_page(reading, pages->selection, pages->doubled, reading->first, &answer, err);
    if (result != GCM_OK)
        return result;
    bool failed = answer.trouble || (answer.errors && !(pages->doubled && answer.only_nulls &&
                                                        answer.data.kind == GCM_RAW_OBJECT));
    if (failed && reading->first > 1) {
        reading->first =
            answer.trouble ? (reading->first + SHRINK - 1) / SHRINK : reading->first / 2;
        return GCM_OK;
    }
    if (failed)
        return isolate(reading, answer.reason, err);
    result = hand_on(reading, &answer, &count, err);
    if (result == GCM_OK)
        result = pages->behind(pages->context, answer.bytes, err);
    if (result == GCM_OK && !count)
        reading->first = 0; /* the end */
    else
        fit(reading, count, answer.bytes);
    return result;
}

gcm_result read_pages(struct pages *pages, struct gcm_error *err)
{
    struct verify *verify = pages->verify;
    struct reading reading = {
        .pages = pages, .query = list_query(verify->arena, pages->type), .first = pages->first};
    gcm_result result = GCM_OK;
    while (result == GCM_OK && reading.first) {
        if (gcm_interrupted()) {
            result =
                gcm_fail(verify->arena, err, GCM_INTERRUPTED, (struct gcm_place){0}, "interrupted");
            break;
        }
        result = read_page(&reading, err);
        gcm_arena_free(&verify->page);
    }
    gcm_arena_free(&reading.hold);
    return result;
}
