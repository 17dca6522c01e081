#include "cli/open.h"

#include "core/file.h"

#include <stdio.h>

enum { SHOWN_ERRORS = 20 };

enum gcm_exit gcm_open_rules(struct gcm_arena *arena, const char *path, struct gcm_rules **rules)
{
    struct gcm_file *file = NULL;
    struct gcm_error err = {0};
    struct gcm_slice name = gcm_slice_of(path);
    if (path && gcm_file_read(arena, name, name, GCM_SOURCE_FILE_CAP, &file, &err) != GCM_OK)
        return gcm_report_error(&err);
    struct gcm_errors errors = {0};
    gcm_result result = gcm_rules_load(arena, file, rules, &errors);
    if (result == GCM_OK)
        return GCM_EXIT_OK;
    for (size_t i = 0; i < errors.count && i < SHOWN_ERRORS; i++)
        gcm_report_error(&errors.at[i]);
    if (errors.count > SHOWN_ERRORS)
        fprintf(stderr, "… and %zu more\n", errors.count - SHOWN_ERRORS);
    return gcm_exit_of(result);
}
