/* export: reads a source's data into the stage. */
#include "cli/progress.h"
#include "cli/workspace.h"

#include "core/interrupt.h"
#include "core/json.h"
#include "http/token.h"
#include "report/page.h"
#include "transfer/export.h"

#include <string.h>

enum { NAMED = 3 }; /* findings of a rule that the text names one by one, as check does */

struct export_options {
    struct gcm_workspace_options workspace;
    const char *from, *endpoint, *service_id, *host, *token_file, *format, *progress;
};

static const char *const words[] = {[GCM_COMPLETE] = "complete",
                                    [GCM_LOOKS_COMPLETE] = "looks complete",
                                    [GCM_SUSPECT] = "suspect",
                                    [GCM_INCOMPLETE] = "incomplete"};

struct view {
    struct gcm_arena *arena;
    struct gcm_buffer *out;
    struct gcm_json json;
    const struct gcm_rules *rules;
    const struct gcm_stage *stage;
};

static struct gcm_slice title_of(const struct view *view, struct gcm_slice id)
{
    const struct gcm_rule *rule = gcm_rule_named(view->rules, id);
    return rule ? rule->title : GCM_S("");
}

static bool is_ours(struct gcm_slice rule)
{
    return gcm_slice_starts(rule, "GCM-EXP-");
}

static gcm_result put_named(void *context, const struct gcm_finding *finding, struct gcm_error *err)
{
    struct view *view = context;
    (void)err;
    gcm_puts(view->out, "    ");
    gcm_put_visible(view->out, finding->type);
    if (finding->id.size)
        gcm_puts(view->out, finding->type.size ? " " : "");
    gcm_put_visible(view->out, finding->id);
    if (finding->field.size)
        gcm_putc(view->out, '.');
    gcm_put_visible(view->out, finding->field);
    if (finding->type.size)
        gcm_puts(view->out, ": ");
    gcm_put_visible(view->out, finding->detail);
    gcm_putc(view->out, '\n');
    return GCM_OK;
}

/* The findings of one rule: their number, the first ones by name. */
static gcm_result put_rule(struct view *view, struct gcm_stage *stage, struct gcm_slice rule,
                           uint64_t count, struct gcm_error *err)
{
    gcm_putf(view->out, "  %.*s  %llu  %.*s\n", GCM_P(rule), (unsigned long long)count,
             GCM_P(title_of(view, rule)));
    gcm_result result = gcm_findings_each(stage, rule, NAMED, put_named, view, err);
    if (count > NAMED)
        gcm_putf(view->out, "    and %llu more: --format json names all\n",
                 (unsigned long long)(count - NAMED));
    return result;
}

static gcm_result put_text(struct view *view, struct gcm_stage *stage,
                           const struct gcm_export_result *result, struct gcm_error *err)
{
    struct gcm_finding_counts counts = {0};
    gcm_putf(view->out, "staged %.*s, %.*s and %.*s (%llu bytes)\n",
             GCM_P(gcm_counted(view->arena, result->nodes, "node")),
             GCM_P(gcm_counted(view->arena, result->lists, "list")),
             GCM_P(gcm_counted(view->arena, result->pairs, "relation row")),
             (unsigned long long)result->bytes);
    gcm_putf(view->out, "The input %s%s.\n",
             result->completeness == GCM_LOOKS_COMPLETE ? "" : "is ", words[result->completeness]);
    gcm_each (const struct gcm_slice, reason, result->reasons) {
        gcm_puts(view->out, "  - ");
        gcm_put_visible(view->out, *reason);
        gcm_putc(view->out, '\n');
    }
    gcm_result code = gcm_findings_count(stage, view->arena, &counts, err);
    for (size_t i = 0; !code && i < counts.count;) {
        struct gcm_slice rule = counts.at[i].rule;
        uint64_t sum = 0;
        for (; i < counts.count && gcm_slice_equal(counts.at[i].rule, rule); i++)
            sum += counts.at[i].count;
        if (is_ours(rule))
            code = put_rule(view, stage, rule, sum, err);
    }
    return code;
}

static gcm_result put_json_finding(void *context, const struct gcm_finding *finding,
                                   struct gcm_error *err)
{
    struct view *view = context;
    (void)err;
    if (!is_ours(finding->rule))
        return GCM_OK;
    gcm_json_open(&view->json, '{');
    gcm_json_member(&view->json, "rule", finding->rule);
    gcm_json_member(&view->json, "title", title_of(view, finding->rule));
    gcm_json_member_or_null(&view->json, "type", finding->type);
    gcm_json_member_or_null(&view->json, "id", finding->id);
    gcm_json_member_or_null(&view->json, "field", finding->field);
    gcm_json_member(&view->json, "detail", finding->detail);
    gcm_json_close(&view->json, '}');
    return GCM_OK;
}

static gcm_result put_json(struct view *view, struct gcm_stage *stage,
                           const struct gcm_export_result *result, struct gcm_error *err)
{
    struct gcm_json *json = &view->json;
    *json = gcm_json(view->out);
    gcm_json_open(json, '{');
    gcm_json_member_number(json, "version", 1);
    gcm_json_member(json, "completeness", gcm_slice_of(words[result->completeness]));
    gcm_json_key(json, "reasons");
    gcm_json_open(json, '[');
    gcm_each (const struct gcm_slice, reason, result->reasons)
        gcm_json_string(json, *reason);
    gcm_json_close(json, ']');
    gcm_json_member_number(json, "nodes", result->nodes);
    gcm_json_member_number(json, "lists", result->lists);
    gcm_json_member_number(json, "relations", result->pairs);
    gcm_json_member_number(json, "bytes", result->bytes);
    gcm_json_key(json, "findings");
    gcm_json_open(json, '[');
    gcm_result code =
        gcm_findings_each(stage, (struct gcm_slice){0}, 0, put_json_finding, view, err);
    gcm_json_close(json, ']');
    gcm_json_close(json, '}');
    gcm_putc(view->out, '\n');
    return code;
}

static enum gcm_exit tell(struct gcm_arena *arena, const struct export_options *options,
                          struct gcm_workspace *workspace, const struct gcm_export_result *result,
                          bool quiet)
{
    struct gcm_buffer out = gcm_buffer(arena, GCM_BUFFER_CAP);
    struct gcm_error err = {0};
    enum gcm_exit code = GCM_EXIT_OK;
    struct view view = {.arena = arena, .out = &out, .rules = workspace->plan->rules};
    bool json = options->format && !strcmp(options->format, "json");
    if ((json ? put_json : put_text)(&view, workspace->stage, result, &err) != GCM_OK)
        return gcm_report_error(&err);
    if (json || !quiet)
        code = gcm_write_stdout(gcm_buffer_text(&out));
    if (code != GCM_EXIT_OK)
        return code;
    return result->completeness >= GCM_SUSPECT ? GCM_EXIT_FINDINGS : GCM_EXIT_OK;
}

/* --endpoint, or what --service-id and --host say. */
static struct gcm_slice endpoint_of(struct gcm_arena *arena, const struct export_options *options)
{
    if (options->endpoint)
        return gcm_slice_of(options->endpoint);
    if (!options->service_id)
        return (struct gcm_slice){0};
    struct gcm_slice host = gcm_slice_of(options->host ? options->host : "https://api.graph.cool");
    while (gcm_slice_ends(host, "/"))
        host.size--;
    return gcm_format(arena, "%.*s/simple/v1/%s", GCM_P(host), options->service_id);
}

/* Never repeated in a message: what stands before an @ may be a password. */
static bool is_server(const char *text)
{
    struct gcm_slice url = gcm_slice_of(text);
    size_t scheme = gcm_slice_starts(url, "https://")  ? 8
                    : gcm_slice_starts(url, "http://") ? 7
                                                       : 0;
    struct gcm_slice rest = gcm_slice_sub(url, scheme, url.size);
    size_t host = gcm_slice_find(rest, '/');
    return scheme && host && gcm_slice_find(rest, '@') >= host &&
           gcm_slice_find(url, '?') == url.size && gcm_slice_find(url, '#') == url.size;
}

static const char *what_is_wrong(const struct export_options *options, int count)
{
    if (!count)
        return "PROJECT is missing";
    if (!options->from && !options->endpoint && !options->service_id)
        return "the source is missing: --from FILE.zip|FOLDER, --endpoint URL or --service-id ID";
    if (options->endpoint && options->service_id)
        return "--endpoint and --service-id name the source twice";
    if (options->host && !options->service_id)
        return "--host wants --service-id, too";
    if (options->endpoint && !is_server(options->endpoint))
        return "--endpoint looks like http://HOST:PORT/simple/v1/ID, without a user name";
    if (options->host && !is_server(options->host))
        return "--host looks like http://HOST:PORT, without a user name";
    if (options->from && !*options->from)
        return "--from is empty";
    return NULL;
}

static enum gcm_exit read_token(struct gcm_arena *arena, const struct export_options *options,
                                struct gcm_export_options *wanted)
{
    struct gcm_token_source source = {.file = options->token_file,
                                      .variable = "GRAPHCOOL_TOKEN",
                                      .prompt = "Root token of the Graphcool service: "};
    struct gcm_error err = {0};
    if (wanted->endpoint.size && gcm_token_read(arena, &source, &wanted->token, &err) != GCM_OK)
        return gcm_report_error(&err);
    return GCM_EXIT_OK;
}

static enum gcm_exit work(struct gcm_arena *arena, const char *path,
                          const struct export_options *options,
                          const struct gcm_common_options *common)
{
    struct gcm_export_options wanted = {.archive = gcm_slice_of(options->from),
                                        .endpoint = endpoint_of(arena, options)};
    struct gcm_workspace workspace = {0};
    struct gcm_export_result result = {0};
    struct gcm_error err = {0};
    struct gcm_progress_view view;
    enum gcm_exit code = read_token(arena, options, &wanted);
    if (code != GCM_EXIT_OK)
        return code;
    gcm_interrupt_catch();
    code = gcm_workspace_open(arena, path, &options->workspace, GCM_STAGE_CREATE, &workspace);
    if (code == GCM_EXIT_OK) {
        struct gcm_progress progress = gcm_progress_open(&view, common, options->progress);
        gcm_result done = gcm_export(arena, workspace.plan->project, &wanted, workspace.stage,
                                     &progress, &result, &err);
        gcm_progress_close(&progress);
        code = done == GCM_OK ? tell(arena, options, &workspace, &result, common->quiet)
                              : gcm_report_error(&err);
    }
    gcm_workspace_close(&workspace);
    return code;
}

static enum gcm_exit run(int argc, char **argv)
{
    struct gcm_arena arena = {0};
    struct export_options wanted = {0};
    const char *path = NULL;
    const struct gcm_option options[] = {
        {"from", 0, GCM_OPTION_VALUE, &wanted.from, "FILE.zip|FOLDER",
         "an export of the official CLI"},
        {"endpoint", 0, GCM_OPTION_VALUE, &wanted.endpoint, "URL",
         "the live service: http://localhost:60000/simple/v1/ID"},
        {"service-id", 0, GCM_OPTION_VALUE, &wanted.service_id, "ID",
         "the same by its id (or alias) and --host"},
        {"host", 0, GCM_OPTION_VALUE, &wanted.host, "URL",
         "where that service is (https://api.graph.cool, which is gone)"},
        {"token-file", 0, GCM_OPTION_VALUE, &wanted.token_file, "FILE",
         "the service's root token (-: standard input; default: $GRAPHCOOL_TOKEN, or asked for)"},
        {"format", 'f', GCM_OPTION_CHOICE, &wanted.format, "text|json", "of the result (text)"},
        GCM_PROGRESS_OPTION(wanted.progress),
        GCM_WORKSPACE_OPTIONS(wanted.workspace),
        {0},
    };
    struct gcm_common_options common;
    int count = 0;
    int end = gcm_options_read(&gcm_command_export, options, argc, argv, &common, &path, 1, &count);
    enum gcm_exit code = end >= 0 ? (enum gcm_exit)end : GCM_EXIT_OK;
    const char *wrong = end >= 0 ? NULL : what_is_wrong(&wanted, count);
    if (wrong)
        code = gcm_usage(&gcm_command_export, wrong);
    else if (end < 0)
        code = work(&arena, path, &wanted, &common);
    gcm_arena_free(&arena);
    return code;
}

const struct gcm_command gcm_command_export = {
    .name = "export",
    .summary = "read a project's data into the stage",
    .arguments = "PROJECT --from FILE.zip|FOLDER | --endpoint URL [OPTION…]",
    .help =
        "Reads nodes, lists and relations from a live Graphcool service, or from a zip or folder\n"
        "that the official CLI wrote, into WORKSPACE/stage.db, and says whether that is\n"
        "everything, and how it knows. PROJECT must be what is deployed. With --from and\n"
        "--endpoint together the archive is compared with its source, and what the archive lost "
        "is\n"
        "read from there. Stop everything that writes to the service first: it has no snapshots.\n"
        "Run again after an interruption, it goes on where it was.\n"
        "\n"
        "The service's token is never an argument, where every process could read it.\n"
        "\n"
        "exit codes:\n"
        "  0  staged; complete, or an archive without any sign of a gap\n"
        "  1  the command line is wrong\n"
        "  2  PROJECT or the archive cannot be read, or the service does not exist\n"
        "  3  staged, but the input is suspect or incomplete: each sign is named\n"
        "  4  the service does not answer, or refuses the token; run again to go on\n"
        "  7  the stage belongs to another project or source, or another process works on it\n"
        "  8  the stage cannot be written\n"
        "130  interrupted; what was read is kept\n"
        "\n"
        "examples:\n"
        "  graphcool-migrate export ./server --from export-2020-06-30.zip\n"
        "  graphcool-migrate export ./server --endpoint http://localhost:60000/simple/v1/ID \\\n"
        "      --token-file token.txt --progress json\n",
    .run = run,
};
