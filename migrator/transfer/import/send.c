/* send: the requests of one kind. Each chunk is committed as `sent` before its bytes leave,
 * and as confirmed after the answer; between the two nobody knows, and a next run asks. */
#include "core/interrupt.h"
#include "core/mark.h"
#include "http/token.h"
#include "transfer/import/parts.h"

#include <time.h>

enum {
    SMALLEST_CHUNK = 16 * 1024,
    START_CHUNK = 128 * 1024, /* of a phase */
    SILENT_AT_MOST = 8,       /* answers in a row that say nothing: the server is gone */
    TOKEN_SECONDS = 24 * 3600 /* of a token; made anew an hour before its end */
};
static const double quickly = 1.5; /* seconds: an answer within them may cost twice as much */

/* ---- the connection ---- */

gcm_result import_connect(struct import *import, struct gcm_error *err)
{
    struct gcm_http_options options = import->options->http;
    int64_t now = (int64_t)time(NULL);
    gcm_http_close(import->http);
    gcm_http_close(import->asking);
    import->http = import->asking = NULL;
    import->token_ends = 0;
    if (import->options->secret.size) {
        options.token = gcm_token_sign(import->arena, import->options->secret,
                                       import->options->service, now, TOKEN_SECONDS);
        import->token_ends = now + TOKEN_SECONDS;
    }
    options.retrying = gcm_progress_retry;
    options.context = import->progress;
    gcm_result result = gcm_http_open(import->arena, &options, &import->http, err);
    if (result == GCM_OK)
        result = gcm_http_open(import->arena, &options, &import->asking, err);
    return result;
}

static bool token_ends_soon(const struct import *import)
{
    return import->token_ends && (int64_t)time(NULL) > import->token_ends - 3600;
}

/* ---- how much at once ---- */

static gcm_result remember_size(struct import *import, struct gcm_error *err)
{
    struct gcm_slice text = gcm_format(import->arena, "%zu %zu", import->chunk, import->ceiling);
    return gcm_stage_put_note(import->stage, "chunk size", text, err);
}

static gcm_result send_less(struct import *import, size_t than, struct gcm_error *err)
{
    if (import->options->chunk_size)
        return GCM_OK;
    size_t half = (than < import->chunk ? than : import->chunk) / 2;
    import->chunk = import->ceiling = half < SMALLEST_CHUNK ? SMALLEST_CHUNK : half;
    return remember_size(import, err);
}

static gcm_result maybe_send_more(struct import *import, const struct work *work, double seconds,
                                  struct gcm_error *err)
{
    if (import->options->chunk_size || import->chunk >= import->ceiling || seconds > quickly ||
        work->body.size < import->chunk / 2)
        return GCM_OK;
    import->chunk *= 2;
    if (import->chunk > import->ceiling)
        import->chunk = import->ceiling;
    return remember_size(import, err);
}

/* ---- works ---- */

static void release(struct work *work)
{
    gcm_arena_free(&work->arena);
    *work = (struct work){.state = WORK_FREE};
}

static unsigned count_works(const struct import *import, enum work_state state)
{
    unsigned count = 0;
    for (unsigned i = 0; i < WORKS; i++)
        count += import->works[i].state == state;
    return count;
}

static struct work *free_work(struct import *import)
{
    for (unsigned i = 0; i < import->limit; i++)
        if (import->works[i].state == WORK_FREE)
            return &import->works[i];
    return NULL;
}

/* The chunk that waits to be sent (again), or the next rows that no chunk has. GCM_END: nothing. */
static gcm_result pick(struct import *import, struct work *work, struct gcm_error *err)
{
    gcm_result result = gcm_outbox_next(import->stage, import->kind, import->group,
                                        GCM_CHUNK_PENDING, &work->chunk, err);
    if (result != GCM_END)
        return result;
    int64_t reached = gcm_outbox_reached(import->stage, import->kind, import->group);
    work->chunk = (struct gcm_chunk){.kind = import->kind,
                                     .group = import->group,
                                     .first = reached + 1,
                                     .last = import->last_row};
    return reached >= import->last_row ? GCM_END : GCM_OK;
}

/* A chunk that has become too large for one request: what did not fit waits as a chunk of its own.
 */
static gcm_result write_down(struct import *import, struct work *work, int64_t last,
                             struct gcm_error *err)
{
    struct gcm_chunk *chunk = &work->chunk;
    bool nothing = chunk->elements == 0;
    gcm_result result = GCM_OK;
    if (!chunk->key) {
        chunk->state = nothing ? GCM_CHUNK_CONFIRMED : GCM_CHUNK_SENT;
        return gcm_outbox_add(import->stage, chunk, err);
    }
    struct gcm_chunk pieces[2] = {*chunk, *chunk};
    pieces[0].state = GCM_CHUNK_PENDING;
    pieces[1] =
        (struct gcm_chunk){.first = chunk->last + 1, .last = last, .state = GCM_CHUNK_PENDING};
    if (chunk->last < last) {
        result = gcm_outbox_replace(import->stage, chunk, pieces, 2, err);
        if (result == GCM_OK)
            result = gcm_outbox_next(import->stage, import->kind, import->group, GCM_CHUNK_PENDING,
                                     &pieces[0], err);
        chunk->key = pieces[0].key;
    }
    if (result == GCM_OK)
        result = gcm_outbox_set(import->stage, chunk->key,
                                nothing ? GCM_CHUNK_CONFIRMED : GCM_CHUNK_SENT, err);
    chunk->tries += !nothing;
    return result;
}

/* Each request of a phase is twice as large as the one before, until they are as large as may be.
 */
static size_t next_limit(struct import *import)
{
    size_t limit = import->start;
    import->start *= 2;
    if (limit && limit < import->chunk)
        return limit;
    import->start = 0;
    return import->chunk;
}

/* Makes the next request and starts it. GCM_END: nothing is left to be sent. */
static gcm_result send_next(struct import *import, struct work *work, struct gcm_error *err)
{
    gcm_result result = gcm_stage_begin(import->stage, err);
    if (result == GCM_OK)
        result = pick(import, work, err);
    int64_t last = work->chunk.last;
    if (result == GCM_OK)
        result = import_make(import, work, next_limit(import), err);
    if (result == GCM_OK)
        result = write_down(import, work, last, err);
    if (result == GCM_OK)
        result = gcm_stage_commit(import->stage, err);
    if (result != GCM_OK) {
        gcm_stage_rollback(import->stage);
        release(work);
        return result;
    }
    if (!work->chunk.elements) {
        release(work);
        return GCM_OK;
    }
    gcm_mark("before-send");
    const struct gcm_http_request request = {
        .url = import->url, .body = work->body, .tag = (uint64_t)(work - import->works)};
    work->state = WORK_IN_FLIGHT;
    import->result->requests++;
    gcm_http_start(import->http, &request);
    gcm_mark("after-send");
    return GCM_OK;
}

/* ---- answers ---- */

static gcm_result confirm(struct import *import, struct work *work, double seconds,
                          struct gcm_error *err)
{
    gcm_result result = gcm_stage_begin(import->stage, err);
    if (result == GCM_OK)
        result = gcm_outbox_set(import->stage, work->chunk.key, GCM_CHUNK_CONFIRMED, err);
    if (result == GCM_OK)
        result = maybe_send_more(import, work, seconds, err);
    if (result == GCM_OK)
        result = gcm_stage_commit(import->stage, err);
    gcm_stage_rollback(import->stage);
    if (result != GCM_OK)
        return result;
    gcm_mark("after-confirm");
    import->result->bytes += work->body.size;
    gcm_progress_advance(import->progress, work->chunk.elements, work->body.size);
    release(work);
    return GCM_OK;
}

/* The request was surely not processed. */
static gcm_result put_back(struct import *import, struct work *work, struct gcm_error *err)
{
    gcm_result result = gcm_outbox_set(import->stage, work->chunk.key, GCM_CHUNK_PENDING, err);
    release(work);
    return result;
}

static uint64_t count_elements(struct gcm_slice body)
{
    struct gcm_raw value, values, element, part;
    struct gcm_slice field;
    struct gcm_raw_error ignored;
    uint64_t count = 0;
    if (!gcm_raw_read(body, &value, &ignored) || !gcm_raw_member(value, "values", &values))
        return 0;
    struct gcm_raw_walk walk = gcm_raw_walk(values);
    if (!gcm_raw_next(&walk, NULL, &element))
        return 0;
    struct gcm_raw_walk inner = gcm_raw_walk(import_list_array(element.text, &field));
    while (gcm_raw_next(&inner, NULL, &part))
        count++;
    return count;
}

/* One record is more than the server takes: a list goes in two parts, anything else cannot go. */
static bool split_record(struct import *import, struct work *work, struct gcm_chunk pieces[2])
{
    uint64_t elements = import->kind == GCM_NDF_LISTS ? count_elements(work->body) : 0;
    if (elements < 2) {
        struct complaint *complaint = gcm_push(&work->arena, &work->complaints);
        *complaint = (struct complaint){
            .index = 0, .text = GCM_S("larger than what the server takes in one request")};
        work->said = SAID_REPORTED;
        work->state = WORK_UNSETTLED;
        return false;
    }
    pieces[1] = pieces[0];
    pieces[0].take = elements / 2;
    pieces[1].skip += elements / 2;
    if (pieces[1].take)
        pieces[1].take = elements - elements / 2;
    return true;
}

/* The server refused the size, before it read anything. */
static gcm_result too_large(struct import *import, struct work *work, struct gcm_error *err)
{
    struct gcm_chunk pieces[2] = {work->chunk, work->chunk};
    size_t count = 1;
    pieces[0].state = GCM_CHUNK_PENDING;
    bool alone = work->chunk.elements == 1;
    gcm_result result = alone ? GCM_OK : send_less(import, work->body.size, err);
    bool smallest = import->options->chunk_size || work->body.size <= SMALLEST_CHUNK;
    if (result == GCM_OK && !alone && smallest) {
        pieces[1] = pieces[0];
        pieces[0].last = work->chunk.first + (work->chunk.last - work->chunk.first) / 2;
        pieces[1].first = pieces[0].last + 1;
        count = 2;
    } else if (result == GCM_OK && alone && !split_record(import, work, pieces)) {
        return GCM_OK;
    }
    if (alone)
        count = 2;
    if (result == GCM_OK)
        result = gcm_stage_begin(import->stage, err);
    if (result == GCM_OK)
        result = gcm_outbox_replace(import->stage, &work->chunk, pieces, count, err);
    if (result == GCM_OK)
        result = gcm_stage_commit(import->stage, err);
    gcm_stage_rollback(import->stage);
    release(work);
    return result;
}

static gcm_result not_taken(struct import *import, struct work *work,
                            const struct gcm_http_answer *answer, struct gcm_error *err)
{
    const struct gcm_http_request request = {.url = import->url};
    gcm_http_fail(import->arena, &request, answer, err);
    struct gcm_error second;
    gcm_result result = put_back(import, work, &second);
    if (result != GCM_OK)
        *err = second;
    return err->code;
}

/* Nobody knows what became of it: it may still be running. */
static gcm_result lost(struct import *import, struct work *work,
                       const struct gcm_http_answer *answer, struct gcm_error *err)
{
    work->state = WORK_UNSETTLED;
    gcm_progress_note(import->progress, "no usable answer: %.*s", GCM_P(work->problem));
    gcm_result result = gcm_outbox_set(import->stage, work->chunk.key, GCM_CHUNK_UNKNOWN, err);
    if (result == GCM_OK && (answer->status == 504 || answer->seconds > 10))
        result = send_less(import, work->body.size, err);
    if (result != GCM_OK || ++import->silent < SILENT_AT_MOST)
        return result;
    const struct gcm_http_request request = {.url = import->url};
    return gcm_http_fail(import->arena, &request, answer, err);
}

static gcm_result handle(struct import *import, const struct gcm_http_answer *answer,
                         struct gcm_error *err)
{
    struct work *work = &import->works[answer->tag];
    gcm_mark("after-answer");
    if (answer->fate == GCM_HTTP_NOT_TAKEN)
        return not_taken(import, work, answer, err);
    import_read_answer(import, work, answer, err);
    if (answer->fate == GCM_HTTP_TOO_LARGE)
        return too_large(import, work, err);
    switch (work->said) {
    case SAID_TAKEN:
        import->silent = 0;
        return confirm(import, work, answer->seconds, err);
    case SAID_STOP:
        work->state = WORK_FREE;
        gcm_arena_free(&work->arena);
        return GCM_REMOTE;
    case SAID_NOTHING:
        return lost(import, work, answer, err);
    case SAID_REPORTED:
    case SAID_REFUSED:
        break;
    }
    import->silent = 0;
    work->state = WORK_UNSETTLED;
    return gcm_outbox_set(import->stage, work->chunk.key, GCM_CHUNK_UNKNOWN, err);
}

/* ---- the loop ---- */

static gcm_result settle_all(struct import *import, struct gcm_error *err)
{
    gcm_result result = GCM_OK;
    for (unsigned i = 0; result == GCM_OK && i < WORKS; i++)
        if (import->works[i].state == WORK_UNSETTLED) {
            result = import_settle(import, &import->works[i], err);
            release(&import->works[i]);
        }
    return result;
}

/* What an earlier run left behind. */
static gcm_result settle_old(struct import *import, struct gcm_error *err)
{
    gcm_result result;
    struct work work = {.said = SAID_NOTHING};
    while ((result = gcm_outbox_next(import->stage, import->kind, import->group, GCM_CHUNK_UNKNOWN,
                                     &work.chunk, err)) == GCM_OK) {
        if (gcm_interrupted())
            return GCM_INTERRUPTED;
        result = import_settle(import, &work, err);
        if (result != GCM_OK)
            return result;
    }
    return result == GCM_END ? GCM_OK : result;
}

/* May another request start beside those in flight? */
static bool may_start(struct import *import, const struct gcm_chunk *pending)
{
    bool cut = false;
    for (unsigned i = 0; i < import->limit; i++)
        cut |= import->works[i].state == WORK_IN_FLIGHT && import->works[i].cut;
    if (cut || (import->kind == GCM_NDF_LISTS && pending && count_works(import, WORK_IN_FLIGHT)))
        return false;
    return free_work(import) && !token_ends_soon(import);
}

static bool too_many(struct import *import)
{
    import->result->too_many_rejects = import->rejects > import->options->max_rejects;
    return import->result->too_many_rejects;
}

/* Starts what may start. *nothing: there is nothing left to start. */
static gcm_result fill(struct import *import, bool *nothing, struct gcm_error *err)
{
    gcm_result result = GCM_OK;
    *nothing = false;
    while (result == GCM_OK && !count_works(import, WORK_UNSETTLED) && !gcm_interrupted() &&
           !too_many(import)) {
        struct gcm_chunk pending;
        bool waits = import->kind == GCM_NDF_LISTS &&
                     gcm_outbox_next(import->stage, import->kind, import->group, GCM_CHUNK_PENDING,
                                     &pending, err) == GCM_OK;
        if (!may_start(import, waits ? &pending : NULL))
            break;
        result = send_next(import, free_work(import), err);
        if (result == GCM_OK && waits)
            break; /* a part of a list goes alone */
    }
    *nothing = result == GCM_END;
    return result == GCM_END ? GCM_OK : result;
}

/* The first trouble ends the phase, but not before what is in flight was answered. */
static gcm_result run(struct import *import, struct gcm_error *err)
{
    struct gcm_http_answer answer;
    struct gcm_error later = {0};
    gcm_result result = GCM_OK, next;
    bool nothing = false;
    for (;;) {
        if (result == GCM_OK)
            result = fill(import, &nothing, err);
        if (!count_works(import, WORK_IN_FLIGHT)) {
            if (result == GCM_OK && count_works(import, WORK_UNSETTLED) && !gcm_interrupted())
                result = settle_all(import, err);
            else if (result != GCM_OK || nothing || gcm_interrupted() || too_many(import))
                return result != GCM_OK ? result : gcm_interrupted() ? GCM_INTERRUPTED : GCM_OK;
            else if (token_ends_soon(import))
                result = import_connect(import, err);
            continue;
        }
        next = gcm_http_next(import->http, &answer);
        if (next != GCM_OK)
            return result == GCM_OK ? GCM_INTERRUPTED : result;
        next = handle(import, &answer, result == GCM_OK ? err : &later);
        if (result == GCM_OK)
            result = next;
    }
}

gcm_result import_phase(struct import *import, enum gcm_ndf_kind kind,
                        const struct gcm_shape_relation *relation, struct gcm_error *err)
{
    import->kind = kind;
    import->relation = relation;
    import->group = relation ? relation->name : GCM_S("");
    import->start = import->options->chunk_size ? 0 : START_CHUNK;
    import->last_row = gcm_stage_last_row(import->stage, kind);
    gcm_result result = settle_old(import, err);
    if (result == GCM_OK)
        result = run(import, err);
    for (unsigned i = 0; i < WORKS; i++)
        release(&import->works[i]);
    return result;
}
