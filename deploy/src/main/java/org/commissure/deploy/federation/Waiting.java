package org.commissure.deploy.federation;

import java.time.Duration;
import java.util.function.BooleanSupplier;

/** Waiting for another process. */
public final class Waiting {
    private Waiting() {}

    /** True as soon as {@code condition} holds; false once the time is up. */
    public static boolean until(BooleanSupplier condition, Duration limit) {
        long deadline = System.nanoTime() + limit.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                return false;
            }
            pause(Duration.ofMillis(50));
        }
        return true;
    }

    static void pause(Duration duration) {
        try {
            Thread.sleep(duration);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while waiting", e);
        }
    }
}
