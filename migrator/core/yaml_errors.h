/* yaml_errors: from libyaml's marks to places, from its words to ours. Used by yaml.c only. */
#ifndef GCM_CORE_YAML_ERRORS_H
#define GCM_CORE_YAML_ERRORS_H

#include <yaml.h>

#include "core/error.h"

/* Walks through a text beside libyaml, whose marks count characters behind a byte order mark. */
struct gcm_yaml_cursor {
    size_t index, offset; /* characters as libyaml counts them; bytes */
    uint32_t line, column;
};

/* Moves forward to the index of a mark; an earlier one is ignored. */
void gcm_yaml_advance(struct gcm_yaml_cursor *cursor, struct gcm_slice text, size_t index);

/* What stopped the parser, for people. Returns GCM_BAD_INPUT (GCM_ENVIRONMENT without memory). */
gcm_result gcm_yaml_explain(struct gcm_arena *arena, const struct gcm_file *file,
                            const yaml_parser_t *parser, struct gcm_error *err);

#endif
