/* status: what the stage file says of the migration, while another command works or not. */
#include "cli/workspace.h"
#include "core/json.h"
#include "stage/findings.h"
#include "stage/outbox.h"
#include "stage/records.h"

#include <inttypes.h>
#include <string.h>

enum { FORMAT_VERSION = 1 };

static const struct {
    const char *name, *does;
} steps[GCM_STEPS] = {{"export nodes", "export"},     {"export lists", "export"},
                      {"export relations", "export"}, {"check", "check"},
                      {"import", "import"},           {"verify", "verify"}};
static const char *const step_states[] = {"not yet", "started", "done"};
static const char *const chunk_states[] = {"pending", "sent", "unknown", "confirmed"};

struct status {
    struct gcm_stage *stage;
    struct gcm_guard guard;
    struct gcm_step_row steps[GCM_STEPS];
    uint64_t records[GCM_NDF_KINDS], bytes[GCM_NDF_KINDS];
    struct gcm_outbox_count chunks[GCM_NDF_KINDS][4];
    uint64_t rejects;
    struct gcm_finding_counts findings;
    struct gcm_slice next; /* what to do */
    bool in_use;
};

/* One snapshot would need a transaction, which a reader cannot have: each figure is right by itself
 * while another process goes on. */
static gcm_result read_status(struct gcm_arena *arena, struct status *status, struct gcm_error *err)
{
    gcm_result result = GCM_OK;
    gcm_stage_belongs(status->stage, &status->guard);
    status->in_use = gcm_stage_in_use(status->stage);
    for (int step = 0; result == GCM_OK && step < GCM_STEPS; step++)
        result = gcm_stage_step(status->stage, (enum gcm_step)step, &status->steps[step], err);
    for (int kind = 0; kind < GCM_NDF_KINDS; kind++) {
        status->records[kind] = gcm_stage_count(status->stage, (enum gcm_ndf_kind)kind);
        status->bytes[kind] = gcm_stage_bytes(status->stage, (enum gcm_ndf_kind)kind);
        for (int state = 0; state < 4; state++)
            status->chunks[kind][state] = gcm_outbox_count(status->stage, (enum gcm_ndf_kind)kind,
                                                           (enum gcm_chunk_state)state);
    }
    status->rejects = gcm_reject_count(status->stage);
    if (result == GCM_OK)
        result = gcm_findings_count(status->stage, arena, &status->findings, err);
    return result;
}

static struct gcm_slice next_step(struct gcm_arena *arena, const struct status *status)
{
    int step = 0;
    while (step < GCM_STEPS && status->steps[step].state == GCM_STEP_DONE)
        step++;
    if (step == GCM_STEPS)
        return GCM_S("nothing is left to be done");
    if (status->in_use)
        return gcm_format(arena, "wait: a process works on the stage (%s)", steps[step].does);
    if (status->steps[step].state == GCM_STEP_STARTED)
        return gcm_format(arena, "run %s again: it goes on where it stopped", steps[step].does);
    return gcm_format(arena, "run %s", steps[step].does);
}

/* ---- as text ---- */

static void put_step(struct gcm_buffer *out, int nth, const struct gcm_step_row *step)
{
    gcm_putf(out, "  %-17s %-8s", steps[nth].name, step_states[step->state]);
    if (step->state == GCM_STEP_STARTED)
        gcm_putf(out, " since %.*s", GCM_P(step->started));
    else if (step->ended.size)
        gcm_putf(out, " %.*s", GCM_P(step->ended));
    if (step->outcome.size)
        gcm_putf(out, "  %.*s", GCM_P(step->outcome));
    gcm_putc(out, '\n');
}

static void put_guard(struct gcm_buffer *out, const char *name, struct gcm_slice text)
{
    if (!text.size)
        return;
    gcm_putf(out, "%-8s ", name);
    gcm_put_visible(out, text);
    gcm_putc(out, '\n');
}

static void put_sent(struct gcm_buffer *out, const struct status *status)
{
    gcm_puts(out, "\n             staged          MB      sent   in flight   unknown\n");
    for (int kind = 0; kind < GCM_NDF_KINDS; kind++) {
        const struct gcm_outbox_count *chunks = status->chunks[kind];
        gcm_putf(out, "  %-9s %9" PRIu64 "  %10.1f %9" PRIu64 "   %9" PRIu64 " %9" PRIu64 "\n",
                 gcm_ndf_names[kind], status->records[kind], (double)status->bytes[kind] / 1e6,
                 chunks[GCM_CHUNK_CONFIRMED].elements, chunks[GCM_CHUNK_SENT].elements,
                 chunks[GCM_CHUNK_UNKNOWN].elements);
    }
    if (status->rejects)
        gcm_putf(out, "  %" PRIu64 " rejected\n", status->rejects);
}

/* The counts of a rule, whatever type and field. */
static uint64_t count_rule(const struct gcm_finding_counts *counts, size_t *at)
{
    struct gcm_slice rule = counts->at[*at].rule;
    uint64_t count = 0;
    for (; *at < counts->count && gcm_slice_equal(counts->at[*at].rule, rule); ++*at)
        count += counts->at[*at].count;
    return count;
}

static void put_text(struct gcm_buffer *out, const struct status *status)
{
    put_guard(out, "source", status->guard.source);
    put_guard(out, "target", status->guard.target);
    gcm_puts(out, "\n");
    for (int step = 0; step < GCM_STEPS; step++)
        put_step(out, step, &status->steps[step]);
    put_sent(out, status);
    if (status->findings.count)
        gcm_puts(out, "\n  findings\n");
    for (size_t i = 0; i < status->findings.count;) {
        struct gcm_slice rule = status->findings.at[i].rule;
        uint64_t count = count_rule(&status->findings, &i);
        gcm_putf(out, "  %-12.*s %8" PRIu64 "\n", GCM_P(rule), count);
    }
    gcm_putf(out, "\nnext: %.*s\n", GCM_P(status->next));
}

/* ---- as JSON (docs/stage-file.md) ---- */

static void put_json_steps(struct gcm_json *json, const struct status *status)
{
    gcm_json_key(json, "steps");
    gcm_json_open(json, '[');
    for (int step = 0; step < GCM_STEPS; step++) {
        const struct gcm_step_row *row = &status->steps[step];
        gcm_json_open(json, '{');
        gcm_json_member(json, "name", gcm_slice_of(steps[step].name));
        gcm_json_member(json, "state", gcm_slice_of(step_states[row->state]));
        gcm_json_member_or_null(json, "started", row->started);
        gcm_json_member_or_null(json, "ended", row->ended);
        gcm_json_member_or_null(json, "outcome", row->outcome);
        gcm_json_close(json, '}');
    }
    gcm_json_close(json, ']');
}

static void put_json_records(struct gcm_json *json, const struct status *status)
{
    gcm_json_key(json, "records");
    gcm_json_open(json, '{');
    for (int kind = 0; kind < GCM_NDF_KINDS; kind++) {
        gcm_json_key(json, gcm_ndf_names[kind]);
        gcm_json_open(json, '{');
        gcm_json_member_number(json, "staged", status->records[kind]);
        gcm_json_member_number(json, "bytes", status->bytes[kind]);
        for (int state = 0; state < 4; state++) {
            gcm_json_key(json, chunk_states[state]);
            gcm_json_open(json, '{');
            gcm_json_member_number(json, "requests", status->chunks[kind][state].chunks);
            gcm_json_member_number(json, "records", status->chunks[kind][state].elements);
            gcm_json_close(json, '}');
        }
        gcm_json_close(json, '}');
    }
    gcm_json_close(json, '}');
}

static void put_json(struct gcm_buffer *out, const struct status *status)
{
    struct gcm_json json = gcm_json(out);
    gcm_json_open(&json, '{');
    gcm_json_member_number(&json, "version", FORMAT_VERSION);
    gcm_json_member_or_null(&json, "source", status->guard.source);
    gcm_json_member_or_null(&json, "target", status->guard.target);
    gcm_json_member_bool(&json, "inUse", status->in_use);
    put_json_steps(&json, status);
    put_json_records(&json, status);
    gcm_json_member_number(&json, "rejects", status->rejects);
    gcm_json_key(&json, "findings");
    gcm_json_open(&json, '[');
    for (size_t i = 0; i < status->findings.count;) {
        gcm_json_open(&json, '{');
        gcm_json_member(&json, "rule", status->findings.at[i].rule);
        gcm_json_member_number(&json, "count", count_rule(&status->findings, &i));
        gcm_json_close(&json, '}');
    }
    gcm_json_close(&json, ']');
    gcm_json_member(&json, "next", status->next);
    gcm_json_close(&json, '}');
    gcm_putc(out, '\n');
}

static enum gcm_exit show(struct gcm_arena *arena, const struct gcm_workspace_options *workspace,
                          bool as_json)
{
    struct gcm_error err = {0};
    struct status status = {0};
    struct gcm_buffer out = gcm_buffer(arena, GCM_BUFFER_CAP);
    gcm_result result = gcm_stage_open(arena, gcm_workspace_folder(arena, workspace),
                                       GCM_STAGE_WATCH, &status.stage, &err);
    if (result == GCM_OK) {
        result = read_status(arena, &status, &err);
        gcm_stage_close(status.stage);
    }
    if (result != GCM_OK)
        return gcm_report_error(&err);
    status.next = next_step(arena, &status);
    if (as_json)
        put_json(&out, &status);
    else
        put_text(&out, &status);
    return gcm_write_stdout(gcm_buffer_text(&out));
}

static enum gcm_exit run(int argc, char **argv)
{
    struct gcm_workspace_options workspace = {0};
    struct gcm_common_options common;
    const char *format = NULL;
    int count = 0;
    const struct gcm_option table[] = {
        {"out", 'o', GCM_OPTION_VALUE, &workspace.out, "FOLDER",
         "the folder that convert wrote (app)"},
        {"workspace", 'w', GCM_OPTION_VALUE, &workspace.workspace, "FOLDER",
         "where the stage file is (.graphcool-migrate, beside --out)"},
        {"format", 'f', GCM_OPTION_CHOICE, &format, "text|json", "how it is written (text)"},
        {0},
    };
    int end = gcm_options_read(&gcm_command_status, table, argc, argv, &common, NULL, 0, &count);
    if (end >= 0)
        return (enum gcm_exit)end;
    if (count)
        return gcm_usage(&gcm_command_status, "it takes no project: the stage is found by --out or "
                                              "--workspace");
    struct gcm_arena arena = {0};
    enum gcm_exit code = show(&arena, &workspace, format && !strcmp(format, "json"));
    gcm_arena_free(&arena);
    return code;
}

const struct gcm_command gcm_command_status = {
    .name = "status",
    .summary = "say how far the migration of the data is",
    .arguments = "[--out FOLDER] [OPTION…]",
    .help = "Reads the stage file and says what each step did, how many records are staged, sent,\n"
            "confirmed and rejected, what check found, and what to do next. It only reads, and may "
            "run\n"
            "while another command works. Contacts nobody.\n"
            "\n"
            "exit codes:\n"
            "  0   the status was printed\n"
            "  1   the command line is wrong\n"
            "  2   nothing was exported yet\n"
            "  7   the file is no stage, or one of a newer version\n"
            "  8   the stage is damaged\n"
            "\n"
            "example: graphcool-migrate status --out app --format json\n",
    .run = run,
};
