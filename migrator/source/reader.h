/* reader: what the parts that read a project share. Used inside source/ only. */
#ifndef GCM_SOURCE_READER_H
#define GCM_SOURCE_READER_H

#include "source/files.h"
#include "source/project.h"

struct gcm_reader {
    struct gcm_arena *arena;
    struct gcm_project *project;
    const struct gcm_files *files;
    const struct gcm_project_options *options;
    struct gcm_map loaded; /* files that were read, by their path from the project's folder */
    /* The graphcool.yml that is being read: the project's own, or that of a module. */
    const struct gcm_file *definition;
    struct gcm_slice base; /* its folder, from the project's folder; empty: the same */
};

/* What a reference may be, for messages: "the types file". */
enum gcm_reference {
    GCM_REFERENCE_TYPES,
    GCM_REFERENCE_PERMISSION_QUERY,
    GCM_REFERENCE_FUNCTION_QUERY,
    GCM_REFERENCE_FUNCTION_SCHEMA,
    GCM_REFERENCE_CODE
};

/* Finds and reads the file that a value of graphcool.yml names; parses it unless it is code. What
 * is wrong becomes a problem. NULL where the value is no text. */
struct gcm_source_file *gcm_read_reference(struct gcm_reader *reader, const struct gcm_yaml *value,
                                           enum gcm_reference kind);

/* Reads a file of the project by its path from the project's folder: once, however often it is
 * asked for. NULL with *err set if that fails. */
struct gcm_file *gcm_read_file(struct gcm_reader *reader, struct gcm_slice path,
                               struct gcm_error *err);

/* Adds a problem; the hint may be NULL. */
#define gcm_problem(reader, place, hint, ...)                                                      \
    gcm_add_error((reader)->arena, &(reader)->project->problems, (place), (hint), __VA_ARGS__)

/* A problem for each key of a mapping that is not in the list, with the known one that it
 * resembles. */
void gcm_check_keys(struct gcm_reader *reader, const struct gcm_yaml *map, const char *what,
                    const char *const *known);

/* The parts of the three formats. */
void gcm_read_framework(struct gcm_reader *reader);
void gcm_read_preview(struct gcm_reader *reader);
void gcm_read_console(struct gcm_reader *reader);

/* Sections of a framework definition. */
void gcm_read_types(struct gcm_reader *reader, const struct gcm_yaml *root);
void gcm_read_permissions(struct gcm_reader *reader, const struct gcm_yaml *section);
void gcm_read_functions(struct gcm_reader *reader, const struct gcm_yaml *section);
void gcm_read_rc(struct gcm_reader *reader);

/* After the models are known: which model or relation a permission or function speaks of. */
void gcm_bind_permissions(struct gcm_project *project);
void gcm_bind_functions(struct gcm_project *project);

/* The text of a file with `?` for each byte that is no UTF-8; *first is the offset of the first
 * one, or the size of the text. The text itself, where nothing is wrong. */
struct gcm_slice gcm_repair_utf8(struct gcm_arena *arena, struct gcm_slice text, size_t *first);

/* Does that to a file; the first such byte is a problem. The official CLI sent U+FFFD for each,
 * which the server took in a comment or string. */
void gcm_repair_file(struct gcm_reader *reader, struct gcm_file *file);

/* A YAML text with every line indented by the blanks before its first tab, as js-yaml counts them;
 * what is taken out stands as blanks at the end of the line. */
struct gcm_slice gcm_without_tabs(struct gcm_arena *arena, struct gcm_slice text);

/* Replaces variables in a definition; records each use and what could not be replaced. */
struct gcm_yaml *gcm_replace_variables(struct gcm_reader *reader, struct gcm_yaml *root);

/* A path with its environment variables filled in, for looking whether it is there. */
struct gcm_slice gcm_fill_path(struct gcm_reader *reader, struct gcm_slice text);

/* What the official CLI says to a definition before it sends anything: into project->cli_errors. */
void gcm_cli_check_text(struct gcm_reader *reader, const struct gcm_file *file);
void gcm_cli_check_shape(struct gcm_reader *reader, const struct gcm_yaml *root);
void gcm_cli_check_files(struct gcm_reader *reader);

#endif
