/* Which files there are, and what is in them. */
#include "emit/emit.h"

#include "api/api.h"
#include "core/embedded.h"
#include "emit/environment.h"
#include "emit/migration.h"
#include "emit/model_json.h"
#include "emit/permissions_js.h"
#include "emit/resolvers_js.h"
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

static struct gcm_slice stage_of(const struct gcm_plan *plan)
{
    return plan->options.stage.size ? plan->options.stage : GCM_S("dev");
}

static struct gcm_slice endpoint_of(struct gcm_arena *arena, const struct gcm_plan *plan)
{
    return gcm_format(arena, "http://localhost:4466/%.*s/%.*s", GCM_P(service_name(arena, plan)),
                      GCM_P(stage_of(plan)));
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

/* What the templates leave open. */
struct blanks {
    struct gcm_blank at[12];
    size_t count;
};

static void set_blank(struct blanks *blanks, const char *name, struct gcm_slice value)
{
    blanks->at[blanks->count++] = (struct gcm_blank){name, value};
}

static struct blanks blanks_of(struct gcm_arena *arena, const struct gcm_plan *plan)
{
    bool old = plan->options.target == GCM_SERVER_PRISMA_1_30;
    struct blanks blanks = {0};
    set_blank(&blanks, "service", service_name(arena, plan));
    set_blank(&blanks, "stage", stage_of(plan));
    set_blank(&blanks, "endpoint", endpoint_of(arena, plan));
    set_blank(&blanks, "version", old ? GCM_S("1.30") : GCM_S("1.34"));
    set_blank(&blanks, "cli", old ? GCM_S("prisma@1.30") : GCM_S("prisma1@1.34"));
    bool native = plan->options.api == GCM_APPLICATION_NATIVE;
    set_blank(
        &blanks, "promise",
        native
            ? GCM_S("Clients are\nrewritten for the API that Prisma has; who may do what stays as "
                    "it was.")
            : GCM_S(
                  "Clients keep their\nqueries, mutations and subscriptions, and change one URL."));
    set_blank(
        &blanks, "resolvers",
        native ? GCM_S("| `src/resolvers/` | who answers which field of the API: yours to extend |")
               : GCM_S(""));
    set_blank(&blanks, "clients",
              gcm_template(arena, native ? "clients.native.md" : "clients.simple.md", NULL, 0));
    return blanks;
}

/* The root tokens are handed to the application by name; .env holds them. */
static struct gcm_slice compose_text(struct gcm_arena *arena, const struct gcm_plan *plan,
                                     struct blanks blanks)
{
    static const char *const templates[] = {
        "docker-compose.mysql.yml", "docker-compose.postgres.yml", "docker-compose.mongo.yml"};
    struct gcm_buffer tokens = gcm_buffer(arena, GCM_BUFFER_CAP);
    gcm_each (const struct gcm_plan_token, token, plan->application.root_tokens)
        gcm_putf(&tokens, "%s      %.*s:", tokens.size ? "\n" : "", GCM_P(token->variable));
    set_blank(&blanks, "root_tokens", gcm_buffer_text(&tokens));
    set_blank(&blanks, "application",
              gcm_template(arena, "docker-compose.application.yml", blanks.at, blanks.count));
    return gcm_template(arena, templates[plan->options.database], blanks.at, blanks.count);
}

/* The API that the application serves, as `graphcool-migrate schema` prints it, and who answers its
 * fields where that is not settled by its names. */
static void add_schema(struct gcm_arena *arena, struct gcm_outputs *outputs,
                       const struct gcm_plan *plan)
{
    bool native = plan->options.api == GCM_APPLICATION_NATIVE;
    const struct gcm_document *api =
        native ? gcm_api_native(arena, gcm_datamodel_of(arena, plan->datamodel), plan->project)
               : gcm_api_simple(arena, plan->project);
    struct gcm_buffer out = gcm_buffer(arena, GCM_BUFFER_CAP);
    gcm_print_document(&out, api);
    add(arena, outputs, "schema.graphql", gcm_buffer_text(&out));
    if (native)
        gcm_add_resolvers(arena, outputs, plan, api);
}

static void add_permissions(struct gcm_arena *arena, struct gcm_outputs *outputs,
                            const struct gcm_plan *plan)
{
    bool open = plan->application.open;
    add(arena, outputs, "src/permissions/index.js", gcm_permissions_index_text(arena, plan));
    gcm_each (const struct gcm_plan_model, model, plan->application.models)
        *gcm_push(arena, outputs) =
            (struct gcm_output){model->rules.path, gcm_model_rules_text(arena, model, open)};
    gcm_each (const struct gcm_plan_relation, relation, plan->application.relations)
        *gcm_push(arena, outputs) = (struct gcm_output){
            relation->rules.path, gcm_relation_rules_text(arena, relation, open)};
}

/* What is the same in every application, and what it has for its API instead, or beside it; the
 * runtime is copied as it is, of the rest the blanks are filled in. */
static bool belongs(struct gcm_arena *arena, const struct gcm_plan *plan, struct gcm_slice path)
{
    if (plan->options.api != GCM_APPLICATION_NATIVE)
        return !gcm_slice_starts(path, "src/graphcool/native/");
    return !gcm_embedded(arena, gcm_format(arena, "rules/templates/native/%.*s", GCM_P(path)));
}

static void add_templates(struct gcm_arena *arena, struct gcm_outputs *outputs,
                          const struct gcm_plan *plan, const struct blanks *blanks)
{
    struct gcm_slice app = GCM_S("rules/templates/app/"), native = GCM_S("rules/templates/native/");
    const struct gcm_file *file;
    for (size_t i = 0; (file = gcm_embedded_at(arena, i)); i++) {
        bool common = gcm_slice_starts(file->path, "rules/templates/app/");
        if (!common && (plan->options.api != GCM_APPLICATION_NATIVE ||
                        !gcm_slice_starts(file->path, "rules/templates/native/")))
            continue;
        struct gcm_slice path =
            gcm_slice_sub(file->path, common ? app.size : native.size, file->path.size);
        if (common && !belongs(arena, plan, path))
            continue;
        struct gcm_slice text = file->text;
        if (!gcm_slice_starts(path, "src/graphcool/"))
            text = gcm_template_fill(arena, text, blanks->at, blanks->count);
        *gcm_push(arena, outputs) = (struct gcm_output){path, text};
    }
}

gcm_result gcm_emit(const struct gcm_plan *plan, const struct gcm_emit_options *options,
                    struct gcm_emit_result *result, struct gcm_error *err)
{
    struct gcm_arena *arena = plan->project->arena;
    struct gcm_outputs outputs = {0};
    struct gcm_slice endpoint = endpoint_of(arena, plan);
    struct blanks blanks = blanks_of(arena, plan);
    if (plan->datamodel) {
        const struct gcm_blank database = {"database_type",
                                           plan->options.database == GCM_DATABASE_MONGO
                                               ? GCM_S("databaseType: document")
                                               : GCM_S("")};
        add(arena, &outputs, "prisma/datamodel.prisma", datamodel_text(arena, plan));
        add(arena, &outputs, "prisma/prisma.yml", gcm_template(arena, "prisma.yml", &database, 1));
        add(arena, &outputs, "docker-compose.yml", compose_text(arena, plan, blanks));
        add(arena, &outputs, ".env.example",
            gcm_environment_text(arena, plan, endpoint, service_name(arena, plan)));
        add_schema(arena, &outputs, plan);
        add(arena, &outputs, "src/model.json",
            gcm_model_json_text(arena, plan, service_name(arena, plan)));
        add_permissions(arena, &outputs, plan);
        add_templates(arena, &outputs, plan, &blanks);
    }
    add(arena, &outputs, "MIGRATION.md", gcm_migration_text(arena, plan, endpoint));
    return gcm_write_outputs(arena, &outputs, plan, options, result, err);
}
