/* rules: what is known about the two systems, as data (rules/NAME.yml). Loaded and validated at
 * start; embedded in the binary at build; a user's file (--rules) overrides them.
 *
 * The code asks: "here is a construct with these facts, which rule speaks of it?". A fact is a name
 * with a value
 * ("directive" = "isUnique", "on" = "field"); a rule matches when each condition of its `when`
 * holds. */
#ifndef GCM_RULES_RULES_H
#define GCM_RULES_RULES_H

#include "core/yaml.h"

enum gcm_outcome { GCM_AUTOMATIC, GCM_ADAPTED, GCM_REVIEW, GCM_REFUSED };

struct gcm_condition {
    struct gcm_slice fact;
    struct gcm_slices any_of; /* values; "*" matches every value that is there */
};

struct gcm_rule {
    struct gcm_slice id, title;
    GCM_VEC(struct gcm_condition) when;
    struct gcm_slice action;         /* the one key of `do`, from a closed set */
    const struct gcm_yaml *argument; /* its value */
    enum gcm_outcome outcome;
    unsigned effort;                     /* minutes */
    struct gcm_slice message, hint, why; /* {name} stands for a fact of the construct */
    struct gcm_slice
        subject; /* heading that the report groups by: the name of its file, "relations" */
    const struct gcm_yaml *example; /* before, after, and what else the example needs */
    struct gcm_place place;
    bool overridden, disabled; /* by the user's file */
};

struct gcm_fact {
    const char *name;
    struct gcm_slice value;
};

struct gcm_rules {
    GCM_VEC(struct gcm_rule *) all; /* in the order of the files */
    /* What a user's file says besides overriding rules. */
    GCM_VEC(struct gcm_condition)
    renames; /* fact: "Post" or "Post.title"; any_of[0]: the new name */
    GCM_VEC(struct gcm_condition) strategies; /* fact: "relation_link", …; any_of[0]: the choice */
    struct gcm_slices leave_out;              /* "Post", "Post.title", "functions.notify", … */
    struct gcm_place user_file;
};

/* The built-in rules, then the user's file on top (user may be NULL). Every mistake is named with
 * its place; the first one is returned in *err, all of them in *errors. */
GCM_MUST_USE gcm_result gcm_rules_load(struct gcm_arena *arena, const struct gcm_file *user,
                                       struct gcm_rules **rules, struct gcm_errors *errors);

const struct gcm_rule *gcm_rule_named(const struct gcm_rules *rules, struct gcm_slice id);

/* The first rule, in the order of the files, whose conditions all hold; NULL if none speaks of it.
 */
const struct gcm_rule *gcm_rule_for(const struct gcm_rules *rules, const struct gcm_fact *facts,
                                    size_t count);

/* A message or hint with {fact} filled in. */
struct gcm_slice gcm_rule_text(struct gcm_arena *arena, struct gcm_slice text,
                               const struct gcm_fact *facts, size_t count);

struct gcm_slice
gcm_strategy(const struct gcm_rules *rules,
             const char *name); /* the user's choice, or the default of rules/strategies.yml */
const char *gcm_outcome_name(enum gcm_outcome outcome);

#endif
