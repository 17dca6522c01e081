/* check_json: the findings for programs: docs/check.schema.json. */
#include "cli/check_report.h"

#include "core/json.h"

#include <string.h>

enum { FLUSH = 64 * 1024 };

struct writing {
    const struct gcm_check_view *view;
    struct gcm_json json;
    const struct gcm_rule *rule;
    enum gcm_exit code;
};

static void flush(struct writing *writing)
{
    struct gcm_buffer *out = writing->json.out;
    if (writing->code == GCM_EXIT_OK && out->size)
        writing->code = gcm_write_stdout(gcm_buffer_text(out));
    out->size = 0;
}

static void put_head(struct writing *writing)
{
    static const char *const databases[] = {"mysql", "postgres", "mongo"};
    struct gcm_json *json = &writing->json;
    const struct gcm_check_result *result = writing->view->result;
    const struct gcm_plan_options *options = &writing->view->workspace->plan->options;
    gcm_json_member_number(json, "version", 1);
    gcm_json_member(json, "target",
                    options->target == GCM_SERVER_PRISMA_1_30 ? GCM_S("prisma-1.30")
                                                              : GCM_S("prisma-1.34"));
    gcm_json_member(json, "database", gcm_slice_of(databases[options->database]));
    gcm_json_key(json, "records");
    gcm_json_open(json, '{');
    gcm_json_member_number(json, "nodes", result->nodes);
    gcm_json_member_number(json, "lists", result->lists);
    gcm_json_member_number(json, "relations", result->pairs);
    gcm_json_close(json, '}');
    gcm_json_key(json, "outcomes");
    gcm_json_open(json, '{');
    for (int outcome = GCM_AUTOMATIC; outcome <= GCM_REFUSED; outcome++)
        gcm_json_member_number(json, gcm_outcome_name((enum gcm_outcome)outcome),
                               result->outcomes[outcome]);
    gcm_json_member_number(json, "repaired", result->repaired);
    gcm_json_close(json, '}');
}

static void put_rule(struct gcm_json *json, const struct gcm_checked_rule *checked)
{
    gcm_json_open(json, '{');
    gcm_json_member(json, "rule", checked->rule->id);
    gcm_json_member(json, "title", checked->rule->title);
    gcm_json_member(json, "outcome", gcm_slice_of(gcm_outcome_name(checked->rule->outcome)));
    gcm_json_member_or_null(json, "repair", checked->rule->repair);
    gcm_json_member_bool(json, "repaired", checked->repaired);
    gcm_json_member_number(json, "count", checked->count);
    gcm_json_key(json, "fields");
    gcm_json_open(json, '[');
    for (size_t i = 0; i < checked->fields; i++) {
        gcm_json_open(json, '{');
        gcm_json_member(json, "type", checked->counts[i].type);
        gcm_json_member_or_null(json, "field", checked->counts[i].field);
        gcm_json_member_number(json, "count", checked->counts[i].count);
        gcm_json_close(json, '}');
    }
    gcm_json_close(json, ']');
    gcm_json_close(json, '}');
}

static gcm_result put_finding(void *context, const struct gcm_finding *finding,
                              struct gcm_error *err)
{
    (void)err;
    struct writing *writing = context;
    struct gcm_json *json = &writing->json;
    struct gcm_arena scratch = {0};
    gcm_json_open(json, '{');
    gcm_json_member(json, "rule", finding->rule);
    gcm_json_member(json, "type", finding->type);
    gcm_json_member(json, "id", finding->id);
    gcm_json_member_or_null(json, "field", finding->field);
    gcm_json_member_or_null(json, "detail", finding->detail);
    gcm_json_member(json, "message", gcm_finding_text(&scratch, writing->rule, finding));
    gcm_json_close(json, '}');
    gcm_arena_free(&scratch);
    if (json->out->size > FLUSH)
        flush(writing);
    return writing->code == GCM_EXIT_OK ? GCM_OK : GCM_END;
}

static void put_findings(struct writing *writing, const struct gcm_checked_rule *checked)
{
    struct gcm_error err = {0};
    const char *show = writing->view->show;
    if (show && strcmp(show, "all") != 0 && !gcm_slice_is(checked->rule->id, show))
        return;
    writing->rule = checked->rule;
    gcm_result result = gcm_findings_each(writing->view->workspace->stage, checked->rule->id, 0,
                                          put_finding, writing, &err);
    if (result != GCM_OK && result != GCM_END && writing->code == GCM_EXIT_OK)
        writing->code = gcm_report_error(&err);
}

enum gcm_exit gcm_check_json(struct gcm_arena *arena, const struct gcm_check_view *view)
{
    struct gcm_buffer out = gcm_buffer(arena, GCM_BUFFER_CAP);
    struct writing writing = {.view = view, .json = gcm_json(&out)};
    struct gcm_json *json = &writing.json;
    struct gcm_checked_rules rules = gcm_checked_rules(arena, view);
    gcm_json_open(json, '{');
    put_head(&writing);
    gcm_json_key(json, "rules");
    gcm_json_open(json, '[');
    gcm_each (const struct gcm_checked_rule, checked, rules)
        put_rule(json, checked);
    gcm_json_close(json, ']');
    gcm_json_key(json, "findings");
    gcm_json_open(json, '[');
    gcm_each (const struct gcm_checked_rule, checked, rules)
        if (writing.code == GCM_EXIT_OK)
            put_findings(&writing, checked);
    gcm_json_close(json, ']');
    gcm_json_close(json, '}');
    flush(&writing);
    return writing.code;
}
