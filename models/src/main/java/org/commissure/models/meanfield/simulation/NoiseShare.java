package org.commissure.models.meanfield.simulation;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import org.commissure.models.meanfield.Noise;
import org.commissure.models.meanfield.PhiloxNoise;
import org.jspecify.annotations.Nullable;

/**
 * Normal numbers that concurrent simulations of one engine share. They are drawn in chunks when first asked for; a
 * simulation that finds another at work on its chunk draws the next one meanwhile. The numbers of a noise stay as long
 * as a simulation uses it, and those of the last one a while longer, for the next batch of candidates. Thread-safe.
 */
final class NoiseShare {
    private static final int CHUNK_STEPS = 2_048;

    private final Map<Key, Entry> inUse = new HashMap<>();
    private @Nullable Key latestKey;
    private @Nullable Chunks latest;

    private record Key(PhiloxNoise noise, int steps, int regions) {}

    private static final class Entry {
        private final Chunks chunks;
        private int users;

        Entry(Chunks chunks) {
            this.chunks = chunks;
        }
    }

    /** Counter-based noise is shared; other noise is held by its maker or costs nothing. */
    synchronized Lease lease(Noise noise, int steps, int regions) {
        if (!(noise instanceof PhiloxNoise philox)) {
            return new Lease(new Chunks(noise, steps, regions), () -> {});
        }
        Key key = new Key(philox, steps, regions);
        Entry entry = inUse.computeIfAbsent(
                key,
                absent -> new Entry(
                        absent.equals(latestKey) && latest != null ? latest : new Chunks(noise, steps, regions)));
        entry.users++;
        latestKey = key;
        latest = entry.chunks;
        return new Lease(entry.chunks, () -> release(key));
    }

    private synchronized void release(Key key) {
        Entry entry = inUse.get(key);
        if (entry != null && --entry.users == 0) {
            inUse.remove(key);
        }
    }

    /** Where one simulation reads; one thread's. Close it when the simulation has ended. */
    static final class Lease implements AutoCloseable {
        private final Chunks chunks;
        private final Runnable release;
        private float[] current = new float[0];
        private int currentIndex = -1;

        Lease(Chunks chunks, Runnable release) {
            this.chunks = chunks;
            this.release = release;
        }

        /** The numbers around a step; its own begin at {@link #offset}. */
        float[] chunk(int step) {
            int index = step / CHUNK_STEPS;
            if (index != currentIndex) {
                current = chunks.get(index);
                currentIndex = index;
            }
            return current;
        }

        int offset(int step) {
            return step % CHUNK_STEPS * chunks.regions;
        }

        @Override
        public void close() {
            release.run();
        }
    }

    private static final class Chunks {
        private final Noise noise;
        private final int steps;
        private final int regions;
        private final AtomicReferenceArray<float @Nullable []> drawn;
        private final Lock[] drawing;

        Chunks(Noise noise, int steps, int regions) {
            this.noise = noise;
            this.steps = steps;
            this.regions = regions;
            int count = Math.ceilDiv(steps, CHUNK_STEPS);
            this.drawn = new AtomicReferenceArray<>(count);
            this.drawing = new Lock[count];
            for (int i = 0; i < count; i++) {
                drawing[i] = new ReentrantLock();
            }
        }

        float[] get(int index) {
            for (int ahead = index; ahead < drawing.length; ahead++) {
                float[] there = drawn.get(index);
                if (there != null) {
                    return there;
                }
                if (drawn.get(ahead) == null && drawing[ahead].tryLock()) {
                    try {
                        drawUnderLock(ahead);
                    } finally {
                        drawing[ahead].unlock();
                    }
                }
            }
            drawing[index].lock();
            try {
                return drawUnderLock(index);
            } finally {
                drawing[index].unlock();
            }
        }

        private float[] drawUnderLock(int index) {
            float[] there = drawn.get(index);
            if (there != null) {
                return there;
            }
            int first = index * CHUNK_STEPS;
            int count = Math.min(CHUNK_STEPS, steps - first);
            float[] chunk = new float[count * regions];
            noise.fill(first, count, regions, chunk);
            drawn.set(index, chunk);
            return chunk;
        }
    }
}
