/* ahead URL STEP…: asks ahead, as the steps say, and prints a line for each answer that was taken.
 *     wish=BODY   to be asked when there is time
 *     chain=N     the same with {"n":N}; from an answer {"next":M} the thread goes on by itself
 *     take=BODY   waits for it
 *     page=N      waits for {"n":N}
 *     wait=MS
 * Ends with the tries that failed, as the progress heard of them. */
#include "transfer/ahead.h"
#include "core/interrupt.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static unsigned retries;

static void hear(void *context, const struct gcm_progress_event *event)
{
    (void)context;
    retries += event->kind == GCM_PROGRESS_RETRY;
}

static bool next_number(struct gcm_arena *arena, const struct gcm_ahead_answer *answer, int tag,
                        struct gcm_slice *body)
{
    struct gcm_raw next;
    if (!gcm_raw_member(answer->value, "next", &next))
        return false;
    *body = gcm_format(arena, "{\"n\":%.*s,\"tag\":%d}", GCM_P(next.text), tag);
    return true;
}

static void wait_ms(long ms)
{
    struct timespec time = {ms / 1000, ms % 1000 * 1000000};
    nanosleep(&time, NULL);
}

static bool take(struct gcm_ahead *ahead, struct gcm_slice url, struct gcm_slice body)
{
    const struct gcm_ahead_answer *answer = gcm_ahead_take(ahead, url, body);
    if (answer->result == GCM_INTERRUPTED)
        return false;
    struct gcm_slice came = answer->http.body;
    printf("%.*s: status %ld, %s, %zu bytes, %.*s\n", GCM_P(body), answer->http.status,
           answer->json ? "an object" : "no object", came.size,
           GCM_P(gcm_slice_sub(came, 0, came.size < 60 ? came.size : 60)));
    fflush(stdout);
    return true;
}

static bool step(struct gcm_arena *arena, struct gcm_ahead *ahead, struct gcm_slice url,
                 const char *step)
{
    const char *value = strchr(step, '=') + 1;
    struct gcm_ahead_wish wish = {.url = url, .body = gcm_slice_of(value)};
    struct gcm_slice numbered = gcm_format(arena, "{\"n\":%s,\"tag\":7}", value);
    switch (step[0] == 'w' ? step[1] : step[0]) {
    case 'i': /* wish */
        gcm_ahead_wish(ahead, &wish);
        return true;
    case 'c':
        wish.body = numbered;
        wish.next = next_number;
        wish.tag = 7;
        gcm_ahead_wish(ahead, &wish);
        return true;
    case 'a': /* wait */
        wait_ms(strtol(value, NULL, 10));
        return true;
    default:
        return take(ahead, url, step[0] == 'p' ? numbered : wish.body);
    }
}

int main(int argc, char **argv)
{
    struct gcm_arena arena = {0};
    struct gcm_error err;
    struct gcm_progress progress = {.sink = hear};
    struct gcm_http_options options = {.tries = 3, .backoff_ms = 5};
    struct gcm_ahead *ahead = NULL;
    int code = 0;
    if (argc < 3)
        return 1;
    gcm_interrupt_catch();
    if (gcm_ahead_open(&arena, &options, &progress, &ahead, &err))
        return 2;
    for (int i = 2; !code && i < argc; i++)
        if (!step(&arena, ahead, gcm_slice_of(argv[1]), argv[i]))
            code = 130;
    gcm_ahead_close(ahead);
    printf("%u tries failed\n", retries);
    gcm_arena_free(&arena);
    return code;
}
