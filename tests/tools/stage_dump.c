/* stage_dump FILE: what a stage file holds, one JSON array for each row, read by SQL of its own:
 * the judge must not be the one who wrote it.
 *
 *     ["node", type, id, body]   ["list", type, field, id, body]   ["pair", b type, b field, b, a
 * …]
 *     ["finding", rule, type, id, field, detail] */
#include <sqlite3.h>
#include <stdio.h>

static const char *const queries[] = {
    "SELECT '[\"node\",' || json_quote(t.text) || ',' || json_quote(id) || ',' || CAST(body AS "
    "TEXT) "
    "|| ']' FROM node JOIN name AS t ON t.key = type ORDER BY row",
    "SELECT '[\"list\",' || json_quote(t.text) || ',' || json_quote(f.text) || ',' || "
    "json_quote(id) || ',' || CAST(body AS TEXT) || ']' FROM list JOIN name AS t ON t.key = type "
    "JOIN name AS f ON f.key = field ORDER BY row",
    "SELECT json_array('pair', bt.text, bf.text, b, at.text, af.text, a) FROM pair "
    "JOIN link ON link.key = link JOIN name AS bt ON bt.key = b_type "
    "JOIN name AS at ON at.key = a_type LEFT JOIN name AS bf ON bf.key = b_field "
    "LEFT JOIN name AS af ON af.key = a_field ORDER BY row",
    "SELECT json_array('finding', rule, type, id, field, detail) FROM finding ORDER BY row",
};

static int print(sqlite3 *database, const char *query)
{
    sqlite3_stmt *statement = NULL;
    if (sqlite3_prepare_v2(database, query, -1, &statement, NULL) != SQLITE_OK)
        return 1;
    int code;
    while ((code = sqlite3_step(statement)) == SQLITE_ROW) {
        const void *text = sqlite3_column_blob(statement, 0);
        fwrite(text, 1, (size_t)sqlite3_column_bytes(statement, 0), stdout);
        putchar('\n');
    }
    sqlite3_finalize(statement);
    return code != SQLITE_DONE;
}

int main(int argc, char **argv)
{
    sqlite3 *database = NULL;
    int bad = argc != 2 || sqlite3_open_v2(argv[1], &database, SQLITE_OPEN_READWRITE, NULL);
    for (size_t i = 0; !bad && i < sizeof queries / sizeof *queries; i++)
        bad = print(database, queries[i]);
    if (bad)
        fprintf(stderr, "stage_dump: %s\n", database ? sqlite3_errmsg(database) : "usage");
    sqlite3_close(database);
    return bad;
}
