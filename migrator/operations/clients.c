/* One file: where its GraphQL is, and what that says. */
#include "operations/clients.h"

#include "graphql/parse.h"
#include "operations/javascript.h"

#include <string.h>

static const char *const graphql_endings[] = {".graphql", ".gql", ".graphqls", NULL};
static const char *const javascript_endings[] = {".js", ".jsx", ".mjs", ".cjs", NULL};

static bool ends_with_any(struct gcm_slice name, const char *const *endings)
{
    for (; *endings; endings++)
        if (gcm_slice_ends(name, *endings))
            return true;
    return false;
}

bool gcm_client_name(struct gcm_slice name)
{
    static const char *const others[] = {".ts", ".tsx", ".mts", ".cts", ".vue", NULL};
    return ends_with_any(name, graphql_endings) || ends_with_any(name, javascript_endings) ||
           ends_with_any(name, others);
}

struct gcm_place gcm_client_place(const struct gcm_client_text *text, struct gcm_place place)
{
    if (place.file != &text->shown)
        return place;
    place.file = text->in->file;
    place.offset += text->place.offset;
    if (place.line == 1)
        place.column += text->place.column - 1;
    place.line += text->place.line - 1;
    return place;
}

/* ---- texts ---------------------------------------------------------------------------------- */

static void blank(char *at, size_t size)
{
    for (size_t i = 0; i < size; i++)
        if (at[i] != '\n' && at[i] != '\r')
            at[i] = ' ';
}

struct spot {
    size_t depth; /* in braces and parentheses */
    bool quoted;  /* in a string */
};

/* Where in the grammar a place is. */
static struct spot spot_at(struct gcm_slice text, size_t at)
{
    struct spot spot = {0};
    for (size_t i = 0; i < at; i++) {
        char c = text.at[i];
        if (c == '#') {
            while (i < at && text.at[i] != '\n')
                i++;
        } else if (c == '"') {
            for (i++; i < at && text.at[i] != '"' && text.at[i] != '\n'; i++)
                ;
            spot.quoted = i == at;
        } else if (c == '{' || c == '(') {
            spot.depth++;
        } else if ((c == '}' || c == ')') && spot.depth) {
            spot.depth--;
        }
    }
    return spot;
}

/* `"${id}"` is a string like any other, unless what is in it would end it. */
static bool is_string_content(struct gcm_slice text, const struct gcm_client_hole *hole)
{
    struct gcm_slice whole = gcm_slice_sub(text, hole->offset, hole->size);
    static const char ends[] = "\"\\`\n\r";
    for (const char *end = ends; *end; end++)
        if (gcm_slice_find(whole, *end) < whole.size)
            return false;
    return spot_at(text, hole->offset).quoted;
}

/* Braces tell it where the text around a hole cannot be parsed; `query ${name} {` has none yet. */
static bool is_inside(const struct gcm_client_text *text, const struct gcm_client_hole *hole)
{
    if (hole->quoted)
        return false;
    if (spot_at(text->shown.text, hole->offset).depth)
        return true;
    gcm_each (struct gcm_definition *const, definition, text->document->definitions) {
        size_t from = (*definition)->whole.offset;
        if (hole->offset >= from && hole->offset < from + (*definition)->whole.size)
            return true;
    }
    return false;
}

static void parse_text(struct gcm_arena *arena, struct gcm_client_text *text)
{
    struct gcm_slice source =
        gcm_slice_sub(text->in->file->text, text->place.offset, text->place.size);
    char *at = gcm_arena_text(arena, source.size + 1);
    if (source.size)
        memcpy(at, source.at, source.size);
    text->shown = (struct gcm_file){.path = GCM_S("graphql"), .text = {at, source.size}};
    gcm_each (struct gcm_client_hole, hole, text->holes) {
        hole->quoted = is_string_content(text->shown.text, hole);
        if (!hole->quoted)
            blank(at + hole->offset, hole->size);
    }
    text->document = gcm_graphql_parse(arena, &text->shown, GCM_DIALECT_TOLERANT, &text->errors);
    gcm_each (const struct gcm_client_hole, hole, text->holes)
        if (!text->unread.size && is_inside(text, hole))
            text->unread = gcm_format(arena, "${%.*s} stands inside of an operation or fragment",
                                      GCM_P(hole->expression));
}

/* #import "./x.graphql" */
static void read_import_comments(struct gcm_arena *arena, struct gcm_client_file *file)
{
    struct gcm_slice rest = file->file->text;
    while (rest.size) {
        size_t end = gcm_slice_find(rest, '\n');
        struct gcm_slice line = gcm_slice_trim(gcm_slice_sub(rest, 0, end));
        rest = gcm_slice_sub(rest, end + 1, rest.size);
        if (!gcm_slice_starts(line, "#"))
            continue;
        line = gcm_slice_trim(gcm_slice_sub(line, 1, line.size));
        if (!gcm_slice_starts(line, "import "))
            continue;
        line = gcm_slice_trim(gcm_slice_sub(line, 7, line.size));
        if (line.size > 2)
            *gcm_push(arena, &file->imports) =
                (struct gcm_client_import){.from = gcm_slice_sub(line, 1, line.size - 2)};
    }
}

static void read_graphql(struct gcm_arena *arena, struct gcm_client_file *file)
{
    struct gcm_client_text *text = GCM_NEW(arena, struct gcm_client_text);
    *gcm_push(arena, &file->texts) = text;
    text->in = file;
    text->place = (struct gcm_place){
        .file = file->file, .size = (uint32_t)file->file->text.size, .line = 1, .column = 1};
    read_import_comments(arena, file);
}

/* ---- .vue ----------------------------------------------------------------------------------- */

static size_t find(struct gcm_slice text, size_t from, const char *what)
{
    size_t size = strlen(what);
    for (size_t i = from; i + size <= text.size; i++)
        if (!memcmp(text.at + i, what, size))
            return i;
    return text.size;
}

static void read_vue(struct gcm_arena *arena, struct gcm_client_file *file)
{
    struct gcm_slice text = file->file->text;
    for (size_t at = find(text, 0, "<script"); at < text.size; at = find(text, at, "<script")) {
        size_t open = find(text, at, ">");
        size_t end = find(text, open, "</script");
        struct gcm_slice head = gcm_slice_sub(text, at, open - at);
        enum gcm_script script = gcm_slice_has(head, "tsx")  ? GCM_SCRIPT_TSX
                                 : gcm_slice_has(head, "ts") ? GCM_SCRIPT_TYPESCRIPT
                                                             : GCM_SCRIPT_JAVASCRIPT;
        if (open < end)
            gcm_javascript_read(arena, file, open + 1, end - open - 1, script);
        at = end;
    }
}

/* ---- files ---------------------------------------------------------------------------------- */

/* A literal without a tag counts only if it is GraphQL in fact. */
static void drop_lookalikes(struct gcm_client_file *file)
{
    size_t kept = 0;
    for (size_t i = 0; i < file->texts.count; i++) {
        struct gcm_client_text *text = file->texts.at[i];
        if (!text->untagged ||
            (text->document->definitions.count && (!text->errors.count || text->unread.size)))
            file->texts.at[kept++] = text;
    }
    file->texts.count = kept;
}

void gcm_clients_add(struct gcm_arena *arena, struct gcm_clients *clients, struct gcm_slice below,
                     struct gcm_file *from)
{
    struct gcm_client_file *file = GCM_NEW(arena, struct gcm_client_file);
    file->below = below;
    file->file = from;
    clients->looked_at++;
    size_t whole = from->text.size;
    if (ends_with_any(below, graphql_endings))
        read_graphql(arena, file);
    else if (gcm_slice_ends(below, ".vue"))
        read_vue(arena, file);
    else if (ends_with_any(below, javascript_endings))
        gcm_javascript_read(arena, file, 0, whole, GCM_SCRIPT_JAVASCRIPT);
    else
        gcm_javascript_read(arena, file, 0, whole,
                            gcm_slice_ends(below, "x") ? GCM_SCRIPT_TSX : GCM_SCRIPT_TYPESCRIPT);
    gcm_each (struct gcm_client_text *const, text, file->texts)
        parse_text(arena, *text);
    drop_lookalikes(file);
    if (file->texts.count)
        *gcm_push(arena, &clients->files) = file;
}
