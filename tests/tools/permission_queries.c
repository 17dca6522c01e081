/* permission_queries: what is wrong with the permission queries of projects.
 *
 *     permission_queries FOLDER…    a line for each finding: operation, "denies" or "opens",
 * message permission_queries --schema FOLDER    the permission schema
 */
#include <stdio.h>
#include <string.h>

#include "graphql/print.h"
#include "verdict/permission_queries.h"

static void print_findings(const struct gcm_permission *permission, const char *kind,
                           const struct gcm_errors *errors)
{
    gcm_each (const struct gcm_error, error, *errors)
        printf("%.*s %s line %u: %.*s\n", GCM_P(permission->operation), kind, error->place.line,
               GCM_P(error->message));
}

int main(int count, char **arguments)
{
    bool schema_only = count > 1 && strcmp(arguments[1], "--schema") == 0;
    for (int i = schema_only ? 2 : 1; i < count; i++) {
        struct gcm_arena arena = {0};
        struct gcm_error error = {0};
        struct gcm_project *project;
        if (gcm_project_read(&arena, gcm_slice_of(arguments[i]), NULL, &project, &error) !=
            GCM_OK) {
            gcm_arena_free(&arena);
            continue;
        }
        const struct gcm_permission_schema *schema = gcm_permission_schema_of(project);
        if (schema_only) {
            struct gcm_buffer out = gcm_buffer(&arena, GCM_BUFFER_CAP);
            gcm_print_document(&out, gcm_permission_schema_document(schema));
            printf("%s", gcm_buffer_text(&out).at);
        } else {
            printf("== %s\n", arguments[i]);
            gcm_each (struct gcm_permission *, permission, project->permissions) {
                struct gcm_permission_findings findings =
                    gcm_permission_query_check(schema, *permission);
                print_findings(*permission, "denies", &findings.denies);
                print_findings(*permission, "opens", &findings.opens);
            }
        }
        gcm_arena_free(&arena);
    }
    return 0;
}
