/* size: how large a move is, as ora2pg (letter and digit) and AWS SCT (by hours) say it. The limits
 * are in rules/weights.yml. */
#include "plan/plan.h"

struct gcm_size_class gcm_plan_size(const struct gcm_plan *plan)
{
    struct gcm_size_class size = {.letter = 'A', .digit = 1, .name = "Simple"};
    for (int outcome = GCM_AUTOMATIC; outcome <= GCM_REFUSED; outcome++)
        size.minutes += plan->effort[outcome];
    if (size.minutes > 0)
        size.letter = size.minutes <= gcm_weight(plan->rules, "letter_b_minutes") ? 'B' : 'C';
    if (size.minutes >= gcm_weight(plan->rules, "medium_minutes"))
        size.name = "Medium";
    if (size.minutes > gcm_weight(plan->rules, "significant_minutes"))
        size.name = "Significant";
    unsigned hardest = 0;
    gcm_each (struct gcm_decision *const, decision, plan->decisions)
        if ((*decision)->effort > hardest)
            hardest = (*decision)->effort;
    static const char *const digits[] = {"digit_2_minutes", "digit_3_minutes", "digit_4_minutes",
                                         "digit_5_minutes"};
    for (int i = 0; i < 4; i++)
        if (hardest >= gcm_weight(plan->rules, digits[i]))
            size.digit = i + 2;
    return size;
}
