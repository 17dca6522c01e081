/* The Simple API, whether the server could build it, and the schema of permission queries. */
#include "api/simple.h"

#include <stdlib.h>

static struct simple start(struct gcm_arena *arena, const struct gcm_project *project)
{
    struct simple simple = {.arena = arena, .project = project};
    simple_make_models(&simple);
    return simple;
}

static int by_name(const void *a, const void *b)
{
    const struct gcm_definition *const *left = a, *const *right = b;
    return gcm_slice_compare((*left)->name, (*right)->name);
}

static struct gcm_input_values each_once(struct gcm_arena *arena,
                                         const struct gcm_input_values *inputs)
{
    struct gcm_input_values kept = {0};
    struct gcm_map names = {0};
    gcm_each (struct gcm_input_value, input, *inputs)
        if (!gcm_map_put(arena, &names, input->name, input))
            *gcm_push(arena, &kept) = *input;
    return kept;
}

/* A dead API is printed all the same, each field and argument once, so that it can be read. */
static void drop_doubles(struct gcm_arena *arena, struct gcm_definition *definition)
{
    struct gcm_field_definitions kept = {0};
    struct gcm_map names = {0};
    gcm_each (struct gcm_field_definition, field, definition->fields) {
        if (gcm_map_put(arena, &names, field->name, field))
            continue;
        field->arguments = each_once(arena, &field->arguments);
        *gcm_push(arena, &kept) = *field;
    }
    definition->fields = kept;
    definition->inputs = each_once(arena, &definition->inputs);
}

static struct gcm_document *document_of(struct gcm_arena *arena, const struct simple_result *result)
{
    struct gcm_document *document = GCM_NEW(arena, struct gcm_document);
    for (size_t i = 0; i < result->definitions.count; i++) {
        if (result->conflict.size)
            drop_doubles(arena, result->definitions.at[i]);
        *gcm_push(arena, &document->definitions) = result->definitions.at[i];
    }
    if (document->definitions.count)
        qsort(document->definitions.at, document->definitions.count,
              sizeof *document->definitions.at, by_name);
    return document;
}

struct gcm_document *gcm_api_simple(struct gcm_arena *arena, const struct gcm_project *project)
{
    struct simple simple = start(arena, project);
    simple_make_inputs(&simple);
    simple_make_roots(&simple);
    struct simple_result result = simple_walk(&simple);
    return document_of(arena, &result);
}

/* The model whose plural another one has, too: the second of them. */
static const struct gcm_definition *plural_clash(const struct simple *simple)
{
    struct gcm_map plurals = {0};
    for (size_t i = 0; i < simple->models.count; i++) {
        const struct gcm_model *model = simple->models.at[i].model;
        struct gcm_slice plural = gcm_plural(simple->arena, model->name);
        if (gcm_map_put(simple->arena, &plurals, plural, model->definition))
            return model->definition;
    }
    return NULL;
}

/* Two fields of one name in a type that the server made before it looked at the whole. */
static struct gcm_slice early_doubles(const struct simple *simple,
                                      const struct gcm_definition **culprit)
{
    struct gcm_slice cause = simple_doubles(simple->arena, simple->query);
    if (cause.size) {
        *culprit = plural_clash(simple);
        return cause;
    }
    for (size_t i = 0; i < simple->models.count; i++) {
        cause = simple_doubles(simple->arena, simple->models.at[i].create);
        if (cause.size) {
            *culprit = simple->models.at[i].model->definition;
            return cause;
        }
    }
    return simple->mutation ? simple_doubles(simple->arena, simple->mutation) : cause;
}

static struct gcm_slice dead_cause(struct gcm_arena *arena, const struct gcm_project *project,
                                   const struct gcm_definition **culprit)
{
    struct simple simple = start(arena, project);
    simple_make_inputs(&simple);
    simple_make_roots(&simple);
    struct gcm_slice cause = early_doubles(&simple, culprit);
    if (cause.size)
        return cause;
    struct simple_result result = simple_walk(&simple);
    if (result.culprit)
        *culprit = result.culprit->source;
    return result.conflict;
}

/* The API is made for this question only and thrown away: it may be large. */
struct gcm_slice gcm_api_simple_dead(struct gcm_arena *arena, const struct gcm_project *project,
                                     const struct gcm_definition **culprit)
{
    struct gcm_arena scratch = {0};
    *culprit = NULL;
    struct gcm_slice cause = gcm_copy(arena, dead_cause(&scratch, project, culprit));
    gcm_arena_free(&scratch);
    return cause;
}

struct gcm_document *gcm_api_permissions(struct gcm_arena *arena, const struct gcm_project *project)
{
    struct simple simple = start(arena, project);
    simple.query = simple_type_new(&simple, GCM_DEFINITION_OBJECT, GCM_S("Query"), NULL);
    for (size_t i = 0; i < simple.models.count; i++) {
        struct gcm_slice name = simple.models.at[i].model->name;
        simple_field(&simple, simple.query, gcm_format(arena, "Some%.*sExists", GCM_P(name)),
                     simple.scalars[GCM_SCALAR_BOOLEAN], SIMPLE_REQUIRED)
            ->arguments = simple.models.at[i].list_arguments;
    }
    struct simple_result result = simple_walk(&simple);
    return document_of(arena, &result);
}
