/* collation: how the databases compare texts, as far as records depend on it. */
#ifndef GCM_TRANSFER_COLLATION_H
#define GCM_TRANSFER_COLLATION_H

#include "core/arena.h"

/* The order of ids in the source (and in Prisma on MySQL): utf8_general_ci, without case, and ü as
 * u. Ids that are equal in it are put in the order of their bytes. */
int gcm_id_compare(struct gcm_slice a, struct gcm_slice b);

#endif
