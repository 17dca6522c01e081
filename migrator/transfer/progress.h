/* progress: what a step of a transfer tells while it runs. A step calls start, advance as often as
 * it likes, and end; nothing is printed here: the command gives a sink (cli/progress.h), which
 * draws a bar, writes JSON lines (docs/progress.md), or there is none and nothing happens.
 *
 *     gcm_progress_start(progress, "nodes", total, already);
 *     … gcm_progress_advance(progress, page.count, page.bytes);
 *     gcm_progress_end(progress);
 *
 * Every function takes NULL for the progress, too. */
#ifndef GCM_TRANSFER_PROGRESS_H
#define GCM_TRANSFER_PROGRESS_H

#include "http/http.h"

enum gcm_progress_kind {
    GCM_PROGRESS_START,
    GCM_PROGRESS_ADVANCE, /* not for each call: at most some ten times a second */
    GCM_PROGRESS_NOTE,    /* text: a line for people that cannot wait until the end */
    GCM_PROGRESS_RETRY,   /* text: what happened; wait, tries */
    GCM_PROGRESS_END
};

struct gcm_progress_event {
    enum gcm_progress_kind kind;
    const char *step; /* "nodes": of the last start; "" before any */
    uint64_t records; /* so far, with those of earlier runs */
    uint64_t resumed; /* of those, from earlier runs */
    uint64_t total;   /* 0: not known */
    uint64_t bytes;   /* of this run */
    double seconds;   /* since start */
    struct gcm_slice text;
    double wait;    /* RETRY: seconds until the next try */
    unsigned tries; /* RETRY: tries so far */
};

struct gcm_progress {
    void (*sink)(void *context, const struct gcm_progress_event *event); /* may be NULL */
    void *context;
    struct gcm_progress_event now; /* the rest is ours; all zero at first */
    bool running;
    int64_t started_at, told_at; /* ms */
};

/* A step begins; `step` is a word or two and lives on (a literal). An unended one ends before. */
void gcm_progress_start(struct gcm_progress *progress, const char *step, uint64_t total,
                        uint64_t already);
/* So many more records and bytes. */
void gcm_progress_advance(struct gcm_progress *progress, uint64_t records, uint64_t bytes);
void gcm_progress_end(struct gcm_progress *progress);

/* One line, without line break and without secrets. */
void gcm_progress_note(struct gcm_progress *progress, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* For gcm_http_options.retrying, with the progress as its context. */
void gcm_progress_retry(void *progress, const struct gcm_http_answer *answer, long wait_ms);

#endif
