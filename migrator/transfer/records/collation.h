/* collation: how the databases compare texts, as far as records depend on it. */
#ifndef GCM_TRANSFER_COLLATION_H
#define GCM_TRANSFER_COLLATION_H

#include "core/buffer.h"

/* The order of ids in the source (and in Prisma on MySQL): utf8_general_ci, without case, and ü as
 * u. Ids that are equal in it are put in the order of their bytes. */
int gcm_id_compare(struct gcm_slice a, struct gcm_slice b);

size_t gcm_id_hash(struct gcm_slice id); /* of the bytes */

/* What a unique index of the target compares: equal keys collide. MySQL: utf8mb4_unicode_ci of the
 * first 191 characters, without case, accents, trailing blanks and what has no weight, characters
 * outside of the Basic Multilingual Plane all alike. Scripts beyond Latin, Greek and Cyrillic are
 * compared as they are: never coarser than the database. PostgreSQL: the text itself. */
struct gcm_slice gcm_unique_key(struct gcm_arena *arena, struct gcm_slice text, bool mysql);
/* The same of ids: case and trailing blanks do not count on MySQL. */
struct gcm_slice gcm_id_key(struct gcm_arena *arena, struct gcm_slice id);

#endif
