/* check_report: what `check` found, for people and for programs (docs/check.md). Written as it is
 * read from the stage: memory stays flat however much there is. */
#ifndef GCM_CLI_CHECK_REPORT_H
#define GCM_CLI_CHECK_REPORT_H

#include "cli/workspace.h"
#include "transfer/check.h"

struct gcm_check_view {
    const struct gcm_workspace *workspace;
    const struct gcm_check_result *result;
    const char *show; /* a rule, "all", or NULL: some of each in text, all in JSON */
    bool color;
};

/* GCM_EXIT_LOCAL where stdout cannot be written. */
enum gcm_exit gcm_check_text(struct gcm_arena *arena, const struct gcm_check_view *view);
enum gcm_exit gcm_check_json(struct gcm_arena *arena, const struct gcm_check_view *view);

/* One rule's findings; those of a rule lie together in the counts. */
struct gcm_checked_rule {
    const struct gcm_rule *rule;
    bool repaired;                          /* its repair was asked for */
    uint64_t count;                         /* of all its types and fields */
    const struct gcm_finding_count *counts; /* `fields` of them */
    size_t fields;
};
struct gcm_checked_rules {
    struct gcm_checked_rule *at;
    size_t count, room;
};

/* The worst outcome first, then by id. */
struct gcm_checked_rules gcm_checked_rules(struct gcm_arena *arena,
                                           const struct gcm_check_view *view);

/* How bad the findings of a rule are: adapted, once they are repaired. */
enum gcm_outcome gcm_checked_outcome(const struct gcm_checked_rule *checked);

/* What a finding says. */
struct gcm_slice gcm_finding_text(struct gcm_arena *arena, const struct gcm_rule *rule,
                                  const struct gcm_finding *finding);

#endif
