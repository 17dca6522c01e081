/* parts: what the files of import share. Included nowhere else. */
#ifndef GCM_TRANSFER_IMPORT_PARTS_H
#define GCM_TRANSFER_IMPORT_PARTS_H

#include "ndf/raw.h"
#include "transfer/import.h"

/* What an answer of /import says. */
enum said {
    SAID_TAKEN,    /* [] */
    SAID_REPORTED, /* an array: some records failed, maybe with others that are innocent */
    SAID_REFUSED,  /* the whole request, by an error: before anything was written, or in the middle
                    */
    SAID_NOTHING,  /* no answer that can be understood: anything may have happened */
    SAID_STOP      /* wrong token, no such service: nobody needs to try further */
};

/* One message of an answer. */
struct complaint {
    struct gcm_slice text;
    int64_t index; /* among the request's elements (servers up to 1.4); -1: not said */
};
struct complaints {
    struct complaint *at;
    size_t count, room;
};

/* A chunk on its way. */
enum work_state { WORK_FREE, WORK_IN_FLIGHT, WORK_UNSETTLED };
struct work {
    enum work_state state;
    struct gcm_arena arena; /* of body and answer */
    struct gcm_chunk chunk;
    struct gcm_slice body;
    bool cut; /* it ends within a list: what follows has to wait */
    enum said said;
    struct complaints complaints;
    struct gcm_slice problem; /* SAID_REFUSED, SAID_NOTHING: for people */
};

enum { WORKS = 16 };

struct import {
    struct gcm_arena *arena;
    const struct gcm_record_maker *maker;
    const struct gcm_import_options *options;
    struct gcm_progress *progress;
    struct gcm_import_result *result;
    struct gcm_stage *stage;
    struct gcm_http *http;   /* requests of /import */
    struct gcm_http *asking; /* questions; may be asked while others are in flight */
    struct gcm_slice url;    /* of /import */
    int64_t token_ends;      /* seconds; 0: never */
    /* the phase */
    enum gcm_ndf_kind kind;
    struct gcm_slice group;
    const struct gcm_shape_relation *relation; /* or NULL */
    int64_t last_row;                          /* of the kind */
    struct work works[WORKS];
    unsigned limit; /* how many of them are used */
    /* what was learned */
    size_t chunk, ceiling; /* bytes of a request: now, and never more than */
    size_t start;    /* bytes of the phase's next request, while it begins: the target need not wait
                        for    a large one to be made; 0: it has begun */
    size_t usual;    /* bytes of the last requests, as they were made */
    bool full;       /* they ended because of their size */
    unsigned silent; /* answers in a row that said nothing */
    uint64_t rejects, node_rejects, list_rejects;
    struct gcm_slice refusal; /* what the target said to the last question that it refused */
};

/* make.c: the body of a chunk, of records chunk.first … chunk.last that fit into `limit`
 * bytes; chunk.last becomes the last row of those. Rows without a record (left out by the plan,
 * withheld, rejected) are part of the run. Inside a transaction: rejects are written down. */
gcm_result import_make(struct import *import, struct work *work, size_t limit,
                       struct gcm_error *err);
/* Calls back for every record of a chunk that is in its body. */
typedef gcm_result import_each(void *context, const struct gcm_record *record,
                               struct gcm_error *err);
gcm_result import_records(struct import *import, const struct gcm_chunk *chunk, import_each *each,
                          void *context, struct gcm_error *err);
gcm_result import_reject(struct import *import, const struct gcm_reject *reject,
                         struct gcm_error *err);
/* The text of a list's record with only some of its elements; take 0: all behind `skip`. */
struct gcm_slice import_list_part(struct gcm_arena *arena, struct gcm_slice text, uint64_t skip,
                                  uint64_t take);
/* The array of a list's record, and the name of its field. */
struct gcm_raw import_list_array(struct gcm_slice text, struct gcm_slice *field);

/* answer.c: what the server said. *err is filled for SAID_STOP. */
void import_read_answer(struct import *import, struct work *work,
                        const struct gcm_http_answer *answer, struct gcm_error *err);

/* settle.c: asks the target what became of the chunk, and puts what it found into the
 * outbox. */
gcm_result import_settle(struct import *import, struct work *work, struct gcm_error *err);

/* send.c: everything of one kind (and relation). */
gcm_result import_phase(struct import *import, enum gcm_ndf_kind kind,
                        const struct gcm_shape_relation *relation, struct gcm_error *err);
gcm_result import_connect(struct import *import, struct gcm_error *err);

/* ask.c: questions to the target. */
enum presence {
    PRESENCE_ABSENT,
    PRESENCE_THERE,
    PRESENCE_PART, /* a list: its first `there` elements */
    PRESENCE_ODD   /* a list: something else than what was sent */
};
/* A record of a chunk, as the target names it. */
struct item {
    int64_t row;
    struct gcm_slice source_type, source_id, source_field, source_other; /* of the source */
    struct gcm_slice text[2];
    unsigned count;
    struct gcm_slice type, id; /* nodes, lists: of the target */
    struct gcm_slice field;    /* lists */
    struct gcm_raw array;      /* lists: the elements that this chunk sends */
    uint64_t base;             /* lists: elements that stand before them */
    enum presence presence;
    bool rejected;
    uint64_t there;
    struct gcm_slice missing; /* ODD: the elements that are not there, if that much is sure */
};
struct items {
    struct item *at;
    size_t count, room;
};
gcm_result import_ask(struct import *import, struct gcm_arena *arena, struct items *items,
                      struct gcm_error *err);
/* Does the target have a node of any type? */
gcm_result import_ask_filled(struct import *import, struct gcm_slice *type, struct gcm_error *err);

/* question.c: one query; the answer's `data`, in the arena. GCM_OK with data of kind NULL if
 * the server answered with errors of its own (too much asked, a value that it cannot look for). */
gcm_result import_question(struct import *import, struct gcm_arena *arena, struct gcm_slice query,
                           struct gcm_slice variables, struct gcm_raw *data, struct gcm_error *err);
gcm_result import_denied(struct import *import, struct gcm_raw answer, struct gcm_error *err);

/* rejects.c: writes the reject table to the rejects folder. */
gcm_result import_write_rejects(struct gcm_arena *arena, const struct gcm_record_maker *maker,
                                struct gcm_slice folder, struct gcm_error *err);

#endif
