package org.commissure.models.meanfield.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import org.commissure.models.meanfield.Haemodynamics;
import org.commissure.models.meanfield.RegionalParameters;
import org.commissure.models.meanfield.Timing;
import org.junit.jupiter.api.Test;

/** Sizes: launches, memory, arguments. */
final class BatchPlanTest {
    private static final long GIBIBYTE = 1L << 30;

    private static KernelSource published(int regions) {
        return new KernelSource(regions, Haemodynamics.KONG_2021, Timing.KONG_2021);
    }

    @Test
    void aGenerationOfThePublishedSearchRunsAtOnceInOneLaunchOnAGpuOfSixGibibytes() {
        BatchPlan plan = BatchPlan.of(published(68), 500, 280, 6 * GIBIBYTE);
        assertThat(plan).isEqualTo(new BatchPlan(500, 99_401));
    }

    @Test
    void everyWindowAtStrideOneTakesTenMebibytesACandidate() {
        assertThat(BatchPlan.bytesOfACandidate(published(68), 1_118))
                .isEqualTo(4L * (9 * 68 + 1_367 * 68 + 1_119 * 2_288 + 10_000));
    }

    @Test
    void noiseOfManyRegionsIsTakenInParts() {
        BatchPlan plan = BatchPlan.of(published(1_000), 1, 0, 6 * GIBIBYTE);
        assertThat(plan.noiseSteps()).isEqualTo((64 << 20) / 4_000);
    }

    @Test
    void aFullGpuIsRefusedWithBothSizes() {
        assertThatThrownBy(() -> BatchPlan.of(published(400), 10, 1_118, GIBIBYTE / 4))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("256 MiB of free memory")
                .hasMessageContaining("400 regions")
                .hasMessageContaining("1118 windows");
    }

    @Test
    void aBlockIsWholeWarps() {
        assertThat(published(68).simulationThreads()).isEqualTo(96);
        assertThat(published(1_024).simulationThreads()).isEqualTo(1_024);
        assertThat(published(68).paddedPairs()).isEqualTo(2_288);
    }

    @Test
    void moreRegionsThanABlockHasThreadsAreRefused() {
        assertThatThrownBy(() -> published(1_025))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("1024")
                .hasMessageContaining("1025");
    }

    @Test
    void aGridThatNoGpuRunsIsRefused() {
        assertThatThrownBy(() -> new Accelerator.Grid(1, 70_000, 32)).hasMessageContaining("70000");
        assertThatThrownBy(() -> new Accelerator.Grid(1, 1, 1_025)).hasMessageContaining("1025");
    }

    @Test
    void parametersArePackedByKindThenRegion() {
        RegionalParameters candidate =
                new RegionalParameters(new double[] {1, 2}, new double[] {3, 4}, 5, new double[] {6, 7});
        float[] packed = DeviceRun.packed(List.of(candidate, candidate), new Timing(.001, 0, 10, 1, 0));
        assertThat(packed).hasSize(16).startsWith(.2609f, .5218f, 3, 4, 1.3045f, 1.3045f, 6, 7, .2609f);
    }

    @Test
    void argumentsAreAddressesOfTheirValues() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment packed = KernelArguments.pack(arena, 7, memoryAt(0x1234_5678_9abcL), -1);
            assertThat(value(packed, 0).get(ValueLayout.JAVA_INT, 0)).isEqualTo(7);
            assertThat(value(packed, 1).get(ValueLayout.JAVA_LONG, 0)).isEqualTo(0x1234_5678_9abcL);
            assertThat(value(packed, 2).get(ValueLayout.JAVA_INT, 0)).isEqualTo(-1);
            assertThatThrownBy(() -> KernelArguments.pack(arena, "text")).hasMessageContaining("text");
        }
    }

    private static MemorySegment value(MemorySegment packed, int index) {
        return packed.getAtIndex(ValueLayout.ADDRESS, index).reinterpret(Long.BYTES);
    }

    private static Accelerator.Memory memoryAt(long address) {
        return new Accelerator.Memory() {
            @Override
            public long address() {
                return address;
            }

            @Override
            public void clear() {}

            @Override
            public void upload(MemorySegment from) {}

            @Override
            public void download(long offset, MemorySegment into) {}

            @Override
            public void close() {}
        };
    }
}
