package org.commissure.site.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.commissure.models.brainlm.Initialisation;
import org.commissure.models.modelfile.ModelFolder;
import org.commissure.models.weights.ParameterLayout;
import org.commissure.models.weights.Safetensors;
import org.commissure.protocol.study.FineTuneVector;
import org.commissure.protocol.study.SharedPart;
import org.commissure.protocol.study.Study;
import org.commissure.protocol.study.StudyFile;
import org.commissure.site.cohort.SyntheticCohort;
import org.commissure.site.compute.ModelShape;
import org.commissure.site.finetune.FineTunedAnswers;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A vector as a run releases it, the model that the run began with, and what the two say of a hospital's patients. */
class ModelAssembleCommandTest {
    private static final int PARCELS = 12;

    @TempDir
    private static Path shared;

    private static Path base;

    @TempDir
    Path folder;

    @BeforeAll
    static void makeUpAHospitalAndAReleasedModel() throws IOException {
        new SyntheticCohort(List.of("A"), 12, PARCELS, 48, 5).write(shared.resolve("data"));
        Study any = StudyFile.parse(study("0f".repeat(32), "\"all\"", "")).study();
        var configuration = ModelShape.of(any);
        base = shared.resolve("base");
        ModelFolder.write(base, configuration, Initialisation.parameters(configuration, 1), Map.of());
    }

    private static String study(String base, String trainable, String more) {
        String coordinates =
                IntStream.range(0, PARCELS).mapToObj(i -> "[" + i + ", 0, 0]").collect(Collectors.joining(", "));
        return """
                [study]
                kind = "finetune"
                name = "test"
                purpose = "research"
                [rounds]
                count = 2
                maximum_attempts = 2
                server_learning_rate = 1.0
                [quorum]
                minimum_sites = 3
                maximum_colluders = 1
                [deadlines]
                invite_seconds = 60
                keys_seconds = 60
                upload_seconds = 60
                vote_seconds = 60
                unmask_seconds = 60
                reconnect_grace_seconds = 5
                [secure_aggregation]
                ring_bits = 32
                update_bound = 16.0
                scale_log2 = 20
                maximum_weight = 256
                [privacy]
                mode = "none"
                clip_norm = 1.0
                noise_multiplier = 0.0
                sampling_rate = 1.0
                delta = 1e-5
                [training]
                local_steps = 1
                optimiser = "adam"
                learning_rate = 0.01
                momentum = 0.0
                update_clip_norm = 1000.0
                seed = 3
                [model]
                preset = "commissure-small"
                parcels = %d
                window_frames = 24
                patch_frames = 6
                hidden = 16
                encoder_layers = 1
                heads = 2
                feed_forward = 32
                initialisation_seed = 1
                coordinates_millimetres = [%s]
                [finetune]
                external_fraction = 0.3
                model_sha256 = "%s"
                pooling = "mean"
                windows_per_scan = 2
                trainable = %s
                [finetune.target]
                column = "sex"
                type = "classification"
                classes = ["F", "M"]
                %s
                """.formatted(PARCELS, coordinates, base, trainable, more);
    }

    private Path study(String trainable, String more) throws IOException {
        return Files.writeString(
                folder.resolve("study.toml"),
                study(FileDigest.parametersSha256(base.resolve(ModelFolder.WEIGHTS)), trainable, more));
    }

    /** As a coordinator writes it, filled with small numbers. */
    private Path vector(Path study) throws IOException {
        FineTuneVector vector =
                FineTuneVector.of(StudyFile.parse(Files.readString(study)).study());
        var layout = new ParameterLayout.Builder();
        for (SharedPart.Tensor tensor : vector.tensors()) {
            layout.add(tensor.name(), tensor.length());
        }
        SplittableRandom random = new SplittableRandom(9);
        float[] values = new float[vector.length()];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) (0.2 * random.nextGaussian());
        }
        Path file = folder.resolve("vector.safetensors");
        Safetensors.write(file, layout.build(), values, Map.of());
        return file;
    }

    @Test
    void theFolderSaysOfPatientsWhatTheRunsSitesScored() throws Exception {
        Path study = study("\"all\"\nhead_widths = [5]", """
                [finetune.baselines]
                dimensions = 4
                seed = 1
                penalties = [1.0]
                folds = 1
                iterations = 2
                tolerance = 1e-6
                [[finetune.baselines.covariates]]
                column = "age"
                """);
        Path vector = vector(study);
        Path out = folder.resolve("tuned");
        JsonNode facts = json(assemble(study, vector, FileDigest.parametersSha256(vector), out));
        assertThat(facts.get("trainable").asText()).isEqualTo("all");
        assertThat(facts.get("classes").toString()).isEqualTo("[\"F\",\"M\"]");
        ModelFolder.Contents before = ModelFolder.read(base);
        ModelFolder.Contents after = ModelFolder.read(out);
        assertThat(after.parameters()[0]).isNotEqualTo(before.parameters()[0]);
        assertThat(after.parameters()[after.parameters().length - 1])
                .isEqualTo(before.parameters()[before.parameters().length - 1]);
        assertThat(after.metadata())
                .containsEntry("released_sha256", FileDigest.parametersSha256(vector))
                .containsEntry("target", "sex");

        Path predictions = folder.resolve("predictions.tsv");
        String data = shared.resolve("data").resolve("site-A").toString();
        assertThat(run(
                        new StringWriter(),
                        "predict",
                        "--model",
                        out.toString(),
                        "--cohort",
                        data,
                        "--out",
                        "" + predictions))
                .isZero();
        Map<String, double[]> expected = FineTunedAnswers.of(
                StudyFile.parse(Files.readString(study)).study(),
                Safetensors.read(vector).values(),
                before.parameters(),
                Path.of(data));
        List<String> lines = Files.readAllLines(predictions);
        assertThat(lines.getFirst()).isEqualTo("participant_id\tsex=F\tsex=M");
        assertThat(lines).hasSize(1 + expected.size()).hasSizeGreaterThan(5);
        Map<String, Double> said = new TreeMap<>();
        for (String line : lines.subList(1, lines.size())) {
            String[] cells = line.split("\t", -1);
            double[] probabilities = Objects.requireNonNull(expected.get(cells[0]));
            assertThat(Double.parseDouble(cells[1])).isCloseTo(probabilities[0], within(1e-6));
            assertThat(Double.parseDouble(cells[2])).isCloseTo(probabilities[1], within(1e-6));
            said.put(cells[0], probabilities[1]);
        }
        assertThat(said.values().stream().distinct().count()).isGreaterThan(1);
    }

    @Test
    void aHeadAloneLeavesTheEncoderAsItWasReleased() throws IOException {
        Path study = study("\"head\"", "");
        Path vector = vector(study);
        Path out = folder.resolve("tuned");
        assemble(study, vector, FileDigest.parametersSha256(vector), out);
        assertThat(ModelFolder.read(out).parameters())
                .containsExactly(ModelFolder.read(base).parameters());
        String data = shared.resolve("data").resolve("site-A").toString();
        StringWriter text = new StringWriter();
        assertThat(run(
                        text,
                        "embed",
                        "--model",
                        out.toString(),
                        "--cohort",
                        data,
                        "--out",
                        folder.resolve("e.tsv") + ""))
                .as(text.toString())
                .isZero();
    }

    @Test
    void itsPartsAreWrittenAsOnnxAndAModelWithoutAHeadPredictsNothing() throws IOException {
        Path study = study("\"head\"", "");
        Path vector = vector(study);
        Path out = folder.resolve("tuned");
        assemble(study, vector, FileDigest.parametersSha256(vector), out);
        for (String part : List.of("encoder", "reconstruction", "prediction")) {
            Path file = folder.resolve(part + ".onnx");
            StringWriter text = new StringWriter();
            assertThat(run(text, "export", out.toString(), "--part", part, "--out", file.toString(), "--json"))
                    .as(text.toString())
                    .isZero();
            assertThat(json(text.toString()).get("sha256").asText()).isEqualTo(FileDigest.sha256(file));
        }
        StringWriter text = new StringWriter();
        assertThat(run(text, "export", out.toString(), "--out", folder.resolve("any.onnx") + "", "--json"))
                .isZero();
        assertThat(json(text.toString()).get("part").asText()).isEqualTo("prediction");
        text = new StringWriter();
        assertThat(run(text, "export", base.toString(), "--part", "prediction", "--out", folder.resolve("x.onnx") + ""))
                .isEqualTo(3);
        assertThat(text.toString()).contains("has no head");
    }

    @Test
    void whatIsNotWhatTheRunReleasedIsRefusedWithBothHashes() throws IOException {
        Path study = study("\"head\"", "");
        Path vector = vector(study);
        StringWriter text = new StringWriter();
        assertThat(assemble(text, study, vector, "ab".repeat(32), folder.resolve("tuned")))
                .isEqualTo(3);
        assertThat(text.toString()).contains("ab".repeat(32), FileDigest.parametersSha256(vector));
        Path other = folder.resolve("other.toml");
        Files.writeString(other, study("cd".repeat(32), "\"head\"", ""));
        text = new StringWriter();
        assertThat(assemble(text, other, vector, FileDigest.parametersSha256(vector), folder.resolve("tuned")))
                .isEqualTo(3);
        assertThat(text.toString()).contains("the study names " + "cd".repeat(32));
        assertThat(folder.resolve("tuned")).doesNotExist();
    }

    private static String assemble(Path study, Path vector, String sha256, Path out) {
        StringWriter text = new StringWriter();
        assertThat(assemble(text, study, vector, sha256, out))
                .as(text.toString())
                .isZero();
        return text.toString();
    }

    private static int assemble(StringWriter text, Path study, Path vector, String sha256, Path out) {
        return run(
                text,
                "assemble",
                "--vector",
                vector.toString(),
                "--study",
                study.toString(),
                "--released",
                sha256,
                "--base",
                base.toString(),
                "--out",
                out.toString(),
                "--json");
    }

    private static JsonNode json(String text) throws IOException {
        return new ObjectMapper().readTree(text);
    }

    private static int run(StringWriter text, String... arguments) {
        List<String> all = new ArrayList<>(List.of("site", "model"));
        all.addAll(List.of(arguments));
        PrintWriter writer = new PrintWriter(text, true);
        return Main.commandLine().setOut(writer).setErr(writer).execute(all.toArray(String[]::new));
    }
}
