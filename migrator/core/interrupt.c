#include "core/interrupt.h"

#include <signal.h>
#include <stdatomic.h>
#include <unistd.h>

enum { EXIT_INTERRUPTED = 130 };

/* The one thing that a signal handler and the program's threads share. */
static atomic_bool interrupted;

static void on_signal(int signal)
{
    (void)signal;
    if (atomic_exchange(&interrupted, true))
        _exit(EXIT_INTERRUPTED);
}

void gcm_interrupt_catch(void)
{
    struct sigaction action = {.sa_handler = on_signal};
    sigemptyset(&action.sa_mask);
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
}

bool gcm_interrupted(void)
{
    return atomic_load(&interrupted);
}
