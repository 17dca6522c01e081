/* progress: what a step tells about itself while it works. Steps call; who shows it, and how, is
 * the command's affair (cli/progress.h). */
#ifndef GCM_TRANSFER_PROGRESS_H
#define GCM_TRANSFER_PROGRESS_H

#include "core/error.h"

struct gcm_progress {
    void (*start)(struct gcm_progress *progress, const char *step, uint64_t records,
                  uint64_t bytes); /* totals; 0 where they are not known */
    void (*advance)(struct gcm_progress *progress, uint64_t records, uint64_t bytes); /* since */
    void (*note)(struct gcm_progress *progress, const char *event,
                 struct gcm_slice text); /* "retry", "reject", "wait", "finding" … */
    void (*end)(struct gcm_progress *progress, const char *outcome); /* "done", "interrupted" … */
};

/* Each does nothing where progress is NULL. */
void gcm_progress_start(struct gcm_progress *progress, const char *step, uint64_t records,
                        uint64_t bytes);
void gcm_progress_advance(struct gcm_progress *progress, uint64_t records, uint64_t bytes);
void gcm_progress_note(struct gcm_progress *progress, const char *event, struct gcm_slice text);
void gcm_progress_end(struct gcm_progress *progress, const char *outcome);

#endif
