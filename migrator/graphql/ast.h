/* ast: a GraphQL document, SDL or queries, as the parser found it. Everything lives in the parser's
 * arena; slices point into the file's text (or into the arena, for trees that the program builds
 * itself).
 *
 * One tree serves all: a project's types, the Prisma datamodel that we write, the two generated
 * APIs, and operations. */
#ifndef GCM_GRAPHQL_AST_H
#define GCM_GRAPHQL_AST_H

#include "core/error.h"

/* What was written around a construct. `above` holds the lines of the comment before it, without
 * `#` and one blank; comments inside of it, which have no place of their own in the tree, come
 * last. An empty line between two comments is a line without text (at == NULL; an empty comment has
 * one). `description` is a string description ("…" or """…"""), decoded; `behind` the comment at
 * the end of its last line. */
struct gcm_remarks {
    struct gcm_slices above;
    struct gcm_slice description;
    struct gcm_slice behind;
    bool described;   /* there is a description, maybe an empty one */
    bool quoted;      /* the description was written "…", not """…""" */
    bool commented;   /* there is a comment behind it, maybe an empty one */
    bool blank_above; /* an empty line separates it from what stands before it in its block; of
                         definitions: it is not the first */
};

enum gcm_value_kind {
    GCM_VALUE_NULL,
    GCM_VALUE_INT,
    GCM_VALUE_FLOAT,
    GCM_VALUE_STRING, /* also block strings */
    GCM_VALUE_BOOLEAN,
    GCM_VALUE_ENUM,
    GCM_VALUE_LIST,
    GCM_VALUE_OBJECT,
    GCM_VALUE_VARIABLE
};

struct gcm_value {
    enum gcm_value_kind kind;
    struct gcm_place place;
    struct gcm_slice raw;     /* as written, with quotes; numbers are never re-printed */
    struct gcm_slice text;    /* strings decoded; names without `$`; otherwise = raw */
    struct gcm_value **items; /* LIST; OBJECT: the values of its fields */
    struct gcm_slice *keys;   /* OBJECT */
    size_t count;
};

struct gcm_type_ref {
    struct gcm_place place;
    struct gcm_slice name;   /* empty for a list */
    struct gcm_type_ref *of; /* element type of a list */
    bool non_null;
};

struct gcm_argument {
    struct gcm_place place;
    struct gcm_slice name;
    struct gcm_value *value;
};
struct gcm_arguments {
    struct gcm_argument *at;
    size_t count, room;
};

struct gcm_directive {
    struct gcm_place place;
    struct gcm_slice name; /* without `@` */
    struct gcm_arguments arguments;
};
struct gcm_directives {
    struct gcm_directive *at;
    size_t count, room;
};

/* An argument of a field, a field of an input object, or a variable of an operation (name without
 * `$`). */
struct gcm_input_value {
    struct gcm_place place;
    const struct gcm_remarks *remarks; /* NULL where there are none */
    struct gcm_slice name;
    struct gcm_type_ref *type;
    struct gcm_value *default_value; /* NULL where there is none */
    struct gcm_directives directives;
};
struct gcm_input_values {
    struct gcm_input_value *at;
    size_t count, room;
};

struct gcm_field_definition {
    struct gcm_place place;            /* of the name */
    struct gcm_place whole;            /* from the name to the last directive */
    const struct gcm_remarks *remarks; /* NULL where there are none */
    struct gcm_slice name;
    struct gcm_input_values arguments;
    struct gcm_type_ref *type;
    struct gcm_directives directives;
};
struct gcm_field_definitions {
    struct gcm_field_definition *at;
    size_t count, room;
};

struct gcm_enum_value_definition {
    struct gcm_place place;
    const struct gcm_remarks *remarks; /* NULL where there are none */
    struct gcm_slice name;
    struct gcm_directives directives;
};
struct gcm_enum_value_definitions {
    struct gcm_enum_value_definition *at;
    size_t count, room;
};

enum gcm_selection_kind { GCM_SELECTION_FIELD, GCM_SELECTION_SPREAD, GCM_SELECTION_INLINE };

struct gcm_selections {
    struct gcm_selection *at;
    size_t count, room;
};
struct gcm_selection {
    enum gcm_selection_kind kind;
    struct gcm_place place;
    const struct gcm_remarks *remarks; /* NULL where there are none */
    struct gcm_slices closing; /* comment lines before the closing brace of its selections */
    struct gcm_slice alias;    /* FIELD; empty where there is none */
    struct gcm_slice name;     /* FIELD; SPREAD: the fragment */
    struct gcm_slice on;       /* INLINE: type condition, may be empty */
    struct gcm_arguments arguments;
    struct gcm_directives directives;
    struct gcm_selections selections;
    bool has_selections; /* a block was written, even if nothing in it could be parsed */
};

enum gcm_definition_kind {
    GCM_DEFINITION_OPERATION,
    GCM_DEFINITION_FRAGMENT,
    GCM_DEFINITION_SCHEMA,
    GCM_DEFINITION_SCALAR,
    GCM_DEFINITION_OBJECT,
    GCM_DEFINITION_INTERFACE,
    GCM_DEFINITION_UNION,
    GCM_DEFINITION_ENUM,
    GCM_DEFINITION_INPUT,
    GCM_DEFINITION_DIRECTIVE
};

enum gcm_operation_kind { GCM_OPERATION_QUERY, GCM_OPERATION_MUTATION, GCM_OPERATION_SUBSCRIPTION };

/* One definition of a document; which members matter depends on its kind. */
struct gcm_definition {
    enum gcm_definition_kind kind;
    bool extend;            /* `extend type …` */
    bool short_form;        /* OPERATION that is a bare `{ … }`, or could be */
    struct gcm_place place; /* of the name, or of the keyword where there is no name */
    struct gcm_place whole;
    struct gcm_remarks remarks;
    struct gcm_slices closing; /* comment lines before the closing brace */
    struct gcm_slice name;
    struct gcm_directives directives;
    struct gcm_slices names; /* OBJECT: interfaces; UNION: members; DIRECTIVE: locations */
    struct gcm_field_definitions
        fields;                     /* OBJECT, INTERFACE; SCHEMA: query/mutation/subscription */
    struct gcm_input_values inputs; /* INPUT fields; DIRECTIVE arguments; OPERATION variables */
    struct gcm_enum_value_definitions values; /* ENUM */
    enum gcm_operation_kind operation;        /* OPERATION */
    struct gcm_slice on;                      /* FRAGMENT: type condition */
    struct gcm_selections selections;         /* OPERATION, FRAGMENT */
};

struct gcm_document {
    const struct gcm_file *file; /* NULL for a tree that the program built */
    struct gcm_slices
        heading; /* comment lines at the top, set off by an empty line from the first definition */
    GCM_VEC(struct gcm_definition *) definitions;
    struct gcm_slices closing; /* comment lines behind the last definition */
};

/* Look-ups. They return NULL where there is none. */
const struct gcm_directive *gcm_directive_named(const struct gcm_directives *directives,
                                                const char *name);
const struct gcm_value *gcm_argument_named(const struct gcm_arguments *arguments, const char *name);
struct gcm_definition *gcm_definition_named(const struct gcm_document *document,
                                            struct gcm_slice name);
struct gcm_field_definition *gcm_field_named(const struct gcm_definition *definition,
                                             struct gcm_slice name);

/* The named type at the core of a reference: `[X!]!` → `X`. */
struct gcm_slice gcm_type_name(const struct gcm_type_ref *type);

/* Builders, for trees that the program makes. */
struct gcm_type_ref *
gcm_type_make(struct gcm_arena *arena,
              struct gcm_slice text); /* "[X!]!" and the like; must be well-formed */
struct gcm_value *
gcm_value_make(struct gcm_arena *arena, enum gcm_value_kind kind,
               struct gcm_slice text); /* raw is made of text: strings are quoted and escaped */
struct gcm_directive *gcm_directive_add(struct gcm_arena *arena, struct gcm_directives *to,
                                        const char *name);
void gcm_argument_add(struct gcm_arena *arena, struct gcm_arguments *to, const char *name,
                      struct gcm_value *value);

#endif
