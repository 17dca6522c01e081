/* parse: text → tree, for SDL and for query documents. One lexer, one parser, the grammar of June
 * 2018 plus what the old servers took (`implements A, B`, comments as descriptions). Runs in linear
 * time, never deeper than its limit. */
#ifndef GCM_GRAPHQL_PARSE_H
#define GCM_GRAPHQL_PARSE_H

#include "graphql/ast.h"

enum { GCM_GRAPHQL_DEPTH = 200 }; /* nested lists, objects, selections */

/* What a text must obey. The dialects differ in what they refuse, not in the tree. */
enum gcm_dialect {
    GCM_DIALECT_TOLERANT, /* everything above: what a project is read with */
    GCM_DIALECT_SANGRIA   /* what the parser of both servers took in 2017–2019,
                             spec/graphcool-framework.md §2 and   spec/prisma1.md §1.1: its refusals
                             are   errors, too */
};

/* Parses the whole file. After an error it goes on at the next definition or field, so that more
 * than one is reported; the document holds what could be read (never NULL). Errors are appended to
 * *errors in the order of the text. */
struct gcm_document *gcm_graphql_parse(struct gcm_arena *arena, const struct gcm_file *file,
                                       enum gcm_dialect dialect, struct gcm_errors *errors);

#endif
