/* fuzz: puts projects through the whole program, in one process. Its input is one project after the
 * other: "files N\n", then for each file "NAME-LENGTH TEXT-LENGTH\n", the name, the text. Its
 * output is for each project a list of texts, "KIND LENGTH\n" and the text: "json" is the report of
 * the plan for one target, "datamodel DATABASE TARGET" is what convert would write, "wrong" is what
 * must not be; then "end 0\n". A project that takes longer than five seconds ends it with SIGALRM.
 */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "api/api.h"
#include "emit/migration.h"
#include "graphql/parse.h"
#include "graphql/print.h"
#include "report/report.h"
#include "report/secrets.h"

enum { SECONDS = 5, MOST_FILES = 1000 };

static const char *const databases[] = {
    [GCM_DATABASE_MYSQL] = "mysql",
    [GCM_DATABASE_POSTGRES] = "postgres",
    [GCM_DATABASE_MONGO] = "mongo",
};

static void say(const char *kind, struct gcm_slice text)
{
    printf("%s %zu\n", kind, text.size);
    fwrite(text.at, 1, text.size, stdout);
}

/* ---- reading -------------------------------------------------------------------------------- */

static struct gcm_slice read_text(struct gcm_arena *arena, size_t size)
{
    char *at = gcm_arena_alloc(arena, size + 1);
    if (fread(at, 1, size, stdin) != size)
        exit(1);
    return (struct gcm_slice){at, size};
}

static size_t read_files(struct gcm_arena *arena, struct gcm_file **files)
{
    size_t count, name, text;
    if (scanf("files %zu", &count) != 1 || count > MOST_FILES)
        return 0;
    getchar();
    *files = gcm_arena_alloc(arena, count * sizeof **files);
    for (size_t i = 0; i < count; i++) {
        if (scanf("%zu %zu", &name, &text) != 2)
            exit(1);
        getchar();
        (*files)[i].path = read_text(arena, name);
        (*files)[i].text = read_text(arena, text);
    }
    return count;
}

/* ---- one project ---------------------------------------------------------------------------- */

/* What convert writes must be a datamodel that check-datamodel takes. */
static void check(struct gcm_arena *arena, struct gcm_slice text,
                  const struct gcm_plan_options *options)
{
    struct gcm_file file = {GCM_S("datamodel.prisma"), text};
    struct gcm_errors syntax = {0};
    struct gcm_datamodel_errors errors = {0};
    struct gcm_document *document = gcm_graphql_parse(arena, &file, GCM_DIALECT_PRISMA, &syntax);
    gcm_each (struct gcm_error, error, syntax)
        say("wrong", gcm_format(arena, "%s: syntax: %.*s", databases[options->database],
                                GCM_P(error->message)));
    if (syntax.count)
        return;
    struct gcm_datamodel *datamodel = gcm_datamodel_of(arena, document);
    if (options->target == GCM_SERVER_PRISMA_1_30)
        gcm_datamodel_validate_legacy(arena, datamodel, options->database, &errors);
    else
        gcm_datamodel_validate(arena, datamodel, options->database, &errors);
    gcm_each (struct gcm_datamodel_error, error, errors)
        say("wrong",
            gcm_format(arena, "%s, %s: %s %.*s.%.*s: %.*s", databases[options->database],
                       options->target == GCM_SERVER_PRISMA_1_30 ? "1.30" : "1.34", error->rule,
                       GCM_P(error->type), GCM_P(error->field), GCM_P(error->message)));
    struct gcm_buffer out = gcm_buffer(arena, GCM_BUFFER_CAP);
    gcm_print_document(&out, gcm_api_prisma(arena, datamodel));
}

static void convert(struct gcm_arena *arena, struct gcm_project *project,
                    const struct gcm_rules *rules, const struct gcm_plan_options *options)
{
    struct gcm_plan *plan = gcm_plan_make(project, rules, options);
    gcm_hide_secrets(project, plan);
    struct gcm_buffer json = gcm_buffer(arena, GCM_BUFFER_CAP);
    struct gcm_buffer text = gcm_buffer(arena, GCM_BUFFER_CAP);
    gcm_report_json(&json, plan, &(struct gcm_report_options){0});
    say("json", gcm_buffer_text(&json));
    gcm_report_text(&text, plan, &(struct gcm_report_options){.color = true, .verbose = true});
    gcm_migration_text(arena, plan, GCM_S("http://localhost:4466/service/dev"));
    if (!plan->datamodel)
        return;
    struct gcm_buffer out = gcm_buffer(arena, GCM_BUFFER_CAP);
    gcm_print_document(&out, plan->datamodel);
    struct gcm_slice datamodel = gcm_buffer_text(&out);
    say(gcm_format(arena, "datamodel-%s-%s", databases[options->database],
                   options->target == GCM_SERVER_PRISMA_1_30 ? "1.30" : "1.34")
            .at,
        datamodel);
    check(arena, datamodel, options);
}

static void put_through(const struct gcm_file *files, size_t count, const struct gcm_rules *rules,
                        const struct gcm_plan_options *options, bool schema)
{
    struct gcm_arena arena = {0};
    struct gcm_error error = {0};
    struct gcm_project *project = NULL;
    if (gcm_project_of(&arena, files, count, &project, &error) == GCM_OK) {
        if (schema) {
            struct gcm_buffer out = gcm_buffer(&arena, GCM_BUFFER_CAP);
            gcm_print_document(&out, gcm_api_simple(&arena, project));
        }
        convert(&arena, project, rules, options);
    }
    gcm_arena_free(&arena);
}

int main(void)
{
    static const struct gcm_plan_options targets[] = {
        {.target = GCM_SERVER_PRISMA_1_34, .database = GCM_DATABASE_MYSQL},
        {.target = GCM_SERVER_PRISMA_1_34, .database = GCM_DATABASE_POSTGRES},
        {.target = GCM_SERVER_PRISMA_1_34, .database = GCM_DATABASE_MONGO},
        {.target = GCM_SERVER_PRISMA_1_30, .database = GCM_DATABASE_MYSQL},
        {.target = GCM_SERVER_PRISMA_1_30, .database = GCM_DATABASE_POSTGRES},
    };
    struct gcm_arena always = {0}, arena = {0};
    struct gcm_rules *rules = NULL;
    struct gcm_errors errors = {0};
    struct gcm_file *files = NULL;
    size_t count;
    if (gcm_rules_load(&always, NULL, &rules, &errors) != GCM_OK)
        return 1;
    while ((count = read_files(&arena, &files)) > 0) {
        alarm(SECONDS);
        for (size_t i = 0; i < sizeof targets / sizeof *targets; i++)
            put_through(files, count, rules, &targets[i], i == 0);
        alarm(0);
        say("end", GCM_S(""));
        fflush(stdout);
        gcm_arena_free(&arena);
    }
    gcm_arena_free(&arena);
    gcm_arena_free(&always);
    return 0;
}
