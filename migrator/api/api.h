/* api: the two generated APIs, as SDL trees.
 *
 * The Simple API is what the Framework's server generated for a project
 * (spec/graphcool-framework.md §6); the Prisma API is what Prisma 1.34 generates for a v1.1
 * datamodel (spec/prisma1.md §4). Client operations, permissions and the application layer are
 * checked against them. */
#ifndef GCM_API_API_H
#define GCM_API_API_H

#include "core/plural.h"
#include "graphql/ast.h"
#include "prisma/datamodel.h"
#include "source/project.h"

/* Definitions sorted by name, fields in the order that the servers build them. Defined for every
 * project, also for one that the server refused: broken relations and unknown types are left out.
 */
struct gcm_document *gcm_api_simple(struct gcm_arena *arena, const struct gcm_project *project);
struct gcm_document *gcm_api_prisma(struct gcm_arena *arena, const struct gcm_datamodel *datamodel);

/* What the names of the Simple API belong to: its SDL alone does not say so. In the order of the
 * API. */
struct gcm_api_model {
    const struct gcm_model *model;
    struct gcm_slice all, meta;               /* "allPosts", "_allPostsMeta" */
    GCM_VEC(const struct gcm_field *) fields; /* those that the API shows */
    bool hidden; /* another type has its name: a model Query beside the root of the queries */
};
/* One side of a relation: what the node that has `field` is called in the mutations of edges. */
struct gcm_api_side {
    const struct gcm_field *field;
    struct gcm_slice argument, payload; /* "authorUserId", "authorUser" */
};
struct gcm_api_relation {
    struct gcm_slice name;         /* of the source */
    struct gcm_api_side a, b;      /* of one field: both have it, a the argument with "2" */
    struct gcm_slice link, unlink; /* "addToPostsByUser", "removeFromPostsByUser"; or empty */
};
struct gcm_api_names {
    GCM_VEC(struct gcm_api_model) models;
    GCM_VEC(struct gcm_api_relation) relations;
    GCM_VEC(const struct gcm_function *) resolvers; /* those that add a field */
};
struct gcm_api_names *gcm_api_simple_names(struct gcm_arena *arena,
                                           const struct gcm_project *project);

/* The API of an application made with `--api native`: Prisma's without updateMany…, deleteMany…
 * (nested ones, too), with the functions of the project as they were, and with `user`, which is the
 * caller where no `where` is given. Types that nothing leads to are left out; so is a function
 * whose field or payload has the name of something in Prisma's API. */
struct gcm_document *gcm_api_native(struct gcm_arena *arena, const struct gcm_datamodel *datamodel,
                                    const struct gcm_project *project);

/* What the Simple API calls the mutations of a relation: "set", "unset", "addTo", "removeFrom" and
 * then `name`. of_a is the node whose field is relation->a: `of_aId` its argument, `of_a` its field
 * in the payload; of_b the other one. Only for relations with both sides. */
struct gcm_simple_edge {
    struct gcm_slice name, of_a, of_b;
};
struct gcm_simple_edge gcm_api_simple_edge(struct gcm_arena *arena,
                                           const struct gcm_relation *relation);

/* Why the server could not have built this API (two fields of one name in one type, one name for
 * several kinds of type): the cause in the words of its log, or empty. `culprit` is set to the
 * model or enum, if one can be named. */
struct gcm_slice gcm_api_simple_dead(struct gcm_arena *arena, const struct gcm_project *project,
                                     const struct gcm_definition **culprit);

/* What permission queries are checked against: Some<Model>Exists for every model, with the filters
 * of the Simple API (§3.6). The keyword of a permission query may also be mutation or subscription:
 * the schema has only a Query. */
struct gcm_document *gcm_api_permissions(struct gcm_arena *arena,
                                         const struct gcm_project *project);

#endif
