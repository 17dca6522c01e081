/* project: the decisions about the project as a whole, its files, keys, variables and tokens, and
 * about what the Framework's own CLI and server would have said of it. */
#include "plan/planning.h"

static void plan_format(struct planning *planning)
{
    static const char *const shapes[] = {"framework", "preview", "console"};
    const struct gcm_project *project = planning->project;
    struct facts facts = facts_of(planning, "project");
    fact_text(&facts, "shape", shapes[project->format]);
    fact_add(&facts, "folder", project->folder);
    struct gcm_place place = {.file = project->definition};
    decide_by_rule(&facts, GCM_S("project"), place, NULL);
}

static struct gcm_slice place_key(struct planning *planning, struct gcm_place place)
{
    return gcm_format(planning->arena, "%p %u", (const void *)place.file, place.offset);
}

/* A variable without a value is a problem, too, and has a decision of its own. */
static void plan_problems(struct planning *planning)
{
    struct gcm_map variables = {0};
    gcm_each (struct gcm_variable_use, use, planning->project->variables)
        if (!use->resolved)
            gcm_map_put(planning->arena, &variables, place_key(planning, use->place), use);
    gcm_each (const struct gcm_error, problem, planning->project->problems) {
        if (gcm_map_get(&variables, place_key(planning, problem->place)))
            continue;
        struct facts facts = facts_of(planning, "problem");
        fact_add(&facts, "text", problem->message);
        struct gcm_slice path = problem->place.file ? problem->place.file->path : GCM_S("project");
        fact_add(&facts, "file", path);
        struct gcm_decision *decision = decide_by_rule(&facts, path, problem->place, NULL);
        if (decision && problem->hint.size)
            decision->hint = problem->hint;
    }
    gcm_each (const struct gcm_error, error, planning->project->cli_errors) {
        struct facts facts = facts_of(planning, "cli_error");
        fact_add(&facts, "text", error->message);
        decide_by_rule(&facts, GCM_S("graphcool deploy"), error->place, NULL);
    }
}

/* Root keys that are nothing but text for others. */
static void plan_keys(struct planning *planning)
{
    const struct gcm_yaml *root = planning->project->yaml;
    for (size_t i = 0; root && root->kind == GCM_YAML_MAP && i < root->count; i++) {
        struct facts facts = facts_of(planning, "key");
        fact_add(&facts, "key", root->keys[i]->text);
        fact_add(&facts, "name", root->keys[i]->text);
        decide_by_rule(&facts, root->keys[i]->text, root->keys[i]->place, NULL);
    }
}

static void plan_variables(struct planning *planning)
{
    gcm_each (const struct gcm_variable_use, use, planning->project->variables) {
        struct facts facts = facts_of(planning, "variable");
        size_t colon = gcm_slice_find(use->text, ':');
        fact_add(&facts, "source", gcm_slice_trim(gcm_slice_sub(use->text, 0, colon)));
        fact_flag(&facts, "resolved", use->resolved);
        fact_add(&facts, "text", use->text);
        decide_by_rule(&facts, gcm_format(planning->arena, "${%.*s}", GCM_P(use->text)), use->place,
                       NULL);
    }
}

/* "back-end" → ROOT_TOKEN_BACK_END; unlike those that are there. */
static struct gcm_slice token_variable(struct planning *planning, struct gcm_slice name)
{
    struct gcm_buffer out = gcm_buffer(planning->arena, GCM_BUFFER_CAP);
    gcm_puts(&out, "ROOT_TOKEN_");
    for (size_t i = 0; i < name.size; i++) {
        char c = name.at[i];
        gcm_putc(&out, c >= 'a' && c <= 'z'  ? (char)(c - 'a' + 'A')
                       : gcm_is_name_part(c) ? c
                                             : '_');
    }
    struct gcm_slice base = gcm_buffer_text(&out), variable = base;
    for (size_t n = 2;; n++) {
        bool taken = false;
        gcm_each (struct gcm_plan_token, token, planning->plan->application.root_tokens)
            taken |= gcm_slice_equal(token->variable, variable);
        if (!taken)
            return variable;
        variable = gcm_format(planning->arena, "%.*s_%zu", GCM_P(base), n);
    }
}

static void plan_tokens(struct planning *planning)
{
    const struct gcm_project *project = planning->project;
    const struct gcm_yaml *list = gcm_yaml_get(project->yaml, "rootTokens");
    gcm_each (const struct gcm_slice, token, project->root_tokens) {
        struct facts facts = facts_of(planning, "root_token");
        fact_add(&facts, "name", *token);
        struct gcm_slice variable = token_variable(planning, *token);
        fact_add(&facts, "variable", variable);
        *gcm_push(planning->arena, &planning->plan->application.root_tokens) =
            (struct gcm_plan_token){*token, variable};
        struct gcm_place place =
            list ? list->place : (struct gcm_place){.file = project->definition};
        size_t at = (size_t)(token - project->root_tokens.at);
        if (list && list->kind == GCM_YAML_LIST && at < list->count)
            place = list->items[at]->place;
        decide_by_rule(&facts, gcm_format(planning->arena, "rootTokens %.*s", GCM_P(*token)), place,
                       NULL);
    }
    gcm_each (const struct gcm_target, target, project->targets) {
        struct facts facts = facts_of(planning, "deployment");
        fact_add(&facts, "name", target->name);
        fact_add(&facts, "cluster", target->cluster);
        fact_add(&facts, "service_id", target->service_id);
        decide_by_rule(&facts, gcm_format(planning->arena, "target %.*s", GCM_P(target->name)),
                       (struct gcm_place){0}, NULL);
    }
}

void plan_project(struct planning *planning)
{
    plan_format(planning);
    plan_problems(planning);
    plan_keys(planning);
    plan_variables(planning);
    plan_tokens(planning);
}

/* What the server would have refused: one decision each, by the class of its message. */
void plan_verdict(struct planning *planning)
{
    const struct gcm_verdict *verdict = planning->plan->verdict;
    gcm_each (const struct gcm_server_error, error, verdict->errors) {
        struct facts facts = facts_of(planning, "server_error");
        fact_add(&facts, "text", error->message);
        fact_add(&facts, "type", error->type);
        fact_add(&facts, "field", error->field);
        struct gcm_slice subject =
            error->field.size
                ? gcm_format(planning->arena, "%.*s.%.*s", GCM_P(error->type), GCM_P(error->field))
                : error->type;
        struct gcm_decision *decision = decide_by_rule(&facts, subject, error->place, NULL);
        if (decision && !decision->hint.size)
            decision->hint = error->hint;
    }
    if (verdict->accepted && !verdict->usable) {
        struct facts facts = facts_of(planning, "dead_api");
        fact_add(&facts, "text", verdict->dead_cause);
        decide_by_rule(&facts, GCM_S("api"), verdict->dead_place, NULL);
    }
}
