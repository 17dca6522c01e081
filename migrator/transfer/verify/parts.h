/* parts: what the files of verify share. */
#ifndef GCM_TRANSFER_VERIFY_PARTS_H
#define GCM_TRANSFER_VERIFY_PARTS_H

#include "transfer/verify.h"

/* A type, and how its nodes are read. */
struct type_pass {
    struct verify *verify;
    const struct gcm_shape_type *type;
    int64_t key; /* of its name in the stage; 0: it has no node there */
    struct gcm_verified *verified;
    bool unreadable; /* nothing can be said of what was not seen */
};

/* A relation, and from which of its fields its rows are read. */
struct relation_pass {
    struct verify *verify;
    const struct gcm_shape_relation *relation;
    const struct gcm_shape_type *owner;
    const struct gcm_prisma_field *field; /* NULL: the plan left the relation out */
    /* A to-one field whose column is elsewhere answers only one of several rows. */
    bool hides;
    struct gcm_verified *verified;
};

struct verify {
    struct gcm_arena *arena; /* until the end */
    struct gcm_arena page;   /* of a page: freed before the next */
    const struct gcm_record_maker *maker;
    const struct gcm_verify_options *options;
    const struct gcm_verify_sink *sink;
    struct gcm_progress *progress;
    struct gcm_verify_result *result;
    struct gcm_http *http;
    unsigned char *seen; /* a bit for each row of node */
    int64_t last_row;
    struct gcm_staged_links links;
    GCM_VEC(struct type_pass) types;
    GCM_VEC(struct relation_pass) relations;
};

/* ---- api.c: one question ---- */

struct api_answer {
    bool trouble;            /* no answer that can be used: smaller questions may help */
    struct gcm_raw data;     /* of kind NULL, if there is none */
    bool errors;             /* the server named errors … */
    bool only_nulls;         /* … but only nulls in fields that may not be null */
    struct gcm_slice reason; /* trouble, errors: the first, in words */
    size_t bytes;
};

/* Asks; the answer is in the arena. `variables` is the inside of a JSON object. GCM_REMOTE where
 * nothing more can be asked: no connection, or a refused token. With `trouble`, *err says why. */
gcm_result api_ask(struct verify *verify, struct gcm_arena *arena, struct gcm_slice query,
                   struct gcm_slice variables, struct api_answer *answer, struct gcm_error *err);

/* `"name":"text"` of the variables, with a comma before it where one is needed. */
void put_variable(struct gcm_buffer *out, const char *name, struct gcm_slice text);

/* The id of an object {id}; empty if it is none. */
struct gcm_slice id_of(struct gcm_arena *arena, struct gcm_raw node);

/* A text of the server or of a record as people read it: shortened, on one line. */
struct gcm_slice shortened(struct gcm_arena *arena, struct gcm_slice text);

/* ---- pages.c: all nodes of a type ---- */

struct pages {
    struct verify *verify;
    const struct gcm_prisma_type *type;
    struct gcm_slice selection; /* behind `id`: "title tags" */
    /* Select twice, once without the selection: a node that comes back null then has its id. */
    bool doubled;
    size_t first; /* how many to start with */
    size_t most;  /* in one page; 0: what fits */
    void *context;
    /* Each node of the target, in the order of their ids. Of kind NULL: the server answered null in
     * its place (doubled). */
    gcm_result (*each)(void *context, struct gcm_slice id, struct gcm_raw node,
                       struct gcm_error *err);
    /* A node that cannot be read with that selection. */
    gcm_result (*broken)(void *context, struct gcm_slice id, struct gcm_slice reason,
                         struct gcm_error *err);
    /* Behind each page of so many bytes, before its memory is freed. */
    gcm_result (*behind)(void *context, size_t bytes, struct gcm_error *err);
};

/* GCM_END if the type cannot be read on, which was told. */
gcm_result read_pages(struct pages *pages, struct gcm_error *err);

/* The name of the query field: "posts". */
struct gcm_slice list_query(struct gcm_arena *arena, const struct gcm_prisma_type *type);

/* ---- values.c ---- */

/* The same value, as the field's type has it? */
bool same_value(struct gcm_arena *scratch, const struct gcm_prisma_field *field,
                struct gcm_raw expected, struct gcm_raw actual);
/* How a value is shown. */
struct gcm_slice shown_value(struct gcm_arena *arena, const struct gcm_shape_field *field,
                             struct gcm_raw value);
/* The id of the rule whose finding named the change of the field's value (or of an element) before;
 * empty if nothing did. */
struct gcm_slice known_change(struct verify *verify, const struct gcm_faults *faults,
                              const struct gcm_shape_field *field, struct gcm_raw expected,
                              struct gcm_raw actual);

/* ---- verify.c ---- */
void tell_difference(struct verify *verify, struct gcm_tally *tally,
                     const struct gcm_difference *difference);
void tell_unchecked(struct verify *verify, struct gcm_slice type, struct gcm_slice id,
                    struct gcm_slice field, struct gcm_slice reason);
bool mark_seen(struct verify *verify, int64_t row); /* false: it was marked already */
bool is_seen(const struct verify *verify, int64_t row);

/* ---- nodes.c ---- */
gcm_result verify_nodes(struct type_pass *pass, struct gcm_error *err);
/* The nodes that were not seen, of all types. */
gcm_result verify_missing(struct verify *verify, struct gcm_error *err);
/* "rejected", or the rule for which a record is withheld; empty: it must be in the target. */
struct gcm_slice known_absence(struct verify *verify, const struct gcm_record *record);

/* ---- relations.c ---- */

/* A partner that a node must have. */
struct partner {
    struct gcm_slice id;
    int64_t row; /* of pair */
    bool seen;
};
struct partners {
    struct gcm_arena *arena;
    GCM_VEC(struct partner) list;
};

void choose_side(struct relation_pass *pass);
gcm_result verify_relation(struct relation_pass *pass, struct gcm_error *err);
/* What a node must have, by the records that `import` sends: `part` of `parts` of them. */
gcm_result expected_partners(struct relation_pass *pass, struct gcm_slice id, unsigned part,
                             unsigned parts, struct partners *partners, struct gcm_error *err);
void tell_missing_pair(struct relation_pass *pass, struct gcm_slice id,
                       const struct partner *partner);
void tell_extra_pair(struct relation_pass *pass, struct gcm_slice id, struct gcm_slice other);

/* ---- hidden.c: rows that a to-one field does not answer ---- */

struct hidden_node {
    struct gcm_slice id, answered;
    struct partners partners;
};
struct hidden {
    GCM_VEC(struct hidden_node) nodes;
};
/* Asks by filters whether the nodes have rows that they must not have, or lack such as they must;
 * `nodes` are those that answered one. */
gcm_result verify_hidden(struct relation_pass *pass, const struct hidden *hidden,
                         struct gcm_error *err);

#endif
