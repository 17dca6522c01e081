/* dead: for each project folder, why its API could not have been built: FOLDER, cause (its line
 * break as "\n"), culprit, separated by tabs. The cause is empty where the API works. */
#include <stdio.h>

#include "api/api.h"

int main(int argc, char **argv)
{
    for (int i = 1; i < argc; i++) {
        struct gcm_arena arena = {0};
        struct gcm_project_options options = {.ignore_environment = true};
        struct gcm_project *project = NULL;
        struct gcm_error err = {0};
        if (gcm_project_read(&arena, gcm_slice_of(argv[i]), &options, &project, &err) != GCM_OK) {
            fprintf(stderr, "%s: %.*s\n", argv[i], GCM_P(err.message));
            return 1;
        }
        const struct gcm_definition *culprit = NULL;
        struct gcm_slice cause = gcm_api_simple_dead(&arena, project, &culprit);
        printf("%s\t", argv[i]);
        for (size_t at = 0; at < cause.size; at++)
            if (cause.at[at] == '\n')
                fputs("\\n", stdout);
            else
                putchar(cause.at[at]);
        struct gcm_slice name = culprit ? culprit->name : GCM_S("");
        printf("\t%.*s\n", GCM_P(name));
        gcm_arena_free(&arena);
    }
    return 0;
}
