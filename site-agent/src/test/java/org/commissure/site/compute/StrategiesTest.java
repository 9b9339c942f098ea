package org.commissure.site.compute;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.stream.IntStream;
import org.commissure.protocol.study.SharedPart;
import org.commissure.protocol.study.Study;
import org.commissure.protocol.study.StudyFile;
import org.commissure.site.ExampleStudy;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Strategies on sites whose optima and curvatures differ, through the encoding that secure sums need. */
class StrategiesTest {
    private static final List<SharedPart.Tensor> TENSORS = List.of(
            new SharedPart.Tensor("body.weight", 1),
            new SharedPart.Tensor("vit.layernorm.weight", 1),
            new SharedPart.Tensor("output.weight", 1));

    /** Where steps of twenty end depends on the curvature: what draws plain averaging away from the optimum. */
    private static List<Bowl> different() {
        return List.of(
                new Bowl(new double[] {4, 1, 2}, new double[] {1, 2, 0}),
                new Bowl(new double[] {0.5, 2, 0.3}, new double[] {-1, -1, 1}),
                new Bowl(new double[] {1, 0.5, 1}, new double[] {3, 1, -2}));
    }

    private static ExampleStudy plain() {
        return new ExampleStudy()
                .with("privacy", "mode", "\"none\"")
                .with("privacy", "noise_multiplier", "0.0")
                .with("privacy", "sampling_rate", "1.0")
                .with("training", "local_steps", "20")
                .with("secure_aggregation", "maximum_weight", "1");
    }

    private static StudyFile withTable(ExampleStudy study, String table, String line) {
        return StudyFile.parse(study.file().text() + "[" + table + "]\n" + line + "\n");
    }

    private static BowlFederation federation(Study study, List<Bowl> sites) {
        return new BowlFederation(study, SharedPart.of(study.training(), TENSORS), sites);
    }

    private static BowlFederation scaffold(List<Bowl> sites) {
        return federation(
                plain().with("training", "correction", "\"scaffold\"").file().study(), sites);
    }

    private static double leastMeanLoss(List<Bowl> sites) {
        float[] best = new float[TENSORS.size()];
        for (int i = 0; i < best.length; i++) {
            double weighted = 0;
            double curvature = 0;
            for (Bowl site : sites) {
                weighted += site.curvature[i] * site.optimum[i];
                curvature += site.curvature[i];
            }
            best[i] = (float) (weighted / curvature);
        }
        return sites.stream().mapToDouble(site -> site.loss(best)).average().orElseThrow();
    }

    private static double excess(BowlFederation federation, int rounds, int absent) throws Exception {
        for (int round = 1; round <= rounds; round++) {
            int away = absent == 0 ? -1 : round % federation.sites.size();
            federation.round(
                    round,
                    IntStream.range(0, federation.sites.size())
                            .filter(site -> site != away)
                            .boxed()
                            .toList());
        }
        return federation.meanLoss() - leastMeanLoss(federation.sites);
    }

    /** @param absent how many sites miss each round, in turn */
    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void controlVariatesReachTheCommonOptimumThatPlainAveragingMisses(int absent) throws Exception {
        double averaged = excess(federation(plain().file().study(), different()), 60, absent);
        double corrected = excess(scaffold(different()), 60, absent);
        System.out.printf("absent %d: excess loss %.6f, plain averaging %.6f%n", absent, corrected, averaged);
        assertThat(averaged).isGreaterThan(0.02);
        assertThat(corrected).isLessThan(averaged / 5);
    }

    @Test
    void whereSitesAreAlikeControlVariatesChangeNothing() throws Exception {
        Bowl one = different().getFirst();
        BowlFederation averaged = federation(plain().file().study(), List.of(one, one, one));
        BowlFederation corrected = scaffold(List.of(one, one, one));
        for (int round = 1; round <= 5; round++) {
            averaged.round(round, List.of(0, 1, 2));
            corrected.round(round, List.of(0, 1, 2));
            for (int i = 0; i < TENSORS.size(); i++) {
                // Each coordinate of three updates is rounded at 2^-20, and a round's error stays in the next.
                assertThat(corrected.model[i]).isCloseTo(averaged.model[i], within(1e-4f));
            }
        }
    }

    @Test
    void controlVariatesDoubleTheVector() throws Exception {
        assertThat(federation(plain().file().study(), different()).round(1, List.of(0, 1, 2)))
                .isEqualTo(3 + 1);
        assertThat(scaffold(different()).round(1, List.of(0, 1, 2))).isEqualTo(2 * 3 + 1);
    }

    @Test
    void aNormalisationOfItsOwnFitsEachSiteBetterThanACommonOneAndIsNotSent() throws Exception {
        Study study = withTable(plain(), "training.local", "tensors = [\"normalisation\"]")
                .study();
        BowlFederation own = federation(study, different());
        assertThat(own.round(1, List.of(0, 1, 2))).isEqualTo(2 + 1);
        double common = excess(federation(plain().file().study(), different()), 40, 0);
        double personal = excess(own, 40, 0);
        System.out.printf(
                "own normalisation: excess over one common model %.4f, plain averaging %.4f%n", personal, common);
        assertThat(personal).isLessThan(common - 0.5);
        for (int site = 0; site < 3; site++) {
            assertThat(own.personal(site)[1]).isCloseTo((float) own.sites.get(site).optimum[1], within(0.01f));
        }
        assertThat(own.model[1]).isZero();
    }

    /** Every round of every site is rounded anew, up or down by chance: errors do not pile up to one side. */
    @ParameterizedTest
    @CsvSource({"16, 11", "24, 19"})
    void aNarrowRingEndsWhereAWideOneDoesWithinTheErrorThatIsCheckedBeforeTheRun(int bits, int scale) throws Exception {
        Study narrow = plain().with("secure_aggregation", "ring_bits", Integer.toString(bits))
                .with("secure_aggregation", "scale_log2", Integer.toString(scale))
                .file()
                .study();
        BowlFederation exact = federation(plain().file().study(), different());
        BowlFederation rounded = federation(narrow, different());
        double bound = narrow.roundingError(3, scale);
        for (int round = 1; round <= 30; round++) {
            System.arraycopy(exact.model, 0, rounded.model, 0, exact.model.length);
            exact.round(round, List.of(0, 1, 2));
            rounded.round(round, List.of(0, 1, 2));
            for (int i = 0; i < exact.model.length; i++) {
                assertThat(rounded.model[i]).isCloseTo(exact.model[i], within((float) bound + 1e-4f));
            }
        }
        double excess = excess(rounded, 30, 0);
        assertThat(excess).isCloseTo(excess(exact, 30, 0), within(30 * bound));
    }

    @Test
    void aHeadOfItsOwnAndControlVariatesGoTogether() throws Exception {
        Study study = withTable(
                        plain().with("training", "correction", "\"scaffold\""),
                        "training.local",
                        "tensors = [\"head\"]")
                .study();
        BowlFederation federation = federation(study, different());
        assertThat(federation.round(1, List.of(0, 1, 2))).isEqualTo(2 * 2 + 1);
        double excess = excess(federation, 60, 0);
        assertThat(excess).isLessThan(0);
        // The shared tensors end at the common optimum of the curvatures, as without a head of one's own.
        assertThat(federation.model[0]).isCloseTo((4 - 0.5f + 3) / 5.5f, within(0.01f));
    }

    @Test
    void whatIsFrozenStaysAsReleasedAndTakesNoShareOfTheClipNorm() throws Exception {
        Study study = withTable(
                        plain().with("privacy", "mode", "\"local\"")
                                .with("privacy", "noise_multiplier", "0.05")
                                .with("privacy", "clip_norm", "1.0")
                                .with("training", "local_steps", "1"),
                        "training.partial",
                        "frozen = [\"output.*\", \"*layernorm*\"]")
                .study();
        Bowl steep = new Bowl(new double[] {10, 1e6, 1e6}, new double[] {-1, 5, 5});
        BowlFederation federation = federation(study, List.of(steep));
        LocalTraining.Result result = federation.train(0, 1);
        assertThat(result.update().getFirst()).hasSize(1);
        // The whole clip norm, times the learning rate; noise of 0.005 within eight deviations.
        assertThat(result.update().getFirst()[0]).isCloseTo(-0.1f, within(0.04f));
        federation.round(1, List.of(0));
        assertThat(federation.model[1]).isZero();
        assertThat(federation.model[2]).isZero();
    }

    /** Otherwise a later gradient, which leaves, would depend on a patient through a value that no noise covers. */
    @Test
    void whatStaysAtTheSiteIsClippedAndNoisedWithTheRest() throws Exception {
        Study study = withTable(
                        plain().with("privacy", "mode", "\"local\"")
                                .with("privacy", "noise_multiplier", "2.0")
                                .with("privacy", "clip_norm", "0.5")
                                .with("training", "local_steps", "1"),
                        "training.local",
                        "tensors = [\"normalisation\"]")
                .study();
        Bowl flat = new Bowl(new double[3], new double[3]);
        double squares = 0;
        for (int draw = 0; draw < 400; draw++) {
            squares +=
                    Math.pow(federation(study, List.of(flat)).train(0, 1).own().local()[0], 2);
        }
        // Learning rate 0.1 times σC = 1; the deviation of 400 draws' root mean square is 0.0035.
        assertThat(Math.sqrt(squares / 400)).isCloseTo(0.1, within(0.02));
        Bowl steep = new Bowl(new double[] {0, 1e6, 0}, new double[] {0, 1, 0});
        float moved = federation(study, List.of(steep)).train(0, 1).own().local()[0];
        assertThat(moved).isCloseTo(0.05f, within(0.8f));
    }
}
