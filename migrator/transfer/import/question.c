/* question: one GraphQL query to the target, and its answer as bytes. */
#include "core/json.h"
#include "transfer/import/parts.h"

gcm_result import_question(struct import *import, struct gcm_arena *arena, struct gcm_slice query,
                           struct gcm_slice variables, struct gcm_raw *data, struct gcm_error *err)
{
    struct gcm_buffer body = gcm_buffer(arena, GCM_BUFFER_CAP);
    struct gcm_http_answer answer;
    struct gcm_raw raw, errors;
    struct gcm_raw_error ignored;
    *data = (struct gcm_raw){0};
    gcm_puts(&body, "{\"query\":");
    gcm_put_raw_string(&body, query);
    gcm_puts(&body, ",\"variables\":{");
    gcm_put(&body, variables);
    gcm_puts(&body, "}}");
    const struct gcm_http_request request = {
        .url = import->options->endpoint, .body = gcm_buffer_text(&body), .repeatable = true};
    gcm_result result = gcm_http_ask(import->asking, &request, &answer);
    if (result != GCM_OK)
        return result == GCM_INTERRUPTED ? result : GCM_BUG;
    if (answer.fate != GCM_HTTP_ANSWERED)
        return gcm_http_fail(import->arena, &request, &answer, err);
    if (!gcm_raw_read(gcm_slice_trim(gcm_copy(arena, answer.body)), &raw, &ignored) ||
        raw.kind != GCM_RAW_OBJECT)
        return gcm_http_fail(import->arena, &request, &answer, err);
    if (gcm_raw_member(raw, "errors", &errors)) {
        import->refusal =
            gcm_copy(import->arena, gcm_http_words(import->asking, arena, errors.text, 500));
        return import_denied(import, raw, err);
    }
    if (!gcm_raw_member(raw, "data", data) || data->kind != GCM_RAW_OBJECT)
        return gcm_http_fail(import->arena, &request, &answer, err);
    return GCM_OK;
}
