package org.commissure.protocol.fault;

import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Holds the calling thread still for ever at a named point of a round, so that a test can SIGKILL
 * the process exactly there. Inactive unless the environment variable {@code COMMISSURE_FAULT} names
 * a point: {@code pause:<point>} or {@code pause:<point>@<round>}. Points lie after a state was
 * persisted and before anything is said about it.
 */
public final class FaultPoint {
    private static final @Nullable String ARMED = System.getenv("COMMISSURE_FAULT");

    private FaultPoint() {}

    /** Returns at once unless this very point is armed. */
    public static void at(String point, int round) {
        if (ARMED == null || !(ARMED.equals("pause:" + point) || ARMED.equals("pause:" + point + "@" + round))) {
            return;
        }
        System.out.println("fault: paused at " + point + " in round " + round);
        System.out.flush();
        while (true) {
            LockSupport.park();
        }
    }
}
