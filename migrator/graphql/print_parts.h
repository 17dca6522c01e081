/* print_parts: what the files print*.c share. */
#ifndef GCM_GRAPHQL_PRINT_PARTS_H
#define GCM_GRAPHQL_PRINT_PARTS_H

#include "graphql/print.h"

void gcm_put_indent(struct gcm_buffer *out, unsigned indent);

/* The lines before a construct and the indent of the line that it begins. NULL: no remarks. */
void gcm_put_remarks(struct gcm_buffer *out, const struct gcm_remarks *remarks, unsigned indent);
/* The comment behind it, and the line break. */
void gcm_put_behind(struct gcm_buffer *out, const struct gcm_remarks *remarks);

void gcm_put_value(struct gcm_buffer *out, const struct gcm_value *value, unsigned indent);
void gcm_put_input_values(struct gcm_buffer *out, const struct gcm_input_values *values,
                          const char *sigil, unsigned indent);
void gcm_put_directives(struct gcm_buffer *out, const struct gcm_directives *directives,
                        unsigned indent);

/* Operations and fragments. */
void gcm_put_executable(struct gcm_buffer *out, const struct gcm_definition *definition);

#endif
