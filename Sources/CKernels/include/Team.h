// Two halves of a loop, side by side where there is a second processor.
#ifndef TEAM_H
#define TEAM_H

// What a team does: the half of the work that has this number, 0 or 1.
typedef void (*ck_half)(void *context, int half);

struct ck_team;

// A team of one thread, or of two; NULL where the system has no second thread to give. `prepare` is
// called once on the second thread.
struct ck_team *ck_team_make(int threads, void (*prepare)(void));

// Both halves, and returns when both are done. Not to be called from within a half.
void ck_team_run(struct ck_team *team, ck_half half, void *context);

// Lets the processor take numbers too small for full precision as 0, on this thread, and returns how
// it was set before. Such numbers come up when a loss is nearly 0, and each costs a hundred others.
unsigned ck_flush_small(void);
void ck_restore_small(unsigned setting);

void ck_team_free(struct ck_team *team);

#endif
