/* What is asked of the source's server, and its answers told apart (§7.1). */
#include "transfer/export/parts.h"

#include "core/mark.h"

#include <string.h>

static struct gcm_slice safe(struct gcm_exporter *exporter, struct gcm_slice text)
{
    enum { SHOWN = 200 };
    return gcm_copy(exporter->arena,
                    gcm_ahead_words(exporter->server, exporter->arena, text, SHOWN));
}

/* What the source answers; its errors are told apart. *broken: the server's internal error. */
static gcm_result post(struct gcm_exporter *exporter, struct gcm_slice url, struct gcm_slice body,
                       const struct gcm_ahead_answer **answer, bool *broken)
{
    gcm_mark("export-ask");
    const struct gcm_ahead_answer *came = gcm_ahead_take(exporter->server, url, body);
    gcm_mark("export-answered");
    *answer = came;
    if (came->result == GCM_INTERRUPTED)
        return gcm_fail(exporter->arena, exporter->err, came->result, (struct gcm_place){0},
                        "interrupted while waiting for the source");
    if (came->result)
        return came->result;
    *broken = came->http.status >= 500;
    if (came->json || (*broken && came->http.fate == GCM_HTTP_ANSWERED))
        return GCM_OK;
    if (came->http.fate != GCM_HTTP_ANSWERED || came->http.status != 200)
        return gcm_http_fail(exporter->arena, &came->request, &came->http, exporter->err);
    exporter->err->retryable = true;
    return gcm_fail(exporter->arena, exporter->err, GCM_REMOTE, (struct gcm_place){0},
                    "%.*s answered with something that is no JSON object (byte %zu: %s was "
                    "expected)",
                    GCM_P(url), came->wrong.offset,
                    came->wrong.expected ? came->wrong.expected : "an object");
}

/* {code, error}: what the server says of the request as a whole. */
static gcm_result refuse(struct gcm_exporter *exporter, int64_t code, struct gcm_slice words)
{
    enum { NO_ADMIN = 3008, NO_PROJECT = 3016 };
    bool no_project = code == NO_PROJECT;
    gcm_result result =
        gcm_fail(exporter->arena, exporter->err, no_project ? GCM_BAD_INPUT : GCM_REMOTE,
                 (struct gcm_place){0}, "the source answers: %.*s (%lld)",
                 GCM_P(safe(exporter, words)), (long long)code);
    if (code == NO_ADMIN)
        exporter->err->hint = GCM_S("An export wants a root token of the service (`graphcool "
                                    "root-token`), or the cluster's secret.");
    if (no_project)
        exporter->err->hint = GCM_S("Is the id of the service right, and is it on this host?");
    return result;
}

/* JSON, but neither a page nor an error that Graphcool has: a Prisma service, for one. */
static gcm_result refuse_stranger(struct gcm_exporter *exporter)
{
    gcm_fail(exporter->arena, exporter->err, GCM_REMOTE, (struct gcm_place){0},
             "%.*s answers with neither a page of records nor an error of Graphcool",
             GCM_P(exporter->door));
    exporter->err->hint =
        GCM_S("Is this the endpoint of the Graphcool service, http://HOST:PORT/simple/v1/ID?");
    return GCM_REMOTE;
}

static int64_t number_of(struct gcm_raw value)
{
    int64_t number = 0;
    return value.text.at && value.kind == GCM_RAW_NUMBER && gcm_number_integer(value.text, &number)
               ? number
               : 0;
}

static int64_t member_number(struct gcm_raw object, const char *name)
{
    struct gcm_raw value = {0};
    return gcm_raw_member(object, name, &value) ? number_of(value) : 0;
}

static struct gcm_slice text_of(struct gcm_exporter *exporter, struct gcm_raw value)
{
    return value.text.at && value.kind == GCM_RAW_STRING ? gcm_raw_string(exporter->arena, value)
                                                         : (struct gcm_slice){0};
}

static struct gcm_slice member_text(struct gcm_exporter *exporter, struct gcm_raw object,
                                    const char *name)
{
    struct gcm_raw value = {0};
    return gcm_raw_member(object, name, &value) ? text_of(exporter, value) : (struct gcm_slice){0};
}

static bool is_invalid(int64_t code)
{
    return code == 3037 || code == 3038; /* Json text, enum value (appendix B) */
}

/* What the server says where it did not expect what happened. */
static bool is_internal(struct gcm_slice words)
{
    return gcm_slice_starts(words, "Whoops");
}

/* The array of elements in `out`, which is large: where its values end is known. */
static bool find_elements(struct gcm_raw out, const struct gcm_raw_ends *ends,
                          struct gcm_raw_walk *elements)
{
    struct gcm_raw_walk walk = gcm_raw_walk_ends(out, ends, 1);
    struct gcm_slice key;
    struct gcm_raw value, found = {0};
    while (out.kind == GCM_RAW_OBJECT && gcm_raw_next(&walk, &key, &value))
        if (gcm_slice_is(key, "jsonElements"))
            found = value;
    *elements = gcm_raw_walk_ends(found, ends, 2);
    return found.text.at && found.kind == GCM_RAW_ARRAY;
}

/* The members of a page, of which `cursor` and `isFull` say how to go on. */
enum { OUT, CURSOR, FULL, CODE, ERROR, MEMBERS };
static void read_members(const struct gcm_ahead_answer *answer, struct gcm_raw members[MEMBERS])
{
    static const char *const names[] = {"out", "cursor", "isFull", "code", "error", NULL};
    gcm_raw_members(gcm_raw_walk_ends(answer->value, &answer->ends, 0), names, members);
}

static gcm_result read_page(struct gcm_exporter *exporter, const struct gcm_ahead_answer *answer,
                            struct gcm_export_page *page)
{
    struct gcm_raw members[MEMBERS];
    read_members(answer, members);
    int64_t code = number_of(members[CODE]);
    if (is_invalid(code)) {
        page->reply = GCM_REPLY_INVALID;
        page->problem = safe(exporter, text_of(exporter, members[ERROR]));
        return GCM_OK;
    }
    if (!members[OUT].text.at || !find_elements(members[OUT], &answer->ends, &page->elements) ||
        !members[FULL].text.at || !members[CURSOR].text.at) {
        struct gcm_slice words = text_of(exporter, members[ERROR]);
        page->reply = GCM_REPLY_BROKEN;
        if (is_internal(words))
            return GCM_OK;
        return words.size || code ? refuse(exporter, code, words) : refuse_stranger(exporter);
    }
    page->full = members[FULL].kind == GCM_RAW_TRUE;
    page->table = member_number(members[CURSOR], "table");
    page->row = member_number(members[CURSOR], "row");
    return GCM_OK;
}

/* `field` and `array` are always 0: the server would apply them to all rows (§7.5 L4). */
static struct gcm_slice page_request(struct gcm_arena *arena, enum gcm_ndf_kind kind, int64_t table,
                                     int64_t row)
{
    return gcm_format(arena,
                      "{\"fileType\":\"%s\",\"cursor\":{\"table\":%lld,\"row\":%lld,"
                      "\"field\":0,\"array\":0}}",
                      gcm_ndf_names[kind], (long long)table, (long long)row);
}

/* The page behind a full one. Where its cursor stays, the same is asked again: nothing is. */
static bool next_page(struct gcm_arena *arena, const struct gcm_ahead_answer *answer, int kind,
                      struct gcm_slice *body)
{
    struct gcm_raw members[MEMBERS];
    read_members(answer, members);
    if (!members[FULL].text.at || members[FULL].kind != GCM_RAW_TRUE || !members[CURSOR].text.at)
        return false;
    *body = page_request(arena, (enum gcm_ndf_kind)kind, member_number(members[CURSOR], "table"),
                         member_number(members[CURSOR], "row"));
    return !gcm_slice_equal(*body, answer->request.body);
}

void gcm_export_ask_ahead(struct gcm_exporter *exporter, enum gcm_ndf_kind kind, int64_t table,
                          int64_t row)
{
    struct gcm_arena arena = {0};
    /* Where the next page of lists starts, only the stage knows. */
    const struct gcm_ahead_wish wish = {.url = exporter->door,
                                        .body = page_request(&arena, kind, table, row),
                                        .next = kind == GCM_NDF_LISTS ? NULL : next_page,
                                        .tag = (int)kind};
    gcm_ahead_wish(exporter->server, &wish);
    gcm_arena_free(&arena);
}

static gcm_result ask_once(struct gcm_exporter *exporter, enum gcm_ndf_kind kind, int64_t table,
                           int64_t row, struct gcm_export_page *page)
{
    struct gcm_arena arena = {0};
    const struct gcm_ahead_answer *answer;
    bool broken = false;
    *page = (struct gcm_export_page){0};
    gcm_result result =
        post(exporter, exporter->door, page_request(&arena, kind, table, row), &answer, &broken);
    gcm_arena_free(&arena);
    page->bytes = answer->http.body.size;
    if (!result && !broken)
        return read_page(exporter, answer, page);
    page->reply = GCM_REPLY_BROKEN;
    return result;
}

/* A value that cannot be read stays so: an internal error that passes was a mishap of the server.
 */
gcm_result gcm_export_ask(struct gcm_exporter *exporter, enum gcm_ndf_kind kind, int64_t table,
                          int64_t row, struct gcm_export_page *page)
{
    gcm_result result = ask_once(exporter, kind, table, row, page);
    if (result || page->reply != GCM_REPLY_BROKEN)
        return result;
    return ask_once(exporter, kind, table, row, page);
}

/* Of the errors of an answer, the one that decides. */
static void read_errors(struct gcm_exporter *exporter, struct gcm_raw errors,
                        struct gcm_export_answer *answer)
{
    struct gcm_raw each;
    for (struct gcm_raw_walk walk = gcm_raw_walk(errors); gcm_raw_next(&walk, NULL, &each);) {
        struct gcm_slice words = member_text(exporter, each, "message");
        answer->reply = is_invalid(member_number(each, "code")) ? GCM_REPLY_INVALID
                        : is_internal(words)                    ? GCM_REPLY_BROKEN
                                                                : GCM_REPLY_ERROR;
        answer->problem = safe(exporter, words);
        return;
    }
}

static struct gcm_slice query_request(struct gcm_arena *arena, struct gcm_slice query)
{
    struct gcm_buffer body = gcm_buffer(arena, GCM_BUFFER_CAP);
    gcm_puts(&body, "{\"query\":");
    gcm_put_raw_string(&body, query);
    gcm_putc(&body, '}');
    return gcm_buffer_text(&body);
}

static gcm_result query_once(struct gcm_exporter *exporter, struct gcm_slice body,
                             struct gcm_export_answer *answer)
{
    const struct gcm_ahead_answer *came;
    struct gcm_raw errors;
    bool broken = false;
    gcm_result result = post(exporter, exporter->api, body, &came, &broken);
    *answer = (struct gcm_export_answer){.bytes = came->http.body.size};
    if (result)
        return result;
    if (broken) {
        answer->reply = GCM_REPLY_BROKEN;
        return GCM_OK;
    }
    if (gcm_raw_member(came->value, "errors", &errors))
        read_errors(exporter, errors, answer);
    if (answer->reply != GCM_REPLY_DATA)
        return GCM_OK;
    if (gcm_raw_member(came->value, "data", &answer->data) && answer->data.kind == GCM_RAW_OBJECT)
        return GCM_OK;
    struct gcm_slice words = member_text(exporter, came->value, "error");
    answer->reply = GCM_REPLY_BROKEN;
    return is_internal(words) ? GCM_OK
                              : refuse(exporter, member_number(came->value, "code"),
                                       words.size ? words : GCM_S("no data and no error"));
}

/* As a page is: asked twice before an internal error counts. */
gcm_result gcm_export_query(struct gcm_exporter *exporter, struct gcm_slice query,
                            struct gcm_export_answer *answer)
{
    struct gcm_arena arena = {0};
    struct gcm_slice body = query_request(&arena, query);
    gcm_result result = query_once(exporter, body, answer);
    if (!result && answer->reply == GCM_REPLY_BROKEN)
        result = query_once(exporter, body, answer);
    gcm_arena_free(&arena);
    return result;
}

void gcm_export_query_ahead(struct gcm_exporter *exporter, struct gcm_slice query)
{
    struct gcm_arena arena = {0};
    const struct gcm_ahead_wish wish = {.url = exporter->api, .body = query_request(&arena, query)};
    gcm_ahead_wish(exporter->server, &wish);
    gcm_arena_free(&arena);
}
