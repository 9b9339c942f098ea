package org.commissure.models.meanfield.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.Test;

final class FastMathTest {
    @Test
    void oneMinusAPowerOfTwoIsAsExactAsAFloatAlsoNearZero() {
        Random random = new Random(1);
        for (int i = 0; i < 100_000; i++) {
            float x = (float) ((random.nextDouble() - 0.5) * Math.pow(10, random.nextInt(-6, 3)));
            double exact = -Math.expm1(x * Math.log(2));
            if (Math.abs(x) < FastMath.LARGEST_EXPONENT) {
                assertThat(Math.abs(FastMath.oneMinusPowerOfTwo(x) / exact - 1))
                        .as("at " + x)
                        .isLessThan(1e-6);
            }
        }
    }

    @Test
    void farOutsideThePowerIsCutOffWithoutLeavingTheRangeOfNumbers() {
        assertThat(FastMath.oneMinusPowerOfTwo(-1_000)).isEqualTo(1);
        assertThat(FastMath.oneMinusPowerOfTwo(-1e6f)).isEqualTo(1);
        assertThat(FastMath.oneMinusPowerOfTwo(1e6f)).isFinite().isLessThan(-1e37f);
    }

    @Test
    void outflowIsTheThirdPowerAndABitOverFourDecimalOrders() {
        for (double v = 0x1p-8; v <= 0x1p8; v *= 1.001) {
            float rounded = (float) v;
            double exact = Math.pow(rounded, 1 / 0.33);
            assertThat(Math.abs(FastMath.outflow(rounded) / exact - 1))
                    .as("at " + v)
                    .isLessThan(8e-7);
        }
    }

    @Test
    void theFiringRateHasItsLimitAtZero() {
        assertThat(FastMath.firingRate(0)).isCloseTo((float) (1 / 0.154), within(1e-6f));
        assertThat(FastMath.firingRate(-0f)).isCloseTo((float) (1 / 0.154), within(1e-6f));
        for (double u = -3_000; u < 3_000; u += 0.37) {
            float rounded = (float) u;
            double exact = MeanField.firingRate(rounded);
            assertThat(Math.abs(FastMath.firingRate(rounded) - exact))
                    .as("at " + u)
                    .isLessThan(1e-6 + 4e-6 * Math.abs(exact));
        }
    }
}
