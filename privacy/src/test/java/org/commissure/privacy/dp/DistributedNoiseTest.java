package org.commissure.privacy.dp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.security.SecureRandom;
import java.time.Instant;
import org.commissure.protocol.study.Study;
import org.junit.jupiter.api.Test;

final class DistributedNoiseTest {
    private static final long PARAMETERS = 13_000_000;

    @Test
    void honestSurvivorsAloneNoiseWhatOnePatientCanMove() {
        for (Study study : new Study[] {DistributedStudy.fixed(), DistributedStudy.adaptive()}) {
            for (int sites : new int[] {4, 10, 200}) {
                int threshold = Study.threshold(sites);
                DistributedNoise noise = DistributedNoise.of(study, PARAMETERS, sites, threshold, 1);
                double gradient = noise.unitsPerClip() + Math.sqrt(PARAMETERS);
                double sensitivity = Math.hypot(gradient, noise.unitsPerVote());
                double total = noise.siteSigma() * Math.sqrt(threshold - 1);
                // At least σ·Δ, and no more than the integers' steps ask for.
                assertThat(total / sensitivity)
                        .as("%d sites: %s", sites, noise)
                        .isBetween(
                                study.privacy().noiseMultiplier(),
                                study.privacy().noiseMultiplier() * 1.001);
            }
        }
    }

    @Test
    void theLargestSumFitsTheRingAndATwiceFinerGridWouldNot() {
        Study study = DistributedStudy.fixed();
        DistributedNoise noise = DistributedNoise.of(study, PARAMETERS, 10, Study.threshold(10), 1);
        assertThat(10 * noise.valueBound()).isBetween(Math.scalb(0.4, 31), Math.scalb(1.0, 31));
        assertThat(noise.valueBound())
                .isGreaterThanOrEqualTo(study.secureAggregation().maximumWeight() * (double) noise.unitsPerClip()
                        + 16 * noise.siteSigma());
    }

    @Test
    void aRingThatIsTooNarrowForTheModelIsRefusedWithTheRemedy() {
        Study narrow = DistributedStudy.with("ring_bits = 32", "ring_bits = 16");
        assertThatThrownBy(() -> DistributedNoise.of(narrow, PARAMETERS, 10, 7, 1))
                .hasMessageContaining("ring of 16 bits")
                .hasMessageContaining("maximum_weight");
        assertThatThrownBy(() -> DistributedNoise.of(DistributedStudy.fixed(), 10, 4, 3, 3))
                .hasMessageContaining("counted on");
    }

    @Test
    void aStepCostsWhatTheGaussianCostsForEveryRoster() {
        Study study = DistributedStudy.fixed();
        double central = RdpAccountant.builder(RenyiOrders.INTEGER)
                .add(0.5, study.privacy().noiseMultiplier(), 6)
                .epsilon(1e-5)
                .epsilon();
        for (int sites : new int[] {4, 10, 200}) {
            NoiseShare share = DistributedNoise.of(study, 1000, sites, Study.threshold(sites), 1)
                    .share();
            double sum = RdpAccountant.builder(RenyiOrders.INTEGER)
                    .add(share.step(0.5, study.privacy().noiseMultiplier()), 6)
                    .epsilon(1e-5)
                    .epsilon();
            assertThat(sum).as("%d sites", sites).isCloseTo(central, within(1e-9));
        }
    }

    /** 1/σ² = 1/z_g² + 1/z_c² without sampling: the count is paid for by more noise on the gradient. */
    @Test
    void theCountIsPaidForByMoreNoiseOnTheGradient() {
        Study study = DistributedStudy.adaptive();
        DistributedNoise noise = DistributedNoise.of(study, 1000, 4, 3, 1);
        double total = noise.siteSigma() * Math.sqrt(2);
        double gradientMultiplier = total / (noise.unitsPerClip() + Math.sqrt(1000));
        double countMultiplier = total / noise.unitsPerVote();
        assertThat(countMultiplier)
                .isGreaterThanOrEqualTo(study.privacy().countNoiseMultiplier().orElseThrow());
        assertThat(gradientMultiplier).isGreaterThan(study.privacy().noiseMultiplier());
        double apart = RdpAccountant.builder(RenyiOrders.INTEGER)
                .add(1, gradientMultiplier, 20)
                .add(1, countMultiplier, 20)
                .epsilon(1e-5)
                .epsilon();
        double together = RdpAccountant.builder(RenyiOrders.INTEGER)
                .add(noise.share().step(1, study.privacy().noiseMultiplier()), 20)
                .epsilon(1e-5)
                .epsilon();
        assertThat(together).isBetween(apart, apart * 1.0001);
        assertThat(noise.dimension()).isEqualTo(1001);
    }

    @Test
    void aCountThatAloneCostsAsMuchIsRefusedByTheStudy() {
        assertThatThrownBy(() -> DistributedStudy.adaptive("1.0")).hasMessageContaining("count_noise_multiplier");
    }

    @Test
    void theSmallestSumOfNoiseHasItsPredictedSpread() {
        DistributedNoise noise = DistributedNoise.of(DistributedStudy.fixed(), 50_000, 4, 3, 1);
        int[] sum = new int[50_000];
        for (int site = 0; site < 3; site++) {
            new DiscreteGaussianNoise(new SecureRandom(), noise.logSigma()).addTo(sum);
        }
        double squares = 0;
        for (int value : sum) {
            squares += (double) value * value;
        }
        double predicted = noise.siteSigma() * Math.sqrt(3);
        // Six standard deviations of a variance estimate, halved for its root.
        assertThat(Math.sqrt(squares / sum.length) / predicted).isCloseTo(1, within(3 * Math.sqrt(2.0 / sum.length)));
    }

    @Test
    void aRunCostsItsRoundsAndSaysSoInWords() {
        Study study = DistributedStudy.fixed();
        Charge run = StudyCost.ofRun(study, "r", 1000, Instant.EPOCH).orElseThrow();
        assertThat(run.steps()).isEqualTo(study.rounds().count());
        double expected = RdpAccountant.builder()
                .add(run.step(), study.rounds().count())
                .epsilon(1e-5)
                .epsilon();
        assertThat(run.alone().epsilon()).isEqualTo(expected);
        assertThat(StudyCost.words(study, run))
                .contains("3 rounds of 1 step", "sampling rate 0.5", "noise multiplier 1.5")
                .contains(String.format(java.util.Locale.ROOT, "%.3f", Math.ceil(expected * 1000) / 1000));
    }
}
