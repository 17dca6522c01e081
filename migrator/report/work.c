#include "report/work.h"

/* One step of a migration and the subjects of rules that belong to it. */
struct step {
    const char *title, *about;
    const char *subjects[12];
};

static const struct step steps[] = {
    {"The project's own files",
     "What could not be read is not converted: mend it first, then convert again.",
     {"verdict", "project", "files", NULL}},
    {"The datamodel",
     "Look at prisma/datamodel.prisma, then deploy it to a development service.",
     {"types", "enums", "names", "system_fields", "directives", "scalars", "relations", "defaults",
      "wishes", NULL}},
    {"The data", "Before an import, and again after it.", {"data", NULL}},
    {"What the API answers otherwise",
     "Where one operation of Prisma cannot answer as Graphcool did.",
     {"api", NULL}},
    {"Permissions",
     "What no rule allows is denied, and so is what only a query would allow.",
     {"permissions", NULL}},
    {"Functions", "", {"functions", NULL}},
};
enum { STEPS = sizeof steps / sizeof *steps };

static struct gcm_work_group *add_group(struct gcm_arena *arena, struct gcm_work *work,
                                        struct gcm_slice title, struct gcm_slice about)
{
    struct gcm_work_group *group = GCM_NEW(arena, struct gcm_work_group);
    group->title = title;
    group->about = about;
    *gcm_push(arena, &work->groups) = group;
    return group;
}

/* A message without the name that it starts with: "File.read was open" → " was open". The name is
 * the last word of the subject ("permissions[0] File.read"), or what stands behind its last dot. */
static struct gcm_slice message_rest(const struct gcm_decision *decision)
{
    struct gcm_slice subject = decision->subject, message = decision->message;
    for (size_t at = 0; at < subject.size; at++) {
        bool starts = at == 0 || subject.at[at - 1] == ' ' || subject.at[at - 1] == '.';
        struct gcm_slice name = gcm_slice_sub(subject, at, subject.size);
        if (starts && gcm_slice_equal(gcm_slice_sub(message, 0, name.size), name))
            return gcm_slice_sub(message, name.size, message.size);
    }
    return message;
}

/* Puts a decision to the others of its rule and outcome; `rules` finds them. */
static void add(struct gcm_arena *arena, struct gcm_work_group *group, struct gcm_map *rules,
                const struct gcm_decision *decision)
{
    struct gcm_slice key = gcm_format(arena, "%d %.*s", (int)decision->outcome,
                                      GCM_P(decision->rule ? decision->rule->id : GCM_S("")));
    struct gcm_work_rule *rule = gcm_map_get(rules, key);
    if (!rule) {
        rule = GCM_NEW(arena, struct gcm_work_rule);
        rule->rule = decision->rule;
        rule->outcome = decision->outcome;
        rule->same_hint = rule->same_message = rule->alike = true;
        *gcm_push(arena, &group->rules) = rule;
        gcm_map_put(arena, rules, key, rule);
    } else {
        rule->alike = rule->alike &&
                      gcm_slice_equal(message_rest(rule->decisions.at[0]), message_rest(decision));
        rule->same_hint =
            rule->same_hint && gcm_slice_equal(rule->decisions.at[0]->hint, decision->hint);
        rule->same_message = rule->same_message &&
                             gcm_slice_equal(rule->decisions.at[0]->message, decision->message);
    }
    *gcm_push(arena, &rule->decisions) = decision;
    rule->effort += decision->effort;
    group->effort += decision->effort;
    group->outcomes[decision->outcome]++;
}

/* The worst first; rules of one outcome keep the order in which they were met. */
static void sort_rules(struct gcm_arena *arena, struct gcm_work_group *group)
{
    struct gcm_work_group sorted = {0};
    for (int outcome = GCM_REFUSED; outcome >= GCM_AUTOMATIC; outcome--)
        gcm_each (struct gcm_work_rule *, rule, group->rules)
            if ((int)(*rule)->outcome == outcome)
                *gcm_push(arena, &sorted.rules) = *rule;
    for (size_t i = 0; i < sorted.rules.count; i++)
        group->rules.at[i] = sorted.rules.at[i];
}

static struct gcm_slice subject_of(const struct gcm_rule *rule)
{
    return rule && rule->subject.size ? rule->subject : GCM_S("other");
}

/* "system_fields" → "System fields". */
static struct gcm_slice title_of(struct gcm_arena *arena, struct gcm_slice subject)
{
    struct gcm_buffer title = gcm_buffer(arena, subject.size);
    for (size_t i = 0; i < subject.size; i++)
        gcm_putc(&title, subject.at[i] == '_' ? ' ' : subject.at[i]);
    return gcm_capitalize(arena, gcm_buffer_text(&title));
}

static struct gcm_work_group *group_of_subject(struct gcm_arena *arena, struct gcm_work *work,
                                               struct gcm_map *by_subject, struct gcm_slice subject)
{
    struct gcm_work_group *group = gcm_map_get(by_subject, subject);
    if (group)
        return group;
    group = add_group(arena, work, title_of(arena, subject), GCM_S(""));
    gcm_map_put(arena, by_subject, subject, group);
    return group;
}

struct gcm_work *gcm_work_by_subject(struct gcm_arena *arena, const struct gcm_plan *plan)
{
    struct gcm_work all = {0}, *work = GCM_NEW(arena, struct gcm_work);
    struct gcm_map by_subject = {0}, rules = {0};
    for (size_t i = 0; i < STEPS; i++)
        for (const char *const *subject = steps[i].subjects; *subject; subject++)
            group_of_subject(arena, &all, &by_subject, gcm_slice_of(*subject));
    if (plan->rules)
        gcm_each (struct gcm_rule *, rule, plan->rules->all)
            group_of_subject(arena, &all, &by_subject, subject_of(*rule));
    gcm_each (struct gcm_decision *, decision, plan->decisions)
        add(arena, group_of_subject(arena, &all, &by_subject, subject_of((*decision)->rule)),
            &rules, *decision);
    gcm_each (struct gcm_work_group *, group, all.groups) {
        if (!(*group)->rules.count)
            continue;
        sort_rules(arena, *group);
        *gcm_push(arena, &work->groups) = *group;
    }
    return work;
}

static size_t step_of(struct gcm_slice subject)
{
    for (size_t i = 0; i < STEPS; i++)
        if (gcm_slice_in(subject, steps[i].subjects))
            return i;
    return STEPS;
}

struct gcm_work *gcm_work_left(struct gcm_arena *arena, const struct gcm_plan *plan)
{
    struct gcm_work all = {0}, *work = GCM_NEW(arena, struct gcm_work);
    struct gcm_map rules = {0};
    for (size_t i = 0; i < STEPS; i++)
        add_group(arena, &all, gcm_slice_of(steps[i].title), gcm_slice_of(steps[i].about));
    add_group(arena, &all, GCM_S("Everything else"), GCM_S(""));
    gcm_each (struct gcm_decision *, decision, plan->decisions)
        if ((*decision)->outcome != GCM_AUTOMATIC)
            add(arena, all.groups.at[step_of(subject_of((*decision)->rule))], &rules, *decision);
    gcm_each (struct gcm_work_group *, group, all.groups) {
        if (!(*group)->rules.count)
            continue;
        sort_rules(arena, *group);
        *gcm_push(arena, &work->groups) = *group;
    }
    return work;
}
