package org.commissure.coordinator.round;

import java.util.SplittableRandom;

/** What goes wrong in a simulation, and how long things take. */
interface SimulatedFaults {

    /** What becomes of one site's answer to one step. */
    enum Fate {
        /** It arrives. */
        NORMAL,
        /** It arrives twice. */
        TWICE,
        /** The site dies before its state is durable, and comes back. */
        CRASH_BEFORE_SAVING,
        /** The site dies between its durable state and its words, and comes back. */
        CRASH_AFTER_SAVING,
        /** It is lost with the connection, which comes back. */
        LOST,
        /** It arrives when the phase is over. */
        LATE,
        /** The site says nothing any more. */
        SILENT
    }

    Fate answer(int site, Step step);

    /** Whether the coordinator dies after an event became durable and before it acts on it. */
    boolean coordinatorCrashes();

    /** Milliseconds until a message arrives. */
    long delay();

    /** Milliseconds until something that died comes back. */
    long absence();

    /** Drawn from a seed; how much goes wrong is itself drawn. */
    static SimulatedFaults random(SplittableRandom random) {
        double rate = random.nextInt(3) * 0.04;
        double coordinatorRate = random.nextInt(3) == 0 ? 0.03 : 0;
        return new SimulatedFaults() {
            @Override
            public Fate answer(int site, Step step) {
                return random.nextDouble() < rate
                        ? Fate.values()[random.nextInt(1, Fate.values().length)]
                        : Fate.NORMAL;
            }

            @Override
            public boolean coordinatorCrashes() {
                return random.nextDouble() < coordinatorRate;
            }

            @Override
            public long delay() {
                return random.nextInt(20) == 0 ? random.nextLong(20_000) : random.nextLong(1, 500);
            }

            @Override
            public long absence() {
                return random.nextLong(100, random.nextInt(4) == 0 ? 90_000 : 10_000);
            }
        };
    }

    /** One fate for one site's first answer to one step; the rest goes well. */
    static SimulatedFaults one(int badSite, Step badStep, Fate fate) {
        return new SimulatedFaults() {
            private boolean over;
            private boolean silent;

            @Override
            public Fate answer(int site, Step step) {
                if (site != badSite || (over && !silent)) {
                    return Fate.NORMAL;
                }
                if (step == badStep || silent) {
                    over = true;
                    silent = fate == Fate.SILENT;
                    return fate;
                }
                return Fate.NORMAL;
            }

            @Override
            public boolean coordinatorCrashes() {
                return false;
            }

            @Override
            public long delay() {
                return 10;
            }

            @Override
            public long absence() {
                return 5_000;
            }
        };
    }
}
