/* records: what the source gave. Tables (docs/stage-file.md):
 *
 *     name(key, text)                                types and fields, each text once
 *     node(row, type, id, body)                      body: the element's bytes
 *     list(row, type, field, id, body)               body: the array's bytes; a long list may be
 *                                                    several rows, one behind the other
 *     link(key, b_type, b_field, a_type, a_field)    each pair of ends that occurs, B side first
 *     pair(row, link, b, a)                          one relation row
 *     page(row, kind, name, elements, bytes)         what was read, in order
 *
 * `row` counts in the order of the source, from 1: nodes of one type lie together, in the order of
 * the source's ids, and the rank of a node within its type is the one that the list cursor wants.
 * Indexes over ids are made when a kind is read whole (gcm_stage_seal). */
#ifndef GCM_STAGE_RECORDS_H
#define GCM_STAGE_RECORDS_H

#include "stage/stage.h"

/* The key of a type's or field's name; made if `make`, otherwise 0 where there is none. */
int64_t gcm_stage_name(struct gcm_stage *stage, struct gcm_slice text, bool make);
struct gcm_slice gcm_stage_name_text(struct gcm_stage *stage, int64_t key); /* lives as the stage */

/* Inside a transaction. */
GCM_MUST_USE gcm_result gcm_stage_put_node(struct gcm_stage *stage, struct gcm_slice type,
                                           struct gcm_slice id, struct gcm_slice body,
                                           struct gcm_error *err);
GCM_MUST_USE gcm_result gcm_stage_put_list(struct gcm_stage *stage, struct gcm_slice type,
                                           struct gcm_slice id, struct gcm_slice field,
                                           struct gcm_slice body, struct gcm_error *err);
GCM_MUST_USE gcm_result gcm_stage_put_pair(struct gcm_stage *stage, const struct gcm_ndf_end *b,
                                           const struct gcm_ndf_end *a, struct gcm_error *err);
GCM_MUST_USE gcm_result gcm_stage_put_page(struct gcm_stage *stage, enum gcm_ndf_kind kind,
                                           struct gcm_slice name, uint64_t elements, uint64_t bytes,
                                           struct gcm_error *err);

/* Everything of the kind was read: builds its indexes. Records that came twice (a page repeated by
 * the server) are dropped if they are equal; a node with two different bodies is a finding of
 * `check`. Returns how many were dropped. */
GCM_MUST_USE gcm_result gcm_stage_seal(struct gcm_stage *stage, enum gcm_ndf_kind kind,
                                       uint64_t *dropped, struct gcm_error *err);

/* Takes back everything of a kind: `export` starts that kind again. */
GCM_MUST_USE gcm_result gcm_stage_clear(struct gcm_stage *stage, enum gcm_ndf_kind kind,
                                        struct gcm_error *err);

struct gcm_staged_node {
    int64_t row, type;
    struct gcm_slice id, body;
};
struct gcm_staged_list {
    int64_t row, type, field;
    struct gcm_slice id, body;
};
struct gcm_staged_pair {
    int64_t row, link;
    struct gcm_slice b, a; /* ids */
};
struct gcm_staged_link {
    int64_t key;
    struct gcm_ndf_end b, a; /* without ids */
    uint64_t pairs;
};

/* Reads rows first…last of a table in order. What a cursor gives lives until its next step. */
struct gcm_rows;
GCM_MUST_USE gcm_result gcm_rows_nodes(struct gcm_stage *stage, int64_t first, int64_t last,
                                       struct gcm_rows **rows, struct gcm_error *err);
GCM_MUST_USE gcm_result gcm_rows_lists(struct gcm_stage *stage, int64_t first, int64_t last,
                                       struct gcm_rows **rows, struct gcm_error *err);
/* Pairs of one link. */
GCM_MUST_USE gcm_result gcm_rows_pairs(struct gcm_stage *stage, int64_t link, int64_t first,
                                       int64_t last, struct gcm_rows **rows, struct gcm_error *err);
/* The one pair of that row. */
GCM_MUST_USE gcm_result gcm_rows_pair_at(struct gcm_stage *stage, int64_t row,
                                         struct gcm_rows **rows, struct gcm_error *err);
/* All lists of a node, or of one of its fields (field 0: all), by field and row. */
GCM_MUST_USE gcm_result gcm_rows_lists_of(struct gcm_stage *stage, int64_t type,
                                          struct gcm_slice id, int64_t field,
                                          struct gcm_rows **rows, struct gcm_error *err);
/* All pairs of a link with that id on side 'A' or 'B', by row. */
GCM_MUST_USE gcm_result gcm_rows_pairs_of(struct gcm_stage *stage, int64_t link, char side,
                                          struct gcm_slice id, struct gcm_rows **rows,
                                          struct gcm_error *err);
/* GCM_OK, GCM_END, or an error. */
GCM_MUST_USE gcm_result gcm_rows_node(struct gcm_rows *rows, struct gcm_staged_node *node,
                                      struct gcm_error *err);
GCM_MUST_USE gcm_result gcm_rows_list(struct gcm_rows *rows, struct gcm_staged_list *list,
                                      struct gcm_error *err);
GCM_MUST_USE gcm_result gcm_rows_pair(struct gcm_rows *rows, struct gcm_staged_pair *pair,
                                      struct gcm_error *err);
void gcm_rows_close(struct gcm_rows *rows); /* may be NULL */

/* A node by type and id: GCM_END if there is none. Its body lives until the next call, or a commit.
 */
GCM_MUST_USE gcm_result gcm_stage_node(struct gcm_stage *stage, int64_t type, struct gcm_slice id,
                                       struct gcm_staged_node *node, struct gcm_error *err);
bool gcm_stage_has_node(struct gcm_stage *stage, int64_t type, struct gcm_slice id);

/* How many rows each type has, by name key; how many of a kind; the last row of a kind. */
uint64_t gcm_stage_count_of(struct gcm_stage *stage, int64_t type);
uint64_t gcm_stage_count(struct gcm_stage *stage, enum gcm_ndf_kind kind);
int64_t gcm_stage_last_row(struct gcm_stage *stage, enum gcm_ndf_kind kind);
uint64_t gcm_stage_bytes(struct gcm_stage *stage, enum gcm_ndf_kind kind); /* of all bodies */

/* The links, in order of key; in the arena. */
struct gcm_staged_links {
    struct gcm_staged_link *at;
    size_t count, room;
};
GCM_MUST_USE gcm_result gcm_stage_links(struct gcm_stage *stage, struct gcm_arena *arena,
                                        struct gcm_staged_links *links, struct gcm_error *err);

#endif
