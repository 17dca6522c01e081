/* build: what both APIs are put together with. Types are given as text ("[Post!]!"); each text
 * becomes one tree, shared by all that use it. Trees are never changed once they are there, so
 * whole lists of arguments may be shared, too. */
#ifndef GCM_API_BUILD_H
#define GCM_API_BUILD_H

#include "core/map.h"
#include "graphql/ast.h"

/* What a filter asks of a field, as the ending of its name; each kind of scalar has the first so
 * many of them. Both servers had the same. */
struct gcm_api_filter {
    const char *suffix;
    bool list; /* it takes a list */
};
enum {
    GCM_API_FILTERS_EQUAL = 2,
    GCM_API_FILTERS_IN = 4,
    GCM_API_FILTERS_ORDER = 8,
    GCM_API_FILTERS_TEXT = 14
};
extern const struct gcm_api_filter gcm_api_filters[GCM_API_FILTERS_TEXT];

/* All zero but the arena is an empty API. */
struct gcm_api {
    struct gcm_arena *arena;
    GCM_VEC(struct gcm_definition *) definitions;
    struct gcm_map by_name; /* struct gcm_definition */
    struct gcm_map types;   /* struct gcm_type_ref by its text */
};

/* The definition of that name: a new one, or the one that is already there if it is of that kind;
 * NULL if the name belongs to another kind. */
struct gcm_definition *gcm_api_define(struct gcm_api *api, enum gcm_definition_kind kind,
                                      struct gcm_slice name);

struct gcm_type_ref *gcm_api_type(struct gcm_api *api, struct gcm_slice text);

/* Adds a field to an object or interface. The pointer holds until the next field is added. */
struct gcm_field_definition *gcm_api_field(struct gcm_api *api, struct gcm_definition *to,
                                           struct gcm_slice name, struct gcm_slice type);

/* Adds to a list: the arguments of a field, or the fields of an input. */
void gcm_api_input(struct gcm_api *api, struct gcm_input_values *to, struct gcm_slice name,
                   struct gcm_slice type);

/* Adds a value to an enum. */
void gcm_api_value(struct gcm_api *api, struct gcm_definition *to, struct gcm_slice name);

/* The document, definitions sorted by name. */
struct gcm_document *gcm_api_document(struct gcm_api *api);

#endif
