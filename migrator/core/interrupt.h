/* interrupt: Ctrl-C and SIGTERM. The first one asks the running step to finish its transaction; the
 * second ends the process at once with exit code 130. */
#ifndef GCM_CORE_INTERRUPT_H
#define GCM_CORE_INTERRUPT_H

#include <stdbool.h>

void gcm_interrupt_catch(void); /* from here on */
bool gcm_interrupted(void);

#endif
