/* text: questions about JSON texts as they came. */
#ifndef GCM_TRANSFER_RECORDS_TEXT_H
#define GCM_TRANSFER_RECORDS_TEXT_H

#include "ndf/raw.h"

/* Characters (code points). */
size_t gcm_text_length(struct gcm_slice text);
/* Is there a character outside of the Basic Multilingual Plane? */
bool gcm_text_has_wide(struct gcm_slice text);

/* U+0000 in a string. */
bool gcm_raw_has_nul(struct gcm_raw string);
struct gcm_raw gcm_raw_without_nul(struct gcm_arena *arena, struct gcm_raw string);

/* A string that holds the text of an object or array. */
bool gcm_raw_holds_json(struct gcm_arena *arena, struct gcm_raw string, struct gcm_raw *inside);

#endif
