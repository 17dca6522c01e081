/* answer: what the answers of /import say, in all their shapes (spec/prisma1.md §3.1, §3.3).
 */
#include "transfer/import/parts.h"

/* The code of an answer {"errors": [{"code": …}]}; 0: none. */
static int64_t code_of(struct gcm_raw answer, struct gcm_raw *message)
{
    struct gcm_raw errors, error, code;
    int64_t number = 0;
    if (answer.kind != GCM_RAW_OBJECT || !gcm_raw_member(answer, "errors", &errors))
        return 0;
    struct gcm_raw_walk walk = gcm_raw_walk(errors);
    if (!gcm_raw_next(&walk, NULL, &error))
        return 0;
    gcm_raw_member(error, "message", message);
    if (gcm_raw_member(error, "code", &code) && code.kind == GCM_RAW_NUMBER)
        gcm_number_integer(code.text, &number);
    return number;
}

enum { WORDS = 2000 };

static struct gcm_slice text_of(const struct import *import, struct gcm_arena *arena,
                                struct gcm_raw raw)
{
    struct gcm_slice text = raw.kind == GCM_RAW_STRING ? gcm_raw_string(arena, raw) : raw.text;
    return gcm_http_words(import->http, arena, text, WORDS);
}

gcm_result import_denied(struct import *import, struct gcm_raw answer, struct gcm_error *err)
{
    struct gcm_raw message = {0};
    int64_t code = code_of(answer, &message);
    if (code != 3015 && code != 3016)
        return GCM_OK;
    gcm_fail(import->arena, err, GCM_REMOTE, (struct gcm_place){0}, "%.*s: %.*s",
             GCM_P(import->options->endpoint), GCM_P(text_of(import, import->arena, message)));
    if (code == 3016)
        err->hint = GCM_S("There is no such service: deploy the converted project first "
                          "(prisma1 deploy), or give another --endpoint.");
    else if (import->options->secret.size)
        err->hint = GCM_S("The service was deployed with another secret: compare PRISMA_SECRET "
                          "with the one of its last deployment.");
    else
        err->hint = GCM_S("The service has a secret: give it with --secret-file or PRISMA_SECRET.");
    return GCM_REMOTE;
}

/* ["…"] or, up to 1.4, [{"index": 0, "message": "…"}]. */
static void read_complaints(const struct import *import, struct work *work, struct gcm_raw answer)
{
    struct gcm_raw_walk walk = gcm_raw_walk(answer);
    struct gcm_raw one, member;
    while (gcm_raw_next(&walk, NULL, &one)) {
        struct complaint *complaint = gcm_push(&work->arena, &work->complaints);
        *complaint = (struct complaint){.index = -1};
        if (one.kind == GCM_RAW_OBJECT && gcm_raw_member(one, "index", &member) &&
            !gcm_number_integer(member.text, &complaint->index))
            complaint->index = -1;
        if (one.kind == GCM_RAW_OBJECT && gcm_raw_member(one, "message", &member))
            one = member;
        complaint->text = text_of(import, &work->arena, one);
    }
    work->said = work->complaints.count ? SAID_REPORTED : SAID_TAKEN;
}

static void read_error(struct import *import, struct work *work, struct gcm_raw answer,
                       struct gcm_error *err)
{
    struct gcm_raw message = answer;
    if (import_denied(import, answer, err) != GCM_OK) {
        work->said = SAID_STOP;
        return;
    }
    code_of(answer, &message);
    work->said = SAID_REFUSED;
    work->problem = text_of(import, &work->arena, message);
}

static void stop(struct import *import, struct work *work, const struct gcm_http_answer *answer,
                 struct gcm_error *err)
{
    const struct gcm_http_request request = {.url = import->url};
    gcm_http_fail(import->arena, &request, answer, err);
    work->said = SAID_STOP;
}

void import_read_answer(struct import *import, struct work *work,
                        const struct gcm_http_answer *answer, struct gcm_error *err)
{
    struct gcm_raw raw;
    struct gcm_raw_error ignored;
    work->said = SAID_NOTHING;
    work->complaints.count = work->complaints.room = 0;
    work->complaints.at = NULL;
    work->problem = gcm_copy(&work->arena, answer->problem);
    if (answer->fate != GCM_HTTP_ANSWERED)
        return;
    struct gcm_slice body = gcm_slice_trim(gcm_copy(&work->arena, answer->body));
    if (answer->status >= 300 && answer->status < 500 && answer->status != 400) {
        stop(import, work, answer, err); /* of a proxy: this is no Prisma server */
        return;
    }
    if (!gcm_raw_read(body, &raw, &ignored)) {
        /* 400 and 500 with plain text are refusals; "200 OK" that says nothing is not trusted */
        if (answer->status >= 400)
            work->said = SAID_REFUSED;
        if (answer->status >= 400 && body.size)
            work->problem = gcm_http_words(import->http, &work->arena, body, WORDS);
        return;
    }
    if (raw.kind == GCM_RAW_ARRAY && answer->status < 300)
        read_complaints(import, work, raw);
    else if (raw.kind == GCM_RAW_OBJECT)
        read_error(import, work, raw, err);
}
