/* print: tree → text, formatted as print() of graphql-js 16 does (two blanks, no blank before the
 * colon, an empty line between definitions), comments kept next to what they described, and empty
 * lines between fields kept as they were (`blank_above`). Parsing the text again gives the same
 * tree, places aside. */
#ifndef GCM_GRAPHQL_PRINT_H
#define GCM_GRAPHQL_PRINT_H

#include "graphql/ast.h"

void gcm_print_document(struct gcm_buffer *out, const struct gcm_document *document);
void gcm_print_definition(struct gcm_buffer *out, const struct gcm_definition *definition);
void gcm_print_field(struct gcm_buffer *out,
                     const struct gcm_field_definition *field); /* one line, without remarks */
void gcm_print_type(struct gcm_buffer *out, const struct gcm_type_ref *type);
void gcm_print_directives(
    struct gcm_buffer *out,
    const struct gcm_directives *directives); /* each with a blank before it */

/* A text between quotation marks, with the escapes that it needs. */
void gcm_print_string(struct gcm_buffer *out, struct gcm_slice text);
/* Comment lines as gcm_remarks.above has them, each indented and with its line break. */
void gcm_print_comments(struct gcm_buffer *out, const struct gcm_slices *lines, unsigned indent);

#endif
