/* pglz: how large PostgreSQL's own compression makes a text, and so whether an index takes it. The
 * same algorithm, step by step (PostgreSQL's src/common/pg_lzcompress.c), without its output. */
#ifndef GCM_TRANSFER_PGLZ_H
#define GCM_TRANSFER_PGLZ_H

#include "core/slice.h"

enum { GCM_INDEX_ROW = 2704 }; /* bytes of a row of a btree: a third of a page */

/* The size of an index row that holds the text alone. */
size_t gcm_index_row(struct gcm_slice text);

#endif
