/* Accepted, and then? Some definitions deploy and leave an API that answers no request. */
#include "verdict/judge.h"

#include "api/api.h"

void gcm_judge_usable(struct gcm_judge *judge)
{
    struct gcm_verdict *verdict = judge->verdict;
    const struct gcm_definition *culprit = NULL;
    verdict->dead_cause = gcm_api_simple_dead(judge->arena, judge->project, &culprit);
    verdict->usable = verdict->dead_cause.size == 0;
    if (culprit)
        verdict->dead_place = culprit->place;
}
