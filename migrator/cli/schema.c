/* schema: the two APIs, as SDL. */
#include "api/api.h"
#include "cli/open.h"
#include "core/file.h"
#include "graphql/parse.h"
#include "graphql/print.h"
#include "report/secrets.h"

#include <stdio.h>
#include <string.h>

enum { SHOWN_ERRORS = 3 };

struct settings {
    const char *of, *output;
    struct gcm_open_options open;
    struct gcm_common_options common;
};

/* ---- the Simple API ------------------------------------------------------------------------- */

static void warn(const struct settings *settings, struct gcm_arena *arena, struct gcm_place place,
                 struct gcm_slice subject, struct gcm_slice message)
{
    if (settings->common.quiet)
        return;
    struct gcm_buffer out = gcm_buffer(arena, GCM_BUFFER_CAP);
    gcm_put_place(&out, place);
    gcm_putf(&out, "%s%.*s%s%.*s\n", out.size ? ": " : "", GCM_P(subject), subject.size ? ": " : "",
             GCM_P(message));
    struct gcm_slice text = gcm_buffer_text(&out);
    fprintf(stderr, "warning: %.*s", GCM_P(text));
}

/* An API of a project that the server would not have served is what it would have become. */
static void warn_of_verdict(const struct settings *settings, struct gcm_arena *arena,
                            const struct gcm_verdict *verdict)
{
    if (verdict->errors.count && !settings->common.quiet)
        fputs("warning: the server would have refused this project; the API is that of what could "
              "be understood\n",
              stderr);
    for (size_t i = 0; i < verdict->errors.count && i < SHOWN_ERRORS; i++) {
        const struct gcm_server_error *error = &verdict->errors.at[i];
        struct gcm_slice subject =
            error->field.size
                ? gcm_format(arena, "%.*s.%.*s", GCM_P(error->type), GCM_P(error->field))
                : error->type;
        warn(settings, arena, error->place, subject, error->message);
    }
    if (verdict->errors.count > SHOWN_ERRORS && !settings->common.quiet)
        fprintf(stderr, "warning: … and %zu more\n", verdict->errors.count - SHOWN_ERRORS);
    if (verdict->accepted && !verdict->usable)
        warn(settings, arena, verdict->dead_place,
             GCM_S("the server would have taken this project and answered no request"),
             verdict->dead_cause);
}

static enum gcm_exit simple_schema(struct gcm_arena *arena, const char *path,
                                   const struct settings *settings, struct gcm_document **schema)
{
    struct gcm_project *project = NULL;
    enum gcm_exit code = gcm_open_project(arena, path, &settings->open, &project);
    if (code != GCM_EXIT_OK)
        return code;
    warn_of_verdict(settings, arena, gcm_shown_verdict(project, gcm_verdict_of(project)));
    *schema = gcm_api_simple(arena, project);
    return GCM_EXIT_OK;
}

/* ---- the APIs after the conversion
 * ---------------------------------------------------------------------- */

static enum gcm_exit datamodel_schema(struct gcm_arena *arena, const char *path,
                                      struct gcm_document **schema)
{
    struct gcm_slice name = gcm_slice_of(path);
    struct gcm_file *file = NULL;
    struct gcm_error err = {0};
    struct gcm_errors errors = {0};
    if (gcm_file_read(arena, name, name, GCM_SOURCE_FILE_CAP, &file, &err) != GCM_OK)
        return gcm_report_error(&err);
    const struct gcm_document *document =
        gcm_graphql_parse(arena, file, GCM_DIALECT_PRISMA, &errors);
    if (errors.count) {
        errors.at[0].code = GCM_BAD_INPUT;
        return gcm_report_error(&errors.at[0]);
    }
    *schema = gcm_api_prisma(arena, gcm_datamodel_of(arena, document));
    return GCM_EXIT_OK;
}

static enum gcm_exit converted_schema(struct gcm_arena *arena, const char *path,
                                      const struct settings *settings, struct gcm_document **schema)
{
    struct gcm_plan *plan = NULL;
    enum gcm_exit code = gcm_open_plan(arena, path, &settings->open, &plan);
    if (code != GCM_EXIT_OK)
        return code;
    if (plan->datamodel) {
        const struct gcm_datamodel *datamodel = gcm_datamodel_of(arena, plan->datamodel);
        *schema = !strcmp(settings->of, "native") ? gcm_api_native(arena, datamodel, plan->project)
                                                  : gcm_api_prisma(arena, datamodel);
        return GCM_EXIT_OK;
    }
    fprintf(stderr,
            "graphcool-migrate: this project has no Prisma datamodel; graphcool-migrate report %s "
            "says why\n",
            path);
    return GCM_EXIT_FINDINGS;
}

static enum gcm_exit prisma_schema(struct gcm_arena *arena, const char *path,
                                   const struct settings *settings, struct gcm_document **schema)
{
    if (!strcmp(settings->of, "prisma") && gcm_slice_ends(gcm_slice_of(path), ".prisma"))
        return datamodel_schema(arena, path, schema);
    return converted_schema(arena, path, settings, schema);
}

/* ---- the command ---------------------------------------------------------------------------- */

static enum gcm_exit write_schema(struct gcm_arena *arena, const char *output,
                                  const struct gcm_document *schema)
{
    struct gcm_buffer out = gcm_buffer(arena, GCM_BUFFER_CAP);
    gcm_print_document(&out, schema);
    return gcm_write_output(arena, output, gcm_buffer_text(&out));
}

static enum gcm_exit schema(struct gcm_arena *arena, int argc, char **argv)
{
    struct settings settings = {.of = "simple"};
    const struct gcm_option options[] = {
        {"of", 0, GCM_OPTION_CHOICE, &settings.of, "simple|prisma|native", "which API (simple)"},
        {"output", 'o', GCM_OPTION_VALUE, &settings.output, "FILE", "where to; without it, stdout"},
        GCM_OPEN_OPTIONS(settings.open),
        {0},
    };
    const char *path = NULL;
    int count = 0;
    int end = gcm_options_read(&gcm_command_schema, options, argc, argv, &settings.common, &path, 1,
                               &count);
    if (end >= 0)
        return (enum gcm_exit)end;
    if (!count)
        return gcm_usage(&gcm_command_schema, "PROJECT is missing");
    struct gcm_document *document = NULL;
    enum gcm_exit code = !strcmp(settings.of, "simple")
                             ? simple_schema(arena, path, &settings, &document)
                             : prisma_schema(arena, path, &settings, &document);
    return code == GCM_EXIT_OK ? write_schema(arena, settings.output, document) : code;
}

static enum gcm_exit run(int argc, char **argv)
{
    struct gcm_arena arena = {0};
    enum gcm_exit code = schema(&arena, argc, argv);
    gcm_arena_free(&arena);
    return code;
}

const struct gcm_command gcm_command_schema = {
    .name = "schema",
    .summary = "print the API that a project had, or will have",
    .arguments = "PROJECT|DATAMODEL.prisma [OPTION…]",
    .help =
        "Prints an API as SDL: with --of simple the Simple API that the Framework's server\n"
        "generated for a project, with --of prisma the API of the Prisma service that the project\n"
        "is converted to, or of any datamodel (v1.1) in a file whose name ends in .prisma; with\n"
        "--of native that of an application made with `convert --api native`: Prisma's without\n"
        "updateMany and deleteMany, with the project's functions.\n"
        "A project that the server refused is printed as far as it can be understood, with the\n"
        "first errors on stderr. Contacts nobody.\n"
        "\n"
        "exit codes:\n"
        "  0  the API was printed\n"
        "  1  the command line is wrong\n"
        "  2  PROJECT is no project, DATAMODEL.prisma can't be parsed, or the rules are wrong\n"
        "  3  --of prisma or native: the project has no datamodel, by a decision; `report` says "
        "why\n"
        "  8  the output cannot be written\n"
        "\n"
        "examples:\n"
        "  graphcool-migrate schema ./server --output simple.graphql\n"
        "  graphcool-migrate schema ./server --of prisma --database postgres\n",
    .run = run,
};
