/* api: one question to the target's GraphQL API. */
#include "transfer/verify/parts.h"

#include <string.h>

enum { SHOWN = 120 };

struct gcm_slice shortened(struct gcm_arena *arena, struct gcm_slice text)
{
    struct gcm_buffer out = gcm_buffer(arena, GCM_BUFFER_CAP);
    size_t size = text.size;
    if (size > SHOWN) {
        size = SHOWN;
        while (size && ((unsigned char)text.at[size] & 0xc0) == 0x80)
            size--;
    }
    gcm_put_visible(&out, gcm_slice_sub(text, 0, size));
    if (size < text.size)
        gcm_puts(&out, "…");
    return gcm_buffer_text(&out);
}

static struct gcm_slice member_text(struct gcm_arena *arena, struct gcm_raw object,
                                    const char *name)
{
    struct gcm_raw value;
    if (!gcm_raw_member(object, name, &value))
        return GCM_S("");
    return value.kind == GCM_RAW_STRING ? gcm_raw_string(arena, value) : value.text;
}

/* The codes after which no question makes sense: the token is refused, there is no such service
 * (spec/prisma1.md §4.4). */
static gcm_result refused(struct verify *verify, struct gcm_slice code, struct gcm_error *err)
{
    struct gcm_place nowhere = {0};
    if (gcm_slice_is(code, "3015")) {
        gcm_fail(verify->arena, err, GCM_REMOTE, nowhere, "%.*s: the target refuses the token",
                 GCM_P(verify->options->endpoint));
        err->hint = GCM_S("it is signed with the service's secret: see PRISMA_SECRET in .env");
        return GCM_REMOTE;
    }
    if (gcm_slice_is(code, "3016"))
        return gcm_fail(verify->arena, err, GCM_REMOTE, nowhere,
                        "%.*s: the target has no such service or stage",
                        GCM_P(verify->options->endpoint));
    return GCM_OK;
}

static gcm_result read_errors(struct verify *verify, struct gcm_arena *arena, struct gcm_raw errors,
                              struct api_answer *answer, struct gcm_error *err)
{
    struct gcm_raw_walk walk = gcm_raw_walk(errors);
    struct gcm_raw error;
    answer->only_nulls = true;
    while (gcm_raw_next(&walk, NULL, &error)) {
        gcm_result result = refused(verify, member_text(arena, error, "code"), err);
        if (result != GCM_OK)
            return result;
        struct gcm_slice message = member_text(arena, error, "message");
        if (!answer->errors || answer->only_nulls)
            answer->reason =
                shortened(arena, gcm_http_words(verify->http, arena, message, SIZE_MAX));
        answer->errors = true;
        answer->only_nulls &= gcm_slice_has(message, "null for non-nullable");
    }
    return GCM_OK;
}

static gcm_result read_answer(struct verify *verify, struct gcm_arena *arena, struct gcm_slice body,
                              struct api_answer *answer, struct gcm_error *err)
{
    struct gcm_raw root, errors;
    struct gcm_raw_error wrong;
    answer->bytes = body.size;
    if (!gcm_raw_read(body, &root, &wrong) || root.kind != GCM_RAW_OBJECT) {
        answer->trouble = true;
        answer->reason = GCM_S("the answer is no JSON object");
        return GCM_OK;
    }
    if (!gcm_raw_member(root, "data", &answer->data))
        answer->data = (struct gcm_raw){0};
    bool failed = gcm_raw_member(root, "errors", &errors) && errors.kind == GCM_RAW_ARRAY;
    if (failed)
        return read_errors(verify, arena, errors, answer, err);
    if (answer->data.kind != GCM_RAW_OBJECT) {
        answer->errors = true;
        answer->reason = GCM_S("an answer without data");
    }
    return GCM_OK;
}

static struct gcm_slice body_of(struct gcm_arena *arena, struct gcm_slice query,
                                struct gcm_slice variables)
{
    struct gcm_buffer body = gcm_buffer(arena, GCM_BUFFER_CAP);
    gcm_puts(&body, "{\"query\":");
    gcm_put_raw_string(&body, query);
    gcm_puts(&body, ",\"variables\":{");
    gcm_put(&body, variables);
    gcm_puts(&body, "}}");
    return gcm_buffer_text(&body);
}

void put_variable(struct gcm_buffer *out, const char *name, struct gcm_slice text)
{
    gcm_putf(out, "%s\"%s\":", out->size ? "," : "", name);
    gcm_put_raw_string(out, text);
}

struct gcm_slice id_of(struct gcm_arena *arena, struct gcm_raw node)
{
    return node.kind == GCM_RAW_OBJECT ? member_text(arena, node, "id") : GCM_S("");
}

gcm_result api_ask(struct verify *verify, struct gcm_arena *arena, struct gcm_slice query,
                   struct gcm_slice variables, struct api_answer *answer, struct gcm_error *err)
{
    struct gcm_http_request request = {.url = verify->options->endpoint,
                                       .body = body_of(arena, query, variables),
                                       .repeatable = true};
    struct gcm_http_answer http;
    *answer = (struct api_answer){0};
    gcm_result result = gcm_http_ask(verify->http, &request, &http);
    verify->result->requests++;
    if (result != GCM_OK)
        return gcm_fail(verify->arena, err, GCM_INTERRUPTED, (struct gcm_place){0}, "interrupted");
    verify->result->bytes += http.body.size;
    bool readable = http.fate == GCM_HTTP_ANSWERED && (http.status == 200 || http.status == 500);
    if (readable)
        return read_answer(verify, arena, gcm_copy(arena, http.body), answer, err);
    if (http.fate == GCM_HTTP_ANSWERED || http.fate == GCM_HTTP_NOT_TAKEN)
        return gcm_http_fail(verify->arena, &request, &http, err);
    answer->trouble = true;
    answer->reason = gcm_copy(arena, http.problem);
    gcm_http_fail(verify->arena, &request, &http, err); /* for whoever gives up */
    return GCM_OK;
}
