/* import: sends the staged records to a Prisma service, or writes them into files. */
#include "transfer/import.h"
#include "cli/progress.h"
#include "cli/target.h"
#include "cli/workspace.h"
#include "core/file.h"
#include "core/interrupt.h"
#include "core/json.h"
#include "report/page.h"
#include "transfer/check.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SHOWN = 20, LARGEST_CHUNK = 50 * 1024 * 1024 };

struct options {
    struct gcm_workspace_options workspace;
    struct gcm_target_options target;
    struct gcm_common_options common;
    const char *project, *progress, *format;
    const char *to_zip, *to_dir, *rejects;
    const char *max_rejects, *chunk_size, *in_flight, *settle, *timeout;
    bool force, into_filled;
    struct gcm_import_options import;
};

/* ---- what check says ---- */

static unsigned long long count_refused(const struct gcm_workspace *workspace,
                                        const struct gcm_finding_counts *counts)
{
    unsigned long long refused = 0;
    for (size_t i = 0; i < counts->count; i++) {
        struct gcm_slice id = counts->at[i].rule;
        const struct gcm_rule *rule = gcm_rule_named(workspace->plan->rules, id);
        if (rule && rule->outcome == GCM_REFUSED && !gcm_is_repaired(&workspace->repairs, id))
            refused += counts->at[i].count;
    }
    return refused;
}

/* Nothing leaves before `check` has looked at these records as this plan makes them. */
static enum gcm_exit make_sure(struct gcm_arena *arena, const struct options *options,
                               const struct gcm_workspace *workspace, struct gcm_progress *progress)
{
    struct gcm_error err = {0};
    struct gcm_step_row row;
    struct gcm_check_result checked = {0};
    gcm_result result = gcm_stage_step(workspace->stage, GCM_STEP_CHECK, &row, &err);
    if (result == GCM_OK && row.state == GCM_STEP_DONE)
        result = gcm_findings_count(workspace->stage, arena, &checked.counts, &err);
    else if (result == GCM_OK)
        result = gcm_check(arena, &workspace->maker, progress, &checked, &err);
    gcm_progress_close(progress);
    if (result != GCM_OK)
        return gcm_report_error(&err);
    unsigned long long refused = count_refused(workspace, &checked.counts);
    if (!refused)
        return GCM_EXIT_OK;
    if (options->force)
        return GCM_EXIT_OK;
    fprintf(stderr,
            "graphcool-migrate: the target would refuse, or change without a word, what %llu "
            "finding%s of `check` name%s\n"
            "  Look at them with `check`; repair them there (--repair RULE), or import with "
            "--force: what cannot\n  be sent is then listed among the rejects, and nothing is "
            "changed silently.\n",
            refused, refused == 1 ? "" : "s", refused == 1 ? "s" : "");
    return GCM_EXIT_FINDINGS;
}

/* ---- results ---- */

static void put_text(struct gcm_buffer *out, struct gcm_arena *arena,
                     const struct gcm_import_result *result, bool finished, bool files,
                     struct gcm_slice reasons)
{
    gcm_putf(out, "%s: %.*s, %.*s and %.*s%s", finished ? "imported" : "so far",
             GCM_P(gcm_counted(arena, result->nodes, "node")),
             GCM_P(gcm_counted(arena, result->lists, "list")),
             GCM_P(gcm_counted(arena, result->pairs, "relation row")), files ? " written" : "");
    if (result->requests)
        gcm_putf(out, " (%.*s, %.1f MB)", GCM_P(gcm_counted(arena, result->requests, "request")),
                 (double)result->bytes / 1e6);
    gcm_putc(out, '\n');
    if (result->rejects && !files)
        gcm_putf(out, "%" PRIu64 " rejected: %.*s says why\n", result->rejects, GCM_P(reasons));
}

static void put_json(struct gcm_buffer *out, const struct gcm_import_result *result, bool finished,
                     struct gcm_slice reasons)
{
    struct gcm_json json = gcm_json(out);
    gcm_json_open(&json, '{');
    gcm_json_member_number(&json, "version", 1);
    gcm_json_member_bool(&json, "finished", finished);
    gcm_json_member_number(&json, "nodes", result->nodes);
    gcm_json_member_number(&json, "lists", result->lists);
    gcm_json_member_number(&json, "relations", result->pairs);
    gcm_json_member_number(&json, "requests", result->requests);
    gcm_json_member_number(&json, "bytes", result->bytes);
    gcm_json_member_number(&json, "rejects", result->rejects);
    gcm_json_member_or_null(&json, "reasons", result->rejects ? reasons : (struct gcm_slice){0});
    gcm_json_close(&json, '}');
    gcm_putc(out, '\n');
}

/* `reasons`: the file with a line for each record that was rejected, or left out. */
static enum gcm_exit print_result(struct gcm_arena *arena, const struct options *options,
                                  const struct gcm_import_result *result, bool finished,
                                  struct gcm_slice reasons)
{
    struct gcm_buffer out = gcm_buffer(arena, GCM_BUFFER_CAP);
    if (options->format && !strcmp(options->format, "json"))
        put_json(&out, result, finished, reasons);
    else if (!options->common.quiet)
        put_text(&out, arena, result, finished, options->to_zip || options->to_dir, reasons);
    return gcm_write_stdout(gcm_buffer_text(&out));
}

static enum gcm_exit exit_of(const struct gcm_import_result *result)
{
    return result->rejects ? GCM_EXIT_PARTIAL : GCM_EXIT_OK;
}

/* ---- to files ---- */

struct left_outs {
    FILE *file;
    struct gcm_arena *arena;
    struct gcm_slice path;
    bool failed;
};

/* One JSON line each, beside the files. */
static void on_left_out(void *context, const struct gcm_left_out *left_out)
{
    struct left_outs *all = context;
    struct gcm_arena arena = {0};
    struct gcm_buffer line = gcm_buffer(&arena, GCM_BUFFER_CAP);
    const struct {
        const char *name;
        struct gcm_slice text;
    } members[] = {{"type", left_out->type},
                   {"id", left_out->id},
                   {"field", left_out->field},
                   {"reason", left_out->reason}};
    if (!all->file && !all->failed)
        all->file = fopen(gcm_cstring(all->arena, all->path), "w");
    all->failed = !all->file;
    gcm_putc(&line, '{');
    for (size_t i = 0; i < 4; i++) {
        if (!members[i].text.size)
            continue;
        gcm_putf(&line, "%s\"%s\":", line.size > 1 ? "," : "", members[i].name);
        gcm_put_raw_string(&line, members[i].text);
    }
    gcm_puts(&line, "}\n");
    struct gcm_slice text = gcm_buffer_text(&line);
    if (all->file && fwrite(text.at, 1, text.size, all->file) != text.size)
        all->failed = true;
    gcm_arena_free(&arena);
}

static enum gcm_exit to_files(struct gcm_arena *arena, const struct options *options,
                              const struct gcm_workspace *workspace, struct gcm_progress *progress)
{
    struct gcm_error err = {0};
    struct gcm_import_result result;
    struct gcm_slice path = gcm_slice_of(options->to_zip ? options->to_zip : options->to_dir);
    while (path.size > 1 && gcm_slice_ends(path, "/"))
        path.size--;
    struct left_outs left_outs = {.arena = arena,
                                  .path = gcm_format(arena, "%.*s.left-out.jsonl", GCM_P(path))};
    const struct gcm_import_files files = {.path = path,
                                           .chunk_size = options->import.chunk_size,
                                           .left_out = on_left_out,
                                           .context = &left_outs};
    gcm_result code =
        gcm_import_to_files(arena, &workspace->maker, &files, progress, &result, &err);
    gcm_progress_close(progress);
    if (left_outs.file && fclose(left_outs.file) != 0)
        left_outs.failed = true;
    if (code != GCM_OK)
        return gcm_report_error(&err);
    if (left_outs.failed) {
        fprintf(stderr, "graphcool-migrate: %.*s cannot be written\n", GCM_P(left_outs.path));
        return GCM_EXIT_LOCAL;
    }
    if (result.rejects)
        fprintf(stderr,
                "graphcool-migrate: %" PRIu64 " values and records that prisma1 import refuses "
                "were left out; they are named in %.*s\n",
                result.rejects, GCM_P(left_outs.path));
    enum gcm_exit printed = print_result(arena, options, &result, true, left_outs.path);
    return printed == GCM_EXIT_OK ? exit_of(&result) : printed;
}

/* ---- to a service ---- */

static enum gcm_exit to_service(struct gcm_arena *arena, struct options *options,
                                const struct gcm_workspace *workspace,
                                const struct gcm_service_target *target,
                                struct gcm_progress *progress)
{
    struct gcm_error err = {0};
    struct gcm_import_result result = {0};
    options->import.endpoint = target->endpoint;
    options->import.secret = target->secret;
    options->import.service = target->service;
    options->import.rejects_folder =
        options->rejects ? gcm_slice_of(options->rejects)
                         : gcm_path_join(arena, workspace->folder, GCM_S("rejects"));
    gcm_result code =
        gcm_import(arena, &workspace->maker, &options->import, progress, &result, &err);
    gcm_progress_close(progress);
    bool finished = code == GCM_OK && !result.too_many_rejects;
    enum gcm_exit printed = GCM_EXIT_OK;
    if (code == GCM_OK || code == GCM_INTERRUPTED || result.nodes)
        printed = print_result(
            arena, options, &result, finished,
            gcm_path_join(arena, options->import.rejects_folder, GCM_S("reasons.jsonl")));
    if (code == GCM_INTERRUPTED) {
        fputs("graphcool-migrate: interrupted; import again to go on\n", stderr);
        return GCM_EXIT_INTERRUPTED;
    }
    if (code != GCM_OK)
        return gcm_report_error(&err);
    if (result.too_many_rejects)
        fputs("graphcool-migrate: stopped: more rejects than --max-rejects allows; import again "
              "with more to go on\n",
              stderr);
    return printed == GCM_EXIT_OK ? exit_of(&result) : printed;
}

static enum gcm_exit open_and_import(struct gcm_arena *arena, struct options *options)
{
    struct gcm_service_target target = {0};
    struct gcm_workspace workspace = {0};
    struct gcm_progress_view view = {0};
    struct gcm_progress progress = gcm_progress_open(&view, &options->common, options->progress);
    bool files = options->to_zip || options->to_dir;
    enum gcm_exit code = GCM_EXIT_OK;
    if (!files)
        code = gcm_target_find(arena, &options->target, options->workspace.out, &target);
    if (code == GCM_EXIT_OK)
        code = gcm_workspace_open(arena, options->project, &options->workspace, GCM_STAGE_WORK,
                                  &workspace);
    if (code == GCM_EXIT_OK)
        code = make_sure(arena, options, &workspace, &progress);
    if (code == GCM_EXIT_OK)
        code = files ? to_files(arena, options, &workspace, &progress)
                     : to_service(arena, options, &workspace, &target, &progress);
    gcm_progress_close(&progress);
    gcm_workspace_close(&workspace);
    return code;
}

/* ---- the command line ---- */

/* A number of seconds, as milliseconds; false: it is none. */
static bool read_seconds(const char *text, long *ms)
{
    char *end = NULL;
    double seconds = text ? strtod(text, &end) : 0;
    if (!text)
        return true;
    if (end == text || *end || !(seconds > 0) || seconds > 86400)
        return false;
    *ms = (long)(seconds * 1000);
    return *ms > 0;
}

static bool read_number(const char *text, uint64_t least, uint64_t most, uint64_t *number)
{
    if (!text)
        return true;
    if (!*text || strlen(text) > 18 || strspn(text, "0123456789") != strlen(text))
        return false;
    *number = strtoull(text, NULL, 10);
    return *number >= least && *number <= most;
}

static const char *read_figures(struct options *options)
{
    struct gcm_import_options *import = &options->import;
    uint64_t chunk = 0, in_flight = 0;
    long timeout = 0;
    import->max_rejects = UINT64_MAX;
    import->into_filled = options->into_filled;
    if (!read_number(options->max_rejects, 0, UINT64_MAX, &import->max_rejects))
        return "--max-rejects takes a number";
    if (!read_number(options->chunk_size, 1, LARGEST_CHUNK, &chunk))
        return "--chunk-size takes a number of bytes, at most 52428800";
    if (!read_number(options->in_flight, 1, 16, &in_flight))
        return "--in-flight takes a number from 1 to 16";
    if (!read_seconds(options->settle, &import->settle_ms))
        return "--settle takes a number of seconds above 0";
    if (!read_seconds(options->timeout, &timeout))
        return "--timeout takes a number of seconds above 0";
    import->chunk_size = (size_t)chunk;
    import->in_flight = (unsigned)in_flight;
    import->http.timeout_ms = timeout;
    /* the server says nothing while it stores: no silence is too long before the time is over */
    import->http.stall_ms = timeout ? timeout : 610000;
    if (options->to_zip && options->to_dir)
        return "--to-zip or --to-dir, not both";
    if (options->to_zip && !gcm_slice_ends(gcm_slice_of(options->to_zip), ".zip"))
        return "--to-zip takes the name of a file that ends in .zip";
    return NULL;
}

static enum gcm_exit run(int argc, char **argv)
{
    struct options options = {0};
    int count = 0;
    const struct gcm_option table[] = {
        GCM_WORKSPACE_OPTIONS(options.workspace),
        GCM_TARGET_OPTIONS(options.target),
        {"to-zip", 0, GCM_OPTION_VALUE, &options.to_zip, "FILE",
         "write a zip for prisma1 import instead of sending"},
        {"to-dir", 0, GCM_OPTION_VALUE, &options.to_dir, "FOLDER", "the same as files in a folder"},
        {"force", 0, GCM_OPTION_FLAG, &options.force, NULL,
         "send although check found what the target refuses"},
        {"into-filled", 0, GCM_OPTION_FLAG, &options.into_filled, NULL,
         "send to a service that has nodes already"},
        {"rejects", 0, GCM_OPTION_VALUE, &options.rejects, "FOLDER",
         "where rejected records are written (rejects, in the workspace)"},
        {"max-rejects", 0, GCM_OPTION_VALUE, &options.max_rejects, "N",
         "stop when there are more (never)"},
        {"chunk-size", 0, GCM_OPTION_VALUE, &options.chunk_size, "BYTES",
         "of a request or file (found by itself: from 1 MB on)"},
        {"in-flight", 0, GCM_OPTION_VALUE, &options.in_flight, "N", "requests at once (4)"},
        {"timeout", 0, GCM_OPTION_VALUE, &options.timeout, "SECONDS",
         "how long an answer may take (610)"},
        {"settle", 0, GCM_OPTION_VALUE, &options.settle, "SECONDS",
         "pause before asking again what became of a lost request (1)"},
        {"format", 'f', GCM_OPTION_CHOICE, &options.format, "text|json", "of the result (text)"},
        GCM_PROGRESS_OPTION(options.progress),
        {0},
    };
    int end = gcm_options_read(&gcm_command_import, table, argc, argv, &options.common,
                               &options.project, 1, &count);
    if (end >= 0)
        return (enum gcm_exit)end;
    if (count != 1)
        return gcm_usage(&gcm_command_import, "which project?");
    const char *wrong = read_figures(&options);
    if (wrong)
        return gcm_usage(&gcm_command_import, wrong);
    struct gcm_arena arena = {0};
    gcm_interrupt_catch();
    enum gcm_exit code = open_and_import(&arena, &options);
    gcm_arena_free(&arena);
    return code;
}

const struct gcm_command gcm_command_import = {
    .name = "import",
    .summary = "send the staged data to the Prisma service",
    .arguments = "PROJECT [--endpoint URL | --to-zip FILE | --to-dir FOLDER] [OPTION…]",
    .help =
        "Sends what `export` staged, as the plan changes it: nodes, then lists, then relations.\n"
        "The service is that of prisma/prisma.yml and .env of the converted project (--out),\n"
        "unless --endpoint says otherwise; its secret comes from --secret-file, PRISMA_SECRET or\n"
        "those files, and signs tokens that last a day. Runs `check` first if that\n"
        "was not done, and stops where it finds what the target refuses or falsifies.\n"
        "\n"
        "Each request is written down before it leaves. After Ctrl-C, a crash or a lost "
        "connection\n"
        "the same command goes on: the service is asked what it has, and nothing is sent twice.\n"
        "A record that the service refuses is isolated and written to the rejects folder, with\n"
        "the service's reason; the rest goes on (docs/stage-file.md).\n"
        "\n"
        "exit codes:\n"
        "  0    everything is in the target\n"
        "  1    the command line is wrong\n"
        "  2    PROJECT is no project, or nothing was exported\n"
        "  3    check has findings that stop an import; nothing was sent\n"
        "  4    the service cannot be reached or refuses; import again to go on\n"
        "  6    some records were rejected, the rest is in the target\n"
        "  7    the stage is in use or belongs to something else, or the target is not empty\n"
        "  8    a local file cannot be written, or the stage is damaged\n"
        "  130  interrupted; import again to go on\n"
        "\n"
        "examples:\n"
        "  graphcool-migrate import ./server\n"
        "  graphcool-migrate import ./server --endpoint http://localhost:4466/blog/dev\n"
        "  graphcool-migrate import ./server --to-zip blog.zip\n",
    .run = run,
};
