/* outbox: what is sent to the target, in chunks, and what became of each.
 *
 *     pending ──▶ sent ──▶ confirmed
 *        ▲          ├────▶ unknown ──▶ replaced by what is there (confirmed) and what is not
 * (pending) └──────────┘ surely not taken
 *
 * `sent` is committed before the bytes leave. On the next start every `sent` is `unknown`: settled
 * by asking the target, never by sending again. A chunk is a run of rows of one kind (and of one
 * relation): its bytes can be made again from the records and the plan, so they are not stored. */
#ifndef GCM_STAGE_OUTBOX_H
#define GCM_STAGE_OUTBOX_H

#include "stage/stage.h"

enum gcm_chunk_state { GCM_CHUNK_PENDING, GCM_CHUNK_SENT, GCM_CHUNK_UNKNOWN, GCM_CHUNK_CONFIRMED };

struct gcm_chunk {
    int64_t key;
    enum gcm_ndf_kind kind;
    struct gcm_slice group; /* relations: the relation's name in the target; otherwise empty */
    int64_t first, last;    /* rows of node, list or pair */
    uint64_t skip, take;    /* one row of a list: only these of its elements; take 0: all others */
    uint64_t elements, bytes; /* of the request */
    enum gcm_chunk_state state;
    unsigned tries; /* how often it was `sent` */
};
struct gcm_chunks {
    struct gcm_chunk *at;
    size_t count, room;
};

/* How far chunks were made: a new chunk starts behind the last row of its kind and group. */
int64_t gcm_outbox_reached(struct gcm_stage *stage, enum gcm_ndf_kind kind, struct gcm_slice group);
GCM_MUST_USE gcm_result gcm_outbox_add(struct gcm_stage *stage, struct gcm_chunk *chunk,
                                       struct gcm_error *err); /* sets key */
GCM_MUST_USE gcm_result gcm_outbox_set(struct gcm_stage *stage, int64_t key,
                                       enum gcm_chunk_state state, struct gcm_error *err);
/* Puts other chunks in the place of one: pieces of it, each with a state of its own. They inherit
 * kind, group and tries. Inside a transaction. */
GCM_MUST_USE gcm_result gcm_outbox_replace(struct gcm_stage *stage, const struct gcm_chunk *chunk,
                                           const struct gcm_chunk *pieces, size_t count,
                                           struct gcm_error *err);
/* The first chunk (by rows) of that kind and group in that state; GCM_END if there is none. The
 * chunk's group is the one given. */
GCM_MUST_USE gcm_result gcm_outbox_next(struct gcm_stage *stage, enum gcm_ndf_kind kind,
                                        struct gcm_slice group, enum gcm_chunk_state state,
                                        struct gcm_chunk *chunk, struct gcm_error *err);
/* Every `sent` becomes `unknown`; at the start of an import. */
GCM_MUST_USE gcm_result gcm_outbox_recover(struct gcm_stage *stage, struct gcm_error *err);

/* `elements` are records: of a list in several parts the last one counts. */
struct gcm_outbox_count {
    uint64_t chunks, elements, bytes;
};
struct gcm_outbox_count gcm_outbox_count(struct gcm_stage *stage, enum gcm_ndf_kind kind,
                                         enum gcm_chunk_state state);
bool gcm_outbox_empty(struct gcm_stage *stage); /* nothing was ever sent */

/* A record that the target refused: never sent again, unless asked to. */
struct gcm_reject {
    enum gcm_ndf_kind kind;
    int64_t row;
    struct gcm_slice type, id, field; /* of the source; relations: of side B */
    struct gcm_slice other;           /* relations: the id of side A */
    struct gcm_slice reason;          /* the server's words, or ours */
};
GCM_MUST_USE gcm_result gcm_reject_add(struct gcm_stage *stage, const struct gcm_reject *reject,
                                       struct gcm_error *err); /* the same row twice: once */
bool gcm_reject_has(struct gcm_stage *stage, enum gcm_ndf_kind kind, int64_t row);
uint64_t gcm_reject_count(struct gcm_stage *stage);
/* Calls back for each, by kind and row. */
GCM_MUST_USE gcm_result gcm_reject_each(struct gcm_stage *stage,
                                        gcm_result (*each)(void *context,
                                                           const struct gcm_reject *reject,
                                                           struct gcm_error *err),
                                        void *context, struct gcm_error *err);

#endif
