package org.commissure.privacy.secagg;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * How fast this machine masks and unmasks vectors: the kernel of {@link SiteSum#mask} and
 * {@link Unmasker}, beside what bounds it in the same run. CPU time of the calling thread, so that
 * other programs disturb little. Not thread-safe.
 */
public final class MaskBenchmark {
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
    private static final int WARM_UP = 3;

    private final RingVector vector;
    private final int[] plain;
    private final int[] other;
    private final int repetitions;

    /**
     * @param mask adding the self mask and one mask for each peer, in CPU seconds
     * @param unmask subtracting as many
     * @param keystream AES-256-CTR for as many masks and nothing else: what bounds both
     * @param add as many passes of a plain addition of one array to another
     */
    public record Result(int parameters, int peers, Seconds mask, Seconds unmask, Seconds keystream, Seconds add) {

        /** How much of the keystream's speed masking reaches, of medians; at most about 1. */
        public double maskShareOfKeystream() {
            return keystream.median() / mask.median();
        }

        public double unmaskShareOfKeystream() {
            return keystream.median() / unmask.median();
        }

        /** Masking against the plain memory-add loop, of medians. */
        public double maskToAdd() {
            return mask.median() / add.median();
        }
    }

    /** CPU seconds over all repetitions. */
    public record Seconds(double best, double median) {}

    /**
     * @param parameters elements of the vector; three of this size are held
     * @param repetitions that count, after three that do not
     */
    public MaskBenchmark(int parameters, int repetitions) {
        this.vector = RingVector.zeros(new Ring(Integer.SIZE), parameters);
        this.plain = new int[parameters];
        this.other = new int[parameters];
        Arrays.setAll(other, i -> i * 0x9e3779b9);
        this.repetitions = repetitions;
    }

    /** Measures the four kinds in turns, so that a slow moment of the machine meets all of them. */
    public Result run(int peers) {
        int masks = peers + 1;
        double[][] seconds = new double[4][repetitions];
        for (int repetition = -WARM_UP; repetition < repetitions; repetition++) {
            double[] times = {
                cpuSeconds(() -> MaskStream.applyAll(streams(masks, true), vector)),
                cpuSeconds(() -> MaskStream.applyAll(streams(masks, false), vector)),
                cpuSeconds(() -> MaskStream.keystreamOnly(streams(masks, true), plain.length * Integer.BYTES)),
                cpuSeconds(() -> addPlainly(masks))
            };
            for (int kind = 0; kind < times.length && repetition >= 0; kind++) {
                seconds[kind][repetition] = times[kind];
            }
        }
        return new Result(plain.length, peers, of(seconds[0]), of(seconds[1]), of(seconds[2]), of(seconds[3]));
    }

    private static List<MaskStream> streams(int count, boolean add) {
        List<MaskStream> streams = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            byte[] seed = new byte[Seeds.BYTES];
            Arrays.fill(seed, (byte) i);
            streams.add(new MaskStream(seed, add));
        }
        return streams;
    }

    private void addPlainly(int passes) {
        for (int pass = 0; pass < passes; pass++) {
            for (int i = 0; i < plain.length; i++) {
                plain[i] += other[i];
            }
        }
    }

    private static double cpuSeconds(Runnable work) {
        long before = THREADS.getCurrentThreadCpuTime();
        work.run();
        return (THREADS.getCurrentThreadCpuTime() - before) / 1e9;
    }

    private static Seconds of(double[] seconds) {
        double[] sorted = seconds.clone();
        Arrays.sort(sorted);
        return new Seconds(sorted[0], sorted[sorted.length / 2]);
    }
}
