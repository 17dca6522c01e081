/* The walk over an API that Sangria, the GraphQL library of the server, made before it served it:
 * from the roots, depth first, the type of a field before those of its arguments. The first type of
 * a name is the one that is shown; a later one is not looked into. If the two are of different
 * kinds, the library refuses the API. */
#include "api/simple.h"

#include <stdlib.h>

struct frame {
    struct simple_type *type;
    size_t field;    /* the field or input to go on with; behind the last one: the interfaces */
    size_t argument; /* 0: the field's own type; else argument - 1 */
};

struct walk {
    struct simple *simple;
    struct gcm_map seen; /* struct simple_type by name */
    GCM_VEC(struct frame) stack;
    struct simple_result result;
};

/* One step from a type to another; `how` is for the message of a conflict. */
struct step {
    struct simple_type *to;
    struct gcm_slice field, argument;  /* empty: the field's own type, or an interface */
    const struct gcm_definition *from; /* NULL: to a root */
    const char *root;
};

static struct simple_type *type_behind(struct gcm_type_ref *reference)
{
    return ((struct simple_ref *)reference)->type;
}

static const char *kind_name(enum gcm_definition_kind kind)
{
    switch (kind) {
    case GCM_DEFINITION_SCALAR:
        return "ScalarType";
    case GCM_DEFINITION_ENUM:
        return "EnumType";
    case GCM_DEFINITION_INPUT:
        return "InputObjectType";
    case GCM_DEFINITION_INTERFACE:
        return "InterfaceType";
    default:
        return "ObjectType";
    }
}

static struct gcm_slice describe(struct gcm_arena *arena, const struct step *step)
{
    if (!step->from)
        return gcm_slice_of(step->root);
    struct gcm_slice from = step->from->name;
    if (!step->field.size)
        return gcm_format(arena, "an interface defined in '%.*s' type", GCM_P(from));
    if (step->from->kind == GCM_DEFINITION_INPUT)
        return gcm_format(arena, "a field '%.*s' of '%.*s' input object type", GCM_P(step->field),
                          GCM_P(from));
    if (!step->argument.size)
        return gcm_format(arena, "a field '%.*s' of '%.*s' type", GCM_P(step->field), GCM_P(from));
    return gcm_format(arena, "an argument '%.*s' defined in field '%.*s' of '%.*s' type",
                      GCM_P(step->argument), GCM_P(step->field), GCM_P(from));
}

static void note_conflict(struct walk *walk, const struct step *step,
                          const struct simple_type *known)
{
    struct gcm_arena *arena = walk->simple->arena;
    if (walk->result.conflict.size)
        return;
    walk->result.conflict = gcm_format(
        arena,
        "sangria.schema.SchemaValidationException: Schema contains validation errors.\n"
        "  * Type name '%.*s' is used for several conflicting GraphQL type kinds: %s, %s. "
        "Conflict found in %.*s.",
        GCM_P(known->definition->name), kind_name(known->definition->kind),
        kind_name(step->to->definition->kind), GCM_P(describe(arena, step)));
    walk->result.culprit = known->source ? known : step->to->source ? step->to : NULL;
}

static void note_doubles(struct walk *walk, const struct simple_type *type)
{
    struct gcm_slice doubles = simple_doubles(walk->simple->arena, type);
    if (!doubles.size || walk->result.conflict.size)
        return;
    walk->result.conflict = doubles;
    walk->result.culprit = type->source ? type : NULL;
}

static void enter(struct walk *walk, const struct step *step)
{
    struct gcm_slice name = step->to->definition->name;
    const struct simple_type *known = gcm_map_get(&walk->seen, name);
    if (known) {
        if (known->definition->kind != step->to->definition->kind)
            note_conflict(walk, step, known);
        return;
    }
    gcm_map_put(walk->simple->arena, &walk->seen, name, step->to);
    note_doubles(walk, step->to);
    if (!step->to->built_in)
        *gcm_push(walk->simple->arena, &walk->result.definitions) = step->to->definition;
    *gcm_push(walk->simple->arena, &walk->stack) = (struct frame){step->to, 0, 0};
}

static bool next_of_input(struct frame *frame, struct step *step)
{
    const struct gcm_input_values *inputs = &frame->type->definition->inputs;
    if (frame->field >= inputs->count)
        return false;
    const struct gcm_input_value *input = &inputs->at[frame->field++];
    step->to = type_behind(input->type);
    step->field = input->name;
    return true;
}

static bool next_of_object(const struct simple *simple, struct frame *frame, struct step *step)
{
    const struct gcm_definition *definition = frame->type->definition;
    while (frame->field < definition->fields.count) {
        const struct gcm_field_definition *field = &definition->fields.at[frame->field];
        size_t at = frame->argument++;
        step->field = field->name;
        if (at == 0) {
            step->to = type_behind(field->type);
            return true;
        }
        if (at <= field->arguments.count) {
            step->argument = field->arguments.at[at - 1].name;
            step->to = type_behind(field->arguments.at[at - 1].type);
            return true;
        }
        frame->field++;
        frame->argument = 0;
    }
    *step = (struct step){.to = simple->node, .from = definition};
    return frame->field++ < definition->fields.count + definition->names.count;
}

static bool next_step(const struct simple *simple, struct frame *frame, struct step *step)
{
    *step = (struct step){.from = frame->type->definition};
    switch (frame->type->definition->kind) {
    case GCM_DEFINITION_INPUT:
        return next_of_input(frame, step);
    case GCM_DEFINITION_OBJECT:
    case GCM_DEFINITION_INTERFACE:
        return next_of_object(simple, frame, step);
    default:
        return false;
    }
}

static void walk_root(struct walk *walk, struct simple_type *root, const char *what)
{
    if (root)
        enter(walk, &(struct step){.to = root, .root = what});
    while (walk->stack.count) {
        struct step step;
        if (next_step(walk->simple, &walk->stack.at[walk->stack.count - 1], &step))
            enter(walk, &step);
        else
            walk->stack.count--;
    }
}

struct simple_result simple_walk(struct simple *simple)
{
    struct walk walk = {.simple = simple};
    /* The library's own types come first; of them, only these two can meet a name of a project. */
    walk_root(&walk, simple->scalars[GCM_SCALAR_STRING], "a '__Schema' type");
    walk_root(&walk, simple->scalars[GCM_SCALAR_BOOLEAN], "a '__Schema' type");
    walk_root(&walk, simple->query, "a query type");
    walk_root(&walk, simple->mutation, "a mutation type");
    walk_root(&walk, simple->subscription, "a subscription type");
    return walk.result;
}

static int by_bytes(const void *a, const void *b)
{
    return gcm_slice_compare(*(const struct gcm_slice *)a, *(const struct gcm_slice *)b);
}

struct gcm_slice simple_doubles(struct gcm_arena *arena, const struct simple_type *type)
{
    const struct gcm_definition *definition = type->definition;
    size_t count = definition->fields.count + definition->inputs.count, at = 0;
    if (count < 2)
        return GCM_S("");
    struct gcm_slice *names = gcm_arena_alloc(arena, count * sizeof *names);
    gcm_each (struct gcm_field_definition, field, definition->fields)
        names[at++] = field->name;
    gcm_each (struct gcm_input_value, input, definition->inputs)
        names[at++] = input->name;
    qsort(names, count, sizeof *names, by_bytes);
    struct gcm_slice doubles = {0};
    for (size_t i = 1; i < count; i++) {
        bool again = i >= 2 && gcm_slice_equal(names[i], names[i - 2]);
        if (gcm_slice_equal(names[i], names[i - 1]) && !again)
            doubles = gcm_format(arena, "%.*s%s'%.*s'", GCM_P(doubles), doubles.size ? ", " : "",
                                 GCM_P(names[i]));
    }
    if (!doubles.size)
        return doubles;
    return gcm_format(arena,
                      "sangria.schema.NonUniqueFieldsError: All fields within '%.*s' type should "
                      "have unique names! Non-unique fields: %.*s.",
                      GCM_P(definition->name), GCM_P(doubles));
}
