/* judge: what the parts of the verdict share. The server checked in two rounds: errors of types and
 * fields, all of them (structure); where there were none, first what made it break off with one
 * error (gcm_judge_breaks_…), then the rest, all of it (gcm_judge_…) (§2.3). */
#ifndef GCM_VERDICT_JUDGE_H
#define GCM_VERDICT_JUDGE_H

#include "verdict/verdict.h"

struct gcm_judge {
    struct gcm_arena *arena;
    const struct gcm_project *project;
    struct gcm_verdict *verdict;
    /* What the server saw in the documents: object types and enums, in their order, doubles
     * included; the maps hold the first of each name. */
    GCM_VEC(struct gcm_definition *) types, enums;
    struct gcm_map type_names, enum_names;
    struct gcm_map told;            /* errors that were added */
    const struct gcm_document *api; /* the Simple API, once a subscription was checked */
};

/* One error. The hint may be NULL. */
void gcm_judge_field(struct gcm_judge *judge, struct gcm_slice type, struct gcm_slice field,
                     struct gcm_place place, const char *hint, const char *format, ...)
    __attribute__((format(printf, 6, 7)));
void gcm_judge_global(struct gcm_judge *judge, struct gcm_place place, const char *hint,
                      const char *format, ...) __attribute__((format(printf, 4, 5)));

/* The type names that the validator took for scalars: ID is none, Enum and Relation are. */
bool gcm_judge_is_scalar(struct gcm_slice type);

/* A name of at most `most` bytes: upper- or lower-case letter first, then letters and digits (and
 * `_` in enums). */
bool gcm_judge_is_name(struct gcm_slice name, bool upper, bool underscore, size_t most);

bool gcm_judge_is_system(struct gcm_slice field); /* id, createdAt, updatedAt */

struct gcm_slice gcm_judge_type_text(struct gcm_judge *judge, const struct gcm_type_ref *type);

/* @name(argument: …) as text: strings, numbers, words; empty where it is absent or none of these.
 * `found` tells an empty text from none. */
struct gcm_slice gcm_judge_text(const struct gcm_directives *directives, const char *name,
                                const char *argument, bool *found);

/* A file that the server parses itself: its definitions, or NULL with *first set (may be NULL) if
 * the text is no GraphQL. */
struct gcm_document *gcm_judge_parse(struct gcm_judge *judge, const struct gcm_file *file,
                                     struct gcm_error *first);

/* The file that a path of graphcool.yml led to, if the CLI sent it (§1.10). */
const struct gcm_file *gcm_judge_sent(const struct gcm_source_file *file);

/* Does it stand in this graphcool.yml, and not in that of a module? Modules never reached the
 * server (§1.8). */
bool gcm_judge_is_own(const struct gcm_judge *judge, struct gcm_place place);

/* First round (§2.3, rules 2–8). */
void gcm_judge_structure(struct gcm_judge *judge);

/* Second round. True: the server broke off, with the error that was added. */
bool gcm_judge_breaks_definition(struct gcm_judge *judge); /* graphcool.yml itself (§1.2, 8) */
bool gcm_judge_breaks_types(struct gcm_judge *judge);
bool gcm_judge_breaks_permissions(struct gcm_judge *judge); /* §1.4 */
bool gcm_judge_breaks_functions(struct gcm_judge *judge);   /* §1.5, §4.4, §4.5 */

void gcm_judge_enums(struct gcm_judge *judge);
void gcm_judge_models(struct gcm_judge *judge);
void gcm_judge_relations(struct gcm_judge *judge);
void gcm_judge_functions(struct gcm_judge *judge);
void gcm_judge_root_tokens(struct gcm_judge *judge);

/* Accepted: does the API answer? Fills usable, dead_cause and dead_place; or the deployment itself
 * broke: then an error is added. */
void gcm_judge_usable(struct gcm_judge *judge);

#endif
