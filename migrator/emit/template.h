/* template: the files of rules/templates/ with {{name}} filled in. */
#ifndef GCM_EMIT_TEMPLATE_H
#define GCM_EMIT_TEMPLATE_H

#include "core/error.h"

struct gcm_blank {
    const char *name;
    struct gcm_slice value;
};

/* Fills the blanks of a text. A line that holds nothing but a blank whose value is empty is left
 * out; a name that is not given stays as it is, so that a test finds it. */
struct gcm_slice gcm_template_fill(struct gcm_arena *arena, struct gcm_slice text,
                                   const struct gcm_blank *blanks, size_t count);

/* The template of that name ("prisma.yml"), filled. It must exist: the binary holds it. */
struct gcm_slice gcm_template(struct gcm_arena *arena, const char *name,
                              const struct gcm_blank *blanks, size_t count);

#endif
