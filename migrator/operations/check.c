/* Operations against the two APIs. */
#include "operations/operations.h"

struct gcm_document *gcm_operation_document(struct gcm_arena *arena,
                                            const struct gcm_client_operation *operation)
{
    struct gcm_document *document = GCM_NEW(arena, struct gcm_document);
    gcm_each (const struct gcm_client_part, part, operation->fragments) {
        struct gcm_definition *copy = GCM_NEW(arena, struct gcm_definition);
        *copy = *part->definition;
        *gcm_push(arena, &document->definitions) = copy;
    }
    struct gcm_definition *copy = GCM_NEW(arena, struct gcm_definition);
    *copy = *operation->part.definition;
    *gcm_push(arena, &document->definitions) = copy;
    return document;
}

const struct gcm_client_text *gcm_operation_text(const struct gcm_client_operation *operation,
                                                 struct gcm_place place)
{
    if (place.file == &operation->part.text->shown)
        return operation->part.text;
    gcm_each (const struct gcm_client_part, part, operation->fragments)
        if (place.file == &part->text->shown)
            return part->text;
    return NULL;
}

/* `edges { … }` somewhere below. */
static bool has_edges(const struct gcm_selections *selections)
{
    gcm_each (const struct gcm_selection, selection, *selections)
        if ((selection->has_selections && gcm_slice_is(selection->name, "edges")) ||
            has_edges(&selection->selections))
            return true;
    return false;
}

/* `viewer { … }`, mutations that take nothing but `input`, connections. */
static bool is_relay(const struct gcm_client_operation *operation)
{
    gcm_each (const struct gcm_selection, selection, operation->part.definition->selections) {
        const struct gcm_arguments *arguments = &selection->arguments;
        if (gcm_slice_is(selection->name, "viewer") ||
            (arguments->count == 1 && gcm_slice_is(arguments->at[0].name, "input")))
            return true;
    }
    gcm_each (const struct gcm_client_part, part, operation->fragments)
        if (has_edges(&part->definition->selections))
            return true;
    return has_edges(&operation->part.definition->selections);
}

/* A client may send a whole text: of several operations each must have a name. */
static void check_alone(struct gcm_arena *arena, struct gcm_client_operation *operation,
                        struct gcm_errors *errors)
{
    if (operation->part.definition->name.size)
        return;
    gcm_each (struct gcm_definition *const, other, operation->part.text->document->definitions)
        if ((*other)->kind == GCM_DEFINITION_OPERATION && *other != operation->part.definition) {
            gcm_add_error(arena, errors, operation->part.definition->place, "give it a name",
                          "This anonymous operation must be the only defined operation.");
            return;
        }
}

static void check(struct gcm_arena *arena, struct gcm_client_operation *operation,
                  const struct gcm_schema *schema, struct gcm_errors *errors)
{
    if (!schema || operation->unchecked.size)
        return;
    check_alone(arena, operation, errors);
    gcm_validate(arena, schema, gcm_operation_document(arena, operation), errors);
}

void gcm_operations_check(struct gcm_arena *arena, struct gcm_operations *operations,
                          const struct gcm_schema *before, const struct gcm_schema *after)
{
    gcm_each (struct gcm_client_operation *const, operation, operations->all) {
        check(arena, *operation, before, &(*operation)->before);
        check(arena, *operation, after, &(*operation)->after);
        (*operation)->relay = (*operation)->before.count && (!after || (*operation)->after.count) &&
                              is_relay(*operation);
    }
}

struct gcm_operation_counts gcm_operations_count(const struct gcm_operations *operations)
{
    struct gcm_operation_counts counts = {.unchecked = operations->unread.count};
    gcm_each (struct gcm_client_operation *const, at, operations->all) {
        const struct gcm_client_operation *operation = *at;
        counts.all++;
        counts.relay += operation->relay;
        if (operation->unchecked.size) {
            counts.unchecked++;
            continue;
        }
        counts.before += !operation->before.count;
        counts.after += !operation->after.count;
        counts.broken += !operation->before.count && operation->after.count;
    }
    return counts;
}
