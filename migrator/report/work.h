/* work: the decisions of a plan, ordered for readers: by subject, or as the steps in which a person
 * works them off. Decides nothing; report and emit share it. */
#ifndef GCM_REPORT_WORK_H
#define GCM_REPORT_WORK_H

#include "plan/plan.h"

/* The decisions that one rule made with one outcome, in the order of the source. */
struct gcm_work_rule {
    const struct gcm_rule *rule;
    enum gcm_outcome outcome;
    unsigned effort;
    bool same_hint; /* every decision has the hint of the first */
    bool same_message;
    bool alike; /* the messages differ in nothing but the name of what they are about */
    GCM_VEC(const struct gcm_decision *) decisions;
};

/* A heading with rules below it, the worst outcome first, then in the order of the source. */
struct gcm_work_group {
    struct gcm_slice title;
    struct gcm_slice about; /* a sentence below the heading; may be empty */
    unsigned outcomes[4], effort;
    GCM_VEC(struct gcm_work_rule *) rules;
};

struct gcm_work {
    GCM_VEC(struct gcm_work_group *) groups;
};

/* Every decision, by the subject of its rule; subjects in working order, too. */
struct gcm_work *gcm_work_by_subject(struct gcm_arena *arena, const struct gcm_plan *plan);

/* What is left for a person (everything but the automatic decisions), in the order in which one
 * works. Steps with nothing in them are not there. */
struct gcm_work *gcm_work_left(struct gcm_arena *arena, const struct gcm_plan *plan);

#endif
