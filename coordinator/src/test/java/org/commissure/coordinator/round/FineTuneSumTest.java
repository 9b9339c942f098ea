package org.commissure.coordinator.round;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.commissure.coordinator.aggregation.ModelStore;
import org.commissure.coordinator.aggregation.UpdateStep;
import org.commissure.coordinator.report.FineTuneRun;
import org.commissure.privacy.secagg.ExactSums;
import org.commissure.protocol.evaluation.Prediction;
import org.commissure.protocol.evaluation.PredictionSums;
import org.commissure.protocol.study.FineTunePlan;
import org.commissure.protocol.study.FineTuneVector;
import org.commissure.protocol.study.Study;
import org.commissure.protocol.study.StudyFile;
import org.commissure.protocol.study.StudySums;
import org.commissure.protocol.v1.SumKind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class FineTuneSumTest {
    private static final ByteString MODEL = ByteString.copyFrom(new byte[32]);

    private final StudyFile study = FineTuneRun.study();
    private final FineTunePlan plan = study.study().finetune().orElseThrow();
    private @TempDir Path folder;
    private final RunState run = RunMachine.start(
                    new RunEvent.RunStarted(0, "r", "f", study.text(), MODEL, 4, Map.of(), Set.of(), ByteString.EMPTY))
            .state();

    /** Of one site. @param classes of its external patients */
    private int[] sum(int... classes) {
        double[] values = new double[StudySums.evaluationLength(study.study(), 0)];
        for (int model = 0; model < plan.models().size(); model++) {
            List<Prediction> predictions = new ArrayList<>();
            for (int i = 0; i < classes.length; i++) {
                predictions.add(new Prediction(classes[i], model == 0 ? 0.3 + 0.4 * classes[i] : 0.5));
            }
            double[] own = PredictionSums.of(plan.target().kind(), predictions, 1);
            System.arraycopy(own, 0, values, model * plan.scores(), own.length);
        }
        return ExactSums.encode(values);
    }

    @Test
    void aRunBeginsWithZerosOfEveryPartThatIsTrained() throws IOException {
        ModelStore models = new ModelStore(folder);
        ModelStore.StoredModel initial =
                RunFolders.initial(models, study.study()).orElseThrow();
        assertThat(initial.parameterCount())
                .isEqualTo(FineTuneVector.of(study.study()).length());
        assertThat(initial.values()).containsOnly(0);
    }

    @Test
    void bothModelsAreScored() throws Exception {
        ModelStore models = new ModelStore(folder);
        RunEvent.SumComputed computed = FineTuneSum.computed(run, models, sum(0, 1, 0, 1), 1, MODEL, 5);
        PhenotypeResult result = Objects.requireNonNull(computed.phenotype());
        assertThat(result.scores()).extracting(PhenotypeResult.Score::model).containsExactly("fine-tuned", "mean");
        assertThat(result.converged()).isFalse();
        assertThat(computed.evaluation()).isNull();
    }

    @Test
    void aClassWithOneMemberIsAClearError() throws Exception {
        ModelStore models = new ModelStore(folder);
        assertThatThrownBy(() -> FineTuneSum.computed(run, models, sum(0, 0, 1), 1, MODEL, 5))
                .isInstanceOf(UpdateStep.UnusableSumException.class)
                .hasMessageContaining("the class ASD of the column diagnosis has fewer than two external patients");
    }

    @Test
    void theCourseIsThatOfAnyNetworkAndEndsWhereTheStartCannotBeScored() {
        List<String> course = new ArrayList<>();
        Optional<Sum> next = Optional.of(Course.first(study.study()));
        while (next.isPresent()) {
            course.add(next.get().kind() + " " + next.get().round());
            next = Course.after(study.study(), next.get(), true, false);
        }
        assertThat(course).containsExactly("EVALUATE 0", "TRAIN 1", "EVALUATE 1", "TRAIN 2", "EVALUATE 2");
        assertThat(Course.isTheEnd(study.study(), new Sum(0, SumKind.EVALUATE, 2)))
                .isTrue();
        assertThat(Course.isTheEnd(study.study(), new Sum(1, SumKind.EVALUATE, 2)))
                .isFalse();
    }

    @Test
    void baselinesFollowTrainingAndEndWhereNothingMovesOrNothingCanBeFitted() {
        Study beside = FineTuneRun.withBaselines().study();
        assertThat(Course.after(beside, new Sum(2, SumKind.EVALUATE, 1), true, false))
                .hasValue(new Sum(3, SumKind.FIT, 1));
        assertThat(Course.after(beside, new Sum(2, SumKind.TRAIN, 2), false, false))
                .hasValue(new Sum(3, SumKind.FIT, 1));
        assertThat(Course.after(beside, new Sum(3, SumKind.FIT, 1), true, false))
                .hasValue(new Sum(4, SumKind.REFINE, 1));
        assertThat(Course.after(beside, new Sum(4, SumKind.REFINE, 1), true, true))
                .hasValue(new Sum(4, SumKind.EVALUATE, 1));
        assertThat(Course.after(beside, new Sum(4, SumKind.EVALUATE, 1), true, true))
                .isEmpty();
        assertThat(Course.after(beside, new Sum(3, SumKind.FIT, 2), false, false))
                .isEmpty();
        assertThat(Course.isTheEnd(beside, SumKind.FIT, 1)).isFalse();
    }
}
