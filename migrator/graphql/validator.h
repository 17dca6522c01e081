/* validator: what the files validate*.c share. */
#ifndef GCM_GRAPHQL_VALIDATOR_H
#define GCM_GRAPHQL_VALIDATOR_H

#include "graphql/schema.h"

/* An operation or a fragment, with what its text uses. */
struct gcm_scope {
    const struct gcm_definition *definition;
    struct gcm_variable_places uses;
    GCM_VEC(const struct gcm_selection *) spreads;
    size_t mark;        /* of the last walk that came here */
    bool used;          /* a fragment that an operation reaches */
    bool circular;      /* a fragment that contains itself */
    size_t open, users; /* while circles are looked for */
};

struct gcm_validator {
    struct gcm_arena *arena;
    const struct gcm_schema *schema;
    const struct gcm_document *document;
    struct gcm_errors *errors;
    GCM_VEC(struct gcm_scope *) scopes;
    struct gcm_map fragments; /* struct gcm_scope by name */
    struct gcm_scope *scope;  /* the one that is being walked */
    size_t marks;
};

#define gcm_invalid(validator, place, ...)                                                         \
    gcm_add_error((validator)->arena, (validator)->errors, (place), NULL, __VA_ARGS__)

/* A type as people write it. */
struct gcm_slice gcm_type_text(struct gcm_arena *arena, const struct gcm_type_ref *type);

/* validate_values.c: a literal against the type of its place; NULL: only variables are noted. */
void gcm_check_value(struct gcm_validator *validator, const struct gcm_value *value,
                     const struct gcm_type_ref *type, bool has_default);

/* Is the name new in the map? If not, reports it. */
bool gcm_check_unique(struct gcm_validator *validator, struct gcm_map *seen, struct gcm_slice name,
                      struct gcm_place place, const char *what);

/* validate_scopes.c: fragments and variables, once everything was walked. False if there are
 * circles of fragments. */
bool gcm_check_fragments(struct gcm_validator *validator);
void gcm_check_variables(struct gcm_validator *validator, struct gcm_scope *operation);

/* validate_merge.c: fields of one name must be one field. Needs a document without circles. */
void gcm_check_merging(struct gcm_validator *validator, const struct gcm_definition *operation);

#endif
