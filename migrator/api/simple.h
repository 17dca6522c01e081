/* simple: the Framework's Simple API while it is being put together
 * (spec/graphcool-framework.md §6). Private to api/simple*.c.
 *
 * Two types of one name are possible: a model UserFilter beside the filter of User. Whether that
 * is harmless, hides one of the two or kills the API depends on where the server met them. So
 * first every type is made, whatever its name, and every reference knows its type; then
 * simple_walk visits them as the server's library did, and keeps what that would have shown. */
#ifndef GCM_API_SIMPLE_H
#define GCM_API_SIMPLE_H

#include "api/api.h"

struct simple_type;

/* A reference: the head of every type of a field, argument or input of this API is one. */
struct simple_ref {
    struct gcm_type_ref ref; /* first, so that a pointer to it is one to the whole */
    struct simple_type *type;
};

enum simple_shape {
    SIMPLE_ONE,           /* X */
    SIMPLE_REQUIRED,      /* X! */
    SIMPLE_LIST,          /* [X!] */
    SIMPLE_REQUIRED_LIST, /* [X!]! */
    SIMPLE_SHAPES
};

struct simple_type {
    struct gcm_definition *definition;
    const struct gcm_definition *source; /* the model, enum or payload behind it, or NULL */
    struct simple_ref *references[SIMPLE_SHAPES]; /* made when they are first needed */
    bool built_in;                                /* String and the like: never printed */
};

struct simple_model {
    const struct gcm_model *model;
    /* Sorted by name. Fields that the API can't have are left out: of unknown types, of broken
     * relations. */
    GCM_VEC(const struct gcm_field *) fields, scalars, to_one, to_many;
    struct simple_type *object, *filter, *order_by;
    struct simple_type *create, *update, *previous_values;
    struct simple_type *subscription_filter, *subscription_node, *subscription_payload;
    struct gcm_input_values list_arguments; /* filter, orderBy, skip …: shared by all lists of it */
};

enum { SIMPLE_SCALARS = GCM_SCALAR_PASSWORD + 1 };

struct simple {
    struct gcm_arena *arena;
    const struct gcm_project *project;
    GCM_VEC(struct simple_model) models; /* sorted by name; complete before anything points here */
    struct gcm_map model_by_name, enum_by_name, nested_by_field;
    GCM_VEC(const struct gcm_relation *) relations; /* sorted by name in the API */
    struct simple_type *scalars[SIMPLE_SCALARS];
    struct simple_type *node, *query_meta, *model_mutation_type;
    struct simple_type *query, *mutation, *subscription; /* NULL: has no fields */
};

/* What the walk found out. */
struct simple_result {
    GCM_VEC(struct gcm_definition *) definitions; /* what the introspection would show */
    struct gcm_slice conflict;                    /* the first, in the words of the log; or empty */
    const struct simple_type *culprit;            /* one side of it that has a source, or NULL */
};

/* Makes a type that nothing refers to yet. */
struct simple_type *simple_type_new(struct simple *simple, enum gcm_definition_kind kind,
                                    struct gcm_slice name, const struct gcm_definition *source);
struct gcm_type_ref *simple_use(struct simple *simple, struct simple_type *type,
                                enum simple_shape shape);
struct gcm_slice simple_join(struct simple *simple, struct gcm_slice a, struct gcm_slice b);

/* Add to a type; the texts are borrowed. */
struct gcm_field_definition *simple_field(struct simple *simple, struct simple_type *to,
                                          struct gcm_slice name, struct simple_type *type,
                                          enum simple_shape shape);
void simple_input(struct simple *simple, struct gcm_input_values *to, struct gcm_slice name,
                  struct simple_type *type, enum simple_shape shape);
void simple_reserve(struct simple *simple, struct gcm_input_values *list, size_t count);

/* simple_types.c: models with their filters and orders; the rest of the query side. */
void simple_make_models(struct simple *simple);
struct simple_model *simple_target(const struct simple *simple, const struct gcm_field *field);
struct simple_type *simple_type_of(const struct simple *simple, const struct gcm_field *field);
enum simple_shape simple_shape_of(bool list, bool required);
struct gcm_slice simple_relation_name(const struct gcm_relation *relation);
void simple_scalar_field(struct simple *simple, struct simple_type *to,
                         const struct gcm_field *field);

/* simple_inputs.c: what is written: CreateX, UpdateX, nested inputs. */
void simple_make_inputs(struct simple *simple);

/* simple_names.c: what the roots are called. */
struct gcm_slice simple_all_name(struct simple *simple, const struct gcm_model *model);
struct gcm_slice simple_meta_name(struct simple *simple, const struct gcm_model *model);
struct gcm_api_relation simple_relation_names(struct simple *simple,
                                              const struct gcm_relation *relation);
bool simple_is_resolver(const struct simple *simple, const struct gcm_function *function);

/* simple_roots.c: Query, Mutation, Subscription, payloads, resolvers. */
void simple_make_roots(struct simple *simple);

/* simple_walk.c: from the roots that are there. */
struct simple_result simple_walk(struct simple *simple);
/* What the library said of a type that has two fields of one name, or empty. */
struct gcm_slice simple_doubles(struct gcm_arena *arena, const struct simple_type *type);

#endif
