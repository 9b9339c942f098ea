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
import org.commissure.site.ExampleStudy;
import org.commissure.site.cohort.SyntheticCohort;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A model that embeds the repetition time, on cohorts whose sites have protocols of their own. */
class RepetitionTimeCommandsTest {
    @TempDir
    private static Path shared;

    private static Path data = Path.of("");
    private static Path trained = Path.of("");
    private static JsonNode facts = new ObjectMapper().createObjectNode();

    @TempDir
    Path folder;

    @BeforeAll
    static void train() throws IOException {
        data = shared.resolve("data");
        new SyntheticCohort(List.of("A", "B", "C"), 12, 24, 60, 5).write(data); // 2, 2 and 1.5 s
        trained = shared.resolve("trained");
        Result result = trainNew(trained, "--repetition-time-embedding", "--json");
        assertThat(result.code).as(result.text).isZero();
        facts = result.json();
    }

    @Test
    void theModelSaysThatItEmbedsItAndItsScoreComesBack() throws IOException {
        assertThat(Files.readString(trained.resolve("config.json"))).contains("\"repetitionTimeEmbedding\" : true");
        Result info = run("info", trained.toString(), "--json");
        assertThat(info.text).contains("repetition_time_embedding", "vit.embeddings.repetition_time_projection.weight");
        Result result = run(
                "evaluate",
                "--model",
                trained.toString(),
                "--cohort",
                data.toString(),
                "--threads",
                "1",
                "--held-out",
                "--json");
        assertThat(result.code).as(result.text).isZero();
        assertThat(result.json().get("r2").asDouble())
                .isCloseTo(facts.get("scores").get("r2").asDouble(), within(1e-9));
    }

    @Test
    void theSameScansUnderAnotherRepetitionTimeScoreDifferently() throws IOException {
        Path site = data.resolve("site-A");
        Path other = folder.resolve("site-A");
        try (var files = Files.walk(site)) {
            for (Path file : (Iterable<Path>) files::iterator) {
                Files.copy(file, other.resolve(site.relativize(file).toString()));
            }
        }
        Path table = other.resolve("participants.tsv");
        List<String> lines = Files.readAllLines(table);
        int column = List.of(lines.getFirst().split("\t")).indexOf("repetition_time");
        List<String> changed = new ArrayList<>(List.of(lines.getFirst()));
        for (String line : lines.subList(1, lines.size())) {
            String[] cells = line.split("\t", -1);
            cells[column] = "0.4";
            changed.add(String.join("\t", cells));
        }
        Files.write(table, changed);
        List<Double> scores = new ArrayList<>();
        for (Path cohort : List.of(site, other)) {
            Result result = run("evaluate", "--model", trained.toString(), "--cohort", cohort.toString(), "--json");
            assertThat(result.code).as(result.text).isZero();
            scores.add(result.json().get("r2").asDouble());
        }
        assertThat(scores.getFirst()).isNotEqualTo(scores.getLast());
    }

    @Test
    void embeddingsAndAttentionUseItToo() {
        for (List<String> command : List.of(
                List.of("embed", "--out", folder.resolve("e.npy").toString()),
                List.of(
                        "attention",
                        "--layer",
                        "0",
                        "--out",
                        folder.resolve("maps").toString()))) {
            List<String> all = new ArrayList<>(command);
            all.addAll(List.of("--model", trained.toString(), "--cohort", data.toString()));
            Result result = run(all.toArray(String[]::new));
            assertThat(result.code).as(result.text).isZero();
        }
    }

    @Test
    void whoCannotHaveItIsTold() {
        Path out = folder.resolve("out");
        refused(
                trainNew(out, "--repetition-time-embedding", "--preset", "brainlm-13m", "--patch", "20"),
                "the original has no embedding of the repetition time");
        refused(
                trainNew(out, "--repetition-time-embedding", "--preset", "brainlm-111m"),
                "brainlm-111m has no embedding of the repetition time");
        refused(
                run(
                        "train",
                        "--from",
                        trained.toString(),
                        "--repetition-time-embedding",
                        "--cohort",
                        data.toString(),
                        "--out",
                        out.toString()),
                "--repetition-time-embedding is for a new model");
    }

    @Test
    void aStudysModelCanStartWithIt() throws IOException {
        Path study = folder.resolve("study.toml");
        Files.writeString(study, new ExampleStudy().file().text());
        Path model = folder.resolve("first.safetensors");
        Result result =
                run("init", "--study", study.toString(), "--out", model.toString(), "--repetition-time-embedding");
        assertThat(result.code).as(result.text).isZero();
        Result imported = run(
                "import",
                model.toString(),
                "--config",
                folder.resolve("first.config.json").toString(),
                "--out",
                folder.resolve("imported").toString());
        assertThat(imported.code).as(imported.text).isZero();
        assertThat(run("info", folder.resolve("imported").toString(), "--json").text)
                .contains("vit.embeddings.repetition_time_projection.weight");
    }

    private static void refused(Result result, String... words) {
        assertThat(result.code).as(result.text).isEqualTo(3);
        assertThat(result.text).contains(words).contains("remedy: ").doesNotContain("unexpected", "sub-");
    }

    private record Result(int code, String text) {
        JsonNode json() throws IOException {
            return new ObjectMapper().readTree(text);
        }
    }

    private static Result trainNew(Path out, String... options) {
        List<String> arguments = new ArrayList<>(List.of(
                "train",
                "--cohort",
                data.toString(),
                "--coordinates",
                data.resolve("atlas.tsv").toString(),
                "--out",
                out.toString(),
                "--window",
                "40",
                "--steps",
                "20",
                "--batch",
                "4",
                "--threads",
                "1"));
        if (!List.of(options).contains("--patch")) {
            arguments.addAll(List.of("--patch", "10"));
        }
        arguments.addAll(List.of(options));
        return run(arguments.toArray(String[]::new));
    }

    private static Result run(String... arguments) {
        StringWriter text = new StringWriter();
        List<String> all = new ArrayList<>(List.of("site", "model"));
        all.addAll(List.of(arguments));
        int code = Main.commandLine()
                .setOut(new PrintWriter(text, true))
                .setErr(new PrintWriter(text, true))
                .execute(all.toArray(String[]::new));
        return new Result(code, text.toString());
    }
}
