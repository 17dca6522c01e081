/* export: from a source into the stage. A live endpoint, an NDF zip, or an NDF folder. */
#ifndef GCM_TRANSFER_EXPORT_H
#define GCM_TRANSFER_EXPORT_H

#include "http/http.h"
#include "source/project.h"
#include "stage/findings.h"
#include "stage/records.h"
#include "transfer/progress.h"

struct gcm_export_options {
    struct gcm_slice archive;  /* a zip or a folder; or empty */
    struct gcm_slice endpoint; /* …/simple/v1/ID; or empty. With an archive: counts are compared */
    struct gcm_slice token;
    struct gcm_http_options http;
};

/* What is known of the completeness of what was staged. */
enum gcm_completeness {
    GCM_COMPLETE,       /* proven: counted against the source, or read with our own cursor */
    GCM_LOOKS_COMPLETE, /* an archive without any sign of a gap; nothing proves it */
    GCM_SUSPECT,        /* signs of a gap, each a finding */
    GCM_INCOMPLETE      /* something is surely missing, each a finding */
};
struct gcm_export_result {
    enum gcm_completeness completeness;
    struct gcm_slices reasons; /* how we know, one line each */
    uint64_t nodes, lists, pairs, bytes;
};

/* Goes on where an earlier run stopped; GCM_INTERRUPTED and GCM_REMOTE leave a stage that can be
 * resumed. */
GCM_MUST_USE gcm_result gcm_export(struct gcm_arena *arena, const struct gcm_project *project,
                                   const struct gcm_export_options *options,
                                   struct gcm_stage *stage, struct gcm_progress *progress,
                                   struct gcm_export_result *result, struct gcm_error *err);

#endif
