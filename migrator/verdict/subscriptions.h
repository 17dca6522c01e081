/* subscriptions: the queries of subscription functions as the server checked them (§4.4): one root,
 * which is a model, and a selection that the Simple API has. */
#ifndef GCM_VERDICT_SUBSCRIPTIONS_H
#define GCM_VERDICT_SUBSCRIPTIONS_H

#include "verdict/judge.h"

void gcm_judge_subscription(struct gcm_judge *judge, const struct gcm_function *function);

#endif
