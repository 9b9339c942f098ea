package org.commissure.site.round;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import org.commissure.protocol.study.RegionalPlan.Fit;
import org.commissure.protocol.study.RegionalPlan.Haemodynamics;
import org.commissure.protocol.study.RegionalPlan.Method;
import org.commissure.protocol.v1.Party;
import org.commissure.protocol.v1.SecureSumConfig;
import org.commissure.protocol.v1.SumId;
import org.junit.jupiter.api.Test;

final class ElectionTest {

    private static List<Integer> elected(int attempt, String... sites) {
        Fit fit = new Fit(Method.RMFM, List.of(sites), 1, 8, 1, 1, 100, 1, Haemodynamics.KONG_2021);
        SecureSumConfig config = SecureSumConfig.newBuilder()
                .setSum(SumId.newBuilder().setAttempt(attempt))
                .addParty(Party.newBuilder().setSite("A"))
                .addParty(Party.newBuilder().setSite("B"))
                .addParty(Party.newBuilder().setSite("C"))
                .build();
        return IntStream.rangeClosed(1, 3)
                .filter(index -> Election.isElected(fit, config, index))
                .boxed()
                .toList();
    }

    @Test
    void everyAttemptElectsTheNextPartyWhereTheStudyNamesNobody() {
        assertThat(elected(1, "first")).containsExactly(1);
        assertThat(elected(2, "first")).containsExactly(2);
        assertThat(elected(4, "first")).containsExactly(1);
    }

    @Test
    void namedSitesAreAskedInTheOrderOfTheStudy() {
        assertThat(elected(1, "C", "A")).containsExactly(3);
        assertThat(elected(2, "C", "A")).containsExactly(1);
        assertThat(elected(3, "C", "A")).containsExactly(3);
    }

    @Test
    void aNamedSiteThatIsNoPartyLeavesTheAttemptWithoutAFit() {
        assertThat(elected(1, "Z", "B")).isEmpty();
        assertThat(elected(2, "Z", "B")).containsExactly(2);
    }
}
