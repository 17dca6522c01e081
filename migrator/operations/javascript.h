/* javascript: finds the literals that hold GraphQL in JavaScript and TypeScript. Private to
 * operations. */
#ifndef GCM_OPERATIONS_JAVASCRIPT_H
#define GCM_OPERATIONS_JAVASCRIPT_H

#include "operations/clients.h"

enum gcm_script { GCM_SCRIPT_JAVASCRIPT, GCM_SCRIPT_TYPESCRIPT, GCM_SCRIPT_TSX };

/* Adds the literals and imports of one stretch of a file's text: all of it, or a <script>. Texts
 * are not parsed yet. Broken code gives what could be recognised. */
void gcm_javascript_read(struct gcm_arena *arena, struct gcm_client_file *file, size_t from,
                         size_t size, enum gcm_script script);

#endif
