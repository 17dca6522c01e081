/* environment: the text of .env.example, the names of everything that comes from the environment.
 */
#ifndef GCM_EMIT_ENVIRONMENT_H
#define GCM_EMIT_ENVIRONMENT_H

#include "plan/plan.h"

struct gcm_slice gcm_environment_text(struct gcm_arena *arena, const struct gcm_plan *plan,
                                      struct gcm_slice endpoint, struct gcm_slice service);

#endif
