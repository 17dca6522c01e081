/* http: the one place with headers, limits and retries, over libcurl's multi interface. Requests go
 * out several at a time over kept connections; answers come back in the order in which they end.
 *
 * What matters after a failure is what is known of the request, so every answer says it: a request
 * that was surely not taken may be sent again by anybody, one with an unknown fate only after
 * asking the server what became of it. Nothing is ever sent twice behind the caller's back (libcurl
 * would, when a kept connection dies).
 *
 * TLS is verified. Redirects are never followed: the token must not go anywhere else. Only http and
 * https. The token stands in a header and nowhere else: no message of this module holds it. */
#ifndef GCM_HTTP_HTTP_H
#define GCM_HTTP_HTTP_H

#include "core/error.h"

enum gcm_http_fate {
    GCM_HTTP_ANSWERED,  /* a whole answer of the server, whatever its status (3xx as well) */
    GCM_HTTP_NOT_TAKEN, /* surely not processed: no connection, a body that could not be sent to its
                           end, 429, or 503 with Retry-After */
    GCM_HTTP_TOO_LARGE, /* surely not processed: 413, or the 400 with which both servers refuse a
                           body above their limit (spec/prisma1.md §3.1) */
    GCM_HTTP_UNKNOWN    /* bytes had left and no whole answer came: reset, time-out, truncated body,
                           an answer larger than the cap, 502, 504, HTML of a gateway, a 2xx whose
                           body is no whole JSON text (all answers of both servers are JSON) */
};

struct gcm_http_request {
    struct gcm_slice url;  /* borrowed until the answer is there, like the body */
    struct gcm_slice body; /* JSON; sent with POST */
    /* Asking twice does no harm (a query, an export): whatever happens is tried again, with
     * back-off and jitter, before an answer is given. Otherwise only NOT_TAKEN is. */
    bool repeatable;
    uint64_t tag; /* comes back with the answer */
    /* Where the answer goes, which then lives as long as its caller likes; what the arena held is
     * gone. NULL: a place of the client's own. */
    struct gcm_arena *into;
};

struct gcm_http_answer {
    uint64_t tag;
    enum gcm_http_fate fate;
    long status;              /* 0: none came */
    struct gcm_slice body;    /* until the next gcm_http_next; empty unless ANSWERED */
    struct gcm_slice problem; /* not ANSWERED, or no 2xx: what happened, for people; as long as the
                                 body; no token in it */
    bool hopeless;            /* waiting and trying again cannot help: a bad URL or certificate */
    unsigned tries;           /* 1: at the first */
    double seconds;           /* of the last try */
};

struct gcm_http_options {
    struct gcm_slice token;  /* empty: no Authorization header */
    long connect_timeout_ms; /* 0: 10,000 */
    long timeout_ms;         /* 0: 610,000; both servers give up after 600 seconds */
    long stall_ms;           /* 0: 120,000 without a byte */
    unsigned tries;          /* 0: 6 */
    long backoff_ms;         /* 0: 500; doubles, at most 30 seconds, with jitter. Retry-After is
                                waited for instead if it is longer, at most 2 minutes */
    size_t answer_cap;       /* 0: 64 MB, unpacked (gzip bombs end here) */
    /* Told before a wait for the next try: what happened, and how long it is. May be NULL. */
    void (*retrying)(void *context, const struct gcm_http_answer *answer, long wait_ms);
    void *context;
    bool threaded; /* it runs in a thread beside others, which takes no signals */
};

struct gcm_http; /* a client; one per server */

/* GCM_BAD_INPUT where the token is none that a header can carry. *http is NULL after a failure. */
GCM_MUST_USE gcm_result gcm_http_open(struct gcm_arena *arena,
                                      const struct gcm_http_options *options,
                                      struct gcm_http **http, struct gcm_error *err);
void gcm_http_close(struct gcm_http *http); /* what is in flight is dropped; NULL is nothing */

/* Starts a request. */
void gcm_http_start(struct gcm_http *http, const struct gcm_http_request *request);
/* Moves bytes without waiting. A caller that is long about something else while requests are in
 * flight calls it now and then, so that the server need not wait. */
void gcm_http_push(struct gcm_http *http);
size_t gcm_http_in_flight(const struct gcm_http *http);

/* Waits for the next answer. GCM_END if nothing is in flight; GCM_INTERRUPTED if Ctrl-C came and
 * nothing is under way but what may be asked again (what is not repeatable is waited for: it may be
 * stored already; it is not tried again). */
GCM_MUST_USE gcm_result gcm_http_next(struct gcm_http *http, struct gcm_http_answer *answer);

/* One request, and its answer; nothing else is in flight. GCM_OK or GCM_INTERRUPTED. */
GCM_MUST_USE gcm_result gcm_http_ask(struct gcm_http *http, const struct gcm_http_request *request,
                                     struct gcm_http_answer *answer);

/* For a client that another thread than its own has to do with: ends a wait of gcm_http_next for a
 * look at Ctrl-C; and ends every wait for good, as if Ctrl-C had come. */
void gcm_http_wake(struct gcm_http *http);
void gcm_http_stop(struct gcm_http *http);

/* Words of the server, fit to be shown and kept: without the token, should the server throw it
 * back, and only then cut to about `most` bytes. In the arena, or a part of the text itself. */
struct gcm_slice gcm_http_words(const struct gcm_http *http, struct gcm_arena *arena,
                                struct gcm_slice text, size_t most);

/* The error for an answer that cannot be used: GCM_REMOTE, "http://host:4466/blog/dev: HTTP 502
 * from a gateway (HTML)". Of the URL neither user nor query is shown. */
gcm_result gcm_http_fail(struct gcm_arena *arena, const struct gcm_http_request *request,
                         const struct gcm_http_answer *answer, struct gcm_error *err);

#endif
