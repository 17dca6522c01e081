/* planning: what the parts of the plan share while it is made. The target_… structs are the
 * datamodel as it is going to be: each knows the piece of the source it comes from. Names, types
 * and relations are settled in them; only then the SDL tree is built (sdl.c), so that a name can
 * change until the last moment. */
#ifndef GCM_PLAN_PLANNING_H
#define GCM_PLAN_PLANNING_H

#include "plan/plan.h"

struct target_model;
struct target_relation;

struct target_enum_value {
    const struct gcm_enum_value_definition *source;
    struct gcm_slice name;
};

struct target_enum {
    struct gcm_enum *source;
    const struct gcm_definition *definition;
    struct gcm_slice name;
    GCM_VEC(struct target_enum_value) values;
    struct gcm_slices comments; /* below those of the source */
    bool used, left_out;
};

struct target_field {
    const struct gcm_field *source;                /* NULL: added */
    const struct gcm_field_definition *definition; /* of the source; NULL: added */
    struct target_model *model;
    struct gcm_slice name, db_name;
    struct gcm_slice type_name;    /* of a scalar */
    struct target_enum *enum_type; /* of an enum */
    struct target_model *target;   /* of a relation, with: */
    struct target_relation *relation;
    bool list, required, unique, system, left_out;
    const struct gcm_decision *refused; /* what left it out */
    struct gcm_directives directives;   /* but @relation and @db */
    struct gcm_slices comments;         /* above the field, below those of the source */
};

struct target_model {
    const struct gcm_model *source;
    struct gcm_definition *definition;
    struct gcm_slice name, db_name;
    GCM_VEC(struct target_field *) fields;
    struct gcm_map by_source; /* field name in the source → target_field */
    struct gcm_slices comments;
    bool left_out;
    const struct gcm_decision *refused; /* what left it out */
};

enum target_link { TARGET_LINK_NONE, TARGET_LINK_TABLE, TARGET_LINK_INLINE };

/* A relation as it is going to be. b is NULL where it can be seen from one side only. */
struct target_relation {
    const struct gcm_relation *source; /* NULL: the fields named none */
    struct gcm_slice name;
    struct target_field *a, *b;
    struct target_field *link_on; /* the field that carries `link` */
    enum target_link link;
    struct gcm_slice fault; /* what was wrong with it in the source; empty: nothing */
    bool left_out;
};

/* A type, enum or other definition of the source, in its place among the others. */
struct target_entry {
    struct target_model *model; /* or */
    struct target_enum *enumeration;
    bool first_of_file;
    const struct gcm_document *document;
};

/* What `written` is made from, once the datamodel is final. */
struct pending_text {
    struct gcm_decision *decision;
    const struct target_field *field;
    const struct target_model *model;
    const struct target_enum *enumeration;
};

struct planning {
    struct gcm_arena *arena;
    struct gcm_plan *plan;
    const struct gcm_project *project;
    const struct gcm_rules *rules;
    GCM_VEC(struct target_entry) entries;
    GCM_VEC(struct target_model *) models;
    GCM_VEC(struct target_enum *) enums;
    GCM_VEC(struct target_relation *) relations;
    struct gcm_map models_by_source, enums_by_source; /* by their names in the source */
    struct gcm_map left_out;                          /* names of the user's leave_out */
    struct gcm_map renamed;                           /* name of the user's rename → condition */
    struct gcm_map ids;                               /* decision id → how often it was given */
    struct gcm_map resolvers;                         /* that add a field to the API, by name */
    GCM_VEC(struct pending_text) pending;
    bool legacy; /* the dialect of Prisma 1.30 */
};

/* Facts of a construct: filled one by one, then asked with `decide`. */
struct facts {
    struct planning *planning;
    struct gcm_fact at[24];
    size_t count;
};

/* ---- facts.c ---- */
struct facts facts_of(struct planning *planning, const char *construct);
void fact_add(struct facts *facts, const char *name, struct gcm_slice value);
void fact_text(struct facts *facts, const char *name, const char *value);
void fact_flag(struct facts *facts, const char *name, bool value);
void fact_count(struct facts *facts, const char *name, size_t value);
const struct gcm_rule *rule_of(const struct facts *facts);

/* ---- decisions.c ---- */
/* Adds the decision of a rule about a construct; NULL if rule is NULL. */
struct gcm_decision *decide(const struct facts *facts, const struct gcm_rule *rule,
                            struct gcm_slice subject, struct gcm_place place);
/* Looks the rule up and decides; *rule may be NULL afterwards. */
struct gcm_decision *decide_by_rule(const struct facts *facts, struct gcm_slice subject,
                                    struct gcm_place place, const struct gcm_rule **rule);
bool rule_does(const struct gcm_rule *rule, const char *action);
void written_later(struct planning *planning, struct gcm_decision *decision,
                   const struct target_model *model, const struct target_field *field,
                   const struct target_enum *enumeration);
void written_now(struct gcm_decision *decision, struct gcm_slice text);
void settle_written(struct planning *planning);
void sort_decisions(struct planning *planning);
void add_rename(struct planning *planning, struct gcm_slice from, struct gcm_slice to,
                const struct gcm_decision *decision);
struct gcm_slice field_subject(struct planning *planning, const struct target_field *field);

/* ---- about.c ---- */
/* One kind of thing that a project has, and the fields that are it. */
struct about {
    const char *name; /* the fact `about` */
    size_t count;
    struct gcm_buffer where; /* the first of them, for people */
    struct gcm_place place;
};
void about_meet(struct about *about, struct planning *planning, const struct target_field *field);
/* Decides by the rules about `construct`; nothing where there is no such field. */
void about_decide(struct about *about, struct planning *planning, const char *construct);

/* ---- the parts, in their order ---- */
void plan_project(struct planning *planning);
void plan_verdict(struct planning *planning);
void plan_definitions(struct planning *planning); /* datamodel.c: models, enums, fields */
void plan_model_fields(struct planning *planning, struct target_model *model); /* fields.c */
void plan_default(struct planning *planning, struct target_field *field,
                  const struct gcm_directive *directive);
void plan_relations(struct planning *planning);
void plan_names(struct planning *planning);
void plan_physical_names(struct planning *planning);
void plan_sdl(struct planning *planning);   /* sdl.c: plan->datamodel */
void plan_check(struct planning *planning); /* check.c: validates, repairs, settles the datamodel */
void plan_application(struct planning *planning); /* application.c: names and files */
void plan_permissions(struct planning *planning);
void plan_functions(struct planning *planning);
void plan_data(struct planning *planning);    /* data.c: what the records will meet */
void plan_answers(struct planning *planning); /* answers.c: what clients will see otherwise */

/* Field definition of a text such as "id: ID! @id"; NULL if it is none. */
const struct gcm_field_definition *field_of_text(struct planning *planning, struct gcm_slice text);

/* A name that no field of the model has, whatever its case: `wanted`, or with a number behind it.
 */
struct gcm_slice free_field_name(struct planning *planning, const struct target_model *model,
                                 struct gcm_slice wanted);
/* Leaves a field out of the datamodel, by that decision. */
void leave_out_by(struct target_field *field, const struct gcm_decision *decision);
bool is_left_out(const struct planning *planning, struct gcm_slice name);

/* The line of a field as it is printed (sdl.c). */
struct gcm_slice printed_field(struct planning *planning, const struct target_field *field);
struct gcm_definition *definition_of_model(struct planning *planning,
                                           const struct target_model *model);

#endif
