/* resolvers_js: src/resolvers/ of an application made with `--api native`: who answers which root
 * field of the API, one module for each type, one for the functions of the project, and an index.
 */
#ifndef GCM_EMIT_RESOLVERS_JS_H
#define GCM_EMIT_RESOLVERS_JS_H

#include "emit/write.h"
#include "plan/plan.h"

/* api: what gcm_api_native made of the plan's datamodel; only what it has is answered. */
void gcm_add_resolvers(struct gcm_arena *arena, struct gcm_outputs *outputs,
                       const struct gcm_plan *plan, const struct gcm_document *api);

#endif
