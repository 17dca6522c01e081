/* Definitions of types and directives. */
#include "graphql/parser.h"

/* Reads one thing of a block; `first` in it. */
typedef bool read_item(struct gcm_parser *parser, struct gcm_definition *definition, bool first);

/* `item item … }`. Errors of an item do not end the block. */
static void parse_items(struct gcm_parser *parser, struct gcm_definition *definition,
                        read_item *item, const char *what)
{
    uint32_t column = definition->whole.column;
    for (bool first = true; parser->token.kind != '}'; first = false) {
        if (parser->token.kind == GCM_TOKEN_END || gcm_parser_at_definition(parser, column)) {
            gcm_parser_expected(parser, gcm_format(parser->arena, "%s or \"}\"", what).at, NULL);
            parser->braces = parser->brackets = 0;
            return;
        }
        struct gcm_mark mark = gcm_parser_mark(parser);
        if (!item(parser, definition, first))
            gcm_parser_resync(parser, mark);
    }
    gcm_parser_closing(parser, &definition->closing);
    gcm_parser_advance(parser);
}

/* `{ item item … }`, read into the parser's wide arrays and kept in arrays of the right size. */
static void parse_block(struct gcm_parser *parser, struct gcm_definition *definition,
                        read_item *item, const char *what)
{
    gcm_parser_advance(parser);
    definition->fields = parser->fields;
    definition->inputs = parser->inputs;
    definition->values = parser->values;
    parse_items(parser, definition, item, what);
    gcm_settle(parser->arena, &definition->fields, &parser->fields);
    gcm_settle(parser->arena, &definition->inputs, &parser->inputs);
    gcm_settle(parser->arena, &definition->values, &parser->values);
}

/* Is a missing or empty block an error? Graphcool took empty ones of types and inputs, Prisma
 * missing ones. */
static void check_block(struct gcm_parser *parser, const struct gcm_definition *definition,
                        bool written, size_t count)
{
    bool fields =
        definition->kind == GCM_DEFINITION_OBJECT || definition->kind == GCM_DEFINITION_INPUT;
    if (parser->dialect == GCM_DIALECT_TOLERANT || count)
        return;
    if (parser->dialect == GCM_DIALECT_GRAPHCOOL ? !written || !fields : written)
        gcm_parser_refuse(parser, definition->place, NULL,
                          written ? "definitions with nothing between their braces"
                                  : "definitions without braces");
}

bool gcm_parse_input_value(struct gcm_parser *parser, struct gcm_input_values *values, bool first,
                           enum gcm_input_kind kind)
{
    bool variable = kind == GCM_INPUT_VARIABLE, field = kind == GCM_INPUT_FIELD;
    struct gcm_input_value value = {0};
    struct gcm_remarks remarks = {0};
    struct gcm_mark mark = gcm_parser_begin(parser, &remarks, first);
    if (!variable)
        gcm_parser_description(parser, &remarks);
    if (!field)
        remarks.blank_above = false; /* empty lines group fields, not arguments */
    value.place = gcm_parser_place(parser);
    if (variable) {
        if (parser->token.kind != '$')
            return gcm_parser_expected(parser, "a variable or \")\"", NULL);
        if (!gcm_parser_sigil(parser, "a variable's name", &value.name))
            return false;
        value.place = gcm_parser_until_here(parser, value.place);
    } else if (!gcm_parser_name(parser, "a name", &value.name, &value.place)) {
        return false;
    }
    if (!gcm_parser_expect(parser, ':', "\":\" and a type"))
        return false;
    value.type = gcm_parse_type(parser);
    if (!value.type)
        return false;
    bool good = true;
    if (gcm_parser_accept(parser, '='))
        good = (value.default_value = gcm_parse_value(parser, true)) != NULL;
    if (variable && parser->token.kind == '@' && parser->dialect == GCM_DIALECT_GRAPHCOOL)
        gcm_parser_refuse(parser, gcm_parser_place(parser), NULL, "directives of variables");
    good = good && gcm_parse_directives(parser, &value.directives, true, !variable);
    gcm_parser_end(parser, &remarks, mark);
    value.remarks = gcm_parser_keep(parser, &remarks);
    *gcm_push(parser->arena, values) = value;
    return good;
}

static bool parse_argument_list(struct gcm_parser *parser, struct gcm_input_values *values)
{
    if (parser->token.kind == ')' && parser->dialect != GCM_DIALECT_TOLERANT)
        gcm_parser_refuse(parser, gcm_parser_place(parser), "leave them out", "empty parentheses");
    for (bool first = true; parser->token.kind != ')'; first = false)
        if (!gcm_parse_input_value(parser, values, first, GCM_INPUT_ARGUMENT))
            return false;
    gcm_parser_advance(parser);
    return true;
}

/* `(name: Type = value …)` of a field or a directive. */
static bool parse_argument_definitions(struct gcm_parser *parser, struct gcm_input_values *values)
{
    if (!gcm_parser_accept(parser, '('))
        return true;
    *values = parser->arguments;
    bool good = parse_argument_list(parser, values);
    gcm_settle(parser->arena, values, &parser->arguments);
    return good;
}

/* The part of a field behind its name. */
static bool parse_field_rest(struct gcm_parser *parser, struct gcm_field_definition *field)
{
    if (!parse_argument_definitions(parser, &field->arguments) ||
        !gcm_parser_expect(parser, ':', "\":\" and the field's type"))
        return false;
    field->type = gcm_parse_type(parser);
    if (!field->type)
        return false;
    if (parser->token.kind == '=')
        return gcm_parser_expected(parser, "a directive or the next field",
                                   "a field's default is written as a directive");
    return gcm_parse_directives(parser, &field->directives, false, true);
}

static bool parse_field(struct gcm_parser *parser, struct gcm_definition *definition, bool first)
{
    struct gcm_field_definition field = {0};
    struct gcm_remarks remarks = {0};
    struct gcm_mark mark = gcm_parser_begin(parser, &remarks, first);
    gcm_parser_description(parser, &remarks);
    if (!gcm_parser_name(parser, "a field or \"}\"", &field.name, &field.place))
        return false;
    bool good = parse_field_rest(parser, &field);
    if (!field.type)
        return false;
    field.whole = gcm_parser_until_here(parser, field.place);
    if (good)
        gcm_parser_end(parser, &remarks, mark);
    field.remarks = gcm_parser_keep(parser, &remarks);
    *gcm_push(parser->arena, &definition->fields) = field;
    return good;
}

static bool parse_input_field(struct gcm_parser *parser, struct gcm_definition *definition,
                              bool first)
{
    return gcm_parse_input_value(parser, &definition->inputs, first, GCM_INPUT_FIELD);
}

static bool parse_enum_value(struct gcm_parser *parser, struct gcm_definition *definition,
                             bool first)
{
    struct gcm_enum_value_definition value = {0};
    struct gcm_remarks remarks = {0};
    struct gcm_mark mark = gcm_parser_begin(parser, &remarks, first);
    gcm_parser_description(parser, &remarks);
    if (gcm_parser_at_word(parser, "true") || gcm_parser_at_word(parser, "false"))
        return gcm_parser_expected(parser, "an enum value or \"}\"",
                                   "no enum value is called true or false");
    if (!gcm_parser_name(parser, "an enum value or \"}\"", &value.name, &value.place))
        return false;
    bool good = gcm_parse_directives(parser, &value.directives, true, true);
    if (good)
        gcm_parser_end(parser, &remarks, mark);
    value.remarks = gcm_parser_keep(parser, &remarks);
    *gcm_push(parser->arena, &definition->values) = value;
    return good;
}

static bool parse_root_type(struct gcm_parser *parser, struct gcm_definition *definition,
                            bool first)
{
    if (!gcm_parser_at_word(parser, "query") && !gcm_parser_at_word(parser, "mutation") &&
        !gcm_parser_at_word(parser, "subscription"))
        return gcm_parser_expected(parser, "query, mutation, subscription or \"}\"", NULL);
    return parse_field(parser, definition, first);
}

/* `implements A & B`, `A, B` or `A B`. */
static bool parse_interfaces(struct gcm_parser *parser, struct gcm_definition *definition)
{
    if (!gcm_parser_at_word(parser, "implements"))
        return true;
    gcm_parser_advance(parser);
    bool ampersand = parser->token.kind == '&';
    do {
        if (ampersand && parser->dialect == GCM_DIALECT_GRAPHCOOL)
            gcm_parser_refuse(parser, gcm_parser_place(parser), "write a comma", "\"&\"");
        if (ampersand)
            gcm_parser_advance(parser);
        struct gcm_slice name;
        if (!gcm_parser_name(parser, "an interface", &name, NULL))
            return false;
        *gcm_push(parser->arena, &definition->names) = name;
        ampersand = parser->token.kind == '&';
    } while (ampersand || (parser->token.kind == GCM_TOKEN_NAME &&
                           !gcm_parser_at_definition(parser, UINT32_MAX)));
    return true;
}

static bool parse_object_head(struct gcm_parser *parser, struct gcm_definition *definition)
{
    if (!parse_interfaces(parser, definition) ||
        !gcm_parse_directives(parser, &definition->directives,
                              parser->dialect == GCM_DIALECT_PRISMA, true))
        return false;
    if (!gcm_parser_at_word(parser, "implements"))
        return true;
    if (parser->dialect != GCM_DIALECT_TOLERANT)
        gcm_parser_refuse(parser, gcm_parser_place(parser), "write it before the directives",
                          "\"implements\" behind a directive");
    return parse_interfaces(parser, definition) &&
           gcm_parse_directives(parser, &definition->directives, false, true);
}

static bool parse_union_members(struct gcm_parser *parser, struct gcm_definition *definition)
{
    if (parser->token.kind != '=') {
        if (parser->dialect == GCM_DIALECT_GRAPHCOOL)
            return gcm_parser_expected(parser, "\"=\" and the union's members", NULL);
        return true;
    }
    gcm_parser_advance(parser);
    bool bar = parser->token.kind == '|';
    if (bar && parser->dialect == GCM_DIALECT_GRAPHCOOL)
        gcm_parser_refuse(parser, gcm_parser_place(parser), NULL, "\"|\" before the first member");
    do {
        if (bar)
            gcm_parser_advance(parser);
        struct gcm_slice name;
        if (!gcm_parser_name(parser, "a type", &name, NULL))
            return false;
        *gcm_push(parser->arena, &definition->names) = name;
        bar = parser->token.kind == '|';
    } while (bar);
    return true;
}

static bool parse_directive_definition(struct gcm_parser *parser, struct gcm_definition *definition)
{
    definition->place = gcm_parser_place(parser);
    if (parser->token.kind != '@')
        return gcm_parser_expected(parser, "\"@\" and the directive's name", NULL);
    if (!gcm_parser_sigil(parser, "a directive's name", &definition->name))
        return false;
    definition->place = gcm_parser_until_here(parser, definition->place);
    if (!parse_argument_definitions(parser, &definition->inputs))
        return false;
    if (!gcm_parser_at_word(parser, "on"))
        return gcm_parser_expected(parser, "\"on\" and the directive's locations", NULL);
    gcm_parser_advance(parser);
    bool bar = parser->token.kind == '|';
    if (bar && parser->dialect == GCM_DIALECT_GRAPHCOOL)
        gcm_parser_refuse(parser, gcm_parser_place(parser), NULL,
                          "\"|\" before the first location");
    do {
        if (bar)
            gcm_parser_advance(parser);
        struct gcm_slice name;
        if (!gcm_parser_name(parser, "a location", &name, NULL))
            return false;
        *gcm_push(parser->arena, &definition->names) = name;
        bar = parser->token.kind == '|';
    } while (bar);
    return true;
}

struct form {
    const char *word;
    enum gcm_definition_kind kind;
    read_item *item; /* NULL: has no block */
    const char *what;
};

static const struct form forms[] = {
    {"type", GCM_DEFINITION_OBJECT, parse_field, "a field"},
    {"enum", GCM_DEFINITION_ENUM, parse_enum_value, "an enum value"},
    {"input", GCM_DEFINITION_INPUT, parse_input_field, "a field"},
    {"interface", GCM_DEFINITION_INTERFACE, parse_field, "a field"},
    {"scalar", GCM_DEFINITION_SCALAR, NULL, NULL},
    {"union", GCM_DEFINITION_UNION, NULL, NULL},
    {"schema", GCM_DEFINITION_SCHEMA, parse_root_type, "query, mutation, subscription"},
    {"directive", GCM_DEFINITION_DIRECTIVE, NULL, NULL},
};

static const struct form *form_of(struct gcm_slice word)
{
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++)
        if (gcm_slice_is(word, forms[i].word))
            return &forms[i];
    return NULL;
}

/* Between the keyword and the block. */
static bool parse_head(struct gcm_parser *parser, struct gcm_definition *definition)
{
    if (definition->kind == GCM_DEFINITION_DIRECTIVE)
        return parse_directive_definition(parser, definition);
    if (definition->kind != GCM_DEFINITION_SCHEMA &&
        !gcm_parser_name(parser, "a name", &definition->name, &definition->place))
        return false;
    if (definition->kind == GCM_DEFINITION_OBJECT)
        return parse_object_head(parser, definition);
    if (!gcm_parse_directives(parser, &definition->directives,
                              parser->dialect == GCM_DIALECT_PRISMA, true))
        return false;
    return definition->kind != GCM_DEFINITION_UNION || parse_union_members(parser, definition);
}

/* After an error in a head: does its block follow, so that its content can still be read? */
static bool skip_to_block(struct gcm_parser *parser, const struct gcm_definition *definition)
{
    while (parser->token.kind != '{' && parser->token.kind != '}' &&
           parser->token.kind != GCM_TOKEN_END &&
           !gcm_parser_at_definition(parser, definition->whole.column))
        gcm_parser_advance(parser);
    parser->brackets = 0;
    return parser->token.kind == '{';
}

static size_t block_count(const struct gcm_definition *definition)
{
    return definition->fields.count + definition->inputs.count + definition->values.count;
}

bool gcm_parse_type_definition(struct gcm_parser *parser, struct gcm_definition *definition)
{
    definition->whole = definition->place = gcm_parser_place(parser);
    definition->extend = gcm_parser_at_word(parser, "extend");
    if (definition->extend)
        gcm_parser_advance(parser);
    const struct form *form =
        parser->token.kind == GCM_TOKEN_NAME ? form_of(parser->token.raw) : NULL;
    if (!form || (definition->extend && form->kind == GCM_DEFINITION_DIRECTIVE))
        return gcm_parser_expected(parser, "type, enum, input, interface, union, scalar or schema",
                                   NULL);
    if (definition->extend && form->kind != GCM_DEFINITION_OBJECT &&
        parser->dialect == GCM_DIALECT_GRAPHCOOL)
        gcm_parser_refuse(parser, gcm_parser_place(parser), NULL,
                          "extensions of anything but a type");
    definition->kind = form->kind;
    definition->place = gcm_parser_place(parser);
    gcm_parser_advance(parser);
    if (!parse_head(parser, definition) && (!form->item || !skip_to_block(parser, definition)))
        return false;
    if (form->item) {
        bool written = parser->token.kind == '{';
        if (written)
            parse_block(parser, definition, form->item, form->what);
        check_block(parser, definition, written, block_count(definition));
    }
    definition->whole = gcm_parser_until_here(parser, definition->whole);
    return true;
}
