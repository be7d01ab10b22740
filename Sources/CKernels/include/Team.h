// Two halves of a loop, side by side where there is a second processor.
#ifndef TEAM_H
#define TEAM_H

struct ck_team;

// A team of one thread, or of two; NULL where the system has no second thread to give. `prepare` is
// called once on the second thread.
struct ck_team *ck_team_make(int threads, void (*prepare)(void));

// Besides `ck_team_run`, which takes a closure and so is declared in Swift: calls it with 0 and with
// 1, and returns when both calls have. Not to be called from within a half.

// Lets the processor take numbers too small for full precision as 0, on this thread, and returns how
// it was set before. Such numbers come up when a loss is nearly 0, and each costs a hundred others.
unsigned ck_flush_small(void);
void ck_restore_small(unsigned setting);

void ck_team_free(struct ck_team *team);

#endif
