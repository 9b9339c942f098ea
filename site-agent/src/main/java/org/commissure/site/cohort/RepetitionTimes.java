package org.commissure.site.cohort;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.regex.Pattern;
import org.commissure.site.cohort.reading.SeriesFormat;
import org.jspecify.annotations.Nullable;

/**
 * The repetition time of a scan in seconds: from {@code participants.tsv}, else from the JSON file
 * beside the series, else from the folder's own {@code *_timeseries.json} (the inheritance principle
 * of BIDS), so that sites with several protocols are read right.
 */
final class RepetitionTimes {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** Longer than any sequence in use; 2000 would be milliseconds. */
    private static final double MAXIMUM_SECONDS = 60;

    private static final Pattern DECIMAL = Pattern.compile("[0-9]{1,6}(\\.[0-9]{1,12})?");

    private final OptionalDouble ofFolder;

    private RepetitionTimes(OptionalDouble ofFolder) {
        this.ofFolder = ofFolder;
    }

    static RepetitionTimes of(Path folder) throws IOException {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "*_timeseries.json")) {
            for (Path file : files) {
                OptionalDouble seconds = inJson(file);
                if (seconds.isPresent()) {
                    return new RepetitionTimes(seconds);
                }
            }
        }
        return new RepetitionTimes(OptionalDouble.empty());
    }

    /**
     * Empty if nobody states a usable one.
     *
     * @param inSeries what the file itself says; counts last, because headers are often filled by converters
     */
    OptionalDouble seconds(Participants.Row row, Path series, OptionalDouble inSeries) {
        Optional<String> stated = row.cell("repetition_time");
        if (stated.isPresent()) {
            return parse(stated.get());
        }
        String name = series.getFileName().toString();
        String stem = SeriesFormat.of(name).map(format -> format.stem(name)).orElse(name);
        OptionalDouble beside = inJson(series.resolveSibling(stem + ".json"));
        return beside.isPresent() ? beside : ofFolder.isPresent() ? ofFolder : plausible(inSeries.orElse(0));
    }

    private static OptionalDouble inJson(Path file) {
        if (!Files.isRegularFile(file)) {
            return OptionalDouble.empty();
        }
        try {
            @Nullable JsonNode value = JSON.readTree(file.toFile()).get("RepetitionTime");
            return value != null && value.isNumber() ? plausible(value.doubleValue()) : OptionalDouble.empty();
        } catch (IOException e) {
            return OptionalDouble.empty(); // a broken sidecar states nothing; the subject is then rejected
        }
    }

    private static OptionalDouble parse(String text) {
        return DECIMAL.matcher(text).matches() ? plausible(Double.parseDouble(text)) : OptionalDouble.empty();
    }

    static OptionalDouble plausible(double seconds) {
        return seconds > 0 && seconds <= MAXIMUM_SECONDS ? OptionalDouble.of(seconds) : OptionalDouble.empty();
    }
}
