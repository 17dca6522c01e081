#include "verdict/judge.h"

#include "graphql/parse.h"
#include "graphql/print.h"

#include <stdarg.h>
#include <stdio.h>

/* The server named each error once. */
static void add(struct gcm_judge *judge, struct gcm_server_error error)
{
    struct gcm_slice key = gcm_format(judge->arena, "%.*s\n%.*s\n%.*s", GCM_P(error.type),
                                      GCM_P(error.field), GCM_P(error.message));
    if (!gcm_map_put(judge->arena, &judge->told, key, judge))
        *gcm_push(judge->arena, &judge->verdict->errors) = error;
}

static struct gcm_slice formatted(struct gcm_arena *arena, const char *format, va_list arguments)
    __attribute__((format(printf, 2, 0)));
static struct gcm_slice formatted(struct gcm_arena *arena, const char *format, va_list arguments)
{
    va_list again;
    va_copy(again, arguments);
    int size = vsnprintf(NULL, 0, format, again);
    va_end(again);
    if (size < 0)
        return (struct gcm_slice){0};
    char *text = gcm_arena_alloc(arena, (size_t)size + 1);
    vsnprintf(text, (size_t)size + 1, format, arguments);
    return (struct gcm_slice){text, (size_t)size};
}

void gcm_judge_field(struct gcm_judge *judge, struct gcm_slice type, struct gcm_slice field,
                     struct gcm_place place, const char *hint, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    add(judge, (struct gcm_server_error){type, field, formatted(judge->arena, format, arguments),
                                         place, gcm_slice_of(hint)});
    va_end(arguments);
}

void gcm_judge_global(struct gcm_judge *judge, struct gcm_place place, const char *hint,
                      const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    add(judge, (struct gcm_server_error){GCM_S("Global"),
                                         {0},
                                         formatted(judge->arena, format, arguments),
                                         place,
                                         gcm_slice_of(hint)});
    va_end(arguments);
}

bool gcm_judge_is_scalar(struct gcm_slice type)
{
    static const char *const scalars[] = {"String",   "Int",      "Float",     "Boolean",
                                          "Password", "DateTime", "GraphQLID", "Enum",
                                          "Json",     "Relation", NULL};
    return gcm_slice_in(type, scalars);
}

bool gcm_judge_is_name(struct gcm_slice name, bool upper, bool underscore, size_t most)
{
    if (name.size == 0 || name.size > most ||
        !(upper ? gcm_is_upper(name.at[0]) : gcm_is_lower(name.at[0])))
        return false;
    for (size_t i = 0; i < name.size; i++)
        if (!gcm_is_name_part(name.at[i]) || (name.at[i] == '_' && !underscore))
            return false;
    return true;
}

bool gcm_judge_is_system(struct gcm_slice field)
{
    return gcm_slice_is(field, "id") || gcm_slice_is(field, "createdAt") ||
           gcm_slice_is(field, "updatedAt");
}

struct gcm_slice gcm_judge_type_text(struct gcm_judge *judge, const struct gcm_type_ref *type)
{
    struct gcm_buffer out = gcm_buffer(judge->arena, GCM_BUFFER_CAP);
    gcm_print_type(&out, type);
    return gcm_buffer_text(&out);
}

struct gcm_slice gcm_judge_text(const struct gcm_directives *directives, const char *name,
                                const char *argument, bool *found)
{
    const struct gcm_directive *directive = gcm_directive_named(directives, name);
    const struct gcm_value *value =
        directive ? gcm_argument_named(&directive->arguments, argument) : NULL;
    bool text = value && value->kind != GCM_VALUE_LIST && value->kind != GCM_VALUE_OBJECT &&
                value->kind != GCM_VALUE_NULL && value->kind != GCM_VALUE_VARIABLE;
    *found = text;
    return text ? value->text : (struct gcm_slice){0};
}

struct gcm_document *gcm_judge_parse(struct gcm_judge *judge, const struct gcm_file *file,
                                     struct gcm_error *first)
{
    struct gcm_errors errors = {0};
    struct gcm_document *document =
        gcm_graphql_parse(judge->arena, file, GCM_DIALECT_GRAPHCOOL, &errors);
    if (errors.count == 0)
        return document;
    if (first)
        *first = errors.at[0];
    return NULL;
}

const struct gcm_file *gcm_judge_sent(const struct gcm_source_file *file)
{
    return file->not_sent ? NULL : file->file;
}

bool gcm_judge_is_own(const struct gcm_judge *judge, struct gcm_place place)
{
    return place.file == judge->project->definition;
}

static void judge_types_path(struct gcm_judge *judge)
{
    const struct gcm_project *project = judge->project;
    bool any = false;
    gcm_each (struct gcm_source_file *, file, project->type_files)
        any = any || ((*file)->file && gcm_judge_is_own(judge, (*file)->place));
    if (any)
        return;
    struct gcm_place place = {.file = project->definition};
    if (project->type_files.count > 0)
        place = project->type_files.at[0]->place;
    gcm_judge_global(judge, place, "Let `types` name the file that holds the types.",
                     "path to types not correct");
}

static void judge_syntax(struct gcm_judge *judge)
{
    gcm_each (struct gcm_source_file *, file, judge->project->type_files) {
        struct gcm_error error = {0};
        if (!(*file)->file || !gcm_judge_is_own(judge, (*file)->place))
            continue;
        struct gcm_document *document = gcm_judge_parse(judge, (*file)->file, &error);
        if (!document) {
            gcm_judge_global(judge, error.place, NULL,
                             "There's a syntax error in the Schema Definition. Syntax error while "
                             "parsing GraphQL query. Invalid input (line %u, column %u): %.*s",
                             error.place.line, error.place.column, GCM_P(error.message));
            judge->verdict->errors.at[0].hint = error.hint;
            return;
        }
        gcm_each (struct gcm_definition *, at, document->definitions) {
            struct gcm_definition *definition = *at;
            bool object = definition->kind == GCM_DEFINITION_OBJECT;
            if (definition->extend || (!object && definition->kind != GCM_DEFINITION_ENUM))
                continue;
            struct gcm_map *names = object ? &judge->type_names : &judge->enum_names;
            if (!gcm_map_get(names, definition->name))
                gcm_map_put(judge->arena, names, definition->name, definition);
            if (object)
                *gcm_push(judge->arena, &judge->types) = definition;
            else
                *gcm_push(judge->arena, &judge->enums) = definition;
        }
    }
}

/* The rounds, one after the other, until one of them found something. */
static void judge_all(struct gcm_judge *judge)
{
    const size_t *count = &judge->verdict->errors.count;
    if (gcm_judge_breaks_definition(judge))
        return;
    judge_types_path(judge);
    if (*count == 0)
        judge_syntax(judge);
    if (*count == 0)
        gcm_judge_structure(judge);
    if (*count > 0 || gcm_judge_breaks_types(judge) || gcm_judge_breaks_permissions(judge) ||
        gcm_judge_breaks_functions(judge))
        return;
    gcm_judge_enums(judge);
    gcm_judge_models(judge);
    gcm_judge_relations(judge);
    gcm_judge_functions(judge);
    gcm_judge_root_tokens(judge);
    if (*count == 0)
        gcm_judge_usable(judge);
}

/* A graphcool.yml that holds nothing, or no `types`, is none of the Framework's. */
static enum gcm_verdict_kind kind_of(const struct gcm_project *project)
{
    struct gcm_yaml *root;
    struct gcm_error error;
    if (project->format != GCM_FORMAT_FRAMEWORK)
        return GCM_VERDICT_OTHER_FORMAT;
    if (project->yaml)
        return gcm_yaml_get(project->yaml, "types") ? GCM_VERDICT_REFUSED
                                                    : GCM_VERDICT_OTHER_FORMAT;
    bool empty = project->definition &&
                 gcm_yaml_read(project->arena, project->definition, &root, &error) == GCM_OK;
    return empty ? GCM_VERDICT_OTHER_FORMAT : GCM_VERDICT_UNREADABLE;
}

struct gcm_verdict *gcm_verdict_of(const struct gcm_project *project)
{
    struct gcm_verdict *verdict = GCM_NEW(project->arena, struct gcm_verdict);
    verdict->kind = kind_of(project);
    if (verdict->kind != GCM_VERDICT_REFUSED)
        return verdict;
    struct gcm_judge judge = {.arena = project->arena, .project = project, .verdict = verdict};
    judge_all(&judge);
    verdict->accepted = verdict->errors.count == 0;
    verdict->usable = verdict->usable && verdict->accepted;
    verdict->kind = verdict->accepted ? GCM_VERDICT_ACCEPTED : GCM_VERDICT_REFUSED;
    return verdict;
}
