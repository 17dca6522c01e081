/* SDL: documents, definitions, fields. */
#include "graphql/print_parts.h"

static void put_names(struct gcm_buffer *out, const struct gcm_slices *names, const char *before,
                      const char *between)
{
    for (size_t i = 0; i < names->count; i++) {
        gcm_puts(out, i ? between : before);
        gcm_put(out, names->at[i]);
    }
}

static void put_input_value(struct gcm_buffer *out, const struct gcm_input_value *value,
                            const char *sigil, unsigned indent)
{
    gcm_puts(out, sigil);
    gcm_put(out, value->name);
    gcm_puts(out, ": ");
    gcm_print_type(out, value->type);
    if (value->default_value) {
        gcm_puts(out, " = ");
        gcm_put_value(out, value->default_value, indent);
    }
    gcm_put_directives(out, &value->directives, indent);
}

static bool has_remarks(const struct gcm_input_values *values)
{
    for (size_t i = 0; i < values->count; i++) {
        const struct gcm_remarks *remarks = values->at[i].remarks;
        if (remarks && (remarks->described || remarks->commented || remarks->above.count))
            return true;
    }
    return false;
}

/* `(a: Int, b: Int)` on one line; false if something in it takes more than one. */
static bool put_inline(struct gcm_buffer *out, const struct gcm_input_values *values,
                       const char *sigil)
{
    size_t before = out->size;
    for (size_t i = 0; i < values->count; i++) {
        gcm_puts(out, i ? ", " : "(");
        put_input_value(out, &values->at[i], sigil, 0);
    }
    gcm_putc(out, ')');
    struct gcm_slice written = {out->at + before, out->size - before};
    return gcm_slice_find(written, '\n') == written.size;
}

void gcm_put_input_values(struct gcm_buffer *out, const struct gcm_input_values *values,
                          const char *sigil, unsigned indent)
{
    if (!values->count)
        return;
    size_t before = out->size;
    /* graphql-js never breaks the variables of an operation into lines */
    if (!has_remarks(values) && (put_inline(out, values, sigil) || *sigil))
        return;
    out->size = before;
    gcm_puts(out, "(\n");
    for (size_t i = 0; i < values->count; i++) {
        gcm_put_remarks(out, values->at[i].remarks, indent + 1);
        put_input_value(out, &values->at[i], sigil, indent + 1);
        gcm_put_behind(out, values->at[i].remarks);
    }
    gcm_put_indent(out, indent);
    gcm_putc(out, ')');
}

static void put_field(struct gcm_buffer *out, const struct gcm_field_definition *field,
                      unsigned indent)
{
    gcm_put(out, field->name);
    gcm_put_input_values(out, &field->arguments, "", indent);
    gcm_puts(out, ": ");
    gcm_print_type(out, field->type);
    gcm_put_directives(out, &field->directives, indent);
}

void gcm_print_field(struct gcm_buffer *out, const struct gcm_field_definition *field)
{
    gcm_put(out, field->name);
    if (field->arguments.count)
        put_inline(out, &field->arguments, "");
    gcm_puts(out, ": ");
    gcm_print_type(out, field->type);
    gcm_print_directives(out, &field->directives);
}

static void put_block(struct gcm_buffer *out, const struct gcm_definition *definition)
{
    size_t count = definition->fields.count + definition->inputs.count + definition->values.count;
    if (!count && !definition->closing.count)
        return;
    gcm_puts(out, " {\n");
    for (size_t i = 0; i < definition->fields.count; i++) {
        gcm_put_remarks(out, definition->fields.at[i].remarks, 1);
        put_field(out, &definition->fields.at[i], 1);
        gcm_put_behind(out, definition->fields.at[i].remarks);
    }
    for (size_t i = 0; i < definition->inputs.count; i++) {
        gcm_put_remarks(out, definition->inputs.at[i].remarks, 1);
        put_input_value(out, &definition->inputs.at[i], "", 1);
        gcm_put_behind(out, definition->inputs.at[i].remarks);
    }
    for (size_t i = 0; i < definition->values.count; i++) {
        gcm_put_remarks(out, definition->values.at[i].remarks, 1);
        gcm_put(out, definition->values.at[i].name);
        gcm_put_directives(out, &definition->values.at[i].directives, 1);
        gcm_put_behind(out, definition->values.at[i].remarks);
    }
    gcm_print_comments(out, &definition->closing, 1);
    gcm_putc(out, '}');
}

static const char *const keywords[] = {
    [GCM_DEFINITION_SCHEMA] = "schema", [GCM_DEFINITION_SCALAR] = "scalar ",
    [GCM_DEFINITION_OBJECT] = "type ",  [GCM_DEFINITION_INTERFACE] = "interface ",
    [GCM_DEFINITION_UNION] = "union ",  [GCM_DEFINITION_ENUM] = "enum ",
    [GCM_DEFINITION_INPUT] = "input ",  [GCM_DEFINITION_DIRECTIVE] = "directive @",
};

static void put_definition(struct gcm_buffer *out, const struct gcm_definition *definition)
{
    if (definition->extend)
        gcm_puts(out, "extend ");
    gcm_puts(out, keywords[definition->kind]);
    gcm_put(out, definition->name);
    if (definition->kind == GCM_DEFINITION_DIRECTIVE) {
        gcm_put_input_values(out, &definition->inputs, "", 0);
        put_names(out, &definition->names, " on ", " | ");
        return;
    }
    if (definition->kind == GCM_DEFINITION_OBJECT)
        put_names(out, &definition->names, " implements ", " & ");
    gcm_print_directives(out, &definition->directives);
    if (definition->kind == GCM_DEFINITION_UNION)
        put_names(out, &definition->names, " = ", " | ");
    put_block(out, definition);
}

void gcm_print_definition(struct gcm_buffer *out, const struct gcm_definition *definition)
{
    struct gcm_remarks remarks = definition->remarks;
    remarks.blank_above = false;
    gcm_put_remarks(out, &remarks, 0);
    if (definition->kind == GCM_DEFINITION_OPERATION || definition->kind == GCM_DEFINITION_FRAGMENT)
        gcm_put_executable(out, definition);
    else
        put_definition(out, definition);
    if (remarks.commented)
        gcm_put_behind(out, &remarks);
}

/* Is there a line break at the end already? */
static void end_line(struct gcm_buffer *out)
{
    if (out->size && out->at[out->size - 1] != '\n')
        gcm_putc(out, '\n');
}

void gcm_print_document(struct gcm_buffer *out, const struct gcm_document *document)
{
    gcm_print_comments(out, &document->heading, 0);
    for (size_t i = 0; i < document->definitions.count; i++) {
        if (i || document->heading.count) {
            end_line(out);
            gcm_putc(out, '\n');
        }
        gcm_print_definition(out, document->definitions.at[i]);
    }
    end_line(out);
    if (document->closing.count && document->definitions.count)
        gcm_putc(out, '\n');
    gcm_print_comments(out, &document->closing, 0);
}
