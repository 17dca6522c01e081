/* vocabulary: the words that rules may use, each one known to the code: constructs with the facts
 * that are known of them, actions, and repairs of records. */
#ifndef GCM_RULES_VOCABULARY_H
#define GCM_RULES_VOCABULARY_H

#include "core/slice.h"

struct gcm_construct_words {
    const char *name;
    const char *facts; /* separated by blanks, besides those that every construct has */
};

struct gcm_action_words {
    const char *name;
    bool takes_argument;
};

const struct gcm_construct_words *gcm_construct_named(struct gcm_slice name);
const struct gcm_action_words *gcm_action_named(struct gcm_slice name);
bool gcm_is_repair(struct gcm_slice name);
bool gcm_construct_has(const struct gcm_construct_words *construct, struct gcm_slice fact);

#endif
