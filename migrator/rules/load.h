/* load: what the readers of rule files share. */
#ifndef GCM_RULES_LOAD_H
#define GCM_RULES_LOAD_H

#include "rules/rules.h"

struct gcm_rule_reader {
    struct gcm_arena *arena;
    struct gcm_rules *rules;
    struct gcm_errors *errors;
    struct gcm_slice subject;
    bool from_user;
};

/* One rule, as a file of rules/ holds it. Mistakes are added to the errors; NULL if it has none of
 * what makes a rule. */
struct gcm_rule *gcm_rule_read(struct gcm_rule_reader *reader, const struct gcm_yaml *yaml);

/* Puts a rule into the lists and maps, if its id is new. */
void gcm_rule_add(struct gcm_rule_reader *reader, struct gcm_rule *rule);

bool gcm_rule_outcome(struct gcm_slice text, enum gcm_outcome *outcome);
bool gcm_rule_minutes(const struct gcm_yaml *yaml, unsigned *minutes);

/* Names every key of a map that is not one of the words (separated by blanks). */
void gcm_rule_check_keys(struct gcm_rule_reader *reader, const struct gcm_yaml *map,
                         const char *const *words, const char *what);

/* The user's file: docs/rules-file.md. */
void gcm_rules_read_user(struct gcm_rule_reader *reader, const struct gcm_yaml *root);

#endif
