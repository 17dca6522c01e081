/* check: reads datamodels, one JSON object a line ({"datamodel": …, "database": …}), and prints
 * what the validator says of each: one JSON array a line. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cJSON.h>

#include "graphql/parse.h"
#include "prisma/datamodel.h"

static void add(cJSON *list, struct gcm_arena *arena, const struct gcm_datamodel_error *error)
{
    cJSON *item = cJSON_CreateObject();
    cJSON_AddStringToObject(item, "rule", error->rule);
    cJSON_AddStringToObject(item, "type", gcm_cstring(arena, error->type));
    if (error->field.size)
        cJSON_AddStringToObject(item, "field", gcm_cstring(arena, error->field));
    else
        cJSON_AddNullToObject(item, "field");
    cJSON_AddStringToObject(item, "description", gcm_cstring(arena, error->message));
    cJSON_AddItemToArray(list, item);
}

static void check(const char *text, const char *database)
{
    struct gcm_arena arena = {0};
    struct gcm_file file = {GCM_S("datamodel"), gcm_slice_of(text)};
    struct gcm_errors syntax = {0};
    struct gcm_datamodel_errors errors = {0};
    struct gcm_document *document = gcm_graphql_parse(&arena, &file, GCM_DIALECT_PRISMA, &syntax);
    gcm_each (struct gcm_error, error, syntax)
        *gcm_push(&arena, &errors) = (struct gcm_datamodel_error){
            .rule = "S", .type = GCM_S("Global"), .message = error->message};
    if (!errors.count)
        gcm_datamodel_validate(&arena, gcm_datamodel_of(&arena, document),
                               !strcmp(database, "postgres") ? GCM_DATABASE_POSTGRES
                               : !strcmp(database, "mongo")  ? GCM_DATABASE_MONGO
                                                             : GCM_DATABASE_MYSQL,
                               &errors);
    cJSON *list = cJSON_CreateArray();
    gcm_each (struct gcm_datamodel_error, error, errors)
        add(list, &arena, error);
    char *printed = cJSON_PrintUnformatted(list);
    puts(printed);
    free(printed);
    cJSON_Delete(list);
    gcm_arena_free(&arena);
}

int main(void)
{
    char *line = NULL;
    size_t room = 0;
    while (getline(&line, &room, stdin) > 0) {
        cJSON *item = cJSON_Parse(line);
        const char *text = cJSON_GetStringValue(cJSON_GetObjectItem(item, "datamodel"));
        const char *database = cJSON_GetStringValue(cJSON_GetObjectItem(item, "database"));
        check(text ? text : "", database ? database : "mysql");
        cJSON_Delete(item);
    }
    free(line);
    return 0;
}
