/* Operations, fragments, selections. */
#include "graphql/print_parts.h"

enum { WIDTH = 80 }; /* where graphql-js breaks arguments of a selection into lines */

static void put_arguments(struct gcm_buffer *out, const struct gcm_arguments *arguments, bool lines,
                          unsigned indent)
{
    for (size_t i = 0; i < arguments->count; i++) {
        if (lines) {
            gcm_puts(out, i ? "\n" : "(\n");
            gcm_put_indent(out, indent + 1);
        } else {
            gcm_puts(out, i ? ", " : "(");
        }
        gcm_put(out, arguments->at[i].name);
        gcm_puts(out, ": ");
        gcm_put_value(out, arguments->at[i].value, indent + lines);
    }
    if (lines) {
        gcm_putc(out, '\n');
        gcm_put_indent(out, indent);
    }
    if (arguments->count)
        gcm_putc(out, ')');
}

static void put_selections(struct gcm_buffer *out, const struct gcm_selections *selections,
                           const struct gcm_slices *closing, unsigned indent);

static void put_field(struct gcm_buffer *out, const struct gcm_selection *field, unsigned indent)
{
    size_t start = out->size;
    if (field->alias.size) {
        gcm_put(out, field->alias);
        gcm_puts(out, ": ");
    }
    gcm_put(out, field->name);
    if (!field->arguments.count)
        return;
    size_t before = out->size;
    put_arguments(out, &field->arguments, false, 0);
    struct gcm_slice line = {out->at + start, out->size - start};
    bool lines = gcm_utf16_length(line) > WIDTH;
    if (!lines && gcm_slice_find(line, '\n') == line.size)
        return;
    out->size = before;
    put_arguments(out, &field->arguments, lines, indent);
}

static void put_selection(struct gcm_buffer *out, const struct gcm_selection *selection,
                          unsigned indent)
{
    switch (selection->kind) {
    case GCM_SELECTION_FIELD:
        put_field(out, selection, indent);
        break;
    case GCM_SELECTION_SPREAD:
        gcm_puts(out, "...");
        gcm_put(out, selection->name);
        break;
    case GCM_SELECTION_INLINE:
        gcm_puts(out, selection->on.size ? "... on " : "...");
        gcm_put(out, selection->on);
        break;
    }
    gcm_put_directives(out, &selection->directives, indent);
    if (selection->selections.count) {
        gcm_putc(out, ' ');
        put_selections(out, &selection->selections, &selection->closing, indent);
    }
}

static void put_selections(struct gcm_buffer *out, const struct gcm_selections *selections,
                           const struct gcm_slices *closing, unsigned indent)
{
    gcm_puts(out, "{\n");
    for (size_t i = 0; i < selections->count; i++) {
        gcm_put_remarks(out, selections->at[i].remarks, indent + 1);
        put_selection(out, &selections->at[i], indent + 1);
        gcm_put_behind(out, selections->at[i].remarks);
    }
    gcm_print_comments(out, closing, indent + 1);
    gcm_put_indent(out, indent);
    gcm_putc(out, '}');
}

static const char *const words[] = {[GCM_OPERATION_QUERY] = "query",
                                    [GCM_OPERATION_MUTATION] = "mutation",
                                    [GCM_OPERATION_SUBSCRIPTION] = "subscription"};

static void put_head(struct gcm_buffer *out, const struct gcm_definition *definition)
{
    if (definition->kind == GCM_DEFINITION_FRAGMENT) {
        gcm_puts(out, "fragment ");
        gcm_put(out, definition->name);
        gcm_puts(out, " on ");
        gcm_put(out, definition->on);
    } else {
        gcm_puts(out, words[definition->operation]);
        if (definition->name.size || definition->inputs.count)
            gcm_putc(out, ' ');
        gcm_put(out, definition->name);
        gcm_put_input_values(out, &definition->inputs, "$", 0);
    }
    gcm_put_directives(out, &definition->directives, 0);
    gcm_putc(out, ' ');
}

void gcm_put_executable(struct gcm_buffer *out, const struct gcm_definition *definition)
{
    bool bare = definition->kind == GCM_DEFINITION_OPERATION &&
                definition->operation == GCM_OPERATION_QUERY && !definition->name.size &&
                !definition->inputs.count && !definition->directives.count;
    if (!bare)
        put_head(out, definition);
    put_selections(out, &definition->selections, &definition->closing, 0);
}
