#include "cli/options.h"
#include "core/file.h"
#include "core/json.h"
#include "graphql/parse.h"
#include "prisma/datamodel.h"

#include <stdio.h>
#include <string.h>

static enum gcm_exit run(int argc, char **argv);

const struct gcm_command gcm_command_check_datamodel = {
    .name = "check-datamodel",
    .summary = "say whether a Prisma server would take a datamodel, and could use it",
    .arguments = "FILE [OPTION…]",
    .help =
        "Checks a datamodel as the Prisma server does when it is deployed, for a new service. It\n"
        "reports the server's own errors in its words and order, and what the server does not\n"
        "check and then fails on: limits of the database, which roll the migration back, and\n"
        "shapes that deploy into a service that nobody can use.\n"
        "FILE may be - for standard input. Nothing is contacted and nothing is written.\n\n"
        "Exit codes: 0 the datamodel deploys and can be used · 2 it does not, or FILE cannot be\n"
        "read.\n\n"
        "Example: graphcool-migrate check-datamodel prisma/datamodel.prisma --database postgres\n",
    .run = run,
};

struct settings {
    const char *database, *target, *format, *service, *stage;
    struct gcm_common_options common;
};

static enum gcm_database database_of(const char *name)
{
    return !name || !strcmp(name, "mysql") ? GCM_DATABASE_MYSQL
           : !strcmp(name, "postgres")     ? GCM_DATABASE_POSTGRES
                                           : GCM_DATABASE_MONGO;
}

/* ---- reading -------------------------------------------------------------------------------- */

static gcm_result read_input(struct gcm_arena *arena, FILE *from, struct gcm_file **file,
                             struct gcm_error *err)
{
    struct gcm_buffer text = gcm_buffer(arena, GCM_SOURCE_FILE_CAP);
    char part[1 << 16];
    size_t size;
    while ((size = fread(part, 1, sizeof part, from)) > 0)
        gcm_put(&text, (struct gcm_slice){part, size});
    struct gcm_place nowhere = {0};
    if (ferror(from))
        return gcm_fail(arena, err, GCM_ENVIRONMENT, nowhere, "standard input cannot be read");
    if (text.full)
        return gcm_fail(arena, err, GCM_BAD_INPUT, nowhere, "standard input is too large");
    *file = GCM_NEW(arena, struct gcm_file);
    **file = (struct gcm_file){GCM_S("(standard input)"), gcm_buffer_text(&text)};
    return GCM_OK;
}

static void add_syntax_errors(struct gcm_arena *arena, const struct gcm_errors *syntax,
                              struct gcm_datamodel_errors *errors)
{
    gcm_each (struct gcm_error, error, *syntax)
        *gcm_push(arena, errors) = (struct gcm_datamodel_error){
            .rule = "S", .type = GCM_S("Global"), .message = error->message, .place = error->place};
}

static void check(struct gcm_arena *arena, const struct gcm_file *file,
                  const struct settings *settings, struct gcm_datamodel_errors *errors)
{
    struct gcm_errors syntax = {0};
    struct gcm_document *document = gcm_graphql_parse(arena, file, GCM_DIALECT_PRISMA, &syntax);
    add_syntax_errors(arena, &syntax, errors);
    if (errors->count)
        return;
    struct gcm_datamodel *datamodel = gcm_datamodel_of(arena, document);
    enum gcm_database database = database_of(settings->database);
    if (settings->target && !strcmp(settings->target, "prisma-1.30"))
        gcm_datamodel_validate_legacy(arena, datamodel, database, errors);
    else
        gcm_datamodel_validate_project(
            arena, datamodel, database,
            gcm_format(arena, "%s$%s", settings->service ? settings->service : "xxxxxxxx",
                       settings->stage ? settings->stage : "dev"),
            errors);
}

/* ---- writing -------------------------------------------------------------------------------- */

static void put_text(struct gcm_buffer *out, const struct gcm_datamodel_errors *errors)
{
    gcm_each (struct gcm_datamodel_error, error, *errors) {
        gcm_put_place(out, error->place);
        if (error->place.file)
            gcm_puts(out, ": ");
        if (strcmp(error->rule, "S") != 0) {
            gcm_put(out, error->type);
            gcm_putf(out, "%s%.*s: ", error->field.size ? "." : "", GCM_P(error->field));
        }
        gcm_putf(out, "%.*s [%s]\n", GCM_P(error->message), error->rule);
        gcm_put_caret(out, error->place);
        if (error->unusable)
            gcm_puts(out, "    the server accepts this; the service then cannot be used\n");
    }
}

static void put_json_error(struct gcm_json *json, const struct gcm_datamodel_error *error)
{
    gcm_json_open(json, '{');
    gcm_json_member(json, "rule", gcm_slice_of(error->rule));
    gcm_json_member(json, "type", error->type);
    gcm_json_member_or_null(json, "field", error->field);
    gcm_json_member(json, "message", error->message);
    gcm_json_member_bool(json, "accepted", error->unusable);
    gcm_json_key(json, "place");
    if (error->place.file) {
        gcm_json_open(json, '{');
        gcm_json_member(json, "file", error->place.file->path);
        gcm_json_member_number(json, "line", error->place.line);
        gcm_json_member_number(json, "column", error->place.column);
        gcm_json_close(json, '}');
    } else
        gcm_json_null(json);
    gcm_json_close(json, '}');
}

static void put_json(struct gcm_buffer *out, const struct settings *settings,
                     const struct gcm_datamodel_errors *errors)
{
    struct gcm_json json = gcm_json(out);
    gcm_json_open(&json, '{');
    gcm_json_member(&json, "target",
                    gcm_slice_of(settings->target ? settings->target : "prisma-1.34"));
    gcm_json_member(&json, "database",
                    gcm_slice_of(settings->database ? settings->database : "mysql"));
    gcm_json_member_bool(&json, "usable", errors->count == 0);
    gcm_json_key(&json, "errors");
    gcm_json_open(&json, '[');
    gcm_each (struct gcm_datamodel_error, error, *errors)
        put_json_error(&json, error);
    gcm_json_close(&json, ']');
    gcm_json_close(&json, '}');
}

static enum gcm_exit report(struct gcm_arena *arena, const struct settings *settings,
                            const char *path, const struct gcm_datamodel_errors *errors)
{
    struct gcm_buffer out = gcm_buffer(arena, GCM_BUFFER_CAP);
    if (settings->format && !strcmp(settings->format, "json"))
        put_json(&out, settings, errors);
    else if (errors->count)
        put_text(&out, errors);
    else if (!settings->common.quiet)
        gcm_putf(&out, "%s: deploys and can be used\n", path);
    enum gcm_exit code = gcm_write_stdout(gcm_buffer_text(&out));
    return code != GCM_EXIT_OK ? code : errors->count ? GCM_EXIT_BAD_INPUT : GCM_EXIT_OK;
}

static enum gcm_exit run(int argc, char **argv)
{
    struct settings settings = {0};
    const struct gcm_option options[] = {
        {"database", 'd', GCM_OPTION_CHOICE, &settings.database, "mysql|postgres|mongo",
         "the server's database (mysql)"},
        {"target", 't', GCM_OPTION_CHOICE, &settings.target, "prisma-1.34|prisma-1.30",
         "the server, and with it the dialect (prisma-1.34)"},
        {"service", 0, GCM_OPTION_VALUE, &settings.service, "NAME",
         "name of the service: PostgreSQL puts it into names (8 letters)"},
        {"stage", 0, GCM_OPTION_VALUE, &settings.stage, "NAME", "its stage (dev)"},
        {"format", 'f', GCM_OPTION_CHOICE, &settings.format, "text|json", "how to print (text)"},
        {0},
    };
    const char *path = NULL;
    int count = 0;
    int end = gcm_options_read(&gcm_command_check_datamodel, options, argc, argv, &settings.common,
                               &path, 1, &count);
    if (end >= 0)
        return (enum gcm_exit)end;
    if (count != 1) {
        fprintf(stderr, "graphcool-migrate check-datamodel: which file?\n"
                        "usage: graphcool-migrate check-datamodel FILE [OPTION…]\n");
        return GCM_EXIT_USAGE;
    }
    struct gcm_arena arena = {0};
    struct gcm_error err = {0};
    struct gcm_file *file = NULL;
    struct gcm_datamodel_errors errors = {0};
    gcm_result result = strcmp(path, "-")
                            ? gcm_file_read(&arena, gcm_slice_of(path), gcm_slice_of(path),
                                            GCM_SOURCE_FILE_CAP, &file, &err)
                            : read_input(&arena, stdin, &file, &err);
    enum gcm_exit code;
    if (result == GCM_OK) {
        check(&arena, file, &settings, &errors);
        code = report(&arena, &settings, path, &errors);
    } else
        code = gcm_report_error(&err);
    gcm_arena_free(&arena);
    return code;
}
