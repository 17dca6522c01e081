/* print: what was found and what it becomes, for people and for programs. Decides nothing. */
#ifndef GCM_OPERATIONS_PRINT_H
#define GCM_OPERATIONS_PRINT_H

#include "core/json.h"
#include "operations/convert.h"

/* What came out for an operation. */
enum gcm_operation_state {
    GCM_OPERATION_VALID,      /* before and after */
    GCM_OPERATION_BREAKS,     /* valid before, not after */
    GCM_OPERATION_INVALID,    /* it was not valid before, and is not after */
    GCM_OPERATION_ONLY_AFTER, /* valid after, not before */
    GCM_OPERATION_UNCHECKED,  /* nothing can be said */
    GCM_OPERATION_RELAY       /* for the Relay API */
};
enum gcm_operation_state gcm_operation_state(const struct gcm_client_operation *operation);

void gcm_operations_text(struct gcm_buffer *out, const struct gcm_operations *operations);
/* Only what is not valid afterwards; for a report. */
void gcm_operations_broken_text(struct gcm_buffer *out, const struct gcm_operations *operations);
/* "12 operations in 4 of 30 files: …", one paragraph. */
void gcm_operations_summary(struct gcm_buffer *out, const struct gcm_operations *operations);
void gcm_conversions_text(struct gcm_buffer *out, const struct gcm_conversions *conversions);

/* The members of an object: docs/operations.md says what they are. `all`: also what is valid. */
void gcm_operations_json(struct gcm_json *json, const struct gcm_operations *operations, bool all);
void gcm_conversions_json(struct gcm_json *json, const struct gcm_conversions *conversions);

#endif
