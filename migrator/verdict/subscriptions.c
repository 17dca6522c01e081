#include "verdict/subscriptions.h"

#include "api/api.h"
#include "graphql/validate.h"

static void told(struct gcm_judge *judge, const struct gcm_function *function,
                 struct gcm_place place, const char *hint, struct gcm_slice problem)
{
    gcm_judge_global(judge, place, hint,
                     "The supplied query for the server side subscription `%.*s` is invalid. %.*s",
                     GCM_P(function->name), GCM_P(problem));
}

/* An error of validation as the server's library worded it: names in single quotes, and the line.
 */
static struct gcm_slice in_server_words(struct gcm_judge *judge, const struct gcm_error *error)
{
    struct gcm_buffer out = gcm_buffer(judge->arena, GCM_BUFFER_CAP);
    for (size_t i = 0; i < error->message.size; i++)
        gcm_putc(&out, error->message.at[i] == '"' ? '\'' : error->message.at[i]);
    gcm_putf(&out, " (line %u, column %u):\n%.*s\n%*s^", error->place.line, error->place.column,
             GCM_P(gcm_place_line(error->place)),
             error->place.column > 1 ? (int)error->place.column - 1 : 0, "");
    return gcm_buffer_text(&out);
}

/* The Simple API with a Subscription type that has this model's field alone. */
static struct gcm_document *api_of(struct gcm_judge *judge, struct gcm_slice model)
{
    if (!judge->api)
        judge->api = gcm_api_simple(judge->arena, judge->project);
    struct gcm_document *document = GCM_NEW(judge->arena, struct gcm_document);
    gcm_each (struct gcm_definition *, at, judge->api->definitions) {
        struct gcm_definition *definition = *at;
        if (gcm_slice_is(definition->name, "Subscription") && gcm_field_named(definition, model)) {
            struct gcm_definition *narrow = GCM_NEW(judge->arena, struct gcm_definition);
            *narrow = *definition;
            narrow->fields = (struct gcm_field_definitions){0};
            *gcm_push(judge->arena, &narrow->fields) = *gcm_field_named(definition, model);
            definition = narrow;
        }
        *gcm_push(judge->arena, &document->definitions) = definition;
    }
    return document;
}

static const struct gcm_selection *first_root(const struct gcm_document *document)
{
    gcm_each (struct gcm_definition *, definition, document->definitions) {
        if ((*definition)->kind == GCM_DEFINITION_OPERATION && (*definition)->selections.count > 0)
            return &(*definition)->selections.at[0];
    }
    return NULL;
}

void gcm_judge_subscription(struct gcm_judge *judge, const struct gcm_function *function)
{
    struct gcm_error first = {.place = function->query->place};
    struct gcm_document *document = gcm_judge_parse(judge, gcm_judge_sent(function->query), &first);
    if (!document || document->definitions.count == 0) {
        told(judge, function, first.place, NULL,
             GCM_S("The subscription query is invalid GraphQL."));
        return;
    }
    const struct gcm_selection *root = first_root(document);
    if (!root || !gcm_map_get(&judge->type_names, root->name)) {
        told(judge, function, root ? root->place : first.place,
             "The root of the query is the name of a model: `subscription { Post { node { id } } "
             "}`.",
             GCM_S("The provided query doesn't include any known model name. Please check for the "
                   "latest subscriptions API."));
        return;
    }
    struct gcm_errors errors = {0};
    const struct gcm_document *api = api_of(judge, root->name);
    gcm_validate(judge->arena, gcm_schema_of(judge->arena, api), document, &errors);
    if (errors.count > 0)
        told(judge, function, errors.at[0].place,
             "One root field, and below it what the subscription payload of the model has.",
             in_server_words(judge, &errors.at[0]));
}
