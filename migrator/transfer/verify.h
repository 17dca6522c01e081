/* verify: reads the target back through its GraphQL API, ordered by id (never through `/export`,
 * which loses lists and relations: spec/prisma1.md §3.5), and compares every record, list and
 * relation row with what the stage says must be there. Values are compared as values: numbers as
 * decimals of any length, Json whatever the order of its keys, points in time to the millisecond,
 * no list like an empty one.
 *
 * Memory stays flat: a page at a time, and one bit for each node of the stage. */
#ifndef GCM_TRANSFER_VERIFY_H
#define GCM_TRANSFER_VERIFY_H

#include "http/http.h"
#include "transfer/progress.h"
#include "transfer/records.h"

struct gcm_verify_options {
    struct gcm_slice endpoint; /* http://HOST:PORT/SERVICE/STAGE */
    struct gcm_http_options http;
    size_t page_bytes; /* what an answer should be about; 0: 1 MB */
};

enum gcm_difference_kind {
    GCM_DIFFERENCE_MISSING,      /* a node is not in the target */
    GCM_DIFFERENCE_EXTRA,        /* a node of the target comes from nowhere */
    GCM_DIFFERENCE_VALUE,        /* of a field */
    GCM_DIFFERENCE_LIST,         /* of a list field: `source`, `target` say where */
    GCM_DIFFERENCE_MISSING_PAIR, /* a relation row: `source` is the id that is not answered */
    GCM_DIFFERENCE_EXTRA_PAIR,   /* `target` is the id that should not be answered */
    GCM_DIFFERENCE_KINDS
};
extern const char *const gcm_difference_names[GCM_DIFFERENCE_KINDS]; /* "missing", "extra" … */

/* Names are those of the target. Texts live until the sink returns. */
struct gcm_difference {
    enum gcm_difference_kind kind;
    struct gcm_slice type, id, field;
    struct gcm_slice source, target; /* shortened; "***" for a Password */
    struct gcm_slice known; /* what had named it before: "rejected", or a rule's id; empty: nothing,
                               so the data differ */
};

/* Something that could not be compared; id and field are empty where it is all of them. */
struct gcm_unchecked {
    struct gcm_slice type, id, field;
    struct gcm_slice reason; /* the server's words, shortened */
};

struct gcm_verify_sink {
    void (*difference)(void *context, const struct gcm_difference *difference);
    void (*unchecked)(void *context, const struct gcm_unchecked *unchecked);
    void *context;
};

/* How much of one kind of thing was compared. */
struct gcm_tally {
    uint64_t expected;  /* must be in the target */
    uint64_t equal;     /* are, and are right */
    uint64_t different; /* are there with another value */
    uint64_t missing, extra;
    uint64_t known;     /* of the different and missing: named before */
    uint64_t unchecked; /* of the expected: could not be compared */
};

/* A type: its nodes, the values of their fields, their lists that are not empty. Or a relation. */
struct gcm_verified {
    struct gcm_slice name;
    struct gcm_tally nodes, values, lists, pairs;
};

struct gcm_verify_result {
    GCM_VEC(struct gcm_verified) types, relations; /* in the order of the datamodel */
    struct gcm_verified all;
    uint64_t differences, known, unchecked;
    uint64_t requests, bytes;
};

enum gcm_verdict_of_data {
    GCM_DATA_EQUAL,
    GCM_DATA_PARTIAL,   /* what is not there was rejected, or named by check */
    GCM_DATA_UNCHECKED, /* no difference was found, but not everything could be read */
    GCM_DATA_DIFFERS
};
enum gcm_verdict_of_data gcm_verify_verdict(const struct gcm_verify_result *result);

/* GCM_REMOTE where the target cannot be reached or refuses us, GCM_INTERRUPTED; the result then
 * says how far it came. Differences are no error. */
GCM_MUST_USE gcm_result gcm_verify(struct gcm_arena *arena, const struct gcm_record_maker *maker,
                                   const struct gcm_verify_options *options,
                                   const struct gcm_verify_sink *sink,
                                   struct gcm_progress *progress, struct gcm_verify_result *result,
                                   struct gcm_error *err);

#endif
