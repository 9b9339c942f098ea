package org.commissure.models.training;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.commissure.models.durable.AtomicFile;

/**
 * A run's figures as JSON lines: {@code {"step", "loss", "gradientNorm", "learningRate"}} for the mean over some steps,
 * and {@code {"step", "values", "meanSquaredError", "r2", "r2ParcelMean", "r2Interpolation"}} for an evaluation. A
 * resumed run goes on where its checkpoint was; what an earlier process wrote after that is dropped. Not thread-safe.
 */
public final class MetricsLog implements TrainingListener {
    /** Enough for any curve, and small enough to open. */
    private static final int LINES = 1_000;

    private static final ObjectMapper JSON = new ObjectMapper();

    private final Path file;
    private final long stepsPerLine;
    private final List<TrainingEvent.Stepped> losses = new ArrayList<>();
    private final List<TrainingEvent.Evaluated> evaluations = new ArrayList<>();
    private boolean begun;
    private long stepsSince;
    private double lossSince;
    private double normSince;

    /** @param file overwritten unless the run is resumed */
    public MetricsLog(Path file, TrainingPlan plan) {
        this.file = file;
        this.stepsPerLine = Math.max(1, plan.steps() / LINES);
    }

    /** Mean losses and gradient norms, in order; the step is the last one of the mean. */
    public List<TrainingEvent.Stepped> losses() {
        return List.copyOf(losses);
    }

    public List<TrainingEvent.Evaluated> evaluations() {
        return List.copyOf(evaluations);
    }

    @Override
    public void on(TrainingEvent event) throws IOException {
        if (!begun) {
            begun = true;
            begin(event);
        }
        if (event instanceof TrainingEvent.Stepped stepped) {
            stepsSince++;
            lossSince += stepped.loss();
            normSince += stepped.gradientNorm();
            if (stepped.step() % stepsPerLine == 0) {
                var mean = new TrainingEvent.Stepped(
                        stepped.step(), lossSince / stepsSince, normSince / stepsSince, stepped.learningRate());
                stepsSince = 0;
                lossSince = 0;
                normSince = 0;
                losses.add(mean);
                append(json(mean));
            }
        } else if (event instanceof TrainingEvent.Evaluated evaluated) {
            evaluations.removeIf(earlier -> earlier.step() == evaluated.step());
            evaluations.add(evaluated);
            append(json(evaluated));
        }
    }

    private void begin(TrainingEvent event) throws IOException {
        if (event instanceof TrainingEvent.Resumed resumed && Files.exists(file)) {
            for (String line : Files.readAllLines(file)) {
                take(line, resumed.step());
            }
        }
        StringBuilder kept = new StringBuilder();
        losses.forEach(mean -> kept.append(json(mean)));
        evaluations.forEach(evaluated -> kept.append(json(evaluated)));
        AtomicFile.write(file, kept.toString());
    }

    private void take(String line, long lastStep) {
        try {
            JsonNode json = JSON.readTree(line);
            long step = json.path("step").asLong(Long.MAX_VALUE);
            if (step > lastStep) {
                return;
            }
            if (json.has("r2")) {
                evaluations.add(new TrainingEvent.Evaluated(
                        step, JSON.treeToValue(json, Line.class).scores()));
            } else {
                losses.add(new TrainingEvent.Stepped(
                        step,
                        json.path("loss").asDouble(),
                        json.path("gradientNorm").asDouble(),
                        json.path("learningRate").asDouble()));
            }
        } catch (JsonProcessingException e) {
            // The line that a killed process was writing; its step is after the checkpoint.
        }
    }

    private record Line(
            long step, long values, double meanSquaredError, double r2, double r2ParcelMean, double r2Interpolation) {
        Scores scores() {
            return new Scores(values, meanSquaredError, r2, r2ParcelMean, r2Interpolation);
        }
    }

    private static String json(TrainingEvent.Stepped mean) {
        ObjectNode json = JSON.createObjectNode();
        json.put("step", mean.step());
        json.put("loss", mean.loss());
        json.put("gradientNorm", mean.gradientNorm());
        json.put("learningRate", mean.learningRate());
        return json + "\n";
    }

    private static String json(TrainingEvent.Evaluated evaluated) {
        Scores s = evaluated.scores();
        return JSON.valueToTree(new Line(
                                evaluated.step(),
                                s.values(),
                                s.meanSquaredError(),
                                s.r2(),
                                s.r2ParcelMean(),
                                s.r2Interpolation()))
                        .toString()
                + "\n";
    }

    private void append(String line) throws IOException {
        Files.writeString(file, line, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }
}
