/* memory: what a maker remembers between records. Included by the files of records only. */
#ifndef GCM_TRANSFER_RECORDS_MEMORY_H
#define GCM_TRANSFER_RECORDS_MEMORY_H

#include "transfer/records.h"

struct known_link {
    struct gcm_staged_link link;
    const struct gcm_shape_relation *relation; /* NULL: none */
    bool swapped;                              /* side A comes first */
    int64_t a_type, b_type;                    /* keys of the types, sides as in the relation */
    bool alone;                                /* the relation has no other link */
    enum { GCM_NOT_ASKED, GCM_SINGLE, GCM_SEVERAL } at_a, at_b; /* rows of a node, most */
};

/* A node with at least BUSY rows where it should have one, and the lowest other end. */
enum { BUSY_NODES = 256, BUSY = 16, BUSY_ID = 64 };
struct busy_node {
    const struct gcm_shape_relation *relation;
    char side;
    char id[BUSY_ID], lowest[BUSY_ID];
    size_t id_size, lowest_size;
};

/* The rule of a fault, and what is asked of it. */
struct known_fault {
    const char *name;
    const struct gcm_rule *rule;
    enum gcm_repair repair;
};

struct gcm_maker_memory {
    struct gcm_arena *arena;
    bool links_read;
    GCM_VEC(struct known_link) links;
    struct busy_node busy[BUSY_NODES];
    GCM_VEC(struct known_fault) faults;
    struct gcm_slice source; /* "endpoint", "archive" */
};

#endif
