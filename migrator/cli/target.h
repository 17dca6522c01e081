/* target: the Prisma service to which data goes, and the secret that signs its tokens: from the
 * options, or from prisma.yml and .env of the converted project. */
#ifndef GCM_CLI_TARGET_H
#define GCM_CLI_TARGET_H

#include "cli/options.h"

struct gcm_target_options {
    const char *endpoint, *secret_file;
};

/* clang-format off */
#define GCM_TARGET_OPTIONS(options)                                                                \
    {"endpoint", 'e', GCM_OPTION_VALUE, &(options).endpoint, "URL",                                \
     "the Prisma service, http://HOST:PORT/SERVICE/STAGE (that of prisma.yml)"},                   \
    {"secret-file", 0, GCM_OPTION_VALUE, &(options).secret_file, "FILE",                           \
     "the service's secret (PRISMA_SECRET, or that of prisma.yml)"}
/* clang-format on */

struct gcm_service_target {
    struct gcm_slice endpoint; /* without a slash at its end */
    struct gcm_slice service;  /* "name@stage" */
    struct gcm_slice secret;   /* the first one; empty: the service is open */
};

/* `out` is the folder that `convert` wrote (NULL: app). Variables of prisma.yml are looked up in
 * the environment, then in .env of that folder. What is wrong is printed. */
enum gcm_exit gcm_target_find(struct gcm_arena *arena, const struct gcm_target_options *options,
                              const char *out, struct gcm_service_target *target);

/* A token of the service, good for `seconds`; empty if the service is open. */
struct gcm_slice gcm_target_token(struct gcm_arena *arena, const struct gcm_service_target *target,
                                  int64_t seconds);

#endif
