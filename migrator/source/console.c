/* A schema file without graphcool.yml: project.graphcool of the console era, whose permissions and
 * functions lived in the console (spec/graphcool-framework.md §1.16), or the types of a service
 * whose definition is lost. */
#include "graphql/parse.h"
#include "source/reader.h"

static struct gcm_slice next_line(struct gcm_slice text, size_t *at)
{
    struct gcm_slice rest = gcm_slice_sub(text, *at, text.size);
    struct gcm_slice line = gcm_slice_sub(rest, 0, gcm_slice_find(rest, '\n'));
    *at += line.size + 1;
    return line;
}

/* "# project: cj0abc…": every line that starts with # and has one colon (SchemaFileHeader.scala).
 */
static void read_header(struct gcm_reader *reader, struct gcm_slice text)
{
    for (size_t at = 0; at < text.size;) {
        struct gcm_slice line = next_line(text, &at);
        size_t colon = gcm_slice_find(line, ':');
        struct gcm_slice value = gcm_slice_sub(line, colon + 1, line.size);
        if (!gcm_slice_starts(line, "#") || colon == line.size ||
            gcm_slice_find(value, ':') < value.size)
            continue;
        struct gcm_slice key = gcm_slice_trim(gcm_slice_sub(line, 1, colon - 1));
        if (gcm_slice_is(key, "project") || gcm_slice_is(key, "projectId"))
            *gcm_push(reader->arena, &reader->project->targets) =
                (struct gcm_target){.name = GCM_S("project"), .service_id = gcm_slice_trim(value)};
    }
}

void gcm_read_console(struct gcm_reader *reader)
{
    struct gcm_project *project = reader->project;
    struct gcm_source_file *source = GCM_NEW(reader->arena, struct gcm_source_file);
    source->path = project->definition->path;
    source->place = (struct gcm_place){.file = project->definition};
    source->file = project->definition;
    gcm_repair_file(reader, project->definition);
    source->document = gcm_graphql_parse(reader->arena, project->definition, GCM_DIALECT_TOLERANT,
                                         &project->problems);
    *gcm_push(reader->arena, &project->type_files) = source;
    read_header(reader, project->definition->text);
    bool console = gcm_slice_ends(project->definition->path, ".graphcool");
    gcm_problem(reader, source->place,
                console ? "write them into a graphcool.yml beside this file, then run again; until "
                          "then everything is denied"
                        : "add the graphcool.yml of the service, then run again; until then "
                          "everything is denied",
                console
                    ? "permissions and functions of this project lived in the console: this "
                      "file has only its types"
                    : "there is no graphcool.yml beside this file, so only its types are known");
}
