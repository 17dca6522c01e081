/* plural: English plurals as both servers made them. */
#ifndef GCM_CORE_PLURAL_H
#define GCM_CORE_PLURAL_H

#include "core/arena.h"

/* "Todo" → "Todoes": evo-inflector 1.2, anglicised, as both servers used it
 * (spec/graphcool-framework.md §6.2). */
struct gcm_slice gcm_plural(struct gcm_arena *arena, struct gcm_slice noun);
/* The plural with Prisma's step for nouns that stay the same: "News" → "Newses" (spec/prisma1.md
 * §4.2). Capitalised. */
struct gcm_slice gcm_plural_prisma(struct gcm_arena *arena, struct gcm_slice noun);

#endif
