/* Variables in graphcool.yml, replaced as the official CLI did (spec/graphcool-framework.md §1.9;
 * Variables.ts): `${env:NAME}`, `${self:a.b}`, `${opt:flag}`, `'text'`, and lists of these, of
 * which the first with a value wins. Differences, on purpose: the values of the environment stay
 * out unless asked for, a reference to itself ends, and what has no value stays as it is written.
 */
#include <stdlib.h>
#include <string.h>

#include "source/reader.h"

enum {
    ROUNDS = 24,             /* values that hold variables whose values hold variables … */
    TEXT_CAP = 64 * 1024,    /* of one value */
    VALUES_CAP = 100 * 1000, /* of a whole definition */
    TREE_DEPTH = GCM_YAML_DEPTH * 2
};

/* A `self:` path that is being followed. */
struct followed {
    struct gcm_slice path;
    const struct followed *outer;
};

struct replacer {
    struct gcm_reader *reader;
    const struct gcm_yaml *root;
    size_t values; /* so far, for the cap */
    bool fill;     /* put the values of the environment in */
    const struct followed *followed;
    bool cycle;                    /* the value that is being looked for leads back to itself */
    bool quiet;                    /* record nothing: a text is only tried */
    struct gcm_map recorded, said; /* uses by place; texts of which something was said */
};

/* What a variable stands for: nothing, a value, or itself (an environment variable that is kept).
 */
struct found {
    struct gcm_yaml *value;
    bool kept;
    bool resolved;
};

static struct gcm_yaml *replace_text(struct replacer *r, const struct gcm_yaml *scalar, int round);
static struct gcm_yaml *replace_tree(struct replacer *r, struct gcm_yaml *value, int round,
                                     size_t depth);

static bool is_content(char c)
{
    return gcm_is_name_part(c) || (c && strchr(" ~:.'\",-/()", c));
}

/* The next `${…}` without braces inside, from *at on; with them. */
static bool next_variable(struct gcm_slice text, size_t *at, struct gcm_slice *variable)
{
    for (size_t i = *at; i + 3 < text.size; i++) {
        if (text.at[i] != '$' || text.at[i + 1] != '{')
            continue;
        size_t end = i + 2;
        while (end < text.size && is_content(text.at[end]))
            end++;
        if (end == i + 2 || end == text.size || text.at[end] != '}')
            continue;
        *variable = gcm_slice_sub(text, i, end + 1 - i);
        *at = i;
        return true;
    }
    return false;
}

/* What stands between the braces, without any blank. */
static struct gcm_slice content_of(struct gcm_arena *arena, struct gcm_slice variable)
{
    struct gcm_buffer out = gcm_buffer(arena, variable.size + 1);
    for (size_t i = 2; i + 1 < variable.size; i++)
        if (variable.at[i] != ' ')
            gcm_putc(&out, variable.at[i]);
    return gcm_buffer_text(&out);
}

static struct gcm_yaml *new_text(struct replacer *r, struct gcm_slice text, struct gcm_place place)
{
    struct gcm_yaml *value = GCM_NEW(r->reader->arena, struct gcm_yaml);
    *value =
        (struct gcm_yaml){.kind = GCM_YAML_SCALAR, .quoted = true, .place = place, .text = text};
    return value;
}

/* Where a variable stands in the source of its value; the value, if it cannot be found there. */
static struct gcm_place place_of(const struct gcm_yaml *scalar, struct gcm_slice variable)
{
    struct gcm_place place = scalar->place;
    if (!place.file || place.offset + (size_t)place.size > place.file->text.size)
        return place;
    const char *from = place.file->text.at + place.offset;
    const char *hit = memmem(from, place.size, variable.at, variable.size);
    if (!hit)
        return place;
    for (const char *c = from; c < hit; c++) {
        if (*c == '\n')
            return place;
        place.column += ((unsigned char)*c & 0xc0) != 0x80;
    }
    place.offset += (uint32_t)(hit - from);
    place.size = (uint32_t)variable.size;
    return place;
}

static struct gcm_slice behind_colon(struct gcm_slice text)
{
    size_t colon = gcm_slice_find(text, ':');
    struct gcm_slice name = gcm_slice_sub(text, colon + 1, text.size);
    return gcm_slice_sub(name, 0, gcm_slice_find(name, ':'));
}

static bool has_value(const struct gcm_yaml *value)
{
    return value && !(value->kind == GCM_YAML_SCALAR && value->type == GCM_YAML_NULL) &&
           !(value->kind != GCM_YAML_SCALAR && value->count == 0);
}

static struct found from_environment(struct replacer *r, struct gcm_slice name,
                                     struct gcm_place place)
{
    const struct gcm_project_options *options = r->reader->options;
    const char *value = NULL;
    if (name.size && !(options && options->ignore_environment))
        value = getenv(gcm_cstring(r->reader->arena, name));
    if (!r->fill)
        return (struct found){.kept = true, .resolved = value != NULL};
    if (!value)
        return (struct found){0};
    struct gcm_slice text = gcm_copy(r->reader->arena, gcm_slice_of(value));
    return (struct found){.value = new_text(r, text, place), .resolved = true};
}

static struct found from_flags(struct replacer *r, struct gcm_slice name, struct gcm_place place)
{
    const struct gcm_project_options *options = r->reader->options;
    for (size_t i = 0; options && options->flags && options->flags[i]; i++) {
        struct gcm_slice flag = gcm_slice_of(options->flags[i]);
        size_t equals = gcm_slice_find(flag, '=');
        if (name.size && gcm_slice_equal(gcm_slice_sub(flag, 0, equals), name))
            return (struct found){
                .value = new_text(r, gcm_slice_sub(flag, equals + 1, flag.size), place),
                .resolved = true};
    }
    return (struct found){0};
}

static struct gcm_yaml *member(const struct gcm_yaml *value, struct gcm_slice name)
{
    if (!value || value->kind == GCM_YAML_SCALAR)
        return NULL;
    for (size_t i = 0; value->kind == GCM_YAML_MAP && i < value->count; i++)
        if (gcm_slice_equal(value->keys[i]->text, name))
            return value->items[i];
    if (value->kind != GCM_YAML_LIST || !name.size || name.size > 6)
        return NULL;
    size_t index = 0;
    for (size_t i = 0; i < name.size; i++) {
        if (!gcm_is_digit(name.at[i]))
            return NULL;
        index = index * 10 + (size_t)(name.at[i] - '0');
    }
    return index < value->count ? value->items[index] : NULL;
}

static bool is_followed(const struct replacer *r, struct gcm_slice path)
{
    for (const struct followed *at = r->followed; at; at = at->outer)
        if (gcm_slice_equal(at->path, path))
            return true;
    return false;
}

static const struct gcm_yaml *follow(struct replacer *r, struct gcm_slice path, int round)
{
    const struct gcm_yaml *value = r->root;
    for (size_t at = 0; at <= path.size && !r->cycle;) {
        struct gcm_slice rest = gcm_slice_sub(path, at, path.size);
        struct gcm_slice part = gcm_slice_sub(rest, 0, gcm_slice_find(rest, '.'));
        at += part.size + 1;
        value = member(value, part);
        if (gcm_yaml_is_string(value))
            value = replace_text(r, value, round + 1);
    }
    return value;
}

/* `self:a.b.c`. Texts on the way are replaced first, as they may lead on. */
static struct found from_self(struct replacer *r, struct gcm_slice path, int round)
{
    struct followed here = {path, r->followed};
    struct found found = {0};
    r->cycle = r->cycle || !path.size || is_followed(r, path);
    if (r->cycle)
        return found;
    r->followed = &here;
    const struct gcm_yaml *value = follow(r, path, round);
    if (!r->cycle && has_value(value)) {
        struct gcm_yaml *copy = GCM_NEW(r->reader->arena, struct gcm_yaml);
        *copy = *value;
        found.value = replace_tree(r, copy, round + 1, 0);
        found.resolved = true;
    }
    r->followed = here.outer;
    if (r->cycle)
        found = (struct found){0};
    return found;
}

static bool is_literal(struct gcm_slice source)
{
    for (size_t i = 0; i + 1 < source.size; i++) {
        if (source.at[i] != '\'' && source.at[i] != '"')
            continue;
        struct gcm_slice rest = gcm_slice_sub(source, i + 1, source.size);
        if (gcm_slice_find(rest, source.at[i]) < rest.size)
            return true;
    }
    return false;
}

static struct gcm_slice literal_text(struct gcm_slice source)
{
    size_t from = source.at[0] == '\'' || source.at[0] == '"';
    char last = source.at[source.size - 1];
    size_t to = source.size - (last == '\'' || last == '"');
    return gcm_slice_sub(source, from, to > from ? to - from : 0);
}

static bool known_source(struct gcm_slice source)
{
    return gcm_slice_starts(source, "env:") || gcm_slice_starts(source, "opt:") ||
           gcm_slice_starts(source, "self:") || is_literal(source);
}

static struct found from_source(struct replacer *r, struct gcm_slice source, struct gcm_place place,
                                int round)
{
    if (gcm_slice_starts(source, "env:"))
        return from_environment(r, behind_colon(source), place);
    if (gcm_slice_starts(source, "opt:"))
        return from_flags(r, behind_colon(source), place);
    if (gcm_slice_starts(source, "self:"))
        return from_self(r, behind_colon(source), round);
    if (is_literal(source))
        return (struct found){.value = new_text(r, literal_text(source), place), .resolved = true};
    return (struct found){0};
}

/* The first of a list that has a value. An environment variable in it, if its value is to stay out,
 * keeps the whole list as it is written: what follows it are its fallbacks. */
static struct found from_list(struct replacer *r, struct gcm_slice content, struct gcm_place place,
                              int round)
{
    bool kept = false;
    for (size_t at = 0; at <= content.size;) {
        struct gcm_slice rest = gcm_slice_sub(content, at, content.size);
        struct gcm_slice source = gcm_slice_sub(rest, 0, gcm_slice_find(rest, ','));
        at += source.size + 1;
        struct found found = from_source(r, source, place, round);
        kept = kept || found.kept;
        if (!found.resolved)
            continue;
        return kept ? (struct found){.kept = true, .resolved = true} : found;
    }
    return (struct found){.kept = kept};
}

/* `${env:https://…}`: a value where the name of a variable belongs. It may be a secret. */
static bool hides_value(struct gcm_slice content)
{
    if (!gcm_slice_starts(content, "env:") || gcm_slice_has(content, ","))
        return false;
    struct gcm_slice name = gcm_slice_sub(content, 4, content.size);
    for (size_t i = 0; i < name.size; i++)
        if (!(i ? gcm_is_name_part(name.at[i]) : gcm_is_name_start(name.at[i])))
            return true;
    return !name.size;
}

static void say_unresolved(struct replacer *r, struct gcm_slice content, struct gcm_place place)
{
    const struct gcm_project_options *options = r->reader->options;
    if (r->cycle) {
        gcm_problem(r->reader, place, "put the value in place of the variable",
                    "%.*s leads back to itself", GCM_P(content));
    } else if (hides_value(content)) {
        gcm_problem(r->reader, place,
                    "write ${env:NAME} and set the variable, or the value without ${env:}",
                    "the name of an environment variable is expected behind env:");
    } else if (gcm_slice_starts(content, "env:") && !gcm_slice_has(content, ",")) {
        if (!(options && options->ignore_environment))
            gcm_problem(r->reader, place,
                        "set it before deploying; until then the reference stays as it is",
                        "the environment variable %.*s is not set here",
                        GCM_P(behind_colon(content)));
    } else if (gcm_slice_starts(content, "opt:") && !gcm_slice_has(content, ",")) {
        gcm_problem(r->reader, place, "the official CLI took it from the command line of a deploy",
                    "nothing gives the option %.*s", GCM_P(behind_colon(content)));
    } else if (gcm_slice_starts(content, "self:") && !gcm_slice_has(content, ",")) {
        gcm_problem(r->reader, place, "a path starts at the top of the file: self:custom.name",
                    "this file has no value at %.*s", GCM_P(behind_colon(content)));
    } else if (!gcm_slice_has(content, ",") && !known_source(content)) {
        gcm_problem(r->reader, place,
                    "a variable is env:NAME, self:path, opt:flag, or a text in quotes",
                    "\"%.*s\" is no variable", GCM_P(content));
    } else {
        gcm_problem(r->reader, place, "end the list with a text in quotes: ${env:NAME, 'text'}",
                    "none of %.*s has a value", GCM_P(content));
    }
}

/* Remembers a variable, once for each place. */
static void record(struct replacer *r, struct gcm_slice content, struct gcm_place place,
                   bool resolved)
{
    struct gcm_arena *arena = r->reader->arena;
    struct gcm_slice path = place.file ? place.file->path : GCM_S("");
    struct gcm_slice key =
        gcm_format(arena, "%.*s %u %.*s", GCM_P(path), place.offset, GCM_P(content));
    if (r->quiet || gcm_map_put(arena, &r->recorded, key, r))
        return;
    *gcm_push(arena, &r->reader->project->variables) = (struct gcm_variable_use){
        hides_value(content) ? GCM_S("env:***") : content, place, resolved};
}

/* Is this the first time that something is said of a text? */
static bool is_new(struct replacer *r, struct gcm_slice text)
{
    return !r->quiet && !gcm_map_put(r->reader->arena, &r->said, text, r);
}

/* Does a variable stand in the name of another one, `${self:custom.${env:STAGE}.KEY}`? */
static bool is_nested(struct gcm_slice text, size_t at)
{
    for (size_t i = at; i > 0; i--) {
        if (text.at[i - 1] == '}')
            return false;
        if (text.at[i - 1] == '{' && i > 1 && text.at[i - 2] == '$')
            return true;
    }
    return false;
}

static struct found find(struct replacer *r, const struct gcm_yaml *scalar, struct gcm_slice text,
                         size_t at, struct gcm_slice variable, int round)
{
    struct gcm_slice content = content_of(r->reader->arena, variable);
    struct gcm_place place = place_of(scalar, variable);
    if (r->values++ > VALUES_CAP)
        return (struct found){0};
    bool outermost = !r->followed;
    bool fill = r->fill;
    r->fill = fill || is_nested(text, at);
    struct found found = gcm_slice_find(content, ',') < content.size
                             ? from_list(r, content, place, round)
                             : from_source(r, content, place, round);
    r->fill = fill;
    record(r, content, place, found.resolved);
    if (!found.resolved && !(r->cycle && !outermost) && is_new(r, content))
        say_unresolved(r, content, place);
    r->cycle = r->cycle && !outermost;
    return found;
}

/* What one pass over a text did. */
struct pass {
    struct gcm_yaml *whole; /* the variable was all there is: its value, of any type */
    struct gcm_slice text;
    bool progress, stuck;
};

static struct pass replace_once(struct replacer *r, const struct gcm_yaml *scalar,
                                struct gcm_slice text, int round)
{
    struct pass pass = {0};
    struct gcm_buffer out = gcm_buffer(r->reader->arena, TEXT_CAP);
    struct gcm_slice variable;
    size_t done = 0;
    for (size_t at = 0; next_variable(text, &at, &variable); at = done) {
        gcm_put(&out, gcm_slice_sub(text, done, at - done));
        done = at + variable.size;
        struct found found = find(r, scalar, text, at, variable, round);
        const struct gcm_yaml *value = found.value;
        if (value && variable.size == text.size && !gcm_yaml_is_string(value)) {
            pass.whole = found.value;
            return pass;
        }
        bool text_value = value && value->kind == GCM_YAML_SCALAR &&
                          (value->type == GCM_YAML_STRING || value->type == GCM_YAML_INT ||
                           value->type == GCM_YAML_FLOAT);
        if (value && !text_value && !r->quiet)
            gcm_problem(r->reader, place_of(scalar, variable),
                        "only a text or a number can stand within a text", "%.*s is no text",
                        GCM_P(variable));
        pass.progress = pass.progress || text_value;
        pass.stuck = pass.stuck || (!text_value && !found.kept);
        gcm_put(&out, text_value ? value->text : variable);
    }
    gcm_put(&out, gcm_slice_sub(text, done, text.size));
    pass.text = gcm_buffer_text(&out);
    pass.stuck = pass.stuck || out.full;
    return pass;
}

static void check_bare_variable(struct replacer *r, const struct gcm_yaml *scalar)
{
    struct gcm_slice text = scalar->text;
    if (r->quiet || text.size < 2 || text.at[0] != '$' || !gcm_is_name_start(text.at[1]))
        return;
    for (size_t i = 1; i < text.size; i++)
        if (!gcm_is_name_part(text.at[i]))
            return;
    if (is_new(r, text))
        gcm_problem(r->reader, scalar->place,
                    "write ${env:NAME} if it means an environment variable",
                    "%.*s without braces is a text like any other", GCM_P(text));
}

static struct gcm_yaml *replace_text(struct replacer *r, const struct gcm_yaml *scalar, int round)
{
    struct gcm_slice text = scalar->text, variable;
    size_t at = 0;
    if (!next_variable(text, &at, &variable)) {
        check_bare_variable(r, scalar);
        return (struct gcm_yaml *)(uintptr_t)scalar;
    }
    for (; round < ROUNDS && r->values <= VALUES_CAP; round++) {
        struct pass pass = replace_once(r, scalar, text, round);
        if (pass.whole)
            return pass.whole;
        if (pass.progress)
            text = pass.text;
        at = 0;
        if (!pass.progress || pass.stuck || !next_variable(text, &at, &variable))
            return new_text(r, text, scalar->place);
    }
    if (is_new(r, scalar->text))
        gcm_problem(r->reader, scalar->place, "put the value in place of the variable",
                    "this variable leads too far");
    return new_text(r, scalar->text, scalar->place);
}

/* Replaces the texts below a value; `value` is a copy of ours, what is below it is not. */
static struct gcm_yaml *replace_tree(struct replacer *r, struct gcm_yaml *value, int round,
                                     size_t depth)
{
    if (gcm_yaml_is_string(value))
        return round < ROUNDS ? replace_text(r, value, round) : value;
    if (value->kind == GCM_YAML_SCALAR || depth > TREE_DEPTH || r->values > VALUES_CAP)
        return value;
    struct gcm_yaml **items = gcm_arena_alloc(r->reader->arena, (value->count + 1) * sizeof *items);
    for (size_t i = 0; i < value->count; i++) {
        struct gcm_yaml *copy = GCM_NEW(r->reader->arena, struct gcm_yaml);
        *copy = *value->items[i];
        r->values += copy->kind != GCM_YAML_SCALAR && round > 0;
        items[i] = replace_tree(r, copy, round, depth + 1);
    }
    value->items = items;
    return value;
}

struct gcm_yaml *gcm_replace_variables(struct gcm_reader *reader, struct gcm_yaml *root)
{
    if (!root)
        return NULL;
    struct replacer r = {.reader = reader,
                         .root = root,
                         .fill = reader->options && reader->options->fill_environment};
    struct gcm_yaml *copy = GCM_NEW(reader->arena, struct gcm_yaml);
    *copy = *root;
    return replace_tree(&r, copy, 0, 0);
}

struct gcm_slice gcm_fill_path(struct gcm_reader *reader, struct gcm_slice text)
{
    struct replacer r = {.reader = reader, .fill = true, .quiet = true};
    struct gcm_yaml scalar = {.kind = GCM_YAML_SCALAR, .text = text};
    return replace_text(&r, &scalar, 0)->text;
}
