/* match: which rule speaks of a construct, and what it says. */
#include "rules/rules.h"

#include <string.h>

/* `*` stands for any text, also for none. Goes back to the last `*` only: at most
 * pattern × text steps. */
static bool matches(struct gcm_slice pattern, struct gcm_slice text)
{
    size_t p = 0, t = 0, star = pattern.size, after = 0;
    while (t < text.size) {
        if (p < pattern.size && pattern.at[p] == '*') {
            star = p++;
            after = t;
        } else if (p < pattern.size && pattern.at[p] == text.at[t]) {
            p++;
            t++;
        } else if (star < pattern.size) {
            p = star + 1;
            t = ++after;
        } else {
            return false;
        }
    }
    while (p < pattern.size && pattern.at[p] == '*')
        p++;
    return p == pattern.size;
}

static const struct gcm_fact *fact_named(const struct gcm_fact *facts, size_t count,
                                         struct gcm_slice name)
{
    for (size_t i = 0; i < count; i++)
        if (gcm_slice_is(name, facts[i].name))
            return &facts[i];
    return NULL;
}

static bool holds(const struct gcm_condition *condition, const struct gcm_fact *facts, size_t count)
{
    const struct gcm_fact *fact = fact_named(facts, count, condition->fact);
    if (!fact || !fact->value.size)
        return false;
    gcm_each (struct gcm_slice, value, condition->any_of)
        if (matches(*value, fact->value))
            return true;
    return false;
}

static bool speaks(const struct gcm_rule *rule, const struct gcm_fact *facts, size_t count)
{
    if (rule->disabled)
        return false;
    gcm_each (const struct gcm_condition, condition, rule->when)
        if (!holds(condition, facts, count))
            return false;
    return true;
}

const struct gcm_rule *gcm_rule_for(const struct gcm_rules *rules, const struct gcm_fact *facts,
                                    size_t count)
{
    const struct gcm_fact *construct = fact_named(facts, count, GCM_S("construct"));
    const struct gcm_rule_list *list =
        construct ? gcm_map_get(&rules->by_construct, construct->value) : NULL;
    if (!list)
        return NULL;
    const struct gcm_rule *mine = NULL;
    gcm_each (struct gcm_rule *const, rule, list->rules) {
        if (!speaks(*rule, facts, count))
            continue;
        if (!(*rule)->from_user) {
            bool stricter = mine && (*rule)->protects && (*rule)->outcome > mine->outcome;
            return mine && !stricter ? mine : *rule;
        }
        if (!mine)
            mine = *rule;
    }
    return mine;
}

struct gcm_slice gcm_rule_text(struct gcm_arena *arena, struct gcm_slice text,
                               const struct gcm_fact *facts, size_t count)
{
    if (gcm_slice_find(text, '{') == text.size)
        return text;
    struct gcm_buffer out = gcm_buffer(arena, GCM_BUFFER_CAP);
    for (size_t at = 0; at < text.size;) {
        struct gcm_slice rest = gcm_slice_sub(text, at, text.size - at);
        size_t open = gcm_slice_find(rest, '{');
        gcm_put(&out, gcm_slice_sub(rest, 0, open));
        if (open == rest.size)
            break;
        struct gcm_slice inside = gcm_slice_sub(rest, open + 1, rest.size - open - 1);
        size_t close = gcm_slice_find(inside, '}');
        const struct gcm_fact *fact = fact_named(facts, count, gcm_slice_sub(inside, 0, close));
        if (fact)
            gcm_put(&out, fact->value);
        else
            gcm_put(&out, gcm_slice_sub(rest, open, close + 2));
        at += open + close + 2;
    }
    return gcm_buffer_text(&out);
}

const struct gcm_rule *gcm_rule_named(const struct gcm_rules *rules, struct gcm_slice id)
{
    return gcm_map_get(&rules->by_id, id);
}

struct gcm_slice gcm_rule_argument(const struct gcm_rule *rule)
{
    return gcm_yaml_text(rule->argument);
}

struct gcm_slice gcm_strategy(const struct gcm_rules *rules, const char *name)
{
    gcm_each (const struct gcm_condition, chosen, rules->strategies)
        if (gcm_slice_is(chosen->fact, name))
            return chosen->any_of.at[0];
    gcm_each (struct gcm_strategy *const, known, rules->known_strategies)
        if (gcm_slice_is((*known)->name, name))
            return (*known)->choices.at[0];
    return GCM_S("");
}

unsigned gcm_weight(const struct gcm_rules *rules, const char *name)
{
    const struct gcm_yaml *weight = gcm_map_get(&rules->weights, gcm_slice_of(name));
    struct gcm_slice text = gcm_yaml_text(weight);
    unsigned value = 0;
    for (size_t i = 0; i < text.size && gcm_is_digit(text.at[i]) && value < 100000; i++)
        value = value * 10 + (unsigned)(text.at[i] - '0');
    return value;
}

const char *gcm_outcome_name(enum gcm_outcome outcome)
{
    static const char *const names[] = {"automatic", "adapted", "review", "refused"};
    return names[outcome];
}
