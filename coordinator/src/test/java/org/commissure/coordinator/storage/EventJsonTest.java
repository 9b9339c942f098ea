package org.commissure.coordinator.storage;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.commissure.coordinator.round.EvaluationSummary;
import org.commissure.coordinator.round.PhenotypeResult;
import org.commissure.coordinator.round.RunEvent;
import org.commissure.coordinator.round.Step;
import org.commissure.coordinator.round.Sum;
import org.commissure.protocol.evaluation.Prediction;
import org.commissure.protocol.evaluation.PredictionMetrics;
import org.commissure.protocol.evaluation.PredictionSums;
import org.commissure.protocol.evaluation.TargetKind;
import org.commissure.protocol.v1.Signed;
import org.commissure.protocol.v1.SumKind;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class EventJsonTest {
    private static final ByteString BYTES = ByteString.copyFrom(new byte[] {0, -1, 7});
    private static final PhenotypeResult PHENOTYPE = new PhenotypeResult(
            new PhenotypeResult.Overlap(7, 1, 0),
            true,
            List.of(score(TargetKind.classification(), 1, 0.7), score(TargetKind.regression(30, 10), 24, 30)),
            3);
    private static final Sum SUM = new Sum(3, SumKind.TRAIN, 2);

    static List<RunEvent> events() {
        return List.of(
                new RunEvent.RunStarted(
                        1, "run", "federation", "text = 1\n", BYTES, 5, Map.of("A", BYTES), Set.of("A"), BYTES),
                new RunEvent.SumStarted(2, BYTES),
                new RunEvent.SiteConnected(3, "A", BYTES),
                new RunEvent.SiteDisconnected(4, "A"),
                new RunEvent.GraceExpired(5, "A", 4),
                new RunEvent.DeadlineReached(6, SUM, "voting"),
                new RunEvent.InvitationAnswered(7, SUM, "A", false, "no \"budget\""),
                new RunEvent.SiteAnswered(
                        8,
                        SUM,
                        "A",
                        Step.SHARE_KEYS,
                        Signed.newBuilder().setPayload(BYTES).build()),
                new RunEvent.SiteDropped(9, SUM, "A", "step", "reason"),
                new RunEvent.SumComputed(10, SUM, BYTES, BYTES, null),
                new RunEvent.SumComputed(11, SUM, BYTES, BYTES, new EvaluationSummary(0.1, 2, 0.3, 4, 0.5, 6, 7, 8, 9)),
                new RunEvent.SumComputed(12, SUM, BYTES, BYTES, null, null, null, null, null, Map.of("A", "forged")),
                new RunEvent.SumComputed(11, SUM, BYTES, BYTES, null, null, null, 0.25, BYTES, Map.of()),
                new RunEvent.SumComputed(13, SUM, BYTES, BYTES, null, null, PHENOTYPE, null, null, Map.of()),
                new RunEvent.SumFailed(12, SUM, "why"),
                new RunEvent.SumWithheld(12, SUM, "too light"),
                new RunEvent.RunCancelled(13, "why"),
                new RunEvent.RunPaused(14, "scanner service"),
                new RunEvent.RunContinued(15),
                new RunEvent.RunBroken(14, "why"),
                new RunEvent.Restarted(15));
    }

    @ParameterizedTest
    @MethodSource("events")
    void everyEventComesBackAsItWas(RunEvent event) {
        assertThat(EventJson.read(EventJson.write(event))).isEqualTo(event);
    }

    private static PhenotypeResult.Score score(TargetKind kind, double truth, double predicted) {
        double[] sums = PredictionSums.of(kind, List.of(new Prediction(truth, predicted)), 1);
        return new PhenotypeResult.Score("federated", PredictionMetrics.of(kind, sums));
    }
}
