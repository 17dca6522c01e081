/* token: where a server's token comes from, and the tokens that we sign ourselves. Never from the
 * command line, where every process of the machine can read it. */
#ifndef GCM_HTTP_TOKEN_H
#define GCM_HTTP_TOKEN_H

#include "core/error.h"

struct gcm_token_source {
    const char *file;     /* --token-file FILE ("-": standard input), or NULL */
    const char *variable; /* of the environment: "GRAPHCOOL_TOKEN" */
    const char *prompt;   /* asked on the terminal without echo, where there is one; or NULL */
};

/* The token without blanks around it; empty if none is given anywhere. GCM_BAD_INPUT where the file
 * cannot be read, or holds what no header can carry. The text is never part of an error. */
GCM_MUST_USE gcm_result gcm_token_read(struct gcm_arena *arena,
                                       const struct gcm_token_source *source,
                                       struct gcm_slice *token, struct gcm_error *err);

/* A service token of Prisma 1: JWT, HS256 with the service's secret, good for `seconds` from now
 * (spec/prisma1.md §2.3). `service` is "name@stage". */
struct gcm_slice gcm_token_sign(struct gcm_arena *arena, struct gcm_slice secret,
                                struct gcm_slice service, int64_t now, int64_t seconds);

#endif
