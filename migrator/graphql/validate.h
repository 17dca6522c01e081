/* validate: does an operation fit an API? The rules are those of the June 2018 specification, as
 * the servers' library applied them. */
#ifndef GCM_GRAPHQL_VALIDATE_H
#define GCM_GRAPHQL_VALIDATE_H

#include "graphql/ast.h"

/* An API, indexed once, for many operations. */
struct gcm_schema;

/* `api` is SDL; its root types are Query, Mutation and Subscription unless a schema definition says
 * otherwise. The five scalars and the introspection types are added. Lives in the arena; borrows
 * api. */
struct gcm_schema *gcm_schema_of(struct gcm_arena *arena, const struct gcm_document *api);

/* Checks every operation and fragment of a document. Errors are appended with their places; none
 * means valid. */
void gcm_validate(struct gcm_arena *arena, const struct gcm_schema *schema,
                  const struct gcm_document *document, struct gcm_errors *errors);

#endif
