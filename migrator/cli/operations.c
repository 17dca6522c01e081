/* operations: what a client asks, judged and rewritten. */
#include "api/api.h"
#include "cli/open.h"
#include "operations/print.h"
#include "operations/rewrite.h"

#include <stdio.h>
#include <string.h>

struct settings {
    const char *api, *format, *output;
    bool write;
    struct gcm_open_options open;
    struct gcm_common_options common;
    const char *words[3]; /* check or convert, PROJECT, FOLDER */
};

static enum gcm_exit print(struct gcm_arena *arena, const struct settings *settings,
                           struct gcm_slice text)
{
    if (!settings->output && settings->common.quiet)
        return GCM_EXIT_OK;
    return gcm_write_output(arena, settings->output, text);
}

/* ---- check ---------------------------------------------------------------------------------- */

static enum gcm_exit check(struct gcm_arena *arena, const struct settings *settings,
                           const struct gcm_targets *targets, const struct gcm_schema *after)
{
    struct gcm_operations *operations = NULL;
    enum gcm_exit code = gcm_open_clients(arena, settings->words[2], targets, after, &operations);
    if (code != GCM_EXIT_OK)
        return code;
    struct gcm_buffer out = gcm_buffer(arena, GCM_BUFFER_CAP);
    if (!strcmp(settings->format, "json")) {
        struct gcm_json json = gcm_json(&out);
        gcm_json_open(&json, '{');
        gcm_json_member(&json, "api", gcm_slice_of(settings->api));
        gcm_operations_json(&json, operations, true);
        gcm_json_close(&json, '}');
    } else {
        gcm_operations_text(&out, operations);
    }
    code = print(arena, settings, gcm_buffer_text(&out));
    struct gcm_operation_counts counts = gcm_operations_count(operations);
    bool findings = counts.after < counts.all || operations->unread.count ||
                    operations->clients->problems.count;
    return code == GCM_EXIT_OK && findings ? GCM_EXIT_FINDINGS : code;
}

/* ---- convert -------------------------------------------------------------------------------- */

static enum gcm_exit rewrite(struct gcm_arena *arena, const struct settings *settings,
                             const struct gcm_conversions *conversions)
{
    struct gcm_slices written = {0};
    struct gcm_error err = {0};
    gcm_result result = gcm_clients_rewrite(arena, conversions, &written, &err);
    gcm_each (const struct gcm_slice, path, written)
        if (!settings->common.quiet)
            fprintf(stderr, "rewritten: %.*s (the old text is in %.*s.bak)\n", GCM_P(*path),
                    GCM_P(*path));
    return result == GCM_OK ? GCM_EXIT_OK : gcm_report_error(&err);
}

static enum gcm_exit convert(struct gcm_arena *arena, const struct settings *settings,
                             const struct gcm_targets *targets, const struct gcm_schema *native)
{
    struct gcm_operations *operations = NULL;
    enum gcm_exit code = gcm_open_clients(arena, settings->words[2], targets, native, &operations);
    if (code != GCM_EXIT_OK)
        return code;
    struct gcm_conversions *conversions =
        gcm_operations_convert(arena, operations, targets, native);
    struct gcm_buffer out = gcm_buffer(arena, GCM_BUFFER_CAP);
    if (!strcmp(settings->format, "json")) {
        struct gcm_json json = gcm_json(&out);
        gcm_json_open(&json, '{');
        gcm_conversions_json(&json, conversions);
        gcm_json_close(&json, '}');
    } else {
        gcm_conversions_text(&out, conversions);
    }
    code = print(arena, settings, gcm_buffer_text(&out));
    if (code == GCM_EXIT_OK && settings->write)
        code = rewrite(arena, settings, conversions);
    bool findings =
        conversions->refused || operations->unread.count || operations->clients->problems.count;
    return code == GCM_EXIT_OK && findings ? GCM_EXIT_FINDINGS : code;
}

/* ---- the command ---------------------------------------------------------------------------- */

static enum gcm_exit work(struct gcm_arena *arena, const struct settings *settings)
{
    struct gcm_plan *plan = NULL;
    enum gcm_exit code = gcm_open_plan(arena, settings->words[1], &settings->open, &plan);
    if (code != GCM_EXIT_OK)
        return code;
    const struct gcm_targets *targets = gcm_targets_of(arena, plan);
    if (!targets->datamodel) {
        fprintf(stderr,
                "graphcool-migrate: this project has no Prisma datamodel; graphcool-migrate report "
                "%s says why\n",
                settings->words[1]);
        return GCM_EXIT_FINDINGS;
    }
    bool converts = !strcmp(settings->words[0], "convert");
    bool native = converts || !strcmp(settings->api, "native");
    const struct gcm_document *after =
        native ? gcm_api_native(arena, targets->datamodel, plan->project)
               : gcm_targets_simple(targets);
    const struct gcm_schema *schema = gcm_schema_of(arena, after);
    return converts ? convert(arena, settings, targets, schema)
                    : check(arena, settings, targets, schema);
}

static enum gcm_exit operations(struct gcm_arena *arena, int argc, char **argv)
{
    struct settings settings = {.api = "simple", .format = "text"};
    const struct gcm_option options[] = {
        {"api", 0, GCM_OPTION_CHOICE, &settings.api, "simple|native",
         "check: the API that clients will meet (simple)"},
        {"write", 'w', GCM_OPTION_FLAG, &settings.write, NULL,
         "convert: rewrite the files; old texts stay beside them as NAME.bak"},
        {"format", 'f', GCM_OPTION_CHOICE, &settings.format, "text|json",
         "how it is written (text)"},
        {"output", 'o', GCM_OPTION_VALUE, &settings.output, "FILE", "where to; without it, stdout"},
        GCM_OPEN_OPTIONS(settings.open),
        {0},
    };
    int count = 0;
    int end = gcm_options_read(&gcm_command_operations, options, argc, argv, &settings.common,
                               settings.words, 3, &count);
    if (end >= 0)
        return (enum gcm_exit)end;
    bool converts = count && !strcmp(settings.words[0], "convert");
    if (!count || (!converts && strcmp(settings.words[0], "check") != 0))
        return gcm_usage(&gcm_command_operations, "say `check` or `convert`");
    if (count < 3)
        return gcm_usage(&gcm_command_operations,
                         count < 2 ? "PROJECT is missing" : "FOLDER is missing");
    if (settings.write && !converts)
        return gcm_usage(&gcm_command_operations, "--write is for `convert`");
    return work(arena, &settings);
}

static enum gcm_exit run(int argc, char **argv)
{
    struct gcm_arena arena = {0};
    enum gcm_exit code = operations(&arena, argc, argv);
    gcm_arena_free(&arena);
    return code;
}

const struct gcm_command gcm_command_operations = {
    .name = "operations",
    .summary = "check what clients ask, or rewrite it for the native API",
    .arguments = "check|convert PROJECT FOLDER [OPTION…]",
    .help =
        "Reads the GraphQL of a client: .graphql and .gql files, and the literals gql`…`,\n"
        "graphql`…` and /* GraphQL */ `…` in JavaScript, TypeScript and Vue files of FOLDER.\n"
        "`check` says of each operation whether it was valid for the Simple API of PROJECT, and\n"
        "whether it will be for the API afterwards (--api), with the place of what breaks.\n"
        "`convert` rewrites each from the Simple API to the native one (--api native of convert)\n"
        "and prints old and new; response keys stay by aliases, and what differs is told. What\n"
        "cannot be rewritten faithfully is refused, with the reason. Without --write no file is\n"
        "changed. Contacts nobody.\n"
        "\n"
        "exit codes:\n"
        "  0  check: all are valid afterwards; convert: all were converted\n"
        "  1  the command line is wrong\n"
        "  2  PROJECT is no project, FOLDER no folder, or the rules of --rules are wrong\n"
        "  3  some are not valid or not converted, or could not be read; or there is no datamodel\n"
        "  8  the output or a file cannot be written\n"
        "\n"
        "examples:\n"
        "  graphcool-migrate operations check ./server ./client/src\n"
        "  graphcool-migrate operations convert ./server ./client/src --write\n",
    .run = run,
};
