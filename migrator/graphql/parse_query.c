/* Operations, fragments and selections. */
#include "graphql/parser.h"

static void parse_selections(struct gcm_parser *parser, struct gcm_selections *selections,
                             struct gcm_slices *closing, uint32_t column);

static bool parse_field(struct gcm_parser *parser, struct gcm_selection *selection)
{
    selection->kind = GCM_SELECTION_FIELD;
    if (!gcm_parser_name(parser, "a field or \"}\"", &selection->name, &selection->place))
        return false;
    if (gcm_parser_accept(parser, ':')) {
        selection->alias = selection->name;
        if (!gcm_parser_name(parser, "the field that the alias is for", &selection->name, NULL))
            return false;
    }
    return gcm_parse_arguments(parser, &selection->arguments, false, false);
}

static bool parse_spread(struct gcm_parser *parser, struct gcm_selection *selection)
{
    selection->kind = GCM_SELECTION_INLINE;
    selection->place = gcm_parser_place(parser);
    gcm_parser_advance(parser);
    if (gcm_parser_at_word(parser, "on")) {
        gcm_parser_advance(parser);
        return gcm_parser_name(parser, "a type", &selection->on, NULL);
    }
    if (parser->token.kind == GCM_TOKEN_NAME) {
        selection->kind = GCM_SELECTION_SPREAD;
        gcm_parser_name(parser, "a fragment", &selection->name, NULL);
        selection->place = gcm_parser_until_here(parser, selection->place);
    }
    return true;
}

static bool parse_selection(struct gcm_parser *parser, struct gcm_selections *selections,
                            bool first, uint32_t column)
{
    struct gcm_selection selection = {0};
    struct gcm_remarks remarks = {0};
    struct gcm_mark mark = gcm_parser_begin(parser, &remarks, first);
    bool good = parser->token.kind == GCM_TOKEN_SPREAD ? parse_spread(parser, &selection)
                                                       : parse_field(parser, &selection);
    good = good && gcm_parse_directives(parser, &selection.directives, false, false);
    selection.has_selections =
        good && parser->token.kind == '{' && selection.kind != GCM_SELECTION_SPREAD;
    if (selection.has_selections)
        parse_selections(parser, &selection.selections, &selection.closing, column);
    else if (good && selection.kind == GCM_SELECTION_INLINE)
        good = gcm_parser_expected(parser, "\"{\"", NULL);
    if (good)
        gcm_parser_end(parser, &remarks, mark);
    selection.remarks = gcm_parser_keep(parser, &remarks);
    if (selection.kind != GCM_SELECTION_FIELD || selection.name.size)
        *gcm_push(parser->arena, selections) = selection;
    return good;
}

/* `{ … }`, which must not be empty. */
static void parse_selections(struct gcm_parser *parser, struct gcm_selections *selections,
                             struct gcm_slices *closing, uint32_t column)
{
    if (!gcm_parser_enter(parser))
        return;
    gcm_parser_advance(parser);
    if (parser->token.kind == '}')
        gcm_parser_expected(parser, "a field", NULL);
    for (bool first = true; parser->token.kind != '}'; first = false) {
        if (parser->token.kind == GCM_TOKEN_END || gcm_parser_at_definition(parser, column)) {
            gcm_parser_expected(parser, "a field or \"}\"", NULL);
            parser->braces = parser->brackets = 0;
            gcm_parser_leave(parser);
            return;
        }
        struct gcm_mark mark = gcm_parser_mark(parser);
        if (!parse_selection(parser, selections, first, column))
            gcm_parser_resync(parser, mark);
    }
    gcm_parser_leave(parser);
    gcm_parser_closing(parser, closing);
    gcm_parser_advance(parser);
}

static bool parse_variables(struct gcm_parser *parser, struct gcm_input_values *variables)
{
    if (!gcm_parser_accept(parser, '('))
        return true;
    if (parser->token.kind == ')')
        gcm_parser_expected(parser, "a variable", "leave empty parentheses out");
    for (bool first = true; parser->token.kind != ')'; first = false)
        if (!gcm_parse_input_value(parser, variables, first, GCM_INPUT_VARIABLE))
            return false;
    gcm_parser_advance(parser);
    return true;
}

static bool parse_operation_head(struct gcm_parser *parser, struct gcm_definition *definition)
{
    definition->operation = gcm_parser_at_word(parser, "mutation") ? GCM_OPERATION_MUTATION
                            : gcm_parser_at_word(parser, "subscription")
                                ? GCM_OPERATION_SUBSCRIPTION
                                : GCM_OPERATION_QUERY;
    gcm_parser_advance(parser);
    if (parser->token.kind == GCM_TOKEN_NAME)
        gcm_parser_name(parser, "a name", &definition->name, &definition->place);
    return parse_variables(parser, &definition->inputs) &&
           gcm_parse_directives(parser, &definition->directives, false, false);
}

static bool parse_fragment_head(struct gcm_parser *parser, struct gcm_definition *definition)
{
    definition->kind = GCM_DEFINITION_FRAGMENT;
    gcm_parser_advance(parser);
    if (gcm_parser_at_word(parser, "on"))
        return gcm_parser_expected(parser, "the fragment's name", NULL);
    if (!gcm_parser_name(parser, "the fragment's name", &definition->name, &definition->place))
        return false;
    if (!gcm_parser_at_word(parser, "on"))
        return gcm_parser_expected(parser, "\"on\" and a type", NULL);
    gcm_parser_advance(parser);
    return gcm_parser_name(parser, "a type", &definition->on, NULL) &&
           gcm_parse_directives(parser, &definition->directives, false, false);
}

bool gcm_parse_executable(struct gcm_parser *parser, struct gcm_definition *definition)
{
    definition->whole = definition->place = gcm_parser_place(parser);
    definition->kind = GCM_DEFINITION_OPERATION;
    uint32_t column = definition->whole.column;
    if (definition->remarks.described)
        gcm_parser_expected(parser, "a definition of a type",
                            "operations and fragments have no description");
    bool good = true;
    if (gcm_parser_at_word(parser, "fragment"))
        good = parse_fragment_head(parser, definition);
    else if (parser->token.kind != '{')
        good = parse_operation_head(parser, definition);
    definition->short_form = definition->kind == GCM_DEFINITION_OPERATION &&
                             definition->operation == GCM_OPERATION_QUERY &&
                             !definition->name.size && !definition->inputs.count &&
                             !definition->directives.count;
    if (!good || parser->token.kind != '{')
        return good ? gcm_parser_expected(parser, "\"{\"", NULL) : false;
    parse_selections(parser, &definition->selections, &definition->closing, column);
    definition->whole = gcm_parser_until_here(parser, definition->whole);
    return true;
}
