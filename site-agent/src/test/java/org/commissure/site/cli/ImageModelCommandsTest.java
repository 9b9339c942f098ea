package org.commissure.site.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.commissure.site.cli.CommandResult.siteModel;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.commissure.models.brainlm.Initialisation;
import org.commissure.models.brainlm.Stack;
import org.commissure.models.brainlm.VitMaeConfiguration;
import org.commissure.models.brainlm.VitMaeConfiguration.Mode;
import org.commissure.models.modelfile.ModelFolder;
import org.commissure.site.cohort.SyntheticCohort;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Training and scoring a tiny ViT-MAE on series files: 24 parcels × 40 frames in an image of 48, patches of 8. */
class ImageModelCommandsTest {
    @TempDir
    private static Path shared;

    private static Path data = Path.of("");

    @TempDir
    Path folder;

    @BeforeAll
    static void writeCohorts() {
        data = shared.resolve("data");
        new SyntheticCohort(List.of("A", "B"), 16, 24, 60, 5).write(data);
    }

    private Path model(Mode mode, double maskRatio) throws IOException {
        var c = new VitMaeConfiguration(
                24,
                40,
                48,
                8,
                new Stack(32, 1, 4, 48),
                new Stack(24, 1, 3, 32),
                mode,
                1e-12,
                maskRatio,
                2,
                IntStream.range(0, 24).toArray());
        Path model = folder.resolve(mode.name());
        ModelFolder.write(model, c, Initialisation.parameters(c, 1), Map.of());
        return model;
    }

    @ParameterizedTest
    @EnumSource(Mode.class)
    void everyModeTrainsAndIsScoredAsItsTrainingScoredIt(Mode mode) throws IOException {
        Path out = folder.resolve("trained");
        Path start = model(mode, mode == Mode.AUTO_ENCODE ? 0.5 : 0.2 /* of 40 frames: half a patch stays visible */);
        CommandResult trained = train(start, out, "--json");
        assertThat(trained.code()).as(trained.text()).isZero();
        JsonNode scores = trained.json().get("scores");
        CommandResult evaluated = siteModel(
                "evaluate",
                "--model",
                out.toString(),
                "--cohort",
                data.toString(),
                "--threads",
                "1",
                "--held-out",
                "--per-parcel",
                "--json");
        assertThat(evaluated.code()).as(evaluated.text()).isZero();
        assertThat(evaluated.json().get("r2").asDouble())
                .isCloseTo(scores.get("r2").asDouble(), within(1e-9));
        assertThat(evaluated.json().get("r2Interpolation").asDouble())
                .isCloseTo(scores.get("r2Interpolation").asDouble(), within(1e-9));
        assertThat(evaluated.json().get("r2ByParcel")).hasSize(24);
        assertThat(out).isDirectoryContaining("glob:**/curve.svg");
    }

    @Test
    void aStoppedRunGoesOnToTheSameBits() throws Exception {
        Path start = model(Mode.AUTO_ENCODE, 0.5);
        Path straight = folder.resolve("straight");
        Path resumed = folder.resolve("resumed");
        assertThat(train(start, straight, "--checkpoint-seconds", "0").code()).isZero();
        Thread trainer = Thread.currentThread();
        Thread stopper = Thread.ofPlatform().start(() -> {
            while (!Files.exists(resumed.resolve(TrainCommand.CHECKPOINT))) {
                Thread.onSpinWait();
            }
            trainer.interrupt(); // as Ctrl-C does
        });
        CommandResult stopped = train(start, resumed, "--checkpoint-seconds", "0");
        stopper.join();
        assertThat(Thread.interrupted()).as(stopped.text()).isFalse();
        assertThat(stopped.code()).as(stopped.text()).isEqualTo(3);
        assertThat(stopped.text()).contains("training was stopped", "--resume");
        CommandResult going = train(start, resumed, "--checkpoint-seconds", "0", "--resume");
        assertThat(going.code()).as(going.text()).isZero();
        assertThat(Files.readAllBytes(resumed.resolve(ModelFolder.WEIGHTS)))
                .isEqualTo(Files.readAllBytes(straight.resolve(ModelFolder.WEIGHTS)));
    }

    @Test
    void theFutureOfAnImageCanBeTrainedAndEvaluated() throws IOException {
        Path start = model(Mode.AUTO_ENCODE, 0.5);
        CommandResult trained = train(start, folder.resolve("future"), "--mode", "future", "--json");
        assertThat(trained.code()).as(trained.text()).isZero();
        CommandResult result = siteModel(
                "evaluate", "--model", start.toString(), "--cohort", data.toString(), "--mode", "future", "--json");
        assertThat(result.code()).as(result.text()).isZero();
        // Frames begin in column 4 of the image: the last patch of 8 columns holds 4 of them. Two windows a patient.
        assertThat(result.json().get("values").asInt()).isEqualTo(4 * 24 * 2 * 32);
    }

    @Test
    void whatAnImageCannotBeIsRefusedWithAReason() throws IOException {
        Path free = model(Mode.AUTO_ENCODE, 0.5);
        Path last = model(Mode.PREDICT_LAST, 0.3);
        Path out = folder.resolve("out");
        refused(train(last, out, "--mask-ratio", "0.5"), "train_mode predict_last hides the last 12 frames");
        refused(train(last, out, "--mode", "future"), "train_mode predict_last");
        refused(train(free, out, "--minimum-frames", "30"), "a scan of 30 frames cannot be padded", "40 frames");
        refused(
                siteModel(
                        "train",
                        "--preset",
                        "brainlm-111m",
                        "--window",
                        "41",
                        "--coordinates",
                        data.resolve("atlas.tsv").toString(),
                        "--cohort",
                        data.toString(),
                        "--out",
                        out.toString()),
                "41 frames do not fit evenly into an image of 432");
    }

    private static void refused(CommandResult result, String... words) {
        assertThat(result.code()).as(result.text()).isEqualTo(3);
        assertThat(result.text()).contains(words).contains("remedy: ").doesNotContain("unexpected", "sub-");
    }

    private static CommandResult train(Path from, Path out, String... options) {
        List<String> arguments = new ArrayList<>(List.of(
                "train",
                "--from",
                from.toString(),
                "--cohort",
                data.toString(),
                "--out",
                out.toString(),
                "--steps",
                "40",
                "--batch",
                "4",
                "--threads",
                "1"));
        arguments.addAll(List.of(options));
        return siteModel(arguments.toArray(String[]::new));
    }
}
