/* plural: evo-inflector 1.2 as tables. The first rule that matches wins; a rule matches where the
 * noun, in small letters, ends with one of its words. What is put in place of the end keeps its own
 * case, whatever the noun's: KEY → KEys, ADDRESS → ADDREsses (spec/graphcool-framework.md §6.2). */
#include "core/plural.h"

#include <string.h>

static const char *const unchanged[] = {
    "fish",     "ois",      "sheep",       "deer",         "pox",      "itis",       "bison",
    "flounder", "pliers",   "bream",       "gallows",      "rabies",   "breeches",   "graffiti",
    "britches", "salmon",   "proceedings", "headquarters", "carp",     "herpes",     "scissors",
    "chassis",  "clippers", "high-jinks",  "sea-bass",     "homework", "series",     "cod",
    "innings",  "shears",   "contretemps", "jackanapes",   "species",  "corps",      "mackerel",
    "swine",    "debris",   "measles",     "trout",        "diabetes", "mews",       "tuna",
    "djinn",    "mumps",    "whiting",     "eland",        "news",     "wildebeest", "elk",
    "pincers",  "sugar",    NULL};
static const char *const child[] = {"child", NULL};
static const char *const ephemeris[] = {"ephemeris", NULL};
static const char *const mongoose[] = {"mongoose", NULL};
static const char *const mythos[] = {"mythos", NULL};
static const char *const soliloquy[] = {"soliloquy", NULL};
static const char *const trilby[] = {"trilby", NULL};
static const char *const genus[] = {"genus", NULL};
static const char *const quiz[] = {"quiz", NULL};
static const char *const only_s[] = {"beef", "brother", "cow", "genie", "money", NULL};
static const char *const opus[] = {"opus", NULL};
/* Its other words are capitalised in the library and so never match: German → Germen. */
static const char *const human[] = {"human", NULL};
static const char *const man[] = {"man", NULL};
static const char *const mouse[] = {"louse", "mouse", NULL};
static const char *const tooth[] = {"tooth", NULL};
static const char *const goose[] = {"goose", NULL};
static const char *const foot[] = {"foot", NULL};
static const char *const zoon[] = {"zoon", NULL};
static const char *const sis[] = {"cis", "sis", "xis", NULL};
static const char *const ex_ices[] = {"codex", "murex", "silex", "radix", "helix", NULL};
static const char *const um_a[] = {"bacterium", "agendum", "desideratum", "erratum",     "stratum",
                                   "datum",     "ovum",    "extremum",    "candelabrum", NULL};
static const char *const on_a[] = {"criterion",    "perihelion", "aphelion", "phenomenon",
                                   "prolegomenon", "noumenon",   "organon",  "asyndeton",
                                   "hyperbaton",   NULL};
static const char *const a_ae[] = {"alumna", "alga", "vertebra", "persona", NULL};
static const char *const us_i[] = {"alumnus", "alveolus", "bacillus", "bronchus",  "locus",
                                   "nucleus", "stimulus", "meniscus", "thesaurus", NULL};
static const char *const sibilant[] = {"ch", "sh", "z", "x", NULL};
static const char *const s_es[] = {
    "acropolis", "chaos",   "lens",     "aegis",     "cosmos",     "mantis", "alias",
    "dais",      "marquis", "asbestos", "digitalis", "metropolis", "atlas",  "epidermis",
    "pathos",    "bathos",  "ethos",    "pelvis",    "bias",       "gas",    "polis",
    "caddis",    "glottis", "cannabis", "sassafras", "rhinoceros", "canvas", "ibis",
    "trellis",   "iris",    "clitoris", "us",        NULL};
static const char *const a_as[] = {
    "anathema", "enema",    "oedema", "bema",    "enigma",  "sarcoma",  "carcinoma", "gumma",
    "schema",   "charisma", "lemma",  "soma",    "diploma", "lymphoma", "stigma",    "dogma",
    "magma",    "stoma",    "drama",  "melisma", "trauma",  "edema",    "miasma",    NULL};
static const char *const ss[] = {"ss", NULL};
static const char *const lf[] = {"alf", "elf", "olf", "arf", NULL};
static const char *const eaf[] = {"eaf", NULL};
static const char *const ife[] = {"nife", "life", "wife", NULL};
static const char *const vowel_y[] = {"ay", "ey", "iy", "oy", "uy", NULL};
static const char *const y[] = {"y", NULL};
static const char *const o_os[] = {"solo",      "soprano",     "basso",     "alto",
                                   "contralto", "tempo",       "piano",     "virtuoso",
                                   "albino",    "archipelago", "armadillo", "commando",
                                   "crescendo", "fiasco",      "ditto",     "dynamo",
                                   "embryo",    "ghetto",      "guano",     "inferno",
                                   "jumbo",     "lumbago",     "magneto",   "manifesto",
                                   "medico",    "octavo",      "photo",     "pro",
                                   "quarto",    "canto",       "lingo",     "generalissimo",
                                   "stylo",     "rhino",       "casino",    "auto",
                                   "macro",     "zero",        "ao",        "eo",
                                   "io",        "oo",          "uo",        NULL};
static const char *const o[] = {"o", NULL};
static const char *const s[] = {"s", NULL};
static const char *const any[] = {"", NULL};

/* A word matches at the end; `cut` letters go, `put` comes. */
struct rule {
    const char *const *words;
    size_t cut;
    const char *put;
    char not_behind; /* there must be a letter before the word, and not this one */
};

static const struct rule before_ulum[] = {
    {unchanged, 0, "", 0},       {child, 4, "hildren", 0}, {ephemeris, 8, "phemerides", 0},
    {mongoose, 7, "ongoose", 0}, {mythos, 5, "ythoi", 0},  {soliloquy, 8, "oliloquies", 0},
    {trilby, 5, "rilbys", 0},    {genus, 4, "enera", 0},   {quiz, 3, "uizzes", 0},
    {only_s, 0, "s", 0},         {opus, 0, "es", 0},       {human, 0, "s", 0},
    {man, 3, "men", 0},          {mouse, 4, "ice", 0},     {tooth, 5, "teeth", 0},
    {goose, 5, "geese", 0},      {foot, 4, "feet", 0},     {zoon, 4, "zoa", 0},
    {sis, 2, "es", 0},           {ex_ices, 2, "ices", 0},  {um_a, 2, "a", 0},
    {on_a, 2, "a", 0},           {a_ae, 1, "ae", 0},       {us_i, 2, "i", 0},
    {sibilant, 0, "es", 0},      {s_es, 0, "es", 0},       {a_as, 0, "s", 0},
    {ss, 2, "sses", 0},          {lf, 1, "ves", 0},        {eaf, 1, "ves", 'd'},
    {ife, 2, "ves", 0},          {vowel_y, 1, "ys", 0},    {y, 1, "ies", 0},
    {o_os, 1, "os", 0},          {o, 1, "oes", 0},
};
/* CurriculumItem → CurriculaItem comes between these and the ones above. */
static const struct rule behind_ulum[] = {
    {s, 1, "ses", 0},
    {any, 0, "s", 0},
};

static bool rule_matches(const struct rule *rule, struct gcm_slice lower)
{
    for (const char *const *word = rule->words; *word; word++) {
        size_t size = strlen(*word);
        if (!gcm_slice_ends(lower, *word))
            continue;
        if (!rule->not_behind ||
            (lower.size > size && lower.at[lower.size - size - 1] != rule->not_behind))
            return true;
    }
    return false;
}

static const struct rule *first_match(const struct rule *rules, size_t count,
                                      struct gcm_slice lower)
{
    for (size_t i = 0; i < count; i++)
        if (rule_matches(&rules[i], lower))
            return &rules[i];
    return NULL;
}

static struct gcm_slice apply(struct gcm_arena *arena, const struct rule *rule,
                              struct gcm_slice noun)
{
    struct gcm_slice stem = gcm_slice_sub(noun, 0, noun.size - rule->cut);
    return gcm_format(arena, "%.*s%s", GCM_P(stem), rule->put);
}

/* The one rule that matches anywhere: the first "ulum" becomes "ula". False where there is none. */
static bool replace_ulum(struct gcm_arena *arena, struct gcm_slice noun, struct gcm_slice lower,
                         struct gcm_slice *plural)
{
    for (size_t i = 0; i + 4 <= lower.size; i++) {
        if (!gcm_slice_starts(gcm_slice_sub(lower, i, 4), "ulum"))
            continue;
        struct gcm_slice head = gcm_slice_sub(noun, 0, i);
        struct gcm_slice tail = gcm_slice_sub(noun, i + 4, noun.size);
        *plural = gcm_format(arena, "%.*sula%.*s", GCM_P(head), GCM_P(tail));
        return true;
    }
    return false;
}

static struct gcm_slice inflect(struct gcm_arena *arena, struct gcm_slice noun)
{
    struct gcm_slice lower = gcm_lower(arena, noun), plural;
    const struct rule *rule =
        first_match(before_ulum, sizeof before_ulum / sizeof *before_ulum, lower);
    if (!rule && replace_ulum(arena, noun, lower, &plural))
        return plural;
    if (!rule)
        rule = first_match(behind_ulum, sizeof behind_ulum / sizeof *behind_ulum, lower);
    return apply(arena, rule, noun);
}

struct gcm_slice gcm_plural(struct gcm_arena *arena, struct gcm_slice noun)
{
    return gcm_capitalize(arena, inflect(arena, noun));
}

struct gcm_slice gcm_plural_prisma(struct gcm_arena *arena, struct gcm_slice noun)
{
    struct gcm_slice plural = inflect(arena, noun);
    if (gcm_slice_equal(plural, noun))
        plural = gcm_format(arena, "%.*s%s", GCM_P(noun), gcm_slice_ends(noun, "s") ? "es" : "s");
    return gcm_capitalize(arena, plural);
}
