/* values: one value of the source as the target takes it. The text of a value is kept as it
 * came wherever that is possible; what the target would refuse or change is a fault
 * (spec/prisma1.md §3.2, truth/ndf). */
#include "transfer/records/making.h"
#include "transfer/records/pglz.h"
#include "transfer/records/text.h"
#include "transfer/records/time.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

enum { ID_LENGTH = 25, UNIQUE_SAFE = 2000, MEDIUM_TEXT = 16777215 };

struct value {
    struct making *making;
    struct gcm_buffer *out;
    const struct gcm_shape_field *field;
    struct gcm_raw raw;
    bool list; /* an element of a list */
};

static enum gcm_repair fault(const struct value *value, const char *name)
{
    return making_value_fault(value->making, name, value->field, value->raw.text);
}

static bool is_postgres(const struct making *making)
{
    return making->maker->shape->database == GCM_DATABASE_POSTGRES;
}

static bool is_mysql(const struct making *making)
{
    return making->maker->shape->database == GCM_DATABASE_MYSQL;
}

/* Writes the text as it came, unless the fault's repair leaves it out. */
static bool put_unless_dropped(const struct value *value, enum gcm_repair repair)
{
    if (repair == GCM_REPAIR_DROP_VALUE)
        return false;
    gcm_put(value->out, value->raw.text);
    return true;
}

static bool put_faulty(const struct value *value, const char *name)
{
    return put_unless_dropped(value, fault(value, name));
}

/* ---- numbers ---- */

/* A number, or the text of one, as a writer of older exports printed some. */
static bool take_number(struct value *value)
{
    struct gcm_raw number;
    struct gcm_raw_error ignored;
    if (value->raw.kind == GCM_RAW_NUMBER)
        return true;
    if (value->raw.kind != GCM_RAW_STRING)
        return false;
    struct gcm_slice inside = gcm_slice_sub(value->raw.text, 1, value->raw.text.size - 2);
    if (!gcm_raw_read(inside, &number, &ignored) || number.kind != GCM_RAW_NUMBER)
        return false;
    fault(value, "number-text");
    value->raw = number;
    return true;
}

/* At most nine digits, and nothing else. */
static bool is_small(struct gcm_slice text)
{
    size_t sign = text.size && text.at[0] == '-';
    for (size_t i = sign; i < text.size; i++)
        if (!gcm_is_digit(text.at[i]))
            return false;
    return text.size > sign && text.size - sign <= 9;
}

static bool put_int(struct value *value)
{
    int64_t number;
    if (!take_number(value))
        return put_faulty(value, "wrong-kind");
    struct gcm_slice text = value->raw.text;
    if (is_small(text)) {
        gcm_put(value->out, text);
        return true;
    }
    bool whole = gcm_number_integer(text, &number);
    if (gcm_number_compare(text, GCM_S("2147483647")) > 0 ||
        gcm_number_compare(text, GCM_S("-2147483648")) < 0)
        return put_faulty(value, "int-range");
    if (!whole)
        return put_faulty(value, "int-fraction");
    gcm_put(value->out, text);
    return true;
}

static bool same_number(struct gcm_slice text, const char *printed)
{
    return gcm_number_compare(text, gcm_slice_of(printed)) == 0;
}

/* The shortest decimal text of a double. */
static void print_double(char *text, size_t size, double number, int most)
{
    for (int digits = most < 15 ? most : 15; digits <= most; digits++) {
        snprintf(text, size, "%.*g", digits, number);
        if (strtod(text, NULL) == number)
            return;
    }
}

/* With so few digits a double, and what is printed of it, are the number that was meant. */
static bool is_exact(struct gcm_slice text, double number)
{
    enum { SURE_DIGITS = 15 };
    size_t digits = 0;
    for (size_t i = 0; i < text.size && (text.at[i] | 0x20) != 'e'; i++)
        digits += gcm_is_digit(text.at[i]) && (digits || text.at[i] != '0');
    return !digits || (digits <= SURE_DIGITS && fabs(number) >= 1e-13);
}

/* What the target does to a Float without a word; NULL: nothing. The server reads doubles, the
 * column has 30 decimals, PostgreSQL keeps 15 digits. */
static const char *float_fault(const struct value *value, double number)
{
    char text[64], decimals[128];
    if (is_exact(value->raw.text, number))
        return NULL;
    print_double(text, sizeof text, number, 17);
    if (fabs(number) < 1e-13) {
        snprintf(decimals, sizeof decimals, "%.30f", number);
        if (!same_number(gcm_slice_of(text), decimals))
            return "float-small";
    }
    if (is_postgres(value->making)) {
        snprintf(text, sizeof text, "%.15g", number);
        if (!same_number(value->raw.text, text))
            return "float-digits";
    }
    return same_number(value->raw.text, text) ? NULL : "float-precision";
}

static bool put_float(struct value *value)
{
    if (!take_number(value))
        return put_faulty(value, "wrong-kind");
    double number = strtod(gcm_cstring(value->making->arena, value->raw.text), NULL);
    if (!(fabs(number) < 1e35))
        return put_faulty(value, "float-range");
    const char *name = float_fault(value, number);
    if (name)
        return put_faulty(value, name);
    gcm_put(value->out, value->raw.text);
    return true;
}

static bool put_boolean(const struct value *value)
{
    struct gcm_slice text = value->raw.text;
    if (value->raw.kind == GCM_RAW_TRUE || value->raw.kind == GCM_RAW_FALSE)
        gcm_put(value->out, text);
    else if (gcm_slice_is(text, "1"))
        gcm_puts(value->out, "true");
    else if (gcm_slice_is(text, "0"))
        gcm_puts(value->out, "false");
    else
        return put_faulty(value, "wrong-kind");
    return true;
}

/* ---- texts ---- */

/* A text where a rule made a String of another type. */
static bool take_text(struct value *value)
{
    const struct gcm_field *source = value->field->source;
    if (value->raw.kind == GCM_RAW_STRING)
        return true;
    bool other =
        source && (source->scalar == GCM_SCALAR_INT || source->scalar == GCM_SCALAR_FLOAT ||
                   source->scalar == GCM_SCALAR_BOOLEAN || source->scalar == GCM_SCALAR_JSON);
    if (!other || !gcm_slice_is(value->field->to->type_name, "String"))
        return false;
    struct gcm_buffer text = gcm_buffer(value->making->arena, GCM_BUFFER_CAP);
    gcm_put_raw_string(&text, value->raw.text);
    value->raw = (struct gcm_raw){gcm_buffer_text(&text), GCM_RAW_STRING};
    return true;
}

static bool is_id_type(const struct gcm_shape_field *field)
{
    return gcm_slice_is(field->to->type_name, "ID");
}

/* What is wrong with a text in a column of ids; NULL: nothing. */
static const char *id_fault(const struct making *making, struct gcm_slice id)
{
    if (gcm_text_length(id) > ID_LENGTH)
        return "id-long";
    if (is_mysql(making) && gcm_text_has_wide(id))
        return "id-wide";
    if (is_mysql(making) && id.size && id.at[id.size - 1] == ' ')
        return "id-blank";
    return NULL;
}

static const char *text_fault(const struct value *value)
{
    const struct making *making = value->making;
    const struct gcm_prisma_field *to = value->field->to;
    struct gcm_slice raw = value->raw.text;
    bool long_unique = is_postgres(making) && to->unique && raw.size > UNIQUE_SAFE;
    bool long_text = is_mysql(making) && raw.size > MEDIUM_TEXT;
    if (!long_unique && !long_text && !is_id_type(value->field))
        return NULL;
    struct gcm_slice text = gcm_raw_string(making->arena, value->raw);
    if (is_id_type(value->field))
        return id_fault(making, text);
    if (long_unique && gcm_index_row(text) > GCM_INDEX_ROW)
        return "unique-long";
    return long_text && text.size > MEDIUM_TEXT ? "text-long" : NULL;
}

/* The url of a node of File: what it names is gone. */
static bool is_file_url(const struct value *value)
{
    return gcm_slice_is(value->field->name, "url") &&
           gcm_slice_is(value->making->record->type, "File") &&
           gcm_slice_starts(value->raw.text, "\"https://files.graph.cool/");
}

static bool put_text(struct value *value)
{
    if (!take_text(value))
        return put_faulty(value, "wrong-kind");
    if (is_file_url(value))
        making_value_fault(value->making, "file-url", value->field, GCM_S(""));
    if (is_postgres(value->making) && gcm_raw_has_nul(value->raw)) {
        enum gcm_repair repair = fault(value, "nul");
        if (repair == GCM_REPAIR_DROP_VALUE)
            return false;
        if (repair == GCM_REPAIR_REMOVE_NUL)
            value->raw = gcm_raw_without_nul(value->making->arena, value->raw);
    }
    const char *name = text_fault(value);
    if (name)
        return put_faulty(value, name);
    gcm_put(value->out, value->raw.text);
    return true;
}

/* `"\"RED\""`: an element of an enum list as 0.11.4 exported it. */
static struct gcm_slice without_quotes(struct gcm_slice text)
{
    bool quoted = text.size > 2 && text.at[0] == '"' && text.at[text.size - 1] == '"';
    return quoted ? gcm_slice_sub(text, 1, text.size - 2) : text;
}

static bool put_enum(struct value *value)
{
    if (value->raw.kind != GCM_RAW_STRING)
        return put_faulty(value, "wrong-kind");
    struct gcm_slice text = gcm_raw_string(value->making->arena, value->raw);
    if (value->list)
        text = without_quotes(text);
    const struct gcm_shape_value *member = gcm_map_get(value->field->values, text);
    if (!member)
        return put_faulty(value, "enum-member");
    if (!member->to.size)
        return put_faulty(value, "enum-left-out");
    gcm_put_raw_string(value->out, member->to);
    return true;
}

/* ---- points in time ---- */

static const char *time_fault(const struct making *making, const struct gcm_time *time)
{
    if (is_mysql(making) && time->year > 9999)
        return "date-far";
    if (is_mysql(making) && time->year < 1)
        return "date-year";
    if (time->cut)
        return "date-digits";
    bool before =
        time->year < 1582 ||
        (time->year == 1582 && (time->month < 10 || (time->month == 10 && time->day < 15)));
    return before && time->year > 0 ? "date-calendar" : NULL;
}

static bool put_time(struct value *value)
{
    struct gcm_time time = {0};
    struct gcm_arena *arena = value->making->arena;
    struct gcm_slice text = {0};
    if (value->raw.kind == GCM_RAW_STRING) {
        text = gcm_raw_string(arena, value->raw);
        time = gcm_time_read(text);
    }
    if (!time.understood)
        return put_faulty(value,
                          value->raw.kind == GCM_RAW_STRING ? "date-unreadable" : "wrong-kind");
    const char *name = time_fault(value->making, &time);
    if (name && fault(value, name) == GCM_REPAIR_DROP_VALUE)
        return false;
    if (time.exact && text.size + 2 == value->raw.text.size)
        gcm_put(value->out, value->raw.text);
    else
        gcm_put_raw_string(value->out, gcm_time_text(arena, &time));
    return true;
}

/* ---- Json ---- */

static bool put_json(struct value *value)
{
    struct gcm_raw inside;
    if (value->raw.kind == GCM_RAW_STRING &&
        gcm_raw_holds_json(value->making->arena, value->raw, &inside) &&
        fault(value, "json-text") == GCM_REPAIR_READ_JSON)
        value->raw = inside;
    if (is_mysql(value->making) && value->raw.text.size > MEDIUM_TEXT)
        return put_faulty(value, "text-long");
    gcm_put(value->out, value->raw.text);
    return true;
}

/* ---- */

bool making_value(struct making *making, struct gcm_buffer *out,
                  const struct gcm_shape_field *field, struct gcm_raw raw, bool list)
{
    struct value value = {making, out, field, raw, list};
    struct gcm_slice type = field->to->type_name;
    if (raw.kind == GCM_RAW_NULL && !gcm_slice_is(type, "Json"))
        return put_faulty(&value, "list-null");
    if (field->values && field->to->kind == GCM_PRISMA_ENUM)
        return put_enum(&value);
    if (gcm_slice_is(type, "Int"))
        return put_int(&value);
    if (gcm_slice_is(type, "Float"))
        return put_float(&value);
    if (gcm_slice_is(type, "Boolean"))
        return put_boolean(&value);
    if (gcm_slice_is(type, "DateTime"))
        return put_time(&value);
    if (gcm_slice_is(type, "Json"))
        return put_json(&value);
    return put_text(&value);
}

void making_id(struct making *making, struct gcm_slice id)
{
    const char *name = id_fault(making, id);
    if (!id.size)
        making_fault(making, "id-empty", GCM_S("id"), GCM_S(""));
    if (name)
        making_fault(making, name, GCM_S("id"), id);
    if (is_postgres(making) && gcm_slice_find(id, '\0') < id.size)
        making_fault(making, "nul", GCM_S("id"), GCM_S(""));
}
