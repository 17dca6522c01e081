/* operations: what a client asks of the API, found in its sources and judged against an API before
 * and an API after the move. */
#ifndef GCM_OPERATIONS_OPERATIONS_H
#define GCM_OPERATIONS_OPERATIONS_H

#include "graphql/validate.h"
#include "operations/clients.h"

/* A definition and the text that it stands in. */
struct gcm_client_part {
    const struct gcm_definition *definition;
    const struct gcm_client_text *text;
};

struct gcm_client_operation {
    struct gcm_client_part part;
    struct gcm_slice name; /* "Feed"; of one without a name its first field: "{ allPosts }" */
    GCM_VEC(struct gcm_client_part) fragments; /* all that it reaches */
    struct gcm_slice unchecked;                /* why nothing can be said of it; or empty */
    bool relay;                                /* it is for the Relay API */
    struct gcm_errors before, after;           /* what is wrong with it against each API */
};

struct gcm_operations {
    const struct gcm_clients *clients;
    GCM_VEC(struct gcm_client_operation *) all; /* in the order of the files */
    GCM_VEC(struct gcm_client_part) fragments;  /* each fragment of the folder */
    /* Texts of which nothing can be said: of wrong syntax, or with a hole in an operation. */
    GCM_VEC(const struct gcm_client_text *) unread;
};

/* Finds every operation and the fragments that it uses: in its own text, in what a `${…}` or an
 * import names, in its file, or where only one fragment of the folder has the name. */
struct gcm_operations *gcm_operations_find(struct gcm_arena *arena,
                                           const struct gcm_clients *clients);

/* An operation alone with its fragments, as a server gets it. */
struct gcm_document *gcm_operation_document(struct gcm_arena *arena,
                                            const struct gcm_client_operation *operation);

/* Fills `before`, `after` and `relay`. Either API may be NULL. */
void gcm_operations_check(struct gcm_arena *arena, struct gcm_operations *operations,
                          const struct gcm_schema *before, const struct gcm_schema *after);

/* The text that a place found in an operation belongs to; NULL for one that is in none. */
const struct gcm_client_text *gcm_operation_text(const struct gcm_client_operation *operation,
                                                 struct gcm_place place);

struct gcm_operation_counts {
    size_t all, before, after, unchecked, relay;
    size_t broken; /* valid before, not after */
};
struct gcm_operation_counts gcm_operations_count(const struct gcm_operations *operations);

#endif
