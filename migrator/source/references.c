/* The files that graphcool.yml names. */
#include "core/file.h"
#include "graphql/parse.h"
#include "source/reader.h"

/* A file that was read, or could not be. */
struct loaded {
    struct gcm_file *file;
    struct gcm_document *document;
    bool parsed;
    struct gcm_error err;
};

static const char *const what_words[] = {
    [GCM_REFERENCE_TYPES] = "types file",
    [GCM_REFERENCE_PERMISSION_QUERY] = "permission query",
    [GCM_REFERENCE_FUNCTION_QUERY] = "subscription query",
    [GCM_REFERENCE_FUNCTION_SCHEMA] = "resolver schema",
    [GCM_REFERENCE_CODE] = "handler",
};

static struct loaded *load(struct gcm_reader *reader, struct gcm_slice path)
{
    struct loaded *loaded = gcm_map_get(&reader->loaded, path);
    if (loaded)
        return loaded;
    loaded = GCM_NEW(reader->arena, struct loaded);
    gcm_map_put(reader->arena, &reader->loaded, path, loaded);
    if (gcm_files_read(reader->files, reader->arena, path, &loaded->file, &loaded->err) != GCM_OK)
        loaded->file = NULL;
    return loaded;
}

struct gcm_file *gcm_read_file(struct gcm_reader *reader, struct gcm_slice path,
                               struct gcm_error *err)
{
    const struct loaded *loaded = load(reader, path);
    if (!loaded->file)
        *err = loaded->err;
    return loaded->file;
}

/* "a.graphql:Name" → "a.graphql" and "Name". Types and code have no operation. */
static void split_operation(struct gcm_source_file *source, enum gcm_reference kind)
{
    if (kind == GCM_REFERENCE_TYPES || kind == GCM_REFERENCE_CODE)
        return;
    size_t colon = gcm_slice_find(source->path, ':');
    if (colon == source->path.size)
        return;
    source->operation = gcm_slice_sub(source->path, colon + 1, source->path.size);
    source->path = gcm_slice_sub(source->path, 0, colon);
}

/* `.graphql(:.*)?$` with a character before it, and not above the folder: fsToProject.ts. */
static bool sent_by_cli(const struct gcm_source_file *source, enum gcm_reference kind)
{
    if (kind == GCM_REFERENCE_TYPES || kind == GCM_REFERENCE_CODE)
        return true;
    return source->path.size > 7 && gcm_slice_ends(source->path, "graphql") &&
           !gcm_slice_starts(source->path, "../");
}

static void missing_problem(struct gcm_reader *reader, struct gcm_source_file *source,
                            enum gcm_reference kind, const struct loaded *loaded,
                            struct gcm_slice path)
{
    if (loaded->err.code == GCM_BAD_INPUT)
        source->differs_in_case = gcm_files_other_case(reader->files, reader->arena, path);
    if (source->differs_in_case.size) {
        gcm_problem(reader, source->place,
                    "correct the name here or rename the file; it was only found on systems that "
                    "take upper and lower case for the same",
                    "the %s \"%.*s\" does not exist, but \"%.*s\" does", what_words[kind],
                    GCM_P(source->path), GCM_P(source->differs_in_case));
        return;
    }
    if (gcm_slice_has(loaded->err.message, "No such file")) {
        gcm_problem(reader, source->place, "add the file, or remove what needs it",
                    "the %s \"%.*s\" does not exist", what_words[kind], GCM_P(source->path));
        return;
    }
    gcm_problem(reader, source->place, "name a file that can be read", "the %s \"%.*s\" %.*s",
                what_words[kind], GCM_P(source->path), GCM_P(loaded->err.message));
}

static void parse(struct gcm_reader *reader, struct loaded *loaded)
{
    if (loaded->parsed)
        return;
    loaded->parsed = true;
    gcm_repair_file(reader, loaded->file);
    loaded->document = gcm_graphql_parse(reader->arena, loaded->file, GCM_DIALECT_TOLERANT,
                                         &reader->project->problems);
}

static struct gcm_slice path_from_folder(struct gcm_reader *reader, struct gcm_slice path,
                                         enum gcm_reference kind)
{
    /* only the types path was given to the file system as it is */
    while (kind != GCM_REFERENCE_TYPES && gcm_slice_starts(path, "/"))
        path = gcm_slice_sub(path, 1, path.size);
    path = gcm_path_clean(reader->arena, path);
    return reader->base.size
               ? gcm_path_clean(reader->arena, gcm_path_join(reader->arena, reader->base, path))
               : path;
}

struct gcm_source_file *gcm_read_reference(struct gcm_reader *reader, const struct gcm_yaml *value,
                                           enum gcm_reference kind)
{
    if (!gcm_yaml_text(value).size)
        return NULL;
    struct gcm_source_file *source = GCM_NEW(reader->arena, struct gcm_source_file);
    source->path = gcm_fill_path(reader, value->text);
    source->place = value->place;
    split_operation(source, kind);
    source->not_sent = !sent_by_cli(source, kind);
    struct gcm_slice path = path_from_folder(reader, source->path, kind);
    if (!path.size)
        path = GCM_S(".");
    struct loaded *loaded = load(reader, path);
    if (!loaded->file) {
        /* what the environment said is not shown, only the name of the variable */
        source->path = value->text;
        split_operation(source, kind);
        missing_problem(reader, source, kind, loaded, path);
        return source;
    }
    source->file = loaded->file;
    if (source->not_sent)
        gcm_problem(reader, source->place, "move it below graphcool.yml, with the ending .graphql",
                    "the official CLI never sent \"%.*s\", so the server did not know it",
                    GCM_P(source->path));
    if (kind != GCM_REFERENCE_CODE) {
        parse(reader, loaded);
        source->document = loaded->document;
    }
    return source;
}
