/* schema: an API with its names in maps. Private to validation. */
#ifndef GCM_GRAPHQL_SCHEMA_H
#define GCM_GRAPHQL_SCHEMA_H

#include "core/map.h"
#include "graphql/validate.h"

struct gcm_schema_entry {
    struct gcm_definition *definition;
    struct gcm_map members; /* by name: struct gcm_field_definition, of inputs struct
                               gcm_input_value, of enums struct gcm_enum_value_definition */
    GCM_VEC(struct gcm_schema_entry *) possible; /* objects of an interface or union */
    struct gcm_map possible_by_name;
};

struct gcm_schema {
    struct gcm_map types;      /* struct gcm_schema_entry by name */
    struct gcm_map directives; /* struct gcm_definition by name */
    struct gcm_schema_entry *roots[3];
    struct gcm_field_definition *typename_field, *schema_field, *type_field;
};

/* NULL where there is none. */
struct gcm_schema_entry *gcm_schema_entry(const struct gcm_schema *schema, struct gcm_slice name);

/* A field of an object or interface, or one of `__typename`, `__schema`, `__type`. */
const struct gcm_field_definition *gcm_schema_field(const struct gcm_schema *schema,
                                                    const struct gcm_schema_entry *parent,
                                                    struct gcm_slice name);

bool gcm_entry_is_composite(const struct gcm_schema_entry *entry); /* has selections */
bool gcm_entry_is_input(const struct gcm_schema_entry *entry);
/* Can a value be of both types? */
bool gcm_entries_overlap(const struct gcm_schema_entry *a, const struct gcm_schema_entry *b);

#endif
