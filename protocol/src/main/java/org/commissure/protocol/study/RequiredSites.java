package org.commissure.protocol.study;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import java.util.OptionalInt;

/**
 * Sites, named by the study, without which a model should not go on: in most federations the largest. Who is largest
 * cannot be inferred, for weights are inside the secure sum. A site is missing where it is no party, or where its upload
 * is not there when the survivors are fixed; nothing is open then.
 *
 * @param sites names as enrolled
 * @param waitSeconds how long an invitation is held open for them beyond its deadline
 */
public record RequiredSites(List<String> sites, WhenMissing whenMissing, OptionalInt waitSeconds) {
    private static final String KEY = "quorum.required";

    /** What happens where one of them is missing. */
    public enum WhenMissing {
        /** The invitation stays open for a while longer; after that as {@link #REPEAT}. */
        @JsonProperty("wait")
        WAIT,

        /** The attempt is aborted and repeated, up to the study's maximum of attempts. */
        @JsonProperty("repeat")
        REPEAT,

        /** The sum goes on without it, which the log says. */
        @JsonProperty("go-on")
        GO_ON,

        /** The run ends. */
        @JsonProperty("end")
        END
    }

    public RequiredSites {
        Checks.present(KEY + ".sites", sites);
        sites = List.copyOf(sites);
        Checks.range(KEY + ".sites", sites.size(), 1, 255);
        sites.forEach(site -> Checks.text(KEY + ".sites", site));
        Checks.present(KEY + ".when_missing", whenMissing);
        if (waitSeconds.isPresent() != (whenMissing == WhenMissing.WAIT)) {
            throw new StudyException(
                    KEY + ".wait_seconds",
                    waitSeconds.isPresent()
                            ? "is for when_missing = \"wait\""
                            : "is missing; when_missing = \"wait\" needs an end to its waiting");
        }
        Checks.range(KEY + ".wait_seconds", waitSeconds.orElse(1), 1, 7 * 86_400);
    }

    /** Whether the study would rather have no sum than one without them. */
    public boolean indispensable() {
        return whenMissing != WhenMissing.GO_ON;
    }
}
