/* plan: what becomes of every construct of a project. A list of decisions, each made by one rule;
 * the report prints it, the emitter writes it, the transfer follows it. No reader decides anything.
 */
#ifndef GCM_PLAN_PLAN_H
#define GCM_PLAN_PLAN_H

#include "plan/application.h"
#include "prisma/datamodel.h"
#include "rules/rules.h"
#include "source/project.h"
#include "verdict/verdict.h"

struct gcm_decision {
    struct gcm_slice id; /* stable over runs: "GCM-DIR-002:User.email" */
    const struct gcm_rule *rule;
    struct gcm_slice construct; /* "directive", "field", "model", "relation", "permission",
                                   "function", "file", … */
    struct gcm_slice subject;   /* "User.email", "functions.signup", "permissions[3] Post.update" */
    struct gcm_place place;
    enum gcm_outcome outcome;
    struct gcm_slice written;    /* what is in the output for it, one line; empty: nothing */
    struct gcm_slice written_to; /* file below the output folder; empty: none */
    unsigned effort;             /* minutes */
    struct gcm_slice message, hint;
};

/* What a name of the source is called in the target; only names that change. */
struct gcm_rename {
    struct gcm_slice from; /* "Type", "Type.field", "Enum.VALUE", "relation Name" */
    struct gcm_slice to;   /* the bare new name */
    const struct gcm_decision *decision;
};

/* The API that the application serves. */
enum gcm_application_api { GCM_APPLICATION_SIMPLE, GCM_APPLICATION_NATIVE };

struct gcm_plan_options {
    enum gcm_server target;
    enum gcm_database database;
    enum gcm_application_api api;
    bool without_functions; /* hooks stop nothing, subscriptions are left out */
    struct gcm_slice service,
        stage; /* of the Prisma endpoint; empty: made from the project's name, "dev" */
};

struct gcm_plan {
    const struct gcm_project *project;
    const struct gcm_rules *rules;
    const struct gcm_verdict *verdict;
    struct gcm_plan_options options;
    GCM_VEC(struct gcm_decision *) decisions; /* in the order of the source */
    GCM_VEC(struct gcm_rename) renames;
    struct gcm_document *datamodel;     /* what prisma/datamodel.prisma holds; NULL if it can't be
                                           expressed (a refused decision says why) */
    struct gcm_application application; /* without a datamodel nothing in it can be used */
    unsigned outcomes[4], effort[4]; /* by enum gcm_outcome: how many decisions, how many minutes */
};

/* Never fails: what can't be carried over is a decision. Lives in the project's arena. */
struct gcm_plan *gcm_plan_make(const struct gcm_project *project, const struct gcm_rules *rules,
                               const struct gcm_plan_options *options);

/* The size class of a move, as ora2pg and AWS SCT give it. */
struct gcm_size_class {
    char letter;      /* A: automatic · B: some work, up to 5 days · C: more */
    int digit;        /* 1 trivial … 5 difficult, by the worst kind of decision */
    const char *name; /* "Simple" < 2 h, "Medium" 2–6 h, "Significant" > 6 h */
    unsigned minutes;
};
struct gcm_size_class gcm_plan_size(const struct gcm_plan *plan);

#endif
