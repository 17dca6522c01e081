#include "core/redact.h"

enum {
    WALK_UP = 256 * 1024, /* bytes above a line that are searched for the keys around it */
    FLOW_DEPTH = 16
};

/* Keys whose values are never secret. */
static const char *const open_keys[] = {
    "types", "permissions", "operation", "authenticated", "query", "fields", "code", "functions",
    "handler", "schema", "src", "type", "modules", "rootTokens", "isEnabled", "disabled",
    "description", "subscriptions", "service", "stage", "operationBefore", "operationAfter",
    "datamodel", "version",
    /* of our own files of rules */
    "id", "title", "when", "outcome", "effort", "why", "message", "hint", "example", "before",
    "after", NULL};

/* Keys below which nothing is shown. */
static const char *const secret_keys[] = {"environment", "headers", "webhook", "url",
                                          "custom",      "secret",  NULL};

static const char *const yaml_endings[] = {".yml", ".yaml", ".graphcoolrc", ".env", NULL};
static const char *const code_endings[] = {".js",   ".ts", ".jsx", ".tsx", ".mjs", ".cjs",
                                           ".json", ".py", ".go",  ".sh",  NULL};

static bool ends_with_any(struct gcm_slice path, const char *const *endings)
{
    for (; *endings; endings++)
        if (gcm_slice_ends(path, *endings))
            return true;
    return false;
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

static bool ends_line(char c)
{
    return c == '\n' || c == '\r';
}

/* What is known about the keys around a line. */
struct surroundings {
    bool secret;          /* nothing here may be shown */
    bool keyed;           /* a key was read: what follows is its value, whatever it looks like */
    struct gcm_slice key; /* the nearest key above, for a line that has none */
};

/* Copies a line piece by piece, and moves the mark with it. */
struct masked_line {
    struct gcm_slice line;
    struct gcm_buffer out;
    size_t mark_from, mark_to; /* in the line */
    size_t from, to;           /* in the output */
    bool redacted;
};

static void put_piece(struct masked_line *masked, size_t from, size_t to, bool shown)
{
    if (from >= to)
        return;
    size_t start = masked->out.size;
    if (shown)
        gcm_put(&masked->out, gcm_slice_sub(masked->line, from, to - from));
    else
        gcm_puts(&masked->out, GCM_REDACTED);
    masked->redacted = masked->redacted || !shown;
    if (masked->mark_from >= from && masked->mark_from < to)
        masked->from = shown ? start + masked->mark_from - from : start;
    if (masked->mark_to > from && masked->mark_to <= to)
        masked->to = shown ? start + masked->mark_to - from : masked->out.size;
}

/* The end of a reference that names nothing but a variable, "${env:NAME}", or 0. */
static size_t reference_end(struct gcm_slice line, size_t at, size_t to)
{
    if (at + 2 >= to || line.at[at] != '$' || line.at[at + 1] != '{')
        return 0;
    for (size_t i = at + 2; i < to; i++) {
        char c = line.at[i];
        if (c == '}')
            return i + 1;
        if (!gcm_is_name_part(c) && c != ':' && c != '.' && c != '-')
            return 0;
    }
    return 0;
}

static void put_secret(struct masked_line *masked, size_t from, size_t to)
{
    size_t hidden = from;
    for (size_t i = from; i < to; i++) {
        size_t end = reference_end(masked->line, i, to);
        if (!end)
            continue;
        put_piece(masked, hidden, i, false);
        put_piece(masked, i, end, true);
        hidden = end;
        i = end - 1;
    }
    put_piece(masked, hidden, to, false);
}

/* Where the comment of a line starts, or its size: a `#` at the start or behind a blank, outside of
 * quotes. */
static size_t comment_start(struct gcm_slice line)
{
    char quote = 0;
    for (size_t i = 0; i < line.size; i++) {
        char c = line.at[i];
        if (quote)
            quote = c == quote ? '\0' : quote;
        else if ((c == '"' || c == '\'') && (i == 0 || is_blank(line.at[i - 1]) ||
                                             gcm_slice_in(gcm_slice_sub(line, i - 1, 1),
                                                          (const char *[]){"[", "{", ",", NULL})))
            quote = c;
        else if (c == '#' && (i == 0 || is_blank(line.at[i - 1])))
            return i;
    }
    return line.size;
}

/* The end of a scalar that starts at `at`: behind its closing quote, or where a plain one stops. */
static size_t scalar_end(struct gcm_slice line, size_t at, size_t to, bool flow)
{
    char quote = line.at[at];
    if (quote == '"' || quote == '\'') {
        for (size_t i = at + 1; i < to; i++) {
            if (quote == '"' && line.at[i] == '\\')
                i++;
            else if (line.at[i] == quote)
                return i + 1;
        }
        return to;
    }
    for (size_t i = at; i < to; i++) {
        char c = line.at[i];
        size_t reference = reference_end(line, i, to);
        bool ends_key = c == ':' && (i + 1 == to || is_blank(line.at[i + 1]));
        if (reference)
            i = reference - 1;
        else if (ends_key || (flow && (c == ',' || c == '}' || c == ']')))
            return i;
    }
    return to;
}

static struct gcm_slice unquoted(struct gcm_slice text)
{
    text = gcm_slice_trim(text);
    if (text.size >= 2 && (text.at[0] == '"' || text.at[0] == '\'') &&
        text.at[text.size - 1] == text.at[0])
        return gcm_slice_sub(text, 1, text.size - 2);
    return text;
}

/* At the top of a file that is no YAML stands prose: words are shown, but nothing long that has
 * digits in it, or that looks like a URL. */
static bool is_prose(struct gcm_slice text)
{
    size_t length = 0;
    bool digits = false;
    for (size_t i = 0; i <= text.size; i++) {
        if (i == text.size || is_blank(text.at[i])) {
            if (length > 20 || (digits && length > 8))
                return false;
            length = 0;
            digits = false;
            continue;
        }
        length++;
        digits = digits || gcm_is_digit(text.at[i]);
    }
    return !gcm_slice_has(text, "://");
}

static bool may_be_shown(struct gcm_slice value, struct gcm_slice key, bool secret)
{
    static const char *const words[] = {"true", "false", "null", NULL};
    if (secret || gcm_slice_has(value, "://"))
        return false;
    if (gcm_slice_in(value, words))
        return true;
    return key.size ? gcm_slice_in(key, open_keys) : is_prose(value);
}

static bool starts_item(struct gcm_slice line, size_t at)
{
    return line.at[at] == '-' && (at + 1 == line.size || is_blank(line.at[at + 1]));
}

/* Where an element of a block starts: what holds for the key that the block belongs to. */
static struct surroundings outside_of(const struct surroundings *stack, size_t depth,
                                      struct surroundings around)
{
    struct surroundings outside = depth ? stack[depth - 1] : around;
    outside.keyed = false;
    return outside;
}

/* Goes over the scalars of a line, in block or flow style, and masks the values among them. */
static void mask_values(struct masked_line *masked, size_t to, struct surroundings around)
{
    struct gcm_slice line = masked->line;
    struct surroundings stack[FLOW_DEPTH] = {around};
    size_t depth = 0;
    bool flow = false;
    for (size_t at = 0; at < to;) {
        char c = line.at[at];
        struct surroundings *here = &stack[depth];
        if (is_blank(c) || c == ',' || c == ':' || (!flow && starts_item(line, at))) {
            if (c == ',' && flow)
                *here = outside_of(stack, depth, around);
            put_piece(masked, at, at + 1, true);
            at++;
        } else if (c == '{' || c == '[') {
            if (depth + 1 < FLOW_DEPTH) {
                depth++;
                stack[depth] = outside_of(stack, depth, around);
            } else {
                here->secret = true;
            }
            flow = true;
            put_piece(masked, at, at + 1, true);
            at++;
        } else if (c == '}' || c == ']') {
            depth -= depth > 0;
            flow = depth > 0;
            put_piece(masked, at, at + 1, true);
            at++;
        } else {
            size_t end = scalar_end(line, at, to, flow);
            if (here->keyed && !flow && c != '"' && c != '\'')
                end = to;
            struct gcm_slice text = unquoted(gcm_slice_sub(line, at, end - at));
            bool is_key = end < to && line.at[end] == ':' && !here->keyed;
            if (is_key)
                *here = (struct surroundings){.key = text,
                                              .keyed = true,
                                              .secret =
                                                  here->secret || gcm_slice_in(text, secret_keys)};
            if (is_key || may_be_shown(text, here->key, here->secret))
                put_piece(masked, at, end, true);
            else
                put_secret(masked, at, end);
            at = end > at ? end : at + 1;
        }
    }
}

/* Dashes count, so that a list may stand in the column of the key above it. */
static size_t indentation(struct gcm_slice line)
{
    size_t at = 0;
    while (at < line.size && (is_blank(line.at[at]) || starts_item(line, at)))
        at++;
    return at;
}

/* The key of a line above and whether a scalar of more lines begins behind it: then what is below
 * is not structure. */
static void enter(struct surroundings *around, struct gcm_slice line, bool nearest)
{
    size_t at = indentation(line), to = comment_start(line);
    if (at >= to)
        return;
    size_t end = scalar_end(line, at, to, false);
    if (end >= to || line.at[end] != ':')
        return;
    struct gcm_slice key = unquoted(gcm_slice_sub(line, at, end - at));
    struct gcm_slice value = gcm_slice_trim(gcm_slice_sub(line, end + 1, to - end - 1));
    bool opens = !value.size || value.at[0] == '{' || value.at[0] == '[' || value.at[0] == '&';
    if (nearest)
        around->key = key;
    if (gcm_slice_in(key, secret_keys) || (!opens && !gcm_slice_in(key, open_keys)))
        around->secret = true;
}

/* Walks up from a line to the keys that it stands below. */
static struct surroundings look_around(struct gcm_slice text, size_t start, size_t indent)
{
    struct surroundings around = {0};
    bool nearest = true;
    size_t stop = start > WALK_UP ? start - WALK_UP : 0;
    while (indent > 0 && start > stop) {
        size_t end = start - 1;
        for (start = end; start > stop && !ends_line(text.at[start - 1]);)
            start--;
        struct gcm_slice line = gcm_slice_sub(text, start, end - start);
        if (!gcm_slice_trim(line).size || comment_start(line) <= indentation(line))
            continue;
        if (indentation(line) >= indent)
            continue;
        enter(&around, line, nearest);
        nearest = false;
        indent = indentation(line);
    }
    if (indent > 0 && stop > 0)
        around.secret = true; /* too far away to know */
    return around;
}

static struct gcm_shown_line redact_yaml(struct gcm_arena *arena, struct gcm_place place,
                                         struct gcm_slice line)
{
    size_t start = (size_t)(line.at - place.file->text.at);
    struct masked_line masked = {
        .line = line, .out = gcm_buffer(arena, GCM_BUFFER_CAP), .mark_from = place.offset - start};
    masked.mark_to = masked.mark_from + place.size;
    if (masked.mark_to > line.size)
        masked.mark_to = line.size;
    size_t comment = comment_start(line);
    mask_values(&masked, comment, look_around(place.file->text, start, indentation(line)));
    if (comment < line.size) {
        put_piece(&masked, comment, comment + 1, true);
        put_piece(&masked, comment + 1, line.size, false);
    }
    struct gcm_slice text = gcm_buffer_text(&masked.out);
    if (masked.mark_from >= line.size)
        masked.from = text.size;
    return (struct gcm_shown_line){.text = text,
                                   .at = masked.from,
                                   .size = masked.to > masked.from ? masked.to - masked.from : 0,
                                   .redacted = masked.redacted};
}

struct gcm_shown_line gcm_redact(struct gcm_arena *arena, struct gcm_place place)
{
    struct gcm_slice line = gcm_place_line(place);
    if (!place.file || !place.line || !line.size)
        return (struct gcm_shown_line){0};
    if (ends_with_any(place.file->path, code_endings))
        return (struct gcm_shown_line){.redacted = true};
    if (ends_with_any(place.file->path, yaml_endings))
        return redact_yaml(arena, place, line);
    size_t column = place.offset - (size_t)(line.at - place.file->text.at);
    size_t size = place.size < line.size - column ? place.size : line.size - column;
    return (struct gcm_shown_line){.text = line, .at = column, .size = size};
}

/* ---- texts ---- */

enum { SECRET_START = 8 };

struct secrets_of_start {
    struct gcm_slices texts;
};

void gcm_secret_add(struct gcm_arena *arena, struct gcm_secrets *secrets, struct gcm_slice text)
{
    text = gcm_slice_trim(text);
    if (text.size < SECRET_START)
        return;
    struct gcm_slice start = gcm_slice_sub(text, 0, SECRET_START);
    struct secrets_of_start *same = gcm_map_get(&secrets->by_start, start);
    if (!same) {
        same = GCM_NEW(arena, struct secrets_of_start);
        gcm_map_put(arena, &secrets->by_start, start, same);
    }
    *gcm_push(arena, &same->texts) = text;
}

/* The size of the longest secret that starts at the front of a text, or 0. */
static size_t secret_size(const struct gcm_secrets *secrets, struct gcm_slice text)
{
    if (text.size < SECRET_START)
        return 0;
    const struct secrets_of_start *same =
        gcm_map_get(&secrets->by_start, gcm_slice_sub(text, 0, SECRET_START));
    size_t longest = 0;
    if (same)
        gcm_each (const struct gcm_slice, secret, same->texts)
            if (secret->size > longest &&
                gcm_slice_equal(gcm_slice_sub(text, 0, secret->size), *secret))
                longest = secret->size;
    return longest;
}

/* Goes along a text and knows where it is inside of "${…}". */
struct variable_scan {
    bool inside;
};

/* The size of the quoted literal at the front of a text, inside of a variable, or 0. */
static size_t literal_size(struct variable_scan *scan, struct gcm_slice text)
{
    if (gcm_slice_starts(text, "${"))
        scan->inside = true;
    char c = text.at[0];
    if (c == '}')
        scan->inside = false;
    if (!scan->inside || (c != '\'' && c != '"'))
        return 0;
    size_t end = 1 + gcm_slice_find(gcm_slice_sub(text, 1, text.size), c);
    return end < text.size ? end + 1 : text.size;
}

struct gcm_slice gcm_redact_text(struct gcm_arena *arena, const struct gcm_secrets *secrets,
                                 struct gcm_slice text)
{
    struct gcm_buffer out = {0};
    struct variable_scan scan = {0};
    size_t copied = 0;
    for (size_t i = 0; i < text.size; i++) {
        struct gcm_slice rest = gcm_slice_sub(text, i, text.size);
        size_t size = secret_size(secrets, rest);
        if (!size)
            size = literal_size(&scan, rest);
        if (!size)
            continue;
        if (!out.arena)
            out = gcm_buffer(arena, GCM_BUFFER_CAP);
        gcm_put(&out, gcm_slice_sub(text, copied, i - copied));
        gcm_puts(&out, GCM_REDACTED);
        copied = i + size;
        i = copied - 1;
    }
    if (!copied)
        return text;
    gcm_put(&out, gcm_slice_sub(text, copied, text.size));
    return gcm_buffer_text(&out);
}
