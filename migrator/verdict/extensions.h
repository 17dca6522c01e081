/* extensions: resolver schemas as the server took them (§4.5). */
#ifndef GCM_VERDICT_EXTENSIONS_H
#define GCM_VERDICT_EXTENSIONS_H

#include "verdict/judge.h"

/* What the resolvers before have added: fields and payload types by name. */
struct gcm_extensions {
    struct gcm_map fields, payloads;
};

bool gcm_judge_breaks_extension(struct gcm_judge *judge, const struct gcm_function *function);
void gcm_judge_extension(struct gcm_judge *judge, const struct gcm_function *function,
                         struct gcm_extensions *extensions);

#endif
