package org.commissure.coordinator.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.commissure.coordinator.federation.CoordinatorHome;
import org.commissure.coordinator.round.RunJson;
import org.commissure.coordinator.round.RunSummary;

/** Runs the command line inside a test. */
public final class TestCli {
    private TestCli() {}

    public static int run(String... arguments) {
        return Main.run(arguments);
    }

    /** The newest run's status, as the operator's call gives it. */
    public static RunSummary status(CoordinatorHome home) {
        try (OperatorClient client = new OperatorClient(home)) {
            return RunJson.read(client.status("").getJson());
        }
    }

    /** What a command that fails prints on standard error. */
    public static String error(String... arguments) {
        PrintStream before = System.err;
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        System.setErr(new PrintStream(bytes, true, StandardCharsets.UTF_8));
        try {
            assertThat(Main.run(arguments)).isEqualTo(Main.FAILED);
        } finally {
            System.setErr(before);
        }
        return bytes.toString(StandardCharsets.UTF_8);
    }

    /** What a command that succeeds prints. */
    public static String output(String... arguments) {
        PrintStream before = System.out;
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        System.setOut(new PrintStream(bytes, true, StandardCharsets.UTF_8));
        try {
            assertThat(Main.run(arguments)).isZero();
        } finally {
            System.setOut(before);
        }
        return bytes.toString(StandardCharsets.UTF_8);
    }
}
