/* model_json: src/model.json, what the runtime of the application has to know beside its schema:
 * what each name of the API is called in the datamodel, and what a schema does not say. */
#ifndef GCM_EMIT_MODEL_JSON_H
#define GCM_EMIT_MODEL_JSON_H

#include "plan/plan.h"

struct gcm_slice gcm_model_json_text(struct gcm_arena *arena, const struct gcm_plan *plan,
                                     struct gcm_slice service);

#endif
