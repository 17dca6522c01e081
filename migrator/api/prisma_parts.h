/* prisma_parts: the parts of Prisma's API and what they share; only for migrator/api/prisma*.c.
 *
 * Its types name each other in circles. A part that needs a type asks for its name; the type is
 * defined at once and filled later, from a queue. So only what the root fields reach is there, as
 * on the server, and nothing recurses however long the chains of relations are.
 *
 * Where a function gives the name of a type, the empty slice says that this type would have no
 * fields: the server then leaves out whatever would take it. `without` is the field of `type` that
 * a nested input leaves out, since it leads back to where one comes from; NULL: none. */
#ifndef GCM_API_PRISMA_PARTS_H
#define GCM_API_PRISMA_PARTS_H

#include "api/build.h"
#include "prisma/datamodel.h"

struct gcm_prisma_api;
typedef void gcm_prisma_fill(struct gcm_prisma_api *prisma, struct gcm_definition *to,
                             const struct gcm_prisma_type *type,
                             const struct gcm_prisma_field *without);

struct gcm_prisma_wanted {
    gcm_prisma_fill *fill;
    struct gcm_definition *to;
    const struct gcm_prisma_type *type;
    const struct gcm_prisma_field *without;
};

struct gcm_prisma_api {
    struct gcm_api api;
    const struct gcm_datamodel *datamodel;
    bool legacy; /* the dialect before 1.31: `id`, `createdAt`, `updatedAt` are reserved names */
    GCM_VEC(struct gcm_prisma_wanted) queue;
    struct gcm_map paging; /* struct gcm_input_values by the name of the type */
};

/* Fields, as the API sees them. */
bool gcm_prisma_is_scalar(const struct gcm_prisma_field *field);   /* or enum; no list */
bool gcm_prisma_is_list(const struct gcm_prisma_field *field);     /* of scalars or enums */
bool gcm_prisma_is_relation(const struct gcm_prisma_field *field); /* to one or many */
bool gcm_prisma_is_id(const struct gcm_prisma_api *prisma, const struct gcm_prisma_field *field);
/* A scalar that a client may set: neither a date that the server keeps nor an id that the database
 * counts (spec/prisma1.md §4.4). */
bool gcm_prisma_is_writable(const struct gcm_prisma_api *prisma,
                            const struct gcm_prisma_field *field);

/* Names: "Post", "CreateMany", author, "Input" → "PostCreateManyWithoutAuthorInput". */
struct gcm_slice gcm_prisma_name(struct gcm_prisma_api *prisma, const struct gcm_prisma_type *type,
                                 const char *what, const struct gcm_prisma_field *without,
                                 const char *ending);
struct gcm_slice gcm_prisma_join(struct gcm_prisma_api *prisma, const char *before,
                                 struct gcm_slice name, const char *behind);
struct gcm_slice gcm_prisma_list(struct gcm_prisma_api *prisma, struct gcm_slice name); /* [X!] */
struct gcm_slice gcm_prisma_required(struct gcm_prisma_api *prisma, struct gcm_slice name); /* X! */

/* Asks for a type; gives its name back. `what` decides its fields: two types of one name are one.
 */
struct gcm_slice gcm_prisma_want(struct gcm_prisma_api *prisma, enum gcm_definition_kind kind,
                                 struct gcm_slice name, gcm_prisma_fill *fill,
                                 const struct gcm_prisma_type *type,
                                 const struct gcm_prisma_field *without);
/* The type of a scalar or enum field, which is then part of the API. */
struct gcm_slice gcm_prisma_value_type(struct gcm_prisma_api *prisma,
                                       const struct gcm_prisma_field *field);
struct gcm_slice gcm_prisma_scalar(struct gcm_prisma_api *prisma, const char *name);
/* Adds a field to an input; does nothing if the name of its type is empty. */
void gcm_prisma_input(struct gcm_prisma_api *prisma, struct gcm_input_values *to, const char *name,
                      struct gcm_slice type);

/* prisma_types.c */
struct gcm_slice gcm_prisma_object(struct gcm_prisma_api *prisma,
                                   const struct gcm_prisma_type *type);
struct gcm_slice gcm_prisma_connection(struct gcm_prisma_api *prisma,
                                       const struct gcm_prisma_type *type);
struct gcm_slice gcm_prisma_batch_payload(struct gcm_prisma_api *prisma);
struct gcm_slice gcm_prisma_node(struct gcm_prisma_api *prisma);

/* prisma_subscription.c */
struct gcm_slice gcm_prisma_subscription_where(struct gcm_prisma_api *prisma,
                                               const struct gcm_prisma_type *type);
struct gcm_slice gcm_prisma_subscription_payload(struct gcm_prisma_api *prisma,
                                                 const struct gcm_prisma_type *type);

/* prisma_where.c */
struct gcm_slice gcm_prisma_where(struct gcm_prisma_api *prisma,
                                  const struct gcm_prisma_type *type);
struct gcm_slice gcm_prisma_scalar_where(struct gcm_prisma_api *prisma,
                                         const struct gcm_prisma_type *type);
struct gcm_slice gcm_prisma_where_unique(struct gcm_prisma_api *prisma,
                                         const struct gcm_prisma_type *type);
/* where, orderBy, skip, after, before, first, last: one list, shared by all fields that have it. */
struct gcm_input_values gcm_prisma_paging(struct gcm_prisma_api *prisma,
                                          const struct gcm_prisma_type *type);

/* prisma_create.c */
struct gcm_slice gcm_prisma_create(struct gcm_prisma_api *prisma,
                                   const struct gcm_prisma_type *type,
                                   const struct gcm_prisma_field *without);
/* The input that sets a list of scalars; what: "Create" or "Update". */
struct gcm_slice gcm_prisma_set_list(struct gcm_prisma_api *prisma,
                                     const struct gcm_prisma_field *field, const char *what);

/* prisma_update.c */
struct gcm_slice gcm_prisma_update(struct gcm_prisma_api *prisma,
                                   const struct gcm_prisma_type *type);
struct gcm_slice gcm_prisma_update_many(struct gcm_prisma_api *prisma,
                                        const struct gcm_prisma_type *type);

#endif
