#include "source/project.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "core/file.h"
#include "source/models.h"
#include "source/reader.h"

enum { FOLDER_ENTRIES = 4096 };

static const char definition_name[] = "graphcool.yml";
static const char *const schema_names[] = {"types.graphql", "schema.graphql", "datamodel.graphql",
                                           NULL};
static const char *const framework_keys[] = {"types", NULL};
static const char *const preview_keys[] = {"service", "datamodel", "stage", "stages", NULL};

static const struct {
    const char *name;
    enum gcm_scalar scalar;
} scalars[] = {
    {"ID", GCM_SCALAR_ID},
    {"GraphQLID", GCM_SCALAR_ID},
    {"String", GCM_SCALAR_STRING},
    {"Int", GCM_SCALAR_INT},
    {"Float", GCM_SCALAR_FLOAT},
    {"Boolean", GCM_SCALAR_BOOLEAN},
    {"DateTime", GCM_SCALAR_DATETIME},
    {"Json", GCM_SCALAR_JSON},
    {"Password", GCM_SCALAR_PASSWORD},
};

enum gcm_scalar gcm_scalar_of(struct gcm_slice name)
{
    for (size_t i = 0; i < sizeof scalars / sizeof *scalars; i++)
        if (gcm_slice_is(name, scalars[i].name))
            return scalars[i].scalar;
    return GCM_SCALAR_NONE;
}

const char *gcm_scalar_name(enum gcm_scalar scalar)
{
    for (size_t i = 0; i < sizeof scalars / sizeof *scalars; i++)
        if (scalars[i].scalar == scalar)
            return scalars[i].name;
    return "";
}

static bool has_any(const struct gcm_yaml *root, const char *const *keys)
{
    for (; *keys; keys++)
        if (gcm_yaml_get(root, *keys))
            return true;
    return false;
}

/* What a file that could not be read would have named by its usual name. */
static void read_usual_types(struct gcm_reader *reader)
{
    struct gcm_slice path = GCM_S("types.graphql");
    struct gcm_yaml value = {.kind = GCM_YAML_SCALAR,
                             .quoted = true,
                             .text = path,
                             .place = {.file = reader->definition}};
    reader->project->guessed_format = true;
    if (gcm_files_has(reader->files, reader->arena, path))
        *gcm_push(reader->arena, &reader->project->type_files) =
            gcm_read_reference(reader, &value, GCM_REFERENCE_TYPES);
}

/* Templates were added as comments; people removed one # too many (seen in real projects). */
static void explain_template(const struct gcm_file *file, struct gcm_error *err)
{
    size_t stop = err->place.offset, at = 0;
    uint32_t line_number = 1;
    while (at < stop) {
        struct gcm_slice rest = gcm_slice_sub(file->text, at, file->text.size);
        struct gcm_slice line = gcm_slice_sub(rest, 0, gcm_slice_find(rest, '\n'));
        struct gcm_slice words = gcm_slice_trim(line);
        if (gcm_slice_starts(words, "added by ") && gcm_slice_has(words, " template")) {
            size_t column = (size_t)(words.at - line.at);
            err->place = (struct gcm_place){.file = file,
                                            .offset = (uint32_t)(at + column),
                                            .size = (uint32_t)words.size,
                                            .line = line_number,
                                            .column = (uint32_t)column + 1};
            err->message = GCM_S("this comment of a template lost its #");
            err->hint = GCM_S("put # in front of it");
            return;
        }
        at += line.size + 1;
        line_number++;
    }
}

static void unreadable(struct gcm_reader *reader, struct gcm_error *err)
{
    struct gcm_project *project = reader->project;
    explain_template(reader->definition, err);
    *gcm_push(reader->arena, &project->problems) = *err;
    if (!project->cli_errors.count) /* the check of the text came first */
        *gcm_push(reader->arena, &project->cli_errors) = *err;
    read_usual_types(reader);
}

/* A root that is no mapping: the CLI fails over an empty file; in a list or a text it finds no
 * `types`. */
static void no_mapping(struct gcm_reader *reader, const struct gcm_yaml *root)
{
    const char *hint = "write at least the path of the data model: types: ./types.graphql";
    struct gcm_place place = {.file = reader->definition};
    if (root && !gcm_yaml_is_null(root))
        place = root->place;
    const char *message = gcm_yaml_is_null(root) ? "the file is empty"
                                                 : "the file must be a mapping with the key types";
    gcm_problem(reader, place, hint, "%s", message);
    gcm_add_error(reader->arena, &reader->project->cli_errors, place, hint, "%s",
                  gcm_yaml_is_null(root)
                      ? message
                      : "The types definition file \"undefined\" could not be found.");
    read_usual_types(reader);
}

static void read_format(struct gcm_reader *reader)
{
    struct gcm_project *project = reader->project;
    if (!has_any(project->yaml, framework_keys) && has_any(project->yaml, preview_keys)) {
        project->format = GCM_FORMAT_PREVIEW;
        gcm_read_preview(reader);
        return;
    }
    project->format = GCM_FORMAT_FRAMEWORK;
    project->guessed_format = !has_any(project->yaml, framework_keys);
    if (!project->cli_errors.count)
        gcm_cli_check_shape(reader, project->yaml);
    gcm_read_framework(reader);
    if (!project->cli_errors.count)
        gcm_cli_check_files(reader);
    gcm_read_rc(reader);
}

/* Reads the YAML. A file with tabs in its indentation gets a second chance: the official CLI took
 * many of them. */
static gcm_result read_yaml(struct gcm_reader *reader, struct gcm_yaml **root,
                            struct gcm_error *err)
{
    struct gcm_file *file = reader->project->definition;
    struct gcm_error again;
    if (gcm_yaml_read(reader->arena, file, root, err) == GCM_OK)
        return GCM_OK;
    struct gcm_file *untabbed = GCM_NEW(reader->arena, struct gcm_file);
    *untabbed = (struct gcm_file){file->path, gcm_without_tabs(reader->arena, file->text)};
    if (gcm_slice_equal(untabbed->text, file->text) ||
        gcm_yaml_read(reader->arena, untabbed, root, &again) != GCM_OK)
        return err->code;
    *gcm_push(reader->arena, &reader->project->problems) = *err;
    return GCM_OK;
}

static void read_definition(struct gcm_reader *reader)
{
    struct gcm_project *project = reader->project;
    struct gcm_yaml *root = NULL;
    struct gcm_error err = {0};
    gcm_repair_file(reader, project->definition);
    gcm_cli_check_text(reader, project->definition);
    if (read_yaml(reader, &root, &err) != GCM_OK) {
        unreadable(reader, &err);
    } else if (!root || root->kind != GCM_YAML_MAP) {
        no_mapping(reader, root);
    } else {
        project->yaml = gcm_replace_variables(reader, root);
        read_format(reader);
    }
}

static bool is_definition(struct gcm_slice path)
{
    return gcm_slice_ends(path, ".yml") || gcm_slice_ends(path, ".yaml");
}

/* Reads the project whose definition, or schema, is that file. */
static gcm_result read_project(struct gcm_reader *reader, struct gcm_slice path,
                               struct gcm_error *err)
{
    struct gcm_project *project = reader->project;
    gcm_result result =
        gcm_files_read(reader->files, reader->arena, path, &project->definition, err);
    if (result != GCM_OK)
        return result;
    reader->definition = project->definition;
    if (is_definition(path)) {
        read_definition(reader);
    } else {
        project->format = GCM_FORMAT_CONSOLE;
        gcm_read_console(reader);
    }
    gcm_models_read(project);
    gcm_bind_permissions(project);
    gcm_bind_functions(project);
    return GCM_OK;
}

static struct gcm_reader reader_of(struct gcm_arena *arena, const struct gcm_files *files,
                                   const struct gcm_project_options *options)
{
    struct gcm_reader reader = {.arena = arena, .files = files, .options = options};
    reader.project = GCM_NEW(arena, struct gcm_project);
    reader.project->arena = arena;
    reader.project->folder = files->folder;
    return reader;
}

/* The only name with that ending, or empty. */
static struct gcm_slice only_with_ending(const struct gcm_slices *names, const char *ending)
{
    struct gcm_slice found = {0};
    for (size_t i = 0; i < names->count; i++) {
        if (!gcm_slice_ends(names->at[i], ending) || gcm_slice_is(names->at[i], ending))
            continue;
        if (found.size)
            return (struct gcm_slice){0};
        found = names->at[i];
    }
    return found;
}

static bool has_name(const struct gcm_slices *names, const char *name)
{
    for (size_t i = 0; i < names->count; i++)
        if (gcm_slice_is(names->at[i], name))
            return true;
    return false;
}

/* What a folder is read from; empty where it holds nothing of the kind. */
static struct gcm_slice choose_file(const struct gcm_slices *names)
{
    if (has_name(names, definition_name))
        return gcm_slice_of(definition_name);
    if (has_name(names, "project.graphcool"))
        return GCM_S("project.graphcool");
    struct gcm_slice console = only_with_ending(names, ".graphcool");
    for (size_t i = 0; !console.size && schema_names[i]; i++)
        if (has_name(names, schema_names[i]))
            console = gcm_slice_of(schema_names[i]);
    return console;
}

/* The folders right below that hold a graphcool.yml. */
static struct gcm_slices subprojects(struct gcm_arena *arena, const struct gcm_files *files,
                                     const struct gcm_slices *names)
{
    struct gcm_slices found = {0};
    for (size_t i = 0; i < names->count; i++) {
        if (gcm_slice_is(names->at[i], "node_modules"))
            continue;
        struct gcm_slice path = gcm_path_join(arena, names->at[i], gcm_slice_of(definition_name));
        if (gcm_files_has(files, arena, path))
            *gcm_push(arena, &found) = names->at[i];
    }
    return found;
}

static gcm_result nothing_here(struct gcm_arena *arena, struct gcm_slice folder,
                               const struct gcm_slices *subfolders, struct gcm_error *err)
{
    struct gcm_buffer list = gcm_buffer(arena, 4096);
    for (size_t i = 0; i < subfolders->count && i < 8; i++)
        gcm_putf(&list, "%s%.*s", i ? ", " : "", GCM_P(subfolders->at[i]));
    gcm_fail(arena, err, GCM_BAD_INPUT, (struct gcm_place){0},
             "%.*s holds no graphcool.yml, no *.graphcool and no types.graphql", GCM_P(folder));
    err->hint =
        subfolders->count
            ? gcm_format(arena, "these folders in it do: %.*s", GCM_P(gcm_buffer_text(&list)))
            : GCM_S("name the folder of the service, the one with graphcool.yml");
    return GCM_BAD_INPUT;
}

/* Finds out which file of which folder a path means. */
static gcm_result locate(struct gcm_arena *arena, struct gcm_slice path, struct gcm_files *files,
                         struct gcm_slice *file, struct gcm_error *err)
{
    if (!gcm_folder_exists(arena, path)) {
        files->folder = gcm_path_folder(path);
        *file = gcm_path_name(path);
        return GCM_OK;
    }
    struct gcm_slices names = {0};
    files->folder = path;
    if (access(gcm_cstring(arena, path), R_OK | X_OK) != 0)
        return gcm_fail(arena, err, GCM_BAD_INPUT, (struct gcm_place){0},
                        "%.*s cannot be opened: %s", GCM_P(path), strerror(errno));
    gcm_files_list(files, arena, GCM_S(""), FOLDER_ENTRIES, &names);
    *file = choose_file(&names);
    if (file->size)
        return GCM_OK;
    struct gcm_slices found = subprojects(arena, files, &names);
    if (found.count != 1)
        return nothing_here(arena, path, &found, err);
    files->folder = gcm_path_join(arena, path, found.at[0]);
    *file = gcm_slice_of(definition_name);
    return GCM_OK;
}

gcm_result gcm_project_read(struct gcm_arena *arena, struct gcm_slice path,
                            const struct gcm_project_options *options, struct gcm_project **project,
                            struct gcm_error *err)
{
    struct gcm_files *files = GCM_NEW(arena, struct gcm_files);
    struct gcm_slice file = {0};
    gcm_result result = locate(arena, path, files, &file, err);
    if (result != GCM_OK)
        return result;
    struct gcm_reader reader = reader_of(arena, files, options);
    result = read_project(&reader, file, err);
    if (result != GCM_OK && err->place.file) {
        /* there is no project whose folder the path could be seen from */
        struct gcm_file *shown = GCM_NEW(arena, struct gcm_file);
        shown->path = gcm_path_join(arena, files->folder, file);
        err->place.file = shown;
    }
    *project = reader.project;
    return result;
}

gcm_result gcm_project_of(struct gcm_arena *arena, const struct gcm_file *memory, size_t count,
                          struct gcm_project **project, struct gcm_error *err)
{
    static const struct gcm_project_options options = {.ignore_environment = true};
    struct gcm_files *files = GCM_NEW(arena, struct gcm_files);
    *files = (struct gcm_files){.memory = memory, .count = count};
    if (!count)
        return gcm_fail(arena, err, GCM_USAGE, (struct gcm_place){0}, "no file was given");
    struct gcm_reader reader = reader_of(arena, files, &options);
    gcm_result result = read_project(&reader, gcm_path_clean(arena, memory[0].path), err);
    *project = reader.project;
    return result;
}
