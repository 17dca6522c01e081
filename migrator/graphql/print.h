/* print: tree → text, formatted as graphql-js prints it (two blanks, no blank before the colon),
 * comments kept next to what they described. Parsing the text again gives the same tree, places
 * aside. */
#ifndef GCM_GRAPHQL_PRINT_H
#define GCM_GRAPHQL_PRINT_H

#include "graphql/ast.h"

void gcm_print_document(struct gcm_buffer *out, const struct gcm_document *document);
void gcm_print_definition(struct gcm_buffer *out, const struct gcm_definition *definition);
void gcm_print_field(struct gcm_buffer *out,
                     const struct gcm_field_definition *field); /* one line, without remarks */
void gcm_print_type(struct gcm_buffer *out, const struct gcm_type_ref *type);
void gcm_print_value(struct gcm_buffer *out, const struct gcm_value *value);
void gcm_print_directives(
    struct gcm_buffer *out,
    const struct gcm_directives *directives); /* each with a blank before it */

#endif
