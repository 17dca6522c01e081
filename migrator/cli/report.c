/* report: what became of every construct. */
#include "cli/open.h"

#include "core/file.h"
#include "report/report.h"

#include <string.h>

static bool has_findings(const struct gcm_plan *plan, const char *threshold)
{
    if (!threshold)
        return false;
    return plan->outcomes[GCM_REFUSED] ||
           (!strcmp(threshold, "review") && plan->outcomes[GCM_REVIEW]);
}

static enum gcm_exit write_report(struct gcm_arena *arena, const char *output,
                                  struct gcm_slice text)
{
    if (!output)
        return gcm_write_stdout(text);
    struct gcm_error err = {0};
    if (gcm_file_write(arena, gcm_slice_of(output), text, &err) == GCM_OK)
        return GCM_EXIT_OK;
    err.code = GCM_ENVIRONMENT;
    return gcm_report_error(&err);
}

static enum gcm_exit report(struct gcm_arena *arena, int argc, char **argv)
{
    struct gcm_open_options open = {0};
    const char *format = "text", *output = NULL, *threshold = NULL, *path = NULL;
    const struct gcm_option options[] = {
        {"format", 'f', GCM_OPTION_CHOICE, &format, "text|json", "how it is written (text)"},
        {"output", 'o', GCM_OPTION_VALUE, &output, "FILE", "where to; without it, stdout"},
        {"fail-on", 0, GCM_OPTION_CHOICE, &threshold, "review|refused",
         "end with 3 if there is such a decision, or a worse one"},
        GCM_APPLICATION_OPTIONS(open),
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
    const struct gcm_report_options wanted = {.color = common.color && !output,
                                              .verbose = common.verbose};
    if (!strcmp(format, "json"))
        gcm_report_json(&out, plan);
    else
        gcm_report_text(&out, plan, &wanted);
    if (output || !common.quiet)
        code = write_report(arena, output, gcm_buffer_text(&out));
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
        "Contacts nobody and changes nothing. Secrets are never printed.\n"
        "\n"
        "exit codes:\n"
        "  0  the report was written\n"
        "  1  the command line is wrong\n"
        "  2  PROJECT is no project, or the rules of --rules are wrong\n"
        "  3  there are decisions at or above --fail-on\n"
        "  8  the output cannot be written\n"
        "\n"
        "examples:\n"
        "  graphcool-migrate report ./server\n"
        "  graphcool-migrate report ./server --format json --output report.json --fail-on "
        "refused\n",
    .run = run,
};
