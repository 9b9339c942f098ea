package org.commissure.privacy.dp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

final class OneRunAuditTest {
    @Test
    void theLowerBoundsAreTheReferences() {
        for (ReferenceData.Row row : ReferenceData.table("dp/one_run_audit_public.csv")) {
            OneRunAudit audit = new OneRunAudit(
                    (int) row.number("m"),
                    (int) row.number("r"),
                    (int) row.number("v"),
                    row.number("delta"),
                    row.number("significance"));
            assertThat(audit.epsilonLowerBound())
                    .as(row.toString())
                    .isCloseTo(row.number("eps_lower_bound"), within(1e-6));
        }
    }

    @Test
    void withoutDeltaItIsTheBinomialTest() {
        // 10 of 10 right: p = s^10 = 0.05 at s = 0.05^(1/10), and ε = ln(s / (1 − s)).
        double success = Math.pow(0.05, 0.1);
        assertThat(new OneRunAudit(10, 10, 10, 0, 0.05).epsilonLowerBound())
                .isCloseTo(Math.log(success / (1 - success)), within(1e-9));
    }

    @Test
    void halfRightRefutesNothing() {
        assertThat(new OneRunAudit(100, 100, 50, 1e-6, 0.05).epsilonLowerBound())
                .isZero();
        assertThat(new OneRunAudit(100, 100, 0, 0, 0.05).epsilonLowerBound()).isZero();
    }

    @Test
    void aLargerDeltaExplainsMoreAndRefutesLess() {
        double strict = new OneRunAudit(1000, 200, 190, 0, 0.05).epsilonLowerBound();
        assertThat(new OneRunAudit(1000, 200, 190, 1e-5, 0.05).epsilonLowerBound())
                .isLessThan(strict);
    }

    @Test
    void impossibleCountsAreRefused() {
        assertThatThrownBy(() -> new OneRunAudit(0, 1, 1, 0, 0.05)).hasMessageContaining("canaries");
        assertThatThrownBy(() -> new OneRunAudit(10, 11, 1, 0, 0.05)).hasMessageContaining("guesses");
        assertThatThrownBy(() -> new OneRunAudit(10, 10, 11, 0, 0.05)).hasMessageContaining("correct");
        assertThatThrownBy(() -> new OneRunAudit(10, 10, 9, 1, 0.05)).hasMessageContaining("delta");
        assertThatThrownBy(() -> new OneRunAudit(10, 10, 9, 0, 0)).hasMessageContaining("significance");
    }
}
