#include "cli/open.h"

#include "api/api.h"
#include "report/secrets.h"

#include <stdio.h>
#include <string.h>

enum { SERVICE_NAME = 30 };

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

/* What Prisma takes as the name of a service or a stage (spec/prisma1.md §1.3). */
static enum gcm_exit check_name(const char *option, const char *name)
{
    static const char *const reserved[] = {"cluster", "management", "export", "import", NULL};
    if (!name)
        return GCM_EXIT_OK;
    if (!strcmp(option, "stage") && gcm_slice_in(gcm_slice_of(name), reserved)) {
        fprintf(stderr, "graphcool-migrate: Prisma keeps the stage name \"%s\" for itself\n", name);
        return GCM_EXIT_USAGE;
    }
    static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
    static const char others[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-";
    size_t good = strspn(name, others);
    if (strspn(name, letters) && !name[good] && good <= SERVICE_NAME)
        return GCM_EXIT_OK;
    fprintf(stderr,
            "graphcool-migrate: --%s starts with a letter and has letters, digits, - and _, at "
            "most %d of them; not \"%s\"\n",
            option, SERVICE_NAME, name);
    return GCM_EXIT_USAGE;
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

static struct gcm_plan_options plan_options(const struct gcm_open_options *options)
{
    struct gcm_plan_options plan = {.service = gcm_slice_of(options->service),
                                    .stage = gcm_slice_of(options->stage),
                                    .without_functions = options->without_functions};
    if (options->api && !strcmp(options->api, "native"))
        plan.api = GCM_APPLICATION_NATIVE;
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
    enum gcm_exit code = check_name("service", options->service);
    if (code == GCM_EXIT_OK)
        code = check_name("stage", options->stage);
    if (code == GCM_EXIT_OK)
        code = gcm_open_rules(arena, options->rules, &rules);
    if (code == GCM_EXIT_OK)
        code = gcm_open_project(arena, path, options, &project);
    if (code != GCM_EXIT_OK)
        return code;
    struct gcm_plan_options wanted = plan_options(options);
    *plan = gcm_plan_make(project, rules, &wanted);
    gcm_hide_secrets(project, *plan);
    return GCM_EXIT_OK;
}

enum gcm_exit gcm_open_clients(struct gcm_arena *arena, const char *folder,
                               const struct gcm_targets *targets, const struct gcm_schema *after,
                               struct gcm_operations **operations)
{
    struct gcm_clients *clients = NULL;
    struct gcm_error err = {0};
    if (gcm_clients_read(arena, gcm_slice_of(folder), &clients, &err) != GCM_OK)
        return gcm_report_error(&err);
    *operations = gcm_operations_find(arena, clients);
    gcm_operations_check(arena, *operations,
                         gcm_schema_of(arena, gcm_api_simple(arena, targets->plan->project)),
                         after);
    return GCM_EXIT_OK;
}
