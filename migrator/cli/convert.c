/* convert: writes the converted service. */
#include "cli/open.h"

#include "emit/emit.h"

#include <stdio.h>

/* Constructs that a datamodel holds: one of them refused is missing from it. */
static const char *const datamodel_constructs[] = {
    "model",     "definition", "field",    "system_field",  "directive", "default",
    "enum",      "enum_value", "relation", "relation_name", "name",      "physical_name",
    "datamodel", NULL};

static bool lacks_something(const struct gcm_plan *plan)
{
    if (!plan->datamodel)
        return true;
    gcm_each (struct gcm_decision *, decision, plan->decisions)
        if ((*decision)->outcome == GCM_REFUSED &&
            gcm_slice_in((*decision)->construct, datamodel_constructs))
            return true;
    return false;
}

/* "src/graphcool/" of a path below it; empty: no such folder. */
static struct gcm_slice inner_folder(struct gcm_slice path)
{
    size_t slash = gcm_slice_find(path, '/');
    size_t next = slash + 1 + gcm_slice_find(gcm_slice_sub(path, slash + 1, path.size), '/');
    return next < path.size ? gcm_slice_sub(path, 0, next + 1) : GCM_S("");
}

/* How many files from this one on stand in one folder and had an ordinary fate: they are told in
 * one line. */
static size_t told_together(const struct gcm_emitted *file, const struct gcm_emitted *end)
{
    struct gcm_slice folder = inner_folder(file->path);
    size_t count = 0;
    while (folder.size && file + count < end && file[count].fate == file->fate &&
           (file->fate == GCM_EMIT_WRITTEN || file->fate == GCM_EMIT_SAME) &&
           gcm_slice_equal(inner_folder(file[count].path), folder))
        count++;
    return count;
}

static void put_files(struct gcm_buffer *out, const struct gcm_emit_result *result,
                      struct gcm_slice folder)
{
    static const char *const fates[] = {[GCM_EMIT_WRITTEN] = "written",
                                        [GCM_EMIT_SAME] = "unchanged",
                                        [GCM_EMIT_LEFT] = "left",
                                        [GCM_EMIT_REPLACED] = "replaced",
                                        [GCM_EMIT_STALE] = "old"};
    gcm_put_visible(out, folder);
    gcm_putc(out, '\n');
    gcm_each (const struct gcm_emitted, file, result->files) {
        gcm_putf(out, "  %-10s ", fates[file->fate]);
        size_t together = told_together(file, result->files.at + result->files.count);
        if (together > 1) {
            gcm_put(out, inner_folder(file->path));
            gcm_putf(out, "  (%zu files)\n", together);
            file += together - 1;
            continue;
        }
        gcm_put_visible(out, file->path);
        if (file->fate == GCM_EMIT_LEFT)
            gcm_puts(out, "  (edited since, or not ours; --force overwrites it)");
        if (file->fate == GCM_EMIT_STALE)
            gcm_puts(out, "  (of an earlier run; no longer part of the output)");
        if (file->backup.size)
            gcm_putf(out, "  (yours is now %.*s)", GCM_P(file->backup));
        gcm_putc(out, '\n');
    }
}

static void put_left(struct gcm_buffer *out, const struct gcm_plan *plan)
{
    struct gcm_size_class size = gcm_plan_size(plan);
    const unsigned *outcomes = plan->outcomes;
    gcm_putf(out, "\n%u automatic, %u adapted, %u to review, %u refused. Size %c-%d, %s.\n",
             outcomes[GCM_AUTOMATIC], outcomes[GCM_ADAPTED], outcomes[GCM_REVIEW],
             outcomes[GCM_REFUSED], size.letter, size.digit, size.name);
    if (!plan->datamodel)
        gcm_puts(out, "No datamodel was written: the project cannot be expressed in one.\n");
    else if (lacks_something(plan))
        gcm_puts(out, "The datamodel lacks what was refused.\n");
    if (outcomes[GCM_ADAPTED] + outcomes[GCM_REVIEW] + outcomes[GCM_REFUSED])
        gcm_puts(out, "What is left, in working order: MIGRATION.md\n");
}

static enum gcm_exit convert(struct gcm_arena *arena, int argc, char **argv)
{
    struct gcm_open_options open = {0};
    struct gcm_emit_options emit = {0};
    const char *folder = NULL, *path = NULL;
    const struct gcm_option options[] = {
        {"out", 'o', GCM_OPTION_VALUE, &folder, "FOLDER",
         "where to write; made if it is not there"},
        {"force", 0, GCM_OPTION_FLAG, &emit.force, NULL,
         "overwrite edited files, too, keeping each as NAME.bak"},
        {"dry-run", 'n', GCM_OPTION_FLAG, &emit.dry_run, NULL,
         "say what would be written; write nothing"},
        GCM_APPLICATION_OPTIONS(open),
        GCM_OPEN_OPTIONS(open),
        {0},
    };
    struct gcm_common_options common;
    int count = 0;
    int end =
        gcm_options_read(&gcm_command_convert, options, argc, argv, &common, &path, 1, &count);
    if (end >= 0)
        return (enum gcm_exit)end;
    if (!count || !folder || !*folder)
        return gcm_usage(&gcm_command_convert,
                         count ? "--out FOLDER is missing" : "PROJECT is missing");
    struct gcm_plan *plan = NULL;
    enum gcm_exit code = gcm_open_plan(arena, path, &open, &plan);
    if (code != GCM_EXIT_OK)
        return code;
    emit.folder = gcm_slice_of(folder);
    struct gcm_emit_result result = {0};
    struct gcm_error err = {0};
    if (gcm_emit(plan, &emit, &result, &err) != GCM_OK)
        return gcm_report_error(&err);
    struct gcm_buffer out = gcm_buffer(arena, GCM_BUFFER_CAP);
    if (emit.dry_run)
        gcm_puts(&out, "A dry run: nothing was written.\n");
    put_files(&out, &result, emit.folder);
    put_left(&out, plan);
    if (!common.quiet)
        code = gcm_write_stdout(gcm_buffer_text(&out));
    return code == GCM_EXIT_OK && lacks_something(plan) ? GCM_EXIT_FINDINGS : code;
}

static enum gcm_exit run(int argc, char **argv)
{
    struct gcm_arena arena = {0};
    enum gcm_exit code = convert(&arena, argc, argv);
    gcm_arena_free(&arena);
    return code;
}

const struct gcm_command gcm_command_convert = {
    .name = "convert",
    .summary = "write the application and the Prisma service that a project becomes",
    .arguments = "PROJECT --out FOLDER [OPTION…]",
    .help =
        "Writes into FOLDER a Prisma service (prisma/, docker-compose.yml) and the application "
        "before\n"
        "it, which serves the API that the clients know (--api simple) and asks the project's "
        "permissions\n"
        "(schema.graphql, src/, README.md, .env.example); MIGRATION.md (what is left, in working\n"
        "order) and graphcool-migrate.json (every decision). A file that was edited since the "
        "last\n"
        "run, or that is not ours, is never overwritten without --force. Contacts nobody.\n"
        "\n"
        "--api native is for those who rewrite their clients: the application then serves the API "
        "that\n"
        "Prisma has (posts, createPost(data:) …), with the same permissions and src/resolvers, "
        "which are\n"
        "yours to extend. `operations convert` rewrites what clients ask.\n"
        "\n"
        "Functions are not run yet: the field of a resolver answers an error, and a mutation with "
        "a\n"
        "hook is refused, unless --without-functions lets it go on.\n"
        "\n"
        "exit codes:\n"
        "  0  everything that a datamodel can hold was converted\n"
        "  1  the command line is wrong\n"
        "  2  PROJECT is no project, the rules of --rules are wrong, or FOLDER has a\n"
        "     graphcool-migrate.json of somebody else\n"
        "  3  written, but a type, field, relation, enum, directive or default is refused: the\n"
        "     datamodel lacks it (or there is none); MIGRATION.md names each. Refused permissions\n"
        "     and functions do not count: no datamodel holds them.\n"
        "  8  FOLDER cannot be written; nothing was changed\n"
        "\n"
        "examples:\n"
        "  graphcool-migrate convert ./server --out ./app\n"
        "  graphcool-migrate convert ./server --out ./app --database postgres --dry-run\n",
    .run = run,
};
