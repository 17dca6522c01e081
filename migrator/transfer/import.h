/* import: from the stage to a Prisma endpoint, or into NDF files. */
#ifndef GCM_TRANSFER_IMPORT_H
#define GCM_TRANSFER_IMPORT_H

#include "http/http.h"
#include "stage/outbox.h"
#include "transfer/progress.h"
#include "transfer/records.h"

struct gcm_import_options {
    struct gcm_slice endpoint; /* http://HOST:PORT/SERVICE/STAGE */
    struct gcm_slice token;    /* signed; empty: the service is open */
    struct gcm_http_options http;
    unsigned in_flight;   /* requests of nodes at once; 0: 4 */
    size_t chunk_size;    /* bytes to start with; 0: 1 MB. Halved and doubled by what the server
                             takes */
    uint64_t max_rejects; /* stop when there are more; UINT64_MAX: never */
    bool into_filled;     /* a target that has nodes already is no error */
    struct gcm_slice rejects_folder;
};
struct gcm_import_result {
    uint64_t nodes, lists, pairs, bytes, requests, rejects;
    bool too_many_rejects;
};

/* Goes on where an earlier run stopped. */
GCM_MUST_USE gcm_result gcm_import(struct gcm_arena *arena, const struct gcm_record_maker *maker,
                                   const struct gcm_import_options *options,
                                   struct gcm_progress *progress, struct gcm_import_result *result,
                                   struct gcm_error *err);

/* The same records as NDF which `prisma1 import` takes: a zip where the path ends in ".zip". */
GCM_MUST_USE gcm_result gcm_import_to_files(struct gcm_arena *arena,
                                            const struct gcm_record_maker *maker,
                                            struct gcm_slice path, struct gcm_progress *progress,
                                            struct gcm_import_result *result,
                                            struct gcm_error *err);

#endif
