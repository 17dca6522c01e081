/* questions: what records and `check` ask of the whole stage, answered through its indexes. */
#ifndef GCM_STAGE_QUESTIONS_H
#define GCM_STAGE_QUESTIONS_H

#include "stage/records.h"

/* The first row of a link with these ends; 0: there is none. */
int64_t gcm_stage_pair_row(struct gcm_stage *stage, int64_t link, struct gcm_slice b,
                           struct gcm_slice a);

/* Has no node more than one row of the link on side 'A' or 'B'? */
bool gcm_stage_pairs_are_single(struct gcm_stage *stage, int64_t link, char side);

/* Nodes of one id with different bodies (equal ones were dropped when the kind was read whole): the
 * next (type, id) behind the given one. GCM_OK, GCM_END or an error; the id is in the arena. Start
 * with type 0. */
GCM_MUST_USE gcm_result gcm_stage_repeated(struct gcm_stage *stage, struct gcm_arena *arena,
                                           int64_t *type, struct gcm_slice *id,
                                           struct gcm_error *err);

/* Has the type an id with anything but small letters and digits? */
bool gcm_stage_has_odd_ids(struct gcm_stage *stage, int64_t type);

/* Uniqueness: keys of values, each put with a number for its field, in a temporary table that
 * SQLite keeps on disk: memory stays flat. */
GCM_MUST_USE gcm_result gcm_uniques_start(struct gcm_stage *stage, struct gcm_error *err);
GCM_MUST_USE gcm_result gcm_uniques_put(struct gcm_stage *stage, int64_t field,
                                        struct gcm_slice key, int64_t row, struct gcm_error *err);
/* Calls back for each row with a key that an earlier row of the field holds, in order of rows: as
 * the target takes them one by one, a row that is refused holds none of its keys. `id` is the
 * node's. */
GCM_MUST_USE gcm_result gcm_uniques_each(struct gcm_stage *stage,
                                         gcm_result (*each)(void *context, int64_t field,
                                                            struct gcm_slice id,
                                                            struct gcm_slice first_id,
                                                            struct gcm_error *err),
                                         void *context, struct gcm_error *err);
void gcm_uniques_end(struct gcm_stage *stage);

#endif
