/* parts: what the files of export share. One exporter lives for one call of gcm_export.
 *
 * Findings and cursors are written in the transaction of the records that they speak of. */
#ifndef GCM_TRANSFER_EXPORT_PARTS_H
#define GCM_TRANSFER_EXPORT_PARTS_H

#include "core/map.h"
#include "ndf/archive.h"
#include "transfer/ahead.h"
#include "transfer/export.h"

/* A scalar or enum field, as the server (or, without one, the project) has it. */
struct gcm_export_field {
    struct gcm_slice name;
    struct gcm_slice type;  /* "String", "State" */
    enum gcm_scalar scalar; /* NONE: an enum */
    bool list;
};

struct gcm_export_type {
    struct gcm_slice name, plural;
    GCM_VEC(struct gcm_export_field) fields; /* by name */
    struct gcm_map by_name;
    bool known;             /* the project has it */
    bool listed;            /* has list fields */
    bool dated;             /* shows createdAt and updatedAt */
    int64_t key;            /* of its name in the stage; 0: not yet */
    int64_t first;          /* row of its first node; 0: none yet */
    GCM_VEC(int64_t) holes; /* ranks of nodes that nobody could read, ascending */
    uint64_t before, after; /* nodes, as the source counts them, at the start and at the end */
};

struct gcm_export_types {
    struct gcm_export_type **at;
    size_t count, room;
};

struct gcm_exporter {
    struct gcm_arena *arena;
    const struct gcm_project *project;
    const struct gcm_export_options *options;
    struct gcm_stage *stage;
    struct gcm_progress *progress;
    struct gcm_error *err;
    struct gcm_ahead *server;       /* NULL: no endpoint */
    struct gcm_slice api;           /* …/simple/v1/ID */
    struct gcm_slice door;          /* the same with /export */
    struct gcm_export_types types;  /* by name: the order of the server's tables (§7.2) */
    struct gcm_export_types listed; /* those with list fields: the tables of the list cursor */
    struct gcm_map by_name;
    bool counted;   /* `before` is known */
    bool comparing; /* lists are compared with the stage, not put into it */
    uint64_t compared, differing;
    struct gcm_slice newest_before, newest_after; /* updatedAt of each type's newest node */
    bool changed; /* types' `first` or `holes`, since they were written down */
    struct gcm_export_type *current;
    uint64_t unread; /* nodes that nobody could read */
    struct gcm_export_result *result;
};

/* --- export.c --- */

/* Reads a kind from the endpoint, from where an earlier run stopped to its end. */
GCM_MUST_USE gcm_result gcm_export_live(struct gcm_exporter *exporter, enum gcm_ndf_kind kind);
enum gcm_step gcm_export_step(enum gcm_ndf_kind kind);
/* The last page of a kind is there: what comes behind it is asked for, so that the source is at
 * work while this page is staged and the kind sealed. */
void gcm_export_ask_behind(struct gcm_exporter *exporter, enum gcm_ndf_kind kind);

/* --- types.c --- */

void gcm_export_project_types(struct gcm_exporter *exporter);
/* The server's own types, if it tells them; otherwise the project's stay. */
GCM_MUST_USE gcm_result gcm_export_server_types(struct gcm_exporter *exporter);
/* The type of that name; one that nobody knows is made, and is a finding. */
struct gcm_export_type *gcm_export_type(struct gcm_exporter *exporter, struct gcm_slice name);
const struct gcm_export_field *gcm_export_field(const struct gcm_export_type *type,
                                                struct gcm_slice name);
/* First rows and holes, to and from the stage. */
GCM_MUST_USE gcm_result gcm_export_keep_types(struct gcm_exporter *exporter);
void gcm_export_recall_types(struct gcm_exporter *exporter);
/* The place of a node among those of its type in the source's order; -1 where it is not staged. */
int64_t gcm_export_rank(struct gcm_exporter *exporter, struct gcm_export_type *type,
                        struct gcm_slice id);
void gcm_export_add_hole(struct gcm_exporter *exporter, struct gcm_export_type *type, int64_t rank);

/* --- values.c --- */

enum gcm_export_list {
    GCM_LIST_GOOD,
    GCM_LIST_AMBIGUOUS, /* two empty texts in a row, which may be one comma */
    GCM_LIST_ODD        /* the server cannot have written it so */
};
/* A list as it stood in an export, as the list that was meant: what the server escaped once too
 * often, or left in quotes, is taken back (§7.5 L2, L3). */
struct gcm_slice gcm_export_true_list(struct gcm_arena *arena, const struct gcm_export_field *field,
                                      struct gcm_raw list, enum gcm_export_list *how);
/* What JavaScript may have done to the numbers of a Json value. */
enum gcm_export_doubt { GCM_DOUBT_NONE, GCM_DOUBT_NULL, GCM_DOUBT_DIGITS };
enum gcm_export_doubt gcm_export_doubt(struct gcm_slice json);

/* --- unsure.c --- */

/* A list that the endpoint gave in a way that may mean two things. */
struct gcm_export_unsure {
    struct gcm_export_type *type;
    struct gcm_slice id, field, body; /* in the page's arena */
    enum gcm_export_list how;
};
struct gcm_export_unsures {
    struct gcm_export_unsure *at;
    size_t count, room;
};
/* Asks the Simple API for those lists, and puts them; the page's answer is gone after that. */
GCM_MUST_USE gcm_result gcm_export_put_unsure(struct gcm_exporter *exporter, struct gcm_arena *page,
                                              const struct gcm_export_unsures *unsures);

/* --- put.c --- */

struct gcm_export_put {
    enum gcm_ndf_kind kind;
    struct gcm_slice name; /* of the page, for messages */
    bool repeats;          /* the page may hold the same element twice: a server's page */
    size_t limit;          /* elements to put; SIZE_MAX: all */
    bool archive;          /* printed anew by a client: Json may have changed */
    struct gcm_export_unsures *unsures; /* lists to ask for later; NULL: nobody can be asked */
    struct gcm_export_type *again;      /* lists of this type are there up to that node: left out */
    int64_t again_to;                   /* its rank */
};
/* Puts a page's elements into the stage, or compares them with it. Returns how many. */
GCM_MUST_USE gcm_result gcm_export_put_elements(struct gcm_exporter *exporter,
                                                struct gcm_arena *page, struct gcm_raw_walk walk,
                                                const struct gcm_export_put *put, uint64_t *count);
/* One list: its body is the true value. */
GCM_MUST_USE gcm_result gcm_export_put_list(struct gcm_exporter *exporter, struct gcm_arena *page,
                                            struct gcm_export_type *type, struct gcm_slice id,
                                            struct gcm_slice field, struct gcm_slice body);
/* Names a list that stays as it came. */
GCM_MUST_USE gcm_result gcm_export_doubt_list(struct gcm_exporter *exporter,
                                              const struct gcm_export_unsure *unsure);
GCM_MUST_USE gcm_result gcm_export_put_node(struct gcm_exporter *exporter,
                                            struct gcm_export_type *type, struct gcm_slice id,
                                            struct gcm_slice body);

/* --- ask.c --- */

enum gcm_export_reply {
    GCM_REPLY_DATA,
    GCM_REPLY_INVALID, /* a stored value that its type does not allow (3037, 3038) */
    GCM_REPLY_BROKEN,  /* an internal error of the server: a list it cannot take apart */
    GCM_REPLY_ERROR    /* the Simple API's other errors */
};
struct gcm_export_page {
    enum gcm_export_reply reply;
    struct gcm_slice problem; /* the server's words */
    struct gcm_raw_walk elements;
    bool full;
    int64_t table, row; /* of the cursor */
    size_t bytes;
};
/* A page of the export endpoint. Its slices live until something else is asked. */
GCM_MUST_USE gcm_result gcm_export_ask(struct gcm_exporter *exporter, enum gcm_ndf_kind kind,
                                       int64_t table, int64_t row, struct gcm_export_page *page);
/* The page that will be asked for next: the server makes it while this one is staged, and after a
 * full page of nodes or relations those behind it. */
void gcm_export_ask_ahead(struct gcm_exporter *exporter, enum gcm_ndf_kind kind, int64_t table,
                          int64_t row);
struct gcm_export_answer {
    enum gcm_export_reply reply;
    struct gcm_slice problem;
    struct gcm_raw data;
    size_t bytes;
};
/* The answer's slices live until something else is asked. */
GCM_MUST_USE gcm_result gcm_export_query(struct gcm_exporter *exporter, struct gcm_slice query,
                                         struct gcm_export_answer *answer);
void gcm_export_query_ahead(struct gcm_exporter *exporter, struct gcm_slice query);

/* --- pages.c: nodes and relations; lists.c --- */

GCM_MUST_USE gcm_result gcm_export_read(struct gcm_exporter *exporter, enum gcm_ndf_kind kind);
GCM_MUST_USE gcm_result gcm_export_read_lists(struct gcm_exporter *exporter);
/* Writes how far a live reading came; inside its transaction. */
GCM_MUST_USE gcm_result gcm_export_keep(struct gcm_exporter *exporter, enum gcm_ndf_kind kind,
                                        int64_t table, int64_t row);
/* The records of a page and the cursor behind it, or nothing. */
GCM_MUST_USE gcm_result gcm_export_put_page(struct gcm_exporter *exporter, struct gcm_arena *arena,
                                            const struct gcm_export_page *page,
                                            const struct gcm_export_put *put, int64_t table,
                                            int64_t row);
/* Takes a kind back, to read it from the endpoint. */
GCM_MUST_USE gcm_result gcm_export_anew(struct gcm_exporter *exporter, enum gcm_ndf_kind kind);
/* Where to go on; false if nothing was read yet. */
bool gcm_export_cursor(struct gcm_slice text, int64_t *table, int64_t *row);

/* --- rows.c: rows through the Simple API --- */

struct gcm_export_span {
    enum gcm_ndf_kind kind; /* NODES or LISTS */
    struct gcm_export_type *type;
    int64_t table, from, to; /* rows from … to-1 */
    bool refused;            /* the endpoint failed at row to-1 with an internal error */
};
GCM_MUST_USE gcm_result gcm_export_rows(struct gcm_exporter *exporter,
                                        const struct gcm_export_span *span);
/* Rows from `from` on, until one had lists; *next: the row behind it. */
GCM_MUST_USE gcm_result gcm_export_next_lists(struct gcm_exporter *exporter,
                                              const struct gcm_export_span *span, int64_t *next);

/* --- pass.c --- */

/* The endpoint refuses every request from table, row on: finds the next row from which it answers,
 * reads what lies before through the Simple API, and goes there. */
GCM_MUST_USE gcm_result gcm_export_pass(struct gcm_exporter *exporter, enum gcm_ndf_kind kind,
                                        enum gcm_export_reply reply, int64_t *table, int64_t *row);

/* --- archive.c, signs.c --- */

GCM_MUST_USE gcm_result gcm_export_archive(struct gcm_exporter *exporter);
/* Signs of a gap that the names of the files show; and those of one file, read last. */
GCM_MUST_USE gcm_result gcm_export_file_signs(struct gcm_exporter *exporter,
                                              const struct gcm_archive *archive,
                                              enum gcm_ndf_kind kind);
GCM_MUST_USE gcm_result gcm_export_page_signs(struct gcm_exporter *exporter,
                                              const struct gcm_archive *archive, size_t at,
                                              struct gcm_raw_walk elements,
                                              struct gcm_export_put *put);
/* Lists and ends of relations whose node is not there; types without a node. */
GCM_MUST_USE gcm_result gcm_export_dangling(struct gcm_exporter *exporter);

/* --- counts.c, compare.c --- */

GCM_MUST_USE gcm_result gcm_export_count(struct gcm_exporter *exporter, bool after);
void gcm_export_count_ahead(struct gcm_exporter *exporter);
/* What the source counts against what is staged; *differs. */
GCM_MUST_USE gcm_result gcm_export_check_counts(struct gcm_exporter *exporter, bool *differs);
GCM_MUST_USE gcm_result gcm_export_compare(struct gcm_exporter *exporter);
/* One list of the source against the stage. */
GCM_MUST_USE gcm_result gcm_export_compare_list(struct gcm_exporter *exporter,
                                                struct gcm_arena *page,
                                                struct gcm_export_type *type, struct gcm_slice id,
                                                struct gcm_slice field, struct gcm_slice body);

/* --- result.c --- */

void gcm_export_because(struct gcm_exporter *exporter, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
GCM_MUST_USE gcm_result gcm_export_prove(struct gcm_exporter *exporter);
GCM_MUST_USE gcm_result gcm_export_judge(struct gcm_exporter *exporter);
GCM_MUST_USE gcm_result gcm_export_find(struct gcm_exporter *exporter, enum gcm_ndf_kind kind,
                                        const char *rule, struct gcm_slice type,
                                        struct gcm_slice id, struct gcm_slice field,
                                        const char *format, ...)
    __attribute__((format(printf, 7, 8)));

/* The rules of rules/export.yml. */
#define GCM_EXP_FOLDER_MISSING "GCM-EXP-001"
#define GCM_EXP_FOLDER_EMPTY "GCM-EXP-002"
#define GCM_EXP_NUMBER_GAP "GCM-EXP-003"
#define GCM_EXP_LAST_FULL "GCM-EXP-004"
#define GCM_EXP_LIST_PAGES "GCM-EXP-005"
#define GCM_EXP_LIST_CUT "GCM-EXP-006"
#define GCM_EXP_NO_NODE "GCM-EXP-007"
#define GCM_EXP_TYPE_EMPTY "GCM-EXP-008"
#define GCM_EXP_TYPE_UNKNOWN "GCM-EXP-009"
#define GCM_EXP_JSON_DIGITS "GCM-EXP-010"
#define GCM_EXP_JSON_NULL "GCM-EXP-011"
#define GCM_EXP_LIST_ODD "GCM-EXP-012"
#define GCM_EXP_REPEATED "GCM-EXP-013"
#define GCM_EXP_LIST_AMBIGUOUS "GCM-EXP-014"
#define GCM_EXP_UNREADABLE "GCM-EXP-020"
#define GCM_EXP_NO_DATES "GCM-EXP-021"
#define GCM_EXP_API_LISTS "GCM-EXP-022"
#define GCM_EXP_LIST_REFUSED "GCM-EXP-023"
#define GCM_EXP_COUNT "GCM-EXP-030"
#define GCM_EXP_CHANGED "GCM-EXP-031"
#define GCM_EXP_LIST_DIFFERS "GCM-EXP-032"
#define GCM_EXP_NODE_DIFFERS "GCM-EXP-033"
#define GCM_EXP_PAIRS_DIFFER "GCM-EXP-034"

#endif
