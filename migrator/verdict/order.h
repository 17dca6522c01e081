/* order: the order in which Scala 2.12 walks a Map built from a mutable HashMap: neither that of
 * the file nor that of the alphabet. It decides which of several errors the server named first. */
#ifndef GCM_VERDICT_ORDER_H
#define GCM_VERDICT_ORDER_H

#include "core/vec.h"

/* Indexes into keys in that order. `wrapped`: the mutable map had YamlString(key) as keys. */
size_t *gcm_scala_order(struct gcm_arena *arena, const struct gcm_slices *keys, bool wrapped);

#endif
