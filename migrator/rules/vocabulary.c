#include "rules/vocabulary.h"

#include <string.h>

/* Facts of every construct: what is asked for, and where the project comes from. */
static const char everywhere[] = "construct subject name target database api format relation_link "
                                 "system_fields required_relations "
                                 "self_relation name_clash relation_name";

static const struct gcm_construct_words constructs[] = {
    {"project", "shape folder"},
    {"problem", "text file"},
    {"cli_error", "text"},
    {"server_error", "text type field"},
    {"dead_api", "text"},
    {"key", "key"},
    {"variable", "source resolved text"},
    {"root_token", "variable"},
    {"deployment", "cluster service_id"},
    {"model", "directive interface system_type declared fields"},
    {"definition", "kind of"},
    {"field", "type kind list shape arguments model default_needed"},
    {"system_field", "declared type right unique"},
    {"directive", "directive on kind list system argument repeated complete"},
    {"default", "type list literal counts valid written stored kind"},
    {"enum", "used"},
    {"enum_value", "fault fixed"},
    {"relation", "cardinality self sides required link_on fields list_side fault"},
    {"relation_name", "fault fixed"},
    {"name", "of fault clash fixed limit"},
    {"physical_name", "of fault fixed limit"},
    {"datamodel", "fault text error type field"},
    {"permission", "kind action known own authenticated query fields open"},
    {"permission_query", "effect text"},
    {"function", "type handler model_known schema query action environment without_functions"},
    {"left_out", "of because"},
    {"data", "about count where"},
    {"api", "about count where"},
    {"export", "sign"},
    {"record", "fault source where detail"},
};

/* What the plan can do with a construct. */
static const struct gcm_action_words actions[] = {
    {"keep", false},            /* as it is */
    {"note", false},            /* nothing is written for it; people are told */
    {"refuse", false},          /* nothing is written; something is lost, or closed */
    {"leave_out", false},       /* a field, directive, default or value that is not written */
    {"drop_directive", false},  /* the directive is not written */
    {"rename_directive", true}, /* the new name */
    {"add_directive", true},    /* SDL: "@scalarList(strategy: RELATION)" */
    {"set_type", true},         /* the name of the type; its shape stays */
    {"set_field", true},        /* SDL of the field as it is written: "id: ID! @id" */
    {"comment", false},         /* becomes a comment above what it described */
    {"set_default", false},     /* with a literal of the field's kind */
    {"drop_default", false},    /* no default */
    {"rename", true},           /* pattern of the new name: "{name}Type" */
    {"physical", false},        /* the name stays, @db gives table or column a shorter one */
    {"link", true},             /* table, inline or none */
    {"two_fields", true},       /* pattern of the second field's name: "{name}Of" */
    {"one_sided", true},        /* table, inline or none */
    {"name_relation", false},   /* a name of our own */
};

/* What --repair can do with a record. */
static const char *const repairs[] = {
    "accept",      /* sent as it is, knowingly */
    "remove_nul",  /* the text without U+0000 */
    "drop_value",  /* the field, or the element of the list, is left out */
    "drop_record", /* the node, list or row is not sent */
    "read_json",   /* what a text holds, as Json */
    NULL};

bool gcm_is_repair(struct gcm_slice name)
{
    return gcm_slice_in(name, repairs);
}

const struct gcm_construct_words *gcm_construct_named(struct gcm_slice name)
{
    for (size_t i = 0; i < sizeof constructs / sizeof *constructs; i++)
        if (gcm_slice_is(name, constructs[i].name))
            return &constructs[i];
    return NULL;
}

const struct gcm_action_words *gcm_action_named(struct gcm_slice name)
{
    for (size_t i = 0; i < sizeof actions / sizeof *actions; i++)
        if (gcm_slice_is(name, actions[i].name))
            return &actions[i];
    return NULL;
}

static bool has_word(const char *words, struct gcm_slice word)
{
    while (*words) {
        size_t size = strcspn(words, " ");
        if (size == word.size && !memcmp(words, word.at, size))
            return true;
        words += size + (words[size] == ' ');
    }
    return false;
}

bool gcm_construct_has(const struct gcm_construct_words *construct, struct gcm_slice fact)
{
    return fact.size && (has_word(everywhere, fact) || has_word(construct->facts, fact));
}
