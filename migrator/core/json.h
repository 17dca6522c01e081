/* json: writes JSON text, indented by two blanks, members in the order in which they are given: the
 * same calls give the same bytes. Bytes that are no UTF-8 become U+FFFD, so the text is always
 * valid. */
#ifndef GCM_CORE_JSON_H
#define GCM_CORE_JSON_H

#include "core/buffer.h"

struct gcm_json {
    struct gcm_buffer *out;
    unsigned depth;
    unsigned flat; /* the depth from which on everything is on one line; 0: none */
    bool empty;    /* nothing was written yet in the innermost block */
    bool behind;   /* a key was written, its value comes next */
};

struct gcm_json gcm_json(struct gcm_buffer *out);

void gcm_json_open(struct gcm_json *json, char bracket);  /* '{' or '[' */
void gcm_json_close(struct gcm_json *json, char bracket); /* '}' or ']' */

/* The same, with everything inside on one line. */
void gcm_json_open_flat(struct gcm_json *json, char bracket);

/* The name of a member; its value must follow. */
void gcm_json_key(struct gcm_json *json, const char *name);
void gcm_json_key_slice(struct gcm_json *json, struct gcm_slice name);

void gcm_json_string(struct gcm_json *json, struct gcm_slice text);
void gcm_json_number(struct gcm_json *json, uint64_t number);
void gcm_json_bool(struct gcm_json *json, bool value);
void gcm_json_null(struct gcm_json *json);

/* A member at once. An empty text is null in `_or_null`. */
void gcm_json_member(struct gcm_json *json, const char *name, struct gcm_slice text);
void gcm_json_member_or_null(struct gcm_json *json, const char *name, struct gcm_slice text);
void gcm_json_member_number(struct gcm_json *json, const char *name, uint64_t number);
void gcm_json_member_bool(struct gcm_json *json, const char *name, bool value);

#endif
