/* plural: the names of lists, as both servers made them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "api/api.h"

struct noun {
    const char *singular, *plural;
};

static void expect(struct gcm_slice (*plural)(struct gcm_arena *, struct gcm_slice),
                   const struct noun *nouns, size_t count)
{
    struct gcm_arena arena = {0};
    for (size_t i = 0; i < count; i++) {
        struct gcm_slice got = plural(&arena, gcm_slice_of(nouns[i].singular));
        assert_string_equal(gcm_cstring(&arena, got), nouns[i].plural);
    }
    gcm_arena_free(&arena);
}

static void plural_follows_the_rules_of_the_inflector(void **state)
{
    (void)state;
    static const struct noun nouns[] = {
        {"Post", "Posts"},
        {"Todo", "Todoes"},
        {"Photo", "Photos"},
        {"Video", "Videos"},
        {"Category", "Categories"},
        {"Day", "Days"},
        {"Child", "Children"},
        {"Postman", "Postmen"},
        {"Human", "Humans"},
        {"German", "Germen"},
        {"Blouse", "Blice"},
        {"Analysis", "Analyses"},
        {"Datum", "Data"},
        {"Persona", "Personae"},
        {"Leaf", "Leaves"},
        {"Deaf", "Deafs"},
        {"Eaf", "Eafs"},
        {"Golf", "Golves"},
        {"Status", "Statuses"},
        {"Address", "Addresses"},
        {"News", "News"},
        {"Goldfish", "Goldfish"},
        {"Quiz", "Quizzes"},
        {"Money", "Moneys"},
        {"Radix", "Radices"},
        {"Index", "Indexes"},
        {"Schema", "Schemas"},
        {"Curriculum", "Curricula"},
        {"Goose", "Geese"},
        {"Settings", "Settingses"},
        {"S", "Ses"},
        {"A", "As"},
    };
    expect(gcm_plural, nouns, sizeof nouns / sizeof *nouns);
}

static void plural_puts_small_letters_behind_capitals(void **state)
{
    (void)state;
    static const struct noun nouns[] = {
        {"BOX", "BOXes"}, {"KEY", "KEys"}, {"ADDRESS", "ADDREsses"}};
    expect(gcm_plural, nouns, sizeof nouns / sizeof *nouns);
}

static void plural_replaces_ulum_anywhere(void **state)
{
    (void)state;
    static const struct noun nouns[] = {{"CurriculumItem", "CurriculaItem"}};
    expect(gcm_plural, nouns, sizeof nouns / sizeof *nouns);
}

static void plural_of_prisma_never_equals_the_noun(void **state)
{
    (void)state;
    static const struct noun nouns[] = {{"News", "Newses"},
                                        {"Fish", "Fishs"},
                                        {"Series", "Serieses"},
                                        {"Post", "Posts"},
                                        {"Child", "Children"}};
    expect(gcm_plural_prisma, nouns, sizeof nouns / sizeof *nouns);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(plural_follows_the_rules_of_the_inflector),
        cmocka_unit_test(plural_puts_small_letters_behind_capitals),
        cmocka_unit_test(plural_replaces_ulum_anywhere),
        cmocka_unit_test(plural_of_prisma_never_equals_the_noun),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
