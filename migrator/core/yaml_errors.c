#include "core/yaml_errors.h"

#include <string.h>

#include "core/yaml.h"

/* What libyaml says, what a person reads, what to do. `context` NULL: any. `at_context`: the place
 * where the construct started says more than the one where the parser gave up. */
struct wording {
    const char *problem, *context;
    const char *message, *hint;
    bool at_context;
};

static const char indent_hint[] =
    "check the indentation: keys of one mapping, and dashes of one list, start in one column";
static const char quote_hint[] = "put quotes around it";

static const struct wording wordings[] = {
    {"did not find expected alphabetic or numeric character", "while scanning an alias",
     "a * without quotes starts an alias in YAML", "put the asterisk into quotes: operation: \"*\"",
     true},
    {"did not find expected alphabetic or numeric character", "while scanning an anchor",
     "a & without quotes starts an anchor in YAML", quote_hint, true},
    {"did not find expected key", "while parsing a block mapping", "expected a key (name:)",
     indent_hint, false},
    {"did not find expected '-' indicator", NULL, "expected the next item of the list (- …)",
     indent_hint, false},
    {"could not find expected ':'", NULL, "expected \"key: value\", found text without a colon",
     "a comment starts with #; a text of several lines needs quotes or |", true},
    {"did not find expected <document start>", NULL, "expected one mapping; it has ended above",
     indent_hint, false},
    {"block sequence entries are not allowed in this context", NULL, "a list cannot start here",
     "put the first dash on a line of its own, below its key", false},
    {"found unexpected end of stream", "while scanning a quoted scalar",
     "this quoted text is never closed", "add the closing quote", true},
    {"found unexpected document indicator", "while scanning a quoted scalar",
     "this quoted text is never closed", "add the closing quote", true},
    {"did not find expected ',' or ']'", NULL, "expected a comma or ] in the list that starts here",
     "close the bracket, or put quotes around a text that starts with [", true},
    {"did not find expected ',' or '}'", NULL,
     "expected a comma or } in the mapping that starts here",
     "close the brace, or put quotes around a text that starts with {", true},
    {"did not find expected node content", NULL, "expected a value", NULL, false},
    {"found a tab character that violates indentation", NULL, "a tab stands in the indentation",
     "YAML indents with blanks only: replace the tab", false},
    {"control characters are not allowed", NULL, "a control character stands here",
     "remove it; in a quoted text it can be written as \"\\u0000\"", false},
};

void gcm_yaml_advance(struct gcm_yaml_cursor *cursor, struct gcm_slice text, size_t index)
{
    while (cursor->index < index && cursor->offset < text.size) {
        bool breaks = text.at[cursor->offset] == '\n';
        cursor->offset++;
        while (cursor->offset < text.size &&
               ((unsigned char)text.at[cursor->offset] & 0xc0) == 0x80)
            cursor->offset++;
        cursor->index++;
        cursor->line += breaks;
        cursor->column = breaks ? 1 : cursor->column + 1;
    }
}

static size_t start_of(struct gcm_slice text)
{
    return gcm_slice_starts(text, "\xef\xbb\xbf") ? 3 : 0;
}

static struct gcm_place place_of(const struct gcm_file *file, yaml_mark_t mark)
{
    struct gcm_yaml_cursor cursor = {.offset = start_of(file->text), .line = 1, .column = 1};
    gcm_yaml_advance(&cursor, file->text, mark.index);
    return (struct gcm_place){.file = file,
                              .offset = (uint32_t)cursor.offset,
                              .line = cursor.line,
                              .column = cursor.column};
}

static const struct wording *wording_of(const char *problem, const char *context)
{
    for (size_t i = 0; i < sizeof wordings / sizeof *wordings; i++) {
        const struct wording *w = &wordings[i];
        if (!strcmp(w->problem, problem) && (!w->context || !strcmp(w->context, context)))
            return w;
    }
    return NULL;
}

/* Where in its line's indentation a tab stands, or the size of the line. */
static size_t tab_in_indentation(struct gcm_slice line)
{
    for (size_t i = 0; i < line.size && (line.at[i] == ' ' || line.at[i] == '\t'); i++)
        if (line.at[i] == '\t')
            return i;
    return line.size;
}

static bool explain_tab(struct gcm_arena *arena, struct gcm_place place, struct gcm_error *err)
{
    struct gcm_slice line = gcm_place_line(place);
    size_t tab = tab_in_indentation(line);
    if (tab == line.size)
        return false;
    place.offset = (uint32_t)((size_t)(line.at - place.file->text.at) + tab);
    place.size = 1;
    place.column = (uint32_t)tab + 1;
    gcm_fail(arena, err, GCM_BAD_INPUT, place, "a tab stands in the indentation");
    err->hint = GCM_S("YAML indents with blanks only: replace the tab");
    return true;
}

static gcm_result explain_bytes(struct gcm_arena *arena, const struct gcm_file *file,
                                const yaml_parser_t *parser, struct gcm_error *err)
{
    size_t offset = start_of(file->text) + parser->problem_offset;
    if (offset > file->text.size)
        offset = file->text.size;
    struct gcm_place place = gcm_place_in(file, offset, 1);
    if (!strcmp(parser->problem, "control characters are not allowed")) {
        gcm_fail(arena, err, GCM_BAD_INPUT, place, "a control character (0x%02x) stands here",
                 (unsigned)parser->problem_value);
        err->hint = GCM_S("remove it");
        return GCM_BAD_INPUT;
    }
    gcm_fail(arena, err, GCM_BAD_INPUT, place, "the file is not UTF-8: %s", parser->problem);
    err->hint = GCM_S("save the file as UTF-8");
    return GCM_BAD_INPUT;
}

static gcm_result explain_character(struct gcm_arena *arena, struct gcm_place place,
                                    struct gcm_error *err)
{
    struct gcm_slice text = place.file->text;
    char c = place.offset < text.size ? text.at[place.offset] : ' ';
    place.size = 1;
    if (c == '\t') {
        gcm_fail(arena, err, GCM_BAD_INPUT, place, "a tab stands where a value should start");
        err->hint = GCM_S("YAML indents with blanks only: replace the tab");
        return GCM_BAD_INPUT;
    }
    gcm_fail(arena, err, GCM_BAD_INPUT, place, "no value can start with %c", c);
    err->hint = gcm_slice_of(quote_hint);
    return GCM_BAD_INPUT;
}

/* The line above a place that is neither empty nor a comment; its size is 0 where there is none. */
static struct gcm_place line_above(struct gcm_place place)
{
    struct gcm_slice text = place.file->text, line = gcm_place_line(place);
    size_t start = line.at ? (size_t)(line.at - text.at) : 0;
    uint32_t number = place.line;
    while (start > start_of(text)) {
        size_t end = start - 1;
        for (start = end; start > start_of(text) && text.at[start - 1] != '\n';)
            start--;
        struct gcm_slice whole = gcm_slice_sub(text, start, end - start);
        struct gcm_slice words = gcm_slice_trim(whole);
        number--;
        if (!words.size || words.at[0] == '#')
            continue;
        size_t column = (size_t)(words.at - whole.at);
        return (struct gcm_place){.file = place.file,
                                  .offset = (uint32_t)(start + column),
                                  .size = (uint32_t)words.size,
                                  .line = number,
                                  .column = (uint32_t)column + 1};
    }
    return (struct gcm_place){.file = place.file};
}

static bool has_key(struct gcm_slice line)
{
    return gcm_slice_has(line, ": ") || gcm_slice_ends(gcm_slice_trim(line), ":");
}

/* A colon where no key can be: a text with a colon in it, prose above, or a wrong indentation. */
static gcm_result explain_colon(struct gcm_arena *arena, struct gcm_place place,
                                struct gcm_error *err)
{
    struct gcm_slice line = gcm_place_line(place), text = place.file->text;
    size_t start = line.at ? (size_t)(line.at - text.at) : place.offset;
    struct gcm_place above = line_above(place);
    struct gcm_slice words = gcm_slice_sub(text, above.offset, above.size);
    place.size = 1;
    if (has_key(gcm_slice_sub(line, 0, place.offset - start))) {
        gcm_fail(arena, err, GCM_BAD_INPUT, place, "a second colon stands in this line");
        err->hint = GCM_S("put quotes around the text behind the first one");
    } else if (above.size && !has_key(words) && words.at[0] != '-') {
        gcm_fail(arena, err, GCM_BAD_INPUT, above,
                 "expected \"key: value\", found text without a colon");
        err->hint = GCM_S("a comment starts with #; a text of several lines needs quotes or |");
    } else {
        gcm_fail(arena, err, GCM_BAD_INPUT, place,
                 "a key cannot stand here: the key above it has a value already");
        err->hint = gcm_slice_of(indent_hint);
    }
    return GCM_BAD_INPUT;
}

gcm_result gcm_yaml_explain(struct gcm_arena *arena, const struct gcm_file *file,
                            const yaml_parser_t *parser, struct gcm_error *err)
{
    if (parser->error == YAML_MEMORY_ERROR)
        return gcm_fail(arena, err, GCM_ENVIRONMENT, (struct gcm_place){.file = file},
                        "out of memory");
    if (parser->error == YAML_READER_ERROR)
        return explain_bytes(arena, file, parser, err);
    const char *context = parser->context ? parser->context : "";
    const char *problem = parser->problem ? parser->problem : "not valid YAML";
    struct gcm_place place = place_of(file, parser->problem_mark);
    if (explain_tab(arena, place, err))
        return GCM_BAD_INPUT;
    if (!strcmp(problem, "found character that cannot start any token"))
        return explain_character(arena, place, err);
    if (!strcmp(problem, "mapping values are not allowed in this context"))
        return explain_colon(arena, place, err);
    const struct wording *w = wording_of(problem, context);
    if (w && w->at_context && parser->context)
        place = place_of(file, parser->context_mark);
    if (w)
        gcm_fail(arena, err, GCM_BAD_INPUT, place, "%s", w->message);
    else
        gcm_fail(arena, err, GCM_BAD_INPUT, place, "not valid YAML: %s%s%s", problem,
                 *context ? ", " : "", context);
    if (w)
        err->hint = gcm_slice_of(w->hint);
    return GCM_BAD_INPUT;
}
