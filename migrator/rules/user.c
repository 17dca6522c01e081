/* user: the file of --rules. It overrides, adds, renames, chooses and leaves out, and never loosens
 * what protects data. */
#include "rules/load.h"

static void complain(struct gcm_rule_reader *reader, const struct gcm_yaml *at, const char *text)
{
    gcm_add_error(reader->arena, reader->errors, at->place, NULL, "%s", text);
}

/* `- id: GCM-REL-001` with outcome, effort or disabled: changes a built-in rule. */
static void override(struct gcm_rule_reader *reader, struct gcm_rule *rule,
                     const struct gcm_yaml *yaml)
{
    static const char *const keys[] = {"id", "outcome", "effort", "disabled", NULL};
    gcm_rule_check_keys(reader, yaml, keys, "the override of a rule");
    const struct gcm_yaml *outcome = gcm_yaml_get(yaml, "outcome");
    const struct gcm_yaml *effort = gcm_yaml_get(yaml, "effort");
    bool disabled = gcm_yaml_is_true(gcm_yaml_get(yaml, "disabled"));
    enum gcm_outcome wanted = rule->outcome;
    if (outcome && !gcm_rule_outcome(gcm_yaml_text(outcome), &wanted))
        complain(reader, outcome, "an outcome is automatic, adapted, review or refused");
    if (rule->protects && (disabled || wanted < rule->outcome)) {
        gcm_add_error(reader->arena, reader->errors, yaml->place,
                      "leave the construct out of the conversion (leave_out), or raise the outcome",
                      "%.*s names what is lost or closed; it can be made stricter, not looser",
                      GCM_P(rule->id));
        return;
    }
    if (effort && !gcm_rule_minutes(effort, &rule->effort))
        complain(reader, effort, "an effort is a number of minutes, at most 10000");
    rule->outcome = wanted;
    rule->disabled = disabled;
    rule->overridden = true;
}

/* Rules of the user are asked first: they stand before the built-in ones. */
static void move_to_front(struct gcm_rule_reader *reader, struct gcm_rule *rule)
{
    gcm_each (const struct gcm_condition, condition, rule->when) {
        struct gcm_rule_list *list =
            gcm_slice_is(condition->fact, "construct")
                ? gcm_map_get(&reader->rules->by_construct, condition->any_of.at[0])
                : NULL;
        if (!list || list->rules.at[list->rules.count - 1] != rule)
            continue;
        size_t at = list->rules.count - 1;
        for (; at > 0 && !list->rules.at[at - 1]->from_user; at--)
            list->rules.at[at] = list->rules.at[at - 1];
        list->rules.at[at] = rule;
    }
}

static void read_rules(struct gcm_rule_reader *reader, const struct gcm_yaml *list)
{
    for (size_t i = 0; i < list->count; i++) {
        const struct gcm_yaml *yaml = list->items[i];
        struct gcm_slice id = gcm_yaml_text(gcm_yaml_get(yaml, "id"));
        struct gcm_rule *known = gcm_map_get(&reader->rules->by_id, id);
        if (known && !known->from_user && !known->overridden) {
            override(reader, known, yaml);
            continue;
        }
        if (!gcm_yaml_get(yaml, "when") && !known) {
            gcm_add_error(reader->arena, reader->errors, yaml->place,
                          "`graphcool-migrate rules list` prints them all",
                          "there is no rule %.*s to override, and a new one needs `when`",
                          GCM_P(id));
            continue;
        }
        size_t errors = reader->errors->count;
        struct gcm_rule *rule = gcm_rule_read(reader, yaml);
        if (!rule || reader->errors->count > errors)
            continue;
        gcm_rule_add(reader, rule);
        move_to_front(reader, rule);
    }
}

static bool is_name(struct gcm_slice text)
{
    if (!text.size || !gcm_is_name_start(text.at[0]))
        return false;
    for (size_t i = 1; i < text.size; i++)
        if (!gcm_is_name_part(text.at[i]))
            return false;
    return true;
}

static void read_pairs(struct gcm_rule_reader *reader, const struct gcm_yaml *map, bool renames)
{
    for (size_t i = 0; i < map->count; i++) {
        struct gcm_slice to = gcm_yaml_text(map->items[i]);
        if (renames && !is_name(to)) {
            complain(reader, map->items[i], "a new name must be a GraphQL name");
            continue;
        }
        struct gcm_condition *pair = renames ? gcm_push(reader->arena, &reader->rules->renames)
                                             : gcm_push(reader->arena, &reader->rules->strategies);
        pair->fact = map->keys[i]->text;
        *gcm_push(reader->arena, &pair->any_of) = to;
    }
}

static void check_strategies(struct gcm_rule_reader *reader, const struct gcm_yaml *map)
{
    for (size_t i = 0; i < map->count; i++) {
        struct gcm_strategy *known = NULL;
        gcm_each (struct gcm_strategy *, each, reader->rules->known_strategies)
            if (gcm_slice_equal((*each)->name, map->keys[i]->text))
                known = *each;
        bool allowed = false;
        for (size_t n = 0; known && n < known->choices.count; n++)
            allowed |= gcm_slice_equal(known->choices.at[n], gcm_yaml_text(map->items[i]));
        if (!known)
            complain(reader, map->keys[i], "there is no such strategy");
        else if (!allowed)
            complain(reader, map->items[i], "this strategy has no such choice");
    }
}

static const struct gcm_yaml *part(struct gcm_rule_reader *reader, const struct gcm_yaml *root,
                                   const char *key, enum gcm_yaml_kind kind)
{
    const struct gcm_yaml *value = gcm_yaml_get(root, key);
    if (!value || gcm_yaml_is_null(value) || value->kind == kind)
        return value && value->kind == kind ? value : NULL;
    gcm_add_error(reader->arena, reader->errors, value->place, NULL, "`%s` must be a %s", key,
                  kind == GCM_YAML_LIST ? "list" : "map");
    return NULL;
}

static void read_leave_out(struct gcm_rule_reader *reader, const struct gcm_yaml *list)
{
    for (size_t i = 0; i < list->count; i++)
        if (list->items[i]->kind == GCM_YAML_SCALAR && list->items[i]->text.size)
            *gcm_push(reader->arena, &reader->rules->leave_out) = list->items[i]->text;
        else
            complain(reader, list->items[i], "a part to leave out is named by a text");
}

void gcm_rules_read_user(struct gcm_rule_reader *reader, const struct gcm_yaml *root)
{
    static const char *const keys[] = {"rules", "rename", "strategies", "leave_out", NULL};
    if (root->kind != GCM_YAML_MAP) {
        complain(reader, root, "a rules file is a map of rules, rename, strategies and leave_out");
        return;
    }
    gcm_rule_check_keys(reader, root, keys, "a rules file");
    const struct gcm_yaml *value;
    if ((value = part(reader, root, "rules", GCM_YAML_LIST)))
        read_rules(reader, value);
    if ((value = part(reader, root, "rename", GCM_YAML_MAP)))
        read_pairs(reader, value, true);
    if ((value = part(reader, root, "strategies", GCM_YAML_MAP))) {
        check_strategies(reader, value);
        read_pairs(reader, value, false);
    }
    if ((value = part(reader, root, "leave_out", GCM_YAML_LIST)))
        read_leave_out(reader, value);
}
