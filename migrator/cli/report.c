/* report: what became of every construct. */
#include "cli/open.h"

#include "report/report.h"

#include <string.h>

static bool has_findings(const struct gcm_plan *plan, const char *threshold)
{
    if (!threshold)
        return false;
    return plan->outcomes[GCM_REFUSED] ||
           (!strcmp(threshold, "review") && plan->outcomes[GCM_REVIEW]);
}

/* Against the Simple API, which the application answers unless one asks for another. */
static enum gcm_exit check_clients(struct gcm_arena *arena, const char *folder,
                                   const struct gcm_plan *plan, struct gcm_report_options *wanted)
{
    const struct gcm_targets *targets = gcm_targets_of(arena, plan);
    struct gcm_operations *operations = NULL;
    enum gcm_exit code = gcm_open_clients(
        arena, folder, targets, gcm_schema_of(arena, gcm_targets_simple(targets)), &operations);
    wanted->clients = operations;
    return code;
}

static enum gcm_exit report(struct gcm_arena *arena, int argc, char **argv)
{
    struct gcm_open_options open = {0};
    const char *format = "text", *output = NULL, *threshold = NULL, *path = NULL, *clients = NULL;
    const struct gcm_option options[] = {
        {"format", 'f', GCM_OPTION_CHOICE, &format, "text|json", "how it is written (text)"},
        {"output", 'o', GCM_OPTION_VALUE, &output, "FILE", "where to; without it, stdout"},
        {"fail-on", 0, GCM_OPTION_CHOICE, &threshold, "review|refused",
         "end with 3 if there is such a decision, or a worse one"},
        GCM_APPLICATION_OPTIONS(open),
        {"clients", 0, GCM_OPTION_VALUE, &clients, "FOLDER",
         "also what the sources of a client ask, and whether it stays valid"},
        GCM_OPEN_OPTIONS(open),
        {0},
    };
    struct gcm_common_options common;
    int count = 0;
    int end = gcm_options_read(&gcm_command_report, options, argc, argv, &common, &path, 1, &count);
    if (end >= 0)
        return (enum gcm_exit)end;
    if (!count)
        return gcm_usage(&gcm_command_report, "PROJECT is missing");
    struct gcm_plan *plan = NULL;
    enum gcm_exit code = gcm_open_plan(arena, path, &open, &plan);
    if (code != GCM_EXIT_OK)
        return code;
    struct gcm_buffer out = gcm_buffer(arena, GCM_BUFFER_CAP);
    struct gcm_report_options wanted = {.color = common.color && !output,
                                        .verbose = common.verbose};
    code = clients ? check_clients(arena, clients, plan, &wanted) : code;
    if (code != GCM_EXIT_OK)
        return code;
    if (!strcmp(format, "json"))
        gcm_report_json(&out, plan, &wanted);
    else
        gcm_report_text(&out, plan, &wanted);
    if (output || !common.quiet)
        code = gcm_write_output(arena, output, gcm_buffer_text(&out));
    if (code == GCM_EXIT_OK && has_findings(plan, threshold))
        code = GCM_EXIT_FINDINGS;
    return code;
}

static enum gcm_exit run(int argc, char **argv)
{
    struct gcm_arena arena = {0};
    enum gcm_exit code = report(&arena, argc, argv);
    gcm_arena_free(&arena);
    return code;
}

const struct gcm_command gcm_command_report = {
    .name = "report",
    .summary = "say what becomes of every construct of a project",
    .arguments = "PROJECT [OPTION…]",
    .help =
        "Reads a Graphcool project (a folder with graphcool.yml, or a schema file of the console)\n"
        "and reports: whether the Framework itself would have taken it, what becomes of each "
        "type,\n"
        "field, relation, permission and function, what that costs, and what is left to do.\n"
        "With --clients also which operations of a client's sources stay valid for the Simple API\n"
        "that the application answers (`operations check` says more). Contacts nobody and changes\n"
        "nothing. Secrets are never printed.\n"
        "\n"
        "exit codes:\n"
        "  0  the report was written\n"
        "  1  the command line is wrong\n"
        "  2  PROJECT is no project, FOLDER no folder, or the rules of --rules are wrong\n"
        "  3  there are decisions at or above --fail-on\n"
        "  8  the output cannot be written\n"
        "\n"
        "examples:\n"
        "  graphcool-migrate report ./server\n"
        "  graphcool-migrate report ./server --format json --output report.json --fail-on "
        "refused\n",
    .run = run,
};
