/* progress: shows on stderr what a transfer tells (transfer/progress.h): a bar on a terminal,
 * otherwise a plain line now and then, JSON lines with --progress json (docs/progress.md), nothing
 * with --quiet. */
#ifndef GCM_CLI_PROGRESS_H
#define GCM_CLI_PROGRESS_H

#include "cli/options.h"
#include "transfer/progress.h"

/* The option's line in a command's table; `word` is a const char *, NULL at first. */
/* clang-format off */
#define GCM_PROGRESS_OPTION(word)                                                                  \
    {"progress", 0, GCM_OPTION_CHOICE, &(word), "auto|json|none",                                  \
     "how progress is shown on stderr (auto: a bar on a terminal)"}
/* clang-format on */

struct gcm_progress_view {
    bool json, bar;
    bool drawn;     /* a bar stands on the line */
    double told_at; /* seconds of the step, when the last plain line was written */
};

/* The progress of a command; the view is its context and outlives it. */
struct gcm_progress gcm_progress_open(struct gcm_progress_view *view,
                                      const struct gcm_common_options *common, const char *word);

/* Clears the bar, so that messages can follow. */
void gcm_progress_close(struct gcm_progress *progress);

#endif
