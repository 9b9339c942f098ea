package org.commissure.models.meanfield.golden;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.commissure.models.meanfield.scoring.ScoringListener;

/**
 * Reruns a golden folder with both engines. Its {@code manifest.json} has {@code cases}, by folder, and lists {@code
 * files}; what a case is, its fields say:
 *
 * <ul>
 *   <li>{@code main_steps}, {@code warmup_steps}, {@code dt}, {@code TR_steps}, {@code discard_frames}: candidates with
 *       the noise of {@code noise_f32.npy}, or none where {@code noise} is "zero", {@link SeriesCase}
 *   <li>{@code w}, {@code I}, {@code G}, {@code sigma}, {@code warmup}, {@code main}: the same of one candidate that stands
 *       in the manifest, with the case's own {@code sc.npy}
 *   <li>{@code same_as} "X but noise=0": the same as case X without noise
 *   <li>{@code key}, {@code counter}, {@code results}: Philox noise, and costs against the data, {@link PhiloxCase}
 * </ul>
 *
 * A case may name other files of the folder by {@code sc} and {@code params}, or have its own, and another {@code
 * preset}. Files that are absent or not understood are reported as skipped.
 */
public final class RegionalGoldenReplay {
    private RegionalGoldenReplay() {}

    /**
     * @param listener hears of cases
     * @throws IOException if the folder has no manifest, or a file contradicts it
     */
    public static RegionalGoldenReport run(Path folder, ScoringListener listener) throws IOException {
        GoldenFiles files = GoldenFiles.open(folder);
        JsonNode cases = files.cases();
        int done = 0;
        for (Map.Entry<String, JsonNode> entry : cases.properties()) {
            String name = entry.getKey();
            JsonNode golden = entry.getValue();
            if (golden.has("same_as")) {
                withoutNoise(files, name, golden);
            } else if (golden.has("key")) {
                PhiloxCase.run(files, name, golden);
            } else if (isSeries(golden)) {
                SeriesCase.run(files, name, golden);
            } else {
                files.skip(name + ": a kind of case that is not replayed");
            }
            listener.simulated(++done, cases.size());
        }
        return files.report();
    }

    private static boolean isSeries(JsonNode golden) {
        return golden.has("main_steps") || golden.has("w") && golden.has("sigma");
    }

    private static void withoutNoise(GoldenFiles files, String name, JsonNode golden) throws IOException {
        String other = golden.path("same_as").asText().split(" ", 2)[0];
        for (Map.Entry<String, JsonNode> entry : files.cases().properties()) {
            if (entry.getKey().startsWith(other) && isSeries(entry.getValue())) {
                SeriesCase.withoutNoise(files, name, entry.getKey(), entry.getValue());
                return;
            }
        }
        files.skip(name + ": the manifest has no case " + other);
    }
}
