#include "transfer/progress.h"

#include "core/clock.h"

#include <stdarg.h>
#include <stdio.h>

enum { TELL_EVERY = 80 /* ms */, LONGEST_NOTE = 500 };

static void tell(struct gcm_progress *progress, enum gcm_progress_kind kind)
{
    int64_t now = gcm_now_ms();
    progress->now.kind = kind;
    progress->now.seconds = progress->running ? (double)(now - progress->started_at) / 1000 : 0;
    if (!progress->now.step)
        progress->now.step = "";
    progress->told_at = now;
    if (progress->sink)
        progress->sink(progress->context, &progress->now);
    progress->now.text = GCM_S("");
}

void gcm_progress_start(struct gcm_progress *progress, const char *step, uint64_t total,
                        uint64_t already)
{
    if (!progress)
        return;
    gcm_progress_end(progress);
    progress->now = (struct gcm_progress_event){
        .step = step, .total = total, .records = already, .resumed = already};
    progress->started_at = gcm_now_ms();
    progress->running = true;
    tell(progress, GCM_PROGRESS_START);
}

void gcm_progress_advance(struct gcm_progress *progress, uint64_t records, uint64_t bytes)
{
    if (!progress)
        return;
    progress->now.records += records;
    progress->now.bytes += bytes;
    if (gcm_now_ms() - progress->told_at >= TELL_EVERY)
        tell(progress, GCM_PROGRESS_ADVANCE);
}

void gcm_progress_end(struct gcm_progress *progress)
{
    if (!progress || !progress->running)
        return;
    tell(progress, GCM_PROGRESS_END);
    progress->running = false;
    progress->now = (struct gcm_progress_event){0};
}

void gcm_progress_note(struct gcm_progress *progress, const char *format, ...)
{
    char text[LONGEST_NOTE];
    va_list arguments;
    if (!progress)
        return;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    progress->now.text = gcm_slice_of(text);
    tell(progress, GCM_PROGRESS_NOTE);
}

void gcm_progress_retry(void *context, const struct gcm_http_answer *answer, long wait_ms)
{
    struct gcm_progress *progress = context;
    if (!progress)
        return;
    progress->now.text = answer->problem;
    progress->now.wait = (double)wait_ms / 1000;
    progress->now.tries = answer->tries;
    tell(progress, GCM_PROGRESS_RETRY);
}
