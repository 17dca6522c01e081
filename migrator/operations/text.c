#include "operations/print.h"

static const char *const kinds[] = {"query", "mutation", "subscription"};

enum gcm_operation_state gcm_operation_state(const struct gcm_client_operation *operation)
{
    if (operation->unchecked.size)
        return GCM_OPERATION_UNCHECKED;
    if (operation->relay)
        return GCM_OPERATION_RELAY;
    if (operation->before.count)
        return operation->after.count ? GCM_OPERATION_INVALID : GCM_OPERATION_ONLY_AFTER;
    return operation->after.count ? GCM_OPERATION_BREAKS : GCM_OPERATION_VALID;
}

static void put_head(struct gcm_buffer *out, const struct gcm_client_part *part,
                     struct gcm_slice name)
{
    gcm_put_place(out, gcm_client_place(part->text, part->definition->whole));
    gcm_putf(out, ": %s ",
             part->definition->kind == GCM_DEFINITION_FRAGMENT
                 ? "fragment"
                 : kinds[part->definition->operation]);
    gcm_put_visible(out, name);
}

/* Place, message, source line, caret, hint; all indented. */
static void put_fault(struct gcm_buffer *out, const struct gcm_client_text *text,
                      const struct gcm_error *error)
{
    gcm_puts(out, "    ");
    if (text) {
        gcm_put_place(out, gcm_client_place(text, error->place));
        gcm_puts(out, ": ");
    }
    gcm_put_visible(out, error->message);
    gcm_putc(out, '\n');
    if (text)
        gcm_put_caret_at(out, error->place, 8);
    if (error->hint.size)
        gcm_putf(out, "        hint: %.*s\n", GCM_P(error->hint));
}

static void put_faults(struct gcm_buffer *out, const struct gcm_client_operation *operation,
                       const struct gcm_errors *errors)
{
    gcm_each (const struct gcm_error, error, *errors)
        put_fault(out, gcm_operation_text(operation, error->place), error);
}

static void put_operation(struct gcm_buffer *out, const struct gcm_client_operation *operation)
{
    static const char *const states[] = {
        [GCM_OPERATION_VALID] = "valid",
        [GCM_OPERATION_BREAKS] = "breaks",
        [GCM_OPERATION_INVALID] = "was not valid before",
        [GCM_OPERATION_ONLY_AFTER] = "valid afterwards only",
        [GCM_OPERATION_UNCHECKED] = "not checked",
        [GCM_OPERATION_RELAY] = "for the Relay API, of which nothing is carried over",
    };
    enum gcm_operation_state state = gcm_operation_state(operation);
    put_head(out, &operation->part, operation->name);
    gcm_putf(out, ": %s\n", states[state]);
    if (state == GCM_OPERATION_UNCHECKED)
        gcm_putf(out, "    %.*s\n", GCM_P(operation->unchecked));
    else if (state == GCM_OPERATION_BREAKS)
        put_faults(out, operation, &operation->after);
    else if (state == GCM_OPERATION_INVALID)
        put_faults(out, operation, &operation->before);
}

static void put_unread(struct gcm_buffer *out, const struct gcm_client_text *text)
{
    gcm_put_place(out, text->place);
    gcm_puts(out, ": not checked\n");
    if (text->unread.size)
        gcm_putf(out, "    %.*s\n", GCM_P(text->unread));
    for (size_t i = 0; !text->unread.size && i < text->errors.count; i++)
        put_fault(out, text, &text->errors.at[i]);
}

static void put_not_read(struct gcm_buffer *out, const struct gcm_operations *operations)
{
    gcm_each (const struct gcm_client_text *const, text, operations->unread)
        put_unread(out, *text);
    gcm_each (const struct gcm_error, problem, operations->clients->problems)
        gcm_put_error(out, problem);
}

void gcm_operations_summary(struct gcm_buffer *out, const struct gcm_operations *operations)
{
    struct gcm_operation_counts counts = gcm_operations_count(operations);
    gcm_putf(out,
             "%zu operations in %zu of %zu files: %zu valid before, %zu after; %zu break, %zu for "
             "the Relay API, %zu not checked\n",
             counts.all, operations->clients->files.count, operations->clients->looked_at,
             counts.before, counts.after, counts.broken, counts.relay, counts.unchecked);
}

void gcm_operations_broken_text(struct gcm_buffer *out, const struct gcm_operations *operations)
{
    gcm_each (struct gcm_client_operation *const, operation, operations->all)
        if (gcm_operation_state(*operation) != GCM_OPERATION_VALID &&
            gcm_operation_state(*operation) != GCM_OPERATION_ONLY_AFTER)
            put_operation(out, *operation);
    put_not_read(out, operations);
}

void gcm_operations_text(struct gcm_buffer *out, const struct gcm_operations *operations)
{
    gcm_each (struct gcm_client_operation *const, operation, operations->all)
        put_operation(out, *operation);
    put_not_read(out, operations);
    gcm_putc(out, '\n');
    gcm_operations_summary(out, operations);
}

/* ---- conversions ---------------------------------------------------------------------------- */

static void put_lines(struct gcm_buffer *out, const char *before, struct gcm_slice text)
{
    while (text.size) {
        size_t end = gcm_slice_find(text, '\n');
        struct gcm_slice line = gcm_slice_sub(text, 0, end);
        gcm_puts(out, before);
        gcm_put_visible(out,
                        gcm_slice_ends(line, "\r") ? gcm_slice_sub(line, 0, line.size - 1) : line);
        gcm_putc(out, '\n');
        text = gcm_slice_sub(text, end + 1, text.size);
    }
}

static void put_conversion(struct gcm_buffer *out, const struct gcm_conversion *conversion)
{
    const struct gcm_client_text *text = conversion->part.text;
    put_head(out, &conversion->part, conversion->name);
    bool same = gcm_slice_equal(conversion->old, conversion->now);
    gcm_puts(out, !conversion->to ? ": not converted\n" : same ? ": stays\n" : "\n");
    if (conversion->to && !same) {
        put_lines(out, "  - ", conversion->old);
        put_lines(out, "  + ", conversion->now);
    }
    gcm_each (const struct gcm_error, error, conversion->refusals)
        put_fault(out,
                  conversion->operation ? gcm_operation_text(conversion->operation, error->place)
                                        : text,
                  error);
    if (!conversion->to) {
        gcm_putc(out, '\n');
        return;
    }
    gcm_each (const struct gcm_variable_change, change, conversion->variables)
        gcm_putf(out, "    $%.*s: %.*s -> %.*s: pass %.*s\n", GCM_P(change->name),
                 GCM_P(change->from.size ? change->from : GCM_S("(new)")),
                 GCM_P(change->to.size ? change->to : GCM_S("(gone)")), GCM_P(change->pass));
    gcm_each (const struct gcm_conversion_note, note, conversion->notes) {
        struct gcm_place place = gcm_client_place(text, note->place);
        gcm_putf(out, "    line %u: %.*s\n", place.line, GCM_P(note->message));
    }
    gcm_putc(out, '\n');
}

void gcm_conversions_text(struct gcm_buffer *out, const struct gcm_conversions *conversions)
{
    gcm_each (struct gcm_conversion *const, conversion, conversions->all)
        put_conversion(out, *conversion);
    put_not_read(out, conversions->operations);
    gcm_putf(out, "%zu of %zu operations converted", conversions->converted,
             conversions->converted + conversions->refused);
    if (conversions->native)
        gcm_putf(out, "; %zu more ask the native API already", conversions->native);
    gcm_putc(out, '\n');
}
