#include "transfer/ahead.h"

#include "core/clock.h"
#include "core/interrupt.h"

#include <pthread.h>
#include <signal.h>
#include <stdio.h>

enum {
    SLOTS = 3,                /* the answer in use, and two ahead of it */
    ENOUGH = 2 * 1024 * 1024, /* bytes that wait: more is asked for only if somebody waits for it */
    LOOK_EVERY = 100,         /* ms; for a Ctrl-C */
    LONGEST_PROBLEM = 500
};

struct slot {
    enum { FREE, COMING, READY, IN_USE } state;
    uint64_t turn; /* which was asked for earlier */
    struct gcm_arena asked, answered;
    struct gcm_ahead_wish wish;
    struct gcm_ahead_answer answer;
};

/* The last try that failed. */
struct retry {
    bool untold;
    char problem[LONGEST_PROBLEM];
    unsigned tries;
    long wait_ms;
};

struct gcm_ahead {
    struct gcm_http *http;  /* of the thread, once it runs, */
    struct gcm_arena arena; /* and its memory */
    struct gcm_progress *progress;
    pthread_t thread;

    pthread_mutex_t lock; /* guards what follows, but for a slot that is COMING */
    pthread_cond_t changed;
    bool running, stopping;
    struct slot slots[SLOTS];
    uint64_t turns;
    bool wished, waited; /* there is a wish; somebody waits for it */
    struct gcm_ahead_wish wish;
    struct gcm_arena wishing; /* of its texts */
    struct retry retry;
};

static bool is_same(const struct gcm_ahead_wish *wish, struct gcm_slice url, struct gcm_slice body)
{
    return gcm_slice_equal(wish->body, body) && gcm_slice_equal(wish->url, url);
}

static void set_wish(struct gcm_ahead *ahead, const struct gcm_ahead_wish *wish, bool waited)
{
    gcm_arena_reuse(&ahead->wishing);
    ahead->wish = *wish;
    ahead->wish.url = gcm_copy(&ahead->wishing, wish->url);
    ahead->wish.body = gcm_copy(&ahead->wishing, wish->body);
    ahead->wished = true;
    ahead->waited = waited;
    pthread_cond_broadcast(&ahead->changed);
}

static struct slot *free_slot(struct gcm_ahead *ahead)
{
    for (size_t i = 0; i < SLOTS; i++)
        if (ahead->slots[i].state == FREE)
            return &ahead->slots[i];
    return NULL;
}

/* ---- the thread ---- */

static bool may_start(struct gcm_ahead *ahead)
{
    size_t waiting = 0;
    for (size_t i = 0; i < SLOTS; i++)
        if (ahead->slots[i].state == READY)
            waiting += ahead->slots[i].answer.http.body.size;
    return ahead->wished && free_slot(ahead) && (ahead->waited || waiting < ENOUGH);
}

static struct slot *start(struct gcm_ahead *ahead)
{
    struct slot *slot = free_slot(ahead);
    gcm_arena_reuse(&slot->asked);
    slot->state = COMING;
    slot->turn = ++ahead->turns;
    slot->wish = ahead->wish;
    slot->wish.url = gcm_copy(&slot->asked, ahead->wish.url);
    slot->wish.body = gcm_copy(&slot->asked, ahead->wish.body);
    ahead->wished = false;
    return slot;
}

static void ask(struct gcm_http *http, struct slot *slot)
{
    struct gcm_ahead_answer *answer = &slot->answer;
    *answer = (struct gcm_ahead_answer){.request = {.url = slot->wish.url,
                                                    .body = slot->wish.body,
                                                    .repeatable = true,
                                                    .into = &slot->answered},
                                        .ends = {.arena = &slot->answered}};
    answer->result = gcm_http_ask(http, &answer->request, &answer->http);
    answer->json =
        !answer->result && answer->http.fate == GCM_HTTP_ANSWERED &&
        gcm_raw_read_ends(answer->http.body, &answer->value, &answer->ends, &answer->wrong) &&
        answer->value.kind == GCM_RAW_OBJECT;
}

static void *work(void *context)
{
    struct gcm_ahead *ahead = context;
    pthread_mutex_lock(&ahead->lock);
    while (!ahead->stopping) {
        if (!may_start(ahead)) {
            pthread_cond_wait(&ahead->changed, &ahead->lock);
            continue;
        }
        struct slot *slot = start(ahead);
        pthread_mutex_unlock(&ahead->lock);
        ask(ahead->http, slot);
        struct gcm_ahead_wish next = slot->wish;
        bool follow = next.next && slot->answer.json &&
                      next.next(&slot->asked, &slot->answer, next.tag, &next.body);
        pthread_mutex_lock(&ahead->lock);
        slot->state = READY;
        if (follow && !ahead->wished)
            set_wish(ahead, &next, false);
        pthread_cond_broadcast(&ahead->changed);
    }
    pthread_mutex_unlock(&ahead->lock);
    return NULL;
}

static void note_retry(void *context, const struct gcm_http_answer *answer, long wait_ms)
{
    struct gcm_ahead *ahead = context;
    pthread_mutex_lock(&ahead->lock);
    struct retry *retry = &ahead->retry;
    *retry = (struct retry){.untold = true, .tries = answer->tries, .wait_ms = wait_ms};
    snprintf(retry->problem, sizeof retry->problem, "%.*s", GCM_P(answer->problem));
    pthread_cond_broadcast(&ahead->changed);
    pthread_mutex_unlock(&ahead->lock);
}

/* ---- its caller ---- */

/* The thread takes no signals: Ctrl-C goes to the program's own thread, and a broken connection is
 * an error of the write. */
static bool start_thread(struct gcm_ahead *ahead)
{
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    ahead->running = pthread_create(&ahead->thread, NULL, work, ahead) == 0;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return ahead->running;
}

gcm_result gcm_ahead_open(struct gcm_arena *arena, const struct gcm_http_options *options,
                          struct gcm_progress *progress, struct gcm_ahead **ahead,
                          struct gcm_error *err)
{
    struct gcm_ahead *made = GCM_NEW(arena, struct gcm_ahead);
    struct gcm_http_options own = *options;
    own.retrying = note_retry;
    own.context = made;
    own.threaded = true;
    made->progress = progress;
    gcm_result result = gcm_http_open(&made->arena, &own, &made->http, err);
    if (result) {
        err->message = gcm_copy(arena, err->message);
        gcm_arena_free(&made->arena);
        return result;
    }
    pthread_mutex_init(&made->lock, NULL);
    pthread_cond_init(&made->changed, NULL);
    *ahead = made;
    return start_thread(made) ? GCM_OK
                              : gcm_fail(arena, err, GCM_ENVIRONMENT, (struct gcm_place){0},
                                         "the system gives no thread");
}

void gcm_ahead_close(struct gcm_ahead *ahead)
{
    if (!ahead)
        return;
    if (ahead->running) {
        pthread_mutex_lock(&ahead->lock);
        ahead->stopping = true;
        pthread_cond_broadcast(&ahead->changed);
        pthread_mutex_unlock(&ahead->lock);
        gcm_http_stop(ahead->http);
        pthread_join(ahead->thread, NULL);
    }
    gcm_http_close(ahead->http);
    gcm_arena_free(&ahead->arena);
    for (size_t i = 0; i < SLOTS; i++) {
        gcm_arena_free(&ahead->slots[i].asked);
        gcm_arena_free(&ahead->slots[i].answered);
    }
    gcm_arena_free(&ahead->wishing);
    pthread_cond_destroy(&ahead->changed);
    pthread_mutex_destroy(&ahead->lock);
}

/* The slot that has this answer, or is getting it. */
static struct slot *find(struct gcm_ahead *ahead, struct gcm_slice url, struct gcm_slice body)
{
    for (size_t i = 0; i < SLOTS; i++) {
        struct slot *slot = &ahead->slots[i];
        if ((slot->state == COMING || slot->state == READY) && is_same(&slot->wish, url, body))
            return slot;
    }
    return NULL;
}

void gcm_ahead_wish(struct gcm_ahead *ahead, const struct gcm_ahead_wish *wish)
{
    pthread_mutex_lock(&ahead->lock);
    if (!find(ahead, wish->url, wish->body) &&
        !(ahead->wished && is_same(&ahead->wish, wish->url, wish->body)))
        set_wish(ahead, wish, false);
    pthread_mutex_unlock(&ahead->lock);
}

/* What was asked for in vain makes room. */
static void drop_oldest(struct gcm_ahead *ahead)
{
    struct slot *oldest = NULL;
    for (size_t i = 0; i < SLOTS; i++) {
        struct slot *slot = &ahead->slots[i];
        if (slot->state == READY && (!oldest || slot->turn < oldest->turn))
            oldest = slot;
    }
    if (oldest)
        oldest->state = FREE;
}

/* Somebody waits for it now, whether it was wished for or not. */
static void insist(struct gcm_ahead *ahead, struct gcm_slice url, struct gcm_slice body)
{
    const struct gcm_ahead_wish wish = {.url = url, .body = body};
    if (!free_slot(ahead))
        drop_oldest(ahead);
    if (ahead->wished && is_same(&ahead->wish, url, body))
        ahead->waited = true;
    else
        set_wish(ahead, &wish, true);
}

static void tell_retry(struct gcm_ahead *ahead)
{
    struct retry *retry = &ahead->retry;
    struct gcm_http_answer answer = {.problem = gcm_slice_of(retry->problem),
                                     .tries = retry->tries};
    if (retry->untold)
        gcm_progress_retry(ahead->progress, &answer, retry->wait_ms);
    retry->untold = false;
}

static void wait(struct gcm_ahead *ahead)
{
    struct timespec until = gcm_in_ms(LOOK_EVERY);
    pthread_cond_timedwait(&ahead->changed, &ahead->lock, &until);
    if (gcm_interrupted())
        gcm_http_wake(ahead->http);
    tell_retry(ahead);
}

const struct gcm_ahead_answer *gcm_ahead_take(struct gcm_ahead *ahead, struct gcm_slice url,
                                              struct gcm_slice body)
{
    struct slot *slot;
    pthread_mutex_lock(&ahead->lock);
    for (size_t i = 0; i < SLOTS; i++)
        if (ahead->slots[i].state == IN_USE)
            ahead->slots[i].state = FREE;
    if (!find(ahead, url, body))
        insist(ahead, url, body);
    pthread_cond_broadcast(&ahead->changed);
    while (!(slot = find(ahead, url, body)) || slot->state != READY)
        wait(ahead);
    tell_retry(ahead);
    slot->state = IN_USE;
    pthread_mutex_unlock(&ahead->lock);
    return &slot->answer;
}

struct gcm_slice gcm_ahead_words(const struct gcm_ahead *ahead, struct gcm_arena *arena,
                                 struct gcm_slice text, size_t most)
{
    return gcm_http_words(ahead->http, arena, text, most);
}
