/* making: what the files of records share while one record is made. Included nowhere else.
 */
#ifndef GCM_TRANSFER_RECORDS_MAKING_H
#define GCM_TRANSFER_RECORDS_MAKING_H

#include "transfer/records.h"

struct making {
    const struct gcm_record_maker *maker;
    struct gcm_arena *arena;
    struct gcm_record *record;
    const struct gcm_shape_type *type; /* nodes, lists */
};

/* Notes a fault and says which repair was asked for. A rule that does `refuse`, or the repair
 * drop_record, keeps the record back. `value` is shown, shortened; empty: nothing. */
enum gcm_repair making_fault(struct making *making, const char *name, struct gcm_slice field,
                             struct gcm_slice value);
/* The same about a field: the value of a Password is not shown. */
enum gcm_repair making_value_fault(struct making *making, const char *name,
                                   const struct gcm_shape_field *field, struct gcm_slice value);

/* values.c: writes one value as the target takes it. False: there is none (it was left out).
 * `list`: an element of a list. */
bool making_value(struct making *making, struct gcm_buffer *out,
                  const struct gcm_shape_field *field, struct gcm_raw value, bool list);
/* The id of a node, by itself. */
void making_id(struct making *making, struct gcm_slice id);

/* A fault of one end of a pair. */
enum gcm_repair making_end_fault(struct making *making, const char *name, struct gcm_slice type,
                                 struct gcm_slice id, struct gcm_slice field,
                                 struct gcm_slice value);

/* The record is done: drops its texts where it is kept back. */
void making_end(struct making *making);

#endif
