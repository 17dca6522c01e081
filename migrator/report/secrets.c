#include "report/secrets.h"

#include "core/redact.h"

static void add_settings(struct gcm_arena *arena, struct gcm_secrets *secrets,
                         const struct gcm_project *project, const struct gcm_setting *settings,
                         size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct gcm_slice text = gcm_yaml_text(settings[i].value);
        /* a value that is also a name of the project would tear holes into every text */
        if (!gcm_map_get(&project->model_names, text) && !gcm_map_get(&project->enum_names, text))
            gcm_secret_add(arena, secrets, text);
    }
}

static struct gcm_secrets secrets_of(const struct gcm_project *project)
{
    struct gcm_secrets secrets = {0};
    gcm_each (struct gcm_function *, function, project->functions) {
        const struct gcm_function *f = *function;
        gcm_secret_add(project->arena, &secrets, f->webhook_url);
        add_settings(project->arena, &secrets, project, f->headers.at, f->headers.count);
        add_settings(project->arena, &secrets, project, f->environment.at, f->environment.count);
    }
    return secrets;
}

static void clean(struct gcm_arena *arena, const struct gcm_secrets *secrets,
                  struct gcm_slice *text)
{
    *text = gcm_redact_text(arena, secrets, *text);
}

static void clean_errors(struct gcm_arena *arena, const struct gcm_secrets *secrets,
                         struct gcm_errors *errors)
{
    gcm_each (struct gcm_error, error, *errors) {
        clean(arena, secrets, &error->message);
        clean(arena, secrets, &error->hint);
    }
}

static const struct gcm_verdict *clean_verdict(struct gcm_arena *arena,
                                               const struct gcm_secrets *secrets,
                                               const struct gcm_verdict *verdict)
{
    struct gcm_verdict *copy = GCM_NEW(arena, struct gcm_verdict);
    *copy = *verdict;
    gcm_each (struct gcm_server_error, error, copy->errors) {
        clean(arena, secrets, &error->message);
        clean(arena, secrets, &error->hint);
    }
    return copy;
}

const struct gcm_verdict *gcm_shown_verdict(const struct gcm_project *project,
                                            const struct gcm_verdict *verdict)
{
    struct gcm_secrets secrets = secrets_of(project);
    return clean_verdict(project->arena, &secrets, verdict);
}

/* Two ids may differ in nothing but a secret: they stay two. */
static void clean_id(struct gcm_arena *arena, const struct gcm_secrets *secrets,
                     struct gcm_map *ids, struct gcm_decision *decision)
{
    struct gcm_slice whole = decision->id, shown = gcm_redact_text(arena, secrets, whole);
    bool changed = shown.at != whole.at;
    struct gcm_slice id = shown;
    for (unsigned number = 2; changed && gcm_map_get(ids, id); number++)
        id = gcm_format(arena, "%.*s~%u", GCM_P(shown), number);
    decision->id = id;
    gcm_map_put(arena, ids, id, decision);
}

void gcm_hide_secrets(struct gcm_project *project, struct gcm_plan *plan)
{
    struct gcm_arena *arena = project->arena;
    struct gcm_secrets secrets = secrets_of(project);
    clean_errors(arena, &secrets, &project->problems);
    clean_errors(arena, &secrets, &project->cli_errors);
    plan->verdict = clean_verdict(arena, &secrets, plan->verdict);
    struct gcm_map ids = {0};
    gcm_each (struct gcm_decision *, decision, plan->decisions) {
        clean(arena, &secrets, &(*decision)->message);
        clean(arena, &secrets, &(*decision)->hint);
        clean(arena, &secrets, &(*decision)->written);
        clean(arena, &secrets, &(*decision)->subject);
        clean_id(arena, &secrets, &ids, *decision);
    }
    gcm_each (struct gcm_plan_permission *, permission, plan->application.permissions)
        clean(arena, &secrets, &(*permission)->query);
}
