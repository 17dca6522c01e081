/* Values, type references, arguments and directives. */
#include "graphql/parser.h"

static struct gcm_value *new_value(struct gcm_parser *parser, enum gcm_value_kind kind)
{
    struct gcm_value *value = GCM_NEW(parser->arena, struct gcm_value);
    value->kind = kind;
    value->place = gcm_parser_place(parser);
    value->raw = parser->token.raw;
    value->text = parser->token.text;
    return value;
}

static struct gcm_value *finish_value(struct gcm_parser *parser, struct gcm_value *value)
{
    value->place = gcm_parser_until_here(parser, value->place);
    value->raw = gcm_slice_sub(parser->file->text, value->place.offset, value->place.size);
    return value;
}

static struct gcm_value *parse_variable(struct gcm_parser *parser, bool constant)
{
    struct gcm_value *value = new_value(parser, GCM_VALUE_VARIABLE);
    if (constant) {
        gcm_parser_expected(parser, "a value without variables", NULL);
        return NULL;
    }
    if (!gcm_parser_sigil(parser, "a variable's name", &value->text))
        return NULL;
    return finish_value(parser, value);
}

typedef GCM_VEC(struct gcm_value *) value_list;

static struct gcm_value *parse_list(struct gcm_parser *parser, bool constant)
{
    struct gcm_value *value = new_value(parser, GCM_VALUE_LIST);
    if (!gcm_parser_enter(parser))
        return finish_value(parser, value);
    value_list items = {0};
    gcm_parser_advance(parser);
    bool good = true;
    while (good && parser->token.kind != ']') {
        struct gcm_value *item = gcm_parse_value(parser, constant);
        if (item)
            *gcm_push(parser->arena, &items) = item;
        good = item != NULL;
    }
    gcm_parser_leave(parser);
    if (!good)
        return NULL;
    gcm_parser_advance(parser);
    value->items = items.at;
    value->count = items.count;
    finish_value(parser, value);
    value->text = value->raw;
    return value;
}

static bool parse_object_field(struct gcm_parser *parser, bool constant, struct gcm_slices *keys,
                               value_list *items)
{
    struct gcm_slice key;
    if (!gcm_parser_name(parser, "a name or \"}\"", &key, NULL) ||
        !gcm_parser_expect(parser, ':', "\":\""))
        return false;
    struct gcm_value *item = gcm_parse_value(parser, constant);
    if (!item)
        return false;
    *gcm_push(parser->arena, keys) = key;
    *gcm_push(parser->arena, items) = item;
    return true;
}

static struct gcm_value *parse_object(struct gcm_parser *parser, bool constant)
{
    struct gcm_value *value = new_value(parser, GCM_VALUE_OBJECT);
    if (!gcm_parser_enter(parser))
        return finish_value(parser, value);
    value_list items = {0};
    struct gcm_slices keys = {0};
    gcm_parser_advance(parser);
    bool good = true;
    while (good && parser->token.kind != '}')
        good = parse_object_field(parser, constant, &keys, &items);
    gcm_parser_leave(parser);
    if (!good)
        return NULL;
    gcm_parser_advance(parser);
    value->items = items.at;
    value->keys = keys.at;
    value->count = items.count;
    finish_value(parser, value);
    value->text = value->raw;
    return value;
}

static enum gcm_value_kind name_kind(struct gcm_slice name)
{
    if (gcm_slice_is(name, "true") || gcm_slice_is(name, "false"))
        return GCM_VALUE_BOOLEAN;
    return gcm_slice_is(name, "null") ? GCM_VALUE_NULL : GCM_VALUE_ENUM;
}

struct gcm_value *gcm_parse_value(struct gcm_parser *parser, bool constant)
{
    struct gcm_value *value = NULL;
    switch (parser->token.kind) {
    case '$':
        return parse_variable(parser, constant);
    case '[':
        return parse_list(parser, constant);
    case '{':
        return parse_object(parser, constant);
    case GCM_TOKEN_INT:
        value = new_value(parser, GCM_VALUE_INT);
        break;
    case GCM_TOKEN_FLOAT:
        value = new_value(parser, GCM_VALUE_FLOAT);
        break;
    case GCM_TOKEN_BLOCK_STRING:
        if (parser->dialect == GCM_DIALECT_GRAPHCOOL)
            gcm_parser_refuse(parser, gcm_parser_place(parser), NULL, "block strings");
        value = new_value(parser, GCM_VALUE_STRING);
        break;
    case GCM_TOKEN_STRING:
        value = new_value(parser, GCM_VALUE_STRING);
        break;
    case GCM_TOKEN_NAME:
        value = new_value(parser, name_kind(parser->token.raw));
        break;
    default:
        gcm_parser_expected(parser, "a value", NULL);
        return NULL;
    }
    gcm_parser_advance(parser);
    return value;
}

struct gcm_type_ref *gcm_parse_type(struct gcm_parser *parser)
{
    struct gcm_type_ref *type = GCM_NEW(parser->arena, struct gcm_type_ref);
    type->place = gcm_parser_place(parser);
    if (parser->token.kind == '[') {
        if (!gcm_parser_enter(parser))
            return NULL;
        gcm_parser_advance(parser);
        type->of = gcm_parse_type(parser);
        gcm_parser_leave(parser);
        if (!type->of || !gcm_parser_expect(parser, ']', "\"]\""))
            return NULL;
    } else if (!gcm_parser_name(parser, "a type", &type->name, NULL)) {
        return NULL;
    }
    type->non_null = gcm_parser_accept(parser, '!');
    type->place = gcm_parser_until_here(parser, type->place);
    return type;
}

static bool parse_argument(struct gcm_parser *parser, struct gcm_arguments *arguments,
                           bool constant)
{
    struct gcm_argument argument = {0};
    if (!gcm_parser_name(parser, "an argument's name or \")\"", &argument.name, &argument.place) ||
        !gcm_parser_expect(parser, ':', "\":\" behind the argument's name"))
        return false;
    argument.value = gcm_parse_value(parser, constant);
    if (!argument.value)
        return false;
    *gcm_push(parser->arena, arguments) = argument;
    return true;
}

bool gcm_parse_arguments(struct gcm_parser *parser, struct gcm_arguments *arguments, bool constant,
                         bool empty)
{
    if (!gcm_parser_accept(parser, '('))
        return true;
    if (parser->token.kind == ')' && (!empty || parser->dialect != GCM_DIALECT_TOLERANT))
        gcm_parser_expected(parser, "an argument", "leave empty parentheses out");
    while (parser->token.kind != ')')
        if (!parse_argument(parser, arguments, constant))
            return false;
    gcm_parser_advance(parser);
    return true;
}

bool gcm_parse_directives(struct gcm_parser *parser, struct gcm_directives *directives,
                          bool constant, bool empty)
{
    while (parser->token.kind == '@') {
        struct gcm_directive directive = {.place = gcm_parser_place(parser)};
        if (!gcm_parser_sigil(parser, "a directive's name", &directive.name))
            return false;
        bool good = gcm_parse_arguments(parser, &directive.arguments, constant, empty);
        directive.place = gcm_parser_until_here(parser, directive.place);
        *gcm_push(parser->arena, directives) = directive;
        if (!good)
            return false;
    }
    return true;
}
