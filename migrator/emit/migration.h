/* migration: the text of MIGRATION.md, the checklist of what is left, in working order. */
#ifndef GCM_EMIT_MIGRATION_H
#define GCM_EMIT_MIGRATION_H

#include "plan/plan.h"

struct gcm_slice gcm_migration_text(struct gcm_arena *arena, const struct gcm_plan *plan,
                                    struct gcm_slice endpoint);

#endif
