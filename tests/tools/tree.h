/* tree: everything that a document says, places aside, as text: two documents are the same if their
 * texts are. For tests. */
#ifndef GCM_TESTS_TREE_H
#define GCM_TESTS_TREE_H

#include "graphql/print.h"

static void tree_text(struct gcm_buffer *out, const char *label, struct gcm_slice text)
{
    gcm_putf(out, " %s=", label);
    if (text.at || text.size)
        gcm_print_string(out, text);
}

static void tree_texts(struct gcm_buffer *out, const char *label, const struct gcm_slices *texts)
{
    for (size_t i = 0; i < texts->count; i++)
        tree_text(out, label, texts->at[i]);
}

static void tree_remarks(struct gcm_buffer *out, const struct gcm_remarks *remarks)
{
    static const struct gcm_remarks none = {0};
    if (!remarks)
        remarks = &none;
    tree_texts(out, "above", &remarks->above);
    tree_text(out, "behind", remarks->behind);
    tree_text(out, "description", remarks->description);
    gcm_putf(out, " %d%d%d%d", remarks->described, remarks->quoted, remarks->commented,
             remarks->blank_above);
}

static void tree_value(struct gcm_buffer *out, const struct gcm_value *value)
{
    gcm_putf(out, " (%d", (int)value->kind);
    for (size_t i = 0; i < value->count; i++) {
        if (value->keys)
            tree_text(out, "key", value->keys[i]);
        tree_value(out, value->items[i]);
    }
    if (value->kind != GCM_VALUE_LIST && value->kind != GCM_VALUE_OBJECT)
        tree_text(out, "text", value->text);
    gcm_putc(out, ')');
}

static void tree_arguments(struct gcm_buffer *out, const struct gcm_arguments *arguments)
{
    for (size_t i = 0; i < arguments->count; i++) {
        tree_text(out, "argument", arguments->at[i].name);
        tree_value(out, arguments->at[i].value);
    }
}

static void tree_directives(struct gcm_buffer *out, const struct gcm_directives *directives)
{
    for (size_t i = 0; i < directives->count; i++) {
        tree_text(out, "directive", directives->at[i].name);
        tree_arguments(out, &directives->at[i].arguments);
    }
}

static void tree_inputs(struct gcm_buffer *out, const struct gcm_input_values *values)
{
    for (size_t i = 0; i < values->count; i++) {
        const struct gcm_input_value *value = &values->at[i];
        tree_text(out, "\n  input", value->name);
        gcm_putc(out, ' ');
        gcm_print_type(out, value->type);
        if (value->default_value)
            tree_value(out, value->default_value);
        tree_directives(out, &value->directives);
        tree_remarks(out, value->remarks);
    }
}

static void tree_selections(struct gcm_buffer *out, const struct gcm_selections *selections)
{
    for (size_t i = 0; i < selections->count; i++) {
        const struct gcm_selection *selection = &selections->at[i];
        gcm_putf(out, "\n  {%d%d", (int)selection->kind, selection->has_selections);
        tree_text(out, "alias", selection->alias);
        tree_text(out, "name", selection->name);
        tree_text(out, "on", selection->on);
        tree_arguments(out, &selection->arguments);
        tree_directives(out, &selection->directives);
        tree_remarks(out, selection->remarks);
        tree_selections(out, &selection->selections);
        tree_texts(out, "closing", &selection->closing);
        gcm_putc(out, '}');
    }
}

static void tree_definition(struct gcm_buffer *out, const struct gcm_definition *definition)
{
    gcm_putf(out, "\ndefinition %d%d%d%d", (int)definition->kind, definition->extend,
             definition->short_form, (int)definition->operation);
    tree_text(out, "name", definition->name);
    tree_text(out, "on", definition->on);
    tree_texts(out, "names", &definition->names);
    tree_directives(out, &definition->directives);
    tree_remarks(out, &definition->remarks);
    for (size_t i = 0; i < definition->fields.count; i++) {
        const struct gcm_field_definition *field = &definition->fields.at[i];
        tree_text(out, "\n field", field->name);
        gcm_putc(out, ' ');
        gcm_print_type(out, field->type);
        tree_inputs(out, &field->arguments);
        tree_directives(out, &field->directives);
        tree_remarks(out, field->remarks);
    }
    tree_inputs(out, &definition->inputs);
    for (size_t i = 0; i < definition->values.count; i++) {
        tree_text(out, "\n value", definition->values.at[i].name);
        tree_directives(out, &definition->values.at[i].directives);
        tree_remarks(out, definition->values.at[i].remarks);
    }
    tree_selections(out, &definition->selections);
    tree_texts(out, "closing", &definition->closing);
}

static void tree_document(struct gcm_buffer *out, const struct gcm_document *document)
{
    tree_texts(out, "heading", &document->heading);
    for (size_t i = 0; i < document->definitions.count; i++)
        tree_definition(out, document->definitions.at[i]);
    tree_texts(out, "\nclosing", &document->closing);
    gcm_putc(out, '\n');
}

#endif
