package org.commissure.site.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.google.protobuf.ByteString;
import java.io.IOException;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.commissure.models.brainlm.BrainLm;
import org.commissure.models.brainlm.BrainLmConfiguration;
import org.commissure.models.brainlm.Initialisation;
import org.commissure.models.brainlm.Mask;
import org.commissure.models.brainlm.WindowPreparation;
import org.commissure.models.training.Scan;
import org.commissure.protocol.evaluation.EvaluationField;
import org.commissure.protocol.evaluation.ReconstructionMetrics;
import org.commissure.protocol.study.Study;
import org.commissure.site.ExampleStudy;
import org.commissure.site.SeveralScans;
import org.commissure.site.compute.LocalWorkException;
import org.commissure.site.compute.ModelShape;
import org.junit.jupiter.api.Test;

class ExternalEvaluationTest {
    private static final int FRAMES = 25;
    private static final Study STUDY = new ExampleStudy().file().study();
    private static final BrainLmConfiguration SHAPE = (BrainLmConfiguration) ModelShape.of(STUDY);

    @Test
    void aModelThatTheSiteTrainedAloneIsScoredOnTheVerySameValues() throws Exception {
        Study compared = new ExampleStudy()
                .with("evaluation", "single_site", "true")
                .file()
                .study();
        List<ExternalPatient> patients = patients(3);
        float[] released = Initialisation.parameters(SHAPE, 3);
        float[] own = Initialisation.parameters(SHAPE, 4);
        int alone = EvaluationField.values().length;
        try (BrainLm model = new BrainLm(SHAPE)) {
            model.loadParameters(own);
            double direct = new ExternalEvaluation(model, SHAPE, STUDY.evaluation())
                    .sums(patients, 1, fraction -> {})[EvaluationField.ERROR_MODEL.ordinal()];
            model.loadParameters(released);
            double[] sums = new ExternalEvaluation(model, SHAPE, compared.evaluation(), Optional.of(own))
                    .sums(patients, 1, fraction -> {});
            assertThat(sums).hasSize(compared.evaluation().layout().length());
            assertThat(sums[alone]).isCloseTo(direct, within(1e-6));

            model.loadParameters(released);
            double[] same = new ExternalEvaluation(model, SHAPE, compared.evaluation(), Optional.of(released))
                    .sums(patients, 1, fraction -> {});
            assertThat(same[alone]).isEqualTo(same[EvaluationField.ERROR_MODEL.ordinal()]);
            var metrics = ReconstructionMetrics.of(compared.evaluation().maskRatios(), true, same)
                    .orElseThrow();
            assertThat(Objects.requireNonNull(metrics.r2OverSingleSite()).value())
                    .isZero();
        }
    }

    @Test
    void theSumsAreThoseOfADirectComputation() throws Exception {
        List<ExternalPatient> patients = patients(3);
        try (BrainLm model = new BrainLm(SHAPE)) {
            model.loadParameters(Initialisation.parameters(SHAPE, 3));
            ExternalEvaluation evaluation = new ExternalEvaluation(model, SHAPE, STUDY.evaluation());
            double[] fields = evaluation.sums(patients, 1, fraction -> {});

            double values = 0;
            double sum = 0;
            double squares = 0;
            double error = 0;
            float[] prediction = new float[SHAPE.windowLength()];
            for (ExternalPatient patient : patients) {
                int[] starts = {0, FRAMES - SHAPE.windowFrames()};
                for (int w = 0; w < 2; w++) {
                    float[] window = WindowPreparation.standardise(
                            patient.patient().load(), 4, FRAMES, starts[w], SHAPE.windowFrames());
                    Mask mask = evaluation.mask(
                            patient.idSha256(), w, STUDY.evaluation().maskRatio());
                    model.reconstruct(window, mask, prediction);
                    for (int m = 0; m < mask.maskedCount(); m++) {
                        for (int t = 0; t < SHAPE.patchFrames(); t++) {
                            int at = mask.masked(m) * SHAPE.patchFrames() + t;
                            values++;
                            sum += window[at];
                            squares += (double) window[at] * window[at];
                            error += Math.pow((double) window[at] - prediction[at], 2);
                        }
                    }
                }
            }
            assertThat(fields[EvaluationField.PATIENTS.ordinal()]).isEqualTo(3);
            assertThat(fields[EvaluationField.VALUES.ordinal()]).isEqualTo(values);
            assertThat(fields[EvaluationField.SUM.ordinal()]).isCloseTo(sum, within(1e-6));
            assertThat(fields[EvaluationField.SUM_OF_SQUARES.ordinal()]).isCloseTo(squares, within(1e-6));
            assertThat(fields[EvaluationField.ERROR_MODEL.ordinal()]).isCloseTo(error, within(1e-6));
        }
    }

    @Test
    void everyModelIsScoredOnTheSameMaskedPatches() throws Exception {
        try (BrainLm model = new BrainLm(SHAPE)) {
            ExternalEvaluation evaluation = new ExternalEvaluation(model, SHAPE, STUDY.evaluation());
            model.loadParameters(Initialisation.parameters(SHAPE, 3));
            double[] first = evaluation.sums(patients(3), 1, fraction -> {});
            model.loadParameters(Initialisation.parameters(SHAPE, 4));
            double[] second = evaluation.sums(patients(3), 1, fraction -> {});
            assertThat(second[EvaluationField.SUM.ordinal()]).isEqualTo(first[EvaluationField.SUM.ordinal()]);
            assertThat(second[EvaluationField.ERROR_INTERPOLATION.ordinal()])
                    .isEqualTo(first[EvaluationField.ERROR_INTERPOLATION.ordinal()]);
            assertThat(second[EvaluationField.ERROR_MODEL.ordinal()])
                    .isNotEqualTo(first[EvaluationField.ERROR_MODEL.ordinal()]);
        }
    }

    @Test
    void aPatientWithSeveralScansIsOnePatientWithAsManyWindowsAsAnyOther() throws Exception {
        List<ExternalPatient> three = patients(3);
        List<Scan> scans = three.stream().map(ExternalPatient::patient).toList();
        ExternalPatient one = new ExternalPatient(three.getFirst().idSha256(), new SeveralScans(scans));
        try (BrainLm model = new BrainLm(SHAPE)) {
            model.loadParameters(Initialisation.parameters(SHAPE, 3));
            ExternalEvaluation evaluation = new ExternalEvaluation(model, SHAPE, STUDY.evaluation());
            double[] ofOneScan = evaluation.sums(three.subList(0, 1), 1, fraction -> {});
            double[] ofThree = evaluation.sums(List.of(one), 1, fraction -> {});
            assertThat(ofThree[EvaluationField.PATIENTS.ordinal()]).isEqualTo(1);
            assertThat(ofThree[EvaluationField.VALUES.ordinal()])
                    .isEqualTo(ofOneScan[EvaluationField.VALUES.ordinal()]);
            assertThat(ofThree[EvaluationField.SUM.ordinal()]).isNotEqualTo(ofOneScan[EvaluationField.SUM.ordinal()]);
        }
    }

    @Test
    void aDamagedSeriesIsNamedWithoutThePatient() {
        Scan damaged = new Scan() {
            @Override
            public int parcels() {
                return 4;
            }

            @Override
            public int frames() {
                return FRAMES;
            }

            @Override
            public float[] load() throws IOException {
                throw new IOException("/data/sub-0042 is gone");
            }
        };
        try (BrainLm model = new BrainLm(SHAPE)) {
            ExternalEvaluation evaluation = new ExternalEvaluation(model, SHAPE, STUDY.evaluation());
            assertThatThrownBy(() ->
                            evaluation.sums(List.of(new ExternalPatient(ByteString.EMPTY, damaged)), 1, fraction -> {}))
                    .isInstanceOf(LocalWorkException.class)
                    .hasMessageNotContaining("sub-0042");
        }
    }

    private static List<ExternalPatient> patients(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> new ExternalPatient(ByteString.copyFromUtf8("patient " + i), new Scan() {
                    @Override
                    public int parcels() {
                        return 4;
                    }

                    @Override
                    public int frames() {
                        return FRAMES;
                    }

                    @Override
                    public float[] load() {
                        SplittableRandom random = new SplittableRandom(i);
                        float[] series = new float[4 * FRAMES];
                        for (int t = 0; t < series.length; t++) {
                            series[t] = (float) random.nextGaussian();
                        }
                        return series;
                    }
                }))
                .toList();
    }
}
