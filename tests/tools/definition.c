/* definition: prints how a project's graphcool.yml is read.
 *
 *     definition PROJECT [--fill] [--flag name=value]…   the definition and its files, as JSON
 *     definition --problems PROJECT                      what is wrong with the files, for people
 *
 * Exit code 2 where there is no project. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/json.h"
#include "source/project.h"

enum { FLAGS = 8 };

/* Numbers that are no plain decimals, and timestamps, are printed as text with their tag. */
static void put_scalar(struct gcm_json *json, const struct gcm_yaml *scalar)
{
    struct gcm_arena *arena = json->out->arena;
    switch (scalar->type) {
    case GCM_YAML_NULL:
        gcm_json_null(json);
        break;
    case GCM_YAML_BOOLEAN:
        gcm_json_bool(json, gcm_yaml_is_true(scalar));
        break;
    case GCM_YAML_INT:
    case GCM_YAML_FLOAT:
        gcm_json_string(json, gcm_format(arena, "!!number %.*s", GCM_P(scalar->text)));
        break;
    case GCM_YAML_TIMESTAMP:
        gcm_json_string(json, gcm_format(arena, "!!timestamp %.*s", GCM_P(scalar->text)));
        break;
    case GCM_YAML_STRING:
        gcm_json_string(json, scalar->text);
        break;
    }
}

static void put_yaml(struct gcm_json *json, const struct gcm_yaml *value)
{
    if (!value) {
        gcm_json_null(json);
    } else if (value->kind == GCM_YAML_SCALAR) {
        put_scalar(json, value);
    } else {
        bool list = value->kind == GCM_YAML_LIST;
        gcm_json_open(json, list ? '[' : '{');
        for (size_t i = 0; i < value->count; i++) {
            if (!list)
                gcm_json_key_slice(json, value->keys[i]->text);
            put_yaml(json, value->items[i]);
        }
        gcm_json_close(json, list ? ']' : '}');
    }
}

static void put_file(struct gcm_json *json, const struct gcm_source_file *source)
{
    if (!source || source->not_sent || !source->file)
        return;
    gcm_json_key_slice(json, source->path);
    gcm_json_string(json, source->file->text);
}

/* The files as the official CLI sends them: all types in one text, under the first path. */
static void put_files(struct gcm_json *json, const struct gcm_project *project)
{
    struct gcm_buffer types = gcm_buffer(project->arena, GCM_BUFFER_CAP);
    gcm_each (struct gcm_source_file *, at, project->type_files) {
        gcm_put(&types, (*at)->file ? (*at)->file->text : GCM_S(""));
        gcm_putc(&types, '\n');
    }
    gcm_json_open(json, '{');
    if (project->type_files.count) {
        gcm_json_key_slice(json, project->type_files.at[0]->path);
        gcm_json_string(json, gcm_buffer_text(&types));
    }
    gcm_each (struct gcm_permission *, at, project->permissions)
        put_file(json, (*at)->query);
    gcm_each (struct gcm_function *, at, project->functions) {
        put_file(json, (*at)->code);
        put_file(json, (*at)->query);
        put_file(json, (*at)->schema);
    }
    gcm_json_close(json, '}');
}

static void put_json(struct gcm_buffer *out, const struct gcm_project *project)
{
    struct gcm_json json = gcm_json(out);
    gcm_json_open(&json, '{');
    gcm_json_member_number(&json, "format", project->format);
    gcm_json_key(&json, "definition");
    put_yaml(&json, project->yaml);
    gcm_json_key(&json, "files");
    put_files(&json, project);
    gcm_json_key(&json, "cli_errors");
    gcm_json_open(&json, '[');
    gcm_each (struct gcm_error, error, project->cli_errors)
        gcm_json_string(&json, error->message);
    gcm_json_close(&json, ']');
    gcm_json_close(&json, '}');
}

static int print(struct gcm_buffer *out, FILE *to)
{
    struct gcm_slice text = gcm_buffer_text(out);
    return fwrite(text.at, 1, text.size, to) == text.size && !fflush(to) ? 0 : 8;
}

int main(int argc, char **argv)
{
    struct gcm_arena arena = {0};
    const char *flags[FLAGS + 1] = {0};
    const char *path = "";
    size_t flag_count = 0;
    bool problems = false;
    struct gcm_project_options options = {.flags = flags};
    for (int i = 1; i < argc; i++) {
        if (!strcmp(argv[i], "--problems"))
            problems = true;
        else if (!strcmp(argv[i], "--fill"))
            options.fill_environment = true;
        else if (!strcmp(argv[i], "--flag") && i + 1 < argc && flag_count < FLAGS)
            flags[flag_count++] = argv[++i];
        else
            path = argv[i];
    }
    struct gcm_project *project = NULL;
    struct gcm_error err = {0};
    struct gcm_buffer out = gcm_buffer(&arena, GCM_BUFFER_CAP);
    int code;
    if (gcm_project_read(&arena, gcm_slice_of(path), &options, &project, &err) != GCM_OK) {
        gcm_put_error(&out, &err);
        code = print(&out, problems ? stdout : stderr) ? 8 : 2;
    } else if (problems) {
        gcm_each (struct gcm_error, problem, project->problems)
            gcm_put_error(&out, problem);
        code = print(&out, stdout);
    } else {
        put_json(&out, project);
        gcm_putc(&out, '\n');
        code = print(&out, stdout);
    }
    gcm_arena_free(&arena);
    return code;
}
