/* datamodel: a Prisma 1 datamodel (v1.1 dialect), understood. Made from its SDL tree; that tree is
 * what gets printed. */
#ifndef GCM_PRISMA_DATAMODEL_H
#define GCM_PRISMA_DATAMODEL_H

#include "core/map.h"
#include "graphql/ast.h"

enum gcm_database { GCM_DATABASE_MYSQL, GCM_DATABASE_POSTGRES, GCM_DATABASE_MONGO };
enum gcm_server { GCM_SERVER_PRISMA_1_34, GCM_SERVER_PRISMA_1_30 };

enum gcm_prisma_kind {
    GCM_PRISMA_SCALAR,
    GCM_PRISMA_ENUM,
    GCM_PRISMA_RELATION,
    GCM_PRISMA_UNKNOWN
};
enum gcm_prisma_link { GCM_LINK_UNSET, GCM_LINK_TABLE, GCM_LINK_INLINE };
enum gcm_id_strategy { GCM_ID_AUTO, GCM_ID_NONE, GCM_ID_SEQUENCE };

struct gcm_prisma_type;

struct gcm_prisma_field {
    struct gcm_slice name;
    struct gcm_slice db_name;   /* of @db, or empty */
    struct gcm_slice type_name; /* scalar, enum or type */
    struct gcm_prisma_type *type;
    const struct gcm_field_definition *definition;
    enum gcm_prisma_kind kind;
    bool list, required; /* required: `T!` that is no list */
    bool id, unique, created_at, updated_at, cascade;
    enum gcm_id_strategy strategy;
    const struct gcm_value *default_value;
    /* RELATION */
    struct gcm_prisma_type *target;
    struct gcm_slice relation_name; /* as written, or empty */
    enum gcm_prisma_link link;
    struct gcm_prisma_field *back; /* the visible other side, itself never; NULL: one-sided */
};

struct gcm_prisma_type {
    struct gcm_slice name, db_name;
    const struct gcm_definition *definition;
    bool embedded, relation_table;
    GCM_VEC(struct gcm_prisma_field *) fields;
    struct gcm_map by_name;
};

struct gcm_prisma_enum {
    struct gcm_slice name;
    const struct gcm_definition *definition;
    struct gcm_slices values;
};

struct gcm_datamodel {
    const struct gcm_document *document;
    GCM_VEC(struct gcm_prisma_type *) types;
    GCM_VEC(struct gcm_prisma_enum *) enums;
    struct gcm_map type_names, enum_names;
};

/* Understands a tree; never fails (what is wrong is the validator's to say). */
struct gcm_datamodel *gcm_datamodel_of(struct gcm_arena *arena,
                                       const struct gcm_document *document);

/* The root fields that ask for a type: of one, of many, of their connection (spec/prisma1.md §4.1).
 */
struct gcm_prisma_queries {
    struct gcm_slice one, many, connection;
};
struct gcm_prisma_queries gcm_prisma_queries_of(struct gcm_arena *arena, struct gcm_slice type);

/* One error of the validator. Rules A1–A25 and B1–B7 are those of spec/prisma1.md §1.3; I… are
 * internal errors of the server, P… physical limits of the database (the migration is rolled back),
 * W… warnings that stop a deployment, U… shapes that deploy into a service which nobody can use,
 * L… the rules of the older dialect (§1.7). */
struct gcm_datamodel_error {
    const char *rule;         /* "A4" */
    struct gcm_slice type;    /* or "Global" */
    struct gcm_slice field;   /* or empty */
    struct gcm_slice message; /* the server's wording where it has one */
    struct gcm_place place;
    bool unusable; /* the server accepts it, and the service is then dead or loses data */
};
struct gcm_datamodel_errors {
    struct gcm_datamodel_error *at;
    size_t count, room;
};

/* Everything that the real server (1.34 on this database) would refuse, roll back, or accept and
 * then fail on. None: it deploys and can be used. Parse errors of the text must be handled before.
 * The service is assumed to have a name of 8 characters and the stage dev. */
void gcm_datamodel_validate(struct gcm_arena *arena, const struct gcm_datamodel *datamodel,
                            enum gcm_database database, struct gcm_datamodel_errors *errors);

/* The same for a service of that name: PostgreSQL puts it into the names of indexes. `project` is
 * "service$stage". */
void gcm_datamodel_validate_project(struct gcm_arena *arena, const struct gcm_datamodel *datamodel,
                                    enum gcm_database database, struct gcm_slice project,
                                    struct gcm_datamodel_errors *errors);

/* The rules of the older dialect (servers 1.0–1.30, spec/prisma1.md §1.7). */
void gcm_datamodel_validate_legacy(struct gcm_arena *arena, const struct gcm_datamodel *datamodel,
                                   enum gcm_database database, struct gcm_datamodel_errors *errors);

/* The ids of all rules that these functions can report, ending with NULL. */
extern const char *const gcm_datamodel_rules[];

#endif
