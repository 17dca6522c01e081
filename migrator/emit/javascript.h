/* javascript: texts of a project inside of JavaScript that we write. */
#ifndef GCM_EMIT_JAVASCRIPT_H
#define GCM_EMIT_JAVASCRIPT_H

#include "core/buffer.h"

void gcm_js_put_string(struct gcm_buffer *out, struct gcm_slice text); /* with its quotes */
void gcm_js_put_comment(struct gcm_buffer *out,
                        struct gcm_slice text); /* behind the slashes of a line */
bool gcm_js_is_name(struct gcm_slice text);     /* of a member, without quotes */

#endif
