#include "operations/javascript.h"

#include <string.h>
#include <tree_sitter/api.h>

const TSLanguage *tree_sitter_javascript(void);
const TSLanguage *tree_sitter_typescript(void);
const TSLanguage *tree_sitter_tsx(void);

struct reading {
    struct gcm_arena *arena;
    struct gcm_client_file *file;
    size_t from;   /* where the parsed stretch starts in the file */
    uint32_t line; /* and on which line */
};

static bool is(TSNode node, const char *type)
{
    return !ts_node_is_null(node) && !strcmp(ts_node_type(node), type);
}

static size_t start_of(const struct reading *reading, TSNode node)
{
    return reading->from + ts_node_start_byte(node);
}

static struct gcm_slice text_of(const struct reading *reading, TSNode node)
{
    if (ts_node_is_null(node))
        return GCM_S("");
    return gcm_slice_sub(reading->file->file->text, start_of(reading, node),
                         ts_node_end_byte(node) - ts_node_start_byte(node));
}

static TSNode field(TSNode node, const char *name)
{
    return ts_node_child_by_field_name(node, name, (uint32_t)strlen(name));
}

/* ---- literals ------------------------------------------------------------------------------- */

static bool is_tag_name(const struct reading *reading, TSNode node)
{
    struct gcm_slice text = text_of(reading, node);
    return gcm_slice_is(text, "gql") || gcm_slice_is(text, "graphql");
}

/* `gql`, `graphql`, `apollo.gql`, `graphql.experimental` */
static bool is_tag(const struct reading *reading, TSNode node)
{
    if (is(node, "member_expression"))
        return is_tag_name(reading, field(node, "property")) ||
               is_tag_name(reading, field(node, "object"));
    return is_tag_name(reading, node);
}

static bool is_marked(const struct reading *reading, TSNode node)
{
    TSNode before = ts_node_prev_sibling(node);
    if (!is(before, "comment"))
        return false;
    struct gcm_slice text = text_of(reading, before);
    if (!gcm_slice_starts(text, "/*") || text.size < 4)
        return false;
    text = gcm_slice_trim(gcm_slice_sub(text, 2, text.size - 4));
    return gcm_slice_equal_nocase(text, GCM_S("graphql"));
}

static bool is_tagged(const struct reading *reading, TSNode literal)
{
    TSNode parent = ts_node_parent(literal);
    if (is(parent, "call_expression"))
        return is_tag(reading, field(parent, "function"));
    return (is(parent, "arguments") &&
            is_tag(reading, field(ts_node_parent(parent), "function"))) ||
           is_marked(reading, literal);
}

/* Does it begin as an operation or fragment would? Functions of Graphcool asked so, without tag. */
static bool looks_like(struct gcm_slice text)
{
    static const char *const words[] = {"query", "mutation", "subscription", "fragment"};
    text = gcm_slice_trim(text);
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        size_t size = strlen(words[i]);
        if (gcm_slice_starts(text, words[i]) && text.size > size &&
            !gcm_is_name_part(text.at[size]) && gcm_slice_find(text, '{') < text.size)
            return true;
    }
    return false;
}

/* The constant that a literal becomes: `const NAME = …`, also through gql(…). */
static struct gcm_slice name_of(const struct reading *reading, TSNode literal)
{
    static const char *const between[] = {"call_expression", "arguments", "as_expression",
                                          "satisfies_expression", NULL};
    TSNode node = ts_node_parent(literal);
    while (!ts_node_is_null(node) && gcm_slice_in(gcm_slice_of(ts_node_type(node)), between))
        node = ts_node_parent(node);
    return is(node, "variable_declarator") ? text_of(reading, field(node, "name")) : GCM_S("");
}

/* Behind the opening quote. Columns are characters, not bytes. */
static struct gcm_place inner_place(const struct reading *reading, TSNode literal, size_t size)
{
    struct gcm_slice text = reading->file->file->text;
    size_t offset = start_of(reading, literal) + 1, start = offset;
    uint32_t column = 1;
    for (; start > 0 && text.at[start - 1] != '\n'; start--)
        column += ((unsigned char)text.at[start - 1] & 0xc0) != 0x80;
    return (struct gcm_place){.file = reading->file->file,
                              .offset = (uint32_t)offset,
                              .size = (uint32_t)size,
                              .line = reading->line + ts_node_start_point(literal).row,
                              .column = column};
}

static void add_literal(struct reading *reading, TSNode literal)
{
    struct gcm_slice whole = text_of(reading, literal);
    bool tagged = is_tagged(reading, literal);
    if (whole.size < 2 || (!tagged && !looks_like(gcm_slice_sub(whole, 1, whole.size - 2))))
        return;
    struct gcm_client_text *text = GCM_NEW(reading->arena, struct gcm_client_text);
    *gcm_push(reading->arena, &reading->file->texts) = text;
    text->in = reading->file;
    text->literal = true;
    text->untagged = !tagged;
    text->name = name_of(reading, literal);
    text->place = inner_place(reading, literal, whole.size - 2);
    for (uint32_t i = 0; i < ts_node_named_child_count(literal); i++) {
        TSNode child = ts_node_named_child(literal, i);
        struct gcm_slice part = text_of(reading, child);
        if (is(child, "escape_sequence"))
            text->unread = GCM_S("it holds an escape sequence of JavaScript; write the character "
                                 "itself, or a block string");
        if (is(child, "template_substitution"))
            *gcm_push(reading->arena, &text->holes) = (struct gcm_client_hole){
                .expression =
                    gcm_slice_trim(gcm_slice_sub(part, 2, part.size < 3 ? 0 : part.size - 3)),
                .offset = start_of(reading, child) - text->place.offset,
                .size = part.size};
    }
}

/* ---- imports -------------------------------------------------------------------------------- */

static struct gcm_slice unquoted(const struct reading *reading, TSNode string)
{
    struct gcm_slice text = text_of(reading, string);
    return text.size < 2 ? GCM_S("") : gcm_slice_sub(text, 1, text.size - 2);
}

static void add_import(struct reading *reading, TSNode name, TSNode from)
{
    *gcm_push(reading->arena, &reading->file->imports) =
        (struct gcm_client_import){text_of(reading, name), unquoted(reading, from)};
}

static void read_import(struct reading *reading, TSNode statement)
{
    TSNode from = field(statement, "source");
    for (uint32_t i = 0; i < ts_node_named_child_count(statement); i++) {
        TSNode clause = ts_node_named_child(statement, i);
        for (uint32_t j = 0; is(clause, "import_clause") && j < ts_node_named_child_count(clause);
             j++) {
            TSNode part = ts_node_named_child(clause, j);
            if (is(part, "identifier"))
                add_import(reading, part, from);
            else if (is(part, "namespace_import"))
                add_import(reading, ts_node_named_child(part, 0), from);
            for (uint32_t k = 0; is(part, "named_imports") && k < ts_node_named_child_count(part);
                 k++) {
                TSNode one = ts_node_named_child(part, k), alias = field(one, "alias");
                add_import(reading, ts_node_is_null(alias) ? field(one, "name") : alias, from);
            }
        }
    }
}

/* `const Name = require('./x')`, `const { Name } = require('./x')` */
static void read_require(struct reading *reading, TSNode declarator)
{
    TSNode call = field(declarator, "value"), name = field(declarator, "name");
    if (!is(call, "call_expression") ||
        !gcm_slice_is(text_of(reading, field(call, "function")), "require"))
        return;
    TSNode from = ts_node_named_child(field(call, "arguments"), 0);
    if (!is(from, "string"))
        return;
    if (is(name, "identifier"))
        add_import(reading, name, from);
    for (uint32_t i = 0; is(name, "object_pattern") && i < ts_node_named_child_count(name); i++) {
        TSNode part = ts_node_named_child(name, i), value = field(part, "value");
        add_import(reading, ts_node_is_null(value) ? part : value, from);
    }
}

/* ---- the walk ------------------------------------------------------------------------------- */

static void visit(struct reading *reading, TSNode node)
{
    if (is(node, "template_string"))
        add_literal(reading, node);
    else if (is(node, "import_statement"))
        read_import(reading, node);
    else if (is(node, "variable_declarator"))
        read_require(reading, node);
}

static void walk(struct reading *reading, TSNode root)
{
    TSTreeCursor cursor = ts_tree_cursor_new(root);
    for (bool more = true; more;) {
        visit(reading, ts_tree_cursor_current_node(&cursor));
        if (ts_tree_cursor_goto_first_child(&cursor))
            continue;
        while (!ts_tree_cursor_goto_next_sibling(&cursor)) {
            more = ts_tree_cursor_goto_parent(&cursor);
            if (!more)
                break;
        }
    }
    ts_tree_cursor_delete(&cursor);
}

static const TSLanguage *language_of(enum gcm_script script)
{
    switch (script) {
    case GCM_SCRIPT_TYPESCRIPT:
        return tree_sitter_typescript();
    case GCM_SCRIPT_TSX:
        return tree_sitter_tsx();
    default:
        return tree_sitter_javascript();
    }
}

void gcm_javascript_read(struct gcm_arena *arena, struct gcm_client_file *file, size_t from,
                         size_t size, enum gcm_script script)
{
    struct gcm_slice text = gcm_slice_sub(file->file->text, from, size);
    TSParser *parser = ts_parser_new();
    TSTree *tree = ts_parser_set_language(parser, language_of(script))
                       ? ts_parser_parse_string(parser, NULL, text.at, (uint32_t)text.size)
                       : NULL;
    if (tree) {
        struct reading reading = {arena, file, from, gcm_place_in(file->file, from, 0).line};
        walk(&reading, ts_tree_root_node(tree));
        ts_tree_delete(tree);
    }
    ts_parser_delete(parser);
}
