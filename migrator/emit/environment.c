#include "emit/environment.h"

#include "emit/template.h"

/* The names of environment variables, each once, with what used it first. */
struct variables {
    struct gcm_buffer out;
    struct gcm_map seen;
    bool any;
};

static bool is_variable_name(struct gcm_slice name)
{
    if (!name.size || !gcm_is_name_start(name.at[0]))
        return false;
    for (size_t i = 0; i < name.size; i++)
        if (!gcm_is_name_part(name.at[i]))
            return false;
    return true;
}

static void put_variable(struct variables *variables, struct gcm_slice name, struct gcm_slice use)
{
    if (!is_variable_name(name) || gcm_map_get(&variables->seen, name))
        return;
    if (!variables->any)
        gcm_puts(
            &variables->out,
            "\n# What the functions and graphcool.yml of the Graphcool project read. The values "
            "are where you keep them.\n");
    variables->any = true;
    gcm_map_put(variables->out.arena, &variables->seen, name, variables);
    gcm_puts(&variables->out, "# ");
    gcm_put_visible(&variables->out, use);
    gcm_putf(&variables->out, "\n%.*s=\n", GCM_P(name));
}

/* "env:NAME" or "env:NAME, fallback" → NAME. */
static struct gcm_slice environment_name(struct gcm_slice text)
{
    text = gcm_slice_trim(text);
    if (!gcm_slice_starts(text, "env:"))
        return GCM_S("");
    text = gcm_slice_sub(text, 4, text.size);
    size_t end = 0;
    while (end < text.size && gcm_is_name_part(text.at[end]))
        end++;
    return gcm_slice_sub(text, 0, end);
}

/* The id of the one service that .graphcoolrc knows; nothing where there are several. */
static struct gcm_slice old_service_id(const struct gcm_project *project)
{
    struct gcm_slice id = {0};
    gcm_each (const struct gcm_target, target, project->targets) {
        if (!is_variable_name(target->service_id))
            continue;
        if (id.size && !gcm_slice_equal(id, target->service_id))
            return GCM_S("");
        id = target->service_id;
    }
    return id;
}

static struct gcm_slice root_tokens_text(struct gcm_arena *arena, const struct gcm_plan *plan)
{
    struct gcm_buffer out = gcm_buffer(arena, GCM_BUFFER_CAP);
    gcm_each (const struct gcm_plan_token, token, plan->application.root_tokens) {
        gcm_puts(&out, out.size ? "\n" : "");
        gcm_puts(&out, "# The root token ");
        gcm_put_visible(&out, token->name);
        gcm_putf(&out, " of the project: whoever has it may do everything.\n# %.*s=",
                 GCM_P(token->variable));
    }
    return gcm_buffer_text(&out);
}

struct gcm_slice gcm_environment_text(struct gcm_arena *arena, const struct gcm_plan *plan,
                                      struct gcm_slice endpoint, struct gcm_slice service)
{
    static const char *const passwords[] = {"MYSQL_ROOT_PASSWORD", "POSTGRES_PASSWORD",
                                            "MONGO_PASSWORD"};
    struct gcm_slice password = gcm_slice_of(passwords[plan->options.database]);
    const struct gcm_blank blanks[] = {{"endpoint", endpoint},
                                       {"database_password", password},
                                       {"service", service},
                                       {"old_service_id", old_service_id(plan->project)},
                                       {"root_tokens", root_tokens_text(arena, plan)}};
    struct variables variables = {.out = gcm_buffer(arena, GCM_BUFFER_CAP)};
    const struct gcm_slice ours[] = {GCM_S("PRISMA_ENDPOINT"),
                                     GCM_S("PRISMA_SECRET"),
                                     GCM_S("PRISMA_MANAGEMENT_API_SECRET"),
                                     password,
                                     GCM_S("PORT"),
                                     GCM_S("APP_SECRET"),
                                     GCM_S("OLD_SECRET"),
                                     GCM_S("OLD_SERVICE_ID"),
                                     GCM_S("SERVICE_ID")};
    for (size_t i = 0; i < sizeof ours / sizeof *ours; i++)
        gcm_map_put(arena, &variables.seen, ours[i], &variables);
    gcm_each (const struct gcm_plan_token, token, plan->application.root_tokens)
        gcm_map_put(arena, &variables.seen, token->variable, &variables);
    gcm_put(&variables.out,
            gcm_template(arena, "env.example", blanks, sizeof blanks / sizeof *blanks));
    gcm_each (struct gcm_function *, function, plan->project->functions)
        gcm_each (struct gcm_setting, setting, (*function)->environment)
            put_variable(&variables, setting->name,
                         gcm_format(arena, "functions.%.*s", GCM_P((*function)->name)));
    gcm_each (struct gcm_variable_use, use, plan->project->variables)
        put_variable(&variables, environment_name(use->text),
                     gcm_format(arena, "line %u of graphcool.yml", use->place.line));
    return gcm_buffer_text(&variables.out);
}
