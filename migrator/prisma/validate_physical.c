/* P rules: what the database then refuses, so that the migration is rolled back (spec/prisma1.md
 * §1.3, "Physical limits that no validator knows"). */
#include "prisma/storage.h"
#include "prisma/validate.h"

enum {
    NAME_LIMIT = 64,        /* MySQL: a table or a column */
    KEYED_TABLE_LIMIT = 56, /* MySQL: a table whose foreign keys get names when it is created */
    UNIQUE_LIMIT = 57,      /* MySQL: a column whose index is called <column>_UNIQUE */
    POSTGRES_LIMIT = 63,    /* longer names are cut there without a word */
    KEY_LIMIT = 64,         /* MySQL: keys of a table */
    ROW_LIMIT = 65535,      /* MySQL: bytes of a row */
    PAGE_LIMIT = 8126,      /* MySQL: bytes of a row that stay in its page */
    ENUM_BYTES = 191 * 4 + 2,
    LOCAL_BYTES = 41, /* what a long column may keep in the page, with its length */
    KEY_BYTES = 75    /* an id of 25 characters */
};

struct physical {
    struct gcm_check *check;
    bool mysql;
    struct gcm_map relations;    /* tables, indexes, sequences by name: what PostgreSQL keeps apart
                                    by one name */
    struct gcm_map foreign_keys; /* MySQL: tables made with foreign keys, in lower case */
    struct gcm_map joins;        /* relations whose table was seen, by name */
};

static struct gcm_slice cut(const struct physical *physical, struct gcm_slice name)
{
    return physical->mysql ? name : gcm_slice_sub(name, 0, POSTGRES_LIMIT);
}

/* P5: a table, index or sequence of this name. */
static void claim(struct physical *physical, const struct gcm_prisma_type *type,
                  const struct gcm_prisma_field *field, struct gcm_slice name)
{
    struct gcm_check *check = physical->check;
    struct gcm_slice kept = cut(physical, gcm_copy(check->arena, name));
    if (!gcm_map_put(check->arena, &physical->relations, kept, check))
        return;
    struct gcm_slice message =
        physical->mysql
            ? gcm_format(check->arena, "Table '%.*s' already exists", GCM_P(kept))
            : gcm_format(check->arena, "ERROR: relation \"%.*s\" already exists", GCM_P(kept));
    if (field)
        gcm_check_field(check, "P5", field, "%.*s", GCM_P(message));
    else
        gcm_check_type(check, "P5", type, "%.*s", GCM_P(message));
}

/* P1–P3 and P9 of a table. `field` is NULL for the table of a type. */
static void check_table(struct physical *physical, const struct gcm_prisma_type *type,
                        const struct gcm_prisma_field *field, struct gcm_slice name)
{
    struct gcm_check *check = physical->check;
    claim(physical, type, field, name);
    if (!physical->mysql)
        return;
    if (!name.size || name.size > NAME_LIMIT) {
        const char *rule = name.size ? "P2" : "P1";
        if (field)
            gcm_check_field(check, rule, field, "Incorrect table name '%.*s'", GCM_P(name));
        else
            gcm_check_type(check, rule, type, "Incorrect table name '%.*s'", GCM_P(name));
        return;
    }
    if (!field)
        return;
    if (name.size > KEYED_TABLE_LIMIT)
        gcm_check_field(check, "P3", field, "Identifier name '%.*s_ibfk_1' is too long",
                        GCM_P(name));
    struct gcm_slice lower = gcm_lower(check->arena, name);
    const char *known = gcm_map_get(&physical->foreign_keys, lower);
    if (known && !gcm_slice_is(name, known))
        gcm_check_field(check, "P9", field,
                        "Can't create table `%.*s` (errno: 121 \"Duplicate key on write or "
                        "update\")",
                        GCM_P(name));
    char *copy = gcm_arena_alloc(check->arena, name.size + 1);
    for (size_t i = 0; i < name.size; i++)
        copy[i] = name.at[i];
    gcm_map_put(check->arena, &physical->foreign_keys, lower, copy);
}

/* P1, P2, P4, P6 of a column. */
static void check_column(struct physical *physical, struct gcm_map *columns,
                         const struct gcm_prisma_field *field)
{
    struct gcm_check *check = physical->check;
    struct gcm_slice name = gcm_column_of(field);
    struct gcm_slice key = physical->mysql ? gcm_lower(check->arena, name) : cut(physical, name);
    if (!name.size) {
        gcm_check_field(check, "P1", field,
                        physical->mysql ? "Incorrect column name ''"
                                        : "ERROR: zero-length delimited identifier at or near "
                                          "\"\"\"\"");
        return;
    }
    if (gcm_map_put(check->arena, columns, key, check)) {
        if (physical->mysql)
            gcm_check_field(check, "P6", field, "Duplicate column name '%.*s'", GCM_P(name));
        else
            gcm_check_field(check, "P6", field,
                            "ERROR: column \"%.*s\" of relation \"%.*s\" already exists",
                            GCM_P(cut(physical, name)), GCM_P(gcm_table_of(field->type)));
    }
    if (physical->mysql && name.size > NAME_LIMIT)
        gcm_check_field(check, "P2", field, "Identifier name '%.*s' is too long", GCM_P(name));
    else if (physical->mysql && field->unique && !field->target && name.size > UNIQUE_LIMIT)
        gcm_check_field(check, "P4", field, "Identifier name '%.*s_UNIQUE' is too long",
                        GCM_P(name));
    /* in the older dialect the id is called @unique; it is the primary key, without an index */
    bool id = field->id || (check->legacy && gcm_slice_is(field->name, "id"));
    if (!physical->mysql && field->unique && !id && !field->target)
        claim(physical, field->type, field,
              gcm_format(check->arena, "%.*s.%.*s.%.*s._UNIQUE", GCM_P(check->project),
                         GCM_P(gcm_table_of(field->type)), GCM_P(name)));
}

/* P5: the sequence of an Int id. */
static void check_sequence(struct physical *physical, const struct gcm_prisma_field *field)
{
    struct gcm_check *check = physical->check;
    struct gcm_slice name;
    if (physical->mysql || !field->id || !gcm_slice_is(field->type_name, "Int"))
        return;
    if (field->strategy == GCM_ID_AUTO)
        claim(physical, field->type, field,
              gcm_format(check->arena, "%.*s_%.*s_seq", GCM_P(field->type->name),
                         GCM_P(field->name)));
    else if (field->strategy == GCM_ID_SEQUENCE &&
             gcm_value_text(gcm_directive_value(&field->definition->directives, "sequence", "name"),
                            &name))
        claim(physical, field->type, field, name);
}

/* P7: a required column is filled with its default when it is made, and null is none. */
static void check_filler(struct gcm_check *check, const struct gcm_prisma_field *field)
{
    if (field->required && !field->id && field->default_value &&
        field->default_value->kind == GCM_VALUE_STRING &&
        gcm_slice_is(field->default_value->text, "null"))
        gcm_check_field(check, "P7", field,
                        "java.lang.RuntimeException: the text \"null\" as the default of a "
                        "required field stands for no value at all; the migration fails");
}

/* P8: MySQL's limits of a whole row. */
static void check_row(struct gcm_check *check, const struct gcm_prisma_type *type)
{
    size_t keys = 1, bytes = KEY_BYTES, local = KEY_BYTES;
    gcm_each (struct gcm_prisma_field *, at, type->fields) {
        const struct gcm_prisma_field *field = *at;
        if (!gcm_has_column(field))
            continue;
        bool wide = gcm_slice_is(field->type_name, "String") ||
                    gcm_slice_is(field->type_name, "Json") || field->kind == GCM_PRISMA_ENUM;
        keys += field->target || (field->unique && !field->id);
        bytes += field->kind == GCM_PRISMA_ENUM ? ENUM_BYTES : wide ? 11 : 8;
        local += wide ? LOCAL_BYTES : 8;
    }
    if (keys > KEY_LIMIT)
        gcm_check_type(check, "P8", type, "Too many keys specified; max 64 keys allowed");
    if (bytes > ROW_LIMIT || local > PAGE_LIMIT)
        gcm_check_type(check, "P8", type,
                       "Row size too large: the type has more columns than a row of the table "
                       "can hold");
}

static void check_join(struct physical *physical, const struct gcm_prisma_field *field)
{
    struct gcm_check *check = physical->check;
    struct gcm_slice relation = gcm_relation_name_of(check->arena, field);
    if (gcm_map_put(check->arena, &physical->joins, relation, check))
        return;
    const struct gcm_prisma_type *described = gcm_map_get(&check->datamodel->type_names, relation);
    struct gcm_slice table = gcm_format(check->arena, "_%.*s", GCM_P(relation));
    if (described && described->relation_table) {
        struct gcm_map columns = {0};
        table = gcm_table_of(described);
        gcm_each (struct gcm_prisma_field *, column, described->fields)
            check_column(physical, &columns, *column);
    }
    check_table(physical, field->type, field, table);
    if (physical->mysql)
        return;
    claim(physical, field->type, field, gcm_format(check->arena, "%.*s_AB_unique", GCM_P(table)));
    claim(physical, field->type, field, gcm_format(check->arena, "%.*s_B", GCM_P(table)));
}

static void check_type(struct physical *physical, const struct gcm_prisma_type *type)
{
    struct gcm_map columns = {0};
    bool has_id = false;
    check_table(physical, type, NULL, gcm_table_of(type));
    gcm_each (struct gcm_prisma_field *, at, type->fields) {
        const struct gcm_prisma_field *field = *at;
        if (field->id && has_id) /* a second id gets no column */
            continue;
        has_id = has_id || field->id;
        if (gcm_has_column(field) && !(field->target && physical->check->legacy))
            check_column(physical, &columns, field);
        else if (!field->target)
            check_table(physical, type, field, gcm_list_table_of(physical->check->arena, field));
        check_sequence(physical, field);
        check_filler(physical->check, field);
    }
    if (physical->mysql)
        check_row(physical->check, type);
}

void gcm_check_physical(struct gcm_check *check)
{
    struct physical physical = {.check = check, .mysql = check->database == GCM_DATABASE_MYSQL};
    if (check->database == GCM_DATABASE_MONGO)
        return;
    gcm_each (struct gcm_prisma_type *, type, check->datamodel->types)
        if (!(*type)->relation_table)
            check_type(&physical, *type);
    gcm_each (struct gcm_prisma_type *, type, check->datamodel->types)
        gcm_each (struct gcm_prisma_field *, field, (*type)->fields)
            if (!(*type)->relation_table && gcm_in_join_table(*field))
                check_join(&physical, *field);
}
