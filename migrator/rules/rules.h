/* rules: what is known about the two systems, as data (rules/NAME.yml). Loaded and validated at
 * start; embedded in the binary at build; a user's file (--rules) overrides them:
 * docs/rules-file.md.
 *
 * The code asks: "here is a construct with these facts, which rule speaks of it?". A fact is a name
 * with a value ("directive" = "isUnique", "on" = "field"); a rule matches when each condition of
 * its `when` holds. Every rule names its construct, so that only few have to be looked at. */
#ifndef GCM_RULES_RULES_H
#define GCM_RULES_RULES_H

#include "core/map.h"
#include "core/yaml.h"

enum gcm_outcome { GCM_AUTOMATIC, GCM_ADAPTED, GCM_REVIEW, GCM_REFUSED };

struct gcm_condition {
    struct gcm_slice fact;
    struct gcm_slices any_of; /* values; `*` in one stands for any text: "*" for every value */
};

struct gcm_rule {
    struct gcm_slice id, title;
    GCM_VEC(struct gcm_condition) when;
    struct gcm_slice action;         /* the one key of `do`, from a closed set */
    const struct gcm_yaml *argument; /* its value; NULL for actions that take none */
    struct gcm_slice repair;         /* of records: what --repair does; empty: there is none */
    enum gcm_outcome outcome;
    unsigned effort;                     /* minutes */
    struct gcm_slice message, hint, why; /* {name} stands for a fact of the construct */
    struct gcm_slice
        subject; /* heading that the report groups by: the name of its file, "relations" */
    const struct gcm_yaml *example; /* before, after, and what else the example needs */
    struct gcm_place place;
    bool protects;             /* it keeps data closed: a user's file may only make it stricter */
    bool from_user;            /* added by the user's file */
    bool overridden, disabled; /* by the user's file */
};

struct gcm_fact {
    const char *name;
    struct gcm_slice value;
};

/* A choice that is made once for the whole conversion (rules/strategies.yml). */
struct gcm_strategy {
    struct gcm_slice name, title, why;
    struct gcm_slices choices; /* the first one is the default */
    struct gcm_place place;
};

/* The rules of one construct, in the order of the files. */
struct gcm_rule_list {
    GCM_VEC(struct gcm_rule *) rules;
};

struct gcm_rules {
    GCM_VEC(struct gcm_rule *) all; /* in the order of the files */
    GCM_VEC(struct gcm_strategy *) known_strategies;
    struct gcm_map by_id, by_construct; /* gcm_rule, gcm_rule_list */
    struct gcm_map weights;             /* of rules/weights.yml: gcm_yaml */
    /* What a user's file says besides overriding rules. */
    GCM_VEC(struct gcm_condition)
    renames; /* fact: "Post" or "Post.title"; any_of[0]: the new name */
    GCM_VEC(struct gcm_condition) strategies; /* fact: "relation_link", …; any_of[0]: the choice */
    struct gcm_slices leave_out;              /* "Post", "Post.title", "functions.notify", … */
    struct gcm_place user_file;
};

/* The built-in rules, then the user's file on top (user may be NULL). GCM_BAD_INPUT if the user's
 * file is wrong, GCM_BUG if a built-in one is; every mistake is in *errors, with its place. What
 * could be read is in *rules all the same. */
GCM_MUST_USE gcm_result gcm_rules_load(struct gcm_arena *arena, const struct gcm_file *user,
                                       struct gcm_rules **rules, struct gcm_errors *errors);

const struct gcm_rule *gcm_rule_named(const struct gcm_rules *rules, struct gcm_slice id);

/* The first rule, in the order of the files, whose conditions all hold; NULL if none speaks of it.
 * Rules of the user's file come first, but never in the place of a stricter one that protects. The
 * facts must hold "construct". */
const struct gcm_rule *gcm_rule_for(const struct gcm_rules *rules, const struct gcm_fact *facts,
                                    size_t count);

/* A message or hint with {fact} filled in. */
struct gcm_slice gcm_rule_text(struct gcm_arena *arena, struct gcm_slice text,
                               const struct gcm_fact *facts, size_t count);

/* The argument of a rule's action as text; empty where there is none. */
struct gcm_slice gcm_rule_argument(const struct gcm_rule *rule);

struct gcm_slice
gcm_strategy(const struct gcm_rules *rules,
             const char *name); /* the user's choice, or the default of rules/strategies.yml */
unsigned gcm_weight(const struct gcm_rules *rules,
                    const char *name); /* of rules/weights.yml; 0 where there is none */
const char *gcm_outcome_name(enum gcm_outcome outcome);

#endif
