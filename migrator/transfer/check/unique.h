/* unique: which values of unique fields, and which ids, the target takes for the same. */
#ifndef GCM_TRANSFER_CHECK_UNIQUE_H
#define GCM_TRANSFER_CHECK_UNIQUE_H

#include "transfer/records.h"

struct gcm_uniqueness; /* at work */

GCM_MUST_USE gcm_result gcm_uniqueness_start(struct gcm_arena *arena,
                                             const struct gcm_record_maker *maker,
                                             struct gcm_uniqueness **uniqueness,
                                             struct gcm_error *err);
/* The unique values of a node as it is going to be sent. */
GCM_MUST_USE gcm_result gcm_uniqueness_put(struct gcm_uniqueness *uniqueness,
                                           struct gcm_arena *scratch,
                                           const struct gcm_record *record, struct gcm_error *err);

struct gcm_collision {
    bool of_ids;                             /* ids that differ in case, or in trailing blanks */
    struct gcm_slice type, field, id, other; /* names of the source; the ids of both nodes */
};
GCM_MUST_USE gcm_result gcm_uniqueness_each(struct gcm_uniqueness *uniqueness,
                                            gcm_result (*each)(void *context,
                                                               const struct gcm_collision *found,
                                                               struct gcm_error *err),
                                            void *context, struct gcm_error *err);
void gcm_uniqueness_end(struct gcm_uniqueness *uniqueness); /* may be NULL */

#endif
