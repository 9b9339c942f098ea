package org.commissure.site.compute;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.commissure.models.baseline.BaselineConfiguration;
import org.commissure.models.brainlm.MaskedAutoencoder;
import org.commissure.models.brainlm.ModelConfiguration;
import org.commissure.models.brainlm.Presets;
import org.commissure.models.modelfile.ConfigurationFile;
import org.commissure.models.training.Scan;
import org.commissure.privacy.dp.GaussianNoise;
import org.commissure.privacy.dp.PatientSampler;
import org.commissure.protocol.UserError;
import org.commissure.protocol.evaluation.EvaluationField;
import org.commissure.protocol.study.Preset;
import org.commissure.protocol.study.SharedPart;
import org.commissure.protocol.study.Study;
import org.commissure.site.ExampleStudy;
import org.commissure.site.evaluation.ExternalEvaluation;
import org.commissure.site.evaluation.ExternalPatient;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Every model that a study can name, from its section to an update and a score. */
class ModelShapeTest {
    private static final int FRAMES = 2 * ExampleStudy.WINDOW_FRAMES + 1;

    @TempDir
    private Path folder;

    @ParameterizedTest
    @EnumSource
    void trainsAndIsScored(Preset preset) throws Exception {
        Study study = sized(preset)
                .with("privacy", "mode", "\"none\"")
                .with("privacy", "noise_multiplier", "0.0")
                .with("privacy", "sampling_rate", "1.0")
                .with("training", "local_steps", "15")
                .with("training", "optimiser", "\"adam\"")
                .with("training", "learning_rate", "0.01")
                .with("training", "update_clip_norm", "1e6")
                .file()
                .study();
        ModelConfiguration shape = ModelShape.of(study);
        float[] start = ModelShape.initialParameters(study);
        SecureRandom random = new SecureRandom();
        try (MaskedAutoencoder model = ModelShape.open(shape)) {
            double before = r2(study, model, start);
            float[] update = new LocalTraining(
                            model,
                            shape,
                            study,
                            SharedPart.whole(model.parameterCount()),
                            new PatientSampler(random),
                            new GaussianNoise(random))
                    .train(
                            start,
                            LocalTraining.Start.NONE,
                            patients(6),
                            6,
                            new Attempt("test", 1, 1),
                            Optional.empty(),
                            fraction -> {})
                    .update()
                    .getFirst();
            for (int i = 0; i < start.length; i++) {
                start[i] += update[i];
            }
            // Patients are one sine in every parcel: even a few steps must help to fill in what is masked.
            assertThat(r2(study, model, start)).isGreaterThan(before + 0.02).isLessThan(1);
        }
    }

    @ParameterizedTest
    @EnumSource
    void isWrittenAndReadAgainAsTheSameConfiguration(Preset preset) throws Exception {
        ModelConfiguration shape = ModelShape.of(sized(preset).file().study());
        Path file = folder.resolve("config.json");
        ConfigurationFile.of(shape).write(file);
        assertThat(ConfigurationFile.read(file).configuration()).isEqualTo(shape);
    }

    @ParameterizedTest
    @EnumSource
    void hasInAShortSectionTheSizesThatTheModelsPackageGivesIt(Preset preset) {
        Study study = withoutSizes(preset)
                .with("training", "mask_ratio", "0.75")
                .with(
                        "model",
                        "coordinates_millimetres",
                        "[[0.0, 0.0, 0.0], [50.0, 0.0, 0.0], [0.0, 50.0, 0.0], [0.0, 0.0, 50.0]]")
                .file()
                .study();
        float[][] places = {{0, 0, 0}, {50, 0, 0}, {0, 50, 0}, {0, 0, 50}};
        ModelConfiguration expected = switch (preset) {
            case COMMISSURE_SMALL, COMMISSURE_BASE ->
                Presets.named(preset.key(), places, ExampleStudy.WINDOW_FRAMES, 4);
            case LSTM, MLP, CONV3D ->
                BaselineConfiguration.of(
                        BaselineConfiguration.Family.valueOf(preset.name()),
                        ExampleStudy.PARCELS,
                        ExampleStudy.WINDOW_FRAMES,
                        4,
                        places);
        };
        assertThat(ModelShape.of(study)).isEqualTo(expected);
    }

    @Test
    void sizesThatMakeNoModelAreExplained() {
        Study odd = new ExampleStudy()
                .with("model", "hidden", "9")
                .with("model", "heads", "3")
                .file()
                .study();
        assertThatThrownBy(() -> ModelShape.of(odd))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("hidden = 9 is odd");
        Study huge = withoutSizes(Preset.MLP)
                .with("model", "widths", "[65536, 65536]")
                .file()
                .study();
        assertThatThrownBy(() -> ModelShape.of(huge))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("more parameters than");
    }

    private static ExampleStudy sized(Preset preset) {
        ExampleStudy study = withoutSizes(preset);
        return switch (preset) {
            case COMMISSURE_SMALL -> new ExampleStudy();
            case COMMISSURE_BASE ->
                study.with("model", "hidden", "16")
                        .with("model", "feed_forward", "16")
                        .with("model", "decoder_hidden", "8")
                        .with("model", "decoder_heads", "2");
            case LSTM -> study.with("model", "widths", "[6]");
            case MLP -> study.with("model", "widths", "[16]");
            case CONV3D -> study.with("model", "widths", "[6, 4]").with("model", "cell_millimetres", "8.0");
        };
    }

    private static ExampleStudy withoutSizes(Preset preset) {
        ExampleStudy study = new ExampleStudy().with("model", "preset", '"' + preset.key() + '"');
        for (String key : List.of("hidden", "encoder_layers", "decoder_layers", "heads", "feed_forward")) {
            study.without("model", key);
        }
        return study;
    }

    private static double r2(Study study, MaskedAutoencoder model, float[] parameters) throws Exception {
        model.loadParameters(parameters);
        double[] sums = new ExternalEvaluation(model, model.configuration(), study.evaluation())
                .sums(
                        IntStream.range(0, 4)
                                .mapToObj(i -> new ExternalPatient(
                                        ByteString.copyFromUtf8("patient " + i),
                                        patients(10).get(6 + i)))
                                .toList(),
                        1,
                        fraction -> {});
        double mean = sums[EvaluationField.SUM.ordinal()] / sums[EvaluationField.VALUES.ordinal()];
        double total = sums[EvaluationField.SUM_OF_SQUARES.ordinal()] - mean * sums[EvaluationField.SUM.ordinal()];
        return 1 - sums[EvaluationField.ERROR_MODEL.ordinal()] / total;
    }

    /** The same slow sine in every parcel, from another phase on, and a little noise. */
    private static List<Scan> patients(int count) {
        return IntStream.range(0, count)
                .<Scan>mapToObj(i -> new Scan() {
                    @Override
                    public int parcels() {
                        return ExampleStudy.PARCELS;
                    }

                    @Override
                    public int frames() {
                        return FRAMES;
                    }

                    @Override
                    public float[] load() {
                        SplittableRandom random = new SplittableRandom(i);
                        float[] series = new float[ExampleStudy.PARCELS * FRAMES];
                        for (int t = 0; t < series.length; t++) {
                            series[t] = (float) (Math.sin(i + (t % FRAMES) * 0.5) + 0.1 * random.nextGaussian());
                        }
                        return series;
                    }
                })
                .toList();
    }
}
