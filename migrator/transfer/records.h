/* records: staged records as the target takes them, made by the shape. `import`, `check` and
 * `verify` all ask here, so that they cannot disagree. Making the same record twice gives the same
 * bytes.
 *
 * What may be wrong with a value is one of a closed set of faults; rules/records.yml says for each
 * database what it means, how bad it is, and which repair there is. A record with a fault that the
 * target would refuse is still made: `check` has named it, and `import` tries it. */
#ifndef GCM_TRANSFER_RECORDS_H
#define GCM_TRANSFER_RECORDS_H

#include "stage/records.h"
#include "transfer/records/shape.h"

/* The repairs that were asked for (--repair RULE), by rule id. */
struct gcm_repairs {
    struct gcm_slices rules;
};

/* What a repair does: the closed set of rules/records.yml. */
enum gcm_repair {
    GCM_REPAIR_NONE,
    GCM_REPAIR_ACCEPT,      /* accept: sent as it is, knowingly */
    GCM_REPAIR_REMOVE_NUL,  /* remove_nul: the text without U+0000 */
    GCM_REPAIR_DROP_VALUE,  /* drop_value: the field, or the element of the list, is left out */
    GCM_REPAIR_DROP_RECORD, /* drop_record: the record is not sent */
    GCM_REPAIR_READ_JSON    /* read_json: what the text holds, as Json */
};

/* Something about one value, found while the record was made. */
struct gcm_fault {
    const char *name; /* "int-range", "nul", "enum-member", …: the fact of rules/records.yml */
    struct gcm_slice type, id, field; /* what it is about; of a pair: the end with the fault */
    struct gcm_slice detail;          /* shortened, never of a Password */
    const struct gcm_rule *rule;      /* NULL: no rule speaks of it */
    enum gcm_repair repaired;         /* what was done, since it was asked for */
};
struct gcm_faults {
    struct gcm_fault *at;
    size_t count, room;
};

/* A record ready to be sent. */
struct gcm_record {
    enum gcm_ndf_kind kind;
    int64_t row;                      /* of node, list or pair */
    struct gcm_slice type, id, field; /* of the source; pairs: of side B */
    struct gcm_slice other;           /* pairs: the id of side A */
    struct gcm_slice text[2];         /* the target's NDF elements; SELF_BOTH may have two */
    unsigned count;                   /* how many: 0 if the plan (or a repair) leaves it out */
    /* Of a record that must not be sent, since the target would change it without a word (an Int
     * that wraps around) or since it belongs to nothing: `count` is 0, and `import` lists it among
     * the rejects with gcm_fault_text. Otherwise NULL. */
    const struct gcm_fault *withheld;
    struct gcm_faults faults;
};

struct gcm_maker_memory;
struct gcm_record_maker {
    struct gcm_stage *stage;
    const struct gcm_shape *shape;
    const struct gcm_repairs *repairs; /* may be NULL */
    struct gcm_maker_memory *memory;   /* gcm_maker_memory; NULL: slower */
};

/* What a maker remembers of the stage's links; for a stage whose relations are read. */
struct gcm_maker_memory *gcm_maker_memory(struct gcm_arena *arena);

/* The message of a fault's rule, with {where} and {detail} filled in. */
struct gcm_slice gcm_fault_text(struct gcm_arena *arena, const struct gcm_fault *fault);
/* "Post.title", "Post", "User.friends". */
struct gcm_slice gcm_fault_where(struct gcm_arena *arena, const struct gcm_fault *fault);

/* Each in an arena that the caller frees per chunk. GCM_BAD_INPUT only for a stage that cannot be
 * understood. */
GCM_MUST_USE gcm_result gcm_record_of_node(const struct gcm_record_maker *maker,
                                           struct gcm_arena *arena,
                                           const struct gcm_staged_node *node,
                                           struct gcm_record *record, struct gcm_error *err);
GCM_MUST_USE gcm_result gcm_record_of_list(const struct gcm_record_maker *maker,
                                           struct gcm_arena *arena,
                                           const struct gcm_staged_list *list,
                                           struct gcm_record *record, struct gcm_error *err);
/* Repeated rows, the rows of a to-one field that INLINE would overwrite, rows with a missing end
 * and the like are counted 0 here, with a fault. */
GCM_MUST_USE gcm_result gcm_record_of_pair(const struct gcm_record_maker *maker,
                                           struct gcm_arena *arena,
                                           const struct gcm_staged_pair *pair,
                                           struct gcm_record *record, struct gcm_error *err);

/* The relation that a link's pairs belong to, and whether its sides are swapped (hand-made NDF may
 * name A first); NULL if the project has none such. */
const struct gcm_shape_relation *
gcm_shape_of_link(const struct gcm_shape *shape, const struct gcm_staged_link *link, bool *swapped);

/* Reads records in the order of sending: `group` is a relation's name, otherwise empty. */
struct gcm_records; /* a cursor */
GCM_MUST_USE gcm_result gcm_records_open(const struct gcm_record_maker *maker,
                                         enum gcm_ndf_kind kind, struct gcm_slice group,
                                         int64_t first, int64_t last, struct gcm_records **records,
                                         struct gcm_error *err);
/* GCM_OK, GCM_END or an error; the record is in the arena. */
GCM_MUST_USE gcm_result gcm_records_next(struct gcm_records *records, struct gcm_arena *arena,
                                         struct gcm_record *record, struct gcm_error *err);
void gcm_records_close(struct gcm_records *records); /* may be NULL */

#endif
