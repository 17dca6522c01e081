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

/* A type of the API, or NULL. */
const struct gcm_definition *gcm_schema_type(const struct gcm_schema *schema,
                                             struct gcm_slice name);

/* Checks every operation and fragment of a document. Errors are appended with their places; none
 * means valid. */
void gcm_validate(struct gcm_arena *arena, const struct gcm_schema *schema,
                  const struct gcm_document *document, struct gcm_errors *errors);

/* A variable where it stands, and the type that is expected there (NULL: unknown). */
struct gcm_variable_place {
    const struct gcm_value *variable;
    const struct gcm_type_ref *type;
    bool has_default; /* the place has a default of its own */
};
struct gcm_variable_places {
    struct gcm_variable_place *at;
    size_t count, room;
};

/* Adds every use of a variable in a document, valid or not. */
void gcm_variables_used(struct gcm_arena *arena, const struct gcm_schema *schema,
                        const struct gcm_document *document, struct gcm_variable_places *uses);

#endif
