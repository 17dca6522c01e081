/* permissions_js: src/permissions/, the rules of graphcool.yml as modules of JavaScript: one for
 * each model and relation, and an index of them. */
#ifndef GCM_EMIT_PERMISSIONS_JS_H
#define GCM_EMIT_PERMISSIONS_JS_H

#include "plan/plan.h"

struct gcm_slice gcm_permissions_index_text(struct gcm_arena *arena, const struct gcm_plan *plan);
/* `open`: everybody may do everything, so that nobody asks these rules. */
struct gcm_slice gcm_model_rules_text(struct gcm_arena *arena, const struct gcm_plan_model *model,
                                      bool open);
struct gcm_slice gcm_relation_rules_text(struct gcm_arena *arena,
                                         const struct gcm_plan_relation *relation, bool open);

#endif
