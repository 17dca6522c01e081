/* physical: identifiers that the database cannot hold (truth/graphcool/random, Prisma part). The
 * name in the API stays; @db gives the table or column a shorter one (for 1.30, which has no @db,
 * the name itself changes). Import and export use the
 * names of the API, so no record changes.
 *
 *                                     MySQL        PostgreSQL
 *   table                             64           63, cut silently
 *   table of a scalar list, T_f       56           63, cut silently
 *   column, unique column             64, 57       63, cut; then nothing can be read
 *   index SERVICE$STAGE.T.f._UNIQUE   -            63, cut: may meet another one */
#include "plan/planning.h"

enum { MYSQL_TABLE = 64, MYSQL_LIST = 56, MYSQL_COLUMN = 64, MYSQL_UNIQUE = 57, POSTGRES = 63 };
enum { SHORT_TABLE = 20, SHORT_COLUMN = 24, TAIL = 6 };

struct physical {
    struct planning *planning;
    struct gcm_map tables, indexes;
    bool postgres;
};

static struct gcm_slice table_of(const struct target_model *model)
{
    return model->db_name.size ? model->db_name : model->name;
}

static struct gcm_slice column_of(const struct target_field *field)
{
    return field->db_name.size ? field->db_name : field->name;
}

static struct gcm_slice key_of(const struct physical *physical, struct gcm_slice name)
{
    struct gcm_arena *arena = physical->planning->arena;
    return physical->postgres ? gcm_slice_sub(name, 0, POSTGRES) : gcm_lower(arena, name);
}

static bool is_taken(const struct physical *physical, struct gcm_slice table, const void *owner)
{
    const void *other = gcm_map_get(&physical->tables, key_of(physical, table));
    return other && other != owner;
}

static void take(struct physical *physical, struct gcm_slice table, void *owner)
{
    gcm_map_put(physical->planning->arena, &physical->tables, key_of(physical, table), owner);
}

static void decide_physical(struct physical *physical, const char *of, const char *fault,
                            struct gcm_slice subject, struct gcm_slice name, struct gcm_slice fixed,
                            const struct target_model *model, const struct target_field *field)
{
    struct planning *planning = physical->planning;
    struct facts facts = facts_of(planning, "physical_name");
    fact_text(&facts, "of", of);
    fact_text(&facts, "fault", fault);
    fact_add(&facts, "name", name);
    fact_add(&facts, "fixed", fixed);
    struct gcm_place place =
        field && field->definition ? field->definition->place : model->definition->place;
    struct gcm_decision *decision = decide_by_rule(&facts, subject, place, NULL);
    if (planning->legacy)
        add_rename(planning, subject, fixed, decision);
    if (field)
        written_later(planning, decision, NULL, field, NULL);
    else
        written_now(decision, gcm_format(planning->arena, "type %.*s @db(name: \"%.*s\")",
                                         GCM_P(model->name), GCM_P(fixed)));
}

/* The name cut to `size`, with a number behind it where that is taken. */
static void shorten_table(struct physical *physical, struct target_model *model, size_t size,
                          const char *fault)
{
    struct gcm_arena *arena = physical->planning->arena;
    struct gcm_slice base = gcm_slice_sub(model->name, 0, size), name = base;
    for (size_t n = 2; is_taken(physical, name, model); n++)
        name = gcm_format(arena, "%.*s%zu", GCM_P(gcm_slice_sub(base, 0, size - TAIL)), n);
    if (physical->planning->legacy)
        model->name = name;
    else
        model->db_name = name;
    take(physical, name, model);
    decide_physical(physical, "table", fault, model->source->name, model->source->name, name, model,
                    NULL);
}

static bool column_is_taken(const struct target_model *model, const struct target_field *field,
                            struct gcm_slice name)
{
    gcm_each (struct target_field *const, other, model->fields)
        if (*other != field && !(*other)->left_out &&
            (gcm_slice_equal_nocase(column_of(*other), name) ||
             gcm_slice_equal_nocase((*other)->name, name)))
            return true;
    return false;
}

/* The older dialect has no @db: there the field itself is renamed. */
static void set_column(struct physical *physical, struct target_field *field, struct gcm_slice name)
{
    if (physical->planning->legacy)
        field->name = name;
    else
        field->db_name = name;
}

static struct gcm_slice list_table(const struct physical *physical,
                                   const struct target_field *field)
{
    return gcm_format(physical->planning->arena, "%.*s_%.*s", GCM_P(table_of(field->model)),
                      GCM_P(column_of(field)));
}

static struct gcm_slice schema_name(struct planning *planning)
{
    const struct gcm_plan_options *options = &planning->plan->options;
    struct gcm_slice service = options->service, stage = options->stage;
    if (!service.size)
        service = GCM_S("a-service-of-thirty-characters");
    if (!stage.size)
        stage = GCM_S("dev");
    return gcm_format(planning->arena, "%.*s$%.*s", GCM_P(service), GCM_P(stage));
}

static struct gcm_slice index_of(struct physical *physical, const struct target_field *field)
{
    struct planning *planning = physical->planning;
    struct gcm_slice name =
        gcm_format(planning->arena, "%.*s.%.*s.%.*s._UNIQUE", GCM_P(schema_name(planning)),
                   GCM_P(table_of(field->model)), GCM_P(column_of(field)));
    return gcm_slice_sub(name, 0, POSTGRES);
}

/* The n-th try at a shorter name; that of an index must differ early, it is cut, too. */
static struct gcm_slice candidate(struct physical *physical, struct gcm_slice name, size_t size,
                                  size_t n, bool index)
{
    struct gcm_arena *arena = physical->planning->arena;
    if (index)
        return gcm_format(arena, "u%zu%.*s", n + 1,
                          GCM_P(gcm_slice_sub(name, 0, SHORT_COLUMN - TAIL)));
    if (n == 1)
        return gcm_slice_sub(name, 0, size);
    return gcm_format(arena, "%.*s%zu", GCM_P(gcm_slice_sub(name, 0, size - TAIL)), n);
}

static void shorten_column(struct physical *physical, struct target_field *field, size_t size,
                           const char *of, const char *fault)
{
    struct gcm_slice name = field->name, fixed;
    bool list = field->list && !field->relation;
    size_t n = 0;
    do {
        fixed = candidate(physical, name, size, ++n, gcm_slice_is(gcm_slice_of(fault), "index"));
        set_column(physical, field, fixed);
    } while (column_is_taken(field->model, field, fixed) ||
             (list && is_taken(physical, list_table(physical, field), field)) ||
             (field->unique && gcm_map_get(&physical->indexes, index_of(physical, field))));
    decide_physical(physical, of, fault, field_subject(physical->planning, field), name, fixed,
                    field->model, field);
}

static void settle_list(struct physical *physical, struct target_field *field)
{
    size_t limit = physical->postgres ? POSTGRES : MYSQL_LIST;
    struct gcm_slice table = list_table(physical, field);
    if (table.size > limit || is_taken(physical, table, field))
        shorten_column(physical, field, SHORT_COLUMN, "list",
                       table.size > limit ? "too_long" : "taken");
    take(physical, list_table(physical, field), field);
}

/* Does the field have a column of its own? */
static bool has_column(const struct target_field *field)
{
    const struct target_relation *relation = field->relation;
    if (relation)
        return relation->link == TARGET_LINK_INLINE && relation->link_on == field;
    return !field->list;
}

static void settle_column(struct physical *physical, struct target_field *field)
{
    size_t limit = physical->postgres ? POSTGRES : field->unique ? MYSQL_UNIQUE : MYSQL_COLUMN;
    if (column_of(field).size > limit)
        shorten_column(physical, field, limit, "column", "too_long");
}

/* PostgreSQL: two indexes of one schema cannot have one name. */
static void settle_index(struct physical *physical, struct target_field *field)
{
    struct target_model *model = field->model;
    struct gcm_map *indexes = &physical->indexes;
    if (gcm_map_get(indexes, index_of(physical, field)) && table_of(model).size > SHORT_TABLE &&
        !model->db_name.size)
        shorten_table(physical, model, SHORT_TABLE, "index");
    if (gcm_map_get(indexes, index_of(physical, field)))
        shorten_column(physical, field, SHORT_COLUMN, "column", "index");
    gcm_map_put(physical->planning->arena, indexes, index_of(physical, field), field);
}

static bool has_lists(const struct target_model *model)
{
    gcm_each (struct target_field *const, field, model->fields)
        if (!(*field)->left_out && (*field)->list && !(*field)->relation)
            return true;
    return false;
}

static void settle_table(struct physical *physical, struct target_model *model)
{
    size_t limit = physical->postgres ? POSTGRES : MYSQL_TABLE;
    size_t list_limit = physical->postgres ? POSTGRES : MYSQL_LIST;
    size_t size = table_of(model).size;
    bool crowded = has_lists(model) && size + 1 + SHORT_COLUMN > list_limit;
    if (size > limit || crowded)
        shorten_table(physical, model, crowded ? SHORT_TABLE : limit, "too_long");
    else if (is_taken(physical, table_of(model), model))
        shorten_table(physical, model, limit - TAIL, "taken");
    take(physical, table_of(model), model);
}

static void settle_model(struct physical *physical, struct target_model *model)
{
    gcm_each (struct target_field *const, at, model->fields) {
        struct target_field *field = *at;
        if (field->left_out)
            continue;
        if (field->list && !field->relation)
            settle_list(physical, field);
        else if (has_column(field))
            settle_column(physical, field);
    }
    /* The indexes last: they hold the name of the table, which may change for one of them. */
    gcm_each (struct target_field *const, field, model->fields)
        if (!(*field)->left_out && (*field)->unique && physical->postgres && !(*field)->list)
            settle_index(physical, *field);
}

void plan_physical_names(struct planning *planning)
{
    struct physical physical = {.planning = planning,
                                .postgres =
                                    planning->plan->options.database == GCM_DATABASE_POSTGRES};
    if (planning->plan->options.database == GCM_DATABASE_MONGO)
        return;
    gcm_each (struct target_relation *const, relation, planning->relations)
        if ((*relation)->link == TARGET_LINK_TABLE)
            take(&physical, gcm_format(planning->arena, "_%.*s", GCM_P((*relation)->name)),
                 *relation);
    gcm_each (struct target_model *const, model, planning->models)
        if (!(*model)->left_out)
            settle_table(&physical, *model);
    gcm_each (struct target_model *const, model, planning->models)
        if (!(*model)->left_out)
            settle_model(&physical, *model);
}
