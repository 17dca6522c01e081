/* parse: text → tree, for SDL and for query documents. One lexer, one parser, the grammar of June
 * 2018 plus what the old servers took (`implements A, B`, comments as descriptions). Runs in linear
 * time, never deeper than its limit. */
#ifndef GCM_GRAPHQL_PARSE_H
#define GCM_GRAPHQL_PARSE_H

#include "graphql/ast.h"

enum { GCM_GRAPHQL_DEPTH = 200 }; /* nested lists, objects, selections */
enum { GCM_GRAPHQL_ERRORS = 100 };

/* What a text must obey. The dialects differ in what they refuse, not in the tree: what one of the
 * servers' parsers refused is an error in its dialect, and is read all the same. */
enum gcm_dialect {
    GCM_DIALECT_TOLERANT, /* June 2018, the old syntax, `type X @model implements Y`, empty `{}` and
                             `()`: what a project is read with */
    GCM_DIALECT_GRAPHCOOL, /* Sangria 1.2, spec/graphcool-framework.md §2: no descriptions, no block
                              strings, no `implements A & B`, braces may be empty but must be there.
                              An empty document is fine as types; elsewhere it was refused, which is
                              for the caller to say */
    GCM_DIALECT_PRISMA     /* Sangria 1.4, spec/prisma1.md §1.1: no empty braces, no empty
                              document */
};

/* Parses the whole file. After an error it goes on at the next definition or field, so that more
 * than one is reported; the document holds what could be read (never NULL). Errors are appended to
 * *errors in the order of the text; after GCM_GRAPHQL_ERRORS of them the rest is not read. */
struct gcm_document *gcm_graphql_parse(struct gcm_arena *arena, const struct gcm_file *file,
                                       enum gcm_dialect dialect, struct gcm_errors *errors);

#endif
