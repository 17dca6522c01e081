#include "cli/open.h"

#include "core/file.h"

#include <stdio.h>
#include <string.h>

enum { SHOWN_ERRORS = 20 };

static enum gcm_exit check_variables(const struct gcm_open_options *options)
{
    for (size_t i = 0; i < options->variables.count; i++) {
        const char *text = options->variables.at[i];
        if (!strchr(text, '=') || text[0] == '=') {
            fprintf(stderr, "graphcool-migrate: --opt wants NAME=VALUE, not \"%s\"\n", text);
            return GCM_EXIT_USAGE;
        }
    }
    return GCM_EXIT_OK;
}

enum gcm_exit gcm_open_project(struct gcm_arena *arena, const char *path,
                               const struct gcm_open_options *options, struct gcm_project **project)
{
    enum gcm_exit code = check_variables(options);
    if (code != GCM_EXIT_OK)
        return code;
    struct gcm_project_options read = {.flags = options->variables.at};
    struct gcm_error err = {0};
    if (gcm_project_read(arena, gcm_slice_of(path), &read, project, &err) != GCM_OK)
        return gcm_report_error(&err);
    return GCM_EXIT_OK;
}

static enum gcm_exit load_rules(struct gcm_arena *arena, const char *path, struct gcm_rules **rules)
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

static struct gcm_plan_options plan_options(const struct gcm_open_options *options)
{
    struct gcm_plan_options plan = {.service = gcm_slice_of(options->service),
                                    .stage = gcm_slice_of(options->stage)};
    if (options->target && !strcmp(options->target, "prisma-1.30"))
        plan.target = GCM_SERVER_PRISMA_1_30;
    if (options->database && !strcmp(options->database, "postgres"))
        plan.database = GCM_DATABASE_POSTGRES;
    if (options->database && !strcmp(options->database, "mongo"))
        plan.database = GCM_DATABASE_MONGO;
    return plan;
}

enum gcm_exit gcm_open_plan(struct gcm_arena *arena, const char *path,
                            const struct gcm_open_options *options, struct gcm_plan **plan)
{
    struct gcm_project *project = NULL;
    struct gcm_rules *rules = NULL;
    enum gcm_exit code = load_rules(arena, options->rules, &rules);
    if (code == GCM_EXIT_OK)
        code = gcm_open_project(arena, path, options, &project);
    if (code != GCM_EXIT_OK)
        return code;
    struct gcm_plan_options wanted = plan_options(options);
    *plan = gcm_plan_make(project, rules, &wanted);
    return GCM_EXIT_OK;
}
