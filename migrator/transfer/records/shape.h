/* shape: the plan, as the transfer needs it: what becomes of each type, field, enum value and
 * relation of the source. Made from the plan, decides nothing of its own. */
#ifndef GCM_TRANSFER_SHAPE_H
#define GCM_TRANSFER_SHAPE_H

#include "plan/plan.h"

struct gcm_shape_value {       /* a value of an enum */
    struct gcm_slice from, to; /* to is empty: left out by the plan */
};

struct gcm_shape_field {
    const struct gcm_field *source;    /* NULL: hidden createdAt, updatedAt */
    struct gcm_slice name;             /* in the source */
    const struct gcm_prisma_field *to; /* NULL: left out by the plan */
    const struct gcm_map *values;      /* of an enum: gcm_shape_value by the source's name */
    struct gcm_slice fill; /* JSON for a required column without a value: the default; or empty */
    size_t place;          /* among the fields of its type */
    struct gcm_slice key;  /* in an element of the target: `,"name":` */
    bool hidden; /* servers up to 1.30: the target keeps it, and its API does not show it */
};

struct gcm_shape_type {
    const struct gcm_model *source;
    struct gcm_slice name;                    /* in the source */
    const struct gcm_prisma_type *to;         /* NULL: left out */
    struct gcm_slice start;                   /* of an element: `{"_typeName":"Post","id":` */
    GCM_VEC(struct gcm_shape_field *) fields; /* scalars, enums and lists; `id` among them */
    struct gcm_map by_name;
    struct gcm_map ends; /* gcm_shape_relation by the name of the source's relation field */
};

/* How the rows of a relation are sent. Ends are those of an export: pair (b, a). */
enum gcm_relation_way {
    GCM_WAY_PAIR,      /* one element for each row */
    GCM_WAY_SELF_LIST, /* one field, to-many: A owns the field, so A's end comes first, alone
                          with a fieldName (truth/ndf) */
    GCM_WAY_SELF_BOTH, /* one field, to-one, kept as one field: for every node the one that the
                          source answers */
    GCM_WAY_SELF_TWO   /* one field, to-one, that became two: one element for each pair that the
                          source answers from either end; `field ?? fieldOf` is what it answered */
};
struct gcm_shape_relation {
    const struct gcm_relation *source;
    const struct gcm_shape_type *a_type, *b_type;
    const struct gcm_prisma_field *a, *b; /* the target's fields at A's and B's type; one may be
                                             NULL (one-sided), both: left out. Of a self relation
                                             with one field `a` is that field */
    struct gcm_slice name;                /* in the target; what the outbox calls the group */
    enum gcm_relation_way way;
    enum gcm_prisma_link link; /* TABLE or INLINE, as the server will store it */
    bool inline_at_a;          /* INLINE: the column is in A's table */
    bool a_to_one, b_to_one;   /* in the source: A's (B's) field holds at most one */
    bool a_required, b_required;
};

struct gcm_shape {
    const struct gcm_plan *plan;
    const struct gcm_datamodel *target;
    enum gcm_database database;
    enum gcm_server server;
    GCM_VEC(struct gcm_shape_type *) types;
    GCM_VEC(struct gcm_shape_relation *) relations; /* in the order in which they are sent */
    struct gcm_map type_names;                      /* by the source's name */
    struct gcm_map relation_ends; /* "Type.field" of the source → gcm_shape_relation */
};

/* GCM_BAD_INPUT if the plan has no datamodel. Lives in the arena. */
GCM_MUST_USE gcm_result gcm_shape_make(struct gcm_arena *arena, const struct gcm_plan *plan,
                                       struct gcm_shape **shape, struct gcm_error *err);

/* The source's field A.name, or its only one, for messages: "User.posts". */
struct gcm_slice gcm_shape_relation_where(struct gcm_arena *arena,
                                          const struct gcm_shape_relation *relation);

/* 64 hexadecimal digits over everything that decides about records: the datamodel, the renames, the
 * database, the rules of records, the repairs (rule ids). */
struct gcm_slice gcm_shape_hash(struct gcm_arena *arena, const struct gcm_shape *shape,
                                const struct gcm_slices *repairs);

#endif
