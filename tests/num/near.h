/* near.h - comparing doubles in tests of the numerical engines, with what was meant and what came when they differ. */
#ifndef ADEM_TESTS_NUM_NEAR_H
#define ADEM_TESTS_NUM_NEAR_H
#include "../unit/test.h"
#include <math.h>

/* |GOT - WANT| <= WITHIN; a NaN is never near. */
#define assert_near(got, want, within)                                                                                 \
	do {                                                                                                           \
		double got_ = (got), want_ = (want), within_ = (within);                                               \
		if (!(fabs(got_ - want_) <= within_))                                                                  \
			fail_msg("%s is %.12g, not %.12g within %.3g", #got, got_, want_, within_);                    \
	} while (0)
/* Relative to WANT, which is not 0. */
#define assert_close(got, want, share) assert_near(got, want, (share)*fabs(want))
#endif
