/* storage: where the server keeps the fields of a datamodel (spec/prisma1.md §8). */
#ifndef GCM_PRISMA_STORAGE_H
#define GCM_PRISMA_STORAGE_H

#include "prisma/datamodel.h"

/* The name of a type's table, and of a field's column. */
struct gcm_slice gcm_table_of(const struct gcm_prisma_type *type);
struct gcm_slice gcm_column_of(const struct gcm_prisma_field *field);

/* "User_tags": the table of a scalar list. */
struct gcm_slice gcm_list_table_of(struct gcm_arena *arena, const struct gcm_prisma_field *field);

/* Does this field have a column in the table of its own type? Scalars that are no lists, and the
 * side of a relation that is stored inline. */
bool gcm_has_column(const struct gcm_prisma_field *field);

/* Is the relation of this field a table of its own? */
bool gcm_in_join_table(const struct gcm_prisma_field *field);

/* The relation's name: as written on either side, or the one that the server makes up (§1.5). */
struct gcm_slice gcm_relation_name_of(struct gcm_arena *arena,
                                      const struct gcm_prisma_field *field);

#endif
