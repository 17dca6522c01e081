#include "transfer/progress.h"

void gcm_progress_start(struct gcm_progress *progress, const char *step, uint64_t records,
                        uint64_t bytes)
{
    if (progress)
        progress->start(progress, step, records, bytes);
}

void gcm_progress_advance(struct gcm_progress *progress, uint64_t records, uint64_t bytes)
{
    if (progress)
        progress->advance(progress, records, bytes);
}

void gcm_progress_note(struct gcm_progress *progress, const char *event, struct gcm_slice text)
{
    if (progress)
        progress->note(progress, event, text);
}

void gcm_progress_end(struct gcm_progress *progress, const char *outcome)
{
    if (progress)
        progress->end(progress, outcome);
}
