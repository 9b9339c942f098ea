package org.commissure.models.finetune;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;

class ConnectivityRidgeTest {

    @Test
    void connectivityIsFishersZOfEveryPair() {
        // Correlations of (1,2,3), (1,3,2), (3,2,1): .5, −1 (bounded), −.5.
        float[] window = {1, 2, 3, 1, 3, 2, 3, 2, 1};
        double[] pairs = ConnectivityRidge.connectivity(List.of(window, window), 3);
        assertThat(pairs[0]).isCloseTo(0.549306144334, within(1e-9));
        assertThat(pairs[1]).isCloseTo(-3.800201167, within(1e-6));
        assertThat(pairs[2]).isCloseTo(-0.549306144334, within(1e-9));
    }

    @Test
    void oneFeatureGivesTheTextbooksSlope() {
        // x centred: −1, 0, 1; Σx² = 2, mean diagonal 2/3; y centred: −2, 0, 2. Slope Σxy/(Σx² + λ·2/3) = 4/(2 + 2λ/3).
        double[][] x = {{4}, {5}, {6}};
        double[][] y = {{1}, {3}, {5}};
        var ridge = ConnectivityRidge.fit(x, y, 3);
        assertThat(ridge.predict(new double[] {5})[0]).isCloseTo(3, within(1e-12));
        assertThat(ridge.predict(new double[] {7})[0]).isCloseTo(3 + 2 * 4 / (2 + 3 * 2 / 3.0), within(1e-12));
    }

    @Test
    void thePenaltyIsTheOneThatValidatesBest() {
        double[][] x = {{4}, {5}, {6}};
        double[][] y = {{1}, {3}, {5}};
        var exact = ConnectivityRidge.fit(x, y, new double[][] {{8}}, new double[][] {{9}});
        var flat = ConnectivityRidge.fit(x, y, new double[][] {{8}}, new double[][] {{3}});
        assertThat(exact.predict(new double[] {8})[0]).isCloseTo(9, within(0.1));
        assertThat(flat.predict(new double[] {8})[0]).isCloseTo(3, within(0.3));
    }
}
