package org.commissure.models.meanfield.cuda;

import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import org.commissure.models.meanfield.Noise;
import org.commissure.models.meanfield.PhiloxNoise;

/**
 * Noise of some steps in the GPU's memory, [steps, regions], for all candidates.
 *
 * <p>Philox noise is made there: 32-bit integers are the same everywhere, and Box–Muller in double precision rounds to
 * the same float unless the exact value lies within the mathematical functions' last bit of the middle between two
 * floats, about once in 10⁸ numbers. Making it on the host would take longer than simulating 500 candidates.
 */
final class NoiseTable implements AutoCloseable {
    private final Accelerator.Program program;
    private final Noise noise;
    private final int regions;
    private final int capacity;
    private final Accelerator.Memory memory;
    private int heldFrom = -1;

    /** @param capacity steps that the table holds at once */
    NoiseTable(Accelerator accelerator, Accelerator.Program program, Noise noise, int regions, int capacity) {
        this.program = program;
        this.noise = noise;
        this.regions = regions;
        this.capacity = capacity;
        this.memory = accelerator.allocate((long) capacity * regions * Float.BYTES);
    }

    /** The table with these steps in it, at most its capacity. */
    Accelerator.Memory holding(int firstStep, int steps) {
        if (heldFrom != firstStep) {
            if (noise instanceof PhiloxNoise philox) {
                draw(philox, firstStep, steps);
            } else {
                copy(firstStep, steps);
            }
            heldFrom = firstStep;
        }
        return memory;
    }

    int capacity() {
        return capacity;
    }

    private void draw(PhiloxNoise philox, int firstStep, int steps) {
        long groups = Math.ceilDiv(regions, 4) * (long) steps;
        int blocks = Math.toIntExact(Math.ceilDiv(groups, KernelSource.BLOCK_THREADS));
        program.launch(
                "philox_noise",
                new Accelerator.Grid(blocks, 1, KernelSource.BLOCK_THREADS),
                memory,
                firstStep,
                steps,
                philox.key0(),
                philox.key1(),
                philox.repetition(),
                philox.stream());
    }

    private void copy(int firstStep, int steps) {
        float[] values = new float[steps * regions];
        noise.fill(firstStep, steps, regions, values);
        try (Arena arena = Arena.ofConfined()) {
            memory.upload(arena.allocateFrom(ValueLayout.JAVA_FLOAT, values));
        }
    }

    @Override
    public void close() {
        memory.close();
    }
}
