/* check: what the target would refuse, or change, of the staged data. */
#include "cli/check_report.h"
#include "cli/progress.h"

#include "core/interrupt.h"

#include <stdio.h>
#include <string.h>

/* `--repair none` takes the earlier ones back. */
static enum gcm_exit check_repairs(const struct gcm_workspace *workspace)
{
    gcm_each (const struct gcm_slice, id, workspace->repairs.rules) {
        const struct gcm_rule *rule = gcm_rule_named(workspace->plan->rules, *id);
        if (rule && rule->repair.size)
            continue;
        fprintf(stderr, "graphcool-migrate: --repair %.*s: %s\n", GCM_P(*id),
                rule ? "this rule offers no repair" : "there is no such rule");
        return GCM_EXIT_USAGE;
    }
    return GCM_EXIT_OK;
}

static bool has_findings(const struct gcm_check_result *result, const char *threshold)
{
    for (int outcome = GCM_REFUSED; outcome > GCM_AUTOMATIC; outcome--) {
        if (result->outcomes[outcome])
            return true;
        if (!strcmp(threshold, gcm_outcome_name((enum gcm_outcome)outcome)))
            return false;
    }
    return false;
}

struct check_options {
    struct gcm_workspace_options workspace;
    struct gcm_common_options common;
    const char *project, *format, *threshold, *show, *progress;
};

static enum gcm_exit check_open(struct gcm_arena *arena, const struct check_options *options,
                                struct gcm_workspace *workspace)
{
    struct gcm_progress_view bar = {0};
    struct gcm_progress progress = gcm_progress_open(&bar, &options->common, options->progress);
    struct gcm_check_result result = {0};
    struct gcm_error err = {0};
    enum gcm_exit code = check_repairs(workspace);
    if (code != GCM_EXIT_OK)
        return code;
    gcm_interrupt_catch();
    gcm_result checked = gcm_check(arena, &workspace->maker, &progress, &result, &err);
    gcm_progress_close(&progress);
    if (checked == GCM_OK)
        checked = gcm_workspace_keep_repairs(workspace, &err);
    if (checked != GCM_OK)
        return gcm_report_error(&err);
    const struct gcm_check_view view = {.workspace = workspace,
                                        .result = &result,
                                        .show = options->show,
                                        .color = options->common.color};
    if (!options->common.quiet)
        code = strcmp(options->format, "json") ? gcm_check_text(arena, &view)
                                               : gcm_check_json(arena, &view);
    if (code == GCM_EXIT_OK && has_findings(&result, options->threshold))
        code = GCM_EXIT_FINDINGS;
    return code;
}

static enum gcm_exit check(struct gcm_arena *arena, int argc, char **argv)
{
    struct check_options wanted = {.format = "text", .threshold = "refused"};
    const struct gcm_option options[] = {
        {"repair", 0, GCM_OPTION_MANY, &wanted.workspace.repairs, "RULE",
         "do what the rule offers for its findings; none: forget earlier ones; repeatable"},
        {"show", 's', GCM_OPTION_VALUE, &wanted.show, "RULE|all",
         "list every record that a rule found"},
        {"format", 'f', GCM_OPTION_CHOICE, &wanted.format, "text|json", "how it is written (text)"},
        {"fail-on", 0, GCM_OPTION_CHOICE, &wanted.threshold, "adapted|review|refused",
         "end with 3 if there is such a finding, or a worse one (refused)"},
        GCM_PROGRESS_OPTION(wanted.progress),
        GCM_WORKSPACE_OPTIONS(wanted.workspace),
        {0},
    };
    int count = 0;
    int end = gcm_options_read(&gcm_command_check, options, argc, argv, &wanted.common,
                               &wanted.project, 1, &count);
    if (end >= 0)
        return (enum gcm_exit)end;
    if (!count)
        return gcm_usage(&gcm_command_check, "PROJECT is missing");
    struct gcm_workspace workspace = {0};
    enum gcm_exit code =
        gcm_workspace_open(arena, wanted.project, &wanted.workspace, GCM_STAGE_WORK, &workspace);
    if (code == GCM_EXIT_OK)
        code = check_open(arena, &wanted, &workspace);
    gcm_workspace_close(&workspace);
    return code;
}

static enum gcm_exit run(int argc, char **argv)
{
    struct gcm_arena arena = {0};
    enum gcm_exit code = check(&arena, argc, argv);
    gcm_arena_free(&arena);
    return code;
}

const struct gcm_command gcm_command_check = {
    .name = "check",
    .summary = "say what the target would refuse or change of the staged data",
    .arguments = "PROJECT [OPTION…]",
    .help =
        "Makes every staged record as `import` would send it, and reports what the target would\n"
        "refuse, or change without a word, before a byte is sent: by rule, with the ids of the\n"
        "records. Repairs are never made by themselves: --repair RULE asks for one; what was\n"
        "asked for is kept in the stage, and `import` and `verify` follow it. Contacts nobody.\n"
        "Values of Password fields are never printed.\n"
        "\n"
        "exit codes:\n"
        "  0    nothing at or above --fail-on was found\n"
        "  1    the command line is wrong\n"
        "  2    PROJECT is no project, or there is no stage\n"
        "  3    there are findings at or above --fail-on\n"
        "  7    the stage belongs to another project or is in use, or the export is not "
        "finished\n"
        "  8    the stage is damaged, or the output cannot be written\n"
        "  130  interrupted\n"
        "\n"
        "examples:\n"
        "  graphcool-migrate check ./server --out app\n"
        "  graphcool-migrate check ./server --database postgres --repair GCM-REC-030\n"
        "  graphcool-migrate check ./server --show GCM-REC-088\n",
    .run = run,
};
