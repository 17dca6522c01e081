/* clients: the GraphQL that the sources of a client application hold: whole .graphql files, and
 * literals in JavaScript, TypeScript and Vue files. Reads, changes nothing, knows no API.
 *
 * A literal is parsed alone, its holes blanked byte for byte. So the places of its tree are places
 * in the literal, and no line of program code is ever shown; gcm_client_place says where they are
 * in the file. */
#ifndef GCM_OPERATIONS_CLIENTS_H
#define GCM_OPERATIONS_CLIENTS_H

#include "core/map.h"
#include "graphql/ast.h"

struct gcm_client_file;

/* `${Name}`, `${Name.fragments.x}` in a literal. */
struct gcm_client_hole {
    struct gcm_slice expression;
    size_t offset, size; /* in the literal, with `${` and `}` */
    bool quoted;         /* it is a part of a string, where it stays as it is */
};

struct gcm_client_text {
    const struct gcm_client_file *in;
    struct gcm_place place;        /* the text, without its quotes */
    struct gcm_slice name;         /* the constant that holds the literal, or empty */
    bool literal;                  /* false: the file is GraphQL as a whole */
    bool untagged;                 /* a template literal that only looks like an operation */
    struct gcm_file shown;         /* what is parsed; it has no path of its own */
    struct gcm_document *document; /* never NULL once it is read */
    struct gcm_errors errors;      /* of its syntax */
    GCM_VEC(struct gcm_client_hole) holes;
    struct gcm_slice unread; /* why it cannot be understood as it stands, or empty */
};

/* `import Name from './file'`, `const { Name } = require('./file')`, `#import "./file.graphql"`
 * (without a name). */
struct gcm_client_import {
    struct gcm_slice name, from;
};

struct gcm_client_file {
    struct gcm_slice below; /* path below the folder: "src/Feed.js" */
    struct gcm_file *file;
    GCM_VEC(struct gcm_client_text *) texts; /* in their order */
    GCM_VEC(struct gcm_client_import) imports;
};

struct gcm_clients {
    struct gcm_slice folder;
    GCM_VEC(struct gcm_client_file *) files; /* those that hold GraphQL, sorted by path */
    size_t looked_at;                        /* files that were read */
    struct gcm_errors problems;              /* files that could not be */
};

/* Reads the files of a folder and of the folders below it, links to folders not followed; without
 * node_modules, and names that start with a dot. GCM_BAD_INPUT if there is no such folder. */
GCM_MUST_USE gcm_result gcm_clients_read(struct gcm_arena *arena, struct gcm_slice folder,
                                         struct gcm_clients **clients, struct gcm_error *err);

/* The same for one file in memory: what it holds is added to clients. */
void gcm_clients_add(struct gcm_arena *arena, struct gcm_clients *clients, struct gcm_slice below,
                     struct gcm_file *file);

/* Is it a name of a file that may hold GraphQL? */
bool gcm_client_name(struct gcm_slice name);

/* Where a place of a text's tree is in its file. */
struct gcm_place gcm_client_place(const struct gcm_client_text *text, struct gcm_place place);

#endif
