/* application: the part of a plan that the application layer is written from: what stands in the
 * datamodel for each name of the API, who may do what, and which functions it knows. Everything is
 * settled here; the emitter renders it. */
#ifndef GCM_PLAN_APPLICATION_H
#define GCM_PLAN_APPLICATION_H

#include "api/api.h"
#include "prisma/datamodel.h"
#include "source/project.h"

struct gcm_decision;

/* What the datamodel has for a name of the API. Where it has nothing, `to` is empty, and `refused`
 * is the decision about it (NULL: no rule speaks of it). */
struct gcm_plan_field {
    const struct gcm_field *source; /* as the API shows it */
    struct gcm_slice to;
    const struct gcm_decision *refused;
    struct gcm_slice reverse; /* the second field of a self relation with one to-one field */
    bool required;            /* as the server stored it; an id always is */
    bool read_only;           /* the API has no argument for it */
};

enum gcm_plan_action {
    GCM_MAY_READ,
    GCM_MAY_CREATE,
    GCM_MAY_UPDATE,
    GCM_MAY_DELETE,
    GCM_MAY_CONNECT,
    GCM_MAY_DISCONNECT,
    GCM_PLAN_ACTIONS
};

/* A permission that grants something, or would if its query were asked. Those that granted nothing
 * are decisions only. */
struct gcm_plan_permission {
    const struct gcm_permission *source;
    const struct gcm_decision *decision;
    bool actions[GCM_PLAN_ACTIONS];
    bool limited; /* to these fields, which may be none */
    struct gcm_slices fields;
    struct gcm_slice query; /* "permissions/Post.graphql:owns", as it may be shown; or empty */
    bool invalid;           /* the server refused to run its query, whoever asked */
};

/* The permissions of one model or relation, in the order of graphcool.yml, and their file. */
struct gcm_plan_rules {
    struct gcm_slice script; /* a name for JavaScript, unlike all others */
    struct gcm_slice path;   /* below the output folder: "src/permissions/types/Post.js" */
    GCM_VEC(const struct gcm_plan_permission *) all;
};

struct gcm_plan_model {
    const struct gcm_api_model *api;
    struct gcm_slice to;
    const struct gcm_decision *refused;
    struct gcm_prisma_queries prisma; /* the names that Prisma gives to its queries */
    GCM_VEC(struct gcm_plan_field) fields;
    struct gcm_plan_rules rules;
};

struct gcm_plan_relation {
    const struct gcm_api_relation *api;
    struct gcm_slice to;
    struct gcm_plan_rules rules;
};

struct gcm_plan_value {
    struct gcm_slice from, to; /* to is empty: left out */
};
struct gcm_plan_enum {
    const struct gcm_enum *source;
    GCM_VEC(struct gcm_plan_value) values; /* those that are called otherwise, or left out */
};

/* A root token, and the environment variable that holds it. */
struct gcm_plan_token {
    struct gcm_slice name, variable;
};

struct gcm_application {
    GCM_VEC(struct gcm_plan_model) models;
    GCM_VEC(struct gcm_plan_relation) relations;
    GCM_VEC(struct gcm_plan_enum) enums; /* with such values */
    GCM_VEC(struct gcm_plan_permission *) permissions;
    bool open;                                      /* everything is, to everybody */
    GCM_VEC(const struct gcm_function *) functions; /* that the layer knows of */
    GCM_VEC(struct gcm_plan_token) root_tokens;
    struct gcm_map models_by_name, relations_by_name; /* by their names in the source */
};

#endif
