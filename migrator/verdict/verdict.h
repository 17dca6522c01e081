/* verdict: would the Framework's server have taken this project, and if not, what would it have
 * said? Rules and their order: spec/graphcool-framework.md §1.2–§1.5, §2.3, §2.4, §4.5;
 * truth/graphcool/random/README.md. */
#ifndef GCM_VERDICT_VERDICT_H
#define GCM_VERDICT_VERDICT_H

#include "source/project.h"

/* One error as the server gave it. */
struct gcm_server_error {
    struct gcm_slice type;    /* "Post", or "Global" */
    struct gcm_slice field;   /* empty: null */
    struct gcm_slice message; /* the server's wording */
    struct gcm_place place;   /* in the project's files */
    struct gcm_slice hint;    /* ours */
};

enum gcm_verdict_kind {
    GCM_VERDICT_ACCEPTED,
    GCM_VERDICT_REFUSED,
    GCM_VERDICT_UNREADABLE,  /* the CLI could not read graphcool.yml: nothing reached the server */
    GCM_VERDICT_OTHER_FORMAT /* not a Framework project: the server was never asked */
};

struct gcm_verdict {
    enum gcm_verdict_kind kind;
    bool accepted;
    bool usable; /* accepted, and the API answers */
    struct gcm_slice
        dead_cause; /* accepted but not usable: why, in the words of the server's log */
    struct gcm_place dead_place;
    GCM_VEC(struct gcm_server_error) errors; /* in the server's order */
};

/* Judges the project. Lives in the project's arena. */
struct gcm_verdict *gcm_verdict_of(const struct gcm_project *project);

#endif
