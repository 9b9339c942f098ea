package org.commissure.deploy.federation;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A hospital's policy with budgets that no test runs into. */
public final class GenerousPolicy {
    private static final String TEXT = """
            [allowed]
            purposes = ["*"]
            tasks = ["train", "evaluate"]
            [privacy]
            epsilon_budget = 1000.0
            maximum_delta = 1e-5
            allow_no_noise = %s
            [secure_aggregation]
            minimum_sites = 3
            minimum_threshold = 3
            minimum_colluders = 1
            [cohort]
            minimum_patients = 10
            [approval]
            required = false
            stewards = 1
            keys = []
            """;

    private GenerousPolicy() {}

    /** Writes {@code policy.toml} and returns the options of {@code site join} that name it. */
    public static List<String> write(Path folder, boolean allowNoNoise) {
        Path file = folder.resolve("policy.toml");
        try {
            Files.writeString(file, TEXT.formatted(allowNoNoise));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + file, e);
        }
        return List.of("--policy", file.toString());
    }
}
