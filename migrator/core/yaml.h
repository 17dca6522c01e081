/* yaml: a YAML file as a tree with places, read event by event with caps on bytes, depth, nodes and
 * aliases. Duplicate keys and a second document are refused. Used for projects and for rules. */
#ifndef GCM_CORE_YAML_H
#define GCM_CORE_YAML_H

#include "core/error.h"

enum gcm_yaml_kind { GCM_YAML_SCALAR, GCM_YAML_LIST, GCM_YAML_MAP };

/* A plain scalar's type by the YAML 1.2 core schema as js-yaml reads it; a quoted scalar is always
 * a string. */
enum gcm_yaml_type {
    GCM_YAML_STRING,
    GCM_YAML_NULL,
    GCM_YAML_BOOLEAN,
    GCM_YAML_INT,
    GCM_YAML_FLOAT
};

struct gcm_yaml {
    enum gcm_yaml_kind kind;
    enum gcm_yaml_type type; /* SCALAR */
    bool quoted;
    struct gcm_place place;  /* of a value: where it stands */
    struct gcm_slice text;   /* SCALAR, decoded */
    struct gcm_yaml **items; /* LIST, MAP: the values */
    struct gcm_yaml **keys;  /* MAP: scalars, in the order of the file */
    size_t count;
};

/* GCM_OK with *root (NULL for an empty file) or GCM_BAD_INPUT with the place and what libyaml
 * expected. */
GCM_MUST_USE gcm_result gcm_yaml_read(struct gcm_arena *arena, const struct gcm_file *file,
                                      struct gcm_yaml **root, struct gcm_error *err);

struct gcm_yaml *gcm_yaml_get(const struct gcm_yaml *map,
                              const char *key); /* NULL: no map, or no such key */
struct gcm_slice
gcm_yaml_text(const struct gcm_yaml *scalar);         /* empty for NULL, lists, maps and null */
bool gcm_yaml_is_true(const struct gcm_yaml *scalar); /* the boolean true, not the text */
bool gcm_yaml_is_null(const struct gcm_yaml *value);  /* NULL or a null scalar */

#endif
