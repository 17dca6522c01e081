/* converting: what the files convert*.c share. */
#ifndef GCM_OPERATIONS_CONVERTING_H
#define GCM_OPERATIONS_CONVERTING_H

#include "operations/convert.h"

enum simple_root_kind {
    SIMPLE_ALL,
    SIMPLE_META,
    SIMPLE_SINGLE,
    SIMPLE_CREATE,
    SIMPLE_UPDATE,
    SIMPLE_UPDATE_OR_CREATE,
    SIMPLE_DELETE,
    SIMPLE_LINK,   /* set, addTo */
    SIMPLE_UNLINK, /* unset, removeFrom */
    SIMPLE_EVENT   /* a subscription */
};

/* A root field of the Simple API that was generated. */
struct simple_root {
    enum simple_root_kind kind;
    const struct gcm_model *model;
    const struct gcm_relation *relation;
};

struct converting {
    struct gcm_arena *arena;
    const struct gcm_targets *targets;
    const struct gcm_project *project;
    const struct gcm_schema *native;
    struct gcm_map roots[3]; /* struct simple_root by name, of each kind of operation */
    struct gcm_map payloads; /* names of payload types of relations */
    struct gcm_conversion *now;
    struct gcm_slices unlimited; /* lists without first or last */
};

enum scope_kind {
    SCOPE_ROOT,
    SCOPE_MODEL,
    SCOPE_EVENT,  /* XSubscriptionPayload */
    SCOPE_VALUES, /* XPreviousValues */
    SCOPE_SAME    /* nothing changes: Node, payloads of functions, the introspection */
};
struct scope {
    enum scope_kind kind;
    enum gcm_operation_kind operation;
    const struct gcm_model *model;
};

#define refuse(converting, place, hint, ...)                                                       \
    gcm_add_error((converting)->arena, &(converting)->now->refusals, (place), (hint), __VA_ARGS__)
/* Each text once for an operation. */
#define note(converting, place, ...)                                                               \
    note_add(converting, place, gcm_format((converting)->arena, __VA_ARGS__))
void note_add(struct converting *converting, struct gcm_place place, struct gcm_slice message);

/* The new name of a model or field; where there is none it is refused, by the plan's decision. */
struct gcm_slice model_target(struct converting *converting, const struct gcm_model *model,
                              struct gcm_place place);
struct gcm_slice field_target(struct converting *converting, const struct gcm_model *model,
                              struct gcm_slice name, struct gcm_place place);

/* A self relation with one field to one node was stored once and seen from both; in Prisma each
 * direction has a field of its own. */
void note_one_way(struct converting *converting, const struct gcm_field *field,
                  struct gcm_place place);

/* roots.c: the root fields that were generated. */
void find_roots(struct converting *converting);

/* trees.c: values and selections. Values that are put somewhere are not copied. */
struct gcm_value *object_new(struct converting *converting);
void object_put(struct converting *converting, struct gcm_value *object, struct gcm_slice key,
                struct gcm_value *value);
struct gcm_value *object_of(struct converting *converting, const char *key,
                            struct gcm_value *value);
struct gcm_value *list_new(struct converting *converting);
void list_put(struct converting *converting, struct gcm_value *list, struct gcm_value *value);
struct gcm_value *value_copy(struct converting *converting, const struct gcm_value *value);
void argument_put(struct converting *converting, struct gcm_arguments *to, const char *name,
                  struct gcm_value *value);
bool is_null(const struct gcm_value *value);
/* Is it a variable that a client may leave out, or pass null for? */
bool may_be_absent(const struct converting *converting, const struct gcm_value *value);
/* A field with its response key kept: an alias where the name is another one. */
struct gcm_selection field_of(const struct gcm_selection *from, struct gcm_slice name);

/* convert_where.c */
struct gcm_value *convert_where(struct converting *converting, const struct gcm_model *model,
                                const struct gcm_value *value);
struct gcm_value *convert_scalar(struct converting *converting, const struct gcm_field *field,
                                 const struct gcm_value *value);
struct gcm_value *convert_order(struct converting *converting, const struct gcm_model *model,
                                const struct gcm_value *value);
/* filter, orderBy, skip … of a list */
struct gcm_arguments convert_paging(struct converting *converting, const struct gcm_model *model,
                                    const struct gcm_selection *from);
struct gcm_value *convert_event_where(struct converting *converting, const struct gcm_model *model,
                                      const struct gcm_value *value);

/* convert_data.c: what is written. Entries are arguments of a mutation, or the fields of an input
 * as arguments. `from` is the field that a nested node is created through, or NULL; `cleared` takes
 * the relations whose old nodes an update must let go of first. */
struct gcm_value *convert_create(struct converting *converting, const struct gcm_model *model,
                                 const struct gcm_arguments *entries, const struct gcm_field *from,
                                 struct gcm_place place);
struct gcm_value *convert_update(struct converting *converting, const struct gcm_model *model,
                                 const struct gcm_arguments *entries, struct gcm_value *cleared);
struct gcm_arguments entries_of(struct converting *converting, const struct gcm_value *object);

/* convert_selections.c */
struct gcm_selections convert_selections(struct converting *converting, struct scope scope,
                                         const struct gcm_selections *from);

/* Of a fragment; *target is its new type. */
struct gcm_selections convert_fragment(struct converting *converting,
                                       const struct gcm_definition *fragment,
                                       struct gcm_slice *target);

/* convert_roots.c: a generated root field; one old field may become several. */
void convert_root(struct converting *converting, const struct simple_root *root,
                  const struct gcm_selection *from, struct gcm_selections *to);
struct gcm_selection root_field(struct converting *converting, const struct gcm_selection *from,
                                const char *verb, struct gcm_slice name);

/* convert_edges.c */
void convert_edge(struct converting *converting, const struct simple_root *root,
                  const struct gcm_selection *from, struct gcm_selections *to);

/* convert_variables.c: the types of the variables, by what the new tree wants of them. `document`
 * holds the operation and its fragments as they are now. */
void convert_variables(struct converting *converting, const struct gcm_document *document);

#endif
