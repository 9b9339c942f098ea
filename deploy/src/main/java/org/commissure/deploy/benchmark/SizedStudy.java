package org.commissure.deploy.benchmark;

import java.nio.file.Path;
import org.commissure.deploy.federation.Launcher;
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
