/* The report as JSON: docs/report.schema.json. */
#include "report/json.h"
#include "core/redact.h"
#include "operations/print.h"
#include "report/report.h"

static const char *server_name(enum gcm_server server)
{
    return server == GCM_SERVER_PRISMA_1_30 ? "prisma-1.30" : "prisma-1.34";
}

static const char *database_name(enum gcm_database database)
{
    static const char *const names[] = {"mysql", "postgres", "mongo"};
    return names[database];
}

static void put_place(struct gcm_json *json, const char *name, struct gcm_place place)
{
    gcm_json_key(json, name);
    if (!place.file) {
        gcm_json_null(json);
        return;
    }
    gcm_json_open(json, '{');
    gcm_json_member(json, "file", place.file->path);
    if (place.line) {
        gcm_json_member_number(json, "line", place.line);
        gcm_json_member_number(json, "column", place.column);
    }
    gcm_json_close(json, '}');
}

/* ---- project ---- */

/* The paths of the files that were read, each once. */
struct file_list {
    struct gcm_json *json;
    struct gcm_arena *arena;
    struct gcm_map seen;
};

static void put_file(struct file_list *list, const struct gcm_file *file)
{
    if (!file || gcm_map_get(&list->seen, file->path))
        return;
    gcm_map_put(list->arena, &list->seen, file->path, list);
    gcm_json_string(list->json, file->path);
}

static void put_source_file(struct file_list *list, const struct gcm_source_file *source)
{
    if (source)
        put_file(list, source->file);
}

static void put_project(struct gcm_json *json, const struct gcm_project *project)
{
    static const char *const formats[] = {"framework", "preview-1.0", "console"};
    gcm_json_key(json, "project");
    gcm_json_open(json, '{');
    gcm_json_member(json, "format", gcm_slice_of(formats[project->format]));
    gcm_json_member(json, "folder", project->folder);
    gcm_json_key(json, "files");
    gcm_json_open(json, '[');
    struct file_list list = {.json = json, .arena = json->out->arena};
    put_file(&list, project->definition);
    gcm_each (struct gcm_source_file *, source, project->type_files)
        put_source_file(&list, *source);
    gcm_each (struct gcm_permission *, permission, project->permissions)
        put_source_file(&list, (*permission)->query);
    gcm_each (struct gcm_function *, function, project->functions) {
        put_source_file(&list, (*function)->schema);
        put_source_file(&list, (*function)->query);
        put_source_file(&list, (*function)->code);
    }
    gcm_json_close(json, ']');
    gcm_json_close(json, '}');
}

static void put_options(struct gcm_json *json, const struct gcm_plan_options *options)
{
    gcm_json_key(json, "options");
    gcm_json_open(json, '{');
    gcm_json_member(json, "target", gcm_slice_of(server_name(options->target)));
    gcm_json_member(json, "database", gcm_slice_of(database_name(options->database)));
    gcm_json_member_or_null(json, "service", options->service);
    gcm_json_member_or_null(json, "stage", options->stage);
    gcm_json_member(json, "api",
                    options->api == GCM_APPLICATION_NATIVE ? GCM_S("native") : GCM_S("simple"));
    gcm_json_member_bool(json, "without_functions", options->without_functions);
    gcm_json_close(json, '}');
}

/* ---- verdict ---- */

static void put_error(struct gcm_json *json, struct gcm_slice type, struct gcm_slice field,
                      struct gcm_slice message, struct gcm_place place, struct gcm_slice hint)
{
    gcm_json_open(json, '{');
    gcm_json_member_or_null(json, "type", type);
    gcm_json_member_or_null(json, "field", field);
    gcm_json_member(json, "message", message);
    put_place(json, "place", place);
    gcm_json_member_or_null(json, "hint", hint);
    gcm_json_close(json, '}');
}

static void put_framework(struct gcm_json *json, const struct gcm_plan *plan)
{
    static const char *const verdicts[] = {"accepted", "refused", "unreadable", "other-format"};
    const struct gcm_verdict *verdict = plan->verdict;
    gcm_json_key(json, "framework");
    gcm_json_open(json, '{');
    gcm_json_member(json, "verdict", gcm_slice_of(verdicts[verdict->kind]));
    gcm_json_member_bool(json, "accepted", verdict->accepted);
    gcm_json_member_bool(json, "usable", verdict->usable);
    gcm_json_member_or_null(json, "deadCause", verdict->dead_cause);
    put_place(json, "deadPlace", verdict->dead_place);
    gcm_json_key(json, "errors");
    gcm_json_open(json, '[');
    gcm_each (struct gcm_server_error, error, verdict->errors)
        put_error(json, error->type, error->field, error->message, error->place, error->hint);
    gcm_json_close(json, ']');
    gcm_json_key(json, "cliErrors");
    gcm_json_open(json, '[');
    gcm_each (struct gcm_error, error, plan->project->cli_errors)
        put_error(json, GCM_S(""), GCM_S(""), error->message, error->place, error->hint);
    gcm_json_close(json, ']');
    gcm_json_close(json, '}');
}

/* ---- summary ---- */

static void put_counts(struct gcm_json *json, const char *name, uint64_t decisions, uint64_t effort)
{
    gcm_json_key(json, name);
    gcm_json_open(json, '{');
    gcm_json_member_number(json, "decisions", decisions);
    gcm_json_member_number(json, "effort", effort);
    gcm_json_close(json, '}');
}

static void put_summary(struct gcm_json *json, const struct gcm_plan *plan)
{
    uint64_t effort = 0;
    gcm_json_key(json, "summary");
    gcm_json_open(json, '{');
    for (int outcome = GCM_AUTOMATIC; outcome <= GCM_REFUSED; outcome++) {
        put_counts(json, gcm_outcome_name((enum gcm_outcome)outcome), plan->outcomes[outcome],
                   plan->effort[outcome]);
        effort += plan->effort[outcome];
    }
    put_counts(json, "total", plan->decisions.count, effort);
    gcm_json_member_bool(json, "datamodel", plan->datamodel != NULL);
    gcm_json_close(json, '}');

    struct gcm_size_class size = gcm_plan_size(plan);
    struct gcm_slice letter = gcm_format(json->out->arena, "%c", size.letter);
    gcm_json_key(json, "size");
    gcm_json_open(json, '{');
    gcm_json_member(json, "letter", letter);
    gcm_json_member_number(json, "digit", (uint64_t)size.digit);
    gcm_json_member(json, "name", gcm_slice_of(size.name));
    gcm_json_member_number(json, "minutes", size.minutes);
    gcm_json_close(json, '}');
}

/* ---- decisions ---- */

static void put_decision(struct gcm_json *json, const struct gcm_decision *decision)
{
    const struct gcm_rule *rule = decision->rule;
    struct gcm_shown_line line = gcm_redact(json->out->arena, decision->place);
    gcm_json_open(json, '{');
    gcm_json_member(json, "id", decision->id);
    gcm_json_member_or_null(json, "rule", rule ? rule->id : GCM_S(""));
    gcm_json_member_or_null(json, "title", rule ? rule->title : GCM_S(""));
    gcm_json_member(json, "construct", decision->construct);
    gcm_json_member(json, "subject", decision->subject);
    gcm_json_member(json, "outcome", gcm_slice_of(gcm_outcome_name(decision->outcome)));
    gcm_json_member_number(json, "effort", decision->effort);
    gcm_json_member(json, "message", decision->message);
    gcm_json_member_or_null(json, "hint", decision->hint);
    put_place(json, "place", decision->place);
    gcm_json_member_or_null(json, "source", gcm_slice_trim(line.text));
    gcm_json_member_or_null(json, "written", decision->written);
    gcm_json_member_or_null(json, "writtenTo", decision->written_to);
    gcm_json_close(json, '}');
}

static void put_rename(struct gcm_json *json, const struct gcm_rename *rename)
{
    gcm_json_open(json, '{');
    gcm_json_member(json, "from", rename->from);
    gcm_json_member(json, "to", rename->to);
    gcm_json_member_or_null(json, "decision", rename->decision ? rename->decision->id : GCM_S(""));
    gcm_json_close(json, '}');
}

void gcm_report_members(struct gcm_json *json, const struct gcm_plan *plan)
{
    gcm_json_key(json, "tool");
    gcm_json_open(json, '{');
    gcm_json_member(json, "name", GCM_S("graphcool-migrate"));
    gcm_json_member(json, "version", GCM_S(GCM_VERSION));
    gcm_json_close(json, '}');
    put_project(json, plan->project);
    put_options(json, &plan->options);
    put_framework(json, plan);
    put_summary(json, plan);
    gcm_json_key(json, "decisions");
    gcm_json_open(json, '[');
    gcm_each (struct gcm_decision *, decision, plan->decisions)
        put_decision(json, *decision);
    gcm_json_close(json, ']');
    gcm_json_key(json, "renames");
    gcm_json_open(json, '[');
    gcm_each (struct gcm_rename, rename, plan->renames)
        put_rename(json, rename);
    gcm_json_close(json, ']');
}

void gcm_report_json(struct gcm_buffer *out, const struct gcm_plan *plan,
                     const struct gcm_report_options *options)
{
    struct gcm_json json = gcm_json(out);
    gcm_json_open(&json, '{');
    gcm_report_members(&json, plan);
    if (options->clients) {
        gcm_json_key(&json, "clients");
        gcm_json_open(&json, '{');
        gcm_operations_json(&json, options->clients, false);
        gcm_json_close(&json, '}');
    }
    gcm_json_close(&json, '}');
}
