package org.commissure.deploy.soak;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.commissure.deploy.federation.ProcessFederation;

/**
 * SIGKILL for one process at a time, at random moments, and a new process in its place a while later. For one thread.
 */
final class Killer {
    static final String COORDINATOR = "coordinator";
    private static final Duration LONGEST_ABSENCE = Duration.ofSeconds(10);

    private final ProcessFederation federation;
    private final Random random;
    private final Duration meanPause;
    private long nextKillNanos;
    private Optional<String> dead = Optional.empty();
    private long restartNanos;
    private int kills;

    /** @param meanPause from a restart to the next kill; exponentially distributed */
    Killer(ProcessFederation federation, Random random, Duration meanPause) {
        this.federation = federation;
        this.random = random;
        this.meanPause = meanPause;
        this.nextKillNanos = System.nanoTime() + pauseNanos();
    }

    /** Kills or starts again whoever is due. @param victims who may be killed now */
    void step(List<String> victims) {
        long now = System.nanoTime();
        if (dead.isPresent()) {
            if (now >= restartNanos) {
                revive();
            }
        } else if (now >= nextKillNanos) {
            String victim = victims.get(random.nextInt(victims.size()));
            if (victim.equals(COORDINATOR)) {
                federation.coordinator().kill();
            } else {
                federation.site(victim).kill();
            }
            kills++;
            dead = Optional.of(victim);
            restartNanos = System.nanoTime() + (long) (random.nextDouble() * LONGEST_ABSENCE.toNanos());
        }
    }

    /** Starts whoever is dead; afterwards everybody lives. */
    void revive() {
        dead.ifPresent(victim -> {
            if (victim.equals(COORDINATOR)) {
                federation.startCoordinator();
            } else {
                federation.startSite(victim);
            }
        });
        dead = Optional.empty();
        nextKillNanos = System.nanoTime() + pauseNanos();
    }

    int kills() {
        return kills;
    }

    private long pauseNanos() {
        return (long) (-Math.log(1 - random.nextDouble()) * meanPause.toNanos());
    }
}
