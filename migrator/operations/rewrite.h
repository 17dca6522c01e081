/* rewrite: puts what was converted into the files. */
#ifndef GCM_OPERATIONS_REWRITE_H
#define GCM_OPERATIONS_REWRITE_H

#include "operations/convert.h"

/* The text of a file with its converted operations and fragments; every other byte stays. The same
 * text if nothing of it was converted. */
struct gcm_slice gcm_client_rewritten(struct gcm_arena *arena, const struct gcm_client_file *file,
                                      const struct gcm_conversions *conversions);

/* Writes every file that changes, each at once, its old text beside it as NAME.bak first. Nothing
 * is written if one of these names is taken. *written: the paths, also of what was done before a
 * failure. */
GCM_MUST_USE gcm_result gcm_clients_rewrite(struct gcm_arena *arena,
                                            const struct gcm_conversions *conversions,
                                            struct gcm_slices *written, struct gcm_error *err);

#endif
