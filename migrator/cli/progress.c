#include "cli/progress.h"

#include "core/json.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

enum { PROGRESS_VERSION = 1, PLAIN_EVERY = 10 /* s */, NARROWEST = 40, USUAL_WIDTH = 80 };

/* ---- numbers as people read them ---- */

/* "12,345" */
static void put_count(struct gcm_buffer *out, uint64_t count)
{
    char digits[24];
    int size = snprintf(digits, sizeof digits, "%" PRIu64, count);
    for (int i = 0; i < size; i++) {
        if (i && (size - i) % 3 == 0)
            gcm_putc(out, ',');
        gcm_putc(out, digits[i]);
    }
}

/* "1:02:03", "0:12" */
static void put_time(struct gcm_buffer *out, double seconds)
{
    uint64_t whole = seconds > 0 && seconds < 1e9 ? (uint64_t)(seconds + 0.5) : 0;
    if (whole >= 3600)
        gcm_putf(out, "%" PRIu64 ":%02" PRIu64, whole / 3600, whole / 60 % 60);
    else
        gcm_putf(out, "%" PRIu64, whole / 60);
    gcm_putf(out, ":%02" PRIu64, whole % 60);
}

/* "12,345 of 27,000 records · 8.3 MB/s · 0:12 left" */
static void put_figures(struct gcm_buffer *out, const struct gcm_progress_event *event)
{
    put_count(out, event->records);
    if (event->total) {
        gcm_puts(out, " of ");
        put_count(out, event->total);
    }
    gcm_puts(out, " records");
    if (event->seconds <= 0)
        return;
    if (event->bytes)
        gcm_putf(out, ", %.1f MB/s", (double)event->bytes / event->seconds / 1e6);
    uint64_t done = event->records - event->resumed;
    if (event->total > event->records && done) {
        gcm_puts(out, ", ");
        put_time(out, (double)(event->total - event->records) * event->seconds / (double)done);
        gcm_puts(out, " left");
    }
}

/* "nodes: 27,000 records, 12.3 MB in 0:14" */
static void put_summary(struct gcm_buffer *out, const struct gcm_progress_event *event)
{
    gcm_putf(out, "%s: ", event->step);
    put_count(out, event->records);
    gcm_puts(out, " records");
    if (event->resumed) {
        gcm_puts(out, " (");
        put_count(out, event->resumed);
        gcm_puts(out, " of them earlier)");
    }
    if (event->bytes)
        gcm_putf(out, ", %.1f MB", (double)event->bytes / 1e6);
    gcm_puts(out, " in ");
    put_time(out, event->seconds);
    gcm_putc(out, '\n');
}

static void put_retry(struct gcm_buffer *out, const struct gcm_progress_event *event)
{
    gcm_put_visible(out, event->text);
    gcm_putf(out, "; next try in %.1f s\n", event->wait);
}

/* ---- the three ways ---- */

static size_t terminal_width(void)
{
    struct winsize size;
    if (ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > NARROWEST)
        return size.ws_col;
    return USUAL_WIDTH;
}

static void put_bar(struct gcm_buffer *out, const struct gcm_progress_event *event)
{
    struct gcm_buffer figures = gcm_buffer(out->arena, GCM_BUFFER_CAP);
    put_figures(&figures, event);
    struct gcm_slice text = gcm_buffer_text(&figures);
    size_t width = terminal_width(), start = out->size;
    gcm_putf(out, "%s ", event->step);
    size_t used = strlen(event->step) + text.size + 12;
    if (event->total && used + 10 <= width) {
        size_t cells = width - used < 30 ? width - used : 30;
        double share = (double)event->records / (double)event->total;
        size_t full = share >= 1 ? cells : (size_t)((double)cells * share);
        gcm_putc(out, '[');
        for (size_t i = 0; i < cells; i++)
            gcm_putc(out, i < full ? '=' : i == full ? '>' : ' ');
        gcm_putf(out, "] %3.0f%% ", share >= 1 ? 100.0 : 100 * share);
    }
    gcm_put(out, gcm_slice_sub(text, 0, width - (out->size - start) - 1));
}

static void show_bar(struct gcm_progress_view *view, const struct gcm_progress_event *event,
                     struct gcm_buffer *out)
{
    if (view->drawn)
        gcm_puts(out, "\r\033[K");
    if (event->kind == GCM_PROGRESS_END)
        put_summary(out, event);
    if (event->kind == GCM_PROGRESS_NOTE) {
        gcm_put_visible(out, event->text);
        gcm_putc(out, '\n');
    }
    if (event->kind == GCM_PROGRESS_RETRY)
        put_retry(out, event);
    view->drawn = event->kind != GCM_PROGRESS_END && *event->step;
    if (view->drawn)
        put_bar(out, event);
}

static void show_lines(struct gcm_progress_view *view, const struct gcm_progress_event *event,
                       struct gcm_buffer *out)
{
    switch (event->kind) {
    case GCM_PROGRESS_START:
        view->told_at = 0;
        break;
    case GCM_PROGRESS_ADVANCE:
        if (event->seconds - view->told_at < PLAIN_EVERY)
            break;
        view->told_at = event->seconds;
        gcm_putf(out, "%s: ", event->step);
        put_figures(out, event);
        gcm_putc(out, '\n');
        break;
    case GCM_PROGRESS_NOTE:
        gcm_put_visible(out, event->text);
        gcm_putc(out, '\n');
        break;
    case GCM_PROGRESS_RETRY:
        put_retry(out, event);
        break;
    case GCM_PROGRESS_END:
        put_summary(out, event);
        break;
    }
}

static void show_json(const struct gcm_progress_event *event, struct gcm_buffer *out)
{
    static const char *const kinds[] = {"start", "advance", "note", "retry", "end"};
    struct gcm_json json = gcm_json(out);
    gcm_putf(out, "{\"progress\":%d,\"event\":\"%s\",\"step\":", PROGRESS_VERSION,
             kinds[event->kind]);
    gcm_json_string(&json, gcm_slice_of(event->step));
    gcm_putf(out, ",\"records\":%" PRIu64 ",\"resumed\":%" PRIu64 ",\"total\":", event->records,
             event->resumed);
    if (event->total)
        gcm_putf(out, "%" PRIu64, event->total);
    else
        gcm_puts(out, "null");
    gcm_putf(out, ",\"bytes\":%" PRIu64 ",\"seconds\":%.3f", event->bytes, event->seconds);
    if (event->kind == GCM_PROGRESS_NOTE || event->kind == GCM_PROGRESS_RETRY) {
        json = gcm_json(out);
        gcm_puts(out, ",\"text\":");
        gcm_json_string(&json, event->text);
    }
    if (event->kind == GCM_PROGRESS_RETRY)
        gcm_putf(out, ",\"tries\":%u,\"wait\":%.3f", event->tries, event->wait);
    gcm_puts(out, "}\n");
}

static void show(void *context, const struct gcm_progress_event *event)
{
    struct gcm_progress_view *view = context;
    struct gcm_arena arena = {0};
    struct gcm_buffer out = gcm_buffer(&arena, GCM_BUFFER_CAP);
    if (view->json)
        show_json(event, &out);
    else if (view->bar)
        show_bar(view, event, &out);
    else
        show_lines(view, event, &out);
    struct gcm_slice text = gcm_buffer_text(&out);
    fwrite(text.at, 1, text.size, stderr);
    fflush(stderr);
    gcm_arena_free(&arena);
}

struct gcm_progress gcm_progress_open(struct gcm_progress_view *view,
                                      const struct gcm_common_options *common, const char *word)
{
    const char *terminal = getenv("TERM");
    bool json = word && !strcmp(word, "json"), none = word && !strcmp(word, "none");
    *view = (struct gcm_progress_view){
        .json = json, .bar = isatty(STDERR_FILENO) && !(terminal && !strcmp(terminal, "dumb"))};
    bool silent = none || (common->quiet && !json);
    return (struct gcm_progress){.sink = silent ? NULL : show, .context = view};
}

void gcm_progress_close(struct gcm_progress *progress)
{
    struct gcm_progress_view *view = progress->context;
    if (view->drawn)
        fputs("\r\033[K", stderr);
    view->drawn = false;
}
