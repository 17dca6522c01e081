/* plural: reads nouns, one a line, and prints each with both plurals: NOUN FRAMEWORK PRISMA. */
#include <stdio.h>
#include <string.h>

#include "core/plural.h"

int main(void)
{
    struct gcm_arena arena = {0};
    char line[256];
    while (fgets(line, sizeof line, stdin)) {
        struct gcm_slice noun = gcm_slice_trim(gcm_slice_of(line));
        struct gcm_slice framework = gcm_plural(&arena, noun);
        struct gcm_slice prisma = gcm_plural_prisma(&arena, noun);
        printf("%.*s %.*s %.*s\n", GCM_P(noun), GCM_P(framework), GCM_P(prisma));
    }
    gcm_arena_free(&arena);
    return 0;
}
