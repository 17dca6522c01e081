/* verify: compares what the target holds with what the source had. */
#include "transfer/verify.h"
#include "cli/progress.h"
#include "cli/target.h"
#include "cli/workspace.h"
#include "core/interrupt.h"
#include "core/json.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FORMAT_VERSION = 1, LISTED = 200, TOKEN_SECONDS = 7 * 24 * 3600 };

struct verify_options {
    struct gcm_workspace_options workspace;
    struct gcm_target_options target;
    const char *format, *progress, *limit;
};

/* Where differences go while they are found. */
struct listing {
    struct gcm_arena *arena;
    struct gcm_buffer out; /* emptied whenever it was written */
    struct gcm_json json;
    struct gcm_progress *progress;
    bool is_json, failed;
    uint64_t limit, listed, left_out;
    GCM_VEC(struct gcm_unchecked) unchecked;
};

static void flush(struct listing *listing)
{
    struct gcm_slice text = gcm_buffer_text(&listing->out);
    gcm_progress_close(listing->progress);
    if (gcm_write_stdout(text) != GCM_EXIT_OK)
        listing->failed = true;
    listing->out.size = 0;
}

/* ---- as text ---- */

static void put_where(struct gcm_buffer *out, struct gcm_slice type, struct gcm_slice id,
                      struct gcm_slice field)
{
    gcm_put(out, type);
    if (id.size) {
        gcm_putc(out, ' ');
        gcm_put_visible(out, id);
    }
    if (field.size)
        gcm_putf(out, " %.*s", GCM_P(field));
}

static void put_difference(struct gcm_buffer *out, const struct gcm_difference *difference)
{
    put_where(out, difference->type, difference->id, difference->field);
    switch (difference->kind) {
    case GCM_DIFFERENCE_MISSING:
        gcm_puts(out, ": is not in the target");
        break;
    case GCM_DIFFERENCE_EXTRA:
        gcm_puts(out, ": is in the target only");
        break;
    case GCM_DIFFERENCE_MISSING_PAIR:
        gcm_putf(out, ": is not related to %.*s in the target", GCM_P(difference->source));
        break;
    case GCM_DIFFERENCE_EXTRA_PAIR:
        gcm_putf(out, ": is related to %.*s in the target only", GCM_P(difference->target));
        break;
    default:
        gcm_putf(out, ": source %.*s, target %.*s", GCM_P(difference->source),
                 GCM_P(difference->target));
    }
    if (difference->known.size)
        gcm_putf(out, " (known: %.*s)", GCM_P(difference->known));
    gcm_putc(out, '\n');
}

static void put_unchecked(struct gcm_buffer *out, const struct gcm_unchecked *unchecked)
{
    put_where(out, unchecked->type, unchecked->id, unchecked->field);
    gcm_putf(out, ": could not check: %.*s\n", GCM_P(unchecked->reason));
}

static void put_row(struct gcm_buffer *out, const char *kind, struct gcm_slice name,
                    const struct gcm_tally *tally)
{
    if (name.size && !tally->expected && !tally->extra)
        return;
    char figures[160];
    snprintf(figures, sizeof figures,
             " %10" PRIu64 " %10" PRIu64 " %10" PRIu64 " %10" PRIu64 " %10" PRIu64 " %10" PRIu64,
             tally->expected, tally->equal, tally->different, tally->missing, tally->extra,
             tally->unchecked);
    gcm_putf(out, "%-10s %-24.*s%s\n", kind, GCM_P(name), figures);
}

static void put_table(struct gcm_buffer *out, const struct gcm_verify_result *result, bool all)
{
    struct gcm_slice none = GCM_S("");
    gcm_putf(out, "%-35s %10s %10s %10s %10s %10s %10s\n", "", "expected", "equal", "different",
             "missing", "extra", "unchecked");
    put_row(out, "nodes", none, &result->all.nodes);
    put_row(out, "values", none, &result->all.values);
    put_row(out, "lists", none, &result->all.lists);
    put_row(out, "relations", none, &result->all.pairs);
    gcm_each (const struct gcm_verified, type, result->types) {
        if (!all && type->nodes.equal == type->nodes.expected && !type->nodes.extra)
            continue;
        put_row(out, "  nodes", type->name, &type->nodes);
        put_row(out, "  lists", type->name, &type->lists);
    }
    gcm_each (const struct gcm_verified, relation, result->relations)
        if (all || relation->pairs.equal != relation->pairs.expected || relation->pairs.extra)
            put_row(out, "  relation", relation->name, &relation->pairs);
}

static const char *verdict_text(enum gcm_verdict_of_data verdict)
{
    static const char *const texts[] = {
        "The data are equal.",
        "Partial: everything is equal but what was rejected, or was named by check.",
        "No difference was found, but not everything could be checked.", "The data differ."};
    return texts[verdict];
}

static void put_text_end(struct listing *listing, const struct gcm_verify_result *result,
                         bool verbose, bool finished)
{
    struct gcm_buffer *out = &listing->out;
    if (listing->left_out)
        gcm_putf(out, "… and %" PRIu64 " more (--limit)\n", listing->left_out);
    gcm_each (const struct gcm_unchecked, unchecked, listing->unchecked)
        put_unchecked(out, unchecked);
    put_table(out, result, verbose);
    gcm_putf(out, "%s\n",
             finished ? verdict_text(gcm_verify_verdict(result))
                      : "Not finished: what is not in this table was not compared.");
}

/* ---- as JSON ---- */

static void put_difference_json(struct gcm_json *json, const struct gcm_difference *difference)
{
    gcm_json_open(json, '{');
    gcm_json_member(json, "kind", gcm_slice_of(gcm_difference_names[difference->kind]));
    gcm_json_member(json, "type", difference->type);
    gcm_json_member(json, "id", difference->id);
    gcm_json_member_or_null(json, "field", difference->field);
    gcm_json_member_or_null(json, "source", difference->source);
    gcm_json_member_or_null(json, "target", difference->target);
    gcm_json_member_or_null(json, "known", difference->known);
    gcm_json_close(json, '}');
}

static void put_tally_json(struct gcm_json *json, const char *name, const struct gcm_tally *tally)
{
    gcm_json_key(json, name);
    gcm_json_open(json, '{');
    gcm_json_member_number(json, "expected", tally->expected);
    gcm_json_member_number(json, "equal", tally->equal);
    gcm_json_member_number(json, "different", tally->different);
    gcm_json_member_number(json, "missing", tally->missing);
    gcm_json_member_number(json, "extra", tally->extra);
    gcm_json_member_number(json, "known", tally->known);
    gcm_json_member_number(json, "unchecked", tally->unchecked);
    gcm_json_close(json, '}');
}

static void put_coverage_json(struct gcm_json *json, const struct gcm_verify_result *result)
{
    gcm_json_key(json, "coverage");
    gcm_json_open(json, '{');
    put_tally_json(json, "nodes", &result->all.nodes);
    put_tally_json(json, "values", &result->all.values);
    put_tally_json(json, "lists", &result->all.lists);
    put_tally_json(json, "relations", &result->all.pairs);
    gcm_json_close(json, '}');
    gcm_json_key(json, "types");
    gcm_json_open(json, '[');
    gcm_each (const struct gcm_verified, type, result->types) {
        gcm_json_open(json, '{');
        gcm_json_member(json, "name", type->name);
        put_tally_json(json, "nodes", &type->nodes);
        put_tally_json(json, "values", &type->values);
        put_tally_json(json, "lists", &type->lists);
        gcm_json_close(json, '}');
    }
    gcm_json_close(json, ']');
    gcm_json_key(json, "relations");
    gcm_json_open(json, '[');
    gcm_each (const struct gcm_verified, relation, result->relations) {
        gcm_json_open(json, '{');
        gcm_json_member(json, "name", relation->name);
        put_tally_json(json, "rows", &relation->pairs);
        gcm_json_close(json, '}');
    }
    gcm_json_close(json, ']');
}

static void put_json_end(struct listing *listing, const struct gcm_verify_result *result,
                         bool finished)
{
    static const char *const verdicts[] = {"equal", "partial", "unchecked", "differs"};
    struct gcm_json *json = &listing->json;
    gcm_json_close(json, ']');
    gcm_json_member_number(json, "notListed", listing->left_out);
    gcm_json_key(json, "unchecked");
    gcm_json_open(json, '[');
    gcm_each (const struct gcm_unchecked, unchecked, listing->unchecked) {
        gcm_json_open(json, '{');
        gcm_json_member(json, "type", unchecked->type);
        gcm_json_member_or_null(json, "id", unchecked->id);
        gcm_json_member_or_null(json, "field", unchecked->field);
        gcm_json_member(json, "reason", unchecked->reason);
        gcm_json_close(json, '}');
    }
    gcm_json_close(json, ']');
    put_coverage_json(json, result);
    gcm_json_member(json, "result",
                    finished ? gcm_slice_of(verdicts[gcm_verify_verdict(result)])
                             : GCM_S("unfinished"));
    gcm_json_close(json, '}');
    gcm_putc(&listing->out, '\n');
}

/* ---- the sink ---- */

static bool is_listed(struct listing *listing)
{
    if (listing->limit && listing->listed >= listing->limit) {
        listing->left_out++;
        return false;
    }
    listing->listed++;
    return true;
}

static void on_difference(void *context, const struct gcm_difference *difference)
{
    struct listing *listing = context;
    if (!is_listed(listing))
        return;
    if (listing->is_json)
        put_difference_json(&listing->json, difference);
    else
        put_difference(&listing->out, difference);
    flush(listing);
}

static void on_unchecked(void *context, const struct gcm_unchecked *unchecked)
{
    struct listing *listing = context;
    if (!is_listed(listing))
        return;
    *gcm_push(listing->arena, &listing->unchecked) = (struct gcm_unchecked){
        gcm_copy(listing->arena, unchecked->type), gcm_copy(listing->arena, unchecked->id),
        gcm_copy(listing->arena, unchecked->field), gcm_copy(listing->arena, unchecked->reason)};
}

/* ---- the command ---- */

static enum gcm_exit exit_of(const struct gcm_verify_result *result)
{
    static const enum gcm_exit exits[] = {GCM_EXIT_OK, GCM_EXIT_PARTIAL, GCM_EXIT_REMOTE,
                                          GCM_EXIT_DIFFERS};
    return exits[gcm_verify_verdict(result)];
}

static gcm_result remember(struct gcm_arena *arena, struct gcm_stage *stage,
                           const struct gcm_verify_result *result, bool finished,
                           struct gcm_error *err)
{
    struct gcm_slice outcome =
        gcm_format(arena,
                   "%" PRIu64 " of %" PRIu64 " nodes, %" PRIu64 " of %" PRIu64 " lists, %" PRIu64
                   " of %" PRIu64 " relation rows are equal. %s",
                   result->all.nodes.equal, result->all.nodes.expected, result->all.lists.equal,
                   result->all.lists.expected, result->all.pairs.equal, result->all.pairs.expected,
                   finished ? verdict_text(gcm_verify_verdict(result)) : "Not finished.");
    return gcm_stage_set_step(stage, GCM_STEP_VERIFY, finished ? GCM_STEP_DONE : GCM_STEP_STARTED,
                              GCM_S(""), outcome, err);
}

static enum gcm_exit verify(struct gcm_arena *arena, const struct verify_options *options,
                            const struct gcm_common_options *common,
                            struct gcm_workspace *workspace,
                            const struct gcm_service_target *target)
{
    struct gcm_error err = {0};
    struct gcm_progress_view view;
    struct gcm_progress progress = gcm_progress_open(&view, common, options->progress);
    struct listing listing = {.arena = arena,
                              .out = gcm_buffer(arena, GCM_BUFFER_CAP),
                              .progress = &progress,
                              .is_json = options->format && !strcmp(options->format, "json"),
                              .limit =
                                  options->limit ? strtoull(options->limit, NULL, 10) : LISTED};
    const struct gcm_verify_options how = {
        .endpoint = target->endpoint,
        .http = {.token = gcm_target_token(arena, target, TOKEN_SECONDS)}};
    const struct gcm_verify_sink sink = {on_difference, on_unchecked, &listing};
    struct gcm_verify_result result;
    listing.json = gcm_json(&listing.out);
    if (listing.is_json) {
        gcm_json_open(&listing.json, '{');
        gcm_json_member_number(&listing.json, "version", FORMAT_VERSION);
        gcm_json_key(&listing.json, "differences");
        gcm_json_open(&listing.json, '[');
    }
    gcm_result code = gcm_verify(arena, &workspace->maker, &how, &sink, &progress, &result, &err);
    gcm_progress_close(&progress);
    struct gcm_error after = {0};
    if (remember(arena, workspace->stage, &result, code == GCM_OK, &after) != GCM_OK &&
        code == GCM_OK)
        return gcm_report_error(&after);
    if (listing.is_json)
        put_json_end(&listing, &result, code == GCM_OK);
    else if (!common->quiet || result.differences || result.unchecked)
        put_text_end(&listing, &result, common->verbose, code == GCM_OK);
    flush(&listing);
    if (listing.failed)
        return GCM_EXIT_LOCAL;
    if (code != GCM_OK)
        return gcm_report_error(&err);
    return exit_of(&result);
}

static enum gcm_exit open_and_verify(struct gcm_arena *arena, const char *project,
                                     const struct verify_options *options,
                                     const struct gcm_common_options *common)
{
    struct gcm_error err = {0};
    struct gcm_service_target target;
    struct gcm_workspace workspace = {0};
    enum gcm_exit code = gcm_target_find(arena, &options->target, options->workspace.out, &target);
    if (code != GCM_EXIT_OK)
        return code;
    code = gcm_workspace_open(arena, project, &options->workspace, GCM_STAGE_WORK, &workspace);
    const struct gcm_guard guard = {.target = target.endpoint};
    if (code == GCM_EXIT_OK && gcm_stage_guard(workspace.stage, &guard, &err) != GCM_OK)
        code = gcm_report_error(&err);
    if (code == GCM_EXIT_OK)
        code = verify(arena, options, common, &workspace, &target);
    gcm_workspace_close(&workspace);
    return code;
}

static bool is_number(const char *text)
{
    return *text && strlen(text) < 19 && strspn(text, "0123456789") == strlen(text);
}

static enum gcm_exit run(int argc, char **argv)
{
    struct verify_options options = {0};
    struct gcm_common_options common;
    const char *project = NULL;
    int count;
    const struct gcm_option table[] = {
        GCM_WORKSPACE_OPTIONS(options.workspace),
        GCM_TARGET_OPTIONS(options.target),
        {"format", 'f', GCM_OPTION_CHOICE, &options.format, "text|json", "of the result (text)"},
        {"limit", 0, GCM_OPTION_VALUE, &options.limit, "N",
         "list so many differences, 0: all of them (200)"},
        GCM_PROGRESS_OPTION(options.progress),
        {0},
    };
    int end =
        gcm_options_read(&gcm_command_verify, table, argc, argv, &common, &project, 1, &count);
    if (end >= 0)
        return (enum gcm_exit)end;
    if (count != 1)
        return gcm_usage(&gcm_command_verify, "which project?");
    if (options.limit && !is_number(options.limit))
        return gcm_usage(&gcm_command_verify, "--limit takes a number");
    struct gcm_arena arena = {0};
    gcm_interrupt_catch();
    enum gcm_exit code = open_and_verify(&arena, project, &options, &common);
    gcm_arena_free(&arena);
    return code;
}

const struct gcm_command gcm_command_verify = {
    .name = "verify",
    .summary = "compare the target's data with the source's",
    .arguments = "PROJECT [--endpoint URL] [OPTION…]",
    .help =
        "Reads every record, list and relation row back through the API of the Prisma service and\n"
        "compares it by value with what `export` staged, as the plan changes it (docs/verify.md).\n"
        "What was rejected by the target or foretold by `check` is listed as known.\n\n"
        "exit codes:\n"
        "  0    everything was compared and is equal\n"
        "  1    the command line is wrong\n"
        "  2    PROJECT is no project, or nothing was exported\n"
        "  4    something could not be checked, or the service cannot be reached or refuses\n"
        "  5    the data differ\n"
        "  6    partial: all that differs was rejected, or foretold by check\n"
        "  7    the stage is in use, or belongs to another project or target\n"
        "  8    the stage is damaged, or the output cannot be written\n"
        "  130  interrupted\n\n"
        "example: graphcool-migrate verify ./server --out app --format json\n",
    .run = run,
};
