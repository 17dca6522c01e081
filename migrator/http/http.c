#include "http/fate.h"

#include "core/clock.h"
#include "core/interrupt.h"
#include "core/redact.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

enum {
    CONNECT_TIMEOUT = 10000,
    WHOLE_TIMEOUT = 610000,
    STALL = 120000,
    TRIES = 6,
    BACKOFF = 500,
    LONGEST_BACKOFF = 30000,
    LONGEST_RETRY_AFTER = 120000,
    ANSWER_CAP = 64 * 1024 * 1024,
    LONGEST_POLL = 500,         /* ms; a Ctrl-C and a stall are seen after that */
    OLDEST_IDLE = 30,           /* s; servers close kept connections after 60 */
    ANSWER_BUFFER = 256 * 1024, /* what is read at most in one go */
    UPLOAD_BUFFER = 512 * 1024, /* what leaves at most in one go: 64 KB would need many */
    SENT_AT_ONCE = 64 * 1024    /* libcurl sends a body up to this size together with the headers */
};

enum slot_state { FREE, RUNNING, WAITING, ENDED, HANDED_OUT };

struct slot {
    struct gcm_http *http;
    CURL *easy;
    enum slot_state state;
    struct gcm_arena arena; /* of the current try's answer */
    struct gcm_http_request request;
    struct gcm_buffer body;
    unsigned tries;
    int64_t due;            /* WAITING: when the next try starts */
    unsigned issued;        /* how often libcurl was about to send in this try */
    curl_off_t moved;       /* bytes up and down, as far as seen */
    int64_t moved_at;       /* when that changed */
    curl_off_t retry_after; /* s, as the server asked */
    struct gcm_http_end end;
};

struct gcm_http {
    struct gcm_arena *arena;
    struct gcm_http_options options;
    CURLM *multi;
    struct curl_slist *headers;
    struct gcm_secrets secrets;
    GCM_VEC(struct slot *) slots;
    size_t running, unrepeatable; /* the second are some of the first */
    atomic_bool stopped;
};

/* Nothing new is begun any more. */
static bool is_over(const struct gcm_http *http)
{
    return gcm_interrupted() || atomic_load(&http->stopped);
}

/* Where the answer of the current try goes. */
static struct gcm_arena *place_of(struct slot *slot)
{
    return slot->request.into ? slot->request.into : &slot->arena;
}

/* ---- what libcurl calls ---- */

static size_t on_body(char *bytes, size_t one, size_t size, void *context)
{
    struct slot *slot = context;
    (void)one;
    gcm_put(&slot->body, (struct gcm_slice){bytes, size});
    slot->end.over_cap = slot->body.full;
    return slot->body.full ? 0 : size;
}

/* libcurl sends again by itself when a kept connection turns out to be dead. Nobody knows then
 * whether the server had read the first one, so we decide (spec/prisma1.md §3.4). */
static int before_request(void *context, char *to, char *from, int to_port, int from_port)
{
    struct slot *slot = context;
    (void)to, (void)from, (void)to_port, (void)from_port;
    if (slot->issued++ == 0 || slot->request.repeatable)
        return CURL_PREREQFUNC_OK;
    slot->end.died = true;
    return CURL_PREREQFUNC_ABORT;
}

static int on_progress(void *context, curl_off_t down_total, curl_off_t down, curl_off_t up_total,
                       curl_off_t up)
{
    struct slot *slot = context;
    (void)down_total, (void)up_total;
    int64_t now = gcm_now_ms();
    if (down + up != slot->moved || !slot->moved_at) {
        slot->moved = down + up;
        slot->moved_at = now;
    }
    slot->end.stalled = now - slot->moved_at > slot->http->options.stall_ms;
    return slot->end.stalled;
}

/* ---- opening and closing ---- */

static bool is_header_text(struct gcm_slice token)
{
    for (size_t i = 0; i < token.size; i++)
        if (token.at[i] <= ' ' || token.at[i] > '~')
            return false;
    return true;
}

static bool add_header(struct gcm_http *http, const char *line)
{
    struct curl_slist *longer = curl_slist_append(http->headers, line);
    if (longer)
        http->headers = longer;
    return longer != NULL;
}

static bool make_headers(struct gcm_http *http, struct gcm_slice token)
{
    if (!add_header(http, "Content-Type: application/json") ||
        !add_header(http, "Accept: application/json") || !add_header(http, "Expect:"))
        return false;
    if (!token.size)
        return true;
    struct gcm_slice line = gcm_format(http->arena, "Authorization: Bearer %.*s", GCM_P(token));
    return add_header(http, line.at);
}

static void fill_defaults(struct gcm_http_options *options)
{
    if (!options->connect_timeout_ms)
        options->connect_timeout_ms = CONNECT_TIMEOUT;
    if (!options->timeout_ms)
        options->timeout_ms = WHOLE_TIMEOUT;
    if (!options->stall_ms)
        options->stall_ms = STALL;
    if (!options->tries)
        options->tries = TRIES;
    if (!options->backoff_ms)
        options->backoff_ms = BACKOFF;
    if (!options->answer_cap)
        options->answer_cap = ANSWER_CAP;
}

#ifdef GCM_MARKS
/* Tests of faults cannot wait: GCM_PATIENCE percent of every wait (core/mark.h says which build).
 */
static void shorten(struct gcm_http_options *options)
{
    const char *text = getenv("GCM_PATIENCE");
    long percent = text ? strtol(text, NULL, 10) : 100;
    long *waits[] = {&options->connect_timeout_ms, &options->timeout_ms, &options->stall_ms,
                     &options->backoff_ms};
    for (size_t i = 0; i < sizeof waits / sizeof *waits; i++)
        *waits[i] = *waits[i] * percent / 100 + 1;
}
#endif

gcm_result gcm_http_open(struct gcm_arena *arena, const struct gcm_http_options *options,
                         struct gcm_http **http, struct gcm_error *err)
{
    struct gcm_place nowhere = {0};
    *http = NULL;
    if (!is_header_text(options->token))
        return gcm_fail(arena, err, GCM_BAD_INPUT, nowhere,
                        "the token holds a character that no header can carry");
    if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
        return gcm_fail(arena, err, GCM_ENVIRONMENT, nowhere, "libcurl cannot be started");
    struct gcm_http *made = GCM_NEW(arena, struct gcm_http);
    made->arena = arena;
    made->options = *options;
    fill_defaults(&made->options);
#ifdef GCM_MARKS
    shorten(&made->options);
#endif
    made->options.token = GCM_S("");
    if (options->token.size)
        gcm_secret_add(arena, &made->secrets, options->token);
    made->multi = curl_multi_init();
    if (!made->multi || !make_headers(made, options->token)) {
        gcm_http_close(made);
        return gcm_fail(arena, err, GCM_ENVIRONMENT, nowhere, "libcurl has no memory");
    }
    *http = made;
    return GCM_OK;
}

void gcm_http_close(struct gcm_http *http)
{
    if (!http)
        return;
    for (size_t i = 0; i < http->slots.count; i++) {
        struct slot *slot = http->slots.at[i];
        if (slot->state == RUNNING)
            curl_multi_remove_handle(http->multi, slot->easy);
        curl_easy_cleanup(slot->easy);
        gcm_arena_free(&slot->arena);
    }
    if (http->multi)
        curl_multi_cleanup(http->multi);
    curl_slist_free_all(http->headers);
    curl_global_cleanup();
    *http = (struct gcm_http){0};
}

/* ---- one try ---- */

static void set_options(struct slot *slot)
{
    CURL *easy = slot->easy;
    const struct gcm_http_options *options = &slot->http->options;
    curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L);
    curl_easy_setopt(easy, CURLOPT_DISALLOW_USERNAME_IN_URL, 1L);
    curl_easy_setopt(easy, CURLOPT_SSL_VERIFYPEER, 1L);
    curl_easy_setopt(easy, CURLOPT_SSL_VERIFYHOST, 2L);
    curl_easy_setopt(easy, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
    curl_easy_setopt(easy, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
    curl_easy_setopt(easy, CURLOPT_ACCEPT_ENCODING, "gzip");
    curl_easy_setopt(easy, CURLOPT_USERAGENT, "graphcool-migrate/" GCM_VERSION);
    curl_easy_setopt(easy, CURLOPT_HTTPHEADER, slot->http->headers);
    curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, options->connect_timeout_ms);
    curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, options->timeout_ms);
    curl_easy_setopt(easy, CURLOPT_MAXAGE_CONN, (long)OLDEST_IDLE);
    curl_easy_setopt(easy, CURLOPT_NOSIGNAL, options->threaded ? 1L : 0L);
    curl_easy_setopt(easy, CURLOPT_TCP_KEEPALIVE, 1L);
    curl_easy_setopt(easy, CURLOPT_BUFFERSIZE, (long)ANSWER_BUFFER);
    curl_easy_setopt(easy, CURLOPT_UPLOAD_BUFFERSIZE, (long)UPLOAD_BUFFER);
    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, on_body);
    curl_easy_setopt(easy, CURLOPT_WRITEDATA, slot);
    curl_easy_setopt(easy, CURLOPT_PREREQFUNCTION, before_request);
    curl_easy_setopt(easy, CURLOPT_PREREQDATA, slot);
    curl_easy_setopt(easy, CURLOPT_NOPROGRESS, 0L);
    curl_easy_setopt(easy, CURLOPT_XFERINFOFUNCTION, on_progress);
    curl_easy_setopt(easy, CURLOPT_XFERINFODATA, slot);
    curl_easy_setopt(easy, CURLOPT_PRIVATE, slot);
}

/* The current try is over. */
static void finish(struct slot *slot, CURLcode code)
{
    struct gcm_http_end *end = &slot->end;
    struct curl_header *header;
    curl_off_t uploaded = 0, microseconds = 0;
    long issued = 0;
    curl_easy_getinfo(slot->easy, CURLINFO_RESPONSE_CODE, &end->status);
    curl_easy_getinfo(slot->easy, CURLINFO_REQUEST_SIZE, &issued);
    curl_easy_getinfo(slot->easy, CURLINFO_SIZE_UPLOAD_T, &uploaded);
    curl_easy_getinfo(slot->easy, CURLINFO_TOTAL_TIME_T, &microseconds);
    size_t size = slot->request.body.size;
    end->code = code;
    end->body = gcm_buffer_text(&slot->body);
    end->sent = issued > 0 && (size <= SENT_AT_ONCE || (uint64_t)uploaded >= size);
    end->seconds = (double)microseconds / 1e6;
    end->retry_after =
        curl_easy_header(slot->easy, "Retry-After", 0, CURLH_HEADER, -1, &header) == CURLHE_OK;
    curl_easy_getinfo(slot->easy, CURLINFO_RETRY_AFTER, &slot->retry_after);
    curl_multi_remove_handle(slot->http->multi, slot->easy);
    slot->state = ENDED;
    slot->http->running--;
    slot->http->unrepeatable -= !slot->request.repeatable;
}

static void run(struct slot *slot)
{
    struct gcm_http *http = slot->http;
    gcm_arena_reuse(place_of(slot));
    slot->body = gcm_buffer(place_of(slot), http->options.answer_cap);
    slot->end = (struct gcm_http_end){0};
    slot->issued = 0;
    slot->moved = 0;
    slot->moved_at = 0;
    slot->tries++;
    curl_easy_setopt(slot->easy, CURLOPT_URL, gcm_cstring(place_of(slot), slot->request.url));
    curl_easy_setopt(slot->easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)slot->request.body.size);
    curl_easy_setopt(slot->easy, CURLOPT_POSTFIELDS,
                     slot->request.body.at ? slot->request.body.at : "");
    slot->state = RUNNING;
    http->running++;
    http->unrepeatable += !slot->request.repeatable;
    if (curl_multi_add_handle(http->multi, slot->easy) != CURLM_OK)
        finish(slot, CURLE_OUT_OF_MEMORY);
}

static struct slot *free_slot(struct gcm_http *http)
{
    for (size_t i = 0; i < http->slots.count; i++)
        if (http->slots.at[i]->state == FREE)
            return http->slots.at[i];
    struct slot *slot = GCM_NEW(http->arena, struct slot);
    slot->http = http;
    slot->easy = curl_easy_init();
    set_options(slot);
    *gcm_push(http->arena, &http->slots) = slot;
    return slot;
}

void gcm_http_start(struct gcm_http *http, const struct gcm_http_request *request)
{
    struct slot *slot = free_slot(http);
    slot->request = *request;
    slot->tries = 0;
    run(slot);
    gcm_http_push(http);
}

void gcm_http_push(struct gcm_http *http)
{
    int running;
    curl_multi_perform(http->multi, &running);
}

size_t gcm_http_in_flight(const struct gcm_http *http)
{
    size_t count = 0;
    for (size_t i = 0; i < http->slots.count; i++) {
        enum slot_state state = http->slots.at[i]->state;
        count += state == RUNNING || state == WAITING || state == ENDED;
    }
    return count;
}

/* ---- waiting ---- */

/* Between half of the back-off and all of it, so that many clients do not come back at once. */
static int64_t backoff(const struct slot *slot)
{
    int64_t wait = slot->http->options.backoff_ms;
    for (unsigned i = 1; i < slot->tries && wait < LONGEST_BACKOFF; i++)
        wait *= 2;
    if (wait > LONGEST_BACKOFF)
        wait = LONGEST_BACKOFF;
    uint32_t random = 0;
    if (getrandom(&random, sizeof random, GRND_NONBLOCK) != sizeof random)
        random = UINT32_MAX;
    int64_t half = wait / 2;
    wait = half + random % (wait - half + 1);
    int64_t asked = slot->retry_after > LONGEST_RETRY_AFTER / 1000 ? LONGEST_RETRY_AFTER
                    : slot->retry_after > 0                        ? slot->retry_after * 1000
                                                                   : 0;
    return asked > wait ? asked : wait;
}

static bool tries_again(const struct slot *slot, enum gcm_http_fate fate)
{
    if (slot->tries >= slot->http->options.tries || is_over(slot->http) ||
        gcm_http_hopeless(&slot->end) || slot->end.over_cap)
        return false;
    return fate == GCM_HTTP_NOT_TAKEN || (fate == GCM_HTTP_UNKNOWN && slot->request.repeatable);
}

/* Gives a slot's answer away, unless it is tried again. */
static bool hand_out(struct slot *slot, struct gcm_http_answer *answer)
{
    const struct gcm_http_options *options = &slot->http->options;
    enum gcm_http_fate fate = gcm_http_judge(&slot->end);
    *answer = (struct gcm_http_answer){
        .tag = slot->request.tag,
        .fate = fate,
        .status = slot->end.status,
        .hopeless = gcm_http_hopeless(&slot->end),
        .tries = slot->tries,
        .seconds = slot->end.seconds,
    };
    if (fate != GCM_HTTP_ANSWERED || answer->status < 200 || answer->status >= 300)
        answer->problem = gcm_http_describe(place_of(slot), &slot->end);
    if (tries_again(slot, fate)) {
        int64_t wait = backoff(slot);
        if (options->retrying)
            options->retrying(options->context, answer, (long)wait);
        slot->state = WAITING;
        slot->due = gcm_now_ms() + wait;
        return false;
    }
    slot->state = HANDED_OUT;
    if (fate == GCM_HTTP_ANSWERED)
        answer->body = slot->end.body;
    return true;
}

static void take_back(struct gcm_http *http)
{
    for (size_t i = 0; i < http->slots.count; i++) {
        struct slot *slot = http->slots.at[i];
        if (slot->state != HANDED_OUT)
            continue;
        gcm_arena_reuse(&slot->arena);
        slot->state = FREE;
    }
}

static void start_due(struct gcm_http *http)
{
    int64_t now = gcm_now_ms();
    for (size_t i = 0; i < http->slots.count; i++)
        if (http->slots.at[i]->state == WAITING && http->slots.at[i]->due <= now)
            run(http->slots.at[i]);
}

/* How long until there is something to do without anything coming in, in ms. */
static int idle_time(const struct gcm_http *http)
{
    int64_t now = gcm_now_ms(), wait = LONGEST_POLL;
    for (size_t i = 0; i < http->slots.count; i++) {
        const struct slot *slot = http->slots.at[i];
        if (slot->state == WAITING && !is_over(http) && slot->due - now < wait)
            wait = slot->due > now ? slot->due - now : 0;
    }
    return (int)wait;
}

static void collect_ended(struct gcm_http *http)
{
    int running, left;
    curl_multi_perform(http->multi, &running);
    for (CURLMsg *message; (message = curl_multi_info_read(http->multi, &left));) {
        struct slot *slot = NULL;
        if (message->msg != CURLMSG_DONE)
            continue;
        CURLcode code = message->data.result;
        curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &slot);
        finish(slot, code);
    }
}

static bool find_ended(struct gcm_http *http, struct gcm_http_answer *answer)
{
    for (size_t i = 0; i < http->slots.count; i++)
        if (http->slots.at[i]->state == ENDED && hand_out(http->slots.at[i], answer))
            return true;
    return false;
}

gcm_result gcm_http_next(struct gcm_http *http, struct gcm_http_answer *answer)
{
    take_back(http);
    for (;;) {
        if (!is_over(http))
            start_due(http);
        collect_ended(http);
        if (find_ended(http, answer))
            return GCM_OK;
        if (!gcm_http_in_flight(http))
            return GCM_END;
        if (is_over(http) && !http->unrepeatable)
            return GCM_INTERRUPTED;
        curl_multi_poll(http->multi, NULL, 0, idle_time(http), NULL);
    }
}

gcm_result gcm_http_ask(struct gcm_http *http, const struct gcm_http_request *request,
                        struct gcm_http_answer *answer)
{
    take_back(http);
    gcm_http_start(http, request);
    return gcm_http_next(http, answer);
}

void gcm_http_wake(struct gcm_http *http)
{
    curl_multi_wakeup(http->multi);
}

void gcm_http_stop(struct gcm_http *http)
{
    atomic_store(&http->stopped, true);
    gcm_http_wake(http);
}

/* ---- errors ---- */

struct gcm_slice gcm_http_words(const struct gcm_http *http, struct gcm_arena *arena,
                                struct gcm_slice text, size_t most)
{
    struct gcm_slice words = gcm_redact_text(arena, &http->secrets, text);
    size_t size = words.size < most ? words.size : most;
    while (size && size < words.size && ((unsigned char)words.at[size] & 0xc0) == 0x80)
        size--; /* no half character */
    return gcm_slice_sub(words, 0, size);
}

/* The URL without user, query and fragment, where secrets may stand. */
static struct gcm_slice shown_url(struct gcm_slice url)
{
    for (size_t i = 0; i < url.size; i++)
        if (url.at[i] == '?' || url.at[i] == '#')
            url.size = i;
    return gcm_slice_find(url, '@') < url.size ? GCM_S("the server") : url;
}

gcm_result gcm_http_fail(struct gcm_arena *arena, const struct gcm_http_request *request,
                         const struct gcm_http_answer *answer, struct gcm_error *err)
{
    struct gcm_slice url = shown_url(request->url), problem = answer->problem;
    if (!problem.size)
        problem = gcm_format(arena, "HTTP %ld with an answer that makes no sense", answer->status);
    gcm_fail(arena, err, GCM_REMOTE, (struct gcm_place){0}, "%.*s: %.*s", GCM_P(url),
             GCM_P(problem));
    if (answer->tries > 1)
        err->hint = gcm_format(arena, "tried %u times", answer->tries);
    err->retryable = !answer->hopeless && answer->status != 401 && answer->status != 403 &&
                     answer->status != 404;
    return GCM_REMOTE;
}
