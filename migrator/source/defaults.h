/* defaults: what the Framework's server made of @defaultValue and @migrationValue
 * (spec/graphcool-framework.md §2.2). It turned every literal into text first and read that text
 * again by the type of the field, as a GraphQL literal of which only the beginning counts. */
#ifndef GCM_SOURCE_DEFAULTS_H
#define GCM_SOURCE_DEFAULTS_H

#include "core/date_time.h"
#include "source/project.h"

enum gcm_default_outcome {
    GCM_DEFAULT_NONE,  /* no argument, null, a list or an object literal, or the text "null" */
    GCM_DEFAULT_VALUE, /* `text` is what was stored */
    GCM_DEFAULT_BAD,   /* of another type: `text` as the server's message quotes it */
    GCM_DEFAULT_LONE,  /* a single member on a list of an enum: `text` */
    GCM_DEFAULT_BROKEN /* "null" on a number or Boolean: the server broke */
};

struct gcm_default {
    enum gcm_default_outcome outcome;
    struct gcm_slice text;
    struct gcm_slices members; /* enum fields: the members named, one or the elements of a list */
    bool null_member;          /* enum fields: the text "null" counted as a member, which none is */
};

/* The field needs kind, scalar and list; the literal may be NULL. Membership in an enum is not
 * checked. */
struct gcm_default gcm_default_of(struct gcm_arena *arena, const struct gcm_field *field,
                                  const struct gcm_value *literal);

/* Both servers cut an Int to its lowest 32 bits: 99999999999 became 1215752191. Needs digits,
 * maybe behind a sign. */
struct gcm_slice gcm_stored_int(struct gcm_arena *arena, struct gcm_slice number);

#endif
