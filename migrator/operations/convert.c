/* Whole operations and fragments, and whether the native API takes them. */
#include "operations/convert.h"

#include "graphql/print.h"
#include "operations/converting.h"

#include <stdlib.h>

static struct gcm_slice old_text(const struct gcm_client_part *part)
{
    struct gcm_place whole = part->definition->whole;
    return gcm_slice_sub(part->text->shown.text, whole.offset, whole.size);
}

/* The blanks before the line that a definition begins on. */
static struct gcm_slice indent_of(const struct gcm_client_part *part)
{
    struct gcm_slice text = part->text->in->file->text;
    size_t at = part->text->place.offset + part->definition->whole.offset, start = at;
    while (start && text.at[start - 1] != '\n')
        start--;
    size_t end = start;
    while (end < at && (text.at[end] == ' ' || text.at[end] == '\t'))
        end++;
    return gcm_slice_sub(text, start, end - start);
}

/* As it will stand in the file: indented as the old text, with its line breaks. */
static struct gcm_slice new_text(struct gcm_arena *arena, const struct gcm_client_part *part,
                                 const struct gcm_definition *to)
{
    struct gcm_definition bare = *to;
    bare.remarks = (struct gcm_remarks){0};
    struct gcm_buffer printed = gcm_buffer(arena, GCM_BUFFER_CAP);
    gcm_print_definition(&printed, &bare);
    struct gcm_slice text = gcm_slice_trim(gcm_buffer_text(&printed));
    struct gcm_slice indent = indent_of(part);
    bool returns = gcm_slice_has(old_text(part), "\r\n");
    struct gcm_buffer out = gcm_buffer(arena, GCM_BUFFER_CAP);
    if (gcm_slice_starts(old_text(part), "query") && gcm_slice_starts(text, "{"))
        gcm_puts(&out, "query "); /* as it was written */
    for (size_t i = 0; i < text.size; i++) {
        if (text.at[i] != '\n') {
            gcm_putc(&out, text.at[i]);
            continue;
        }
        gcm_puts(&out, returns ? "\r\n" : "\n");
        if (i + 1 < text.size && text.at[i + 1] != '\n')
            gcm_put(&out, indent);
    }
    return gcm_buffer_text(&out);
}

/* ---- one definition ------------------------------------------------------------------------- */

static struct gcm_conversion *begin(struct converting *converting, struct gcm_client_part part)
{
    struct gcm_conversion *conversion = GCM_NEW(converting->arena, struct gcm_conversion);
    conversion->part = part;
    conversion->name = part.definition->name;
    conversion->old = old_text(&part);
    converting->now = conversion;
    converting->unlimited = (struct gcm_slices){0};
    return conversion;
}

static void note_unlimited(struct converting *converting)
{
    struct gcm_buffer names = gcm_buffer(converting->arena, GCM_BUFFER_CAP);
    struct gcm_map seen = {0};
    gcm_each (const struct gcm_slice, name, converting->unlimited)
        if (!gcm_map_put(converting->arena, &seen, *name, converting))
            gcm_putf(&names, "%s%.*s", names.size ? ", " : "", GCM_P(*name));
    if (names.size)
        note(converting, converting->now->part.definition->place,
             "without `first` or `last` Graphcool gave at most 1000 nodes; this gives all: %.*s",
             GCM_P(gcm_buffer_text(&names)));
}

static void convert_definition(struct converting *converting, struct gcm_conversion *conversion)
{
    const struct gcm_definition *from = conversion->part.definition;
    struct gcm_definition *to = GCM_NEW(converting->arena, struct gcm_definition);
    *to = *from;
    if (from->kind == GCM_DEFINITION_FRAGMENT) {
        to->selections = convert_fragment(converting, from, &to->on);
    } else {
        struct scope scope = {.kind = SCOPE_ROOT, .operation = from->operation};
        to->selections = convert_selections(converting, scope, &from->selections);
    }
    note_unlimited(converting);
    if (from->operation == GCM_OPERATION_MUTATION && to->selections.count > 1)
        note(converting, from->place,
             "Prisma stops at the first create or upsert that fails; Graphcool did them all");
    conversion->to = to;
}

/* The literal's own signs must not turn up in the new text. */
static void settle_text(struct converting *converting, struct gcm_conversion *conversion)
{
    if (!conversion->refusals.count) {
        conversion->now = new_text(converting->arena, &conversion->part, conversion->to);
        bool breaks = gcm_slice_find(conversion->now, '`') < conversion->now.size ||
                      gcm_slice_find(conversion->now, '\\') < conversion->now.size;
        if (conversion->part.text->literal && breaks)
            refuse(converting, conversion->part.definition->place, NULL,
                   "a string of it cannot be written in a template literal");
    }
    if (conversion->refusals.count) {
        conversion->to = NULL;
        conversion->now = GCM_S("");
    }
}

/* ---- operations ----------------------------------------------------------------------------- */

static void add_all(struct gcm_arena *arena, struct gcm_errors *to, const struct gcm_errors *from)
{
    gcm_each (const struct gcm_error, error, *from)
        *gcm_push(arena, to) = *error;
}

/* Why it is not even tried; true if so. */
static bool refuse_source(struct converting *converting,
                          const struct gcm_client_operation *operation)
{
    struct gcm_place place = operation->part.definition->place;
    if (operation->unchecked.size)
        refuse(converting, place, NULL, "%.*s", GCM_P(operation->unchecked));
    else if (operation->relay)
        refuse(converting, place, "rewrite it by hand",
               "it is for the Relay API, of which nothing is carried over");
    else
        add_all(converting->arena, &converting->now->refusals, &operation->before);
    return converting->now->refusals.count > 0;
}

const struct gcm_conversion *gcm_conversion_of(const struct gcm_conversions *conversions,
                                               const struct gcm_client_part *part)
{
    gcm_each (struct gcm_conversion *const, known, conversions->all)
        if ((*known)->part.definition == part->definition)
            return *known;
    return NULL;
}

/* The operation as it is now with its fragments as they are now; NULL if one of them is refused. */
static struct gcm_document *new_document(struct converting *converting,
                                         const struct gcm_conversions *conversions,
                                         const struct gcm_client_operation *operation)
{
    struct gcm_document *document = GCM_NEW(converting->arena, struct gcm_document);
    gcm_each (const struct gcm_client_part, part, operation->fragments) {
        const struct gcm_conversion *fragment = gcm_conversion_of(conversions, part);
        if (fragment && fragment->to) {
            *gcm_push(converting->arena, &document->definitions) = fragment->to;
            continue;
        }
        refuse(converting, operation->part.definition->place, NULL,
               "its fragment %.*s cannot be converted", GCM_P(part->definition->name));
        return NULL;
    }
    *gcm_push(converting->arena, &document->definitions) = converting->now->to;
    return document;
}

/* Nothing is handed out that the native API would refuse. */
static void check_result(struct converting *converting, const struct gcm_document *document)
{
    struct gcm_errors errors = {0};
    gcm_validate(converting->arena, converting->native, document, &errors);
    gcm_each (const struct gcm_error, error, errors)
        refuse(converting,
               error->place.file ? error->place : converting->now->part.definition->place, NULL,
               "the native API refuses what it becomes: %.*s", GCM_P(error->message));
}

static void convert_operation(struct converting *converting, struct gcm_conversions *conversions,
                              const struct gcm_client_operation *operation)
{
    if (operation->before.count && !operation->after.count && !operation->unchecked.size) {
        conversions->native++;
        return;
    }
    struct gcm_conversion *conversion = begin(converting, operation->part);
    *gcm_push(converting->arena, &conversions->all) = conversion;
    conversion->operation = operation;
    conversion->name = operation->name;
    if (!refuse_source(converting, operation)) {
        convert_definition(converting, conversion);
        struct gcm_document *document = new_document(converting, conversions, operation);
        if (document && !conversion->refusals.count) {
            convert_variables(converting, document);
            check_result(converting, document);
        }
    }
    settle_text(converting, conversion);
    conversions->converted += conversion->to != NULL;
    conversions->refused += conversion->to == NULL;
}

/* ---- all of them ---------------------------------------------------------------------------- */

static bool is_wanted(const struct gcm_operations *operations, const struct gcm_client_part *part)
{
    gcm_each (struct gcm_client_operation *const, operation, operations->all)
        gcm_each (const struct gcm_client_part, used, (*operation)->fragments)
            if (used->definition == part->definition && !(*operation)->before.count)
                return true;
    return false;
}

static int by_place(const void *a, const void *b)
{
    const struct gcm_client_part *left = &(*(struct gcm_conversion *const *)a)->part;
    const struct gcm_client_part *right = &(*(struct gcm_conversion *const *)b)->part;
    int files = gcm_slice_compare(left->text->in->below, right->text->in->below);
    if (files)
        return files;
    size_t from = left->text->place.offset + left->definition->whole.offset;
    size_t to = right->text->place.offset + right->definition->whole.offset;
    return from < to ? -1 : from > to;
}

struct gcm_conversions *gcm_operations_convert(struct gcm_arena *arena,
                                               const struct gcm_operations *operations,
                                               const struct gcm_targets *targets,
                                               const struct gcm_schema *native)
{
    struct converting converting = {
        .arena = arena, .targets = targets, .project = targets->plan->project, .native = native};
    struct gcm_conversions *conversions = GCM_NEW(arena, struct gcm_conversions);
    conversions->operations = operations;
    find_roots(&converting);
    gcm_each (const struct gcm_client_part, part, operations->fragments) {
        if (!is_wanted(operations, part))
            continue;
        struct gcm_conversion *conversion = begin(&converting, *part);
        *gcm_push(arena, &conversions->all) = conversion;
        convert_definition(&converting, conversion);
        settle_text(&converting, conversion);
    }
    gcm_each (struct gcm_client_operation *const, operation, operations->all)
        convert_operation(&converting, conversions, *operation);
    if (conversions->all.count)
        qsort(conversions->all.at, conversions->all.count, sizeof *conversions->all.at, by_place);
    return conversions;
}
