package org.commissure.coordinator.round;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.commissure.coordinator.round.SimulatedFaults.Fate;
import org.commissure.protocol.study.Study;
import org.commissure.protocol.v1.SumId;
import org.commissure.protocol.v1.SumKind;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every site × every step × {silent, dead and back before or after its state was durable, late}: the
 * sum is exact over exactly those whose vectors arrived, or nothing is opened.
 */
class DropAnywhereTest {
    @TempDir
    static Path folder;

    private static SimulatedCrypto crypto;

    record Case(int n, int site, Step step, Fate fate) {
        boolean comesBack() {
            return fate == Fate.CRASH_BEFORE_SAVING || fate == Fate.CRASH_AFTER_SAVING;
        }
    }

    @BeforeAll
    static void federation() throws Exception {
        crypto = new SimulatedCrypto(ScheduleTest.inMemory(folder));
    }

    static Stream<Case> cases() {
        List<Case> cases = new ArrayList<>();
        for (int n : new int[] {3, 5, 10}) {
            for (int site = 1; site <= n; site++) {
                for (Step step : Step.OF_EVERY_SUM) {
                    for (Fate fate :
                            new Fate[] {Fate.SILENT, Fate.CRASH_BEFORE_SAVING, Fate.CRASH_AFTER_SAVING, Fate.LATE}) {
                        cases.add(new Case(n, site, step, fate));
                    }
                }
            }
        }
        return cases.stream();
    }

    @ParameterizedTest
    @MethodSource("cases")
    void theSumIsExactOrNothingIsOpened(Case drop) {
        Simulation simulation =
                new Simulation(crypto, drop.n(), 1, SimulatedFaults.one(drop.site(), drop.step(), drop.fate()));
        simulation.playFirstSum();
        SumId sum = new Sum(0, SumKind.EVALUATE, 1).id("run");
        Optional<Transcript> opened = simulation.opened(SumKind.EVALUATE, 0, 1);
        int threshold = Study.threshold(drop.n());
        if (!drop.comesBack() && drop.n() - 1 < threshold) {
            assertThat(opened).isEmpty();
            assertThat(simulation.invariants().hasReleased(sum)).isFalse();
            assertThat(simulation.invariants().anythingRevealed(sum)).isEqualTo(drop.step() == Step.UNMASK_SHARES);
            return;
        }
        TreeSet<Integer> expected =
                new TreeSet<>(IntStream.rangeClosed(1, drop.n()).boxed().toList());
        if (!drop.comesBack() && drop.step().compareTo(Step.MASKED_HEADER) <= 0) {
            expected.remove(drop.site());
        }
        // The simulation has compared the opened sum with the plain sum of these.
        assertThat(opened.orElseThrow().of(Step.MASKED_HEADER).keySet()).isEqualTo(expected);
    }
}
