/* pack: writes NDF files that the real `prisma1 import` takes without losing one: names padded with
 * zeros and counted from 1, all three folders there, no file above the server's limit
 * (spec/prisma1.md §3.6). */
#ifndef GCM_NDF_PACK_H
#define GCM_NDF_PACK_H

#include "ndf/ndf.h"

struct gcm_pack; /* being written */

/* A zip where `path` ends in ".zip", otherwise a folder. Written beside its place and renamed by
 * gcm_pack_finish; something that is there already is GCM_ENVIRONMENT, and is left alone. Files end
 * at `file_size` bytes (0: 1 MB) or at 1,000 elements of nodes or relations, whatever comes first;
 * an element that is larger has a file of its own. */
GCM_MUST_USE gcm_result gcm_pack_start(struct gcm_arena *arena, struct gcm_slice path,
                                       size_t file_size, struct gcm_pack **pack,
                                       struct gcm_error *err);
/* Elements come by kind: nodes, lists, relations. */
GCM_MUST_USE gcm_result gcm_pack_put(struct gcm_pack *pack, enum gcm_ndf_kind kind,
                                     struct gcm_slice element, struct gcm_error *err);
GCM_MUST_USE gcm_result gcm_pack_finish(struct gcm_pack *pack, struct gcm_error *err);
void gcm_pack_drop(struct gcm_pack *pack); /* leaves nothing behind */

#endif
