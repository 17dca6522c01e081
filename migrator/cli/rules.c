/* rules: reads the rules out, all of them or one. */
#include "cli/open.h"
#include "cli/options.h"

#include <stdio.h>

static void put_padded(struct gcm_buffer *out, const char *text, size_t width)
{
    size_t start = out->size;
    gcm_puts(out, text);
    while (out->size - start < width)
        gcm_putc(out, ' ');
}

static void put_list(struct gcm_buffer *out, const struct gcm_rules *rules)
{
    struct gcm_slice subject = {0};
    gcm_each (struct gcm_rule *const, rule, rules->all) {
        if (!gcm_slice_equal(subject, (*rule)->subject)) {
            subject = (*rule)->subject;
            gcm_putf(out, "%s%.*s\n", out->size ? "\n" : "", GCM_P(subject));
        }
        gcm_put(out, (*rule)->id);
        gcm_puts(out, "  ");
        put_padded(out, gcm_outcome_name((*rule)->outcome), 11);
        gcm_put(out, (*rule)->title);
        if ((*rule)->overridden || (*rule)->disabled)
            gcm_puts(out,
                     (*rule)->disabled ? " (disabled by your rules)" : " (changed by your rules)");
        gcm_putc(out, '\n');
    }
    gcm_puts(out, "\nstrategies (the first choice is the default)\n");
    gcm_each (struct gcm_strategy *const, strategy, rules->known_strategies) {
        gcm_putf(out, "%.*s: ", GCM_P((*strategy)->name));
        gcm_each (const struct gcm_slice, choice, (*strategy)->choices)
            gcm_putf(out, "%s%.*s", choice == (*strategy)->choices.at ? "" : " | ", GCM_P(*choice));
        gcm_putf(out, "  %.*s\n", GCM_P((*strategy)->title));
    }
}

static void put_block(struct gcm_buffer *out, const char *name, struct gcm_slice text)
{
    if (!text.size)
        return;
    put_padded(out, name, 10);
    struct gcm_slice rest = gcm_slice_trim(text);
    for (bool first = true; rest.size; first = false) {
        size_t end = gcm_slice_find(rest, '\n');
        if (!first)
            gcm_puts(out, "          ");
        gcm_put(out, gcm_slice_sub(rest, 0, end));
        gcm_putc(out, '\n');
        rest = gcm_slice_sub(rest, end + 1, rest.size);
    }
}

static void put_conditions(struct gcm_buffer *out, const struct gcm_rule *rule)
{
    put_padded(out, "when", 10);
    gcm_each (const struct gcm_condition, condition, rule->when) {
        gcm_putf(out, "%s%.*s is ", condition == rule->when.at ? "" : ", and ",
                 GCM_P(condition->fact));
        gcm_each (const struct gcm_slice, value, condition->any_of)
            gcm_putf(out, "%s%.*s", value == condition->any_of.at ? "" : " or ", GCM_P(*value));
    }
    gcm_puts(out, "\n");
}

static void put_example(struct gcm_buffer *out, const struct gcm_yaml *example)
{
    static const char *const keys[] = {"before", "yml",      "files",     "rules",
                                       "nodes",  "lists",    "relations", "after",
                                       "absent", "repaired", "message"};
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        const struct gcm_yaml *value = gcm_yaml_get(example, keys[i]);
        for (size_t n = 0; value && value->kind == GCM_YAML_LIST && n < value->count; n++)
            put_block(out, keys[i], gcm_yaml_text(value->items[n]));
        if (!value || value->kind != GCM_YAML_MAP) {
            put_block(out, keys[i], gcm_yaml_text(value));
            continue;
        }
        for (size_t n = 0; n < value->count; n++)
            put_block(out, gcm_cstring(out->arena, value->keys[n]->text),
                      gcm_yaml_text(value->items[n]));
    }
}

static void put_rule(struct gcm_buffer *out, const struct gcm_rule *rule)
{
    gcm_putf(out, "%.*s  %.*s\n\n", GCM_P(rule->id), GCM_P(rule->title));
    put_conditions(out, rule);
    put_padded(out, "do", 10);
    gcm_putf(out, "%.*s %.*s\n", GCM_P(rule->action), GCM_P(gcm_rule_argument(rule)));
    if (rule->repair.size) {
        put_padded(out, "repair", 10);
        gcm_putf(out, "%.*s\n", GCM_P(rule->repair));
    }
    put_padded(out, "outcome", 10);
    gcm_putf(out, "%s, %u min%s\n", gcm_outcome_name(rule->outcome), rule->effort,
             rule->protects ? "; a rules file can make it stricter only" : "");
    put_block(out, "message", rule->message);
    put_block(out, "hint", rule->hint);
    put_block(out, "why", rule->why);
    if (rule->example) {
        gcm_puts(out, "\nexample\n");
        put_example(out, rule->example);
    }
}

static enum gcm_exit print(struct gcm_arena *arena, const struct gcm_rules *rules,
                           const char *const *words, int count)
{
    struct gcm_buffer out = gcm_buffer(arena, GCM_BUFFER_CAP);
    bool list = count == 1 && gcm_slice_is(gcm_slice_of(words[0]), "list");
    bool explain = count == 2 && gcm_slice_is(gcm_slice_of(words[0]), "explain");
    if (!list && !explain) {
        fputs("graphcool-migrate rules: say `list`, or `explain` and the id of a rule\n", stderr);
        return GCM_EXIT_USAGE;
    }
    if (list) {
        put_list(&out, rules);
        return gcm_write_stdout(gcm_buffer_text(&out));
    }
    const struct gcm_rule *rule = gcm_rule_named(rules, gcm_slice_of(words[1]));
    if (!rule) {
        fprintf(stderr, "graphcool-migrate rules: there is no rule %s; `rules list` names them\n",
                words[1]);
        return GCM_EXIT_USAGE;
    }
    put_rule(&out, rule);
    return gcm_write_stdout(gcm_buffer_text(&out));
}

static enum gcm_exit run(int argc, char **argv)
{
    const char *file = NULL, *words[2];
    struct gcm_common_options common;
    const struct gcm_option options[] = {
        {"rules", 'r', GCM_OPTION_VALUE, &file, "FILE",
         "read out the rules as this file changes them"},
        {0},
    };
    int count;
    int end = gcm_options_read(&gcm_command_rules, options, argc, argv, &common, words, 2, &count);
    if (end >= 0)
        return (enum gcm_exit)end;
    struct gcm_arena arena = {0};
    struct gcm_rules *rules = NULL;
    enum gcm_exit code = gcm_open_rules(&arena, file, &rules);
    if (code == GCM_EXIT_OK)
        code = print(&arena, rules, words, count);
    gcm_arena_free(&arena);
    return code;
}

const struct gcm_command gcm_command_rules = {
    .name = "rules",
    .summary = "print the rules that a conversion follows",
    .arguments = "list | explain ID [OPTION…]",
    .help =
        "`rules list` prints every rule with its outcome, and the strategies that can be chosen.\n"
        "`rules explain ID` says what a rule matches, what it does and why, with its example.\n"
        "A file of your own overrides them: docs/rules-file.md.\n\n"
        "exit codes: 0 printed · 1 no such rule · 2 the rules file is wrong\n\n"
        "example: graphcool-migrate rules explain GCM-DIR-005\n",
    .run = run,
};
