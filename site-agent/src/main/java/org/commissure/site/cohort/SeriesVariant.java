package org.commissure.site.cohort;

import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What kind of series a file holds, by the entities in its BIDS name; empty where it has none.
 * One cohort is read in one variant: mixing pipelines inside a site would teach a model the pipeline.
 */
public record SeriesVariant(String atlas, String description) {
    private static final Pattern ATLAS = Pattern.compile("_atlas-([A-Za-z0-9]+)");
    private static final Pattern DESCRIPTION = Pattern.compile("_desc-([A-Za-z0-9]+)");

    static SeriesVariant of(Path file) {
        String name = file.getFileName().toString();
        return new SeriesVariant(entity(ATLAS, name), entity(DESCRIPTION, name));
    }

    private static String entity(Pattern pattern, String name) {
        Matcher matcher = pattern.matcher(name);
        return matcher.find() ? matcher.group(1) : "";
    }

    /** Such as {@code atlas-CC200 desc-nofiltnoglobal}. */
    @Override
    public String toString() {
        if (atlas.isEmpty() && description.isEmpty()) {
            return "unnamed series";
        }
        return ((atlas.isEmpty() ? "" : "atlas-" + atlas) + (description.isEmpty() ? "" : " desc-" + description))
                .strip();
    }
}
