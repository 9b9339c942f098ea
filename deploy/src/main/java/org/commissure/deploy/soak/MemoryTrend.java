package org.commissure.deploy.soak;

import java.util.ArrayList;
import java.util.List;
import org.commissure.deploy.benchmark.CoordinatorMemory;

/**
 * What one process held over its life, by samples at even times.
 *
 * @param process its name
 * @param ownMebibytes its own memory, oldest first
 */
record MemoryTrend(String process, List<Double> ownMebibytes) {
    /** So many parts of a life: the first is start-up, the second is compared with the last. */
    private static final int PARTS = 5;

    /** Ten minutes: in the first four a site's agent still grew by an eighth, in an hour it did not. */
    private static final int FEWEST_SAMPLES = 120;

    private static final double SLACK_MEBIBYTES = 8;
    private static final double SLACK_SHARE = 0.1;

    /** What can be said of a process's memory. */
    enum Verdict {
        /** The last fifth is at most a tenth or 8 MiB, whichever is more, above the second. */
        FLAT("flat"),
        GROWS("IT GROWS"),
        TOO_SHORT("too short to tell");

        private final String words;

        Verdict(String words) {
            this.words = words;
        }

        @Override
        public String toString() {
            return words;
        }
    }

    MemoryTrend {
        ownMebibytes = List.copyOf(ownMebibytes);
    }

    /** Median of the second fifth of its life; 0 while too little is known. */
    double early() {
        return median(part(1));
    }

    /** Median of the last fifth. */
    double late() {
        return median(part(PARTS - 1));
    }

    /** Whether memory grew; {@link Verdict#TOO_SHORT} where start-up would be most of what was seen. */
    Verdict verdict() {
        if (ownMebibytes.size() < FEWEST_SAMPLES) {
            return Verdict.TOO_SHORT;
        }
        return late() - early() <= Math.max(SLACK_MEBIBYTES, SLACK_SHARE * early()) ? Verdict.FLAT : Verdict.GROWS;
    }

    private List<Double> part(int part) {
        int size = ownMebibytes.size();
        return ownMebibytes.subList(size * part / PARTS, size * (part + 1) / PARTS);
    }

    private static double median(List<Double> values) {
        List<Double> sorted = values.stream().sorted().toList();
        return sorted.isEmpty() ? 0 : sorted.get(sorted.size() / 2);
    }

    /** Collects the samples of a process that is not killed. For one thread. */
    static final class Recorder {
        private final String process;
        private final long pid;
        private final List<Double> samples = new ArrayList<>();

        Recorder(String process, long pid) {
            this.process = process;
            this.pid = pid;
        }

        void sample() {
            samples.add(CoordinatorMemory.ownMebibytesNow(pid));
        }

        MemoryTrend trend() {
            return new MemoryTrend(process, samples);
        }
    }
}
