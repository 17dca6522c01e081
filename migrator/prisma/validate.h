/* validate: what the parts of the datamodel validator share. Private to prisma/. */
#ifndef GCM_PRISMA_VALIDATE_H
#define GCM_PRISMA_VALIDATE_H

#include "core/date_time.h"
#include "prisma/datamodel.h"

/* One run. A part of the server's validator that throws loses all its errors; the exception itself
 * is shown only where there is no ordinary error (§1.3). So each part collects into a list of its
 * own and may leave an exception behind. */
struct gcm_check {
    struct gcm_arena *arena;
    const struct gcm_datamodel *datamodel;
    enum gcm_database database;
    struct gcm_slice project; /* "service$stage" */
    bool legacy;              /* the older dialect: no @id, every relation in a join table */
    struct gcm_datamodel_errors *errors;
    struct gcm_map *seen; /* errors that are there already: the server shows each once */
};

/* The errors of one part, and the exception that ended it (rule == NULL: none). */
struct gcm_check_part {
    struct gcm_datamodel_errors errors;
    struct gcm_datamodel_error thrown;
};

/* Adds an error; `field` may be NULL. */
void gcm_check_type(struct gcm_check *check, const char *rule, const struct gcm_prisma_type *type,
                    const char *format, ...) __attribute__((format(printf, 4, 5)));
void gcm_check_field(struct gcm_check *check, const char *rule,
                     const struct gcm_prisma_field *field, const char *format, ...)
    __attribute__((format(printf, 4, 5)));
void gcm_check_add(struct gcm_check *check, const struct gcm_datamodel_error *error);

/* Makes the exception of a part: "An unknown error happened: …" of type Global. Only the first one
 * counts. */
void gcm_check_throw(struct gcm_check *check, struct gcm_check_part *part, const char *rule,
                     struct gcm_place place, const char *format, ...)
    __attribute__((format(printf, 5, 6)));

/* The parts of phase A, in the order of the server. */
void gcm_check_type_names(struct gcm_check *check);
void gcm_check_models(struct gcm_check *check, struct gcm_check_part *part);
void gcm_check_field_directives(struct gcm_check *check, struct gcm_check_part *part);
void gcm_check_enums(struct gcm_check *check);
void gcm_check_type_directives(struct gcm_check *check);
void gcm_check_renames(struct gcm_check *check);

/* What gcm_check_models needs of relations: rules A4–A9 of the whole document, then of one type. */
struct gcm_check_relations;
struct gcm_check_relations *gcm_check_relations_of(struct gcm_check *check);
void gcm_check_model_relations(struct gcm_check *check, struct gcm_check_relations *relations,
                               const struct gcm_prisma_type *type, struct gcm_check_part *part);

/* Phase B and what comes behind it, each only where nothing was wrong before. */
void gcm_check_links(struct gcm_check *check);
void gcm_check_relation_tables(struct gcm_check *check);
void gcm_check_internal(struct gcm_check *check);
void gcm_check_scalar_names(struct gcm_check *check);
void gcm_check_relation_names(struct gcm_check *check);
void gcm_check_warnings(struct gcm_check *check);
void gcm_check_physical(struct gcm_check *check);
void gcm_check_usable(struct gcm_check *check);
void gcm_check_generated_names(struct gcm_check *check);

/* Rule A15: the literal of a @default. */
void gcm_check_default(struct gcm_check *check, struct gcm_check_part *part,
                       const struct gcm_prisma_field *field, const struct gcm_directive *directive);

/* Would Jackson read this text as a value? */
bool gcm_is_json(struct gcm_slice text);

/* A value as the server's library prints it. */
struct gcm_slice gcm_sangria_value(struct gcm_arena *arena, const struct gcm_value *value);

/* The text of a value that is a scalar or an enum member; false for lists, objects, null. */
bool gcm_value_text(const struct gcm_value *value, struct gcm_slice *text);
const struct gcm_value *gcm_directive_value(const struct gcm_directives *directives,
                                            const char *directive, const char *argument);
bool gcm_has_double_directive(struct gcm_arena *arena, const struct gcm_directives *directives);
/* Does @relation carry a name? */
bool gcm_relation_named(const struct gcm_prisma_field *field);
/* ^[A-Z][a-zA-Z0-9_]*$ with a limit. */
bool gcm_is_prisma_name(struct gcm_slice name, size_t limit);

#endif
