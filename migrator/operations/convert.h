/* convert: operations of the Simple API become operations of the native API (spec/prisma1.md §4.5),
 * tree to tree. Response keys stay: what has another name is asked for under an alias. What cannot
 * be said faithfully is refused, with the reason; what differs all the same is a note. */
#ifndef GCM_OPERATIONS_CONVERT_H
#define GCM_OPERATIONS_CONVERT_H

#include "operations/operations.h"
#include "operations/targets.h"

struct gcm_conversion_note {
    struct gcm_place place; /* in the old text */
    struct gcm_slice message;
};

/* A variable whose type is another one now, that is new, or that is gone. */
struct gcm_variable_change {
    struct gcm_slice name, from, to; /* types as they are written; `from` of a new one is empty,
                                        and `to` of one that is gone */
    struct gcm_slice pass;           /* what to pass for it */
};

/* One operation or fragment. */
struct gcm_conversion {
    struct gcm_client_part part;
    const struct gcm_client_operation *operation; /* NULL for a fragment */
    struct gcm_slice name;
    struct gcm_definition *to; /* NULL where it is refused */
    GCM_VEC(struct gcm_conversion_note) notes;
    GCM_VEC(struct gcm_variable_change) variables;
    struct gcm_errors refusals;
    struct gcm_slice old, now; /* the texts, from the first word to the last brace */
};

struct gcm_conversions {
    const struct gcm_operations *operations;
    GCM_VEC(struct gcm_conversion *) all; /* in the order of the files */
    size_t converted, refused;            /* operations */
    size_t native;                        /* operations that ask the native API already */
};

/* What became of a part; NULL if it was not looked at. */
const struct gcm_conversion *gcm_conversion_of(const struct gcm_conversions *conversions,
                                               const struct gcm_client_part *part);

/* `operations` have been checked against the Simple API and the native one. An operation that is
 * valid for the native API already, and only for that, is left alone; one that the Simple API did
 * not take, or of which nothing can be said, is refused. The project must have a datamodel. */
struct gcm_conversions *gcm_operations_convert(struct gcm_arena *arena,
                                               const struct gcm_operations *operations,
                                               const struct gcm_targets *targets,
                                               const struct gcm_schema *native);

#endif
