/* redact: the one place that decides what of a source line may be shown.
 *
 * A graphcool.yml holds secrets: URLs of webhooks, header and environment values, whatever people
 * put below `custom`. The file may also be broken, so this looks at lines, not at a tree, and it
 * fails closed: the value of a key is shown only if that key is known to hold none (operation,
 * query, schema, …) and nothing above it says otherwise. Keys stay, and so do references such as
 * ${env:NAME}: a name is no value. Comments of such a file are cut, since people put old values
 * there. Of program code no line is shown at all; GraphQL is shown as it is. */
#ifndef GCM_CORE_REDACT_H
#define GCM_CORE_REDACT_H

#include "core/error.h"

#define GCM_REDACTED "***"

struct gcm_shown_line {
    struct gcm_slice text; /* without its line break; empty where nothing may be shown */
    size_t at, size;       /* the place in it, in bytes */
    bool redacted;         /* something is missing from it */
};

/* The source line of a place as it may be shown. The text is in the arena or in the file. */
struct gcm_shown_line gcm_redact(struct gcm_arena *arena, struct gcm_place place);

#endif
