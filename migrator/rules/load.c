/* load: rule files → rules, with every mistake named at its place. */
#include "rules/load.h"

#include "core/embedded.h"
#include "core/yaml_pack.h"
#include "rules/vocabulary.h"

enum { MOST_MINUTES = 10000 };

static void complain(struct gcm_rule_reader *reader, const struct gcm_yaml *at, const char *text)
{
    gcm_add_error(reader->arena, reader->errors, at->place, NULL, "%s", text);
}

void gcm_rule_check_keys(struct gcm_rule_reader *reader, const struct gcm_yaml *map,
                         const char *const *words, const char *what)
{
    for (size_t i = 0; i < map->count && map->kind == GCM_YAML_MAP; i++)
        if (!gcm_slice_in(map->keys[i]->text, words))
            gcm_add_error(reader->arena, reader->errors, map->keys[i]->place, NULL,
                          "%s has no key \"%.*s\"", what, GCM_P(map->keys[i]->text));
}

bool gcm_rule_outcome(struct gcm_slice text, enum gcm_outcome *outcome)
{
    for (enum gcm_outcome each = GCM_AUTOMATIC; each <= GCM_REFUSED; each++)
        if (gcm_slice_is(text, gcm_outcome_name(each))) {
            *outcome = each;
            return true;
        }
    return false;
}

bool gcm_rule_minutes(const struct gcm_yaml *yaml, unsigned *minutes)
{
    struct gcm_slice text = gcm_yaml_text(yaml);
    *minutes = 0;
    for (size_t i = 0; i < text.size; i++) {
        if (!gcm_is_digit(text.at[i]) || *minutes > MOST_MINUTES)
            return false;
        *minutes = *minutes * 10 + (unsigned)(text.at[i] - '0');
    }
    return text.size > 0 && *minutes <= MOST_MINUTES;
}

static bool id_is_well_formed(struct gcm_slice id)
{
    if (id.size != 11 || !gcm_slice_starts(id, "GCM-") || id.at[7] != '-')
        return false;
    for (size_t i = 4; i < 7; i++)
        if (!gcm_is_upper(id.at[i]) && !gcm_is_digit(id.at[i]))
            return false;
    for (size_t i = 8; i < 11; i++)
        if (!gcm_is_digit(id.at[i]))
            return false;
    return true;
}

static void read_values(struct gcm_rule_reader *reader, const struct gcm_yaml *yaml,
                        struct gcm_slices *values)
{
    if (yaml->kind == GCM_YAML_SCALAR && yaml->text.size)
        *gcm_push(reader->arena, values) = yaml->text;
    for (size_t i = 0; yaml->kind == GCM_YAML_LIST && i < yaml->count; i++)
        if (yaml->items[i]->kind == GCM_YAML_SCALAR && yaml->items[i]->text.size)
            *gcm_push(reader->arena, values) = yaml->items[i]->text;
        else
            complain(reader, yaml->items[i], "a value must be a text");
    if (!values->count)
        complain(reader, yaml, "a value, or a list of values, is wanted");
}

static void read_when(struct gcm_rule_reader *reader, struct gcm_rule *rule,
                      const struct gcm_yaml *when)
{
    const struct gcm_construct_words *words =
        gcm_construct_named(gcm_yaml_text(gcm_yaml_get(when, "construct")));
    if (!words) {
        complain(reader, when, "`when` must name a construct that is known");
        return;
    }
    for (size_t i = 0; i < when->count; i++) {
        struct gcm_slice fact = when->keys[i]->text;
        if (!gcm_construct_has(words, fact)) {
            gcm_add_error(reader->arena, reader->errors, when->keys[i]->place, NULL,
                          "no fact \"%.*s\" is known of a %s", GCM_P(fact), words->name);
            continue;
        }
        struct gcm_condition *condition = gcm_push(reader->arena, &rule->when);
        condition->fact = fact;
        read_values(reader, when->items[i], &condition->any_of);
    }
}

static void read_do(struct gcm_rule_reader *reader, struct gcm_rule *rule,
                    const struct gcm_yaml *action)
{
    bool single = action->kind == GCM_YAML_MAP && action->count == 1;
    rule->action = single ? action->keys[0]->text : gcm_yaml_text(action);
    rule->argument = single ? action->items[0] : NULL;
    const struct gcm_action_words *words = gcm_action_named(rule->action);
    if (!words)
        complain(reader, action, "`do` must be one action that is known");
    else if (words->takes_argument && !gcm_yaml_text(rule->argument).size)
        complain(reader, action, "this action wants a value");
    else if (!words->takes_argument && rule->argument)
        complain(reader, action, "this action takes no value");
}

/* A value that every rule must have. */
static const struct gcm_yaml *wanted(struct gcm_rule_reader *reader, const struct gcm_yaml *yaml,
                                     const char *key, enum gcm_yaml_kind kind)
{
    const struct gcm_yaml *value = gcm_yaml_get(yaml, key);
    if (value && value->kind == kind && (value->count || value->text.size))
        return value;
    gcm_add_error(reader->arena, reader->errors, value ? value->place : yaml->place, NULL,
                  "a rule must have `%s`", key);
    return NULL;
}

static void check_example(struct gcm_rule_reader *reader, const struct gcm_yaml *example)
{
    static const char *const keys[] = {"before", "yml",      "files",    "after",
                                       "absent", "database", "target",   "format",
                                       "rules",  "message",  "nodes",    "relations",
                                       "lists",  "longText", "repaired", "without_functions",
                                       "api",    NULL};
    gcm_rule_check_keys(reader, example, keys, "an example");
    if (!gcm_yaml_get(example, "after") && !gcm_yaml_get(example, "absent") &&
        !gcm_yaml_get(example, "message"))
        complain(reader, example,
                 "an example must say what comes out: `after`, `absent`, or what "
                 "the decision's `message` holds");
}

static void read_texts(struct gcm_rule_reader *reader, struct gcm_rule *rule,
                       const struct gcm_yaml *yaml)
{
    rule->id = gcm_yaml_text(wanted(reader, yaml, "id", GCM_YAML_SCALAR));
    if (rule->id.size && !id_is_well_formed(rule->id))
        complain(reader, gcm_yaml_get(yaml, "id"), "an id has the shape GCM-ABC-123");
    rule->title = gcm_yaml_text(wanted(reader, yaml, "title", GCM_YAML_SCALAR));
    rule->why = gcm_yaml_text(wanted(reader, yaml, "why", GCM_YAML_SCALAR));
    rule->message = gcm_yaml_text(gcm_yaml_get(yaml, "message"));
    if (!rule->message.size)
        rule->message = rule->title;
    rule->hint = gcm_yaml_text(gcm_yaml_get(yaml, "hint"));
    rule->protects = gcm_yaml_is_true(gcm_yaml_get(yaml, "protects"));
}

struct gcm_rule *gcm_rule_read(struct gcm_rule_reader *reader, const struct gcm_yaml *yaml)
{
    static const char *const keys[] = {"id",       "title",   "when", "do",  "outcome",
                                       "effort",   "message", "hint", "why", "example",
                                       "protects", "repair",  NULL};
    if (yaml->kind != GCM_YAML_MAP) {
        complain(reader, yaml, "a rule must be a map");
        return NULL;
    }
    gcm_rule_check_keys(reader, yaml, keys, "a rule");
    struct gcm_rule *rule = GCM_NEW(reader->arena, struct gcm_rule);
    rule->place = yaml->place;
    rule->subject = reader->subject;
    rule->from_user = reader->from_user;
    read_texts(reader, rule, yaml);
    const struct gcm_yaml *part = wanted(reader, yaml, "when", GCM_YAML_MAP);
    if (part)
        read_when(reader, rule, part);
    if ((part = gcm_yaml_get(yaml, "do")))
        read_do(reader, rule, part);
    else
        complain(reader, yaml, "a rule must have `do`");
    rule->repair = gcm_yaml_text(gcm_yaml_get(yaml, "repair"));
    if (rule->repair.size && !gcm_is_repair(rule->repair))
        complain(reader, gcm_yaml_get(yaml, "repair"), "`repair` must be one that is known");
    part = wanted(reader, yaml, "outcome", GCM_YAML_SCALAR);
    if (part && !gcm_rule_outcome(part->text, &rule->outcome))
        complain(reader, part, "an outcome is automatic, adapted, review or refused");
    rule->protects |= rule->outcome == GCM_REFUSED;
    part = wanted(reader, yaml, "effort", GCM_YAML_SCALAR);
    if (part && !gcm_rule_minutes(part, &rule->effort))
        complain(reader, part, "an effort is a number of minutes, at most 10000");
    rule->example = reader->from_user ? gcm_yaml_get(yaml, "example")
                                      : wanted(reader, yaml, "example", GCM_YAML_MAP);
    if (rule->example)
        check_example(reader, rule->example);
    return rule;
}

static struct gcm_rule_list *rules_of_construct(struct gcm_rule_reader *reader,
                                                const struct gcm_rule *rule)
{
    gcm_each (const struct gcm_condition, condition, rule->when) {
        if (!gcm_slice_is(condition->fact, "construct"))
            continue;
        struct gcm_map *map = &reader->rules->by_construct;
        struct gcm_rule_list *list = gcm_map_get(map, condition->any_of.at[0]);
        if (!list) {
            list = GCM_NEW(reader->arena, struct gcm_rule_list);
            gcm_map_put(reader->arena, map, condition->any_of.at[0], list);
        }
        return list;
    }
    return NULL;
}

void gcm_rule_add(struct gcm_rule_reader *reader, struct gcm_rule *rule)
{
    if (gcm_map_get(&reader->rules->by_id, rule->id)) {
        gcm_add_error(reader->arena, reader->errors, rule->place, NULL,
                      "the id %.*s is there already", GCM_P(rule->id));
        return;
    }
    gcm_map_put(reader->arena, &reader->rules->by_id, rule->id, rule);
    *gcm_push(reader->arena, &reader->rules->all) = rule;
    struct gcm_rule_list *list = rules_of_construct(reader, rule);
    if (list)
        *gcm_push(reader->arena, &list->rules) = rule;
}

static void read_strategies(struct gcm_rule_reader *reader, const struct gcm_yaml *root)
{
    static const char *const keys[] = {"name", "title", "choices", "why", NULL};
    for (size_t i = 0; i < root->count; i++) {
        const struct gcm_yaml *yaml = root->items[i];
        gcm_rule_check_keys(reader, yaml, keys, "a strategy");
        struct gcm_strategy *strategy = GCM_NEW(reader->arena, struct gcm_strategy);
        strategy->place = yaml->place;
        strategy->name = gcm_yaml_text(wanted(reader, yaml, "name", GCM_YAML_SCALAR));
        strategy->title = gcm_yaml_text(wanted(reader, yaml, "title", GCM_YAML_SCALAR));
        strategy->why = gcm_yaml_text(wanted(reader, yaml, "why", GCM_YAML_SCALAR));
        const struct gcm_yaml *choices = wanted(reader, yaml, "choices", GCM_YAML_LIST);
        if (choices)
            read_values(reader, choices, &strategy->choices);
        if (strategy->choices.count)
            *gcm_push(reader->arena, &reader->rules->known_strategies) = strategy;
    }
}

static void read_weights(struct gcm_rule_reader *reader, const struct gcm_yaml *root)
{
    unsigned minutes;
    for (size_t i = 0; i < root->count && root->kind == GCM_YAML_MAP; i++)
        if (gcm_rule_minutes(root->items[i], &minutes))
            gcm_map_put(reader->arena, &reader->rules->weights, root->keys[i]->text,
                        root->items[i]);
        else
            complain(reader, root->items[i], "a weight is a number");
}

static void read_file(struct gcm_rule_reader *reader, const struct gcm_file *file)
{
    const struct gcm_yaml *root = gcm_yaml_unpack(reader->arena, file, gcm_embedded_pack(file));
    if (!root)
        return;
    struct gcm_slice name = file->path;
    name = gcm_slice_sub(name, sizeof "rules/" - 1, name.size - sizeof "rules/.yml" + 1);
    reader->subject = name;
    if (gcm_slice_is(name, "weights")) {
        read_weights(reader, root);
        return;
    }
    if (root->kind != GCM_YAML_LIST) {
        complain(reader, root, "a file of rules must be a list");
        return;
    }
    if (gcm_slice_is(name, "strategies")) {
        read_strategies(reader, root);
        return;
    }
    for (size_t i = 0; i < root->count; i++) {
        struct gcm_rule *rule = gcm_rule_read(reader, root->items[i]);
        if (rule)
            gcm_rule_add(reader, rule);
    }
}

gcm_result gcm_rules_load(struct gcm_arena *arena, const struct gcm_file *user,
                          struct gcm_rules **rules, struct gcm_errors *errors)
{
    *rules = GCM_NEW(arena, struct gcm_rules);
    struct gcm_rule_reader reader = {.arena = arena, .rules = *rules, .errors = errors};
    const struct gcm_file *file;
    for (size_t i = 0; (file = gcm_embedded_at(arena, i)); i++)
        if (gcm_slice_starts(file->path, "rules/") && gcm_slice_ends(file->path, ".yml") &&
            !gcm_slice_starts(file->path, "rules/templates/"))
            read_file(&reader, file);
    if (errors->count)
        return GCM_BUG;
    if (!user)
        return GCM_OK;
    (*rules)->user_file = (struct gcm_place){.file = user};
    struct gcm_yaml *root = NULL;
    struct gcm_error error = {0};
    if (gcm_yaml_read(arena, user, &root, &error) != GCM_OK) {
        *gcm_push(arena, errors) = error;
        return GCM_BAD_INPUT;
    }
    reader.subject = GCM_S("your rules");
    reader.from_user = true;
    if (root)
        gcm_rules_read_user(&reader, root);
    return errors->count ? GCM_BAD_INPUT : GCM_OK;
}
