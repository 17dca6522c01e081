/* Which files there are, and what is in them. */
#include "emit/emit.h"

#include "emit/migration.h"
#include "emit/template.h"
#include "emit/write.h"
#include "graphql/print.h"

#include <limits.h>
#include <stdlib.h>

enum { SERVICE_NAME_LIMIT = 30 };

/* The last part of the project's path that is a name. */
static struct gcm_slice folder_name(struct gcm_arena *arena, struct gcm_slice folder)
{
    while (folder.size > 1 && folder.at[folder.size - 1] == '/')
        folder.size--;
    size_t start = folder.size;
    while (start > 0 && folder.at[start - 1] != '/')
        start--;
    struct gcm_slice name = gcm_slice_sub(folder, start, folder.size);
    char buffer[PATH_MAX];
    bool dots = !name.size || gcm_slice_is(name, ".") || gcm_slice_is(name, "..");
    if (!dots || !realpath(folder.size ? gcm_cstring(arena, folder) : ".", buffer))
        return name;
    struct gcm_slice real = gcm_copy(arena, gcm_slice_of(buffer));
    start = real.size;
    while (start > 0 && real.at[start - 1] != '/')
        start--;
    return gcm_slice_sub(real, start, real.size);
}

/* The service's name: what was asked for, or the project's folder as far as Prisma allows
 * (spec/prisma1.md §2.1). */
static struct gcm_slice service_name(struct gcm_arena *arena, const struct gcm_plan *plan)
{
    if (plan->options.service.size)
        return plan->options.service;
    struct gcm_slice folder = folder_name(arena, plan->project->folder);
    struct gcm_buffer name = gcm_buffer(arena, SERVICE_NAME_LIMIT);
    for (size_t i = 0; i < folder.size; i++) {
        char c = folder.at[i];
        bool letter = gcm_is_upper(c) || (c >= 'a' && c <= 'z');
        if (letter || (name.size && (gcm_is_name_part(c) || c == '-')))
            gcm_putc(&name, c);
    }
    struct gcm_slice text = gcm_buffer_text(&name);
    return text.size ? text : GCM_S("service");
}

static struct gcm_slice endpoint_of(struct gcm_arena *arena, const struct gcm_plan *plan)
{
    struct gcm_slice stage = plan->options.stage.size ? plan->options.stage : GCM_S("dev");
    return gcm_format(arena, "http://localhost:4466/%.*s/%.*s", GCM_P(service_name(arena, plan)),
                      GCM_P(stage));
}

static void add(struct gcm_arena *arena, struct gcm_outputs *outputs, const char *path,
                struct gcm_slice text)
{
    *gcm_push(arena, outputs) = (struct gcm_output){gcm_slice_of(path), text};
}

static struct gcm_slice datamodel_text(struct gcm_arena *arena, const struct gcm_plan *plan)
{
    struct gcm_buffer out = gcm_buffer(arena, GCM_BUFFER_CAP);
    gcm_print_document(&out, plan->datamodel);
    return gcm_buffer_text(&out);
}

static struct gcm_slice compose_text(struct gcm_arena *arena, const struct gcm_plan *plan)
{
    static const char *const templates[] = {
        "docker-compose.mysql.yml", "docker-compose.postgres.yml", "docker-compose.mongo.yml"};
    const struct gcm_blank blank = {
        "version", plan->options.target == GCM_SERVER_PRISMA_1_30 ? GCM_S("1.30") : GCM_S("1.34")};
    return gcm_template(arena, templates[plan->options.database], &blank, 1);
}

/* ---- .env.example ---- */

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

static struct gcm_slice environment_text(struct gcm_arena *arena, const struct gcm_plan *plan,
                                         struct gcm_slice endpoint)
{
    static const char *const passwords[] = {"MYSQL_ROOT_PASSWORD", "POSTGRES_PASSWORD",
                                            "MONGO_PASSWORD"};
    struct gcm_slice password = gcm_slice_of(passwords[plan->options.database]);
    const struct gcm_blank blanks[] = {{"endpoint", endpoint}, {"database_password", password}};
    struct variables variables = {.out = gcm_buffer(arena, GCM_BUFFER_CAP)};
    const struct gcm_slice ours[] = {GCM_S("PRISMA_ENDPOINT"), GCM_S("PRISMA_SECRET"),
                                     GCM_S("PRISMA_MANAGEMENT_API_SECRET"), password};
    for (size_t i = 0; i < sizeof ours / sizeof *ours; i++)
        gcm_map_put(arena, &variables.seen, ours[i], &variables);
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

gcm_result gcm_emit(const struct gcm_plan *plan, const struct gcm_emit_options *options,
                    struct gcm_emit_result *result, struct gcm_error *err)
{
    struct gcm_arena *arena = plan->project->arena;
    struct gcm_outputs outputs = {0};
    struct gcm_slice endpoint = endpoint_of(arena, plan);
    if (plan->datamodel) {
        const struct gcm_blank database = {"database_type",
                                           plan->options.database == GCM_DATABASE_MONGO
                                               ? GCM_S("databaseType: document")
                                               : GCM_S("")};
        add(arena, &outputs, "prisma/datamodel.prisma", datamodel_text(arena, plan));
        add(arena, &outputs, "prisma/prisma.yml", gcm_template(arena, "prisma.yml", &database, 1));
        add(arena, &outputs, "docker-compose.yml", compose_text(arena, plan));
        add(arena, &outputs, ".env.example", environment_text(arena, plan, endpoint));
    }
    add(arena, &outputs, "MIGRATION.md", gcm_migration_text(arena, plan, endpoint));
    return gcm_write_outputs(arena, &outputs, plan, options, result, err);
}
