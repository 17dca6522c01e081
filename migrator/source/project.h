/* project: a Graphcool project as it stands on disk, read and understood. This is all that later
 * stages know of the source; what could not be read is an error in `problems`, with its place, and
 * the rest is there all the same.
 *
 * Everything lives in the arena given to gcm_project_read. Things that others point at are never
 * moved. */
#ifndef GCM_SOURCE_PROJECT_H
#define GCM_SOURCE_PROJECT_H

#include "core/map.h"
#include "core/yaml.h"
#include "graphql/ast.h"

enum gcm_project_format {
    GCM_FORMAT_FRAMEWORK, /* graphcool.yml with `types` */
    GCM_FORMAT_PREVIEW,   /* graphcool.yml of the 1.0 preview: service, stage, datamodel
                             (spec/graphcool-framework.md §1.14) */
    GCM_FORMAT_CONSOLE    /* a schema file without graphcool.yml: project.graphcool of the console
                             era (§1.16), or types.graphql of a service whose definition is lost */
};

enum gcm_scalar {
    GCM_SCALAR_NONE, /* not a scalar of Graphcool */
    GCM_SCALAR_ID,
    GCM_SCALAR_STRING,
    GCM_SCALAR_INT,
    GCM_SCALAR_FLOAT,
    GCM_SCALAR_BOOLEAN,
    GCM_SCALAR_DATETIME,
    GCM_SCALAR_JSON,
    GCM_SCALAR_PASSWORD
};

enum gcm_field_kind {
    GCM_FIELD_SCALAR,
    GCM_FIELD_ENUM,
    GCM_FIELD_RELATION,
    GCM_FIELD_UNKNOWN /* its type is declared nowhere */
};

struct gcm_model;
struct gcm_relation;

struct gcm_enum {
    struct gcm_slice name;
    struct gcm_definition *definition;
    struct gcm_slices values; /* each once, in their order */
};

struct gcm_field {
    struct gcm_slice name;
    struct gcm_model *model;
    struct gcm_field_definition *definition;
    enum gcm_field_kind kind;
    enum gcm_scalar
        scalar; /* SCALAR; a field named `id` is always GCM_SCALAR_ID, whatever it says */
    struct gcm_enum *enum_type;
    struct gcm_model *target; /* RELATION */
    bool list, required,
        unique;  /* as the server stored them; a list `[T!]!` is required, too (§2.1) */
    bool system; /* id, createdAt, updatedAt */
    /* The default that the server applied, as the text it stored; `defaulted` is false where the
     * directive counted as no default (null, list and object literals, "null" on most types:
     * truth/graphcool/random/README.md). */
    bool defaulted;
    struct gcm_slice default_text;
    const struct gcm_value *default_value; /* the literal of @defaultValue as written, or NULL */
    struct gcm_relation *relation;         /* RELATION with a usable @relation(name:) */
    struct gcm_field
        *back; /* the other side; itself for a same-field self relation; NULL if missing */
};

struct gcm_model {
    struct gcm_slice name;
    struct gcm_definition *definition;
    GCM_VEC(struct gcm_field *) fields; /* in their order in the file; duplicates dropped */
    struct gcm_map by_name;             /* struct gcm_field by name */
    bool has_directive;                 /* @model is there */
    bool implements_node;
    bool system_type; /* File or User of a console project */
};

/* A relation: side A is the first field in document order that names it, B the last (§2.3). */
struct gcm_relation {
    struct gcm_slice name;
    struct gcm_field *a,
        *b; /* equal for a same-field self relation; b is NULL if the relation has one side only */
    bool broken; /* on more than two fields, or between types that do not match */
};

/* A path in graphcool.yml (or elsewhere) and what was found there. */
struct gcm_source_file {
    struct gcm_slice path;         /* as written, without ":Operation" */
    struct gcm_slice operation;    /* behind the first ":", or empty */
    struct gcm_place place;        /* where it is written */
    struct gcm_file *file;         /* NULL: missing or unreadable */
    struct gcm_document *document; /* .graphql files that could be read */
    struct gcm_slice
        differs_in_case; /* a missing file for which one of another case exists: its path */
    /* The official CLI did not look at it, so the server never had it: a `query` or `schema` whose
     * name does not end in ".graphql", or that starts with "../" (§1.10). */
    bool not_sent;
};

struct gcm_permission {
    struct gcm_place place; /* of the list item */
    struct gcm_yaml *yaml;
    struct gcm_slice operation; /* "Post.read", "*" */
    struct gcm_place operation_place;
    struct gcm_slice subject, action; /* the two sides of the dot */
    struct gcm_model *model;          /* the one it names, or NULL */
    struct gcm_relation *relation;    /* the one it names, or NULL */
    bool everything;                  /* operation: "*" */
    bool authenticated;
    bool has_fields;
    struct gcm_slices fields;
    struct gcm_source_file *query;                /* NULL: none */
    const struct gcm_definition *query_operation; /* the operation that `query` chooses, or NULL */
    struct gcm_slice description;
};

enum gcm_function_type {
    GCM_FUNCTION_RESOLVER,
    GCM_FUNCTION_SUBSCRIPTION,
    GCM_FUNCTION_OPERATION_BEFORE,
    GCM_FUNCTION_OPERATION_AFTER,
    GCM_FUNCTION_HTTP, /* httpRequest, httpResponse: the server ignored them */
    GCM_FUNCTION_UNKNOWN
};

/* A text of graphcool.yml that may be a secret: never printed. */
struct gcm_setting {
    struct gcm_slice name;
    struct gcm_yaml *value;
};

struct gcm_function {
    struct gcm_slice name;
    struct gcm_place place; /* of its key */
    struct gcm_yaml *yaml;
    enum gcm_function_type type;
    struct gcm_slice type_text;
    struct gcm_place type_place;
    struct gcm_slice operation, subject, action; /* hooks: "Post.create" */
    struct gcm_place operation_place;
    struct gcm_model *model; /* hooks: the one that it names; subscriptions: the one of the query */
    struct gcm_source_file *schema; /* resolvers */
    struct gcm_source_file *query;  /* subscriptions */
    struct gcm_source_file *code;   /* handler.code; NULL for a webhook */
    bool webhook;
    struct gcm_slice webhook_url; /* may hold ${env:…}; may be a secret: never printed */
    struct gcm_place webhook_place;
    GCM_VEC(struct gcm_setting) headers, environment;
    /* A resolver's schema, where it has the shape that the server wanted (§4.5). */
    struct gcm_field_definition *extension; /* the one field that it adds */
    enum gcm_operation_kind extends;
    struct gcm_definition *payload;
};

/* A variable in graphcool.yml (§1.9). What `self:`, `opt:` and literals name is put in its place.
 * `${env:NAME}` is kept as the reference that it is: its value is never read into anything that is
 * written, except into a path, to find the file. */
struct gcm_variable_use {
    struct gcm_slice text; /* "env:NAME" */
    struct gcm_place place;
    bool resolved; /* the environment, a literal, self or a fallback gave a value */
};

/* .graphcoolrc beside the project: names only, no tokens. */
struct gcm_target {
    struct gcm_slice name, cluster, service_id;
};

struct gcm_project {
    struct gcm_arena *arena;
    enum gcm_project_format format;
    bool guessed_format; /* graphcool.yml could not be read, or has no key that tells its format */
    struct gcm_slice folder;     /* where graphcool.yml stands */
    struct gcm_file *definition; /* graphcool.yml, or the console schema file */
    struct gcm_yaml
        *yaml; /* graphcool.yml with variables replaced; NULL if it is no YAML, or empty */
    GCM_VEC(struct gcm_source_file *) type_files;
    GCM_VEC(struct gcm_enum *) enums;
    GCM_VEC(struct gcm_model *)
    models; /* in their order in the files; duplicates (by exact name) dropped */
    GCM_VEC(struct gcm_relation *) relations;
    GCM_VEC(struct gcm_permission *) permissions;
    GCM_VEC(struct gcm_function *) functions;
    struct gcm_slices root_tokens;
    GCM_VEC(struct gcm_variable_use) variables;
    GCM_VEC(struct gcm_target) targets;
    struct gcm_map model_names, enum_names,
        relation_names; /* to the structs above, by exact name */
    bool open_to_all;   /* a permission with operation "*" */
    /* What is wrong with the files themselves: unreadable, missing, malformed, unknown keys. The
     * plan makes each one a decision; the verdict has its own list. */
    struct gcm_errors problems;
    /* Why the official CLI would have refused the definition before sending anything (§1.2), in its
     * order. */
    struct gcm_errors cli_errors;
};

struct gcm_project_options {
    const char *const *flags; /* "name=value", NULL-terminated: for ${opt:name}; may be NULL */
    bool ignore_environment; /* ${env:…} is never looked up: for reports that must not depend on the
                                machine */
    bool fill_environment;   /* the values of ${env:…} are put in as the official CLI did: for
                                comparing with it */
};

/* Reads the project at `path`: a graphcool.yml, a *.graphcool or *.graphql file, or a folder. In a
 * folder it takes the first of: graphcool.yml; project.graphcool; the only *.graphcool;
 * types.graphql; schema.graphql; datamodel.graphql; the only subfolder with a graphcool.yml.
 * GCM_BAD_INPUT only if there is nothing that could be a project; everything else is in `problems`.
 * The paths of its files are shown as seen from its folder. */
GCM_MUST_USE gcm_result gcm_project_read(struct gcm_arena *arena, struct gcm_slice path,
                                         const struct gcm_project_options *options,
                                         struct gcm_project **project, struct gcm_error *err);

enum gcm_scalar gcm_scalar_of(struct gcm_slice name); /* "GraphQLID" is GCM_SCALAR_ID, too */
const char *gcm_scalar_name(enum gcm_scalar scalar);  /* as in the API: "ID", "DateTime" */
const char *gcm_function_type_name(enum gcm_function_type type);

/* The whole reading without disk: a project of files in memory, the first one being graphcool.yml
 * (tests, rule examples). */
GCM_MUST_USE gcm_result gcm_project_of(struct gcm_arena *arena, const struct gcm_file *files,
                                       size_t count, struct gcm_project **project,
                                       struct gcm_error *err);

#endif
