/* import: from the stage to a Prisma endpoint, or into NDF files.
 *
 * Nodes first, then lists, then the relations one after another (spec/prisma1.md §3.2). Nodes and
 * the rows of one relation go with several requests in flight; so do lists, but never two parts of
 * one list, which the server would append in the order in which they arrive.
 *
 * What a failed request left behind is never guessed. The target is asked which of its records are
 * there, and only the others go again (transfer/import/settle.c says how). */
#ifndef GCM_TRANSFER_IMPORT_H
#define GCM_TRANSFER_IMPORT_H

#include "http/http.h"
#include "stage/outbox.h"
#include "transfer/progress.h"
#include "transfer/records.h"

struct gcm_import_options {
    struct gcm_slice endpoint;    /* http://HOST:PORT/SERVICE/STAGE, without a slash at its end */
    struct gcm_slice secret;      /* signs the tokens; empty: the service is open */
    struct gcm_slice service;     /* "name@stage" */
    struct gcm_http_options http; /* its token is made from the secret */
    unsigned in_flight;           /* requests at once; 0: 4 */
    size_t chunk_size;            /* bytes of a request. 0: 1 MB to begin with, then what the server
                                     takes quickly, 6 MB at most (24 MB in flight) */
    long settle_ms; /* how long a request whose answer got lost may go on at the server before the
                       target is asked a second time; 0: 1000 */
    uint64_t max_rejects; /* stop when there are more; UINT64_MAX: never */
    bool into_filled;     /* a target that has nodes already is no error */
    struct gcm_slice rejects_folder;
};
struct gcm_import_result {
    uint64_t nodes, lists, pairs; /* confirmed, by all runs */
    uint64_t bytes, requests;     /* of this run */
    uint64_t rejects;             /* all that there are */
    bool too_many_rejects;        /* stopped because of --max-rejects */
};

/* Goes on where an earlier run stopped. GCM_INTERRUPTED and GCM_REMOTE leave a stage that can be
 * resumed; GCM_STATE: the target has nodes that this stage did not send. */
GCM_MUST_USE gcm_result gcm_import(struct gcm_arena *arena, const struct gcm_record_maker *maker,
                                   const struct gcm_import_options *options,
                                   struct gcm_progress *progress, struct gcm_import_result *result,
                                   struct gcm_error *err);

/* Something that `prisma1 import` refuses, and with it the whole data set: left out of the files.
 */
struct gcm_left_out {
    struct gcm_slice type, id, field; /* of the source; field is empty: the whole record */
    struct gcm_slice reason;
};
struct gcm_import_files {
    struct gcm_slice path; /* a zip where it ends in ".zip", otherwise a folder; not there yet */
    size_t chunk_size;     /* bytes of a file, which is one request. 0: 1 MB */
    void (*left_out)(void *context, const struct gcm_left_out *left_out);
    void *context;
};

/* The same records as NDF for the real `prisma1 import`. Values of optional fields that its own
 * validation refuses (spec/prisma1.md §3.7) are left out, or else the record, each told to
 * left_out; result->rejects counts them. The stage's outbox is not touched. */
GCM_MUST_USE gcm_result gcm_import_to_files(struct gcm_arena *arena,
                                            const struct gcm_record_maker *maker,
                                            const struct gcm_import_files *files,
                                            struct gcm_progress *progress,
                                            struct gcm_import_result *result,
                                            struct gcm_error *err);

#endif
