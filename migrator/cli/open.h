/* open: what the commands on a project have in common: their options, and the way from a path to a
 * plan. */
#ifndef GCM_CLI_OPEN_H
#define GCM_CLI_OPEN_H

#include "cli/options.h"
#include "operations/operations.h"
#include "operations/targets.h"

struct gcm_open_options {
    const char *rules, *target, *database, *service, *stage, *api;
    bool without_functions;
    struct gcm_option_values variables; /* --opt NAME=VALUE */
};

/* The options' lines in a command's table. */
/* clang-format off */
#define GCM_OPEN_OPTIONS(open)                                                                     \
    {"target", 't', GCM_OPTION_CHOICE, &(open).target, "prisma-1.34|prisma-1.30",                  \
     "the server to convert for (prisma-1.34)"},                                                   \
    {"database", 'd', GCM_OPTION_CHOICE, &(open).database, "mysql|postgres|mongo",                 \
     "where Prisma will keep the data (mysql)"},                                                   \
    {"service", 0, GCM_OPTION_VALUE, &(open).service, "NAME",                                      \
     "name of the Prisma service (made from the project's)"},                                      \
    {"stage", 0, GCM_OPTION_VALUE, &(open).stage, "NAME", "its stage (dev)"},                      \
    {"rules", 'r', GCM_OPTION_VALUE, &(open).rules, "FILE",                                        \
     "your own rules, renames and choices"},                                                       \
    {"opt", 0, GCM_OPTION_MANY, &(open).variables, "NAME=VALUE",                                   \
     "what ${opt:NAME} stands for in graphcool.yml; repeatable"}
/* Those of the application, for commands that write or report it. */
#define GCM_APPLICATION_OPTIONS(open)                                                              \
    {"api", 0, GCM_OPTION_CHOICE, &(open).api, "simple|native",                                    \
     "the API that the application serves (simple)"},                                              \
    {"without-functions", 0, GCM_OPTION_FLAG, &(open).without_functions, NULL,                     \
     "let mutations go on without the hooks that guarded them"}
/* clang-format on */

/* Reads the project at path, or says on stderr what is wrong and returns the exit code. GCM_EXIT_OK
 * with *project; it lives in the arena. */
enum gcm_exit gcm_open_project(struct gcm_arena *arena, const char *path,
                               const struct gcm_open_options *options,
                               struct gcm_project **project);

/* The built-in rules, with the user's file on top (path may be NULL); mistakes are printed. */
enum gcm_exit gcm_open_rules(struct gcm_arena *arena, const char *path, struct gcm_rules **rules);

/* The same, then loads the rules and makes the plan. */
enum gcm_exit gcm_open_plan(struct gcm_arena *arena, const char *path,
                            const struct gcm_open_options *options, struct gcm_plan **plan);

/* Finds what the sources of a client ask, and checks it against the Simple API of the project and
 * against the API afterwards. */
enum gcm_exit gcm_open_clients(struct gcm_arena *arena, const char *folder,
                               const struct gcm_targets *targets, const struct gcm_schema *after,
                               struct gcm_operations **operations);

#endif
