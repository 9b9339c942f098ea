package org.commissure.deploy.benchmark;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.commissure.deploy.federation.Launcher;
import org.commissure.deploy.federation.ProcessFederation;
import org.commissure.deploy.federation.StudyTemplate;
import org.commissure.protocol.UserError;
import org.commissure.protocol.study.StudyFile;
import org.commissure.site.compute.ModelShape;

/** A study whose model has about as many parameters as somebody wants. */
public final class SizedStudy {
    private SizedStudy() {}

    /** A study that costs nothing to train; with deadlines for a few sites. */
    public static StudyTemplate template() {
        return StudyTemplate.resource(SizedStudy.class, "study.toml");
    }

    /** Writes a study that trains a network of a few thousand parameters for some steps, with much noise. @return its file */
    public static Path writeTrained(ProcessFederation federation, int rounds) throws IOException {
        return Files.writeString(
                federation.cohorts().resolve("study.toml"),
                template()
                        .with("hidden", "8")
                        .with("clip_norm", "1.0")
                        .with("noise_multiplier", "80.0")
                        .with("sampling_rate", "0.5")
                        .with("local_steps", "8")
                        .with("maximum_attempts", "3")
                        .with("reconnect_grace_seconds", "30")
                        .fill(rounds, federation.cohorts().resolve("atlas.tsv"), federation.launcher())
                        .text());
    }

    /**
     * The count of parameters is linear in the width of the feed-forward layers.
     *
     * @param parameters about so many; the nearest model is taken
     */
    public static StudyFile of(StudyTemplate template, int parameters, int rounds, Path atlas, Launcher launcher) {
        StudyFile narrow = template.with("feed_forward", "1").fill(rounds, atlas, launcher);
        long least = parameters(narrow);
        long more = parameters(widened(narrow, 2));
        long width = 1 + Math.round((parameters - least) / (double) (more - least));
        if (width < 1) {
            throw new UserError("--parameters is " + parameters, "the smallest model here has " + least);
        }
        return widened(narrow, width);
    }

    public static int parameters(StudyFile study) {
        return Math.toIntExact(ModelShape.layout(study.study()).parameterCount());
    }

    private static StudyFile widened(StudyFile narrow, long width) {
        return StudyFile.parse(narrow.text().replace("feed_forward = 1\n", "feed_forward = " + width + "\n"));
    }
}
