#include "api/api.h"
#include "cli/options.h"
#include "core/file.h"
#include "graphql/parse.h"
#include "graphql/print.h"

#include <stdio.h>
#include <string.h>

struct schema_options {
    const char *of, *output;
    struct gcm_option_values variables; /* --opt NAME=VALUE */
    struct gcm_common_options common;
};

static enum gcm_exit write_schema(struct gcm_arena *arena, const struct gcm_document *schema,
                                  const char *output)
{
    struct gcm_buffer out = gcm_buffer(arena, GCM_BUFFER_CAP);
    struct gcm_error err = {0};
    gcm_print_document(&out, schema);
    if (!output)
        return gcm_write_stdout(gcm_buffer_text(&out));
    if (gcm_file_write(arena, gcm_slice_of(output), gcm_buffer_text(&out), &err) != GCM_OK)
        return gcm_report_error(&err);
    return GCM_EXIT_OK;
}

static enum gcm_exit simple_schema(struct gcm_arena *arena, const char *path,
                                   const struct schema_options *options,
                                   struct gcm_document **schema)
{
    struct gcm_project_options read = {.flags = options->variables.at};
    struct gcm_project *project = NULL;
    struct gcm_error err = {0};
    if (gcm_project_read(arena, gcm_slice_of(path), &read, &project, &err) != GCM_OK)
        return gcm_report_error(&err);
    *schema = gcm_api_simple(arena, project);
    return GCM_EXIT_OK;
}

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
    if (errors.count)
        return gcm_report_error(&errors.at[0]);
    *schema = gcm_api_prisma(arena, gcm_datamodel_of(arena, document));
    return GCM_EXIT_OK;
}

static enum gcm_exit run(int argc, char **argv)
{
    struct schema_options schema = {.of = "simple"};
    const struct gcm_option options[] = {
        {"of", 0, GCM_OPTION_CHOICE, &schema.of, "simple|prisma", "which of the two APIs (simple)"},
        {"output", 'o', GCM_OPTION_VALUE, &schema.output, "FILE", "write it there, not to stdout"},
        {"opt", 0, GCM_OPTION_MANY, &schema.variables, "NAME=VALUE",
         "what ${opt:NAME} stands for in graphcool.yml; repeatable"},
        {0},
    };
    const char *path = ".";
    int count = 0;
    int end = gcm_options_read(&gcm_command_schema, options, argc, argv, &schema.common, &path, 1,
                               &count);
    if (end >= 0)
        return (enum gcm_exit)end;
    struct gcm_arena arena = {0};
    struct gcm_document *document = NULL;
    enum gcm_exit code = strcmp(schema.of, "prisma") != 0
                             ? simple_schema(&arena, path, &schema, &document)
                             : datamodel_schema(&arena, path, &document);
    if (code == GCM_EXIT_OK)
        code = write_schema(&arena, document, schema.output);
    gcm_arena_free(&arena);
    return code;
}

const struct gcm_command gcm_command_schema = {
    "schema",
    "print the API that a project had, or will have",
    "[PROJECT | DATAMODEL.prisma] [--of simple|prisma] [--output FILE]",
    "Prints the Simple API that the Framework's server generated for a project (the current "
    "folder\n"
    "unless one is named), as SDL; or, with --of prisma, the API of a Prisma service: of the one\n"
    "that the project is converted to, or of a datamodel (v1.1).\n"
    "\n"
    "A project that the server refused is printed as far as it goes; the first errors are on\n"
    "stderr.\n"
    "\n"
    "exit codes: 0 printed; 1 usage; 2 nothing there that can be read; 8 local I/O\n"
    "example: graphcool-migrate schema ./server --output schema.graphql\n",
    run,
};
