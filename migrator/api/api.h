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
