/* graphcool.yml of the framework: its root, `types`, `rootTokens` and modules
 * (spec/graphcool-framework.md §1.2–§1.8). */
#include "core/file.h"
#include "source/reader.h"

enum { MODULES = 64 };

static const char *const root_keys[] = {"types",  "functions", "permissions", "rootTokens",
                                        "custom", "modules",   NULL};

/* How many letters must change to make one word of the other, up to 3. */
static size_t distance(struct gcm_slice a, struct gcm_slice b)
{
    enum { LONGEST = 24 };
    size_t row[LONGEST + 1];
    if (a.size > LONGEST || b.size > LONGEST)
        return LONGEST;
    for (size_t j = 0; j <= b.size; j++)
        row[j] = j;
    for (size_t i = 1; i <= a.size; i++) {
        size_t diagonal = row[0];
        row[0] = i;
        for (size_t j = 1; j <= b.size; j++) {
            size_t replaced = diagonal + (a.at[i - 1] != b.at[j - 1]);
            diagonal = row[j];
            size_t added = (row[j] < row[j - 1] ? row[j] : row[j - 1]) + 1;
            row[j] = replaced < added ? replaced : added;
        }
    }
    return row[b.size];
}

/* The known word that a misspelt one resembles: a few letters off, or its start. */
static const char *resembling(struct gcm_slice word, const char *const *known)
{
    for (; *known; known++) {
        struct gcm_slice candidate = gcm_slice_of(*known);
        struct gcm_slice start = gcm_slice_sub(candidate, 0, 6);
        if (distance(word, candidate) <= 2 || gcm_slice_equal_nocase(word, candidate) ||
            (word.size >= 6 && gcm_slice_equal(start, gcm_slice_sub(word, 0, 6))))
            return *known;
    }
    return NULL;
}

void gcm_check_keys(struct gcm_reader *reader, const struct gcm_yaml *map, const char *what,
                    const char *const *known)
{
    for (size_t i = 0; map && map->kind == GCM_YAML_MAP && i < map->count; i++) {
        const struct gcm_yaml *key = map->keys[i];
        if (gcm_slice_in(key->text, known))
            continue;
        const char *meant = resembling(key->text, known);
        struct gcm_slice hint = meant ? gcm_format(reader->arena, "did you mean %s?", meant)
                                      : GCM_S("remove it, or correct its name; it has no effect");
        gcm_problem(reader, key->place, hint.at, "%s has no key \"%.*s\"", what, GCM_P(key->text));
    }
}

static void read_types_path(struct gcm_reader *reader, const struct gcm_yaml *value)
{
    struct gcm_source_file *source = gcm_read_reference(reader, value, GCM_REFERENCE_TYPES);
    if (source)
        *gcm_push(reader->arena, &reader->project->type_files) = source;
    else
        gcm_problem(reader, value->place, "write the path of a file: ./types.graphql",
                    "the path of a types file is expected here");
}

void gcm_read_types(struct gcm_reader *reader, const struct gcm_yaml *types)
{
    if (types->kind == GCM_YAML_MAP || gcm_yaml_is_null(types)) {
        gcm_problem(reader, types->place, "write the path of a file: types: ./types.graphql",
                    "types must be a path or a list of paths");
        return;
    }
    if (types->kind == GCM_YAML_SCALAR) {
        read_types_path(reader, types);
        return;
    }
    if (!types->count)
        gcm_problem(reader, types->place, "write the path of a file: types: ./types.graphql",
                    "types names no file");
    for (size_t i = 0; i < types->count; i++)
        read_types_path(reader, types->items[i]);
}

static void read_root_tokens(struct gcm_reader *reader, const struct gcm_yaml *section)
{
    if (gcm_yaml_is_null(section))
        return;
    if (section->kind != GCM_YAML_LIST) {
        gcm_problem(reader, section->place, "write a list: rootTokens: [name]",
                    "rootTokens must be a list of names");
        return;
    }
    for (size_t i = 0; i < section->count; i++) {
        struct gcm_slice name = gcm_yaml_text(section->items[i]);
        if (name.size)
            *gcm_push(reader->arena, &reader->project->root_tokens) = name;
        else
            gcm_problem(reader, section->items[i]->place, NULL,
                        "the name of a root token is "
                        "expected here");
    }
}

static void read_sections(struct gcm_reader *reader, const struct gcm_yaml *root);

/* A module: another graphcool.yml, whose sections belong to the project as well (§1.8). */
static void read_module(struct gcm_reader *reader, const struct gcm_yaml *value)
{
    struct gcm_slice path = gcm_path_clean(reader->arena, gcm_yaml_text(value));
    struct gcm_error err = {0};
    struct gcm_yaml *root = NULL;
    if (!path.size) {
        gcm_problem(reader, value->place, NULL,
                    "the path of the module's graphcool.yml is "
                    "expected here");
        return;
    }
    const struct gcm_file *file = gcm_read_file(reader, path, &err);
    if (!file) {
        gcm_problem(reader, value->place, "add the file, or remove the module",
                    "the module \"%.*s\" %.*s", GCM_P(path), GCM_P(err.message));
        return;
    }
    if (gcm_yaml_read(reader->arena, file, &root, &err) != GCM_OK) {
        *gcm_push(reader->arena, &reader->project->problems) = err;
        return;
    }
    const struct gcm_file *outer = reader->definition;
    reader->definition = file;
    reader->base = gcm_slice_has(path, "/") ? gcm_path_folder(path) : GCM_S("");
    read_sections(reader, gcm_replace_variables(reader, root));
    reader->definition = outer;
    reader->base = GCM_S("");
}

static void read_modules(struct gcm_reader *reader, const struct gcm_yaml *root)
{
    const struct gcm_yaml *modules = gcm_yaml_get(root, "modules");
    if (!modules)
        return;
    gcm_problem(reader, gcm_yaml_key(root, "modules")->place,
                modules->count ? "move what they define into this file, then remove the key"
                               : "remove the key",
                "modules were given up before 1.0; the last official CLI refuses this key");
    if (modules->kind != GCM_YAML_MAP)
        return;
    for (size_t i = 0; i < modules->count && i < MODULES; i++)
        read_module(reader, modules->items[i]);
}

static void read_sections(struct gcm_reader *reader, const struct gcm_yaml *root)
{
    const struct gcm_yaml *types = gcm_yaml_get(root, "types");
    const struct gcm_yaml *permissions = gcm_yaml_get(root, "permissions");
    const struct gcm_yaml *functions = gcm_yaml_get(root, "functions");
    const struct gcm_yaml *tokens = gcm_yaml_get(root, "rootTokens");
    if (types)
        gcm_read_types(reader, types);
    if (permissions)
        gcm_read_permissions(reader, permissions);
    if (functions)
        gcm_read_functions(reader, functions);
    if (tokens)
        read_root_tokens(reader, tokens);
}

void gcm_read_framework(struct gcm_reader *reader)
{
    const struct gcm_yaml *root = reader->project->yaml;
    if (!gcm_yaml_get(root, "types"))
        gcm_problem(reader, (struct gcm_place){.file = reader->definition},
                    "name the file of the data model: types: ./types.graphql",
                    "the key \"types\" is missing");
    gcm_check_keys(reader, root, "graphcool.yml", root_keys);
    read_sections(reader, root);
    read_modules(reader, root);
}
