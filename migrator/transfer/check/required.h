/* required: nodes whose required relation has no row. Both servers take them; in Prisma every
 * query that selects the field then answers an error in their place. */
#ifndef GCM_TRANSFER_CHECK_REQUIRED_H
#define GCM_TRANSFER_CHECK_REQUIRED_H

#include "transfer/records.h"

struct gcm_required; /* which fields of which types are required, and the links that fill them */

GCM_MUST_USE gcm_result gcm_required_start(struct gcm_arena *arena,
                                           const struct gcm_record_maker *maker,
                                           struct gcm_required **required, struct gcm_error *err);

/* Calls back for each required field of the node that no row fills: one whose other end is a node,
 * too. Names are those of the source. */
GCM_MUST_USE gcm_result
gcm_required_check(struct gcm_required *required, const struct gcm_record *record,
                   gcm_result (*missing)(void *context, struct gcm_slice type, struct gcm_slice id,
                                         struct gcm_slice field, struct gcm_error *err),
                   void *context, struct gcm_error *err);

#endif
