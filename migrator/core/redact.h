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
#include "core/map.h"

#define GCM_REDACTED "***"

struct gcm_shown_line {
    struct gcm_slice text; /* without its line break; empty where nothing may be shown */
    size_t at, size;       /* the place in it, in bytes */
    bool redacted;         /* something is missing from it */
};

/* The source line of a place as it may be shown. The text is in the arena or in the file. */
struct gcm_shown_line gcm_redact(struct gcm_arena *arena, struct gcm_place place);

/* Values that must not be shown wherever they turn up, as in a message of the server that quotes a
 * URL. Texts shorter than eight bytes are no secrets: they would hide half of a report. */
struct gcm_secrets {
    struct gcm_map by_start; /* first eight bytes → the secrets that start so */
};

void gcm_secret_add(struct gcm_arena *arena, struct gcm_secrets *secrets, struct gcm_slice text);

/* The text with every secret in it replaced, and with every literal inside of a ${…}: it is the
 * fallback of a variable. The text itself where there is none. */
struct gcm_slice gcm_redact_text(struct gcm_arena *arena, const struct gcm_secrets *secrets,
                                 struct gcm_slice text);

#endif
