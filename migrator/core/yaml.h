/* yaml: a YAML file as a tree with places, read event by event with caps on bytes, depth and nodes
 * (those that aliases repeat are counted each time). Duplicate keys, a second document and tags
 * that js-yaml's safeLoad does not know are refused; anchors and merge keys (`<<`) work as they do
 * there. Used for projects and for rules. */
#ifndef GCM_CORE_YAML_H
#define GCM_CORE_YAML_H

#include "core/error.h"

enum { GCM_YAML_BYTES = 1024 * 1024, GCM_YAML_DEPTH = 64, GCM_YAML_NODES = 100 * 1000 };

enum gcm_yaml_kind { GCM_YAML_SCALAR, GCM_YAML_LIST, GCM_YAML_MAP };

/* A plain scalar's type as js-yaml 3.x reads it (YAML 1.2 core, with the timestamps and base-60
 * numbers of 1.1); a quoted scalar is always a string. */
enum gcm_yaml_type {
    GCM_YAML_STRING,
    GCM_YAML_NULL,
    GCM_YAML_BOOLEAN,
    GCM_YAML_INT,
    GCM_YAML_FLOAT,
    GCM_YAML_TIMESTAMP
};

struct gcm_yaml {
    enum gcm_yaml_kind kind;
    enum gcm_yaml_type type; /* SCALAR */
    bool quoted;
    struct gcm_place place;  /* where it stands; of an alias: where the alias stands */
    struct gcm_slice text;   /* SCALAR, decoded */
    struct gcm_yaml **items; /* LIST, MAP: the values */
    struct gcm_yaml **keys;  /* MAP: scalars, in the order of the file */
    size_t count;
};

/* GCM_OK with *root (NULL for an empty file) or GCM_BAD_INPUT with the place and what libyaml
 * expected. Values that aliases name are shared in the tree, never copied deep. */
GCM_MUST_USE gcm_result gcm_yaml_read(struct gcm_arena *arena, const struct gcm_file *file,
                                      struct gcm_yaml **root, struct gcm_error *err);

struct gcm_yaml *gcm_yaml_get(const struct gcm_yaml *map,
                              const char *key); /* NULL: no map, or no such key */
struct gcm_yaml *gcm_yaml_key(const struct gcm_yaml *map, const char *key); /* the key itself */
struct gcm_slice
gcm_yaml_text(const struct gcm_yaml *scalar);         /* empty for NULL, lists, maps and null */
bool gcm_yaml_is_true(const struct gcm_yaml *scalar); /* the boolean true, not the text */
bool gcm_yaml_is_null(const struct gcm_yaml *value);  /* NULL or a null scalar */
bool gcm_yaml_is_string(const struct gcm_yaml *value);

/* The type that js-yaml gives a plain (unquoted) scalar. */
enum gcm_yaml_type gcm_yaml_plain_type(struct gcm_slice text);

#endif
