package org.commissure.models.harmonise;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Against numbers that neuroCombat computed from all patients at once; the file names its source. */
final class CombatTest {
    private static final double EXACT = 1e-8;

    private static JsonNode expected;
    private static final List<List<double[]>> COVARIATES = new ArrayList<>();
    private static final List<List<double[]>> FEATURES = new ArrayList<>();
    private static final List<List<Integer>> PATIENTS = new ArrayList<>();

    @BeforeAll
    static void read() throws IOException {
        try (InputStream in = Objects.requireNonNull(CombatTest.class.getResourceAsStream("neurocombat.json"))) {
            expected = new ObjectMapper().readTree(in);
        }
        for (int patient = 0; patient < expected.get("batch").size(); patient++) {
            int site = expected.get("batch").get(patient).asInt();
            if (site == COVARIATES.size()) {
                COVARIATES.add(new ArrayList<>());
                FEATURES.add(new ArrayList<>());
                PATIENTS.add(new ArrayList<>());
            }
            COVARIATES.get(site).add(new double[] {
                expected.get("age").get(patient).asDouble(),
                expected.get("sex").get(patient).asDouble()
            });
            FEATURES.get(site).add(numbers(expected.get("features").get(patient)));
            PATIENTS.get(site).add(patient);
        }
    }

    private static double[] numbers(JsonNode array) {
        double[] numbers = new double[array.size()];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = array.get(i).asDouble();
        }
        return numbers;
    }

    /** What three sites add up, each from its own patients. */
    private static CombatReference summed() {
        double[] total = new double[CombatSums.length(2, 6)];
        for (int site = 0; site < FEATURES.size(); site++) {
            double[] own = CombatSums.of(COVARIATES.get(site), FEATURES.get(site), 2, 6)
                    .values();
            for (int i = 0; i < total.length; i++) {
                total[i] += own[i];
            }
        }
        return CombatReference.of(new CombatSums(2, 6, total));
    }

    @Test
    void thePooledVarianceIsThatOfAllPatientsTogether() {
        CombatReference reference = summed();
        double[] variance = numbers(expected.get("pooledVariance"));
        for (int f = 0; f < variance.length; f++) {
            assertThat(reference.pooledVariance(f)).isCloseTo(variance[f], within(EXACT));
        }
    }

    @Test
    void harmonisedFeaturesEqualPooledComBat() {
        CombatReference reference = summed();
        for (int site = 0; site < FEATURES.size(); site++) {
            SiteAdjustment own = SiteAdjustment.fit(reference, COVARIATES.get(site), FEATURES.get(site));
            for (int i = 0; i < FEATURES.get(site).size(); i++) {
                double[] harmonised =
                        own.of(COVARIATES.get(site).get(i), FEATURES.get(site).get(i));
                double[] pooled = numbers(
                        expected.get("harmonised").get(PATIENTS.get(site).get(i)));
                for (int f = 0; f < pooled.length; f++) {
                    assertThat(harmonised[f])
                            .as("site %d patient %d feature %d", site, i, f)
                            .isCloseTo(pooled[f], within(EXACT));
                }
            }
        }
    }

    @Test
    void aSiteThatWasNotInTheSumIsTakenToTheGrandMean() {
        CombatReference reference = summed();
        List<double[]> shifted = new ArrayList<>();
        for (double[] row : FEATURES.get(2)) {
            double[] other = row.clone();
            for (int f = 0; f < other.length; f++) {
                other[f] = 50 + 3 * other[f];
            }
            shifted.add(other);
        }
        SiteAdjustment unseen = SiteAdjustment.fit(reference, COVARIATES.get(2), shifted);
        double before = 0;
        double after = 0;
        for (int i = 0; i < shifted.size(); i++) {
            double[] harmonised = unseen.of(COVARIATES.get(2).get(i), shifted.get(i));
            for (int f = 0; f < harmonised.length; f++) {
                before += (shifted.get(i)[f]
                                - reference.expected(COVARIATES.get(2).get(i), f))
                        / (6 * shifted.size());
                after += (harmonised[f] - reference.expected(COVARIATES.get(2).get(i), f)) / (6 * shifted.size());
            }
        }
        assertThat(before).isGreaterThan(40);
        assertThat(after).isCloseTo(0, within(0.2));
    }

    @Test
    void aCovariateThatNeverVariesWithinASiteHasNoEffect() {
        List<double[]> men =
                COVARIATES.get(1).stream().map(row -> new double[] {row[0], 1}).toList();
        CombatReference reference = CombatReference.of(CombatSums.of(men, FEATURES.get(1), 2, 6));
        assertThat(reference.effect(1, 0)).isZero();
        assertThat(reference.effect(0, 0)).isNotZero();
    }

    @Test
    void tooFewPatientsAreRefused() {
        CombatReference reference = summed();
        assertThatThrownBy(() -> SiteAdjustment.fit(
                        reference,
                        COVARIATES.get(0).subList(0, 2),
                        FEATURES.get(0).subList(0, 2)))
                .isInstanceOf(ArithmeticException.class)
                .hasMessageContaining("at least 3 patients");
        assertThatThrownBy(() -> CombatReference.of(new CombatSums(2, 6, new double[CombatSums.length(2, 6)])))
                .isInstanceOf(ArithmeticException.class);
    }
}
