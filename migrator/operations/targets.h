/* targets: what a name of the source is called after the move, by the plan; and the APIs of before
 * and after. */
#ifndef GCM_OPERATIONS_TARGETS_H
#define GCM_OPERATIONS_TARGETS_H

#include "plan/plan.h"

struct gcm_targets {
    struct gcm_arena *arena;
    const struct gcm_plan *plan;
    const struct gcm_datamodel *datamodel; /* NULL if the project has none */
    struct gcm_map renamed;                /* struct gcm_rename by `from` */
    struct gcm_map taken;                  /* new names, as "Type" and "Type.field" */
};

struct gcm_targets *gcm_targets_of(struct gcm_arena *arena, const struct gcm_plan *plan);

/* The new name; empty if it is not there any more. Fields that a model has without declaring them
 * (createdAt, updatedAt) have targets, too. */
struct gcm_slice gcm_target_model(const struct gcm_targets *targets, const struct gcm_model *model);
struct gcm_slice gcm_target_field(const struct gcm_targets *targets, const struct gcm_model *model,
                                  struct gcm_slice name);
const struct gcm_prisma_field *gcm_target_prisma(const struct gcm_targets *targets,
                                                 const struct gcm_model *model,
                                                 struct gcm_slice name); /* NULL: not there */
struct gcm_slice gcm_target_value(const struct gcm_targets *targets,
                                  const struct gcm_enum *enumeration, struct gcm_slice value);
bool gcm_target_renamed(const struct gcm_targets *targets, const struct gcm_enum *enumeration);

/* Does the plan rename a field, or a value that a field holds? */
bool gcm_target_fields_renamed(const struct gcm_targets *targets, const struct gcm_model *model);

/* The same of any model. */
bool gcm_target_any_renamed(const struct gcm_targets *targets);

/* The decision that left "User" or "User.email" out, or NULL. */
const struct gcm_decision *gcm_target_refusal(const struct gcm_targets *targets,
                                              struct gcm_slice subject);

/* The Simple API as the application will answer it: without what the plan left out. */
struct gcm_document *gcm_targets_simple(const struct gcm_targets *targets);

#endif
