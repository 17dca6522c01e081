/* faults: from a fault to its rule, and to the repair that was asked for. */
#include "transfer/records/making.h"
#include "transfer/records/memory.h"

#include <string.h>

enum { SHOWN = 60 };

static enum gcm_repair repair_named(struct gcm_slice name)
{
    static const char *const names[] = {"",           "accept",      "remove_nul",
                                        "drop_value", "drop_record", "read_json"};
    for (size_t i = 1; i < sizeof names / sizeof *names; i++)
        if (gcm_slice_is(name, names[i]))
            return (enum gcm_repair)i;
    return GCM_REPAIR_NONE;
}

static bool is_asked(const struct gcm_record_maker *maker, const struct gcm_rule *rule)
{
    for (size_t i = 0; maker->repairs && i < maker->repairs->rules.count; i++)
        if (gcm_slice_equal(maker->repairs->rules.at[i], rule->id))
            return true;
    return false;
}

struct gcm_maker_memory *gcm_maker_memory(struct gcm_arena *arena)
{
    struct gcm_maker_memory *memory = GCM_NEW(arena, struct gcm_maker_memory);
    memory->arena = arena;
    return memory;
}

/* The source is an archive, if it is no endpoint. */
static struct gcm_slice source_of(const struct gcm_record_maker *maker,
                                  struct gcm_maker_memory *memory)
{
    if (!memory->source.size) {
        struct gcm_guard guard = {0};
        gcm_stage_belongs(maker->stage, &guard);
        bool endpoint = gcm_slice_starts(guard.source, "http");
        memory->source = endpoint ? GCM_S("endpoint") : GCM_S("archive");
    }
    return memory->source;
}

static const struct gcm_rule *rule_of(const struct gcm_record_maker *maker,
                                      struct gcm_maker_memory *memory, const char *fault)
{
    static const char *const databases[] = {"mysql", "postgres", "mongo"};
    bool old = maker->shape->server == GCM_SERVER_PRISMA_1_30;
    struct gcm_fact facts[] = {
        {"construct", GCM_S("record")},
        {"fault", gcm_slice_of(fault)},
        {"database", gcm_slice_of(databases[maker->shape->database])},
        {"target", old ? GCM_S("prisma-1.30") : GCM_S("prisma-1.34")},
        {"source", source_of(maker, memory)},
    };
    return gcm_rule_for(maker->shape->plan->rules, facts, sizeof facts / sizeof *facts);
}

static struct known_fault known(const struct gcm_record_maker *maker, struct gcm_arena *arena,
                                const char *name)
{
    struct gcm_maker_memory *memory = maker->memory ? maker->memory : gcm_maker_memory(arena);
    gcm_each (const struct known_fault, fault, memory->faults)
        if (fault->name == name || !strcmp(fault->name, name))
            return *fault;
    struct known_fault *fault = gcm_push(memory->arena, &memory->faults);
    fault->name = name;
    fault->rule = rule_of(maker, memory, name);
    if (fault->rule && is_asked(maker, fault->rule))
        fault->repair = repair_named(fault->rule->repair);
    return *fault;
}

/* The start of a text, cut between characters. */
static struct gcm_slice shortened(struct gcm_arena *arena, struct gcm_slice text)
{
    if (text.size <= SHOWN)
        return gcm_copy(arena, text);
    size_t size = SHOWN;
    while (size && ((unsigned char)text.at[size] & 0xc0) == 0x80)
        size--;
    return gcm_format(arena, "%.*s…", GCM_P(gcm_slice_sub(text, 0, size)));
}

enum gcm_repair making_fault(struct making *making, const char *name, struct gcm_slice field,
                             struct gcm_slice value)
{
    struct known_fault found = known(making->maker, making->arena, name);
    struct gcm_record *record = making->record;
    struct gcm_fault *fault = gcm_push(making->arena, &record->faults);
    *fault = (struct gcm_fault){.name = name,
                                .type = record->type,
                                .id = record->id,
                                .field = field,
                                .detail = shortened(making->arena, value),
                                .rule = found.rule,
                                .repaired = found.repair};
    return fault->repaired;
}

enum gcm_repair making_value_fault(struct making *making, const char *name,
                                   const struct gcm_shape_field *field, struct gcm_slice value)
{
    bool secret = field->source && field->source->scalar == GCM_SCALAR_PASSWORD;
    return making_fault(making, name, field->name, secret ? GCM_S("") : value);
}

enum gcm_repair making_end_fault(struct making *making, const char *name, struct gcm_slice type,
                                 struct gcm_slice id, struct gcm_slice field,
                                 struct gcm_slice value)
{
    enum gcm_repair repair = making_fault(making, name, field, value);
    struct gcm_faults *faults = &making->record->faults;
    faults->at[faults->count - 1].type = type;
    faults->at[faults->count - 1].id = id;
    return repair;
}

void making_end(struct making *making)
{
    struct gcm_record *record = making->record;
    bool dropped = false;
    gcm_each (const struct gcm_fault, fault, record->faults) {
        dropped |= fault->repaired == GCM_REPAIR_DROP_RECORD;
        if (!record->withheld && !fault->repaired && fault->rule &&
            gcm_slice_is(fault->rule->action, "refuse"))
            record->withheld = fault;
    }
    if (dropped)
        record->withheld = NULL;
    if (dropped || record->withheld)
        record->count = 0;
}

struct gcm_slice gcm_fault_where(struct gcm_arena *arena, const struct gcm_fault *fault)
{
    if (!fault->field.size)
        return fault->type;
    return gcm_format(arena, "%.*s.%.*s", GCM_P(fault->type), GCM_P(fault->field));
}

struct gcm_slice gcm_fault_text(struct gcm_arena *arena, const struct gcm_fault *fault)
{
    struct gcm_fact facts[] = {
        {"where", gcm_fault_where(arena, fault)},
        {"detail", fault->detail},
    };
    if (!fault->rule)
        return gcm_slice_of(fault->name);
    return gcm_rule_text(arena, fault->rule->message, facts, 2);
}
