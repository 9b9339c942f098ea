package org.commissure.privacy.dp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class LogErfcTest {
    /** Values by mpmath with 40 digits. */
    @ParameterizedTest
    @CsvSource({
        "-30, 0.69314718055994530942",
        "-5, 0.69314718055917657952",
        "-1.5, 0.67605450273396056397",
        "-0.3, 0.28414589714140825002",
        "0, 0.0",
        "1e-10, -1.1283791671591745922e-10",
        "0.3, -0.3984300514400852726",
        "1, -1.8496055099332482486",
        "1.4999999, -3.3844917386714812639",
        "1.5, -3.3844920895515527203",
        "2, -5.3649412646166375745",
        "3.7, -15.604367894999847766",
        "10, -102.87988902484488857",
        "27, -732.86888650789741098",
        "1000, -1000007.4801207219062",
        "1e7, -100000000000016.69046",
    })
    void itHasFullPrecisionEverywhere(double x, double expected) {
        assertThat(LogErfc.of(x)).isCloseTo(expected, within(4e-15 * Math.max(1e-15, Math.abs(expected)) + 1e-16));
    }
}
