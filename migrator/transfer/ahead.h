/* ahead: asks a server in a thread of its own, so that the server makes the next answer, and it
 * comes in and is checked, while its caller is busy with the one before. Only requests that may be
 * asked twice go this way.
 *
 *     gcm_ahead_open(arena, &options, progress, &ahead, err);
 *     gcm_ahead_wish(ahead, &second);               nobody waits for it yet
 *     answer = gcm_ahead_take(ahead, &first);       waits
 *     answer = gcm_ahead_take(ahead, &second);      is there, or on its way
 *     gcm_ahead_close(ahead);
 *
 * The thread never touches a stage, a progress or an error: what it tells goes through the caller's
 * next gcm_ahead_take. */
#ifndef GCM_TRANSFER_AHEAD_H
#define GCM_TRANSFER_AHEAD_H

#include "ndf/raw_check.h"
#include "transfer/progress.h"

/* What came, read as JSON. It and its slices live until the next gcm_ahead_take. */
struct gcm_ahead_answer {
    struct gcm_http_request request;
    struct gcm_http_answer http;
    gcm_result result; /* GCM_INTERRUPTED: no answer is to be expected any more */
    bool json;         /* the body is an object: */
    struct gcm_raw value;
    struct gcm_raw_ends ends;
    struct gcm_raw_error wrong; /* otherwise, of an ANSWERED one */
};

struct gcm_ahead_wish {
    struct gcm_slice url, body; /* borrowed for the call */
    /* Not NULL: the thread goes on by itself. Says from an answer what to ask next, of the same URL
     * (in the arena); false: nothing. Called in the thread; `tag` is the wish's. */
    bool (*next)(struct gcm_arena *arena, const struct gcm_ahead_answer *answer, int tag,
                 struct gcm_slice *body);
    int tag;
};

struct gcm_ahead;

/* `progress` hears of tries that failed, and may be NULL; `retrying` of the options is not called.
 */
GCM_MUST_USE gcm_result gcm_ahead_open(struct gcm_arena *arena,
                                       const struct gcm_http_options *options,
                                       struct gcm_progress *progress, struct gcm_ahead **ahead,
                                       struct gcm_error *err);
/* What is in flight is dropped; NULL is nothing. */
void gcm_ahead_close(struct gcm_ahead *ahead);

/* To be asked when there is time; takes the place of a wish that was not begun yet. */
void gcm_ahead_wish(struct gcm_ahead *ahead, const struct gcm_ahead_wish *wish);

/* Waits for the answer of this URL and body, which is asked for now if nobody did. */
const struct gcm_ahead_answer *gcm_ahead_take(struct gcm_ahead *ahead, struct gcm_slice url,
                                              struct gcm_slice body);

/* gcm_http_words, with the client's secrets. */
struct gcm_slice gcm_ahead_words(const struct gcm_ahead *ahead, struct gcm_arena *arena,
                                 struct gcm_slice text, size_t most);

#endif
